"""This product, through the path that answers users: parsed, cut, stored, indexed and searched by its own code."""

from __future__ import annotations

from pathlib import Path

from rag.domain.access import Scope
from rag.evaluation.beir import BeirFolder
from rag.evaluation.indexing import build_index
from rag.indexes.encoder import load_encoder
from rag.indexes.generation import Generation
from rag.retrieval.search import Searcher
from rag.retrieval.terms import shipped_terms
from rag.store.repository import CATALOG_FILE, Catalog


class Product:
    """The product with an index made anew, which is not kept."""

    PACKAGES = ("faiss-cpu", "tantivy")

    def __init__(self, folder: str) -> None:
        """Load the shipped encoder."""
        self._cache = Path(folder)
        self._encoder = load_encoder()

    def index(self, collection: Path) -> None:
        """Index a collection in BEIR layout, from its raw texts."""
        index = build_index(BeirFolder.find(collection).corpus, self._cache, self._encoder).folder
        catalog = Catalog.open(index / CATALOG_FILE, read_only=True)
        self._searcher = Searcher(catalog, Generation.open(index, self._encoder.identity), self._encoder, shipped_terms)
        self._row_ids = {record.document_id: source for source, record in catalog.sources().items()}

    def search(self, question: str, passages: int) -> list[str]:
        """Return the documents that so many passages or fewer are of, best first."""
        hits = self._searcher.search_text(question, scope=Scope.everything(), top_k=passages)
        return [self._row_ids[hit.passage.document_id] for hit in hits]
