"""What happened and when (事件): acts that a document tells with their date.

An event is a part of a sentence of a document's body that tells an act as carried out or begun (印发, 召开, 成立, 启用,
安排…资金, 新增…) together with when: a date or a length of time (2019年7月, 今年4月上旬, 2020年至2022年), or since when (自2019年起,
今年以来). It lies before the document, or had begun by then.

No event: what is planned or aimed at (a commitment, 承诺事项); a level at a date (2022年底有线路118条) and sums until
now (截至目前); the date of a document or law that is cited; what is done every year; a time-table; the text of a law.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from rag.domain.span import Span

_MONTHS = "January February March April May June July August September October November December".split()
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time, both days included (时间).

    Attributes:
        first: The first day.
        last: The last day; ``None`` for one that goes on (自2019年起).
    """

    first: date
    last: date | None

    def overlaps(self, start: date | None, end: date | None) -> bool:
        """Tell whether some day of it lies from ``start`` to ``end``; ``None`` bounds nothing."""
        return (end is None or self.first <= end) and (start is None or self.last is None or self.last >= start)

    def in_chinese(self) -> str:
        """Return it as shortly as it can be said: 2019年7月, 2025年4月1日至10日, 2019年起."""
        first, last = self.first, self.last
        if last is None:
            day = f"{first.year}年" + ("" if _opens_year(first) else f"{first.month}月")
            return f"{day}{'' if first.day == 1 else f'{first.day}日'}起"
        if first == last:
            return f"{first.year}年{first.month}月{first.day}日"
        if _opens_year(first) and _closes_year(last):
            return f"{first.year}年" if first.year == last.year else f"{first.year}年至{last.year}年"
        year = "" if first.year == last.year else f"{last.year}年"
        if first.day == 1 and _closes_month(last):
            month = f"{first.year}年{first.month}月"
            return month if (first.year, first.month) == (last.year, last.month) else f"{month}至{year}{last.month}月"
        month = "" if not year and first.month == last.month else f"{last.month}月"
        return f"{first.year}年{first.month}月{first.day}日至{year}{month}{last.day}日"

    def in_english(self) -> str:
        """Return it as shortly as it can be said: July 2019, 1–10 April 2025, since 2019."""
        first, last = self.first, self.last
        if last is None:
            day = _day(first) if first.day > 1 else f"{_MONTHS[first.month - 1]} {first.year}"
            return f"since {first.year if _opens_year(first) else day}"
        if first == last:
            return _day(first)
        if _opens_year(first) and _closes_year(last):
            return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
        if first.day == 1 and _closes_month(last):
            months = dict.fromkeys(f"{_MONTHS[day.month - 1]} {day.year}" for day in (first, last))
            return " to ".join(months)
        is_one_month = (first.year, first.month) == (last.year, last.month)
        return f"{first.day}–{_day(last)}" if is_one_month else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _opens_year(day: date) -> bool:
    return day.month == 1 and day.day == 1


def _closes_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _closes_year(day: date) -> bool:
    return day.month == _DECEMBER and _closes_month(day)


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Conditions on events; ``None`` asks for nothing.

    Attributes:
        date_from: Something of it happened on this day or later; one whose date cannot be told is left out.
        date_to: Something of it happened on this day or before; likewise.
        words: As of ``rag.domain.commitment.CommitmentQuery``.
    """

    date_from: date | None = None
    date_to: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """An event (事件).

    Attributes:
        span: The words that tell it, from its date or its subject to the next date or the end of the sentence.
        text: Those words, layout blanks taken out.
        act: The word of what was done, as written (印发); 起 where it is only said since when something holds.
        what: The act and what it was done to, with its subject where that is no public body.
        actor: The body named as the subject, as written, else the issuer; ``None`` where the subject is a thing
            (热线…启用) or nothing is known.
        where: The place named for it, or ``None``.
        when: When, as written (``今年4月上旬``).
        when_span: Where that stands.
        period: ``when`` as days, worked out from the document's date; ``None`` where that would be needed and is not known.
        section: Heading path.
        page: 1-based page, or ``None``.
    """

    span: Span
    text: str
    act: str
    what: str
    actor: str | None
    where: str | None
    when: str
    when_span: Span
    period: Period | None
    section: tuple[str, ...]
    page: int | None = None
