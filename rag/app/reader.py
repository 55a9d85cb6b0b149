"""A reader (读取端): one generation of the index, pinned, with all that answers from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.answering.answerer import Answerer
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.domain.document import DocumentSummary, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.passage import Hit, Passage
from rag.domain.precedent import Precedents
from rag.domain.sentence import SentenceFunction
from rag.domain.span import Span
from rag.errors import NotFound
from rag.indexes.encoder import Encoder
from rag.indexes.generation import Generation
from rag.retrieval.precedent import PrecedentFinder
from rag.retrieval.search import Searcher
from rag.store.records import Twin
from rag.store.remembering import Remembered
from rag.store.repository import Catalog

# One a scope: labels, and the limits of a key.
_MOST_VIEWS = 32

_MOST_EXAMPLES = 8


class Found(NamedTuple):
    """Passages found for words typed by a user, with what it takes to present them.

    Attributes:
        hits: Best first, those of the same words once.
        summaries: Of their documents, and of those that repeat them, by id.
        twins: Other files of these documents' texts, by id.
        notes: How the words were taken, where not as written.
        clauses: The clause that each passage stands in, by passage id; empty where they were not asked for.
    """

    hits: Sequence[Hit]
    summaries: Mapping[str, DocumentSummary]
    twins: Mapping[str, Sequence[Twin]]
    notes: Sequence[str]
    clauses: Mapping[str, WholeClause]


class _Documents(NamedTuple):
    """Row numbers of documents, ascending, and a hash of them."""

    rows: NDArray[np.int64]
    digest: int


class WholeClause(NamedTuple):
    """A clause (条款) as it stands in its document, from the first to the last passage under its heading."""

    span: Span
    text: str


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
    """One pinned generation with what reads it.

    Attributes:
        examples: Questions to begin with, by scope and language. They are kept here and not beside, so that they go
            with the reader: whatever holds a reader holds its generation in memory.
    """

    catalog: Catalog
    generation: Generation
    searcher: Searcher
    answerer: Answerer
    encoder: Encoder
    examples: Remembered[tuple[Scope, str], tuple[str, ...]] = field(
        default_factory=lambda: Remembered(_MOST_EXAMPLES), compare=False, repr=False
    )
    _readable: Remembered[Scope, _Documents] = field(
        default_factory=lambda: Remembered(_MOST_VIEWS), compare=False, repr=False
    )
    _views: Remembered[tuple[Scope, int], Reader] = field(
        default_factory=lambda: Remembered(_MOST_VIEWS), compare=False, repr=False
    )

    def within(self, scope: Scope) -> Reader:
        """Return this reader as a scope knows it: what is counted and weighed, is so in its documents alone.

        How rare a word is, whether it is known at all, which slip of the pen it may be, where most texts come from – all
        that would tell of documents that the caller may not see. See ``Generation.within`` for what is left.
        """
        if scope.is_unrestricted:
            return self

        def readable() -> _Documents:
            rows = np.intersect1d(self.catalog.readable(scope=scope), self.generation.lengths[0], assume_unique=True)
            return _Documents(rows, hash(rows.tobytes()))

        def view() -> Reader:
            generation = self.generation.within(documents.rows)
            searcher = self.searcher.within(generation)
            answerer = Answerer(self.catalog, searcher, self.answerer.drafter)
            return Reader(self.catalog, generation, searcher, answerer, self.encoder)

        documents = self._readable.get(scope, self.catalog.revision, readable)
        # An ingest that goes on changes the catalog twice a second, but seldom what of this generation may be read.
        return self._views.get((scope, documents.digest), 0, view)

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

    def find_passages(
        self, query: str, *, scope: Scope, filters: Filters, top_k: int, with_clauses: bool = False
    ) -> Found:
        """Return the passages found for words typed by a user.

        Args:
            query: The words.
            scope: What the caller may see.
            filters: Conditions.
            top_k: Most passages.
            with_clauses: Give the clause of each passage as well.

        Raises:
            InvalidRequest: See ``Searcher.read``.
        """
        with self.catalog.snapshot():
            question = self.searcher.read(query, scope=scope)
            hits = self.searcher.search_distinct(question, scope=scope, filters=filters, top_k=top_k)
            ids = [passage.document_id for hit in hits for passage in (hit.passage, *hit.repeated_in)]
            documents = self.searcher.summaries(ids, scope=scope)
            hits = self.answerer.currency.in_force_first(hits, documents, question, scope=scope)
            return Found(
                hits,
                documents,
                self.searcher.twins(ids, scope=scope),
                question.notes,
                self._clauses([hit.passage for hit in hits], scope) if with_clauses else {},
            )

    def _clauses(self, found: Sequence[Passage], scope: Scope) -> dict[str, WholeClause]:
        """Return the clause of each passage by its id; one that stands under no heading has none."""
        clauses: dict[str, WholeClause] = {}
        for document_id in dict.fromkeys(passage.document_id for passage in found):
            text = self.catalog.text(document_id, scope=scope)
            for section, under_it in groupby(
                self.catalog.passages_of(document_id, scope=scope), key=lambda passage: passage.section
            ):
                passages = list(under_it)
                span = Span(passages[0].span.start, passages[-1].span.end)
                if section:
                    clauses |= {passage.passage_id: WholeClause(span, span.of(text)) for passage in passages}
        return {passage.passage_id: clauses[passage.passage_id] for passage in found if passage.passage_id in clauses}

    def find_precedents(
        self,
        text: str,
        *,
        scope: Scope,
        filters: Filters,
        function: SentenceFunction | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> Precedents:
        """Return sentences of past documents worded like a text; see ``PrecedentFinder.find``.

        Raises:
            InvalidRequest: The text has no words, or is too long.
        """
        finder = PrecedentFinder(self.catalog, self.generation, self.encoder)
        with self.catalog.snapshot():
            return finder.find(text, scope=scope, filters=filters, function=function, limit=limit, offset=offset)

    def files_of(self, document_id: str, *, scope: Scope) -> Files:
        """Return the files of a document, and those that hold the same text."""
        records = self.catalog.sources_of(document_id, scope=scope)
        twins = self.catalog.twins([document_id], scope=scope)
        return Files([record.source for record in records], twins.get(document_id, ()))

    def twins_of(self, answer: Answer, *, scope: Scope) -> dict[str, tuple[Twin, ...]]:
        """Return the other files of the texts that an answer cites, by document id."""
        return self.catalog.twins((citation.document.document_id for citation in answer.citations), scope=scope)

    def texts_of(self, found: Iterable[tuple[object, DocumentSummary]], *, scope: Scope) -> dict[str, str]:
        """Return the canonical texts of the documents that facts were found in, by id."""
        ids = {document.document_id for _, document in found}
        return {document_id: self.catalog.text(document_id, scope=scope) for document_id in ids}

    def _document_of_file(self, path: Path) -> str | None:
        if not path.is_file():
            return None
        path = path.resolve()
        return next((r.document_id for r in self.catalog.sources().values() if r.path == path), None)
