"""Files made durable (落盘): what is written is on the disk before anything that relies on it.

The order, which tests hold (``tests/indexes/test_synchronisation.py``, ``tests/store/test_seal.py``):

1. The seal of the catalog is removed, and its folder synced, before the first transaction of a run.
2. Each transaction is synced by SQLite (write-ahead log, ``synchronous=FULL``) before a document counts as stored.
3. Every file and folder of a generation is synced; then ``CURRENT.new``; it is renamed to ``CURRENT``; the folder is
   synced. Only then is the generation before removed, and only then does ``rag ingest`` report.
4. The log is written back into the catalog, which SQLite syncs, and the seal of its bytes is written as in 3.

A power cut between any two leaves the state before or the state after, never a mixture of both.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexDamaged, StorageFailed

_REFUSED = {
    errno.ENOSPC: "磁盘已满 (the disk is full)",
    errno.EDQUOT: "磁盘配额已用完 (the disk quota is used up)",
    errno.EFBIG: "文件大小超过限制 (a file would be larger than is allowed)",
    errno.EROFS: "磁盘只读 (the disk is read-only)",
    errno.EIO: "磁盘读写出错 (the disk fails)",
}
# How tantivy and faiss tell what the system said.
# tantivy, of a thread of its own; numpy, of an array.
_REASON_NOT_TOLD = re.compile(r"io::Error most likely|^\d+ requested and \d+ written")
_NUMBER_TOLD = re.compile(r"os error (\d+)")


def refusal_of(error: BaseException) -> str | None:
    """Return how the disk refused what was asked of it, ``None`` when the error is of another kind."""
    said = str(error)
    if _REASON_NOT_TOLD.search(said):
        return "磁盘已满或读写出错 (the disk is full or fails)"
    if isinstance(error, OSError):
        return _REFUSED.get(error.errno or 0)
    number = _NUMBER_TOLD.search(said)
    if number is not None:
        return _REFUSED.get(int(number[1]))
    return next((reason for code, reason in _REFUSED.items() if os.strerror(code) in said), None)


@contextmanager
def refusals_told(place: Path) -> Iterator[None]:
    """Tell what the disk refuses while one writes to ``place`` in the program's own words.

    Raises:
        StorageFailed: It is full, read-only or fails.
    """
    try:
        yield
    except (OSError, ValueError, RuntimeError, IndexDamaged) as error:
        # What cannot be read because the disk refuses is not damaged.
        reason = refusal_of(error) or (refusal_of(error.__cause__) if error.__cause__ else None)
        if reason is None:
            raise
        remedy = "make room, or see to the disk, then run it again: what was stored is kept"
        raise StorageFailed(f"{place}: {reason}", remedy=remedy) from error


def make_durable(path: Path) -> None:
    """Wait until a file, or a folder with all in it, is on the disk."""
    if path.is_dir():
        for inner in path.iterdir():
            make_durable(inner)
        make_folder_durable(path)
    else:
        with path.open("rb+") as file:  # Windows flushes what may be written to only
            os.fsync(file.fileno())


def make_folder_durable(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows has no such call and needs none."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Put a file in place of what was there, whole or not at all, and on the disk when this returns."""
    part = path.with_name(f"{path.name}.new")
    part.write_bytes(content)
    make_durable(part)
    part.replace(path)
    make_folder_durable(path.parent)
