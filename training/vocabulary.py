"""Builds the encoder's tokenizer: a unigram model over Chinese words, single characters and English words.

Chinese is written without blanks, so a run of characters is cut into the likeliest words (Viterbi over word
frequencies, Kudo 2018) and never character by character. English words outside the list fall apart into the
longest likely pieces, which for a romanised place name are its syllables (pinyin).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import rjieba
from corpora import Article, DictionaryEntry, PolicyDocument, Question, Translation
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers

from rag.text import HAN

UNKNOWN = "[UNK]"

_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN_WORD = re.compile("[a-z]+")
_NUMBER = re.compile("[0-9]+")

# Words longer than this are names of laws and organs; their parts say more than the whole.
_LONGEST_HAN_WORD = 6

ENGLISH_SHARE = 0.32
_ENDINGS = ("s", "d", "ed", "ing", "ly", "es")
_WHOLE_ENGLISH_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their log probabilities, most frequent first."""

    scores: dict[str, float]

    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer that cuts folded text into these pieces."""
        pieces = [(UNKNOWN, -20.0), *((piece, round(score, 2)) for piece, score in self.scores.items())]
        tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), behavior="removed"),
                pre_tokenizers.Split(Regex(f"[{HAN}]+|[0-9]+"), behavior="isolated"),
            ]
        )
        tokenizer.decoder = decoders.Fuse()
        return tokenizer


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count Chinese words (rjieba's cut), Latin words and figures of folded texts."""
    counts: Counter[str] = Counter()
    for text in texts:
        for run in _HAN_RUN.findall(text):
            counts.update(rjieba.cut(run))
        counts.update(_LATIN_WORD.findall(text))
        counts.update(_NUMBER.findall(text))
    return counts


def build_vocabulary(
    articles: list[Article],
    documents: list[PolicyDocument],
    translations: list[Translation],
    dictionary: list[DictionaryEntry],
    questions: list[Question],
    size: int,
) -> Vocabulary:
    """Choose ``size`` pieces: common characters, Chinese words and English words by weighted frequency.

    Policy texts weigh more than statutes, of which there are seven times as many, and general
    translations more than the Python manual, whose words no office asks about.
    """
    weighted: dict[str, float] = {}
    for texts, weight in (
        ((article.text for article in articles), 1.0),
        ((line for document in documents for line in document.lines), 3.0),
        ((t.chinese + " " + t.english for t in translations if t.source != "pydocs"), 4.0),
        ((t.chinese + " " + t.english for t in translations if t.source == "pydocs"), 0.1),
        ((q.text + " " + q.answer for q in questions if not q.held_out), 4.0),
        ((" ".join(entry.glosses) for entry in dictionary), 1.0),
    ):
        for word, count in count_words(texts).items():
            weighted[word] = weighted.get(word, 0.0) + weight * count

    chosen = _characters(weighted) | _pinyin_syllables(dictionary, weighted)
    english = _english_words(weighted)
    for word in english[: int(size * ENGLISH_SHARE)]:
        chosen[word] = weighted[word]
    headwords = {entry.word for entry in dictionary}

    def rank(word: str) -> float:
        # A word the dictionary also lists is rarely a slip of the segmenter.
        return weighted[word] * (2.0 if word in headwords else 1.0)

    others = [
        word
        for word in weighted
        if (_HAN_RUN.fullmatch(word) and 1 < len(word) <= _LONGEST_HAN_WORD)
        or (_NUMBER.fullmatch(word) and 1 < len(word) <= 5 and weighted[word] >= 20)
    ]
    for word in sorted(others, key=lambda word: (-rank(word), word)):
        if len(chosen) >= size - 1:
            break
        chosen[word] = weighted[word]
    total = sum(chosen.values())
    ordered = sorted(chosen, key=lambda piece: (-chosen[piece], piece))
    return Vocabulary({piece: math.log(chosen[piece] / total) for piece in ordered})


def _characters(weighted: dict[str, float]) -> dict[str, float]:
    """Weigh single characters; one that is mostly part of longer words is made an unlikely word."""
    inside: dict[str, float] = {}
    for word, count in weighted.items():
        if _HAN_RUN.fullmatch(word):
            for character in word:
                inside[character] = inside.get(character, 0.0) + count
    chosen = {c: max(weighted.get(c, 0.0), 0.02 * count) for c, count in inside.items() if count >= 6}
    return chosen | dict.fromkeys("abcdefghijklmnopqrstuvwxyz0123456789", 0.5)


def _pinyin_syllables(dictionary: list[DictionaryEntry], weighted: dict[str, float]) -> dict[str, float]:
    """Return the syllables of romanised Chinese (汉语拼音), which place names fall apart into."""
    readings = Counter(entry.reading for entry in dictionary if len(entry.word) == 1)
    return {
        reading: max(0.5, weighted.get(reading, 0.0)) for reading, count in readings.items() if 1 < len(reading) <= 6
    }


def _english_words(weighted: dict[str, float]) -> list[str]:
    """Rank English words, without forms that a frequent ending makes of another word in the list.

    ``departments`` is cut into ``department`` + ``s`` and shares its vector; ``news`` is frequent and stays.
    """
    words = sorted(
        (word for word in weighted if _LATIN_WORD.fullmatch(word) and 1 < len(word) <= 18),
        key=lambda word: (-weighted[word], word),
    )
    kept = words[:_WHOLE_ENGLISH_WORDS]
    for word in words[_WHOLE_ENGLISH_WORDS:]:
        stems = (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending))
        if not any(len(stem) > 2 and weighted.get(stem, 0.0) >= 0.3 * weighted[word] for stem in stems):
            kept.append(word)
    for ending in _ENDINGS:
        weighted[ending] = max(weighted.get(ending, 0.0), 1000.0)
    return [*_ENDINGS, *(word for word in kept if word not in _ENDINGS)]
