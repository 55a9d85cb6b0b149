"""Until when a document holds (有效期): 有效期至2029年11月30日, or 有效期5年 from the day on which it takes effect."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from rag.domain.answer import WorkedOut
from rag.domain.event import Period
from rag.domain.span import Span
from rag.parsing.dates import DATE, read_date
from rag.text import chinese_number

# Without its groups, so that it can stand twice.
_DATE = re.sub(r"\?P<\w+>", "?:", DATE.pattern).replace("(?P=dash)", "[-/.]")
_GAP = r"[ \t\u3000]{0,3}"
_TERM = re.compile(
    rf"(?:有效期限?|试行期限?|执行期限?|实施期限?){_GAP}(?:为|是|暂定)?{_GAP}"
    rf"(?:(?:截?[至止]|到){_GAP}(?P<until>{_DATE})|(?P<years>\d{{1,2}}|[一二两三四五六七八九十]{{1,2}}){_GAP}(?:个)?年)"
)
_FROM = re.compile(rf"(?:自|从){_GAP}(?:(?P<day>{_DATE})|(?:印发|发布|公布|发文)之日){_GAP}(?:起|开始)")
_SENTENCE_ENDS = "。；\n"
_NEAR = 120


class Expiry(NamedTuple):
    """The last day of a document, and the sentence that says it."""

    day: date
    span: Span

    def worked_out(self, on: date) -> WorkedOut:
        """Say what the words come to, looked at on a day."""
        day = Period(self.day, self.day)
        if self.day < on:
            return WorkedOut(f"已于{day.in_chinese()}期满", f"expired on {day.in_english()}")
        return WorkedOut(f"有效至{day.in_chinese()}", f"valid until {day.in_english()}")


def expiry_of(text: str, issued_on: date | None) -> Expiry | None:
    """Read until when a document says that it holds; ``None`` where it does not say, or from no day that is known.

    Args:
        text: Its canonical text.
        issued_on: Its date, from which 自印发之日起 counts.
    """
    for match in _TERM.finditer(text):
        start = max(text.rfind(end, 0, match.start()) for end in _SENTENCE_ENDS) + 1
        stop = min((at for end in _SENTENCE_ENDS if (at := text.find(end, match.end())) >= 0), default=len(text))
        span = Span(start + len(text[start:stop]) - len(text[start:stop].lstrip()), min(stop + 1, len(text)))
        day = _day(match, text, issued_on)
        if day is not None:
            return Expiry(day, Span(span.start, span.start + len(span.of(text).rstrip())))
    return None


def _day(match: re.Match[str], text: str, issued_on: date | None) -> date | None:
    if match["until"]:
        found = DATE.search(match["until"])
        return read_date(found) if found else None
    years = chinese_number(match["years"])
    begins = [*_FROM.finditer(text, max(0, match.start() - _NEAR), match.end() + _NEAR)]
    if not begins or not years:
        return None
    first = issued_on
    if begins[-1]["day"]:
        found = DATE.search(begins[-1]["day"])
        first = read_date(found) if found else None
    if first is None or first.year + years > date.max.year:
        return None
    after = date(first.year + years, first.month, min(first.day, 28))
    return after + timedelta(days=first.day - min(first.day, 28) - 1)
