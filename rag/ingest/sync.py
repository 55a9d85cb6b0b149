"""One run over the files (同步): the catalog is brought in step with them, then the index with the catalog.

The catalog follows in small transactions. Both steps go by difference, so a run that was cut off is finished by
the next one.
"""

from __future__ import annotations

import hashlib
import stat
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from rag.domain.access import Scope
from rag.errors import SourceError, UnreadableSource
from rag.indexes.encoder import Encoder
from rag.indexes.lock import writer_lock
from rag.indexes.synchronisation import synchronise
from rag.ingest.files import File, State, files_below, is_at_or_below, is_gone, is_utf8, read, state_of
from rag.ingest.reading import Readings
from rag.ingest.report import IngestReport, Progress
from rag.ingest.sidecars import Sidecars, digest_of, is_sidecar_name, orphans_below
from rag.ingest.taking import RECIPE, Taken
from rag.loaders.sandbox import Sandbox
from rag.parsing.corrections import Corrections
from rag.parsing.document import DOCUMENT_ID_DIGITS
from rag.parsing.likeness import shingles, signature_of
from rag.store.records import Failure, SourceRecord
from rag.store.repository import Catalog

_FILES_A_TRANSACTION = 64
# What is read is stored at least so often while the run waits for workers, so that little is lost to a power cut.
_STORED_EVERY_SECONDS = 0.5
# How far the workers may be ahead of the storing: enough that they never wait, little enough for memory.
_FILES_AHEAD = 128
_BYTES_AHEAD = 64 << 20
_NOTHING_READY: Mapping[str, Taken] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Sight:
    """A file looked at, before it is its turn.

    Attributes:
        state: As it was then; ``None`` when it could not be read.
        sha256: Hash of its bytes; that of ``record`` where it was not read because nothing says that it changed.
        record: What is known of a file that was not read.
        recipe: What it is being read by, ``""`` when it is not.
        error: Why it could not be read.
    """

    file: File
    state: State | None = None
    sha256: str = ""
    record: SourceRecord | None = None
    recipe: str = ""
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file taken in, to be stored with others in one transaction."""

    taken: Taken
    record: SourceRecord
    is_new: bool


def ingest(
    paths: Iterable[Path],
    *,
    catalog: Catalog,
    encoder: Encoder,
    index_dir: Path,
    prune: bool = False,
    reread: bool = False,
    wait_seconds: float = 0.0,
    on_progress: Callable[[Progress], None] = lambda _: None,
    sandbox: Sandbox | None = None,
    ready: Mapping[str, Taken] = _NOTHING_READY,
) -> IngestReport:
    """Bring the index in step with files and folders.

    Args:
        paths: Files, or folders taken with all below them, but for links to folders. A document's source is its path
            below the folder given; where another file has that source, folders above are added until it is its own.
            A file keeps the source it was first taken in under.
        catalog: Opened to write.
        encoder: Makes the vectors.
        index_dir: Where the generations are.
        prune: Also remove documents whose files are gone from the paths given.
        reread: Also read the files anew that are as they were, to mend what the catalog holds of them.
        wait_seconds: How long to wait for another run to end.
        on_progress: Called now and then.
        sandbox: Reads the files; by default one of this run's own.
        ready: Files that were read before, by the hash of their bytes, without corrections.

    Returns:
        The report; files that could not be taken in are in ``failed``, and the rest went on.

    Raises:
        IndexLocked: Another run is writing to this index.
    """
    started = time.perf_counter()
    with writer_lock(index_dir, wait_seconds=wait_seconds):
        report = IngestReport()
        with Sandbox() if sandbox is None else nullcontext(sandbox) as workers:
            sync = _Sync(catalog, report, on_progress, Readings(workers, ready), reread=reread)
            places = sync.take_in(list(paths), prune=prune)
            if prune:
                sync.remove_missing(places)
        _sign(catalog)
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


def _sign(catalog: Catalog) -> None:
    """Look for the twins of documents that were stored without a signature."""
    for document_id in catalog.unsigned():
        text = catalog.text(document_id, scope=Scope.everything())
        catalog.set_signature(document_id, signature_of(shingles(text)))


class _Sync:
    """One run over the files. What it knows of the sources is kept in step with what it has decided."""

    def __init__(
        self,
        catalog: Catalog,
        report: IngestReport,
        on_progress: Callable[[Progress], None],
        readings: Readings,
        *,
        reread: bool,
    ) -> None:
        self._catalog = catalog
        self._report = report
        self._on_progress = on_progress
        self._readings = readings
        self._known: dict[str, SourceRecord] = {}
        self._source_at: dict[str, str] = {}
        self._holders: dict[str, set[str]] = {}
        for record in catalog.sources().values():
            self._note(replace(record, recipe="") if reread else record)
        self._sidecars = Sidecars()
        self._waiting: list[_Waiting] = []
        self._touched: list[SourceRecord] = []
        self._pages = 0
        self._stored_at = time.monotonic()

    def take_in(self, paths: Sequence[Path], *, prune: bool) -> list[Path]:
        """Take in all files; return the folders given, and paths that are no more but were taken in once."""
        files: list[File] = []
        places: list[Path] = []
        for path in paths:
            try:
                is_folder = stat.S_ISDIR(path.stat().st_mode)
            except (FileNotFoundError, NotADirectoryError):
                resolved = path.resolve()
                if prune and any(is_at_or_below(record.path, resolved) for record in self._known.values()):
                    places.append(resolved)
                else:
                    self._fail(str(path), "no such file or folder")
            except OSError as error:
                self._fail(str(path), f"cannot be opened: {error.strerror}")
            else:
                resolved = path.resolve()
                if is_folder:
                    places.append(resolved)
                    files.extend(files_below(resolved, self._fail))
                else:
                    files.append(File(resolved, resolved.parent, resolved.name))
        self._list_orphans(places)
        self._take_all(list({file.path: file for file in reversed(files)}.values())[::-1])
        return places

    def _take_all(self, files: Sequence[File]) -> None:
        """Look at files well ahead of dealing with them, so that the workers have something to read."""
        ahead: deque[_Sight] = deque()
        size = 0
        settled = 0

        def settle_first() -> None:
            nonlocal size, settled
            sight = ahead.popleft()
            self._on_progress(
                Progress("files", settled - len(self._waiting), len(files), sight.file.source, self._pages)
            )
            if self._is_under_way(sight) and time.monotonic() - self._stored_at > _STORED_EVERY_SECONDS:
                self._store()
            self._settle(sight)
            size -= sight.state.size if sight.state else 0
            settled += 1
            if len(self._waiting) + len(self._touched) >= _FILES_A_TRANSACTION:
                self._store()

        for file in files:
            sight = self._look_at(file)
            ahead.append(sight)
            size += sight.state.size if sight.state else 0
            while ahead and (len(ahead) > _FILES_AHEAD or size > _BYTES_AHEAD or not self._is_under_way(ahead[0])):
                settle_first()
        while ahead:
            settle_first()
        self._store()
        self._on_progress(Progress("files", len(files), len(files), pages=self._pages))

    def _list_orphans(self, places: Sequence[Path]) -> None:
        for place in places:
            for orphan in orphans_below(place):
                self._fail(orphan.source, "旁边没有它所更正的文件 (there is no document beside it)")

    def remove_missing(self, places: Sequence[Path]) -> None:
        """Remove what was taken in from these files and folders and is not there any more."""
        missing = [
            record
            for record in self._known.values()
            if any(is_at_or_below(record.path, place) for place in places) and is_gone(record.path)
        ]
        with self._catalog.transaction():
            for record in missing:
                self._catalog.remove_source(record.source)
                self._forget(record)
                self._report.removed += 1
        self._correct_anew({record.sha256 for record in missing})

    def _correct_anew(self, hashes: set[str]) -> None:
        """Take documents in again whose corrections stood beside a file that is gone."""
        for sha256 in hashes:
            for source in sorted(self._holders[sha256])[:1]:
                record = self._known[source]
                file = File(record.path, Path(record.root), source)
                try:
                    is_as_before = self._recipe(self._corrections(file, sha256)) == record.recipe
                except SourceError as error:
                    self._fail(source, error.reason)
                else:
                    if not is_as_before:
                        self._settle(self._look_at(file))
        self._store()

    def _look_at(self, file: File) -> _Sight:
        """Read a file, and have it parsed if it seems new. Whether it is, is decided in its turn."""
        known = self._known.get(self._source_at.get(str(file.path), ""))
        try:
            state = state_of(file)
            if (
                known is not None
                and state.is_telling
                and (known.size, known.mtime_ns) == (state.size, state.changed_ns)
            ):
                return _Sight(file, state, known.sha256, known)
            contents = read(file)
        except UnreadableSource as error:
            return _Sight(file, error=error)
        sha256 = hashlib.sha256(contents.data).hexdigest()
        try:
            corrections = self._corrections(file, sha256)
        except SourceError:
            return _Sight(file, contents.state, sha256)
        recipe = self._recipe(corrections)
        if any(self._known[source].recipe == recipe for source in self._holders.get(sha256, ())):
            return _Sight(file, contents.state, sha256)
        self._readings.begin(contents.data, file.source, sha256, corrections, recipe)
        return _Sight(file, contents.state, sha256, recipe=recipe)

    def _is_under_way(self, sight: _Sight) -> bool:
        return self._readings.is_under_way(sight.sha256, sight.recipe)

    def _settle(self, sight: _Sight) -> None:
        file = sight.file
        try:
            file = self._placed(file)
            self._settle_placed(file, sight)
        except SourceError as error:
            stays = "; the version taken in earlier stays in the index" if file.source in self._known else ""
            self._fail(file.source, error.reason + stays)

    def _placed(self, file: File) -> File:
        """Give a file the source it is known under, or one that no other file has."""
        if not is_utf8(str(file.path)):
            raise UnreadableSource(file.source, "its name is not valid UTF-8")
        if is_sidecar_name(file.path.name):
            raise UnreadableSource(file.source, "这是更正文件，请导入它旁边的文件 (it corrects the document beside it)")
        known_as = self._source_at.get(str(file.path))
        if known_as is not None:
            return File(file.path, Path(self._known[known_as].root), known_as)
        while (other := self._known.get(file.source)) is not None and not is_gone(other.path):
            if not file.root.name:
                raise UnreadableSource(file.source, f"{other.root} holds a file of the same relative path")
            file = file.lengthened()
        return file

    def _settle_placed(self, file: File, sight: _Sight) -> None:
        if sight.error is not None:
            raise sight.error
        assert sight.state is not None
        sha256 = sight.sha256
        corrections = self._corrections(file, sha256)
        record = SourceRecord(
            source=file.source,
            document_id=sha256[:DOCUMENT_ID_DIGITS],
            sha256=sha256,
            size=sight.state.size,
            mtime_ns=sight.state.changed_ns,
            recipe=self._recipe(corrections),
            root=str(file.root),
        )
        known = self._known.get(file.source)
        if known is not None and known.sha256 == sha256 and known.recipe == record.recipe:
            if known.root == record.root:
                self._report.unchanged += 1
                if record.mtime_ns and known.mtime_ns != record.mtime_ns:
                    self._touched.append(record)
            else:  # the whole folder was moved
                self._point(record)
                self._report.moved += 1
        elif holders := [s for s in self._holders.get(sha256, ()) if self._known[s].recipe == record.recipe]:
            self._store()  # the holder may be waiting
            gone = next((self._known[s] for s in sorted(holders) if is_gone(self._known[s].path)), None)
            self._point(record, instead_of=gone)
            if gone is not None:
                self._report.moved += 1
            elif known is None:
                self._report.added += 1
            else:
                self._report.updated += 1
        else:
            taken = self._taken(record, corrections)
            self._waiting.append(_Waiting(taken, record, is_new=known is None))
            self._note(record)
            for source in sorted(self._holders[sha256] - {file.source}):
                if self._known[source].recipe.partition("+")[0] == RECIPE:  # a copy as it was, under other corrections
                    self._store()
                    self._point(replace(self._known[source], recipe=record.recipe))

    def _taken(self, record: SourceRecord, corrections: Corrections) -> Taken:
        taken = self._readings.result(record.sha256, record.recipe, record.source)
        if taken is None:  # it did not seem new, or was corrected otherwise, when it was looked at
            data = read(File(record.path, Path(record.root), record.source)).data
            if hashlib.sha256(data).hexdigest() != record.sha256:
                raise UnreadableSource(record.source, "读取时文件被改动 (it was changed while it was read)")
            self._readings.begin(data, record.source, record.sha256, corrections, record.recipe)
            taken = self._readings.result(record.sha256, record.recipe, record.source)
            assert taken is not None
        return taken

    def _corrections(self, file: File, sha256: str) -> Corrections:
        """Return what is corrected of a file's document: beside it, and beside its copies."""
        copies = {source: self._known[source].path for source in self._holders.get(sha256, ())}
        paths = {source: path for source, path in copies.items() if not is_gone(path)} | {file.source: file.path}
        return self._sidecars.together(paths[source] for source in sorted(paths))

    @staticmethod
    def _recipe(corrections: Corrections) -> str:
        digest = digest_of(corrections)
        return f"{RECIPE}+{digest}" if digest else RECIPE

    def _point(self, record: SourceRecord, instead_of: SourceRecord | None = None) -> None:
        """Let a file stand for a document already stored: a copy of another file, or that file moved."""
        with self._catalog.transaction():
            self._add_source(record)
            if instead_of is not None:
                self._catalog.remove_source(instead_of.source)
        if instead_of is not None:
            self._forget(instead_of)
        self._note(record)

    def _add_source(self, record: SourceRecord) -> None:
        self._catalog.add_source(
            record.source,
            record.document_id,
            root=record.root,
            size=record.size,
            mtime_ns=record.mtime_ns,
            recipe=record.recipe,
        )

    def _store(self) -> None:
        self._stored_at = time.monotonic()
        if not self._waiting and not self._touched:
            return
        with self._catalog.transaction():
            for record in self._touched:
                self._add_source(record)
            for waiting in self._waiting:
                self._catalog.replace(
                    waiting.taken.document,
                    waiting.taken.passages,
                    root=waiting.record.root,
                    size=waiting.record.size,
                    mtime_ns=waiting.record.mtime_ns,
                    recipe=waiting.record.recipe,
                    signature=waiting.taken.signature,
                )
        for record in self._touched:
            self._note(record)
        for waiting in self._waiting:
            self._pages += waiting.taken.document.pages or 0
            if waiting.is_new:
                self._report.added += 1
            else:
                self._report.updated += 1
        self._waiting.clear()
        self._touched.clear()

    def _note(self, record: SourceRecord) -> None:
        before = self._known.get(record.source)
        if before is not None:
            self._forget(before)
        self._known[record.source] = record
        self._source_at[str(record.path)] = record.source
        self._holders.setdefault(record.sha256, set()).add(record.source)

    def _forget(self, record: SourceRecord) -> None:
        del self._known[record.source]
        self._source_at.pop(str(record.path), None)
        self._holders[record.sha256].discard(record.source)

    def _fail(self, source: str, reason: str) -> None:
        shown = source.encode("utf-8", "backslashreplace").decode()
        self._report.failed.append(Failure(shown, reason))
