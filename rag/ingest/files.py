"""Files of a corpus (语料文件): which there are, what they are called, and their bytes."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UnreadableSource

MOST_BYTES = 200 * 1024 * 1024
"""A larger file is refused rather than read into memory."""

SETTLED_NS = 2_000_000_000
"""A file changed less than this ago may change again within the same tick of its clock (2 s on FAT)."""

_IGNORED_NAMES = frozenset({"readme.md", "readme.txt", "thumbs.db", "desktop.ini"})
_IGNORED_SUFFIXES = (".meta.toml", "~", ".tmp", ".part")


@dataclass(frozen=True, slots=True)
class File:
    """A file found; ``path`` is ``root / source``."""

    path: Path
    root: Path
    source: str

    def lengthened(self) -> File:
        """Return the same file with one folder more of its path in its source."""
        return File(self.path, self.root.parent, f"{self.root.name}/{self.source}")


@dataclass(frozen=True, slots=True)
class Contents:
    """A file as it was when it was read."""

    data: bytes
    state: State


@dataclass(frozen=True, slots=True)
class State:
    """What tells, without reading it, that a file is as it was.

    Attributes:
        size: Bytes.
        changed_ns: Time of last change of its words or its name, nanoseconds since 1970; 0 when it was so short a
            time ago that another change might bear the same time.
    """

    size: int
    changed_ns: int

    @classmethod
    def of(cls, state: os.stat_result) -> State:
        """Read it from what the system says of a file."""
        # A file put in the place of another may bear an old mtime, but its ctime is of now.
        changed_ns = max(state.st_mtime_ns, state.st_ctime_ns)
        is_settled = time.time_ns() - changed_ns > SETTLED_NS
        return cls(state.st_size, changed_ns if is_settled else 0)

    @property
    def is_telling(self) -> bool:
        """Whether a file of the same state is the same."""
        return self.changed_ns > 0


def is_document_name(name: str) -> bool:
    """Tell whether a file of this name is meant as a document: no hidden, temporary, README or sidecar file."""
    lowered = name.lower()
    return not (lowered.startswith((".", "~$")) or lowered in _IGNORED_NAMES or lowered.endswith(_IGNORED_SUFFIXES))


def files_below(root: Path, on_failure: Callable[[str, str], None]) -> Iterator[File]:
    """Find the documents below a folder, in the order of their names, but for what lies behind links to folders.

    Args:
        root: Absolute.
        on_failure: Told the name of a folder that cannot be read, and why.
    """

    def fail(error: OSError) -> None:
        folder = Path(error.filename)
        name = folder.relative_to(root).as_posix() if folder != root else str(root)
        on_failure(name, f"文件夹无法读取 (the folder cannot be read): {error.strerror}")

    for folder, folders, names in os.walk(root, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if is_document_name(name):
                path = Path(folder, name)
                yield File(path, root, path.relative_to(root).as_posix())


def read(file: File) -> Contents:
    """Read a file whole.

    Raises:
        UnreadableSource: It is no regular file, is too large, or cannot be opened.
    """
    try:
        # A pipe or device would block, or never end.
        if not stat.S_ISREG(file.path.stat().st_mode):
            raise UnreadableSource(file.source, "不是普通文件 (not a regular file)")
        with file.path.open("rb") as opened:
            state = os.fstat(opened.fileno())
            if state.st_size > MOST_BYTES:
                raise UnreadableSource(file.source, f"超过 {MOST_BYTES // 2**20} MB (the file is too large)")
            return Contents(opened.read(), State.of(state))
    except OSError as error:
        raise UnreadableSource(file.source, f"无法打开 (cannot be opened): {error.strerror}") from error


def state_of(file: File) -> State:
    """Look at a file without reading it.

    Raises:
        UnreadableSource: It cannot be looked at.
    """
    try:
        return State.of(file.path.stat())
    except OSError as error:
        raise UnreadableSource(file.source, f"无法打开 (cannot be opened): {error.strerror}") from error


def is_at_or_below(path: Path, place: Path) -> bool:
    """Tell whether a path is this place or lies within it."""
    return path == place or place in path.parents


def is_gone(path: Path) -> bool:
    """Tell whether a file is known not to be there; one that cannot be looked at may be there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def is_utf8(name: str) -> bool:
    """Tell whether a name can be written as UTF-8; on Linux a file's name may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
