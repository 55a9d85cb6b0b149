"""Where objects are built (装配): settings in, a ready engine out. Nothing else in the package constructs services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.answering.answerer import Answerer
from rag.answering.duties import search_duties
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.obligation import Duty
from rag.errors import IndexMissing, NotFound
from rag.indexes.encoder import Encoder, load_encoder
from rag.indexes.generation import CURRENT_FILE, Generation
from rag.retrieval.search import Searcher
from rag.retrieval.terms import shipped_terms
from rag.settings import Settings
from rag.store.repository import Catalog

if TYPE_CHECKING:
    from rag.ingest import IngestReport, Progress

CATALOG_FILE = "catalog.db"

_WRITER_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Reader:
    """One pinned generation with what reads it."""

    catalog: Catalog
    generation: Generation
    searcher: Searcher
    answerer: Answerer

    def find_document(self, reference: str, *, scope: Scope) -> OfficialDocument:
        """Return a document by its id, the path of its source, or its 发文字号.

        Raises:
            NotFound: Nothing fits, or more than one document does.
        """
        try:
            return self.catalog.document(reference, scope=scope)
        except NotFound:
            for filters in (Filters(source=reference), Filters(document_number=reference)):
                page = self.catalog.list_documents(scope=scope, filters=filters, limit=2)
                if page.total == 1:
                    return self.catalog.document(page.documents[0].document_id, scope=scope)
                if page.total > 1:
                    raise NotFound(f"{reference} fits {page.total} documents; give an id") from None
            raise

    def find_duties(self, query: str, *, scope: Scope, filters: Filters) -> list[tuple[Duty, DocumentSummary]]:
        """Return duties whose task, section or units hold every word of the query; all when it is empty."""
        return search_duties(self.catalog.duties(scope=scope, filters=filters), query)


class Engine:
    """All of the product over one index folder. Safe across threads; readers follow what writers publish."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._turn = threading.RLock()
        self._encoder: Encoder | None = None
        self._reader: Reader | None = None
        self._published = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalog."""
        with self._turn:
            if self._reader is not None:
                self._reader.catalog.close()
                self._reader = None

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings, loaded at first use."""
        with self._turn:
            if self._encoder is None:
                self._encoder = load_encoder(self.settings.encoder)
            return self._encoder

    @property
    def catalog_path(self) -> Path:
        """Where the catalog is."""
        return self.settings.index_dir / CATALOG_FILE

    def reader(self) -> Reader:
        """Return a reader of the live generation, opening it when another was published.

        Raises:
            IndexMissing: Nothing was ingested yet.
            IndexDamaged: Files are missing or not as they were written.
            IndexMismatch: It was built with another encoder, analyzer or version.
        """
        published = self._pointer()
        with self._turn:
            if self._reader is None or published != self._published:
                catalog = self._reader.catalog if self._reader else Catalog.open(self.catalog_path, read_only=True)
                generation = Generation.open(self.settings.index_dir, self.encoder.identity)
                searcher = Searcher(catalog, generation, self.encoder, shipped_terms)
                self._reader = Reader(catalog, generation, searcher, Answerer(catalog, searcher))
                self._published = published
            return self._reader

    def _pointer(self) -> str:
        try:
            return (self.settings.index_dir / CURRENT_FILE).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise IndexMissing(
                f"there is no index in {self.settings.index_dir}", remedy=f"rag ingest {self.settings.corpus_dir}"
            ) from error

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        prune: bool = False,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> IngestReport:
        """Bring the index in step with files and folders; see ``rag.ingest.ingest``."""
        from rag.ingest import ingest

        with Catalog.open(self.catalog_path) as catalog:
            return ingest(
                paths,
                catalog=catalog,
                encoder=self.encoder,
                index_dir=self.settings.index_dir,
                prune=prune,
                wait_seconds=_WRITER_WAIT_SECONDS,
                on_progress=on_progress,
            )

    def remove(self, document_id: str) -> IngestReport:
        """Remove a document with all its sources from catalog and index."""
        from rag.ingest import remove

        with Catalog.open(self.catalog_path) as catalog:
            return remove(
                document_id,
                catalog=catalog,
                encoder=self.encoder,
                index_dir=self.settings.index_dir,
                wait_seconds=_WRITER_WAIT_SECONDS,
            )

    def problems(self) -> list[str]:
        """Return what is wrong with the index; empty when all is well."""
        from rag.indexes.synchronisation import verify

        with Catalog.open(self.catalog_path, read_only=True) as catalog:
            return verify(self.settings.index_dir, catalog)

    def repair(self) -> None:
        """Make the indexes anew from the catalog."""
        from rag.indexes.synchronisation import synchronise

        with Catalog.open(self.catalog_path) as catalog:
            synchronise(catalog, self.encoder, self.settings.index_dir, afresh=True)
