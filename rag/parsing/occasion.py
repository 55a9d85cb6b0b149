"""The occasion of a report (报告场合): 2025年1月18日在某市人民代表大会会议上, and who gave it for which organ.

A report to a people's congress bears neither letterhead nor signature; its opening line and its first sentence say
whose it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.domain.span import Span
from rag.parsing.dates import DATE
from rag.parsing.organs import is_organ
from rag.parsing.places import place_of
from rag.parsing.sheet import Sheet
from rag.text import squeeze

_HEAD_LINES = 10
_LONGEST_LINE = 160
_OPENING_CHARACTERS = 200
_MEETING = re.compile(r"[—－\-\s（(]{0,6}(?:(?:于|在)\s*)?")
_AT = re.compile(r"\s*在[^。\n]{4,80}?(?:会议|大会|全会)[^。\n]{0,10}?上")
_OFFICE = r"(?:代理?)?(?:省长|市长|县长|区长|州长|盟长|旗长|镇长|乡长|自治区主席|主席|院长|检察长|主任|局长|厅长|部长)"
_OFFICER = re.compile(
    rf"(?P<organ>[\u3400-\u9fff]{{2,24}}?(?:人民政府|人民法院|人民检察院|常务委员会|委员会|局|厅|部)){_OFFICE}"
)
_OFFICER_LINE = re.compile(rf"{_OFFICER.pattern}[ \t\u3000]*[\u3400-\u9fff· \u3000]{{2,12}}")
_ON_BEHALF = re.compile(
    r"我(?:受[^，。\n]{2,24}委托[，,])?代表(?P<organ>[\u3400-\u9fff]{3,24}?(?:人民政府|人民法院|人民检察院|常务委员会))[，,向]"
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the opening of a report says.

    Attributes:
        lines: Lines it stands on, below the title.
        organ: The organ whose report it is.
        date: When it was given.
    """

    lines: frozenset[int]
    organ: Span | None
    date: Span


def read_occasion(sheet: Sheet) -> Occasion | None:
    """Read the occasion among the first lines, ``None`` for any other document."""
    for number in range(1, min(_HEAD_LINES, len(sheet.lines))):
        words = sheet.words(number)
        if len(words) > _LONGEST_LINE:
            return None
        start = _MEETING.match(words)
        date = DATE.match(words, start.end() if start else 0)
        meeting = _AT.match(words, date.end()) if date else None
        if date is None or meeting is None:
            continue
        lines = {number}
        organ = _named(sheet, number, _OFFICER.search(words, meeting.end()))
        if number + 1 < len(sheet.lines) and (officer := _OFFICER_LINE.fullmatch(sheet.words(number + 1))):
            lines.add(number + 1)
            organ = organ or _named(sheet, number + 1, officer)
        return Occasion(
            frozenset(lines), organ or _represented(sheet, max(lines) + 1), sheet.span(number, *date.span())
        )
    return None


def _named(sheet: Sheet, number: int, match: re.Match[str] | None) -> Span | None:
    if match is None or not is_organ(squeeze(match["organ"])):
        return None
    return sheet.span(number, *match.span("organ"))


def _represented(sheet: Sheet, start: int) -> Span | None:
    """Return the organ of 我代表某市人民政府; 省人民政府 alone says of which province only to those in the hall."""
    for number in range(start, min(start + 3, len(sheet.lines))):
        match = _ON_BEHALF.search(sheet.words(number)[:_OPENING_CHARACTERS])
        if match is not None and place_of(match["organ"]) is not None:
            return sheet.span(number, *match.span("organ"))
    return None
