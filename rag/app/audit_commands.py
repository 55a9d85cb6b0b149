"""``rag audit``: check, read and hand over the audit log (审计日志)."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.app.audit.log import AUDIT_FOLDER, AuditLog
from rag.app.exits import FAILED
from rag.app.options import IndexOption, JsonOption, print_json, settings_of
from rag.errors import ConfigurationError

audit_app = typer.Typer(help="The audit log: who asked what, and what was shown. 审计日志。", no_args_is_help=True)

_DAY = ["%Y-%m-%d"]
SinceOption = Annotated[datetime | None, typer.Option("--since", formats=_DAY, help="First day (UTC).")]
UntilOption = Annotated[datetime | None, typer.Option("--until", formats=_DAY, help="Last day (UTC).")]


@audit_app.command()
def verify(
    head: Annotated[
        str | None, typer.Option("--head", help="Hash of a last entry noted before; it must still be there.")
    ] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that no entry was changed, inserted or taken out; exit 1 with what is wrong."""
    verdict = _log(index).verify(head)
    if as_json:
        print_json(
            {
                "ok": not verdict.problems,
                "entries": verdict.entries,
                "first_day": verdict.first_day,
                "head": verdict.head,
                "problems": list(verdict.problems),
            }
        )
    else:
        typer.echo("\n".join(verdict.problems or ["完好 (all is well)"]))
        typer.echo(f"{verdict.entries} 条记录 (entries)，末条散列值 (head) {verdict.head}")
    if verdict.problems:
        raise typer.Exit(FAILED)


@audit_app.command()
def show(
    since: SinceOption = None,
    until: UntilOption = None,
    who: Annotated[str | None, typer.Option("--who", help="Name of a key, or operator.")] = None,
    document: Annotated[str | None, typer.Option("--document", help="Id of a document that was shown.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Most entries, the latest.")] = 100,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the latest entries."""
    found = [
        entry
        for entry in _log(index).entries(since=_date(since), until=_date(until))
        if (who is None or entry.get("who") == who) and (document is None or document in entry.get("shown", ()))
    ][-limit:]
    if as_json:
        print_json({"entries": found})
    else:
        typer.echo("\n".join(map(_line, found)) or "没有记录 (no entries)")


@audit_app.command()
def export(
    since: SinceOption = None,
    until: UntilOption = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else stdout.")] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write entries as JSON lines, oldest first; with --json as one list."""
    entries = list(_log(index).entries(since=_date(since), until=_date(until)))
    lines = [json.dumps(entry, ensure_ascii=False) for entry in entries]
    text = json.dumps(entries, ensure_ascii=False, indent=2) if as_json else "\n".join(lines)
    try:
        with nullcontext(sys.stdout) if output is None else output.open("w", encoding="utf-8") as file:
            file.write(text + "\n" if text else "")
    except OSError as error:
        raise ConfigurationError(f"{output} cannot be written to: {error.strerror}") from error


def _log(index: Path | None) -> AuditLog:
    return AuditLog(settings_of(index).state_folder / AUDIT_FOLDER)


def _date(day: datetime | None) -> Any:
    return day.date() if day else None


def _line(entry: dict[str, Any]) -> str:
    parts = [
        entry.get("at", ""),
        entry.get("who") or "（无密钥 no key）",
        entry.get("from", ""),
        entry.get("did", ""),
        entry.get("route", ""),
        str(entry.get("status", "")),
        json.dumps(entry["asked"], ensure_ascii=False) if entry.get("asked") else "",
        f"shown {len(entry['shown'])}" if entry.get("shown") else "",
        f"changed {entry['changed']}" if entry.get("changed") else "",
    ]
    return "  ".join(part for part in parts if part)
