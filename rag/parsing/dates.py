"""Dates as official documents write them (2025年5月17日, 二〇二五年五月十七日)."""

from __future__ import annotations

import re
from datetime import date

from rag.text import chinese_number

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
