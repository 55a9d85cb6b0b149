"""Where objects are built (装配): settings in, a ready engine out. Nothing else in the package constructs services."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from rag.answering.answerer import Answerer
from rag.answering.duties import search_duties
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.domain.document import DocumentSummary, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.obligation import Duty
from rag.errors import ConfigurationError, IndexDamaged, IndexMissing, IndexUnavailable, NotFound
from rag.indexes.encoder import Encoder, load_encoder
from rag.indexes.generation import CURRENT_FILE, Generation
from rag.retrieval.search import Searcher
from rag.retrieval.terms import shipped_terms
from rag.settings import Settings
from rag.store.records import Twin
from rag.store.repository import Catalog

if TYPE_CHECKING:
    from rag.ingest import IngestReport, Progress
    from rag.ingest.taking import Taken
    from rag.loaders.sandbox import Sandbox

CATALOG_FILE = "catalog.db"

_SET_ASIDE_SUFFIX = ".damaged"
_WRITER_WAIT_SECONDS = 30.0


class Files(NamedTuple):
    """Where a document stands.

    Attributes:
        sources: Paths of the files of its very bytes, by name.
        twins: Other files of its text.
    """

    sources: Sequence[str]
    twins: Sequence[Twin]


@dataclass(frozen=True, slots=True)
class Reader:
    """One pinned generation with what reads it."""

    catalog: Catalog
    generation: Generation
    searcher: Searcher
    answerer: Answerer

    def find_document(self, reference: str, *, scope: Scope) -> OfficialDocument:
        """Return a document by its id, the path of its source or of its file, or its 发文字号.

        Raises:
            NotFound: Nothing fits, or more than one document does.
        """
        try:
            return self.catalog.document(reference, scope=scope)
        except NotFound:
            for filters in (Filters(source=reference), Filters(document_number=reference)):
                page = self.catalog.list_documents(scope=scope, filters=filters, limit=2, are_distinct=True)
                if page.total == 1:
                    return self.catalog.document(page.documents[0].document_id, scope=scope)
                if page.total > 1:
                    raise NotFound(f"{reference} fits {page.total} documents; give an id") from None
            document_id = self._document_of_file(Path(reference)) if scope.is_unrestricted else None
            if document_id is None:
                raise
            return self.catalog.document(document_id, scope=scope)

    def find_duties(self, query: str, *, scope: Scope, filters: Filters) -> list[tuple[Duty, DocumentSummary]]:
        """Return duties whose task, section or units hold every word of the query; all when it is empty."""
        return search_duties(self.catalog.duties(scope=scope, filters=filters), query)

    def files_of(self, document_id: str, *, scope: Scope) -> Files:
        """Return the files of a document, and those that hold the same text."""
        records = self.catalog.sources_of(document_id, scope=scope)
        twins = self.catalog.twins([document_id], scope=scope)
        return Files([record.source for record in records], twins.get(document_id, ()))

    def twins_of(self, answer: Answer, *, scope: Scope) -> dict[str, tuple[Twin, ...]]:
        """Return the other files of the texts that an answer cites, by document id."""
        return self.catalog.twins((citation.document.document_id for citation in answer.citations), scope=scope)

    def texts(self, document_ids: Iterable[str], *, scope: Scope) -> dict[str, str]:
        """Return the canonical texts of documents by id."""
        return {document_id: self.catalog.text(document_id, scope=scope) for document_id in set(document_ids)}

    def _document_of_file(self, path: Path) -> str | None:
        if not path.is_file():
            return None
        path = path.resolve()
        return next((r.document_id for r in self.catalog.sources().values() if r.path == path), None)


class _FileState(NamedTuple):
    """What tells a file from one put in its place."""

    device: int
    inode: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> _FileState:
        state = path.stat()
        return cls(state.st_dev, state.st_ino, state.st_mtime_ns)


class Engine:
    """All of the product over one index folder. Safe across threads; readers follow what writers publish."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._turn = threading.RLock()
        self._encoder: Encoder | None = None
        self._sandbox: Sandbox | None = None
        self._reader: Reader | None = None
        self._published: _FileState | None = None
        self._catalog_inode: tuple[int, int] | None = None
        self._retired: list[Catalog] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalog, and stop what is reading files."""
        with self._turn:
            if self._sandbox is not None:
                self._sandbox.close()
                self._sandbox = None
            if self._reader is not None:
                self._retired.append(self._reader.catalog)
                self._reader = None
            for catalog in self._retired:
                catalog.close()
            self._retired.clear()

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings, loaded at first use."""
        with self._turn:
            if self._encoder is None:
                self._encoder = load_encoder(self.settings.encoder)
            return self._encoder

    @property
    def sandbox(self) -> Sandbox:
        """The processes that read files, started as they are needed."""
        from rag.loaders.confinement import Limits
        from rag.loaders.sandbox import Sandbox

        with self._turn:
            if self._sandbox is None:
                limits = Limits(seconds=self.settings.parse_seconds, megabytes=self.settings.parse_megabytes)
                self._sandbox = Sandbox(limits=limits, workers=self.settings.parse_workers)
            return self._sandbox

    @property
    def catalog_path(self) -> Path:
        """Where the catalog is."""
        return self.settings.index_dir / CATALOG_FILE

    @property
    def ingest_command(self) -> str:
        """The command that builds the index."""
        return f"rag ingest {self.settings.corpus_dir}"

    # ------------------------------------------------------------------------------------- reading

    def reader(self) -> Reader:
        """Return a reader of the live generation, opening it when another was published.

        Raises:
            IndexMissing: Nothing was ingested yet.
            IndexDamaged: Files are missing or not as they were written.
            IndexMismatch: It was built with another encoder, analyzer or version.
        """
        published = self._pointer_state()
        with self._turn:
            if self._reader is None or published != self._published:
                catalog = self._current_catalog()
                generation = Generation.open(self.settings.index_dir, self.encoder.identity)
                searcher = Searcher(catalog, generation, self.encoder, shipped_terms)
                self._reader = Reader(catalog, generation, searcher, Answerer(catalog, searcher))
                self._published = published
            return self._reader

    def _pointer_state(self) -> _FileState:
        folder = self.settings.index_dir
        try:
            return _FileState.of(folder / CURRENT_FILE)
        except FileNotFoundError as error:
            raise IndexMissing(f"there is no index in {folder}", remedy=self.ingest_command) from error
        except OSError as error:
            raise IndexDamaged(
                f"{folder} cannot be read as an index: {error.strerror}", remedy="name another folder in RAG_INDEX_DIR"
            ) from error

    def _current_catalog(self) -> Catalog:
        """Return the catalog at its path, opening it anew when the index was deleted and built again."""
        inode = _FileState.of(self.catalog_path)[:2] if self.catalog_path.is_file() else None
        if self._reader is not None and inode == self._catalog_inode:
            return self._reader.catalog
        catalog = Catalog.open(self.catalog_path, read_only=True)
        if self._reader is not None:
            self._retired.append(self._reader.catalog)  # other threads may be reading from it
            self._reader = None
        self._catalog_inode = inode
        self._retired, unused = self._retired[-1:], self._retired[:-1]
        for old in unused:
            old.close()
        return catalog

    # ------------------------------------------------------------------------------------- writing

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        prune: bool = False,
        reread: bool = False,
        on_progress: Callable[[Progress], None] = lambda _: None,
        ready: Mapping[str, Taken] = MappingProxyType({}),
    ) -> IngestReport:
        """Bring the index in step with files and folders; see ``rag.ingest.ingest``.

        Raises:
            ConfigurationError: The index folder cannot be written to.
            IndexLocked: Another process went on writing to it for too long.
        """
        from rag.ingest import ingest

        with self._catalog_to_write() as catalog:
            return ingest(
                paths,
                catalog=catalog,
                encoder=self.encoder,
                index_dir=self.settings.index_dir,
                prune=prune,
                reread=reread,
                on_progress=on_progress,
                sandbox=self.sandbox,
                ready=ready,
            )

    def remove(self, document_id: str) -> IngestReport:
        """Remove a document with all its sources from catalog and index."""
        from rag.ingest import remove

        with self._catalog_to_write() as catalog:
            return remove(document_id, catalog=catalog, encoder=self.encoder, index_dir=self.settings.index_dir)

    def problems(self) -> list[str]:
        """Return what is wrong with the index, each with what mends it; empty when all is well."""
        from rag.indexes.synchronisation import verify

        try:
            self._pointer_state()
            with Catalog.open(self.catalog_path, read_only=True) as catalog:
                found = verify(self.settings.index_dir, catalog)
            if not found:
                self.reader()  # sound, but perhaps made with another encoder than the one set
        except IndexUnavailable as error:
            return [f"{error} → {error.remedy}" if error.remedy else str(error)]
        return found

    def is_behind(self) -> bool:
        """Tell whether documents are stored that are not indexed yet, as after a run that was cut off.

        Raises:
            IndexUnavailable: There is no index, or it is damaged.
        """
        from rag.indexes.synchronisation import is_behind

        with Catalog.open(self.catalog_path, read_only=True) as catalog:
            return is_behind(self.settings.index_dir, catalog)

    def repair(self) -> IngestReport | None:
        """Mend the index: the generation from the catalog, and what is wrong in the catalog from the files.

        A catalog that cannot be read at all is set aside, and a new one made from the corpus folder.

        Returns:
            What was taken in anew, ``None`` when the catalog was sound.

        Raises:
            IndexMissing: There is nothing to mend.
            IndexDamaged: The catalog cannot be read, and there is no corpus folder.
            IndexMismatch: The catalog is another program's, or a newer version's.
            IndexLocked: Another process is writing.
        """
        from rag.indexes.lock import writer_lock
        from rag.indexes.synchronisation import synchronise

        folder = self.settings.index_dir
        if not self.catalog_path.exists():
            raise IndexMissing(f"there is no catalog in {folder}", remedy=self.ingest_command)
        self._prepare_to_write()
        with writer_lock(folder, wait_seconds=_WRITER_WAIT_SECONDS):
            try:
                with Catalog.open(self.catalog_path) as catalog:
                    is_sound = not catalog.problems()
                    paths = [record.path for record in catalog.sources().values() if record.root]
                    if is_sound:
                        synchronise(catalog, self.encoder, folder, afresh=True)
            except IndexDamaged as error:
                if not self.settings.corpus_dir.is_dir():
                    remedy = f"delete {folder}, then rag ingest <folder of the documents>"
                    raise IndexDamaged(str(error), remedy=remedy) from error
                self._set_catalog_aside()
                is_sound, paths = False, [self.settings.corpus_dir]
            return None if is_sound else self.ingest(paths, reread=True)

    def _set_catalog_aside(self) -> None:
        # The log belongs to the damaged file; beside a new one it would damage that too.
        for suffix in ("-wal", "-shm"):
            Path(f"{self.catalog_path}{suffix}").unlink(missing_ok=True)
        self.catalog_path.replace(f"{self.catalog_path}{_SET_ASIDE_SUFFIX}")

    @contextmanager
    def _catalog_to_write(self) -> Iterator[Catalog]:
        from rag.indexes.lock import writer_lock

        self._prepare_to_write()
        # Already while it is opened: a new catalog is created, and an old one migrated, by one process alone.
        with (
            writer_lock(self.settings.index_dir, wait_seconds=_WRITER_WAIT_SECONDS),
            Catalog.open(self.catalog_path) as catalog,
        ):
            yield catalog

    def _prepare_to_write(self) -> None:
        """See that encoder and folder are fit for use before anything is written."""
        folder = self.settings.index_dir
        self.encoder  # noqa: B018 - loaded here, so that a wrong one leaves nothing behind
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise ConfigurationError(
                f"the index folder {folder} cannot be written to: {error.strerror}",
                remedy="name another folder in RAG_INDEX_DIR",
            ) from error
