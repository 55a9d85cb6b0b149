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

import os
from pathlib import Path


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
