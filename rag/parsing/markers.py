"""Numbering (层次序数) at the start of a line: what opens a clause, and what only looks like it.

GB/T 9704-2012, 7.3.3 orders the levels 一、 / （一） / 1. / （1）; statutes use 编, 章, 节, 条.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rag.text import chinese_number


class Style(StrEnum):
    """Style of a number; the order is that of the usual nesting, outermost first."""

    ANNEX = "附件"
    PART = "编"
    SUBPART = "分编"
    CHAPTER = "章"
    SECTION = "节"
    ARTICLE = "条"
    CHINESE = "一、"
    CHINESE_BRACKET = "（一）"
    ARABIC = "1."
    ARABIC_BRACKET = "（1）"
    CIRCLED = "①"
    INLINE = "一是"
    HEADING = "#"


@dataclass(frozen=True, slots=True)
class Marker:
    """A number that opens a clause.

    Attributes:
        ordinal: Its value, 0 where it has none (a Markdown heading).
        end: Offset in the line at which the title begins.
    """

    style: Style
    ordinal: int
    end: int


_CHINESE = "一二三四五六七八九十百零〇两"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_OPENING = re.compile(
    # 第三条规定, 第三条、第四条, 第三条的: a reference that a line happens to begin with.
    rf"第[ \u3000]?(?P<division>[{_CHINESE}\d](?:[ \u3000]?[{_CHINESE}\d]){{0,6}})[ \u3000]?(?P<unit>分编|编|章|节|条)"
    r"(?:之[一二三四五六七八九十])?"
    r"(?![、，,至和及或的中]|规定|所[列称述]|第[一二三四五六七八九十\d]+[款项])[\s\u3000]*"
    rf"|(?P<chinese>[{_CHINESE}]{{1,4}})[\s\u3000]*(?:[、．]|\.(?!\d))\s*"
    rf"|[（(]\s*(?P<chinese_bracket>[{_CHINESE}]{{1,4}})\s*[)）][\s\u3000、]*"
    # 1.5 is a decimal and 1、2 an enumeration, but 1.2020年 is item 1 about the year 2020.
    r"|(?P<arabic>\d{1,3})\s*(?:[.．、](?!\d)|[.．、](?=(?:19|20)\d{2}年))[\s\u3000]*"
    r"|[（(]\s*(?P<arabic_bracket>\d{1,3})\s*[)）][\s\u3000、]*|(?P<half_bracket>\d{1,2})[)）][\s\u3000、]*"
    rf"|(?P<circled>[{_CIRCLED}])[\s\u3000、]*"
    rf"|(?P<inline>[{_CHINESE}]{{1,3}})(?:是|要(?=[\u4e00-\u9fff]))"
)

_FIRST = frozenset(f"第（(#{_CHINESE}{_CIRCLED}0123456789")

_UNITS = {"编": Style.PART, "分编": Style.SUBPART, "章": Style.CHAPTER, "节": Style.SECTION, "条": Style.ARTICLE}

_MOST_INLINE = 20  # 百是 enumerates nothing

_GROUPS = (
    ("chinese", Style.CHINESE),
    ("chinese_bracket", Style.CHINESE_BRACKET),
    ("arabic", Style.ARABIC),
    ("arabic_bracket", Style.ARABIC_BRACKET),
    ("half_bracket", Style.ARABIC_BRACKET),
    ("inline", Style.INLINE),
)


def leading_marker(line: str) -> Marker | None:
    """Return the number that opens ``line``, or ``None``.

    Years (2019年), decimals (1.5), dates (3.15) and references (第三条规定…) are no numbers of clauses.
    """
    if not line or line[0] not in _FIRST:
        return None
    match = _OPENING.match(line)
    if match is None:
        return None
    if match["unit"]:
        style, digits = _UNITS[match["unit"]], "".join(match["division"].split())
    elif match["circled"]:
        style, digits = Style.CIRCLED, str(_CIRCLED.index(match["circled"]) + 1)
    else:
        group, style = next((group, style) for group, style in _GROUPS if match[group])
        digits = match[group]
    ordinal = chinese_number(digits)
    if not ordinal or (style is Style.INLINE and ordinal > _MOST_INLINE):
        return None
    return Marker(style, ordinal, match.end())


INLINE = re.compile(
    r"(?:^|(?<=[。；;：:！？”，,\s]))(?P<ordinal>[一二三四五六七八九十]{1,2})(?:是|要(?=[\u4e00-\u9fff]))"
)
"""Places in a paragraph where 一是 / 二是 / 一要 may open an inline clause."""
