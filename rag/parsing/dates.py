"""Dates as official documents write them (2025年5月17日, 二〇二五年五月十七日), and the date of a document itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.domain.document import DocumentSummary, Elements
from rag.text import DOCUMENT_NUMBER, chinese_number, squeeze

# 〇 is typed in many ways: as a circle, as the letter O of four alphabets, as a figure.
_ZEROS = "零〇○◯OＯoОοΟ0０"
_CHINESE_DIGIT = f"{_ZEROS}一二三四五六七八九"
_GAP = r"[ \t\u3000]{0,3}"
_CHINESE_YEAR = _GAP.join([f"[{_CHINESE_DIGIT}]"] * 4)

MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
"""The number of a month, in figures or Chinese numerals."""

DATE = re.compile(
    r"(?P<year>\d{4}|\d[ \u3000]\d[ \u3000]\d[ \u3000]\d)\s{0,9}年\s{0,9}(?P<month>\d[ \u3000]?\d?)\s{0,9}月"
    r"\s{0,9}(?P<day>\d[ \u3000]?\d?)\s{0,9}日"
    rf"|(?P<chinese_year>(?=[一二]){_CHINESE_YEAR}){_GAP}年"
    rf"{_GAP}(?P<chinese_month>[元正一二三四五六七八九十](?:{_GAP}[一二三四五六七八九])?){_GAP}月"
    rf"{_GAP}(?P<chinese_day>[一二三四五六七八九十廿卅{_ZEROS}](?:{_GAP}[一二三四五六七八九十]){{0,3}}){_GAP}日"
    r"|(?P<iso_year>\d{4})(?P<dash>[-/.])(?P<iso_month>\d{1,2})(?P=dash)(?P<iso_day>\d{1,2})(?!\d)"
)
_DIGITS = str.maketrans({**dict.fromkeys(_ZEROS, "〇"), "元": "一", "正": "一"})


def read_date(match: re.Match[str]) -> date | None:
    """Return the date of a match of ``DATE``, or ``None`` for one that is not in the calendar (2月30日)."""
    for prefix in ("", "chinese_", "iso_"):
        year = match[f"{prefix}year"]
        if year is None:
            continue
        parts = ["".join(part.split()) for part in (year, match[f"{prefix}month"], match[f"{prefix}day"])]
        if prefix == "chinese_":
            parts = [part.translate(_DIGITS).replace("廿", "二十").replace("卅", "三十") for part in parts]
        numbers = [chinese_number(part) for part in parts]
        if None in numbers:
            return None
        try:
            return date(*(number for number in numbers if number is not None))
        except ValueError:
            return None
    return None


_YEARS_FROM_ITS_OWN = {"前": -2, "去": -1, "上": -1, "今": 0, "本": 0, "当": 0, "明": 1, "次": 1, "后": 2}


@dataclass(frozen=True, slots=True)
class DocumentDate:
    """When a document was made, as far as it says.

    Attributes:
        year: Year of 成文日期, 印发日期 or 文号.
        day: The date, where one is given.
    """

    year: int | None = None
    day: date | None = None

    def year_of(self, relative: str) -> int | None:
        """Return the year that 今, 去, 明 … before 年 means in the document, ``None`` where its own tells none."""
        year = 0 if self.year is None else self.year + _YEARS_FROM_ITS_OWN[relative]
        return year if date.min.year <= year <= date.max.year else None

    def is_past(self, other: date) -> bool:
        """Tell whether ``other`` is before the document, as far as is known."""
        if self.day is not None:
            return other < self.day
        return self.year is not None and other.year < self.year


def date_of(document: Elements | DocumentSummary) -> DocumentDate:
    """Return when a document was made: 成文日期, else 印发日期, else the year in its 文号."""
    day = document.issued_on or document.printed_on
    if day is not None:
        return DocumentDate(day.year, day)
    match = DOCUMENT_NUMBER.search(squeeze(document.document_number or ""))
    return DocumentDate(int(match["year"])) if match else DocumentDate()
