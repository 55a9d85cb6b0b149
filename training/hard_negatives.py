"""Finds articles that look like the answer to a question and are not, to be told from those that are.

Other passages of a batch are too easy to tell apart: a search among 139,000 articles is lost to those of the same
matter. Half are found by the words (BM25 over pieces), half by the vectors of the moment, anew every so often
(Xiong et al. 2021).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from pairs import Passages
from scipy import sparse
from token_table import TokenTable

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Scorer = Callable[[sparse.csr_matrix], Floats]

_FOUND_EACH = 20
_K1, _B = 1.2, 0.75  # Robertson & Zaragoza 2009
_QUESTIONS_AT_ONCE = 128


class HardNegatives:
    """For each question the numbers of passages most like it that do not answer it."""

    def __init__(
        self, questions: TokenTable, passages: Passages, relevant: Sequence[frozenset[int]], pieces: int
    ) -> None:
        """Find them by words.

        Args:
            questions: The questions.
            passages: Where to look.
            relevant: Numbers of the passages that answer each question.
            pieces: Size of the vocabulary.
        """
        self._questions = _counts(questions, pieces)
        self._passages = _counts(passages.whole(), pieces)
        self._relevant = relevant
        weights = _bm25(self._passages).T.tocsr()
        self._by_words = self._most_alike(lambda part: np.asarray((part @ weights).toarray()))
        self._by_meaning: list[Ints] = [np.zeros(0, dtype=np.int64)] * len(relevant)

    def of(self, question: int) -> Ints:
        """Return numbers of passages."""
        return np.concatenate([self._by_words[question], self._by_meaning[question]])

    def renew(self, vectors: Floats) -> None:
        """Find those by meaning, with the given token vectors."""
        passages = np.ascontiguousarray(_unit(self._passages @ vectors).T)
        self._by_meaning = self._most_alike(lambda part: _unit(part @ vectors) @ passages)

    def _most_alike(self, score: Scorer) -> list[Ints]:
        found: list[Ints] = []
        most = max(map(len, self._relevant), default=0) + _FOUND_EACH
        for at in range(0, len(self._relevant), _QUESTIONS_AT_ONCE):
            for row in score(self._questions[at : at + _QUESTIONS_AT_ONCE]):
                best = _best(row, min(most, len(row)))
                right = self._relevant[len(found)]
                found.append(np.array([i for i in best.tolist() if i not in right][:_FOUND_EACH], dtype=np.int64))
        return found


def _best(row: Floats, count: int) -> Ints:
    top = np.argpartition(-row, count - 1)[:count]
    return np.asarray(top[np.lexsort((top, -row[top]))], dtype=np.int64)


def _counts(table: TokenTable, pieces: int) -> sparse.csr_matrix:
    ones = np.ones(len(table.ids), dtype=np.float32)
    # A copy: adding up duplicates sorts the ids in place, and the table's are others' too.
    counts = sparse.csr_matrix((ones, table.ids.copy(), table.offsets), shape=(len(table), pieces))
    counts.sum_duplicates()
    return counts


def _bm25(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    total, pieces = counts.shape
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    frequency = np.bincount(counts.indices, minlength=pieces)
    idf = np.log(1 + (total - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    normal = np.repeat(_K1 * (1 - _B + _B * lengths / lengths.mean()), np.diff(counts.indptr))
    weighted = counts.copy()
    weighted.data = (counts.data * (_K1 + 1) / (counts.data + normal) * idf[counts.indices]).astype(np.float32)
    return weighted


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
