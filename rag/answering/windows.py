"""The run of clauses that answers (答案片段): contiguous words of one document, chosen clause by clause.

Sentences that repeat the question's words best are often its headings, lead-ins and other people's questions; the answer
stands after them. So each clause (小句) is judged by what it holds together with what leads up to it, by where its
passage ranks, and by what kind of words it is; the run is the one with the greatest expected overlap with the answer
(F-measure maximisation, Jansche 2007). The weights are rounded ones of a conditional logit over clauses, set on one half
of a development set of citizens' questions over policy texts and checked on the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rag.answering.intent import Intent, Reading
from rag.answering.kinds import holds_kind
from rag.domain.passage import Passage
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.retrieval.topic import INTERROGATIVE
from rag.text import fold, sentences, squeeze

MOST_CHARACTERS = 300
"""Most characters of a run; one clause is always given."""

MOST_PASSAGES = 6
"""Passages of the document that are read, the best ones."""

_READ_ON = 250
"""Characters read after each passage: the answer may stand below the passage that the search found."""

_LONG_SENTENCE = 120
_HEADING = 30
_OPENING = 60
_LONG_CLAUSE = 60
_MOST_LISTED = 6
_RESTATED = 0.8

# How many characters an answer of a kind is expected to have beside those chosen: more of them, longer runs.
_EXPECTED = {Intent.HOW: 48, Intent.FIGURE: 11, Intent.TIME: 9, Intent.WHERE: 18}
_EXPECTED_OTHERWISE = 27
_SHARPNESS = 0.8

_KINDS = frozenset({Intent.FIGURE, Intent.TIME, Intent.WHERE})

_NOT_COMPARED = re.compile(r"[^\u4e00-\u9fffa-z0-9%.]+")
_CLAUSE_END = re.compile(r"[，；：;,:](?!\d)|\n|\s{2,}")
_LOOSE_END = re.compile(r"[\s，；、：,;:]+$")
_NUMBERED = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]|第.{1,4}[章节条])")
_ATTRIBUTES = re.compile(
    r"(?:表示|指出|介绍|强调|要求|明确|提出|透露|了解|获悉|通知|规定|认为|说|明确规定)[，：:,]?\s*$"
)
_CEREMONY = re.compile(r"部署|精神|决策|有关|如下|贯彻|现将|特制定|制定本")
_FURNITURE = re.compile(r"＊＊|责任单位|牵头|联系人|新华社|记者|讯")
_MEASURE = re.compile(r"要|应|将|可|对|加强|严格|建立|开展|做好|实行|采取|推|组织|落实|强化|完善|优先|给予|免|减|延")
_CHANNEL = re.compile(r"http|www|网站|微信|app|电话|热线|平台|公众号|\d{5}")
_ASKS_MEASURE = re.compile(r"如何|怎|措施|举措|要求|政策|规定|做法|安排")
_ASKS_CHANNEL = re.compile(r"渠道|平台|哪里|在哪|网站|途径|方式|网址|电话|热线")


class Window(NamedTuple):
    """A run of clauses.

    Attributes:
        span: Where it stands in the document's text; neither begins nor ends with blanks or a comma.
        passage: The passage that it stands in or follows.
    """

    span: Span
    passage: Passage


class _Clause(NamedTuple):
    span: Span
    weight: float  # of its logit
    passage: Passage


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a question clauses are held against, worked out once."""

    words: str
    pairs: frozenset[str]
    lists: bool
    measures: bool
    channels: bool

    @classmethod
    def of(cls, question: Question) -> _Asked:
        folded = fold(question.text)
        parts = [_comparable(part) for part in INTERROGATIVE.sub(" ", folded).split(" ")]
        return cls(
            "".join(parts),
            frozenset().union(*map(_pairs, parts)),
            "哪" in folded,
            _ASKS_MEASURE.search(folded) is not None,
            _ASKS_CHANNEL.search(folded) is not None,
        )


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
    regions = _judged(question, reading, _regions(found[:MOST_PASSAGES], text), text)
    logits = [clause.weight for clauses in regions for clause in clauses]
    if not logits:
        return None
    top = max(logits)
    expected = _EXPECTED.get(reading.intent, _EXPECTED_OTHERWISE)
    best = max((_best_run(clauses, top, expected, text) for clauses in regions if clauses), key=lambda run: run[0])
    _, clauses = best
    while len(clauses) > 1 and clauses[0].span.of(text).rstrip().endswith(("？", "?")):
        clauses = clauses[1:]
    span = _trimmed(text, Span(clauses[0].span.start, clauses[-1].span.end))
    return Window(span, clauses[0].passage) if len(span) else None


class _Ranked(NamedTuple):
    passage: Passage
    score: float
    rank: int


@dataclass(slots=True)
class _Region:
    span: Span
    passages: list[_Ranked]

    def nearest(self, place: int) -> tuple[_Ranked, bool]:
        """Return the best passage that holds a place, else the best of all; and whether it holds it."""
        holding = [ranked for ranked in self.passages if ranked.passage.span.start <= place < ranked.passage.span.end]
        return min(holding or self.passages, key=lambda ranked: ranked.rank), bool(holding)


def _regions(found: Sequence[tuple[Passage, float]], text: str) -> list[_Region]:
    """Return what to read: the passages with what follows them, those that meet together."""
    ranked = sorted(
        (_Ranked(passage, score, rank) for rank, (passage, score) in enumerate(found)),
        key=lambda each: (each.passage.span.start, each.rank),
    )
    regions: list[_Region] = []
    for each in ranked:
        span = Span(each.passage.span.start, min(len(text), each.passage.span.end + _READ_ON))
        if regions and span.start <= regions[-1].span.end:
            last = regions[-1]
            last.span = Span(last.span.start, max(last.span.end, span.end))
            last.passages.append(each)
        else:
            regions.append(_Region(span, [each]))
    return regions


def _judged(question: Question, reading: Reading, regions: Sequence[_Region], text: str) -> list[list[_Clause]]:
    """Return the clauses of each region, each with the weight of its logit."""
    asked = _Asked.of(question)
    read = [sentences(text, region.span) for region in regions]
    held = [[_pairs(_comparable(span.of(text))) & asked.pairs for span in spans] for spans in read]
    everywhere = [pairs for each in held for pairs in each]
    # What all sentences of the document hold tells none of them from the others.
    telling = {
        pair: math.log(1 + (len(everywhere) + 0.5) / (count + 0.5))
        for pair in sorted(asked.pairs)
        if (count := sum(pair in pairs for pairs in everywhere))
    }
    top = max((each.score for region in regions for each in region.passages), default=0.0)
    asks_kind = reading.intent in _KINDS

    def holds(words: str) -> bool:
        return asks_kind and holds_kind(reading.intent, question, words)

    return [
        _clauses(asked, region, spans, pairs, telling, top, holds, text)
        for region, spans, pairs in zip(regions, read, held, strict=True)
    ]


def _clauses(
    asked: _Asked,
    region: _Region,
    read: Sequence[Span],
    held: Sequence[frozenset[str]],
    telling: Mapping[str, float],
    top: float,
    holds: Callable[[str], bool],
    text: str,
) -> list[_Clause]:
    total = sum(telling.values()) or 1.0

    def coverage(pairs: frozenset[str]) -> float:
        return sum(telling[pair] for pair in sorted(pairs)) / total

    found: list[_Clause] = []
    for number, sentence in enumerate(read):
        ranked, is_inside = region.nearest(sentence.start)
        led = frozenset().union(*held[max(0, number - 2) : number + 1])
        sentence_weight = (
            5.5 * (ranked.score - top)
            + 0.8 / (1 + ranked.rank)
            + 0.8 * is_inside
            + 2.2 * coverage(led)
            + 1.9 * _longest_shared(asked.words, _comparable(sentence.of(text))) / max(4, len(asked.words))
            - 1.2 * (len(sentence) > _LONG_SENTENCE)
        )
        pieces = _cut(text, sentence)
        fits = [holds(piece.of(text)) for piece in pieces]
        before: frozenset[str] = frozenset()
        for piece, fit in zip(pieces, fits, strict=True):
            mine = _pairs(_comparable(piece.of(text))) & asked.pairs
            before |= mine
            weight = (
                sentence_weight
                + 2.1 * coverage(before)
                + (2.5 * fit if fit or not any(fits) else -0.8)
                + _manner(asked, piece.of(text).strip(), sentence)
                - 0.8 * (piece.start < _OPENING)
            )
            found.append(_Clause(piece, weight, ranked.passage))
    return found


def _manner(asked: _Asked, words: str, sentence: Span) -> float:
    """Return what the kind of a clause's words adds: lists and measures answer; headings and attributions do not."""
    plain = _comparable(words)
    marked = sum(_covered(plain, asked.pairs))
    return (
        2.4 * asked.lists * min(words.count("、"), _MOST_LISTED) / _MOST_LISTED
        + 0.6 * (asked.measures and _MEASURE.match(plain) is not None)
        + 1.7 * (asked.channels and _CHANNEL.search(plain) is not None)
        + 2.0 * min(len(words), _LONG_CLAUSE) / _LONG_CLAUSE
        - 1.2 * (_ATTRIBUTES.search(words) is not None)
        - 1.0 * (_CEREMONY.search(words) is not None)
        - 0.9 * (_FURNITURE.search(words) is not None)
        - 2.4 * words.endswith(("？", "?"))
        - 0.7 * words.endswith(("：", ":"))
        - 2.1 * (marked > _RESTATED * max(1, len(plain)))
        - 0.9 * (len(sentence) <= _HEADING and _NUMBERED.match(words) is not None)
    )


def _best_run(clauses: Sequence[_Clause], top: float, expected: int, text: str) -> tuple[float, list[_Clause]]:
    """Return the run with the greatest expected F-measure, the first of equals, and that measure."""
    sizes = [len("".join(clause.span.of(text).split())) for clause in clauses]
    gains = [math.exp(_SHARPNESS * (clause.weight - top)) * size for clause, size in zip(clauses, sizes, strict=True)]
    best = (-1.0, 0, 0)
    for first in range(len(clauses)):
        gain = length = 0.0
        for last in range(first, len(clauses)):
            gain += gains[last]
            length += sizes[last]
            if length > MOST_CHARACTERS and last > first:
                break
            measure = 2 * gain / (length + expected)
            if measure > best[0]:
                best = (measure, first, last)
    return best[0], list(clauses[best[1] : best[2] + 1])


def _cut(text: str, sentence: Span) -> list[Span]:
    """Cut a sentence at its clause marks; those in brackets and within figures cut nothing."""
    words = sentence.of(text)
    edges = [0]
    for match in _CLAUSE_END.finditer(words):
        before = words[: match.end()]
        if before.count("（") + before.count("(") <= before.count("）") + before.count(")"):
            edges.append(match.end())
    edges.append(len(words))
    return [Span(a, b).shift(sentence.start) for a, b in pairwise(edges) if words[a:b].strip()]


def _trimmed(text: str, span: Span) -> Span:
    words = span.of(text)
    start = len(words) - len(words.lstrip())
    end = _LOOSE_END.search(words, start)
    return Span(start, end.start() if end else len(words)).shift(span.start)


def _comparable(words: str) -> str:
    return _NOT_COMPARED.sub("", squeeze(fold(words)))


def _pairs(words: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(words))


def _covered(words: str, pairs: frozenset[str]) -> list[bool]:
    marks = [False] * len(words)
    for at in range(len(words) - 1):
        if words[at : at + 2] in pairs:
            marks[at] = marks[at + 1] = True
    return marks


def _longest_shared(one: str, other: str) -> int:
    """Return the length of the longest run of characters that both hold."""
    best = 0
    for start in range(len(one)):
        while start + best < len(one) and one[start : start + best + 1] in other:
            best += 1
    return best
