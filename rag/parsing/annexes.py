"""Annexes (附件) and documents issued with a notice: where one opens below, so that its numbers count afresh.

GB/T 9704-2012, 7.3.4 and 7.3.7: 附件说明 lists the annexes below the body; each annex opens with 附件1 and its title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.domain.span import Span
from rag.parsing.joining import TITLE_END
from rag.parsing.markers import leading_marker
from rag.parsing.sheet import Sheet
from rag.text import squeeze

_ORDINAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:\s*[-－—]\s*\d{1,2})?"
_BARE = re.compile(rf"附\s*[件录表]?\s*(?:{_ORDINAL})?\s*[:：]?")
# 附：国旗制法说明, 附件2：任务分工表, 附件 1 任务分工表
_TITLED = re.compile(
    rf"附\s*(?:[件录]\s*(?:{_ORDINAL})?\s*[:：\s]|\s*[:：])\s*(?P<title>[^\s\d.．、:：][^。；\n]{{2,80}})"
)
_LONGEST_BARE = 10
_LONGEST_TITLE = 80
_TITLE_LINES = 3
_SENTENCE = re.compile(r"[。；！？：:]")
_QUOTED = re.compile(r"《([^《》\n]{4,80})》")
_ISSUED = re.compile(r"(?:印发|发布|公布|转发|颁布)(?:关于)?([^《》\n]{4,60}?)的(?:通知|公告|通告|决定)")
_ISSUING_LINES = 12


def is_annex(words: str) -> bool:
    """Tell whether a line holds 附件 or 附件1 and nothing else."""
    return words.startswith("附") and len(words) <= _LONGEST_BARE and _BARE.fullmatch(words) is not None


def annex_headings(sheet: Sheet, head_end: int) -> dict[int, int]:
    """Return the lines on which an annex opens, each with the number of lines that its heading takes.

    Call it when the elements below the body are known.
    """
    found: dict[int, int] = {}
    count = len(sheet.lines)
    for number in range(head_end, count):
        if number in sheet.foot or number in sheet.listed or number in sheet.contents:
            continue
        words = sheet.words(number)
        if words[0] == "附":
            if is_annex(words):
                if number + 1 < count:
                    found[number] = 1 + _title_lines(sheet, number + 1)
            elif len(words) <= _LONGEST_TITLE and _TITLED.fullmatch(words) and _has_body(sheet, number):
                found[number] = 1
    return {number: lines for number, lines in found.items() if not _is_inside(number, found)}


def _is_inside(number: int, found: Mapping[int, int]) -> bool:
    """Whether a heading that opened above reaches over line ``number``."""
    return any(above in found and above + found[above] > number for above in range(number - _TITLE_LINES, number))


def issued_documents(sheet: Sheet, head_end: int) -> list[int]:
    """Return the lines that hold the title of a document that this one issues (印发《某办法》)."""
    titles: set[str] = set()
    for span in sheet.spans.get("title", ()):
        title = squeeze(span.of(sheet.plain).replace("\n", ""))
        titles.update(_QUOTED.findall(title))
        titles.update(_ISSUED.findall(title))
    for number in range(head_end, min(head_end + _ISSUING_LINES, len(sheet.lines))):
        words = sheet.words(number)
        if len(words) <= 400:
            titles.update(map(squeeze, _QUOTED.findall(words)))
    if not titles:
        return []
    below = range(head_end + 1, len(sheet.lines))
    return [n for n in below if len(sheet.lines[n].span) <= _LONGEST_TITLE and squeeze(sheet.words(n)) in titles]


def _has_body(sheet: Sheet, number: int) -> bool:
    """Whether text follows, so that the line is the heading of an annex and does not just name it."""
    following = range(number + 1, min(number + 4, len(sheet.lines)))
    return len(following) > 1 and not any(below in sheet.foot for below in following)


def _title_lines(sheet: Sheet, start: int) -> int:
    """Return how many lines from ``start`` on are the annex's own title."""
    taken = 0
    for number in range(start, min(start + _TITLE_LINES, len(sheet.lines))):
        words = sheet.words(number)
        if (
            sheet.lines[number].is_table_row
            or number in sheet.foot
            or len(words) > _LONGEST_TITLE
            or _SENTENCE.search(words)
            or leading_marker(words) is not None
            or is_annex(words)
        ):
            return min(taken, 1)
        taken += 1
        if any(match.end() == len(words) for match in TITLE_END.finditer(words)):
            following = sheet.words(number + 1) if number + 1 < len(sheet.lines) else ""
            return taken + (following[:1] in ("（", "(") and _BRACKETED.fullmatch(following) is not None)
    return min(taken, 1)


_BRACKETED = re.compile(r"[（(](?:试行|暂行|征求意见稿|草案|送审稿|修订版?|\d{4}年版?)[)）]")


def heading_span(sheet: Sheet, number: int, lines: int) -> Span:
    """Return where the heading of an annex stands."""
    return Span(sheet.lines[number].span.start, sheet.lines[number + lines - 1].span.end)
