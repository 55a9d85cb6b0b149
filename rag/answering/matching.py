"""How strongly texts hold the words of a question (词语匹配): exactly, in part, by like meaning, by like sound."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.retrieval.search import Searcher
from rag.retrieval.topic import Term

# Likeness of two words, in standard deviations: none up to the first, as good as synonyms from the second. Of pairs of
# words in official texts one in 50 is above the first and one in 1,700 above the second; so they move with the encoder.
_UNLIKE = 2.8
_ALIKE = 7.3
_SOFT_SHARE = 0.8
_HOMOPHONE_SHARE = 0.8
_SHORT_SHARE = 0.8


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

    def prepare(self, texts: Iterable[str]) -> None:
        """Work out the strengths of many texts in one go; ``strengths`` of each then costs nothing.

        A call of the encoder and of numpy costs more than what it does for one sentence.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if not new or not self._terms:
            return
        cut = self._searcher.words_of(new)
        values = np.array([[self.exact(term, each.folded) for term in self._terms] for each in cut])
        for column in np.flatnonzero(self._unknown):
            short = [shortens(self._words[column], each.folded) for each in cut]
            values[:, column] = np.maximum(values[:, column], _SHORT_SHARE * np.array(short))
        wanting = [row for row in np.flatnonzero(values.min(axis=1) < 1) if cut[row].words]
        at = {word: row for row, word in enumerate(sorted({word for row in wanting for word in cut[row].words}))}
        if at:
            soft = self._soft(list(at))
            for row in wanting:
                held = soft[[at[word] for word in cut[row].words]].max(axis=0)
                values[row] = np.maximum(values[row], held)
        self._known.update(zip(new, values, strict=True))

    def strengths(self, text: str) -> NDArray[np.float64]:
        """Return one strength a term, ``(terms,) float``, 0..1; 1 means the word itself stands in ``text``."""
        if not self._terms:
            return np.zeros(0)
        if text not in self._known:
            self.prepare([text])
        return self._known[text]

    def _soft(self, words: Sequence[str]) -> NDArray[np.float64]:
        """Return how far each word stands for each term by like meaning or sound, ``(words, terms)``, 0..1."""
        likeness = self._searcher.likeness.word_likeness(self._words, words).T
        alike = np.where(self._is_opaque, 0, _SOFT_SHARE * np.clip((likeness - _UNLIKE) / (_ALIKE - _UNLIKE), 0, 1))
        if any(self._unknown):
            # Terms that no document holds and that sound like a word here (心里 for 心理).
            mine = [_sound(word) if unknown else "" for word, unknown in zip(self._words, self._unknown, strict=True)]
            theirs = [_sound(word) for word in words]
            same = np.array([[bool(sound) and sound == other for sound in mine] for other in theirs])
            alike = np.maximum(alike, _HOMOPHONE_SHARE * same)
        result: NDArray[np.float64] = alike.astype(np.float64)
        return result

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


def shortens(word: str, text: str) -> bool:
    """Whether a word is short for words of a text (简称): 镇街 for 镇（街道）, 社工站 for 社会工作站."""
    return re.search(r"[^，。；\n]{0,2}".join(map(re.escape, word)), text) is not None
