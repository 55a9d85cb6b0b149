"""Makes training pairs (question side, passage side) from the corpora, anew for every batch.

A pair is two token arrays that belong together; all other passages of its batch are its negatives, so a batch
is drawn from one kind of pair only: a manual sentence is no negative worth having for a statute. Wrong passages that
a pair brings along are negatives for its whole batch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from corpora import Article, DictionaryEntry, PolicyDocument, Question, Translation
from token_table import Ids, TokenTable, tokenize
from tokenizers import Tokenizer

Random = np.random.Generator

_SEGMENT_END = re.compile(r"[,;。!?!?:\n]+")
_LONGEST_PASSAGE = 180  # tokens, about 300 characters
_QUESTION_TOKENS = (3, 22)
# A sentence seldom stands word for word in the passage that answers it; leaving it in now and then keeps
# the reward for shared words.
_KEEP_SENTENCE = 0.15
_QUESTIONS_IN_A_BATCH = 512
_WRONG_PASSAGES = 4

QUESTION_WORDS = (
    "什么 哪些 如何 怎么 怎样 是否 吗 多少 谁 哪个 请问 为什么 可以 有 的 是 我 您好 咨询 关于 要求 哪里 何时 "
    "吗 呢 能 不能 几 家 怎么办 需要 应该 进行 开展 做 部门 负责 情况 问题 希望 建议 反映"
).split()


class Pair(NamedTuple):
    """Question side, passage side, and passages that look like it and are wrong."""

    question: Ids
    passage: Ids
    wrong: tuple[Ids, ...] = ()


@dataclass(frozen=True, slots=True)
class Passages:
    """Texts cut into segments at commas and stops; passage ``i`` is segments ``bounds[i]`` of ``segments``.

    ``titles[title_of[i]]`` is the title a passage stands under.
    """

    segments: TokenTable
    bounds: list[tuple[int, int]]
    titles: TokenTable
    title_of: list[int]

    def __len__(self) -> int:
        return len(self.bounds)

    def whole(self) -> TokenTable:
        """Return each passage as one text."""
        starts = [start for start, _ in self.bounds]
        return TokenTable(self.segments.ids, self.segments.offsets[[*starts, len(self.segments)]])

    def titled(self, number: int) -> Ids:
        """Return a passage after its title, at most ``_LONGEST_PASSAGE`` tokens."""
        both = [self.titles[self.title_of[number]], self.segments.between(*self.bounds[number])]
        return np.concatenate(both)[:_LONGEST_PASSAGE]


def _passages(tokenizer: Tokenizer, groups: Sequence[tuple[str, Sequence[str]]]) -> Passages:
    segments: list[str] = []
    bounds: list[tuple[int, int]] = []
    title_of: list[int] = []
    for number, (_, texts) in enumerate(groups):
        for text in texts:
            parts = [part for part in _SEGMENT_END.split(text) if part]
            if parts:
                bounds.append((len(segments), len(segments) + len(parts)))
                segments.extend(parts)
                title_of.append(number)
    return Passages(tokenize(tokenizer, segments), bounds, tokenize(tokenizer, [t for t, _ in groups]), title_of)


def article_passages(tokenizer: Tokenizer, articles: Sequence[Article]) -> Passages:
    """Return one passage an article, under its law's name."""
    return _passages(tokenizer, [(article.title, (article.text,)) for article in articles])


def policy_passages(tokenizer: Tokenizer, documents: Sequence[PolicyDocument]) -> Passages:
    """Return passages of neighbouring lines, about 300 characters each."""
    groups = []
    for document in documents:
        texts, current = [], ""
        for line in document.lines:
            if current and len(current) + len(line) > 300:
                texts.append(current)
                current = ""
            current += line + "\n"
        groups.append((document.title, [*texts, current]))
    return _passages(tokenizer, groups)


class Source:
    """One kind of pair: draws ``count`` pairs that make sense as each other's negatives."""

    def __init__(self, name: str, size: int, draw: Callable[[Random, int], list[Pair]]) -> None:
        self.name = name
        self.size = size
        self.draw = draw


def sentence_source(
    name: str, passages: Passages, question_words: Ids, *, neighbours: int = 1, keep_share: float = _KEEP_SENTENCE
) -> Source:
    """Inverse cloze (Lee, Chang & Toutanova 2019): some segments against the rest of their passage.

    Args:
        name: Name for the log.
        passages: Where from.
        question_words: Tokens of question words, sprinkled over the question side so that they come to
            mean nothing.
        neighbours: How many neighbouring passages are drawn together, as hard negatives of each other.
        keep_share: How often the question's own words stay in the passage.
    """
    usable = np.array([i for i, (start, end) in enumerate(passages.bounds) if end - start >= 2])

    def one(random: Random, number: int) -> Pair | None:
        start, end = passages.bounds[number]
        first = int(random.integers(start, end))
        last = first + 1
        wanted = int(random.integers(*_QUESTION_TOKENS))
        while last < end and len(passages.segments.between(first, last)) < wanted:
            last += 1
        if last - first == end - start:
            last = max(first + 1, last - 1)
            first = first if last - first < end - start else first + 1
        question = passages.segments.between(first, last)[: 2 * _QUESTION_TOKENS[1]]
        if len(question) < 2:
            return None
        keep = random.random() < keep_share
        before = passages.segments.between(start, last if keep else first)
        after = passages.segments.between(last, end)
        left = int(random.integers(_LONGEST_PASSAGE // 3, _LONGEST_PASSAGE))
        passage = np.concatenate([before[-left:], after[: _LONGEST_PASSAGE - min(left, len(before))]])
        if random.random() < 0.5:
            passage = np.concatenate([passages.titles[passages.title_of[number]][:20], passage])
        if len(passage) < 3:
            return None
        if len(question_words) and random.random() < 0.7:
            sprinkled = random.choice(question_words, size=int(random.integers(1, 4)))
            question = np.concatenate([question, sprinkled])
        return Pair(question, passage)

    def draw(random: Random, count: int) -> list[Pair]:
        starts = random.integers(0, len(usable), size=-(-count // neighbours))
        chosen = {int(i) for start in starts for i in usable[start : start + neighbours]}
        return [pair for number in sorted(chosen) if (pair := one(random, number)) is not None][:count]

    return Source(name, len(usable), draw)


def title_source(name: str, passages: Passages) -> Source:
    """A title against a passage under it; one passage a title in a batch."""
    under: dict[int, list[int]] = {}
    for number, title in enumerate(passages.title_of):
        under.setdefault(title, []).append(number)
    titles = np.array(sorted(under))

    def draw(random: Random, count: int) -> list[Pair]:
        found = []
        for title in random.choice(titles, size=min(count, len(titles)), replace=False):
            numbers = under[int(title)]
            start, end = passages.bounds[numbers[int(random.integers(len(numbers)))]]
            passage = passages.segments.between(start, end)[:_LONGEST_PASSAGE]
            if len(passage) > 2 and len(passages.titles[int(title)]) > 1:
                found.append(Pair(passages.titles[int(title)], passage))
        return found

    return Source(name, len(titles), draw)


def table_source(name: str, first: TokenTable, second: TokenTable) -> Source:
    """Row ``i`` of one table against row ``i`` of the other, either side as the question."""
    usable = np.flatnonzero((first.lengths() > 0) & (second.lengths() > 0))

    def draw(random: Random, count: int) -> list[Pair]:
        chosen = random.choice(usable, size=min(count, len(usable)), replace=False)
        return [Pair(first[int(i)][:_LONGEST_PASSAGE], second[int(i)][:_LONGEST_PASSAGE]) for i in chosen]

    return Source(name, len(usable), draw)


def question_source(
    name: str,
    sides: TokenTable,
    passages: Passages,
    relevant: Sequence[frozenset[int]],
    wrong_of: Callable[[int], npt.NDArray[np.int64]],
) -> Source:
    """A lay question against an article that answers it; one question an article in a batch.

    Args:
        name: Name for the log.
        sides: The questions.
        passages: The articles.
        relevant: Numbers of the passages that answer each question.
        wrong_of: Gives numbers of passages that do not answer a question but look so.
    """
    answers = [np.array(sorted(numbers)) for numbers in relevant]
    asked = np.array([i for i, numbers in enumerate(answers) if len(numbers)])

    def draw(random: Random, count: int) -> list[Pair]:
        found: dict[int, Pair] = {}
        for i in random.permutation(asked)[: min(count, _QUESTIONS_IN_A_BATCH)].tolist():
            right = int(random.choice(answers[i]))
            wrong = wrong_of(i)
            wrong = random.choice(wrong, size=min(_WRONG_PASSAGES, len(wrong)), replace=False)
            found[right] = Pair(sides[i], passages.titled(right), tuple(map(passages.titled, wrong.tolist())))
        return list(found.values())

    return Source(name, len(asked), draw)


def answer_tables(tokenizer: Tokenizer, questions: Sequence[Question]) -> tuple[TokenTable, TokenTable]:
    """Return questions and their answers in prose, without the greeting every answer opens with."""
    answered = [question for question in questions if question.answer]
    return (
        tokenize(tokenizer, [question.text for question in answered]),
        tokenize(tokenizer, [question.answer.removeprefix("您好,") for question in answered]),
    )


def translation_tables(
    tokenizer: Tokenizer, translations: Sequence[Translation], sources: Sequence[str]
) -> tuple[TokenTable, TokenTable]:
    """Return the English and the Chinese side of translations whose source starts with one of ``sources``."""
    chosen = [t for t in translations if t.source.startswith(tuple(sources))]
    return tokenize(tokenizer, [t.english for t in chosen]), tokenize(tokenizer, [t.chinese for t in chosen])


_GLOSS_NOISE = re.compile(r"\([^)]*\)|\b(?:to|a|an|the|sb|sth|abbr|variant|of|see|also|cl)\b")


def dictionary_tables(tokenizer: Tokenizer, entries: Sequence[DictionaryEntry]) -> tuple[TokenTable, TokenTable]:
    """Return glosses and headwords, one row a gloss; of a name also its romanised reading."""
    known = {piece for piece in tokenizer.get_vocab() if not piece.isascii()}
    glosses: list[str] = []
    words: list[str] = []
    for entry in entries:
        # A headword that falls apart into single characters says little about any of them.
        whole = entry.word in known
        for gloss in entry.glosses:
            if "variant of" in gloss or "surname" in gloss or gloss.startswith("cl:"):
                continue
            clean = " ".join(_GLOSS_NOISE.sub(" ", gloss).split())
            if clean and (whole or len(entry.word) > 2):
                glosses.append(clean)
                words.append(entry.word)
        if entry.is_name and len(entry.reading) > 5 and len(entry.word) > 1:
            glosses.append(entry.reading)
            words.append(entry.word)
    return tokenize(tokenizer, glosses), tokenize(tokenizer, words)
