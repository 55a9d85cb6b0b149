"""Corpus sync (语料入库): files are loaded, parsed, cut, stored and indexed; unchanged ones are left alone.

The catalog is brought in step with the files in small transactions, then the index with the catalog. Both
steps go by difference, so a run that was cut off is finished by the next one.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.chunking import cut
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.passage import Passage
from rag.errors import SourceError, UnreadableSource
from rag.indexes.encoder import Encoder
from rag.indexes.lock import writer_lock
from rag.indexes.synchronisation import synchronise
from rag.loaders.base import load
from rag.parsing.document import DOCUMENT_ID_DIGITS, parse
from rag.store.records import Failure, SourceRecord
from rag.store.repository import Catalog

RECIPE = "1"
"""Changes when loading, parsing or cutting gives another result for the same bytes: files are then taken in anew."""

MOST_BYTES = 200 * 1024 * 1024
"""A larger file is refused rather than read into memory."""

_FILES_A_TRANSACTION = 64
_IGNORED_NAMES = frozenset({"readme.md", "readme.txt", "thumbs.db", "desktop.ini"})
_IGNORED_SUFFIXES = (".meta.toml", "~", ".tmp", ".part")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes:
        stage: ``files`` while they are read, ``index`` while passages are indexed.
        current: The file at hand, ``""`` while indexing.
    """

    stage: str
    done: int
    total: int
    current: str = ""


@dataclass(slots=True)
class IngestReport:
    """What a run did. ``moved`` files keep their document and are counted nowhere else."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    removed: int = 0
    failed: list[Failure] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    root: Path
    source: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file read and parsed, ready to be stored."""

    file: _File
    document: OfficialDocument
    passages: Sequence[Passage]
    size: int
    mtime_ns: int


def ingest(
    paths: Iterable[Path],
    *,
    catalog: Catalog,
    encoder: Encoder,
    index_dir: Path,
    prune: bool = False,
    wait_seconds: float = 0.0,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> IngestReport:
    """Bring the index in step with files and folders.

    Args:
        paths: Files, or folders taken with all below them. A document's source is its path below the folder given.
        catalog: Opened to write.
        encoder: Makes the vectors.
        index_dir: Where the generations are.
        prune: Also remove documents whose files are gone from the folders given.
        wait_seconds: How long to wait for another run to end.
        on_progress: Called now and then.

    Returns:
        The report; files that could not be taken in are in ``failed``, and the rest went on.

    Raises:
        IndexLocked: Another run is writing to this index.
    """
    started = time.perf_counter()
    with writer_lock(index_dir, wait_seconds=wait_seconds):
        report = IngestReport()
        sync = _Sync(catalog, report, on_progress)
        roots = sync.run(list(paths))
        if prune:
            sync.prune(roots)
        catalog.record_failures(report.failed)
        synchronise(
            catalog, encoder, index_dir, progress=lambda done, total: on_progress(Progress("index", done, total))
        )
        counts = catalog.counts(scope=Scope.everything())
        report.documents, report.passages = counts.documents, counts.passages
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def remove(
    document_id: str, *, catalog: Catalog, encoder: Encoder, index_dir: Path, wait_seconds: float = 0.0
) -> IngestReport:
    """Remove a document with all its sources from catalog and index; its files are not touched.

    Raises:
        IndexLocked: Another run is writing to this index.
    """
    started = time.perf_counter()
    with writer_lock(index_dir, wait_seconds=wait_seconds):
        report = IngestReport()
        with catalog.transaction():
            for record in catalog.sources_of(document_id, scope=Scope.everything()):
                catalog.remove_source(record.source)
                report.removed = 1
        synchronise(catalog, encoder, index_dir)
        counts = catalog.counts(scope=Scope.everything())
        report.documents, report.passages = counts.documents, counts.passages
    report.seconds = round(time.perf_counter() - started, 3)
    return report


class _Sync:
    """One run over the files."""

    def __init__(self, catalog: Catalog, report: IngestReport, on_progress: Callable[[Progress], None]) -> None:
        self._catalog = catalog
        self._report = report
        self._on_progress = on_progress
        self._known = catalog.sources()
        self._by_hash: dict[str, list[SourceRecord]] = {}
        for record in self._known.values():
            self._by_hash.setdefault(record.sha256, []).append(record)
        self._seen: set[str] = set()
        self._waiting: list[_Taken] = []

    def run(self, paths: Sequence[Path]) -> list[Path]:
        """Take in all files; return the folders they were looked for in."""
        files: list[_File] = []
        roots: list[Path] = []
        for path in paths:
            if path.is_dir():
                roots.append(path.resolve())
                files.extend(_below(path.resolve()))
            elif path.exists():
                files.append(_File(path.resolve(), path.resolve().parent, path.name))
            else:
                self._fail(str(path), "no such file or folder")
        for done, file in enumerate(files):
            self._on_progress(Progress("files", done, len(files), file.source))
            try:
                self._take(file)
            except SourceError as error:
                stays = "; the version taken in earlier stays in the index" if file.source in self._known else ""
                self._fail(file.source, error.reason + stays)
            if len(self._waiting) >= _FILES_A_TRANSACTION:
                self._store()
        self._store()
        self._on_progress(Progress("files", len(files), len(files)))
        return roots

    def prune(self, roots: Sequence[Path]) -> None:
        """Remove what was taken in from these folders and is not there any more."""
        for record in list(self._known.values()):
            root = Path(record.root)
            below = any(root == folder or folder in root.parents for folder in roots)
            if below and record.source not in self._seen and not record.path.exists():
                self._catalog.remove_source(record.source)
                self._report.removed += 1

    def _take(self, file: _File) -> None:
        known = self._known.get(file.source)
        if file.source in self._seen:
            raise UnreadableSource(file.source, "another folder given holds a file of the same relative path")
        if known is not None and Path(known.root) != file.root and known.path.exists():
            raise UnreadableSource(
                file.source, f"{known.root} holds a file of the same relative path; take in the folder above both"
            )
        self._seen.add(file.source)
        data, size, mtime_ns = _read(file)
        sha256 = hashlib.sha256(data).hexdigest()
        if known is not None and known.sha256 == sha256 and known.recipe == RECIPE and known.root == str(file.root):
            self._report.unchanged += 1
            return
        if self._is_known_elsewhere(sha256, file.source):
            self._store()
            self._point(file, sha256, size, mtime_ns, known)
            return
        document = parse(load(data, file.source), source=file.source, sha256=sha256)
        self._waiting.append(_Taken(file, document, cut(document), size, mtime_ns))

    def _is_known_elsewhere(self, sha256: str, source: str) -> bool:
        if any(taken.document.sha256 == sha256 for taken in self._waiting):
            return True
        return any(r.source != source and r.recipe == RECIPE for r in self._by_hash.get(sha256, ()))

    def _point(self, file: _File, sha256: str, size: int, mtime_ns: int, known: SourceRecord | None) -> None:
        """Let a file stand for a document already stored: a copy of another file, or that file moved."""
        records = self._by_hash.get(sha256, [])
        gone = next((r for r in records if r.source not in self._seen and not r.path.exists()), None)
        with self._catalog.transaction():
            self._catalog.add_source(
                file.source,
                sha256[:DOCUMENT_ID_DIGITS],
                root=str(file.root),
                size=size,
                mtime_ns=mtime_ns,
                recipe=RECIPE,
            )
            if gone is not None:
                self._catalog.remove_source(gone.source)
                records.remove(gone)
                del self._known[gone.source]
        if gone is not None:
            self._report.moved += 1
        elif known is None:
            self._report.added += 1
        else:
            self._report.updated += 1

    def _store(self) -> None:
        if not self._waiting:
            return
        with self._catalog.transaction():
            for taken in self._waiting:
                self._catalog.replace(
                    taken.document,
                    taken.passages,
                    root=str(taken.file.root),
                    size=taken.size,
                    mtime_ns=taken.mtime_ns,
                    recipe=RECIPE,
                )
        for taken in self._waiting:
            if taken.file.source in self._known:
                self._report.updated += 1
            else:
                self._report.added += 1
        self._waiting.clear()

    def _fail(self, source: str, reason: str) -> None:
        self._report.failed.append(Failure(source, reason))


def _below(root: Path) -> Iterator[_File]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if is_document_name(name):
                path = Path(folder, name)
                yield _File(path, root, path.relative_to(root).as_posix())


def is_document_name(name: str) -> bool:
    """Tell whether a file of this name is meant as a document: no hidden, temporary, README or sidecar file."""
    lowered = name.lower()
    return not (lowered.startswith((".", "~$")) or lowered in _IGNORED_NAMES or lowered.endswith(_IGNORED_SUFFIXES))


def _read(file: _File) -> tuple[bytes, int, int]:
    try:
        with file.path.open("rb") as opened:
            state = os.fstat(opened.fileno())
            if state.st_size > MOST_BYTES:
                raise UnreadableSource(file.source, f"larger than {MOST_BYTES // 2**20} MB")
            return opened.read(), state.st_size, state.st_mtime_ns
    except OSError as error:
        raise UnreadableSource(file.source, f"cannot be opened: {error.strerror}") from error
