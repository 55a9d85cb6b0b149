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
from rag.domain.document import DOCUMENT_ID_DIGITS
from rag.errors import SourceError, UnreadableSource
from rag.indexes.encoder import Encoder
from rag.indexes.lock import writer_lock
from rag.indexes.synchronisation import synchronise
from rag.ingest.files import File, State, files_below, is_gone, is_utf8, read, state_of
from rag.ingest.reading import Readings
from rag.ingest.report import IngestReport, Progress
from rag.ingest.sidecars import Sidecars, digest_of, is_sidecar_name, orphans_below
from rag.ingest.sources import Sources
from rag.ingest.storing import Storing
from rag.ingest.taking import RECIPE, Taken
from rag.loaders.sandbox import Sandbox
from rag.parsing.corrections import Corrections
from rag.parsing.likeness import shingles, signature_of
from rag.store.records import Failure, SourceRecord
from rag.store.repository import Catalog

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
        sha256: Hash of its bytes; the one known where it was not read because nothing says that it changed.
        recipe: What it is being read by, ``""`` when it is not.
        error: Why it could not be read.
    """

    file: File
    state: State | None = None
    sha256: str = ""
    recipe: str = ""
    error: SourceError | None = None


def ingest(
    paths: Iterable[Path],
    *,
    catalog: Catalog,
    encoder: Encoder,
    index_dir: Path,
    prune: bool = False,
    reread: bool = False,
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
        on_progress: Called now and then.
        sandbox: Reads the files; by default one of this run's own.
        ready: Files that were read before, by the hash of their bytes, without corrections.

    Returns:
        The report; files that could not be taken in are in ``failed``, and the rest went on.

    Raises:
        IndexLocked: Another run is writing to this index.
    """
    started = time.perf_counter()
    with writer_lock(index_dir):
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
        catalog.seal()
        counts = catalog.counts(scope=Scope.everything())
        report.documents, report.passages = counts.documents, counts.passages
    report.seconds = round(time.perf_counter() - started, 3)
    return report


def remove(document_id: str, *, catalog: Catalog, encoder: Encoder, index_dir: Path) -> IngestReport:
    """Remove a document with all its sources from catalog and index; its files are not touched.

    Raises:
        IndexLocked: Another run is writing to this index.
    """
    started = time.perf_counter()
    with writer_lock(index_dir):
        report = IngestReport()
        with catalog.transaction():
            for record in catalog.sources_of(document_id, scope=Scope.everything()):
                catalog.remove_source(record.source)
                report.removed = 1
        synchronise(catalog, encoder, index_dir)
        catalog.seal()
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
        records = catalog.sources().values()
        self._known = Sources(replace(record, recipe="") if reread else record for record in records)
        self._sidecars = Sidecars()
        self._storing = Storing(catalog, report)

    def take_in(self, paths: Sequence[Path], *, prune: bool) -> list[Path]:
        """Take in all files; return the folders given, and paths that are no more but were taken in once."""
        files: list[File] = []
        places: list[Path] = []
        for path in paths:
            try:
                is_folder = stat.S_ISDIR(path.stat().st_mode)
            except (FileNotFoundError, NotADirectoryError):
                resolved = path.resolve()
                if prune and self._known.within([resolved]):
                    places.append(resolved)
                else:
                    self._fail(str(path), "没有这个文件或文件夹 (no such file or folder)")
            except OSError as error:
                self._fail(str(path), f"无法打开 (cannot be opened): {error.strerror}")
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
                Progress("files", settled - self._storing.waiting, len(files), sight.file.source, self._storing.pages)
            )
            if self._is_under_way(sight) and self._storing.idle_seconds > _STORED_EVERY_SECONDS:
                self._storing.store()
            self._settle(sight)
            size -= sight.state.size if sight.state else 0
            settled += 1

        for file in files:
            sight = self._look_at(file)
            ahead.append(sight)
            size += sight.state.size if sight.state else 0
            while ahead and (len(ahead) > _FILES_AHEAD or size > _BYTES_AHEAD or not self._is_under_way(ahead[0])):
                settle_first()
        while ahead:
            settle_first()
        self._storing.store()
        self._on_progress(Progress("files", len(files), len(files), pages=self._storing.pages))

    def _list_orphans(self, places: Sequence[Path]) -> None:
        for place in places:
            for orphan in orphans_below(place):
                self._fail(orphan.source, "旁边没有它所更正的文件 (there is no document beside it)")

    def remove_missing(self, places: Sequence[Path]) -> None:
        """Remove what was taken in from these files and folders and is not there any more."""
        missing = [record for record in self._known.within(places) if is_gone(record.path)]
        with self._catalog.transaction():
            for record in missing:
                self._catalog.remove_source(record.source)
                self._known.forget(record)
                self._report.removed += 1
        self._correct_anew({record.sha256 for record in missing})

    def _correct_anew(self, hashes: set[str]) -> None:
        """Take documents in again whose corrections stood beside a file that is gone."""
        for sha256 in hashes:
            for record in self._known.holders(sha256)[:1]:
                file = File(record.path, Path(record.root), record.source)
                try:
                    is_as_before = self._recipe(self._corrections(file, sha256)) == record.recipe
                except SourceError as error:
                    self._fail(record.source, error.reason)
                else:
                    if not is_as_before:
                        self._settle(self._look_at(file))
        self._storing.store()

    def _look_at(self, file: File) -> _Sight:
        """Read a file, and have it parsed if it seems new. Whether it is, is decided in its turn."""
        known = self._known.at(file.path)
        try:
            state = state_of(file)
            if known is not None and state.is_telling and self._is_as_known(file, state, known):
                return _Sight(file, state, known.sha256)
            contents = read(file)
        except UnreadableSource as error:
            return _Sight(file, error=error)
        sha256 = hashlib.sha256(contents.data).hexdigest()
        try:
            corrections = self._corrections(file, sha256)
        except SourceError:
            return _Sight(file, contents.state, sha256)
        recipe = self._recipe(corrections)
        if any(holder.recipe == recipe for holder in self._known.holders(sha256)):
            return _Sight(file, contents.state, sha256)
        self._readings.begin(contents.data, file.source, sha256, corrections, recipe)
        return _Sight(file, contents.state, sha256, recipe=recipe)

    def _is_as_known(self, file: File, state: State, known: SourceRecord) -> bool:
        if (known.size, known.mtime_ns) != (state.size, state.changed_ns):
            return False
        try:
            return known.recipe == self._recipe(self._corrections(file, known.sha256))
        except SourceError:
            return True  # not by its words, and its turn will tell what is wrong

    def _is_under_way(self, sight: _Sight) -> bool:
        return self._readings.is_under_way(sight.sha256, sight.recipe)

    def _settle(self, sight: _Sight) -> None:
        file = sight.file
        try:
            file = self._placed(file)
            self._settle_placed(file, sight)
        except SourceError as error:
            stays = (
                "；索引中保留此前读入的版本 (the version taken in earlier stays in the index)"
                if file.source in self._known
                else ""
            )
            self._fail(file.source, error.reason + stays)

    def _placed(self, file: File) -> File:
        """Give a file the source it is known under, or one that no other file has."""
        if not is_utf8(str(file.path)):
            raise UnreadableSource(file.source, "文件名不是合法的 UTF-8 (its name is not valid UTF-8)")
        if is_sidecar_name(file.path.name):
            raise UnreadableSource(file.source, "这是更正文件，请导入它旁边的文件 (it corrects the document beside it)")
        known = self._known.at(file.path)
        if known is not None:
            return File(file.path, Path(known.root), known.source)
        while (other := self._known.get(file.source)) is not None and not is_gone(other.path):
            if not file.root.name:
                raise UnreadableSource(
                    file.source, f"与 {other.root} 中的文件相对路径相同 (a file there has the same relative path)"
                )
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
                    self._storing.touch(record)
                    self._known.note(record)
            else:  # the whole folder was moved
                self._storing.point(record)
                self._known.note(record)
                self._report.moved += 1
        elif holders := [holder for holder in self._known.holders(sha256) if holder.recipe == record.recipe]:
            gone = next((holder for holder in holders if is_gone(holder.path)), None)
            self._storing.point(record, instead_of=gone)
            if gone is not None:
                self._known.forget(gone)
                self._report.moved += 1
            elif known is None:
                self._report.added += 1
            else:
                self._report.updated += 1
            self._known.note(record)
        else:
            self._storing.put(record, self._taken(record, corrections), is_new=known is None)
            self._known.note(record)
            for copy in self._known.holders(sha256):
                # A copy as it was, under other corrections.
                if copy.source != file.source and copy.recipe.partition("+")[0] == RECIPE:
                    corrected = replace(copy, recipe=record.recipe)
                    self._storing.point(corrected)
                    self._known.note(corrected)

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
        copies = {copy.source: copy.path for copy in self._known.holders(sha256)}
        paths = {source: path for source, path in copies.items() if not is_gone(path)} | {file.source: file.path}
        return self._sidecars.together(paths[source] for source in sorted(paths))

    @staticmethod
    def _recipe(corrections: Corrections) -> str:
        digest = digest_of(corrections)
        return f"{RECIPE}+{digest}" if digest else RECIPE

    def _fail(self, source: str, reason: str) -> None:
        shown = source.encode("utf-8", "backslashreplace").decode()
        self._report.failed.append(Failure(shown, reason))
