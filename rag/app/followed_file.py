"""A file that is looked at whenever it is asked for, and read again when it is another one (随时跟进的文件)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

_Read = TypeVar("_Read")


class FileState(NamedTuple):
    """What tells a file from one put in its place."""

    device: int
    inode: int
    mtime_ns: int
    size: int

    @classmethod
    def of(cls, found: os.stat_result) -> FileState:
        """Return the state of a file that was looked at."""
        return cls(found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)


class _Held(NamedTuple, Generic[_Read]):
    state: FileState
    value: _Read


class FollowedFile(Generic[_Read]):
    """What a file says at the moment. Safe across threads; who writes puts another file in its place."""

    def __init__(
        self, path: Path, read: Callable[[bytes, int], _Read], *, permit: Callable[[int], None] = lambda _: None
    ) -> None:
        """Follow a file, there or not.

        Args:
            path: The file.
            read: Makes something of its bytes and its mode (``st_mode``). What it raises goes to whoever asked, and it
                is called again for the next who asks.
            permit: Called with the mode every time, and raises if it is not as it must be; a change of the mode alone
                does not make another file.
        """
        self.path = path
        self._read = read
        self._permit = permit
        self._turn = threading.Lock()
        self._held: _Held[_Read] | None = None

    def now(self) -> _Read:
        """Return what was read of the file as it is now.

        Raises:
            OSError: It cannot be read, or it is not there (``FileNotFoundError``); what was read before is forgotten.
        """
        try:
            found = self.path.stat()
            self._permit(found.st_mode)
            state = FileState.of(found)
            with self._turn:
                if self._held is None or self._held.state != state:
                    self._held = _Held(state, self._read(self.path.read_bytes(), found.st_mode))
                return self._held.value
        except OSError:
            with self._turn:
                self._held = None
            raise
