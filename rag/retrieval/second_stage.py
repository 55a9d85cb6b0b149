"""Second stage (精排): what only the text of a passage tells, for the best candidates of the fusion.

Three parts, each 0..1, weighed together with those of the fusion (``FusionWeights``):

- ``words``: how much of the question's words, by how telling they are, stands in the passage. BM25 counts how often a
  word comes; an answer has all of them once.
- ``window``: how much of the question's pairs of characters stands within a few lines of it. Words of one
  question that are scattered over a passage belong to different matters.
- ``brevity``: how short the document is. A long one holds any word; of two that fit alike, the one that is
  about nothing else is meant. BM25 does not punish length as much as titles of citizens' messages want.

Nothing is learned here but the weights; see ``training/tune_ranking.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.text import fold_all

JUDGED = 30
"""Candidates whose text is read and judged. 50 give .0005 nDCG@10 more on policy questions, and cost 1.5 ms more."""

WINDOW_CHARACTERS = 50

# Of one pair in one passage; more of the same tell nothing new.
_MOST_OCCURRENCES = 8

# So many passages and more are no brief document.
_LONG_DOCUMENT_PASSAGES = 100

Rows = NDArray[np.int64]


class Wanted(NamedTuple):
    """What a passage is looked through for.

    Attributes:
        words: Words of the question, folded, each with others that count as the same, and how telling it is, above 0.
        pairs: Pairs of characters, words and numbers of the question, and how telling each is, above 0.
    """

    words: Sequence[tuple[Sequence[str], float]]
    pairs: Mapping[str, float]


class Closeness(NamedTuple):
    """How near a passage's text is to a question; both 0..1."""

    words: float
    window: float


def closeness(texts: Sequence[str], wanted: Wanted) -> list[Closeness]:
    """Judge the texts of passages, in the order given."""
    if not texts:
        return []
    all_words = sum(weight for _, weight in wanted.words)
    all_pairs = sum(wanted.pairs.values())
    return [
        Closeness(
            words=sum(weight for words, weight in wanted.words if any(word in text for word in words)) / all_words
            if all_words
            else 0.0,
            window=_densest(text, wanted.pairs) / all_pairs if all_pairs else 0.0,
        )
        for text in fold_all(texts)
    ]


def _densest(text: str, pairs: Mapping[str, float]) -> float:
    """Return the most weight of different pairs that start within ``WINDOW_CHARACTERS`` of each other."""
    places = sorted((at, pair) for pair in pairs for at in _occurrences(text, pair))
    inside: dict[str, int] = {}
    weight = most = 0.0
    first = 0
    for at, pair in places:
        count = inside.get(pair, 0)
        inside[pair] = count + 1
        if not count:
            weight += pairs[pair]
        while at - places[first][0] > WINDOW_CHARACTERS:
            left = places[first][1]
            inside[left] -= 1
            if not inside[left]:
                weight -= pairs[left]
            first += 1
        most = max(most, weight)
    return most


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = -1
    for _ in range(_MOST_OCCURRENCES):
        at = text.find(words, at + 1)
        if at < 0:
            return
        yield at


class Brevity:
    """How short documents are, by how many passages they were cut into."""

    def __init__(self, documents: Rows, passages: Rows) -> None:
        """Take the lengths.

        Args:
            documents: Row numbers, ascending.
            passages: How many passages each has.
        """
        self._documents, self._passages = documents, passages

    def of(self, documents: Rows) -> NDArray[np.float64]:
        """Return 1 for a document of one passage, less the longer it is, 0 from ``_LONG_DOCUMENT_PASSAGES`` on."""
        passages = self._passages[np.searchsorted(self._documents, documents)]
        result: NDArray[np.float64] = np.maximum(0.0, 1 - np.log(passages) / np.log(_LONG_DOCUMENT_PASSAGES))
        return result
