"""The seal (封记) of the catalog: the hash of its file as the last run left it, in a file beside it.

SQLite has no checksums of its own, so a changed byte of a text would pass for the text. The seal covers every byte of
the file. It is broken before a run writes and set anew when the run is done and the write-ahead log is written back;
where there is none, a run was cut off or is going on, and the contents alone can be checked.

Not covered: ``-wal``, empty while the seal stands; in a run that was cut off SQLite itself checks each of its frames,
and what it held is read from the files again. ``-shm``, which whoever opens the catalog first makes anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from rag.durability import make_folder_durable, write_durably

SEAL_SUFFIX = ".sha256"


def seal_of(path: Path) -> Path:
    """Return where the seal of a catalog is."""
    return path.with_name(f"{path.name}{SEAL_SUFFIX}")


def is_sealed(path: Path) -> bool:
    """Tell whether a catalog has a seal."""
    return seal_of(path).is_file()


def set_seal(path: Path) -> None:
    """Seal a catalog, whose log must be written back. In the form of ``sha256sum``, which can check it too."""
    write_durably(seal_of(path), _line(path))


def break_seal(path: Path) -> None:
    """Take the seal away, for good before this returns."""
    seal_of(path).unlink(missing_ok=True)
    make_folder_durable(path.parent)


def seal_problem(path: Path) -> str | None:
    """Return what is wrong with a sealed catalog, ``None`` when its bytes are as they were sealed or it has no seal."""
    while (stated := _stated(path)) is not None:
        log = path.with_name(f"{path.name}-wal")
        if stated == _line(path) and not (log.is_file() and log.stat().st_size):
            return None
        if _stated(path) == stated:  # a run that began meanwhile has broken it
            return f"{path.name} is not as it was written"
    return None


def _stated(path: Path) -> bytes | None:
    try:
        return seal_of(path).read_bytes()
    except FileNotFoundError:
        return None


def _line(path: Path) -> bytes:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{digest}  {path.name}\n".encode()
