"""Deadlines (完成时限) as documents write them, resolved against the document's own date (今年内 in 2023 → 2023-12-31)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from rag.domain.span import Span
from rag.parsing.dates import DocumentDate
from rag.text import chinese_number

_GAP = r"[ \t\u3000]{0,2}"
_YEAR = rf"(?P<year>20\d\d){_GAP}年"
_RELATIVE = r"(?P<relative>今|本|明|后|当|次)年"
_MONTH = rf"(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}}){_GAP}月"
_END = rf"(?:{_GAP}(?:底|末|份))?"
_BY = rf"(?:{_GAP}(?:之?前|以前))?"
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline.

    Attributes:
        span: The words it was read from.
        day: The last day, ``None`` where the document's date would be needed and is not known.
        is_term: Said as a deadline by its own words (年底前, 到2025年), not as a year in which something happens.
    """

    span: Span
    day: date | None
    is_term: bool


_Reader = Callable[[re.Match[str], DocumentDate], date | None]


def _year(match: re.Match[str], made: DocumentDate) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    return made.year_of(groups.get("relative") or "今")


def _year_end(match: re.Match[str], made: DocumentDate) -> date | None:
    year = _year(match, made)
    return None if year is None else date(year, 12, 31)


def _half(match: re.Match[str], made: DocumentDate) -> date | None:
    year = _year(match, made)
    return None if year is None else date(year, 6, 30) if match["half"] == "上" else date(year, 12, 31)


def _quarter(match: re.Match[str], made: DocumentDate) -> date | None:
    year, quarter = _year(match, made), chinese_number(match["quarter"])
    if year is None or quarter is None or not 1 <= quarter <= 4:
        return None
    return _month_end(year, quarter * 3)


def _month(match: re.Match[str], made: DocumentDate) -> date | None:
    year, month = _year(match, made), chinese_number(match["month"])
    if year is None or month is None or not 1 <= month <= 12:
        return None
    day = match.groupdict().get("day")
    if day is None:
        return _month_end(year, month)
    return date(year, month, int(day)) if 1 <= int(day) <= calendar.monthrange(year, month)[1] else None


def _five_years(match: re.Match[str], _: DocumentDate) -> date | None:
    plan = chinese_number(match["plan"])  # 十四五 ends in 2025, each plan has five years
    return date(2025 + 5 * (plan - 14), 12, 31) if plan is not None and 10 <= plan <= 20 else None


def _after(match: re.Match[str], made: DocumentDate) -> date | None:
    number = chinese_number(match["number"] or match["using"])
    if number is None or made.day is None:
        return None
    unit = match["unit"] or match["using_unit"]
    if unit in ("天", "日"):
        return made.day + timedelta(days=number) if (date.max - made.day).days >= number else None
    months = number * (1 if "月" in unit else 12)
    year, month = divmod(made.day.month - 1 + months, 12)
    year += made.day.year
    if year > date.max.year:
        return None
    return date(year, month + 1, min(made.day.day, calendar.monthrange(year, month + 1)[1]))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# Tried at each place in this order: the longer form first.
_FORMS: tuple[tuple[re.Pattern[str], _Reader, bool], ...] = (
    # 2025年至2029年, 2024—2026年: the end of the last
    (
        re.compile(
            rf"20\d\d{_GAP}年?{_GAP}(?:至|到|[—－\-–~～]{{1,2}}){_GAP}{_YEAR}(?!{_GAP}\d){_END}{_BY}(?:间|期间)?"
        ),
        _year_end,
        True,
    ),
    (
        re.compile(
            rf"(?:到|至|于|在)?(?:{_YEAR}|{_RELATIVE})?{_GAP}{_MONTH}{_GAP}(?P<day>\d{{1,2}}){_GAP}日(?:{_GAP}(?:之?前|以前))"
        ),
        _month,
        True,
    ),
    (re.compile(rf"(?:{_YEAR}|{_RELATIVE})?{_GAP}(?P<half>[上下])半年(?:{_GAP}(?:前|内|底))?"), _half, False),
    (
        re.compile(rf"(?:{_YEAR}|{_RELATIVE})?{_GAP}第?(?P<quarter>[一二三四1-4])季度(?:{_GAP}(?:前|内|末|底))?"),
        _quarter,
        False,
    ),
    (
        re.compile(
            rf"(?:(?:力争|争取|确保)?(?:到|至))?(?:{_YEAR}|{_RELATIVE}){_GAP}{_MONTH}{_GAP}(?:底|末|份)?(?:之?前|以前)?(?!{_GAP}\d)"
        ),
        _month,
        False,
    ),
    (
        re.compile(rf"(?<![年\d])(?:到|至)?{_MONTH}{_GAP}(?:底(?:之?前|以前)?|末(?:之?前|以前)?|之?前|以前)"),
        _month,
        True,
    ),
    (re.compile(rf"(?:到|至){_GAP}{_YEAR}(?!{_GAP}\d){_END}{_BY}"), _year_end, True),
    (re.compile(rf"{_YEAR}(?:{_GAP}(?:底|末|内)(?:之?前|以前)?|之?前|以前)"), _year_end, True),
    (
        re.compile(
            r"(?:到|至)?(?P<relative>今|本|明|后|当|次)年(?:年)?(?:底(?:之?前|以前)?|末(?:之?前|以前)?|之?内|前|以内)|(?<![\d今本明后当近多每逐历往去])年(?:底|末)(?:之?前|以前)|(?<![\d今本明后当近多每逐历往两三四五十])年内(?![容部科在心涵需外])"
        ),
        _year_end,
        True,
    ),
    (
        re.compile(r"[“\"]?(?P<plan>十[一二三四五六七八九]?|二十)五[”\"]?(?:规划)?(?:期末|末|末期|期间|时期)"),
        _five_years,
        True,
    ),
    (
        re.compile(
            rf"(?:在|用|于)?(?:未来|今后)?(?<!近)(?<!第)(?P<number>{_NUMBER}){_GAP}(?P<unit>年|个月|天|日)(?:时间)?(?:之内|以内|内)|用(?P<using>{_NUMBER}){_GAP}(?P<using_unit>年|个月)(?:左右)?(?:的)?时间"
        ),
        _after,
        True,
    ),
    (re.compile(rf"{_YEAR}(?!{_GAP}\d|度?(?:以来|起|开始))度?"), _year_end, False),
    (re.compile(rf"(?P<relative>今|本|明)年(?!{_GAP}\d|度?(?:以来|起|开始)|度)"), _year_end, False),
)
# 截至2023年底 and 从2019年起 are no deadlines.
_NO_DEADLINE_BEFORE = re.compile(r"(?:截|截至|截止|截止到|自|从)[ \t\u3000]*$")
# 毕业两年内, 受理之日起15日内: a condition, counted from something else.
_TERM_BEFORE = re.compile(
    r"(?:^|[，,。；;：:、]|在|用|于|将|争取|力争|确保|未来|今后|计划|拟|并|要|我[省市州县区镇乡局委]|们)[ \t\u3000]*$"
)
_EACH = re.compile(r"每(?:年|月|季度?|学期)[^。；]{0,40}$")
_WORTH_READING = re.compile(
    r"20\d\d|[今本明后当次]年|年[底末内]|月[底末份]|月?之?前|季度|半年|十.?五|[年月天日](?:时间)?(?:之|以)?内|用.{1,4}[年月]"
)


def read_deadlines(words: str, made: DocumentDate) -> list[Deadline]:
    """Read the deadlines of a sentence in simplified script, in order, none inside another."""
    if not _WORTH_READING.search(words):
        return []
    found: list[Deadline] = []
    for pattern, resolve, is_term in _FORMS:
        for match in pattern.finditer(words):
            span = Span(*match.span())
            before = words[: span.start]
            if (
                any(span.overlaps(other.span) for other in found)
                or _NO_DEADLINE_BEFORE.search(before)
                or (resolve is _after and not _TERM_BEFORE.search(before))
                or (resolve is not _year_end and _EACH.search(before))
            ):
                continue
            said = is_term or match[0].endswith(("前", "底", "末", "内")) or match[0].startswith(("到", "至"))
            found.append(Deadline(span, resolve(match, made), said))
    return sorted(found, key=lambda deadline: deadline.span)
