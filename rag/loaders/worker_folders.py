"""Folders of workers (临时文件夹): each worker has one for what it unpacks and converts, and none outlives its owner for long.

The process that owns a folder holds a lock in it as long as it lives, however it ends. Folders whose lock is free were
left by a process that was killed, and the next one to read files removes them. A lock and no process number: numbers are
given again, and in another container they are others.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "rag-worker-"

_OWNER = ".owner"
# Between making a folder and locking it nobody may take it for left behind.
_OLD_SECONDS = 60.0
# What is more is for the next time: nobody waits long for it.
_MOST_CLEARED = 200


class WorkerFolder:
    """A folder of one worker, locked by this process until it is removed."""

    def __init__(self) -> None:
        """Make it where the system keeps temporary files.

        Raises:
            OSError: It cannot be made there.
        """
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self._lock = FileLock(Path(self.name) / _OWNER, thread_local=False)
        # On a file system without locks nobody else can take it either, and it is never taken for left behind.
        with contextlib.suppress(OSError, NotImplementedError):
            self._lock.acquire(timeout=0)

    @property
    def name(self) -> str:
        """Its path."""
        return self._folder.name

    def remove(self) -> None:
        """Remove it with all in it.

        Raises:
            OSError: It lies out of reach.
        """
        self._lock.release()
        self._folder.cleanup()


def clear_away() -> int:
    """Remove the folders that dead processes of this user left behind; return how many."""
    cleared = 0
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        if cleared == _MOST_CLEARED:
            break
        with contextlib.suppress(OSError, NotImplementedError, Timeout):
            if _may_be_left_behind(folder):
                with FileLock(folder / _OWNER, timeout=0):
                    pass  # nobody holds it
                shutil.rmtree(folder, ignore_errors=True)
                cleared += not folder.exists()
    return cleared


def _may_be_left_behind(folder: Path) -> bool:
    state = folder.lstat()
    is_ours = not hasattr(os, "getuid") or state.st_uid == os.getuid()
    is_old = time.time() - state.st_mtime > _OLD_SECONDS
    return stat.S_ISDIR(state.st_mode) and is_ours and is_old and (folder / _OWNER).is_file()
