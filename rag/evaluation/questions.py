"""Sets of questions to judge answers by (问答题集).

A file holds one question a line: ``id``, ``kind``, ``lang``, ``question``; ``documents``, paths that must be
cited, any one of them, or all for the kinds of ``ALL_CITED``; ``must``, lists of alternatives of which one each must appear
in the answer; ``must_not``, words that must not; ``history``, questions asked before it, oldest first; ``answerable``, without which the answer must be a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from rag.evaluation.rows import read_rows

ALL_CITED = frozenset({"cross", "compare", "list", "count", "disagreement"})
"""The kinds of question whose documents must all be cited."""


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
    history: tuple[str, ...] = ()


_question: TypeAdapter[JudgedQuestion] = TypeAdapter(JudgedQuestion)


def read_questions(path: Path) -> list[JudgedQuestion]:
    """Read a file of questions.

    Raises:
        InvalidRequest: It cannot be read, a line is not such a question, or an id comes twice; the message
            names file and line.
    """
    return read_rows(path, _question, lambda question: question.id, called="question")
