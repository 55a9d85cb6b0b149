"""What is taken as a question (提问的限度): not an empty one, not a whole document, and no longer a history than a talk."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.conversation import MOST_BEFORE
from rag.errors import InvalidRequest

QUESTION_CHARACTERS = 2_000
"""Longest question taken; longer text is a document, not a question."""


def check_question(text: str) -> None:
    """Refuse a question that is no question.

    Raises:
        InvalidRequest: It is empty or too long.
    """
    if not text.strip():
        raise InvalidRequest("the question is empty (问题为空)")
    if len(text) > QUESTION_CHARACTERS:
        raise InvalidRequest(f"the question has {len(text):,} characters; at most {QUESTION_CHARACTERS:,} are taken")


def check_history(history: Sequence[str]) -> None:
    """Refuse a history that is longer than a conversation of questions.

    Raises:
        InvalidRequest: It holds more than ``MOST_BEFORE`` questions, or one that is none.
    """
    if len(history) > MOST_BEFORE:
        raise InvalidRequest(f"the history has {len(history)} questions; at most {MOST_BEFORE} are taken")
    for asked in history:
        check_question(asked)
