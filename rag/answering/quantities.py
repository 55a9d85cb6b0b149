"""Figures and dates by value (数值): 百分之五 is 5%, 2.48万人次 is 24800人次, 二〇二三年 is 2023年.

Offsets are into the text as ``comparable`` gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rag.domain.span import Span
from rag.parsing.dates import MONTH
from rag.parsing.numbers import ARABIC, CHINESE, DIGITS, PARTS, UNITS, number, scaled
from rag.text import chinese_number, fold, squeeze

_COMMA = "\ue100"
# 县（市、区）残联, 镇（街道）残联, 乡镇（街道）: one level each.
_LEVELS_IN_BRACKETS = re.compile(r"乡?(?P<level>[省市县区镇])\([省市县区旗镇乡街道、]+\)")
_LONE_IN_BRACKETS = re.compile(r"\(([\u4e00-\u9fff])\)(?!\S*[、.])")


def comparable(text: str) -> str:
    """Return ``text`` folded for comparing, its Chinese commas kept apart from those inside figures."""
    folded = squeeze(fold(text.replace("，", _COMMA))).replace(_COMMA, "，")
    folded = _LEVELS_IN_BRACKETS.sub(lambda m: m["level"], folded)
    # 乡（镇）人民政府 is also written 乡镇人民政府; （一） numbers a clause.
    return _LONE_IN_BRACKETS.sub(lambda m: m[0] if m[1] in "一二三四五六七八九十" else m[1], folded)


class Bound(StrEnum):
    """What stands beside a figure and makes it a limit."""

    NONE = ""
    LEAST = "least"  # 不少于, 至少, 以上, 超过
    MOST = "most"  # 不超过, 最高, 以下, 以内
    ABOUT = "about"  # 约, 近, 左右, 余


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure.

    Attributes:
        value: In units of one: 3.2亿元 is 320000000.
        unit: Units that mean the same have one name; ``""`` where none is known.
        bound: 不超过5000元 is ``MOST``.
        end: ``from`` and ``to`` of a change: 由70%提高到75%; else ``""``.
        is_condition: It says for whom or what the rest holds: 七层以上, 80周岁以上, 三孩.
        span: With the words of the bound.
    """

    value: Decimal
    unit: str
    bound: Bound
    end: str
    is_condition: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or the part of one that is given.

    Attributes:
        year: ``None`` in 3月1日.
        bound: 以前 is ``MOST``, 起 and 以后 are ``LEAST``.
    """

    year: int | None
    month: int | None
    day: int | None
    bound: Bound
    span: Span

    def agrees(self, other: Day) -> bool:
        """Tell whether both may be one date: what both give is the same, and they give something in common."""
        pairs = [(a, b) for a, b in zip(self.parts, other.parts, strict=True) if a is not None and b is not None]
        is_other_side = {self.bound, other.bound} == {Bound.LEAST, Bound.MOST}
        return bool(pairs) and all(a == b for a, b in pairs) and not is_other_side

    def within(self, other: Day) -> bool:
        """Tell whether this date says nothing that the other does not."""
        return self.agrees(other) and all(
            b is not None for a, b in zip(self.parts, other.parts, strict=True) if a is not None
        )

    @property
    def parts(self) -> tuple[int | None, int | None, int | None]:
        """Year, month and day."""
        return self.year, self.month, self.day


# Beside the units that count, those by which things are named or measured in running text; longer ones are read first.
_UNITS = {
    **UNITS,
    **dict.fromkeys(("平方米", "㎡", "m2"), "平方米"),
    **{
        unit: unit
        for unit in (
            "时 微克 毫克 层 级 里 章 号 度 门 双 孩 村 镇 乡 街道 社区 学校 班 元/人 分 秒 枚 笔 单 桶 箱 袋 瓶 卷 声 站 公分 英里 米/秒 人/年"
        ).split()
    },
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_CONDITIONS = frozenset(("层", "岁", "孩", "级", "类"))

_QUANTITY = re.compile(
    rf"(?P<first>\d+(?:\.\d+)?)[:：比](?P<second>\d+(?:\.\d+)?)(?![:：\d])|(?P<ordinal>第)?(?:(?P<part>[百千万]分之)(?P<share>{CHINESE}|{ARABIC})"
    rf"|(?P<arabic>{ARABIC})(?P<scale>[十百千]?[万亿]|[百千])?(?P<unit>余?(?:{_UNIT}))?"
    # 一次性, 一般, 统一, 一体 hold no figure: Chinese numerals count before a unit only.
    rf"|(?P<chinese>{CHINESE})(?P<chinese_unit>余?(?:{_UNIT}))(?!性|般|体|定|些|样|起|旦|律|带|并|致|直|线|方|面|路))"
)
_WORDS_WITH_NUMERALS = re.compile(r"[唯统单同]一|万一|十分|三农|两会|两委|四好|五保|一号文件|一件事|一站|一次性|进一步")
_BEFORE = (
    (Bound.MOST, re.compile(r"(?:不超过|不高于|不多于|不大于|不得超过|不得高于|不得多于|至多|最多|最高|最长|最晚|最大|上限)(?:为|达|至|到|可|可达)?$")),
    (Bound.LEAST, re.compile(r"(?:不少于|不低于|不小于|不得少于|不得低于|不得小于|至少|最少|最低|最短|下限|超过|突破|高于|多于|大于|达到或超过|逾|超)(?:为|达|至|到)?$")),
    (Bound.MOST, re.compile(r"(?:低于|少于|小于|不足|不到|未满|不满)$")),
    (Bound.ABOUT, re.compile(r"(?:约|近|大约|将近|接近)(?:为|达)?$")),
)  # fmt: skip
# 至少建成1个: the verb is no part of the bound.
_FURTHER_BEFORE = (
    (Bound.LEAST, re.compile(r"(?:至少|最少|最低)[\u4e00-\u9fff]{1,4}$")),
    (Bound.MOST, re.compile(r"(?:至多|最多|最高|最长)[\u4e00-\u9fff]{1,4}$")),
)
_AFTER = (
    (Bound.LEAST, re.compile(r"\)?(?:及|或|和)?以上|(?:及|或)更多")),
    (Bound.MOST, re.compile(r"\)?(?:及|或|和)?(?:以下|以内|之内)")),
    (Bound.ABOUT, re.compile(r"左右|上下")),
)
_FROM = re.compile(r"(?:由|从|自)[ ]*(?:原来|原先|此前|年初|上年|去年|上一年|目前|每[人月年户件]|的)*$")
_TO = re.compile(r"(?:到|至|为|达)(?:每[人月年户])*$")


def quantities(text: str) -> list[Quantity]:
    """Find the figures of a text that holds neither dates nor 文号; give ``comparable`` text."""
    return list(_quantities(text))


def _quantities(text: str) -> Iterator[Quantity]:
    words = [m.span() for m in _WORDS_WITH_NUMERALS.finditer(text)]
    for match in _QUANTITY.finditer(text):
        if match["first"]:
            if Decimal(match["second"]):
                ratio = Decimal(match["first"]) / Decimal(match["second"])
                yield Quantity(ratio, "比", Bound.NONE, "", is_condition=False, span=Span(match.start(), match.end()))
            continue
        if not match["arabic"] and any(a < match.end() and match.start() < b for a, b in words):
            continue
        value, written = _value(match)
        if value is None:
            continue
        unit = _UNITS.get(written.removeprefix("余"), "")
        before, after = text[max(0, match.start() - 14) : match.start()], text[match.end() : match.end() + 6]
        bound, start, stop = _bound(before, after)
        if written.startswith("余"):
            bound = Bound.ABOUT
        end = "from" if _FROM.search(before) else "to" if _TO.search(before) else ""
        if match["ordinal"]:
            unit = "第" + unit
        span = Span(match.start() - start, match.end() + stop)
        yield Quantity(value, unit, bound, end, unit in _CONDITIONS, span)


def _bound(before: str, after: str) -> tuple[Bound, int, int]:
    """Return the bound beside a figure, and how many characters it takes before it and after it."""
    for kind, words in _AFTER:
        if match := words.match(after):
            return kind, 0, match.end()
    for kind, words in _BEFORE:
        if match := words.search(before):
            return kind, len(match[0]), 0
    for kind, words in _FURTHER_BEFORE:
        if words.search(before):
            return kind, 0, 0
    return Bound.NONE, 0, 0


def _value(match: re.Match[str]) -> tuple[Decimal | None, str]:
    if match["part"]:
        value = number(match["share"])
        return (value, PARTS.get(match["part"][0], ""))
    if match["arabic"]:
        value = number(match["arabic"])
        return None if value is None else scaled(value, match["scale"] or ""), match["unit"] or ""
    return number(match["chinese"]), match["chinese_unit"]


_YEAR = rf"(?:19|20)\d{{2}}|[一二][{DIGITS}]{{3}}"
_DAY_OF_MONTH = rf"[12]\d|3[01]|0?[1-9]|[{DIGITS}十]{{1,3}}"
_DATE = re.compile(
    rf"(?P<year>{_YEAR})(?:年(?:度)?(?:(?P<month>{MONTH})月(?:份)?(?:(?P<day>{_DAY_OF_MONTH})[日号])?)?"
    rf"|-(?P<iso_month>\d{{2}})-(?P<iso_day>\d{{2}})|(?=[-—–~至到]+(?:{_YEAR})年))"
    rf"|(?<![\d十])(?P<only_month>{MONTH})月(?:份)?(?:(?P<only_day>{_DAY_OF_MONTH})[日号])?(?!龄|嫂|租|薪)"
)
_EDGE_OF_DATE = re.compile(
    r"(?:[年月]?[底末初])?(?:\)?(?:(?P<most>及?以前|之前|前)|(?P<least>及?以后|之后|后|起|以来)))?"
)


def days(text: str) -> list[Day]:
    """Find the dates of a ``comparable`` text."""
    found = []
    for match in _DATE.finditer(text):
        year = number(match["year"]) if match["year"] else None
        month = match["month"] or match["iso_month"] or match["only_month"]
        day = match["day"] or match["iso_day"] or match["only_day"]
        edge = _EDGE_OF_DATE.match(text, match.end())
        bound = Bound.NONE
        if edge is not None and (edge["most"] or edge["least"]):
            bound = Bound.MOST if edge["most"] else Bound.LEAST
        end = edge.end() if edge is not None else match.end()
        found.append(
            Day(
                int(year) if year is not None else None,
                chinese_number(month) if month else None,
                chinese_number(day) if day else None,
                bound,
                Span(match.start(), end),
            )
        )
    return found
