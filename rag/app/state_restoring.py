"""What of a backup's state comes back (恢复状态): nothing that would open more, or tell less, than the state that is there.

- Audit log: the one that is there goes on; it is never rolled back. The backup's is put in its place only where there is
  none. Where it tells what the present one does not, as after the log was lost and begun anew, it is kept beside.
- Keys: those that are there stay as they are, so that what was revoked since stays revoked. A key that the present file
  does not know comes back revoked; without a present file, all come back as they were.
- The secret of the sessions is in no backup: on a new machine all sign in again.
- Of other files, those that are not there come back.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rag.app.audit.log import AUDIT_FOLDER, AuditLog
from rag.app.keys import KEY_FILE, Key, KeyRing
from rag.app.sessions import SECRET_FILE
from rag.durability import make_durable, make_folder_durable

NOT_KEPT = (SECRET_FILE, "*.lock")
"""Files of the state folder that are in no backup, as patterns of names."""


class Restored(NamedTuple):
    """What became of the state.

    Attributes:
        revoked: Names of the keys that came back revoked.
        log: Where the backup's audit log is kept beside the present one, ``None`` where nothing in it would be missing.
    """

    revoked: Sequence[str]
    log: Path | None


def copy_state(state: Path, target: Path) -> None:
    """Copy a state folder into a backup, the log with no entry cut in half."""
    ignored = shutil.ignore_patterns(*NOT_KEPT, AUDIT_FOLDER)
    shutil.copytree(state, target, ignore=lambda at, names: ignored(at, names) if Path(at) == state else set())
    AuditLog(state / AUDIT_FOLDER).copy_to(target / AUDIT_FOLDER)


def keys_of(kept: Path) -> Sequence[Key]:
    """Return the keys of a backup's state.

    Raises:
        ConfigurationError: The file is none of this version.
    """
    return KeyRing(kept).all()


def restore_state(kept: Path, state: Path, stamp: str) -> Restored:
    """Bring back what may come back of a backup's state.

    Args:
        kept: The state in the backup.
        state: The state folder; made where there is none.
        stamp: Of the moment, for the name of what is kept beside.

    Raises:
        ConfigurationError: A key file, here or in the backup, cannot be read.
        OSError: Something cannot be written.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    revoked = KeyRing(state).take_back(keys_of(kept))
    log = _restore_log(kept / AUDIT_FOLDER, state, stamp)
    for path in sorted(kept.rglob("*")):
        name = path.relative_to(kept)
        target = state / name
        is_dealt_with = name.parts[0] in {AUDIT_FOLDER, KEY_FILE, SECRET_FILE}
        if path.is_file() and not is_dealt_with and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copy2(path, target)
            make_durable(target)
            make_folder_durable(target.parent)
    return Restored(revoked, log)


def _restore_log(kept: Path, state: Path, stamp: str) -> Path | None:
    old, present = AuditLog(kept), AuditLog(state / AUDIT_FOLDER)
    head = old.verify()
    if not head.entries or present.holds(head.head):
        return None
    if not present.verify().entries:
        old.copy_to(state / AUDIT_FOLDER)
        make_durable(state / AUDIT_FOLDER)
        return None
    beside = state / f"from-backup-{stamp}" / AUDIT_FOLDER
    old.copy_to(beside)
    make_durable(beside.parent)
    return beside
