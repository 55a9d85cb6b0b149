"""The log's files (日志文件): JSON lines, one file a day (UTC), each line bound to the one before by its hash.

A line ends in ``"hash"``, the SHA-256 of all that stands before it, and holds in ``prev`` the hash of the line before;
``n`` counts from 1. Whoever changes, inserts or takes out a line has to write every later one anew. That the end was
not cut off only somebody can tell who noted the last hash elsewhere: see ``verify``.

Several processes may append: each takes the lock of the folder for as long as it writes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock

from rag.durability import make_folder_durable

AUDIT_FOLDER = "audit"
"""Its name in the folder of state."""

PRUNED = "pruned"
"""What an entry ``did`` that tells which days were removed."""

START = "0" * 64
"""``prev`` of the first line."""

_NAME = re.compile(r"\d{4}-\d{2}-\d{2}\.jsonl")
_LOCK = ".lock"
_BEFORE_HASH = b',"hash":"'
_LONGEST_LINE = 1 << 20

Entry = Mapping[str, object]


class _End(NamedTuple):
    """Where the log ends."""

    path: Path
    size: int
    n: int
    hash: str
    is_torn: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the log found.

    Attributes:
        entries: How many there are.
        first_day: The oldest day that is kept, ``None`` for an empty log.
        head: Hash of the last entry; note it elsewhere, and a later check tells whether it is still there.
        problems: What is wrong, empty when all is as it was written.
    """

    entries: int
    first_day: str | None
    head: str
    problems: Sequence[str]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AuditLog:
    """The log of one folder. One thread a process writes; see ``Recorder``."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = _utc_now) -> None:
        """Open the log of a folder, which is made with the first entry."""
        self._folder = folder
        self._now = now
        self._end: _End | None = None

    def append(self, entries: Iterable[Entry], *, durable: bool) -> None:
        """Write entries at the end, each with its number, and all or none of them.

        Args:
            entries: What to write; ``n``, ``prev`` and ``hash`` are added.
            durable: Return only when they are on the disk.

        Raises:
            OSError: They cannot be written; nothing is.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self._folder / _LOCK):
            self._append(entries, durable=durable)

    def sync(self) -> None:
        """Wait until all that this process wrote is on the disk.

        Raises:
            OSError: It cannot be written there.
        """
        if self._end is not None and self._end.path.exists():
            handle = os.open(self._end.path, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def prune(self, days: int) -> list[str]:
        """Remove the days that are older, never the last one, and return their names.

        An entry is written first that tells which, and with which hash they ended: the rest can still be verified.

        Raises:
            OSError: A file cannot be read, written or removed.
        """
        oldest_kept = (self._now().date() - timedelta(days=days)).isoformat()
        if not self._folder.is_dir():
            return []
        with FileLock(self._folder / _LOCK):
            files = self._files()
            old = [path for path in files[:-1] if path.stem < oldest_kept]
            if not old:
                return []
            end = _end_of(old[-1])
            days_removed = [path.stem for path in old]
            told = {
                "at": _moment(self._now()),
                "who": "retention",
                "did": PRUNED,
                "days": days_removed,
                "through_n": end.n,
                "through_hash": end.hash,
            }
            self._append([told], durable=True)
            for path in old:
                path.unlink()
            make_folder_durable(self._folder)
            return days_removed

    def entries(self, *, since: date | None = None, until: date | None = None) -> Iterator[dict[str, Any]]:
        """Yield the entries of these days (UTC, both included), oldest first; a line that is none is passed over."""
        for path in self._files():
            if (since and path.stem < since.isoformat()) or (until and path.stem > until.isoformat()):
                continue
            for line in path.read_bytes().split(b"\n"):
                value = _parsed(line)
                if value is not None:
                    yield value

    def verify(self, head: str | None = None) -> Verdict:
        """Check every line, and that none is missing between the first and the last.

        Args:
            head: A hash that was noted before; it must still be there.
        """
        chain = _Chain()
        files = self._files()
        for path in files:
            *lines, rest = path.read_bytes().split(b"\n")
            for number, line in enumerate(lines, 1):
                chain.read(f"{path.name} line {number}", line)
            if rest:
                chain.read(f"{path.name}, its last line,", rest + b" ")
        return Verdict(chain.counted, files[0].stem if files else None, chain.end[1], chain.problems(head))

    def holds(self, head: str) -> bool:
        """Tell whether an entry of this hash is there, unchanged."""
        return any(_hash_of(line) == head for path in self._files() for line in path.read_bytes().split(b"\n"))

    def copy_to(self, folder: Path) -> None:
        """Copy the files to another folder while no process writes to them; nothing where there are none.

        Raises:
            OSError: They cannot be read, or not be written there.
        """
        if not self._files():
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self._folder / _LOCK):
            for path in self._files():
                shutil.copy2(path, folder / path.name)

    def _files(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted(path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def _append(self, entries: Iterable[Entry], *, durable: bool) -> None:
        end = self._found_end()
        # After the clock was set back the last day goes on, so that the files stay in order.
        path = self._folder / f"{max(self._now().date().isoformat(), end.path.stem)}.jsonl"
        is_new = not path.exists()
        if is_new:
            self.sync()  # what another day still has in memory
        size = end.size if path == end.path else 0
        n, last = end.n, end.hash
        lines = [b"\n"] if end.is_torn and path == end.path else []
        for entry in entries:
            n += 1
            value: dict[str, object] = {"n": n, **entry, "prev": last}
            if end.is_torn and n == end.n + 1:
                value["torn"] = True
            told = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
            last = sha256(told).hexdigest()
            lines.append(told + _BEFORE_HASH + last.encode() + b'"}\n')
        data = b"".join(lines)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            try:
                written = 0
                while written < len(data):
                    written += os.write(handle, data[written:])
                if durable:
                    os.fsync(handle)
            except OSError:
                os.ftruncate(handle, size)  # not half of them
                raise
        finally:
            os.close(handle)
        if is_new:
            make_folder_durable(self._folder)
        self._end = _End(path, size + len(data), n, last)

    def _found_end(self) -> _End:
        """Return where the log ends, reading only what another process may have written."""
        files = self._files()
        if not files:
            return _End(self._folder / "0000-00-00.jsonl", 0, 0, START)
        last = files[-1]
        if self._end is not None and self._end.path == last and last.stat().st_size == self._end.size:
            return self._end
        found = _end_of(last)
        while not found.n and len(files) > 1:  # a file in which a crash left nothing whole
            files.pop()
            before = _end_of(files[-1])
            found = _End(last, last.stat().st_size, before.n, before.hash, is_torn=found.is_torn)
        return found


class _Chain:
    """The entries as they are read, one after the other."""

    def __init__(self) -> None:
        self.counted = 0
        self.end = (0, START)
        self._first: tuple[int, str] | None = None
        self._seen: set[tuple[int, str]] = set()
        self._markers: list[tuple[int, str]] = []
        self._problems: list[str] = []
        self._fault: str | None = None

    def read(self, where: str, line: bytes) -> None:
        """Take the next line. One that is none is excused by the next, if that tells of a crash."""
        value = _parsed(line)
        if value is None or _hash_of(line) != value["hash"]:
            self._blame(self._fault)
            self._fault = f"{where} is not as it was written"
            return
        self._blame(None if value.get("torn") is True else self._fault)
        self._fault = None
        before = (value["n"] - 1, value["prev"])
        if self._first is None:
            self._first = before
        elif before != self.end:
            self._blame(f"{where} does not follow the line before: entries are missing or were changed")
        self.end = (value["n"], value["hash"])
        self._seen.add(self.end)
        self.counted += 1
        if value.get("did") == PRUNED:
            self._markers.append((value["through_n"], value["through_hash"]))

    def problems(self, head: str | None) -> tuple[str, ...]:
        """Return what is wrong, after the last line."""
        found = [*self._problems, *([self._fault] if self._fault else [])]
        # A crash while old days were removed leaves some of them: then the end of these is still there.
        is_told = self._first in self._markers or any(marker in self._seen for marker in self._markers)
        if self._first not in (None, (0, START)) and not is_told:
            found.append("the beginning is missing: no entry tells that it was removed")
        if head is not None and head not in {noted for _, noted in self._seen}:
            found.append("the entry that was noted is not there: the end was cut off, or the log is another one")
        return tuple(found)

    def _blame(self, fault: str | None) -> None:
        if fault is not None:
            self._problems.append(fault)


def _end_of(path: Path) -> _End:
    """Return the last whole entry of a file, number 0 when there is none."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_LINE))
        lines = file.read().split(b"\n")
    is_torn = bool(lines[-1])
    for line in reversed(lines if is_torn else lines[:-1]):
        value = _parsed(line)
        if value is not None:
            return _End(path, size, value["n"], value["hash"], is_torn)
        is_torn = True
    return _End(path, size, 0, START, is_torn)


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("n"), int):
        return None
    return value if isinstance(value.get("hash"), str) and isinstance(value.get("prev"), str) else None


def _hash_of(line: bytes) -> str:
    told, found, rest = line.rpartition(_BEFORE_HASH)
    digest = sha256(told).hexdigest()
    return digest if found and rest == f'{digest}"}}'.encode() else ""


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
