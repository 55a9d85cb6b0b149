"""Years that a question names (问题中的年份), alone or as a range."""

from __future__ import annotations

import re

from rag.text import chinese_number

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)(?=\s*(?:年|[-—~～至到]|$|[^\d号〕\]）)万亿元人家个所名场次项处]))")
_CHINESE_YEAR = re.compile(r"[一二][九〇零○][〇零○一二三四五六七八九]{2}(?=年)")
_LONE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}\s*年?(?!\d)")
_YEAR_RANGE = re.compile(r"((?:19|20)\d{2})\s*年?\s*(?:[-—~～至到])+\s*((?:19|20)\d{2})\s*年?")


def spell_years_in_figures(text: str) -> str:
    """Return ``text`` with 二〇二四年 as 2024年."""
    return _CHINESE_YEAR.sub(lambda match: str(chinese_number(match[0])), text)


def named_years(text: str) -> tuple[int, ...]:
    """Return the years named in ``text``, in order."""
    return tuple(dict.fromkeys(int(match[1]) for match in _YEAR.finditer(text)))


def with_years_between(years: tuple[int, ...], text: str) -> frozenset[int]:
    """Return ``years`` and those between the ends of the ranges in ``text``."""
    between = (range(int(m[1]), int(m[2]) + 1) for m in _YEAR_RANGE.finditer(text))
    return frozenset(years).union(*between)


def without_years(text: str) -> str:
    """Return ``text`` with a blank for each range of years and each year."""
    return _LONE_YEAR.sub(" ", _YEAR_RANGE.sub(" ", text))
