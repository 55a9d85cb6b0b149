"""How strongly texts hold the words of a question (词语匹配): exactly, in part, by like meaning, by like sound."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import rjieba
from numpy.typing import NDArray

from rag.retrieval.search import Searcher
from rag.retrieval.topic import Term
from rag.text import fold, squeeze

# Likeness of two words, in standard deviations: none up to the first, as good as synonyms from the second. Of pairs of
# words in official texts one in 50 is above the first and one in 1,700 above the second; so they move with the encoder.
_UNLIKE = 2.8
_ALIKE = 7.3
_SOFT_SHARE = 0.8
_HOMOPHONE_SHARE = 0.8


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    """Return a word's pinyin without tones."""
    from pypinyin import lazy_pinyin  # its dictionaries take a while; few questions need them

    return " ".join(lazy_pinyin(word))


class TermMatcher:
    """Tells how strongly a text holds each term: exactly, in part, or by a word of like meaning."""

    def __init__(self, terms: Sequence[Term], searcher: Searcher) -> None:
        self._terms = terms
        self._searcher = searcher
        self._words = [term.alternatives[0] for term in terms]
        self._unknown = [len(w) > 1 and not w.isascii() and not searcher.knows(w) for w in self._words]
        # Letters that nothing translates and no document holds: their likeness to a rare word is chance.
        self._is_opaque = np.array([w.isascii() and not searcher.knows(w) for w in self._words], dtype=bool)
        self._known: dict[str, NDArray[np.float64]] = {}

    def strengths(self, text: str) -> NDArray[np.float64]:
        """Return one strength a term, ``(terms,) float``, 0..1; 1 means the word itself stands in ``text``."""
        if not self._terms:
            return np.zeros(0)
        if text in self._known:
            return self._known[text]
        folded = squeeze(fold(text))
        values = np.array([self.exact(term, folded) for term in self._terms])
        if folded and (values < 1).any():
            words = sorted({word for word in rjieba.cut(folded) if len(word) > 1})
            if words:
                likeness = self._searcher.word_likeness(self._words, words).max(axis=1)
                alike = np.clip((likeness - _UNLIKE) / (_ALIKE - _UNLIKE), 0, 1)
                values = np.maximum(values, np.where(self._is_opaque, 0, _SOFT_SHARE * alike))
                values = np.maximum(values, self._homophones(words))
        self._known[text] = values
        return values

    def _homophones(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return strengths of terms that no document holds and that sound like a word here (心里 for 心理)."""
        if not any(self._unknown):
            return np.zeros(len(self._words))
        sounds = {_sound(word) for word in words}
        return np.array(
            [
                _HOMOPHONE_SHARE if unknown and _sound(word) in sounds else 0.0
                for word, unknown in zip(self._words, self._unknown, strict=True)
            ]
        )

    @staticmethod
    def exact(term: Term, folded: str) -> float:
        """Return how much of a term's words stands in folded text, 0..1."""
        best = 0.0
        for rank, word in enumerate(term.alternatives):
            if word in folded:
                return 1.0 if rank == 0 else max(best, 0.9)
            if len(word) >= 3 and not word.isascii():
                pairs = [word[i : i + 2] for i in range(len(word) - 1)]
                best = max(best, 0.8 * sum(pair in folded for pair in pairs) / len(pairs))
        return best
