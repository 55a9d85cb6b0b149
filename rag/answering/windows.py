"""The run of clauses that answers (答案片段): contiguous words of one document, chosen clause by clause.

Sentences that repeat the question's words best are often its headings, lead-ins and other people's questions; the answer
stands after them. So each clause (小句) is judged by what it holds together with what leads up to it, by where its
passage ranks, and by what kind of words it is; the run is the one with the greatest expected overlap with the answer
(F-measure maximisation, Jansche 2007). The weights are those of a conditional logit over clauses; ``training/fit_windows.py`` fits
them, and the lengths expected, to questions of our own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
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

FEATURES = (
    "score",  # of the passage, below the document's best
    "rank",  # of the passage, 1/(1 + rank)
    "inside",  # it stands in a passage that was found, not below one
    "led",  # the question's words in the sentence and the two before it
    "longest",  # the longest run of characters that question and sentence share
    "long sentence",
    "heading",  # the question's words in the heading path
    "own heading",  # and in the last heading alone
    "before",  # the question's words in the sentence up to the end of the clause
    "fits",  # the kind of thing asked for, by the rules of ``kinds``
    "fits not",  # where another clause of the sentence has it
    "figure",  # a digit, where a figure or a date is asked for
    "list",  # enumeration commas, where things are asked for
    "measure",  # a word of what is to be done, where measures are asked for
    "channel",  # a site, number or app, where the way is asked for
    "length",
    "attribution",
    "ceremony",
    "furniture",
    "question",
    "colon",
    "semicolon",
    "restated",  # hardly a word that is not the question's
    "numbered heading",
    "opening",  # the first characters of a document are its title
)
"""What a clause is judged by; ``training/fit_windows.py`` gives each a weight."""

WEIGHTS: tuple[float, ...] = (
    5.97,  # score
    1.07,  # rank
    1.35,  # inside
    3.0,  # led
    -1.63,  # longest
    -0.9,  # long sentence
    0.65,  # heading
    1.23,  # own heading
    3.5,  # before
    3.3,  # fits
    0.85,  # fits not
    3.33,  # figure
    3.89,  # list
    0.57,  # measure
    0.89,  # channel
    0.88,  # length
    -0.72,  # attribution
    -0.55,  # ceremony
    -0.49,  # furniture
    -3.18,  # question
    -1.99,  # colon
    1.24,  # semicolon
    -3.34,  # restated
    -1.59,  # numbered heading
    -1.12,  # opening
)
"""Weight of each of ``FEATURES`` in a clause's logit."""

# How many characters an answer of a kind is expected to have beside those chosen: more of them, longer runs.
EXPECTED: Mapping[Intent, int] = {Intent.HOW: 70, Intent.FIGURE: 4, Intent.TIME: 4, Intent.WHERE: 4}
EXPECTED_OTHERWISE = 48
EXPECTED_NAME = 14
"""Where one name is asked for: 由谁, 哪家企业, 什么平台."""

SHARPNESS = 0.65

_KINDS = frozenset({Intent.FIGURE, Intent.TIME, Intent.WHERE})

_NOT_COMPARED = re.compile(r"[^\u4e00-\u9fffa-z0-9%.]+")
_CLAUSE_END = re.compile(r"[，；：;,:](?!\d)|\n|\s{2,}")
_LOOSE_END = re.compile(r"[\s，；、：,;:]+$")
# The first words of a text up to a blank or the end of the line; 2020 年 begins a sentence.
_TITLE = re.compile(r"[^\n。！？；]{8,70}?(?<![0-9])(?=[ \u3000\xa0\n])")
_NUMBERED = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]|第.{1,4}[章节条])")
_ATTRIBUTES = re.compile(
    r"(?:表示|指出|介绍|强调|要求|明确|提出|透露|了解|获悉|通知|规定|认为|说|明确规定)[，：:,]?\s*$"
)
_CEREMONY = re.compile(r"部署|精神|决策|有关|如下|贯彻|现将|特制定|制定本")
_FURNITURE = re.compile(r"＊＊|责任单位|牵头|联系人|新华社|记者|讯")
_MEASURE = re.compile(r"要|应|将|可|对|加强|严格|建立|开展|做好|实行|采取|推|组织|落实|强化|完善|优先|给予|免|减|延")
_CHANNEL = re.compile(r"http|www|网站|微信|app|电话|热线|平台|公众号|\d{5}")
_DIGIT = re.compile(r"\d")
_ASKS_MEASURE = re.compile(r"如何|怎|措施|举措|要求|政策|规定|做法|安排")
_ASKS_NAME = re.compile(
    r"谁|哪[个家位所款]|什么(?:单位|部门|企业|公司|平台|名称|名字|主题|群体|行动|原则|组织|机构|系统|模式|口号)"
)
_ASKS_CHANNEL = re.compile(r"渠道|平台|哪里|在哪|网站|途径|方式|网址|电话|热线")


class Window(NamedTuple):
    """A run of clauses.

    Attributes:
        span: Where it stands in the document's text; neither begins nor ends with blanks or a comma.
        passage: The passage that it stands in or follows.
    """

    span: Span
    passage: Passage


class Clause(NamedTuple):
    """A clause as it is judged.

    Attributes:
        features: In the order of ``FEATURES``.
        passage: The one found that it stands in or follows.
    """

    span: Span
    features: tuple[float, ...]
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
    return choose_window(read_clauses(question, reading, found, text), expected_length(question, reading.intent), text)


def expected_length(question: Question, intent: Intent) -> int:
    """Return how many characters beside those chosen an answer is expected to have."""
    if intent is Intent.FACT and _ASKS_NAME.search(fold(question.text)):
        return EXPECTED_NAME
    return EXPECTED.get(intent, EXPECTED_OTHERWISE)


def choose_window(regions: Sequence[Sequence[Clause]], expected: int, text: str) -> Window | None:
    """Return the run with the greatest expected overlap with the answer.

    Args:
        regions: From ``read_clauses``.
        expected: From ``expected_length``.
        text: The document's canonical text.
    """
    logits = [[_dot(clause.features, WEIGHTS) for clause in clauses] for clauses in regions]
    if not any(logits):
        return None
    top = max(max(each) for each in logits if each)
    odds = [[math.exp(SHARPNESS * (logit - top)) for logit in each] for each in logits]
    runs = (_best_run(clauses, each, expected, text) for clauses, each in zip(regions, odds, strict=True) if clauses)
    _, clauses = max(runs, key=lambda run: run[0])
    while len(clauses) > 1 and clauses[0].span.of(text).rstrip().endswith(("？", "?")):
        clauses = clauses[1:]
    span = _trimmed(text, Span(clauses[0].span.start, clauses[-1].span.end))
    return Window(span, clauses[0].passage) if len(span) else None


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


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


def read_clauses(
    question: Question, reading: Reading, found: Sequence[tuple[Passage, float]], text: str
) -> list[list[Clause]]:
    """Return the clauses that may answer, by stretch of text read, in reading order; see ``best_window``."""
    regions = _regions(found[:MOST_PASSAGES], text)
    asked = _Asked.of(question)
    read = [sentences(text, region.span) for region in regions]
    plain = [[_comparable(span.of(text)) for span in spans] for spans in read]
    held = [[_pairs(words) & asked.pairs for words in each] for each in plain]
    everywhere = [pairs for each in held for pairs in each]
    # What all sentences of the document hold tells none of them from the others.
    telling = {
        pair: math.log(1 + (len(everywhere) + 0.5) / (count + 0.5))
        for pair in sorted(asked.pairs)
        if (count := sum(pair in pairs for pairs in everywhere))
    }
    top = max((score for _, score in found), default=0.0)
    reader = _Reader(question, reading, asked, telling, top=top, title_end=_title_end(text))
    return [
        reader.clauses(region, spans, words, pairs, text)
        for region, spans, words, pairs in zip(regions, read, plain, held, strict=True)
    ]


class _Reader:
    """Judges the clauses of one document for one question."""

    def __init__(
        self,
        question: Question,
        reading: Reading,
        asked: _Asked,
        telling: Mapping[str, float],
        *,
        top: float,
        title_end: int,
    ) -> None:
        self._question = question
        self._intent = reading.intent
        self._asked = asked
        self._telling = telling
        self._total = sum(telling.values()) or 1.0
        self._top = top
        self._title_end = title_end
        self._headings: dict[tuple[str, ...], tuple[float, float]] = {}

    def _coverage(self, pairs: frozenset[str]) -> float:
        return sum(self._telling.get(pair, 0.0) for pair in sorted(pairs)) / self._total

    def _heading(self, section: tuple[str, ...]) -> tuple[float, float]:
        """Return the coverage of a heading path and of its last heading."""
        if section not in self._headings:
            path, last = (
                self._coverage(_pairs(_comparable(words)) & self._asked.pairs)
                for words in (" ".join(section), section[-1] if section else "")
            )
            self._headings[section] = (path, last)
        return self._headings[section]

    def clauses(
        self,
        region: _Region,
        read: Sequence[Span],
        plain: Sequence[str],
        held: Sequence[frozenset[str]],
        text: str,
    ) -> list[Clause]:
        """Return the clauses of a stretch of text, from its sentences, their plain words and the pairs these share."""
        asks_kind = self._intent in _KINDS
        asks_figure = self._intent in {Intent.FIGURE, Intent.TIME}
        asked = self._asked
        found: list[Clause] = []
        for number, sentence in enumerate(read):
            ranked, is_inside = region.nearest(sentence.start)
            led = frozenset().union(*held[max(0, number - 2) : number + 1])
            shared = _longest_shared(asked.words, plain[number]) / max(4, len(asked.words))
            of_sentence = (
                ranked.score - self._top,
                1 / (1 + ranked.rank),
                float(is_inside),
                self._coverage(led),
                shared,
                float(len(sentence) > _LONG_SENTENCE),
                *self._heading(ranked.passage.section),
            )
            pieces = _cut(text, sentence, self._title_end)
            fits = [asks_kind and holds_kind(self._intent, self._question, piece.of(text)) for piece in pieces]
            before: frozenset[str] = frozenset()
            for piece, fit in zip(pieces, fits, strict=True):
                words = piece.of(text).strip()
                comparable = _comparable(words)
                before |= _pairs(comparable) & asked.pairs
                of_clause = (
                    self._coverage(before),
                    float(fit),
                    float(not fit and any(fits)),
                    float(asks_figure and _DIGIT.search(words) is not None),
                    *_manner(asked, words, comparable, sentence),
                    float(piece.start < _OPENING),
                )
                found.append(Clause(piece, of_sentence + of_clause, ranked.passage))
        return found


def _manner(asked: _Asked, words: str, plain: str, sentence: Span) -> tuple[float, ...]:
    """Return the features of a clause's words: lists and measures answer; headings and attributions do not."""
    marked = sum(_covered(plain, asked.pairs))
    return (
        asked.lists * min(words.count("、"), _MOST_LISTED) / _MOST_LISTED,
        float(asked.measures and _MEASURE.match(plain) is not None),
        float(asked.channels and _CHANNEL.search(plain) is not None),
        min(len(words), _LONG_CLAUSE) / _LONG_CLAUSE,
        float(_ATTRIBUTES.search(words) is not None),
        float(_CEREMONY.search(words) is not None),
        float(_FURNITURE.search(words) is not None),
        float(words.endswith(("？", "?"))),
        float(words.endswith(("：", ":"))),
        float(words.endswith(("；", ";"))),
        float(marked > _RESTATED * max(1, len(plain))),
        float(len(sentence) <= _HEADING and _NUMBERED.match(words) is not None),
    )


def _best_run(
    clauses: Sequence[Clause], odds: Sequence[float], expected: float, text: str
) -> tuple[float, list[Clause]]:
    """Return the run with the greatest expected F-measure, the first of equals, and that measure."""
    sizes = [len("".join(clause.span.of(text).split())) for clause in clauses]
    gains = [each * size for each, size in zip(odds, sizes, strict=True)]
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


def _title_end(text: str) -> int:
    """Return where the title ends that a text opens with, 0 where it has none: it says what the text tells of, no more."""
    title = _TITLE.match(text)
    return title.end() if title and text[title.end() :].strip() else 0


def _cut(text: str, sentence: Span, title_end: int) -> list[Span]:
    """Cut what a sentence has behind the title at its clause marks; those in brackets and within figures cut nothing."""
    words = sentence.of(text)
    if sentence.end <= title_end:
        return []
    edges = [max(0, title_end - sentence.start)]
    for match in _CLAUSE_END.finditer(words):
        before = words[: match.end()]
        if match.end() > edges[-1] and before.count("（") + before.count("(") <= before.count("）") + before.count(")"):
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
