"""Word translation probabilities from parallel texts: IBM model 1 (Brown et al. 1993) in numpy.

Both directions are estimated and multiplied (Liang, Taskar & Klein 2006, alignment by agreement, in its simplest
form): a rare word that soaks up everything in one direction is seldom confirmed by the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]

_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Bitext:
    """Sentence pairs as word ids, each with a weight; a word is listed once a sentence."""

    english: list[Ints]
    chinese: list[Ints]
    weights: Doubles


@dataclass(frozen=True, slots=True)
class Translations:
    """Pairs of word ids with their agreement score, 0..1."""

    english: Ints
    chinese: Ints
    scores: Doubles


def _estimate(pair: Ints, sentence_target: Ints, source_of_pair: Ints, weights: Doubles, sources: int) -> Doubles:
    """Return t(target | source) for each distinct pair.

    Args:
        pair: Distinct-pair number of each link.
        sentence_target: Number of the target occurrence that a link competes for.
        source_of_pair: Source word of each distinct pair.
        weights: Weight of each link.
        sources: Number of source words.
    """
    pairs = len(source_of_pair)
    probability = np.ones(pairs)
    for _ in range(_ROUNDS):
        link = probability[pair]
        expected = weights * link / np.bincount(sentence_target, link)[sentence_target]
        counts = np.bincount(pair, expected, minlength=pairs)
        probability = counts / np.maximum(np.bincount(source_of_pair, counts, minlength=sources), 1e-12)[source_of_pair]
    return np.asarray(probability, dtype=np.float64)


def align(bitext: Bitext, english_words: int, chinese_words: int) -> Translations:
    """Return the pairs of words seen together, with t(zh|en) · t(en|zh) under the square root."""
    lengths_en = np.array([len(words) for words in bitext.english])
    lengths_zh = np.array([len(words) for words in bitext.chinese])
    english = np.concatenate([np.repeat(e, len(z)) for e, z in zip(bitext.english, bitext.chinese, strict=True)])
    chinese = np.concatenate([np.tile(z, len(e)) for e, z in zip(bitext.english, bitext.chinese, strict=True)])
    links = lengths_en * lengths_zh
    weights = np.repeat(bitext.weights, links)
    start_en = np.repeat(np.cumsum(lengths_en) - lengths_en, links)
    start_zh = np.repeat(np.cumsum(lengths_zh) - lengths_zh, links)
    within = np.arange(links.sum()) - np.repeat(np.cumsum(links) - links, links)
    wide = np.repeat(lengths_zh, links)
    token_en, token_zh = start_en + within // wide, start_zh + within % wide

    distinct, pair = np.unique(english.astype(np.int64) * chinese_words + chinese, return_inverse=True)
    pair_en, pair_zh = distinct // chinese_words, distinct % chinese_words
    forward = _estimate(pair, token_zh, pair_en, weights, english_words)
    backward = _estimate(pair, token_en, pair_zh, weights, chinese_words)
    return Translations(pair_en, pair_zh, np.sqrt(forward * backward))


def word_ids(sentences: Sequence[Sequence[str]], ids: dict[str, int]) -> list[Ints]:
    """Return each sentence's distinct words as ids, adding new words to ``ids``."""
    return [
        np.array([ids.setdefault(word, len(ids)) for word in dict.fromkeys(words)], dtype=np.int64)
        for words in sentences
    ]
