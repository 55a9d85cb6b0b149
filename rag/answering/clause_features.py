"""What a clause is judged by as an answer (小句特征): the question's words, its place, its form, the clauses beside it.

Sentences that repeat the question's words best are often its headings, lead-ins and other people's questions; the answer
stands after them. So a clause is judged together with what leads up to it and what kind of thing is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.answering.clauses import Sentence
from rag.answering.intent import Intent, Reading
from rag.answering.kinds import holds_kind
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.retrieval.topic import INTERROGATIVE
from rag.text import fold, squeeze

_LONG_SENTENCE = 120
_HEADING = 30
_MOST_LISTED = 6
_RESTATED = 0.8
_MARKS = "。，；：！？\n"

_KINDS = frozenset({Intent.FIGURE, Intent.TIME, Intent.WHERE})

_NOT_COMPARED = re.compile(r"[^\u4e00-\u9fffa-z0-9%.]+")
_NUMBERED = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]|第.{1,4}[章节条])")
_ATTRIBUTES = re.compile(
    r"(?:表示|指出|介绍|强调|要求|明确|提出|透露|了解|获悉|通知|规定|认为|说|明确规定)[，：:,]?\s*$"
)
_CEREMONY = re.compile(r"部署|精神|决策|有关|如下|贯彻|现将|特制定|制定本")
_MEASURE = re.compile(r"要|应|将|可|对|加强|严格|建立|开展|做好|实行|采取|推|组织|落实|强化|完善|优先|给予|免|减|延")
_CHANNEL = re.compile(r"http|www|网站|微信|app|电话|热线|平台|公众号|\d{5}")
_DIGIT = re.compile(r"\d")
_ASKS_MEASURE = re.compile(r"如何|怎|措施|举措|要求|政策|规定|做法|安排")
_ASKS_NAME = re.compile(
    r"谁|哪[个家位所款]|什么(?:单位|部门|企业|公司|平台|名称|名字|主题|群体|行动|原则|组织|机构|系统|模式|口号)"
)
_ASKS_CHANNEL = re.compile(r"渠道|平台|哪里|在哪|网站|途径|方式|网址|电话|热线")

_FORMS: Mapping[str, re.Pattern[str]] = {
    "date": re.compile(r"\d+年|\d+月\d+日|\d+日"),
    "share": re.compile(r"%|％|百分之"),
    "duty": re.compile(r"^[^，]{0,6}(?:应当?|要|须|必须|不得|可以?|将|严禁)"),
    "condition": re.compile(r"^(?:对|凡|如|若|属于|因|为|由|在|按|经|从|向|根据|按照|通过)"),
    "organ": re.compile(r"部|局|委|厅|中心|公司|医院|机构|政府|办公室|单位|银行"),
    "quoted": re.compile(r"[“”《》]"),
    "bracket": re.compile(r"[（(]"),
    "item": re.compile(r"^(?:一是|二是|三是|四是|五是|首先|其次|[（(]?[一二三四五六七八九十\d]+[)）、.．])"),
    "counted": re.compile(r"[人名个家次户所]"),
    "purpose": re.compile(r"确保|为了|目的|以便|切实"),
}
_FORMS_BEFORE = ("date", "item")
_FORMS_AFTER = ("date", "duty", "item")

_ASKED: Mapping[str, re.Pattern[str]] = {
    "asks how": re.compile(r"如何|怎"),
    "asks measures": re.compile(r"措施|举措"),
    "asks which things": re.compile(r"哪些"),
    "asks what": re.compile(r"什么"),
    "asks a number": re.compile(r"多少|几"),
    "asks when": re.compile(r"时间|时候|何时|期限|几号"),
    "asks a telephone": re.compile(r"电话|热线"),
    "asks whether": re.compile(r"是否|能不能|吗"),
    "asks why": re.compile(r"为什么|为何|目的|意义"),
    "asks conditions": re.compile(r"条件|符合"),
    "asks papers": re.compile(r"材料|手续|提交"),
    "asks whom": re.compile(r"对象|群体|哪些人|人员"),
    "asks an organ": re.compile(r"部门|单位|谁|机构"),
    "asks a channel": re.compile(r"在哪|哪里|地点|网站|平台|渠道"),
    "asks rules": re.compile(r"要求|规定"),
    "asks support": re.compile(r"支持|优惠|补贴|政策"),
    "asks penalty": re.compile(r"处理|处罚"),
    "asks procedure": re.compile(r"流程|程序|办理|申请"),
    "asks which": re.compile(r"哪"),
    "asks aims": re.compile(r"原则|目标"),
}

_OF_SENTENCE = (
    "score",  # of the passage, below the document's best
    "rank",  # of the passage, 1/(1 + rank)
    "inside",  # it stands in a passage that was found, not below one
    "led",  # the question's words in the sentence and the two before it
    "longest",  # the longest run of characters that question and sentence share
    "long sentence",
    "heading",  # the question's words in the heading path
    "own heading",  # and in the last heading alone
    "sentence length",
    "clauses",  # of the sentence
    "region",
)
_OF_CLAUSE = (
    "before",  # the question's words in the sentence up to the end of the clause
    "fits",  # the kind of thing asked for, by the rules of ``kinds``
    "fits not",  # where another clause of the sentence has it
    "figure",  # a digit, where a figure or a date is asked for
    "list",  # enumeration commas, where things are asked for
    "measure",  # a word of what is to be done, where measures are asked for
    "channel",  # a site, number or app, where the way is asked for
    "attribution",
    "ceremony",
    "colon",
    "semicolon",
    "restated",  # hardly a word that is not the question's
    "numbered heading",
    "length",
    "commas",  # enumeration commas
    "digits",
    "place in the sentence",  # clauses before it
    "clauses after it",
    "place in the text",  # 0..1
    "end",  # which mark it ends with
)
_OF_ALL = (
    "led below the best",
    "led rank",
    "before below the best",
    "place",
    "place of all",  # 0..1
    "text length",
)
_OF_NEIGHBOURS = (
    "end of the one before",
    "restated before",
    "fits before",
    "before before",
    "fits after",
)
_INTENTS = sorted(_KINDS | {Intent.HOW})
_OF_QUESTION = ("question length", "one name", *(f"intent {each}" for each in _INTENTS))

FEATURES = (
    *_OF_SENTENCE,
    *_OF_CLAUSE,
    *_OF_ALL,
    *_OF_NEIGHBOURS,
    *_FORMS,
    *(f"{each} before" for each in _FORMS_BEFORE),
    *(f"{each} after" for each in _FORMS_AFTER),
    *_OF_QUESTION,
    *_ASKED,
)
"""Names of what a clause is judged by, in the order of the columns; ``training/fit_clauses.py`` fits the model to them."""


def asks_name(question: Question) -> bool:
    """Whether one name is asked for: 由谁, 哪家企业, 什么平台."""
    return _ASKS_NAME.search(fold(question.text)) is not None


def judge_clauses(question: Question, reading: Reading, read: Sequence[Sentence], text: str) -> NDArray[np.float32]:
    """Return what each clause is judged by, ``(clauses, len(FEATURES))``, the sentences' clauses in order.

    Args:
        question: The question.
        reading: Its intent.
        read: From ``read_sentences``; one clause at least.
        text: The document's canonical text.
    """
    asked = _Asked.of(question)
    reader = _Reader(question, reading, asked, read, text)
    words = [clause.of(text).strip() for sentence in read for clause in sentence.clauses]
    own = np.array(reader.rows(), dtype=np.float32)
    forms = np.array([[form.search(each) is not None for form in _FORMS.values()] for each in words], dtype=np.float32)
    return np.hstack(
        [
            own,
            _among_all(own, len(text)),
            _beside(own),
            forms,
            _shifted(forms[:, [list(_FORMS).index(name) for name in _FORMS_BEFORE]], 1),
            _shifted(forms[:, [list(_FORMS).index(name) for name in _FORMS_AFTER]], -1),
            np.tile(np.array(_of_question(question, reading, asked), dtype=np.float32), (len(own), 1)),
        ]
    )


def _among_all(own: NDArray[np.float32], text_length: int) -> NDArray[np.float32]:
    """Return the columns of ``_OF_ALL``."""
    led, before = own[:, FEATURES.index("led")], own[:, FEATURES.index("before")]
    count = len(own)
    place = np.arange(count)
    rank = np.argsort(np.argsort(-led, kind="stable"), kind="stable")
    columns = (
        led - led.max(),
        rank,
        before - before.max(),
        place,
        place / count,
        np.full(count, text_length),
    )
    return np.column_stack(columns).astype(np.float32)


def _beside(own: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the columns of ``_OF_NEIGHBOURS``."""
    previous = [FEATURES.index(name) for name in ("end", "restated", "fits", "before")]
    return np.hstack([_shifted(own[:, previous], 1), _shifted(own[:, [FEATURES.index("fits")]], -1)])


def _shifted(columns: NDArray[np.float32], by: int) -> NDArray[np.float32]:
    """Return the columns of the clause before (1) or after (-1), 0 where there is none."""
    moved = np.zeros_like(columns)
    if by > 0:
        moved[1:] = columns[:-1]
    else:
        moved[:-1] = columns[1:]
    return moved


def _of_question(question: Question, reading: Reading, asked: _Asked) -> list[float]:
    """Return the values of ``_OF_QUESTION`` and ``_ASKED``: the same for all clauses, they tell what the others mean."""
    intents = (float(reading.intent is each) for each in _INTENTS)
    flags = (float(pattern.search(question.text) is not None) for pattern in _ASKED.values())
    return [float(len(asked.words)), float(asks_name(question)), *intents, *flags]


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


class _Reader:
    """Judges the clauses of one document for one question, sentence by sentence."""

    def __init__(
        self, question: Question, reading: Reading, asked: _Asked, read: Sequence[Sentence], text: str
    ) -> None:
        self._question = question
        self._intent = reading.intent
        self._asked = asked
        self._read = read
        self._text = text
        self._plain = [_comparable(sentence.span.of(text)) for sentence in read]
        self._held = [_pairs(words) & asked.pairs for words in self._plain]
        # What all sentences of the document hold tells none of them from the others.
        self._telling = {
            pair: math.log(1 + (len(read) + 0.5) / (count + 0.5))
            for pair in sorted(asked.pairs)
            if (count := sum(pair in pairs for pairs in self._held))
        }
        self._total = sum(self._telling.values()) or 1.0
        self._top = max(sentence.score for sentence in read)
        self._headings: dict[tuple[str, ...], tuple[float, float]] = {}

    def rows(self) -> list[tuple[float, ...]]:
        """Return the values of ``_OF_SENTENCE`` and ``_OF_CLAUSE`` for each clause."""
        return [row for number in range(len(self._read)) for row in self._of_sentence(number)]

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

    def _of_sentence(self, number: int) -> list[tuple[float, ...]]:
        sentence, asked, text = self._read[number], self._asked, self._text
        near = range(max(0, number - 2), number + 1)
        led = frozenset().union(*(self._held[n] for n in near if self._read[n].region == sentence.region))
        of_sentence = (
            sentence.score - self._top,
            1 / (1 + sentence.rank),
            float(sentence.is_inside),
            self._coverage(led),
            _longest_shared(asked.words, self._plain[number]) / max(4, len(asked.words)),
            float(len(sentence.span) > _LONG_SENTENCE),
            *self._heading(sentence.passage.section),
            float(len(sentence.span)),
            float(len(sentence.clauses)),
            float(sentence.region),
        )
        asks_kind = self._intent in _KINDS
        asks_figure = self._intent in {Intent.FIGURE, Intent.TIME}
        fits = [asks_kind and holds_kind(self._intent, self._question, piece.of(text)) for piece in sentence.clauses]
        before: frozenset[str] = frozenset()
        rows = []
        for place, (piece, fit) in enumerate(zip(sentence.clauses, fits, strict=True)):
            words = piece.of(text).strip()
            comparable = _comparable(words)
            before |= _pairs(comparable) & asked.pairs
            of_clause = (
                self._coverage(before),
                float(fit),
                float(not fit and any(fits)),
                float(asks_figure and _DIGIT.search(words) is not None),
                *_manner(asked, words, comparable, sentence.span),
                float(len(words)),
                float(words.count("、")),
                float(sum(map(str.isdigit, words))),
                float(place),
                float(len(sentence.clauses) - 1 - place),
                piece.start / len(text),
                float(_MARKS.find(words[-1])),
            )
            rows.append(of_sentence + of_clause)
        return rows


def _manner(asked: _Asked, words: str, plain: str, sentence: Span) -> tuple[float, ...]:
    """Return the features of a clause's words: lists and measures answer; headings and attributions do not."""
    return (
        asked.lists * min(words.count("、"), _MOST_LISTED) / _MOST_LISTED,
        float(asked.measures and _MEASURE.match(plain) is not None),
        float(asked.channels and _CHANNEL.search(plain) is not None),
        float(_ATTRIBUTES.search(words) is not None),
        float(_CEREMONY.search(words) is not None),
        float(words.endswith(("：", ":"))),
        float(words.endswith(("；", ";"))),
        float(sum(_covered(plain, asked.pairs)) > _RESTATED * max(1, len(plain))),
        float(len(sentence) <= _HEADING and _NUMBERED.match(words) is not None),
    )


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
