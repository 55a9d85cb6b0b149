"""The reader of the live generation (现用索引): it follows what is published, by this process or another one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering.answerer import Answerer
from rag.app.followed_file import FileState
from rag.app.models_in_use import Models
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.errors import ConfigurationError, IndexDamaged, IndexMismatch, IndexMissing, RagError
from rag.indexes.encoder import Encoder
from rag.indexes.generation import CURRENT_FILE, Generation, live_manifest, require_today
from rag.indexes.manifest import Manifest
from rag.retrieval.search import Searcher
from rag.retrieval.terms import shipped_terms
from rag.settings import Settings
from rag.store.repository import CATALOG_FILE, Catalog

if TYPE_CHECKING:
    from rag.answering.drafting.drafter import Drafter

_logger = logging.getLogger(__name__)

_LONG_TO_OPEN = 0.2
_FIRST_WORDS = "通知"  # asked of a generation before people ask it, since the first question takes longer


def ingest_command(settings: Settings) -> str:
    """Return the command that builds the index."""
    return f"rag ingest {settings.corpus_dir}"


class LiveReader:
    """Gives the reader of the live generation. Safe across threads."""

    def __init__(self, settings: Settings, models: Callable[[], Models], drafter: Drafter | None) -> None:
        self._settings = settings
        self._models = models
        self._drafter = drafter
        self._turn = threading.RLock()
        self._reader: Reader | None = None
        self._published: FileState | None = None
        self._note: str | None = None
        self._catalog_path: Path = settings.index_dir / CATALOG_FILE
        self._catalog_inode: tuple[int, int] | None = None
        self._retired: list[Catalog] = []
        self._opening: threading.Thread | None = None
        self._seconds_to_open = 0.0
        self._has_written = False

    @property
    def note(self) -> str | None:
        """What an operator should know of the index that is served, ``None`` when all is as set."""
        return self._note

    def note_own_writing(self) -> None:
        """Say that this process has written: what it published is opened for the next who asks."""
        with self._turn:
            self._has_written = True

    def close(self) -> None:
        """Close the catalogs."""
        if self._opening is not None:
            self._opening.join()
        with self._turn:
            if self._reader is not None:
                self._retired.append(self._reader.catalog)
                self._reader = None
            for catalog in self._retired:
                catalog.close()
            self._retired.clear()

    def get(self) -> Reader:
        """Return a reader of the live generation, opening it when another was published.

        One that was made with another encoder is read with that one. What is in use goes on serving until that is
        loaded, and if it cannot be; see ``note``. Nobody waits for one that takes its time, unless this process wrote it.

        Raises:
            ConfigurationError: A model of the settings cannot be had or loaded.
            IndexMissing: Nothing was ingested yet.
            IndexDamaged: Files are missing or not as they were written.
            IndexMismatch: It was built with an encoder that is not here, or by another version.
        """
        with self._turn:
            published = self.published()  # not before the turn: whoever noted writing until then has published
            if self._reader is None or (published != self._published and not self._opens_beside(published)):
                self._reader = self._open(published)
            self._has_written = False
            return self._reader

    def _opens_beside(self, published: FileState) -> bool:
        """Tell whether a new generation is being opened while the one before serves on.

        Who wrote may read it at once: what this process publishes is not opened beside.
        """
        if self._has_written or self._seconds_to_open < _LONG_TO_OPEN:
            return False
        if self._opening is None or not self._opening.is_alive():
            self._opening = threading.Thread(target=self._follow, args=(published, self._reader), daemon=True)
            self._opening.start()
        return True

    def _follow(self, published: FileState, used: Reader) -> None:
        """Open what was published, and put it in the place of what is used."""
        try:
            coming = self._opened_after(used)
        except (RagError, OSError):
            coming = None
        with self._turn:
            if coming is None:
                self._seconds_to_open = 0.0  # the next request opens it, and is told what is wrong
            elif self._reader is used:
                self._reader, self._published = coming, published
                self._tell(self._difference(used.encoder, coming.generation.manifest))

    def _opened_after(self, used: Reader) -> Reader | None:
        """Open the live generation and go through it once; ``None`` where the catalog in use is not its own."""
        generation = Generation.open(self._settings.index_dir, used.encoder.identity)
        if FileState.of(self._catalog_path.stat())[:2] != self._catalog_inode:
            return None
        coming = self._reader_of(used.catalog, generation, used.encoder)
        coming.find_passages(_FIRST_WORDS, scope=Scope.everything(), filters=Filters(), top_k=1)
        return coming

    def _open(self, published: FileState) -> Reader:
        started = time.perf_counter()
        catalog = self._current_catalog()
        used = self._reader
        if used is None:
            manifest = self._todays_manifest()
            encoder = self._models().of_index(manifest)
            generation = Generation.open(self._settings.index_dir, encoder.identity)
        else:
            try:
                manifest = self._todays_manifest()
                coming = self._models().ready(manifest, used=used.encoder)
                if coming is None:
                    return used
                encoder = coming
                generation = Generation.open(self._settings.index_dir, encoder.identity)
            except (ConfigurationError, IndexMismatch) as error:
                self._published = published
                self._tell(f"索引已更新但无法启用，仍用旧的 (a new index is there, the one before serves on): {error}")
                return used
        self._published = published
        self._seconds_to_open = time.perf_counter() - started
        self._tell(self._difference(encoder, manifest))
        return self._reader_of(catalog, generation, encoder)

    def _reader_of(self, catalog: Catalog, generation: Generation, encoder: Encoder) -> Reader:
        searcher = Searcher(
            catalog,
            generation,
            encoder,
            shipped_terms,
            judging=self._models().shipped,
            reranker=self._models().reranker,
        )
        return Reader(catalog, generation, searcher, Answerer(catalog, searcher, self._drafter), encoder)

    def _todays_manifest(self) -> Manifest:
        manifest = live_manifest(self._settings.index_dir)
        require_today(manifest)
        return manifest

    def _difference(self, encoder: Encoder, manifest: Manifest) -> str | None:
        if encoder.identity == self._models().encoder.identity:
            return None
        return (
            f"索引由 {manifest.recipe} 编码，与 RAG_ENCODER 所设不同，下次 rag ingest 时才更换"
            f" (the index was made with {manifest.recipe}; what RAG_ENCODER says counts from the next rag ingest)"
        )

    def _tell(self, note: str | None) -> None:
        if note is not None and note != self._note:
            _logger.warning("%s", note)
        self._note = note

    def published(self) -> FileState:
        """Return what tells the published generation from the next one.

        Raises:
            IndexMissing: There is none.
            IndexDamaged: The folder cannot be read.
        """
        folder = self._settings.index_dir
        try:
            return FileState.of((folder / CURRENT_FILE).stat())
        except FileNotFoundError as error:
            raise IndexMissing(f"there is no index in {folder}", remedy=ingest_command(self._settings)) from error
        except OSError as error:
            raise IndexDamaged(
                f"{folder} cannot be read as an index: {error.strerror}", remedy="name another folder in RAG_INDEX_DIR"
            ) from error

    def _current_catalog(self) -> Catalog:
        """Return the catalog at its path, opening it anew when the index was deleted and built again."""
        inode = FileState.of(self._catalog_path.stat())[:2] if self._catalog_path.is_file() else None
        if self._reader is not None and inode == self._catalog_inode:
            return self._reader.catalog
        catalog = Catalog.open(self._catalog_path, read_only=True)
        if self._reader is not None:
            self._retired.append(self._reader.catalog)  # other threads may be reading from it
            self._reader = None
        self._catalog_inode = inode
        self._retired, unused = self._retired[-1:], self._retired[:-1]
        for old in unused:
            old.close()
        return catalog
