"""Answers judged (评卷): status, required and forbidden words, citations; and what changed between two runs.

Words are compared without blanks and in one width.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from rag.domain.answer import Answer, Status
from rag.errors import InvalidRequest
from rag.evaluation.questions import ALL_CITED, JudgedQuestion
from rag.evaluation.rows import read_rows, write_rows
from rag.evaluation.significance import Comparison, compare


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one question.

    Attributes:
        reasons: Why it failed; empty when it passed.
        answer: The answer's text.
        cited: Sources cited, in order.
        first_found: Source of the first passage that the search finds; ``None`` when it finds none.
        is_first_right: Whether that one is of a right document; ``None`` where no document is named as right.
        seconds: That the answer took.
    """

    question: JudgedQuestion
    reasons: tuple[str, ...]
    answer: str
    cited: tuple[str, ...]
    first_found: str | None = None
    is_first_right: bool | None = None
    seconds: float = 0.0

    @property
    def has_passed(self) -> bool:
        """Whether every rule holds."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Changes:
    """How a run over a set of questions differs from another.

    Attributes:
        passed_now: Questions that failed before.
        failed_now: Questions that passed before.
        added: Ids of questions that the other run did not ask.
        dropped: Ids of questions that only the other asked.
        comparison: Of the share that passed, over the questions that both asked.
    """

    passed_now: tuple[Verdict, ...]
    failed_now: tuple[Verdict, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    comparison: Comparison

    def as_json(self) -> dict[str, object]:
        """Return the changes as one JSON object, questions by their ids."""
        return {
            "passed_now": [verdict.question.id for verdict in self.passed_now],
            "failed_now": [verdict.question.id for verdict in self.failed_now],
            "added": list(self.added),
            "dropped": list(self.dropped),
            "passed": asdict(self.comparison),
        }


_verdict: TypeAdapter[Verdict] = TypeAdapter(Verdict)


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


def read_verdicts(path: Path) -> list[Verdict]:
    """Read a run that ``write_verdicts`` wrote.

    Raises:
        InvalidRequest: It cannot be read, or is not such a file.
    """
    return read_rows(path, _verdict, lambda verdict: verdict.question.id, called="question")


def write_verdicts(path: Path, verdicts: Iterable[Verdict]) -> None:
    """Write a run, one verdict a line.

    Raises:
        InvalidRequest: The file cannot be written.
    """
    write_rows(path, _verdict, verdicts)


def changes(before: Sequence[Verdict], after: Sequence[Verdict]) -> Changes:
    """Say which questions came out otherwise than before.

    Raises:
        InvalidRequest: The two runs share no question.
    """
    first, second = ({verdict.question.id: verdict for verdict in run} for run in (before, after))
    shared = [question_id for question_id in second if question_id in first]
    if not shared:
        raise InvalidRequest("the two runs share no question")
    turned = [second[each] for each in shared if first[each].has_passed != second[each].has_passed]
    return Changes(
        passed_now=tuple(verdict for verdict in turned if verdict.has_passed),
        failed_now=tuple(verdict for verdict in turned if not verdict.has_passed),
        added=tuple(question_id for question_id in second if question_id not in first),
        dropped=tuple(question_id for question_id in first if question_id not in second),
        comparison=compare(*({each: float(run[each].has_passed) for each in shared} for run in (first, second))),
    )


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
    if question.kind in ALL_CITED:
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
