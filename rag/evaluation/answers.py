"""Questions asked of a folder of documents, and the answers judged (问答评测)."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from rag.answering.answerer import Answerer
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.errors import InvalidRequest
from rag.evaluation.indexing import BUILT_FILE, clear, versions
from rag.evaluation.judging import Verdict, judge
from rag.evaluation.questions import JudgedQuestion, read_questions
from rag.evaluation.resources import percentile_ms
from rag.indexes.encoder import Encoder
from rag.indexes.generation import Generation
from rag.indexes.lock import writer_lock
from rag.ingest import IngestReport, Progress, ingest
from rag.retrieval.rerank import Reranker
from rag.retrieval.search import Searcher
from rag.retrieval.terms import TermTable, shipped_terms
from rag.store.records import Failure
from rag.store.repository import CATALOG_FILE, Catalog

_WAIT_SECONDS = 600.0
_PROGRESS_EVERY = 10


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many questions of a kind there are, and how many passed."""

    kind: str
    passed: int
    total: int


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """How a set of questions was answered.

    Attributes:
        questions: Name of the file.
        documents: Documents they were answered from.
        not_taken_in: Files of the folder that the ingest refused.
        verdicts: In the order of the file.
        citations: Citations of all answers.
        exact_citations: Those of them whose quote is the document's text at its span.
        p50_ms: Median time of an answer, in milliseconds.
        p95_ms: 95th percentile of the same.
    """

    questions: str
    documents: int
    not_taken_in: tuple[Failure, ...]
    verdicts: tuple[Verdict, ...]
    citations: int
    exact_citations: int
    p50_ms: float
    p95_ms: float

    @property
    def passed(self) -> int:
        """How many questions passed."""
        return sum(verdict.has_passed for verdict in self.verdicts)

    @property
    def located(self) -> int:
        """How many questions name right documents."""
        return sum(verdict.is_first_right is not None for verdict in self.verdicts)

    @property
    def first_right(self) -> int:
        """Of how many of those the first passage found is of a right document."""
        return sum(verdict.is_first_right is True for verdict in self.verdicts)

    @property
    def by_kind(self) -> tuple[KindCount, ...]:
        """Counts by kind, in the order in which the kinds first come."""
        kinds = dict.fromkeys(verdict.question.kind for verdict in self.verdicts)
        return tuple(
            KindCount(
                kind,
                sum(v.has_passed for v in self.verdicts if v.question.kind == kind),
                sum(v.question.kind == kind for v in self.verdicts),
            )
            for kind in kinds
        )

    def as_json(self) -> dict[str, object]:
        """Return the report as one JSON object, with the questions that failed."""
        return {
            "questions": self.questions,
            "passed": self.passed,
            "total": len(self.verdicts),
            "by_kind": {count.kind: {"passed": count.passed, "total": count.total} for count in self.by_kind},
            "first_right": self.first_right,
            "located": self.located,
            "citations": self.citations,
            "exact_citations": self.exact_citations,
            "p50_ms": self.p50_ms,
            "p95_ms": self.p95_ms,
            "documents": self.documents,
            "not_taken_in": [asdict(failure) for failure in self.not_taken_in],
            "failures": [
                {
                    "id": v.question.id,
                    "kind": v.question.kind,
                    "question": v.question.question,
                    "reasons": list(v.reasons),
                    "answer": v.answer,
                    "cited": list(v.cited),
                }
                for v in self.verdicts
                if not v.has_passed
            ],
        }


def evaluate_answers(
    folder: Path,
    questions: Path,
    *,
    cache_dir: Path,
    encoder: Encoder,
    load_terms: Callable[[], TermTable] = shipped_terms,
    judging: Encoder | None = None,
    reranker: Reranker | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> AnswersReport:
    """Take a folder of documents into an index kept for it, ask every question and judge the answers.

    Args:
        folder: Of the documents; their sources are their paths below it.
        questions: The file of questions.
        cache_dir: Where indexes are kept.
        encoder: Makes the vectors.
        load_terms: Gives the English–Chinese terms; by default those of the package.
        judging: See ``Searcher``.
        reranker: Puts the best passages in order, if there is one.
        on_progress: Told of stages ``files``, ``index`` and ``questions``.

    Raises:
        InvalidRequest: The folder is missing, or the file of questions is missing or faulty.
        IndexLocked: Another process has been writing to the kept index for ten minutes.
    """
    asked = read_questions(questions)
    if not folder.is_dir():
        raise InvalidRequest(f"{folder}: no such folder")
    resolved = folder.resolve()
    index_dir = cache_dir / f"answers-{resolved.name}-{hashlib.sha256(str(resolved).encode()).hexdigest()[:8]}"
    taken_in = _take_in(resolved, index_dir, encoder, on_progress)
    scope = Scope.everything()
    with Catalog.open(index_dir / CATALOG_FILE, read_only=True) as catalog:
        generation = Generation.open(index_dir, encoder.identity)
        searcher = Searcher(catalog, generation, encoder, load_terms, judging=judging, reranker=reranker)
        answerer = Answerer(catalog, searcher)
        text_of = lru_cache(maxsize=None)(lambda document_id: catalog.text(document_id, scope=scope))

        def files_of(document_id: str) -> list[str]:
            twins = catalog.twins([document_id], scope=scope).get(document_id, ())
            ids = (document_id, *(twin.document_id for twin in twins))
            return [record.source for each in ids for record in catalog.sources_of(each, scope=scope)]

        answers, seconds = _answered(asked, answerer, scope, on_progress)
        verdicts = tuple(
            Verdict(
                question,
                judge(question, answer, text_of, files_of),
                answer.text,
                tuple(dict.fromkeys(citation.document.source for citation in answer.citations)),
                *_first_found(question, searcher, files_of),
                seconds=round(taken, 6),
            )
            for question, answer, taken in zip(asked, answers, seconds, strict=True)
        )
        citations = [citation for answer in answers for citation in answer.citations]
        exact = sum(c.span.of(text_of(c.document.document_id)) == c.quote for c in citations)
    return AnswersReport(
        questions=questions.name,
        documents=taken_in.documents,
        not_taken_in=tuple(taken_in.failed),
        verdicts=verdicts,
        citations=len(citations),
        exact_citations=exact,
        p50_ms=percentile_ms(seconds, 50),
        p95_ms=percentile_ms(seconds, 95),
    )


def _answered(
    asked: Sequence[JudgedQuestion], answerer: Answerer, scope: Scope, on_progress: Callable[[Progress], None]
) -> tuple[list[Answer], list[float]]:
    """Return the answers, and how long each took in seconds."""
    answerer.answer(asked[0].question, scope=scope)  # unmeasured: the first one loads dictionaries
    answers: list[Answer] = []
    seconds: list[float] = []
    for question in asked:
        started = time.perf_counter()
        answers.append(answerer.answer(question.question, scope=scope, history=question.history))
        seconds.append(time.perf_counter() - started)
        if len(answers) % _PROGRESS_EVERY == 0 or len(answers) == len(asked):
            on_progress(Progress("questions", len(answers), len(asked)))
    return answers, seconds


def _first_found(
    question: JudgedQuestion, searcher: Searcher, files_of: Callable[[str], Iterable[str]]
) -> tuple[str | None, bool | None]:
    """Return the source of the first passage found, and whether it is a right document."""
    scope = Scope.everything()
    hits = searcher.search_text(question.question, scope=scope, top_k=1)
    ids = [hit.passage.document_id for hit in hits]
    source = next((found.source for found in searcher.summaries(ids, scope=scope).values()), None)
    if not question.answerable or not question.documents:
        return source, None
    return source, any(name in question.documents for each in ids for name in (source, *files_of(each)))


def _take_in(folder: Path, index_dir: Path, encoder: Encoder, on_progress: Callable[[Progress], None]) -> IngestReport:
    with writer_lock(index_dir, wait_seconds=_WAIT_SECONDS):
        stamp = index_dir / BUILT_FILE
        current = {"versions": versions(encoder)}
        if not _says(stamp, current):
            clear(index_dir)
        with Catalog.open(index_dir / CATALOG_FILE) as catalog:
            report = ingest(
                [folder], catalog=catalog, encoder=encoder, index_dir=index_dir, prune=True, on_progress=on_progress
            )
        stamp.write_text(json.dumps(current) + "\n", encoding="utf-8")
        return report


def _says(stamp: Path, content: Mapping[str, str]) -> bool:
    try:
        return bool(json.loads(stamp.read_text(encoding="utf-8")) == content)
    except (FileNotFoundError, ValueError):
        return False
