"""Answers judged on a set of questions (问答评测): status, required and forbidden words, citations.

A file holds one question a line: ``id``, ``kind``, ``lang``, ``question``; ``documents``, paths that must be
cited, any one of them, or all for kind ``cross``; ``must``, lists of alternatives of which one each must appear
in the answer; ``must_not``, words that must not; ``answerable``, without which the answer must be a refusal.
Words are compared without blanks and in one width.
"""

from __future__ import annotations

import hashlib
import json
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rag.answering.answerer import Answerer
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status
from rag.errors import InvalidRequest
from rag.evaluation.indexing import BUILT_FILE, CATALOG_FILE, clear, versions
from rag.evaluation.resources import percentile_ms
from rag.indexes.encoder import Encoder
from rag.indexes.generation import Generation
from rag.indexes.lock import writer_lock
from rag.ingest import IngestReport, Progress, ingest
from rag.retrieval.search import Searcher
from rag.retrieval.terms import TermTable, shipped_terms
from rag.store.records import Failure
from rag.store.repository import Catalog

CROSS = "cross"
"""The kind of question whose documents must all be cited."""

_WAIT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and what a right answer to it has; see the module."""

    id: str
    kind: str
    question: str
    answerable: bool
    lang: str = "zh"
    documents: tuple[str, ...] = ()
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one question.

    Attributes:
        reasons: Why it failed; empty when it passed.
        answer: The answer's text.
        cited: Sources cited, in order.
    """

    question: JudgedQuestion
    reasons: tuple[str, ...]
    answer: str
    cited: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        """Whether every rule holds."""
        return not self.reasons


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


_question: TypeAdapter[JudgedQuestion] = TypeAdapter(JudgedQuestion)


def read_questions(path: Path) -> list[JudgedQuestion]:
    """Read a file of questions.

    Raises:
        InvalidRequest: It cannot be read, a line is not such a question, or an id comes twice; the message
            names file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{path}: not UTF-8 text") from error
    except OSError as error:
        raise InvalidRequest(f"{path}: cannot be read: {error.strerror}") from error
    questions: dict[str, JudgedQuestion] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _question.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise InvalidRequest(f"{path}:{number}: {field + ': ' if field else ''}{first['msg']}") from error
        if question.id in questions:
            raise InvalidRequest(f"{path}:{number}: the id {question.id} comes twice")
        questions[question.id] = question
    if not questions:
        raise InvalidRequest(f"{path}: holds no question")
    return list(questions.values())


def judge(
    question: JudgedQuestion,
    answer: Answer,
    text_of: Callable[[str], str],
    files_of: Callable[[str], Iterable[str]] = lambda _: (),
) -> tuple[str, ...]:
    """Return why an answer is not right, nothing when it is.

    Args:
        question: What was asked, and what must be in the answer.
        answer: What came back.
        text_of: Gives a document's canonical text by its id.
        files_of: Gives the other files of that text, which count as cited with it.
    """
    expected = Status.ANSWERED if question.answerable else Status.NO_EVIDENCE
    reasons = [] if answer.status is expected else [f"status is {answer.status}, not {expected}"]
    said = _comparable(answer.text)
    reasons += [
        f"missing: {' | '.join(alternatives)}"
        for alternatives in question.must
        if not any(_comparable(words) in said for words in alternatives)
    ]
    reasons += [f"forbidden: {words}" for words in question.must_not if _comparable(words) in said]
    reasons += _uncited_documents(question, answer, files_of)
    reasons += _unfounded(answer, text_of)
    return tuple(reasons)


def evaluate_answers(
    folder: Path,
    questions: Path,
    *,
    cache_dir: Path,
    encoder: Encoder,
    load_terms: Callable[[], TermTable] = shipped_terms,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> AnswersReport:
    """Take a folder of documents into an index kept for it, ask every question and judge the answers.

    Args:
        folder: Of the documents; their sources are their paths below it.
        questions: The file of questions.
        cache_dir: Where indexes are kept.
        encoder: Makes the vectors.
        load_terms: Gives the English–Chinese terms; by default those of the package.
        on_progress: Told of stages ``files`` and ``index``.

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
        searcher = Searcher(catalog, Generation.open(index_dir, encoder.identity), encoder, load_terms)
        answerer = Answerer(catalog, searcher)
        text_of = lru_cache(maxsize=None)(lambda document_id: catalog.text(document_id, scope=scope))

        def files_of(document_id: str) -> list[str]:
            twins = catalog.twins([document_id], scope=scope).get(document_id, ())
            ids = (document_id, *(twin.document_id for twin in twins))
            return [record.source for each in ids for record in catalog.sources_of(each, scope=scope)]

        answerer.answer(asked[0].question, scope=scope)  # unmeasured: the first one loads dictionaries
        answers: list[Answer] = []
        seconds: list[float] = []
        for question in asked:
            started = time.perf_counter()
            answers.append(answerer.answer(question.question, scope=scope))
            seconds.append(time.perf_counter() - started)
        verdicts = tuple(
            Verdict(
                question,
                judge(question, answer, text_of, files_of),
                answer.text,
                tuple(dict.fromkeys(citation.document.source for citation in answer.citations)),
            )
            for question, answer in zip(asked, answers, strict=True)
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


def _comparable(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


def _uncited_documents(
    question: JudgedQuestion, answer: Answer, files_of: Callable[[str], Iterable[str]]
) -> Sequence[str]:
    if not question.answerable or not question.documents:
        return []
    documents = {citation.document.document_id: citation.document.source for citation in answer.citations}
    cited = {source for document_id, first in documents.items() for source in (first, *files_of(document_id))}
    missing = [source for source in question.documents if source not in cited]
    if question.kind == CROSS:
        return [f"not cited: {source}" for source in missing]
    return [] if len(missing) < len(question.documents) else [f"cited none of: {', '.join(question.documents)}"]


def _unfounded(answer: Answer, text_of: Callable[[str], str]) -> list[str]:
    reasons = [
        f"citation [{c.id}] is not the text of {c.document.source} at {c.span.start}:{c.span.end}"
        for c in answer.citations
        if c.span.of(text_of(c.document.document_id)) != c.quote
    ]
    if answer.status is Status.ANSWERED and not answer.statements:
        reasons.append("answered without a statement")
    ids = {citation.id for citation in answer.citations}
    reasons += [
        f"statement {position} has no citation, or one that does not exist"
        for position, statement in enumerate(answer.statements, 1)
        if not statement.citations or not ids.issuperset(statement.citations)
    ]
    return reasons
