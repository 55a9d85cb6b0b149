"""Runs of an ingest in forked processes, for crash.py: killed, or over a disk that fails.

They are killed at named points and at any call that writes, or between the halves of a write; or the disk is full from
some call on, or fails once. The processes share what was imported and read before, so that a thousand take minutes.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import hashlib
import importlib
import json
import os
import random
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.errors import StorageFailed
from rag.indexes.generation import current_folder, read_keys
from rag.ingest.taking import Taken, take
from rag.settings import Settings

SOURCE = Path(__file__).with_name("faulty_disk.c")
ACKNOWLEDGED, REFUSED = 0, 3

COUNT, FULL, ONCE, KILL, TEAR = range(5)

POINTS = {
    "breaking the seal": ("rag.store.database", "break_seal"),
    "a transaction": ("rag.store.database", "Database._outermost"),
    "storing what waits": ("rag.ingest.storing", "Storing.store"),
    "replacing a document": ("rag.store.repository", "Catalog.replace"),
    "removing a source": ("rag.store.repository", "Catalog.remove_source"),
    "looking for twins": ("rag.store.repository", "join"),
    "signing": ("rag.ingest.sync", "_sign"),
    "noting failures": ("rag.store.repository", "Catalog.record_failures"),
    "the index": ("rag.ingest.sync", "synchronise"),
    "clearing old generations": ("rag.indexes.synchronisation", "_clear"),
    "building": ("rag.indexes.synchronisation", "build"),
    "taking over files": ("rag.indexes.building", "_take_over"),
    "a lexical index": ("rag.indexes.lexical", "LexicalIndex.update"),
    "the index of whole documents": ("rag.indexes.building", "_build_documents"),
    "writing vectors": ("rag.indexes.vector", "VectorIndex.save"),
    "writing keys": ("numpy", "save"),
    "writing ranks": ("rag.indexes.authority", "Authorities.save"),
    "hashing": ("rag.indexes.building", "measured"),
    "writing the manifest": ("rag.indexes.manifest", "Manifest.write"),
    "publishing": ("rag.indexes.synchronisation", "_publish"),
    "syncing files": ("rag.indexes.synchronisation", "make_durable"),
    "renaming": ("pathlib", "Path.replace"),
    "syncing the folder": ("rag.indexes.synchronisation", "make_folder_durable"),
    "opening what was published": ("rag.indexes.generation", "Generation._open_folder"),
    "sealing": ("rag.store.database", "Database.seal"),
    "writing the seal": ("rag.store.database", "set_seal"),
}
"""Where a run can be killed, before and after: what is done there, and the function that does it."""


class Fault(NamedTuple):
    """What is to happen to a run.

    Attributes:
        kind: For the table.
        action: Of faulty_disk.c, at the ``nth`` call; or ``None``, and ``point`` is where to kill.
        point: Name in ``POINTS``.
        after: Behind the point, not before it.
        nth: The how manieth call or time.
        number: Of the error.
    """

    kind: str
    action: int | None = None
    point: str = ""
    after: bool = False
    nth: int = 1
    number: int = 0


class State(NamedTuple):
    """How an index stands: what is wrong, ids by source, the keys published and those of the catalog."""

    problems: list[str]
    held: dict[str, str]
    published: str
    catalog: str
    is_behind: bool


def compiled(folder: Path) -> Path:
    """Compile the failing disk."""
    library = folder / "faulty_disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def chosen(chance: random.Random, calls: int) -> Fault:
    """Choose a fault for a run that makes so many calls."""
    nth = chance.randint(1, calls)
    dice = chance.random()
    if dice < 0.35:
        point = chance.choice(list(POINTS))
        return Fault("killed at a named point", None, point, chance.random() < 0.5, chance.choice((1, 1, 1, 1, 2)))
    if dice < 0.75:
        return Fault("killed at a call that writes", KILL, nth=nth)
    if dice < 0.9:
        return Fault("killed in the middle of a write", TEAR, nth=nth)
    if dice < 0.95:
        return Fault("disk full from some call on", FULL, nth=nth, number=errno.ENOSPC)
    return Fault("one call failed (EIO)", ONCE, nth=nth, number=errno.EIO)


class Runs:
    """Runs over one corpus and index. Nothing but reading of documents is done in this process itself, so that it can fork."""

    def __init__(self, corpus: Path, index: Path, library: Path) -> None:
        self.settings = Settings(index_dir=index, corpus_dir=corpus)
        self._disk = ctypes.CDLL(str(library))
        self._disk.faulty_calls.restype = ctypes.c_long
        self._taken: dict[str, Taken] = {}

    def read(self) -> None:
        """Read the documents that are new."""
        taken = {}
        for path in self.settings.corpus_dir.glob("*.txt"):
            data = path.read_bytes()
            sha256 = hashlib.sha256(data).hexdigest()
            taken[sha256] = self._taken.get(sha256) or take(data, path.name, sha256)
        self._taken = taken

    def calls(self) -> int:
        """Run to the end; return how many calls that write it makes."""
        code, said = _in_child(lambda: self._run(Fault("", COUNT)))
        if code != ACKNOWLEDGED:
            raise RuntimeError(f"a run ended with {code}: {said}")
        return int(json.loads(said)["calls"])

    def run(self, fault: Fault) -> int:
        """Run with a fault; return how it ended: a signal, 0 when all was done, 3 when it was told that the disk refused.

        Raises:
            RuntimeError: It ended in another way.
        """
        code, said = _in_child(lambda: self._run(fault))
        if code not in {-signal.SIGKILL, ACKNOWLEDGED, REFUSED}:
            raise RuntimeError(f"a run with {fault} ended with {code}: {said}")
        return code

    def state(self) -> State:
        """Look at the index."""
        code, said = _in_child(self._look)
        if code:
            raise RuntimeError(f"the index cannot be looked at: {said}")
        return State(**json.loads(said))

    def _run(self, fault: Fault) -> tuple[int, Any]:
        if fault.action is None:
            _kill_at(fault)
        else:
            place = str(self.settings.index_dir).encode()
            self._disk.faulty_arm(place, fault.action, fault.number, ctypes.c_long(fault.nth))
        try:
            with Engine(self.settings) as engine:
                report = engine.ingest([self.settings.corpus_dir], prune=True, ready=self._taken)
        except StorageFailed as error:
            if not self._disk.faulty_refused():
                raise
            return REFUSED, str(error)
        return ACKNOWLEDGED, {"failed": len(report.failed), "calls": self._disk.faulty_calls()}

    def _look(self) -> tuple[int, Any]:
        with Engine(self.settings) as engine:
            problems = engine.problems()
            if problems:
                return 0, State(problems, {}, "", "", is_behind=False)._asdict()
            catalog = engine.reader().catalog
            listed = catalog.list_documents(scope=Scope.everything(), limit=None).documents
            return 0, State(
                [],
                {summary.source: summary.document_id for summary in listed},
                _print_of(read_keys(current_folder(self.settings.index_dir))),
                _print_of(catalog.passage_keys()),
                engine.is_behind(),
            )._asdict()


def _print_of(keys: Any) -> str:
    return hashlib.sha256(keys.tobytes()).hexdigest()


def _kill_at(fault: Fault) -> None:
    """Have this process kill itself when it comes to a point."""
    module, path = POINTS[fault.point]
    owner: Any = importlib.import_module(module)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    inner = owner.__dict__[name] if isinstance(owner, type) else getattr(owner, name)
    kind = type(inner) if isinstance(inner, classmethod | staticmethod) else None
    real: Callable[..., Any] = inner.__func__ if kind else inner
    times = 0

    def come(*, after: bool) -> None:
        nonlocal times
        times += after == fault.after
        if after == fault.after and times == fault.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(real)
    def dying(*given: Any, **named: Any) -> Any:
        come(after=False)
        done = real(*given, **named)
        come(after=True)
        return done

    @functools.wraps(real)
    def dying_around(*given: Any, **named: Any) -> Any:
        come(after=False)
        yield from real(*given, **named)
        come(after=True)

    wrapped: Any = dying_around if fault.point == "a transaction" else dying
    setattr(owner, name, kind(wrapped) if kind else wrapped)


def _in_child(work: Callable[[], tuple[int, Any]]) -> tuple[int, str]:
    """Do something in a forked process; return how it ended, and what it said."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 1
        try:
            code, said = work()
            text = json.dumps(said)
        except BaseException:  # noqa: BLE001 - whatever it is, it has to be told
            text = traceback.format_exc()
        with os.fdopen(writing, "w") as pipe:
            pipe.write(text)
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), said


def preloaded(library: Path) -> Mapping[str, str]:
    """Return the environment in which the disk can fail."""
    return {**os.environ, "LD_PRELOAD": str(library), "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
