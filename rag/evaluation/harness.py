"""Retrieval measured on a judged collection (检索评测), through the same search that answers users."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.domain.access import Scope
from rag.errors import InvalidRequest
from rag.evaluation.beir import BeirFolder, Qrels, draw, read_qrels, read_queries
from rag.evaluation.indexing import BuiltIndex, build_index
from rag.evaluation.measures import Scores, measure, measures_named
from rag.evaluation.resources import peak_memory_mb, percentile_ms
from rag.evaluation.runs import RankedQuery
from rag.evaluation.significance import Interval, interval
from rag.indexes.encoder import Encoder
from rag.indexes.generation import Generation
from rag.ingest import Progress
from rag.retrieval.rerank import Reranker
from rag.retrieval.search import Searcher
from rag.retrieval.terms import TermTable, shipped_terms
from rag.store.repository import CATALOG_FILE, Catalog

DOCUMENTS_A_QUERY = 100

# As many as the search brings to its fusion anyway, so that these hits stand in the order a user gets them.
_PASSAGES = 200
_MOST_PASSAGES = 3_200

_PROGRESS_EVERY = 20


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """How well and how fast a collection is searched.

    Attributes:
        collection: Name of its folder.
        encoder: Identity of what made the vectors.
        index: The index that was searched.
        scores: The measures, query by query.
        ranked: What was found, query by query.
        queries_per_second: One query after the other.
        p50_ms: Median time of a search, in milliseconds.
        p95_ms: 95th percentile of the same.
        peak_memory_mb: Most memory of this process so far; ``None`` where the system does not tell.
    """

    collection: str
    encoder: str
    index: BuiltIndex
    scores: Scores
    ranked: tuple[RankedQuery, ...]
    queries: int
    queries_per_second: float
    p50_ms: float
    p95_ms: float
    peak_memory_mb: float | None

    @property
    def intervals(self) -> dict[str, Interval]:
        """By measure, where its mean over all such queries lies with 95 % confidence."""
        return {name: interval(list(values.values())) for name, values in self.scores.by_query.items()}

    def as_json(self) -> dict[str, object]:
        """Return the report as one JSON object, without the values of single queries."""
        return {
            **{name: round(value, 5) for name, value in self.scores.means.items()},
            "interval_95": {name: [round(bound, 5) for bound in found] for name, found in self.intervals.items()},
            "queries/s": self.queries_per_second,
            "p50_ms": self.p50_ms,
            "p95_ms": self.p95_ms,
            "collection": self.collection,
            "queries": self.queries,
            "documents": self.index.documents,
            "left_out": self.index.left_out,
            "passages": self.index.passages,
            "indexing_seconds": self.index.seconds,
            "indexing_peak_memory_mb": self.index.peak_memory_mb,
            "index_reused": self.index.is_reused,
            "peak_memory_mb": self.peak_memory_mb,
        }


def evaluate_retrieval(
    folder: Path,
    *,
    cache_dir: Path,
    encoder: Encoder,
    load_terms: Callable[[], TermTable] = shipped_terms,
    reranker: Reranker | None = None,
    queries: Path | None = None,
    qrels: Path | None = None,
    more_measures: Sequence[str] = (),
    depth: int = DOCUMENTS_A_QUERY,
    sample: int | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> RetrievalReport:
    """Index a collection, or take the index kept from the last run, and search it with every judged query.

    Passages found are grouped by document, the best one standing for it.
    Queries without a relevant document, and judgements without a query, are left out.

    Args:
        folder: In BEIR layout.
        cache_dir: Where indexes are kept.
        encoder: Makes the vectors.
        load_terms: Gives the English–Chinese terms; by default those of the package.
        reranker: Puts the best passages in order, if there is one.
        queries: Taken instead of the folder's own.
        qrels: Likewise.
        more_measures: Besides the five, by their names in ``ir-measures``.
        depth: Most documents ranked a query.
        sample: Ask no more than so many of the queries, always the same ones.
        on_progress: Told of stages ``files``, ``index`` and ``queries``.

    Raises:
        InvalidRequest: Files are missing or faulty, a measure is unknown, no query is judged, or the search
            refuses a query.
    """
    measures = measures_named(more_measures, depth=depth)
    files = BeirFolder.find(folder, queries=queries, qrels=qrels)
    asked, judged = _judged(read_queries(files.queries), read_qrels(files.qrels), files)
    if sample is not None:
        asked = {query_id: asked[query_id] for query_id in draw(asked, sample)}
        judged = {query_id: judged[query_id] for query_id in asked}
    index = build_index(files.corpus, cache_dir, encoder, on_progress)
    with opened(index, encoder, load_terms=load_terms, reranker=reranker) as (searcher, row_ids):
        run, seconds = _run(searcher, asked, row_ids, depth, on_progress)
    scores = measure(judged, run, measures)
    return RetrievalReport(
        collection=folder.resolve().name,
        encoder=encoder.identity,
        index=index,
        scores=scores,
        ranked=tuple(
            RankedQuery(
                id=query_id,
                text=text,
                relevant=judged[query_id],
                documents=tuple(run[query_id]),
                measures={name: values[query_id] for name, values in scores.by_query.items()},
                seconds=round(taken, 6),
            )
            for (query_id, text), taken in zip(asked.items(), seconds, strict=True)
        ),
        queries=len(run),
        queries_per_second=round(len(seconds) / max(sum(seconds), 1e-9), 1),
        p50_ms=percentile_ms(seconds, 50),
        p95_ms=percentile_ms(seconds, 95),
        peak_memory_mb=peak_memory_mb(),
    )


@contextmanager
def opened(
    index: BuiltIndex,
    encoder: Encoder,
    *,
    load_terms: Callable[[], TermTable] = shipped_terms,
    reranker: Reranker | None = None,
) -> Iterator[tuple[Searcher, Mapping[str, str]]]:
    """Give a search of a kept index, and the ids in the collection by document id."""
    with Catalog.open(index.folder / CATALOG_FILE, read_only=True) as catalog:
        generation = Generation.open(index.folder, encoder.identity)
        searcher = Searcher(catalog, generation, encoder, load_terms, reranker=reranker)
        yield searcher, {record.document_id: source for source, record in catalog.sources().items()}


def rank_documents(
    searcher: Searcher, query: str, row_ids: Mapping[str, str], *, wanted: int = DOCUMENTS_A_QUERY
) -> tuple[list[str], float]:
    """Return the ids of the best documents for a query, and the seconds that the search took.

    Args:
        searcher: Of the index.
        query: Its words.
        row_ids: Id in the collection by document id.
        wanted: Most documents to return. Where the first passages come from fewer, more are asked for; what
            they add goes below, and the time for it is not counted.
    """
    started = time.perf_counter()
    hits = searcher.search_text(query, scope=Scope.everything(), top_k=_PASSAGES)
    seconds = time.perf_counter() - started
    found = dict.fromkeys(hit.passage.document_id for hit in hits)
    asked = _PASSAGES
    while len(found) < wanted and len(hits) == asked < _MOST_PASSAGES:
        asked *= 4
        hits = searcher.search_text(query, scope=Scope.everything(), top_k=asked)
        found |= dict.fromkeys(hit.passage.document_id for hit in hits)
    return [row_ids[document_id] for document_id in found][:wanted], seconds


def _run(
    searcher: Searcher,
    queries: Mapping[str, str],
    row_ids: Mapping[str, str],
    depth: int,
    on_progress: Callable[[Progress], None],
) -> tuple[dict[str, list[str]], list[float]]:
    # Once unmeasured: the first search of a process loads dictionaries.
    rank_documents(searcher, next(iter(queries.values())), row_ids)
    run: dict[str, list[str]] = {}
    seconds: list[float] = []
    for number, (query_id, text) in enumerate(queries.items(), 1):
        run[query_id], taken = rank_documents(searcher, text, row_ids, wanted=depth)
        seconds.append(taken)
        if number % _PROGRESS_EVERY == 0 or number == len(queries):
            on_progress(Progress("queries", number, len(queries)))
    return run, seconds


def _judged(queries: dict[str, str], qrels: Qrels, files: BeirFolder) -> tuple[dict[str, str], Qrels]:
    judged = {
        query_id: grades
        for query_id, grades in qrels.items()
        if query_id in queries and max(grades.values(), default=0) > 0
    }
    if not judged:
        raise InvalidRequest(f"{files.qrels.name} names no relevant document for any query of {files.queries.name}")
    return {query_id: text for query_id, text in queries.items() if query_id in judged}, judged
