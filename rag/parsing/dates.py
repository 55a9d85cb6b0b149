"""Dates as official documents write them (2025年5月17日, 二〇二五年五月十七日)."""

from __future__ import annotations

import re
from datetime import date

from rag.text import chinese_number

_CHINESE_DIGIT = "零〇○OＯ一二三四五六七八九"

DATE = re.compile(
    r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
    rf"|(?P<chinese_year>[{_CHINESE_DIGIT}]\s*[{_CHINESE_DIGIT}]\s*[{_CHINESE_DIGIT}]\s*[{_CHINESE_DIGIT}])\s*年"
    r"\s*(?P<chinese_month>[元正一二三四五六七八九十]{1,2})\s*月\s*(?P<chinese_day>[一二三四五六七八九十廿]{1,4})\s*日"
    r"|(?P<iso_year>\d{4})(?P<dash>[-/.])(?P<iso_month>\d{1,2})(?P=dash)(?P<iso_day>\d{1,2})(?!\d)"
)


def read_date(match: re.Match[str]) -> date | None:
    """Return the date of a match of ``DATE``, or ``None`` for one that is not in the calendar (2月30日)."""
    for prefix in ("", "chinese_", "iso_"):
        year = match[f"{prefix}year"]
        if year is None:
            continue
        month, day = match[f"{prefix}month"], match[f"{prefix}day"]
        numbers = [
            chinese_number(part)
            for part in (
                "".join(year.split()).replace("Ｏ", "〇"),
                month.replace("元", "一").replace("正", "一"),
                day.replace("廿", "二十"),
            )
        ]
        if None in numbers:
            return None
        try:
            return date(*(number for number in numbers if number is not None))
        except ValueError:
            return None
    return None
