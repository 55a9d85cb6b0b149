"""``rag backup`` and ``rag restore`` (备份与恢复)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.app.audit.operator import trace
from rag.app.backup import back_up, restore
from rag.app.options import IndexOption, JsonOption, print_json, settings_of


def backup_command(
    folder: Annotated[Path, typer.Argument(help="Folder to write into; empty, or not there.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy index, corpus, keys and audit log, with a hash of every file. Servers go on."""
    settings = settings_of(index)
    kept = back_up(settings, folder)
    trace(settings, "backup", {"folder": str(folder)})
    if as_json:
        print_json({"folder": str(folder), "files": kept.files, "bytes": kept.bytes})
    else:
        typer.echo(f"已备份 {kept.files} 个文件，{kept.bytes:,} 字节 (backed up) → {folder}")


def restore_command(
    folder: Annotated[Path, typer.Argument(help="A backup that `rag backup` wrote.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in place, once all its hashes are right. What was there is set aside, not deleted.

    Keys and audit log are not rolled back: what was revoked since stays revoked, and the log goes on.
    """
    settings = settings_of(index)
    aside, state, sha256 = restore(settings, folder)
    trace(settings, "restore", {"folder": str(folder), "sha256": sha256, "revoked": list(state.revoked)})
    if as_json:
        told = {
            "folder": str(folder),
            "sha256": sha256,
            "set_aside": [str(path) for path in aside],
            "revoked": list(state.revoked),
            "log": None if state.log is None else str(state.log),
        }
        print_json(told)
        return
    typer.echo(f"已恢复 (restored) ← {folder}")
    for path in aside:
        typer.echo(f"原有内容移至 (what was there is now in) {path}")
    for name in state.revoked:
        typer.echo(
            f"密钥不在现有密钥文件中，恢复后为已吊销 (came back revoked, for the key file does not know it): {name}"
        )
    if state.log is not None:
        typer.echo(
            f"现有审计日志不变，备份中的另存于 (the audit log goes on; that of the backup is kept in) {state.log}"
        )
