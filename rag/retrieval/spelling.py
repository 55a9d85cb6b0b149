"""Slips of the input method (同音错字): a character that should be another of the same sound, as 心里健康 for 心理健康.

The noisy-channel model (Kernighan, Church & Gale 1990), with the index itself as the language: how often two characters
stand together in it says whether the text was meant so, and the segmenter's dictionary says whether words come of it.
A pair of characters that the documents hardly hold must become one that they hold well; whatever they know is left as it
is, and so are names, numbers and the small words of grammar. Of 2,400 questions as people wrote them it changes 1 in 140,
a part of which are slips; of 900 with one homophone put in it mends 55 in 100, and takes 1 in 75 for another word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import rjieba

from rag.retrieval.readings import homophones

_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")

# Pairs of characters in so few entries are hardly known, in so many well known.
_HARDLY = 2
_WELL = 10

# What stands for no occurrence at all.
_SMOOTHING = 0.2
_SMOOTHING_OF_CHARACTERS = 5

# Natural logarithms: how much likelier the text must become in the index, and with the dictionary's share of it.
_LEAST_IN_INDEX = 2.0
_LEAST = 7.0
_SHARE_OF_DICTIONARY = 0.5

# The dictionary is asked about so many characters on each side.
_AROUND = 5
_WORDS_IN_DICTIONARY = 60_101_967  # the sum of its counts
_COUNT_OF_UNKNOWN = 0.1

# Most characters mended in one question; more is another language, or nonsense.
_MOST = 3

# Grammar and numerals, which stand beside anything.
_SMALL_WORDS = frozenset(
    "的是给没何与以由也为在于及即和了着过地得有无不一二三四五六七八九十百千万几个上下中里外前后内这那哪其此本该各每将把被让对从到向"
    "而且或但若如要会能可请您你我他她它们吗呢吧啊呀么什怎"
)
_NAMES = ("nr", "ns", "nt")


@dataclass(frozen=True, slots=True)
class Slip:
    """A word that was probably meant otherwise.

    Attributes:
        at: Offset of the character in the text.
        written: The word as written.
        meant: The word as meant.
    """

    at: int
    written: str
    meant: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its slips mended; of the same length as it was."""

    text: str
    slips: tuple[Slip, ...]


class SpellChecker:
    """Mends texts by what one index holds."""

    def __init__(self, frequency: Callable[[str], int]) -> None:
        """Take the index's word for what is known.

        Args:
            frequency: In how many entries a character, or a pair of them, stands.
        """
        self._frequency = lru_cache(maxsize=50_000)(frequency)

    def mend(self, text: str) -> Mended | None:
        """Return ``text`` with what looks like a slip put right; ``None`` when nothing does.

        Args:
            text: Folded; what must stay as it is (places, 文号) is taken out or blanked already.
        """
        slips: list[Slip] = []
        while len(slips) < _MOST:
            change = self._best_change(text, {slip.at for slip in slips})
            if change is None:
                break
            at, character = change
            mended = text[:at] + character + text[at + 1 :]
            start, end = _word_around(mended, at)
            slips.append(Slip(at, text[start:end], mended[start:end]))
            text = mended
        return Mended(text, tuple(slips)) if slips else None

    def _best_change(self, text: str, mended: set[int]) -> tuple[int, str] | None:
        """Return the offset of the likeliest slip and the character meant; the first of equals."""
        suspects = [at for at in self._suspects(text) if at not in mended]
        if not suspects:
            return None
        untouched = _untouched(text)
        best: tuple[float, int, str] | None = None
        for at in suspects:
            if at in untouched:
                continue
            for character, gain in self._candidates(text, at):
                total = gain + _SHARE_OF_DICTIONARY * _dictionary_gain(text, at, character)
                if total > _LEAST and (best is None or total > best[0]) and _makes_a_word(text, at, character):
                    best = (total, at, character)
        return None if best is None else best[1:]

    def _suspects(self, text: str) -> list[int]:
        """Return offsets of characters of which a pair is hardly known."""
        found: set[int] = set()
        for run in _HAN_RUN.finditer(text):
            for at, (one, other) in enumerate(pairwise(run[0]), run.start()):
                if self._frequency(one + other) <= _HARDLY:
                    found.update((at, at + 1))
        return sorted(found)

    def _candidates(self, text: str, at: int) -> list[tuple[str, float]]:
        """Return homophones that make the text much likelier in the index, with the gain."""
        before, after = _neighbour(text, at - 1), _neighbour(text, at + 1)
        old = text[at]
        was = (self._pair(before + old), self._pair(old + after))
        before_is_weak, after_is_weak = (count is not None and count <= _HARDLY for count in was)
        likelihood = self._likelihood(old, was)
        found: list[tuple[str, float]] = []
        for new in homophones(old):
            # The weak pairs first: few homophones come further, and each look-up takes a microsecond or three.
            if (before_is_weak and self._frequency(before + new) >= _WELL) or (
                after_is_weak and self._frequency(new + after) >= _WELL
            ):
                gain = self._likelihood(new, (self._pair(before + new), self._pair(new + after))) - likelihood
                if gain > _LEAST_IN_INDEX:
                    found.append((new, gain))
        return found

    def _pair(self, pair: str) -> int | None:
        return self._frequency(pair) if len(pair) == 2 else None

    def _likelihood(self, character: str, pairs: tuple[int | None, int | None]) -> float:
        """Return the logarithm of P(character | before) · P(after | character), up to a constant."""
        of_it = math.log(self._frequency(character) + _SMOOTHING_OF_CHARACTERS)
        return of_it + sum(math.log(count + _SMOOTHING) - of_it for count in pairs if count is not None)


def _neighbour(text: str, at: int) -> str:
    """Return the Chinese character at ``at``, nothing where there is none."""
    return text[at] if 0 <= at < len(text) and "\u4e00" <= text[at] <= "\u9fff" else ""


def _untouched(text: str) -> set[int]:
    """Return the offsets of names of people, places and bodies, as the segmenter sees them, and of small words that stand alone."""
    found: set[int] = set()
    at = 0
    for word, tag in rjieba.tag(text):
        if tag in _NAMES or word in _SMALL_WORDS:
            found.update(range(at, at + len(word)))
        at += len(word)
    return found


def _dictionary_gain(text: str, at: int, character: str) -> float:
    """Return by how much the likeliest cutting into words becomes likelier, as a logarithm."""
    before, after = text[max(0, at - _AROUND) : at], text[at + 1 : at + 1 + _AROUND]
    return _likelihood_of_words(before + character + after) - _likelihood_of_words(before + text[at] + after)


@lru_cache(maxsize=2_048)
def _likelihood_of_words(text: str) -> float:
    return sum(_likelihood_of_word(word) for word in rjieba.cut(text, hmm=False))


@lru_cache(maxsize=20_000)
def _likelihood_of_word(word: str) -> float:
    count = rjieba.suggest_freq(word) if len(word) == 1 or rjieba.has_word(word) else 0
    return math.log(max(count, _COUNT_OF_UNKNOWN) / _WORDS_IN_DICTIONARY)


def _makes_a_word(text: str, at: int, character: str) -> bool:
    """Tell whether a word of the dictionary comes of a change.

    Nothing else is offered, neither a small word, which makes no sense of nonsense, nor a name, which documents that the
    asker may not see would give away.
    """
    start, end = _word_around(text[:at] + character + text[at + 1 :], at)
    return end - start > 1 and bool(rjieba.has_word(text[start:at] + character + text[at + 1 : end]))


def _word_around(text: str, at: int) -> tuple[int, int]:
    """Return start and end of the word that holds an offset."""
    start = first = max(0, at - _AROUND)
    for word in rjieba.cut(text[first : at + 1 + _AROUND]):
        if at < start + len(word):
            break
        start += len(word)
    return start, start + len(word)
