"""The writer's lock: one process at a time changes an index folder, and the others can say which."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import IndexLocked

LOCK_FILE = "LOCK"
OWNER_FILE = "LOCK.owner"


@contextmanager
def writer_lock(index_dir: Path, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the index folder for writing. The same thread may take it again inside.

    Args:
        index_dir: Made when missing.
        wait_seconds: How long to wait for another writer.

    Raises:
        IndexLocked: Another writer holds it; the message tells its process number and since when.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(index_dir.resolve() / LOCK_FILE, is_singleton=True)
    if lock.is_locked:  # by this thread
        yield
        return
    owner_file = index_dir / OWNER_FILE
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise IndexLocked(f"the index is being written to by {_owner(owner_file)}", remedy="try again later") from error
    try:
        # Beside the lock, not in it: whoever tries for the lock may empty its file.
        owner = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        owner_file.write_text(json.dumps(owner), encoding="utf-8")
        yield
    finally:
        owner_file.unlink(missing_ok=True)
        lock.release()


def _owner(owner_file: Path) -> str:
    try:
        owner = json.loads(owner_file.read_text(encoding="utf-8"))
        return f"process {owner['pid']} since {owner['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"  # it has the lock but has not written its name yet
