"""The run of clauses that answers (答案片段): contiguous words of one document, chosen clause by clause.

Each clause (小句) has its odds of belonging to the answer; the run is the one with the greatest expected overlap with it
(F-measure maximisation, Jansche 2007). ``training/fit_clauses.py`` fits the model that gives the odds, and the lengths
expected, to questions of our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.answering.clause_features import asks_name, judge_clauses
from rag.answering.clause_model import clause_logits
from rag.answering.clauses import Sentence, read_sentences
from rag.answering.intent import Intent, Reading
from rag.domain.passage import Passage
from rag.domain.span import Span
from rag.retrieval.question import Question

MOST_CHARACTERS = 300
"""Most characters of a run; one clause is always given."""

# How many characters an answer of a kind is expected to have beside those chosen: more of them, longer runs.
EXPECTED: Mapping[Intent, int] = {Intent.HOW: 70, Intent.FIGURE: 22, Intent.TIME: 8, Intent.WHERE: 32}
EXPECTED_OTHERWISE = 70
EXPECTED_NAME = 14
"""Where one name is asked for: 由谁, 哪家企业, 什么平台."""

SHARPNESS = 1.0

_LOOSE_END = re.compile(r"[\s，；、：,;:]+$")


class Window(NamedTuple):
    """A run of clauses.

    Attributes:
        span: Where it stands in the document's text; neither begins nor ends with blanks or a comma.
        passage: The passage that it stands in or follows.
    """

    span: Span
    passage: Passage


def best_window(
    question: Question,
    reading: Reading,
    found: Sequence[tuple[Passage, float]],
    text: str,
) -> Window | None:
    """Return the run of clauses of one document that answers best, ``None`` when there is nothing to choose from.

    Args:
        question: The question.
        reading: Its intent.
        found: Passages of the document with the search's scores, 0..1, best first.
        text: The document's canonical text.
    """
    read = read_sentences(found, text)
    if not any(sentence.clauses for sentence in read):
        return None
    logits = clause_logits(judge_clauses(question, reading, read, text))
    return choose_window(read, logits, expected_length(question, reading.intent), text)


def expected_length(question: Question, intent: Intent) -> int:
    """Return how many characters beside those chosen an answer is expected to have."""
    if intent is Intent.FACT and asks_name(question):
        return EXPECTED_NAME
    return EXPECTED.get(intent, EXPECTED_OTHERWISE)


def choose_window(read: Sequence[Sentence], logits: NDArray[np.floating], expected: int, text: str) -> Window | None:
    """Return the run with the greatest expected overlap with the answer.

    Args:
        read: From ``read_sentences``, with one clause at least.
        logits: The log odds of each clause, in order.
        expected: From ``expected_length``.
        text: The document's canonical text.
    """
    homes = [sentence for sentence in read for _ in sentence.clauses]
    clauses = [clause for sentence in read for clause in sentence.clauses]
    sizes = [len("".join(clause.of(text).split())) for clause in clauses]
    gains = np.exp(SHARPNESS * (logits - logits.max())) * sizes
    first, last = _best_run([home.region for home in homes], sizes, gains.tolist(), expected)
    while first < last and clauses[first].of(text).rstrip().endswith(("？", "?")):
        first += 1
    span = _trimmed(text, Span(clauses[first].start, clauses[last].end))
    return Window(span, homes[first].passage) if len(span) else None


def _best_run(regions: Sequence[int], sizes: Sequence[int], gains: Sequence[float], expected: float) -> tuple[int, int]:
    """Return the first and last clause of the run with the greatest expected F-measure, the first of equals."""
    best, run = -1.0, (0, 0)
    for first in range(len(sizes)):
        gain = 0.0
        length = 0
        for last in range(first, len(sizes)):
            gain += gains[last]
            length += sizes[last]
            if regions[last] != regions[first] or (length > MOST_CHARACTERS and last > first):
                break
            measure = 2 * gain / (length + expected)
            if measure > best:
                best, run = measure, (first, last)
    return run


def _trimmed(text: str, span: Span) -> Span:
    words = span.of(text)
    start = len(words) - len(words.lstrip())
    end = _LOOSE_END.search(words, start)
    return Span(start, end.start() if end else len(words)).shift(span.start)
