"""When something happened, as documents say it (时间), resolved against the document's own date.

``今年4月上旬`` of a document of 2025 is 1 to 10 April 2025. A month without a year is of the year named before it in
the paragraph, else the last such month before the document.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rag.domain.event import Period
from rag.domain.span import Span
from rag.parsing.dates import MONTH, DocumentDate
from rag.text import chinese_number

_GAP = r"[ \t\u3000]{0,3}"
_YEAR = rf"(?P<year>(?:19|20)\d\d|[一二][〇○零九][〇○零一二三四五六七八九]{{2}}){_GAP}(?:年度?|(?=[—－\-–~～]{{1,2}}(?:19|20)\d\d{_GAP}年))"
_RELATIVE = r"(?P<relative>今|本|去|上|前|当|同)年度?"
_DAY_NUMBER = r"3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"
_TO = rf"{_GAP}(?:至|到|[—－\-–~～]{{1,2}}){_GAP}"

# A part of a year, longest first; years alone are the last.
_PART = (
    rf"(?P<month>{MONTH}){_GAP}月(?:份)?{_GAP}"
    rf"(?:(?P<day>{_DAY_NUMBER}){_GAP}日(?:{_TO}(?:(?P<last_month>{MONTH}){_GAP}月{_GAP})?(?P<last_day>{_DAY_NUMBER}){_GAP}日)?"
    rf"|(?P<third>[上中下]旬|初|底|末)|{_TO}(?P<to_month>{MONTH}){_GAP}月(?:份)?)?"
    rf"|(?P<from_month>{MONTH}){_TO}(?P<until_month>{MONTH}){_GAP}月(?:份)?"
    r"|(?P<half>[上下])半年|第?(?P<quarter>[一二三四1-4])季度|(?P<term>[春秋]季学期)|年?(?P<edge>初|底|末)"
)
_WHEN = re.compile(
    rf"(?:(?P<since>自|从){_GAP})?"
    rf"(?:(?:{_YEAR}|{_RELATIVE})(?:{_TO}(?P<to_year>(?:19|20)\d\d){_GAP}年|(?P<years>(?:{_GAP}[、和与及]{_GAP}(?:19|20)\d\d{_GAP}年)+))?{_GAP}(?:{_PART})?"
    rf"|(?<![\d年每当.第])(?:{_PART.replace('(?P<', '(?P<b_')}))"
    rf"{_GAP}(?P<on>以来|起|开始)?"
)
_MONTHS = {"上": (1, 6), "下": (7, 12), "底": (12, 12), "末": (12, 12)}
_LAST_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
_NAMES = (
    "month", "day", "last_month", "last_day", "third", "to_month", "from_month", "until_month", "half", "quarter", "edge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """A time said in a text.

    Attributes:
        span: Its words, with 自 and 起.
        period: What they mean; ``None`` where it cannot be told.
        is_start: Said as a beginning (自2019年起, 今年以来).
        names_year: A year is named in it (2019年, 今年).
    """

    span: Span
    period: Period | None
    is_start: bool
    names_year: bool


def read_periods(text: str, span: Span, made: DocumentDate) -> list[Dated]:
    """Read the times said in a paragraph, in order.

    Args:
        text: In simplified script.
        span: The paragraph; a month takes its year from one named before it there.
        made: When the document was made.
    """
    return list(_read(text, span, made))


def _read(text: str, span: Span, made: DocumentDate) -> Iterator[Dated]:
    named: int | None = None
    for match in _WHEN.finditer(text, span.start, span.end):
        names_year = bool(match["year"] or match["relative"])
        parts = {name: match[name if names_year else f"b_{name}"] or "" for name in _NAMES}
        if names_year:
            year = _year(match, made, named)
            named = year if year is not None else named
            period = None if year is None else _of_years(match, year) or _of_year(parts, year)
        elif parts["month"] or parts["from_month"]:  # 底, 上半年 need their year
            period = _of_year(parts, named) if named is not None else _last_before(parts, made)
        else:
            continue
        is_start = match["on"] is not None
        if period is not None and is_start:
            period = Period(period.first, None)
        yield Dated(Span(match.start(), match.start() + len(match[0].rstrip())), period, is_start, names_year)


def _year(match: re.Match[str], made: DocumentDate, named: int | None) -> int | None:
    if match["year"]:
        return chinese_number(match["year"])
    if match["relative"] in ("当", "同"):
        return named
    return made.year_of(match["relative"])


def _of_years(match: re.Match[str], year: int) -> Period | None:
    """Return the years from the first to the last named: 2020年至2022年, 2018年、2019年."""
    last = int(match["to_year"] or (re.findall(r"\d{4}", match["years"] or "") or [0])[-1])
    return Period(date(year, 1, 1), date(last, 12, 31)) if last > year else None


def _last_before(parts: Mapping[str, str], made: DocumentDate) -> Period | None:
    """Return the last such part of a year that begins before the document."""
    if made.year is None:
        return None
    found = _of_year(parts, made.year)
    if found is not None and made.day is not None and found.first > made.day:
        return _of_year(parts, made.year - 1)
    return found


def _of_year(parts: Mapping[str, str], year: int) -> Period | None:
    """Return the part of ``year`` that was read, the whole where none was; ``None`` for 2月30日."""
    try:
        return _days(parts, year)
    except ValueError:
        return None


def _days(parts: Mapping[str, str], year: int) -> Period | None:
    month = chinese_number(parts["month"] or parts["from_month"])
    if month is None:
        quarter = chinese_number(parts["quarter"]) if parts["quarter"] else None
        if quarter is not None:
            return _months(year, quarter * 3 - 2, quarter * 3)
        return _months(year, *_MONTHS.get(parts["half"] or parts["edge"], (1, 12)))
    if parts["day"]:
        first = date(year, month, chinese_number(parts["day"]) or 0)
        if not parts["last_day"]:
            return Period(first, first)
        last = date(year, chinese_number(parts["last_month"]) or month, chinese_number(parts["last_day"]) or 0)
        return Period(first, last) if first <= last else None
    if parts["third"] in _LAST_DAYS:
        start, end = _LAST_DAYS[parts["third"]]
        return Period(date(year, month, start), date(year, month, min(end, monthrange(year, month)[1])))
    return _months(year, month, chinese_number(parts["to_month"] or parts["until_month"]) or month)


def _months(year: int, first: int, last: int) -> Period | None:
    if last < first:
        return None
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
