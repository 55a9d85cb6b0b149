"""Clauses (条款): annexes, 编, 章, 节, 条, 一、, （一）, 1., （1）, ①, 一是 and Markdown headings.

This module finds where they open and how far their headings go; ``clause_tree`` nests them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from rag.domain.passage import Clause
from rag.parsing.annexes import annex_headings, heading_span, is_annex, issued_documents
from rag.parsing.clause_tree import Opening, nest
from rag.parsing.markers import INLINE, Marker, Style, leading_marker
from rag.parsing.sheet import Sheet
from rag.text import chinese_number

_LONGEST_TITLE = 50
"""Characters; a first sentence longer than this is body and not a title."""

_STOP = re.compile(r"[。！？]")
_PAUSE = re.compile(r"[：:；;，,]")
# 第五条　【名称】 or 第五条 名称: an article's own title is short and without a stop.
_ARTICLE_TITLE = re.compile(r"[【〔\[（(][^】〕\]）)]{2,30}[】〕\]）)]")


def read_clauses(sheet: Sheet, head_end: int) -> tuple[Clause, ...]:
    """Read the clause tree, each parent before its children."""
    annexes = annex_headings(sheet, head_end)
    issued = frozenset(issued_documents(sheet, head_end))
    articles = _articles(sheet, head_end, annexes)
    openings: list[Opening] = []
    breaks: list[int] = []
    items = _Items()
    counted = _Counted()
    number = head_end
    while number < len(sheet.lines):
        line = sheet.lines[number]
        if number in annexes:
            heading = heading_span(sheet, number, annexes[number])
            breaks.append(line.span.start)
            openings.append(Opening(heading.start, heading.end, Style.ANNEX, 0, 0))
            items = _Items()
            number += annexes[number]
            continue
        words = sheet.words(number)
        if number in sheet.foot or number in sheet.listed or number in issued or is_annex(words):
            breaks.append(line.span.start)
        elif not line.is_table_row and number not in sheet.contents:
            opening = _line_opening(sheet, number, words, articles)
            if opening is not None and not counted.carries_on(opening):
                opening = None
            if opening is not None:
                openings.append(opening)
            items.add(line.span.start, opening)
            openings.extend(_inline_openings(sheet, number, words, opening))
        number += 1
    breaks.extend(_closing(sheet, openings))
    _limit_annexes(sheet, openings)
    openings = _sequential(openings, breaks)
    return nest(sheet, openings, breaks)


class _Counted:
    """Tells items that are counted from a number out of nowhere: a lone （6） holds nothing of what follows it."""

    def __init__(self) -> None:
        self._seen: set[tuple[Style, int]] = set()

    def carries_on(self, opening: Opening) -> bool:
        """Take the next opening; tell whether its count began above, one lost number aside."""
        self._seen.add((opening.style, opening.ordinal))
        if opening.style not in _ITEMS or opening.ordinal <= 2:
            return True
        return any((opening.style, opening.ordinal - gap) in self._seen for gap in (1, 2))


_ITEMS = frozenset({Style.CHINESE_BRACKET, Style.ARABIC, Style.ARABIC_BRACKET, Style.CIRCLED})


class _Items:
    """Items (项, 目) of the article being read: a paragraph without a number below them is the article's next 款."""

    def __init__(self) -> None:
        self._is_open = False
        self._items: list[Opening] = []

    def add(self, start: int, opening: Opening | None) -> None:
        """Take the next line, at ``start``, and end the items that it is no part of."""
        if opening is None:
            for item in self._items:
                item.limit = start
            self._items.clear()
        elif opening.style is Style.ARTICLE:
            self._is_open = True
            self._items.clear()
        elif opening.style in _DIVISIONS:
            self._is_open = False
            self._items.clear()
        elif self._is_open:
            self._items.append(opening)


_DIVISIONS = frozenset({Style.PART, Style.SUBPART, Style.CHAPTER, Style.SECTION, Style.HEADING})


def _limit_annexes(sheet: Sheet, openings: Sequence[Opening]) -> None:
    """Let each annex end with its last line of body: what closes the whole document below it is not its own."""
    annexes = [opening for opening in openings if opening.style is Style.ANNEX]
    number = len(sheet.lines) - 1
    for annex in reversed(annexes):
        while number in sheet.foot and sheet.lines[number].span.start > annex.start:
            number -= 1
        annex.limit = max(sheet.lines[number].span.end, annex.heading_end)
        while number > 0 and sheet.lines[number].span.start >= annex.start:
            number -= 1


# 最后，再次感谢…: words to the reader after the last clause.
_CLOSING_WORDS = re.compile(
    r"(?:最后[，,]|再次(?:对|感谢|衷心)|(?:衷心|非常|诚挚)?感谢|特此|专此|此复|以上(?:答复|意见|情况|回复)|对以上|欢迎(?:您|你)|下一步[，,]?我|如(?:您|有).{0,12}(?:意见|疑问))"
)


def _closing(sheet: Sheet, openings: list[Opening]) -> list[int]:
    """Return where the closing words begin that stand below the last numbered clause, if any."""
    last = max((o.start for o in openings), default=None)
    if last is None:
        return []
    below = (line.span.start for line in sheet.lines if line.span.start > last and not line.is_table_row)
    return [start for start in below if _CLOSING_WORDS.match(sheet.plain, start)][:1]


def _line_opening(sheet: Sheet, number: int, words: str, articles: frozenset[int]) -> Opening | None:
    line = sheet.lines[number]
    marker = leading_marker(words)
    if marker is not None and marker.style is not Style.INLINE:
        if marker.style is Style.ARTICLE and number not in articles:
            return None
        end = _heading_end(words, marker)
        return Opening(line.span.start, line.span.start + end, marker.style, 0, marker.ordinal)
    if line.level and marker is None:
        return Opening(line.span.start, line.span.end, Style.HEADING, line.level, 0)
    return None


def _articles(sheet: Sheet, start: int, annexes: Mapping[int, int]) -> frozenset[int]:
    """Return the lines that open articles (条): those that carry on the count.

    第五条 out of turn is a reference at the start of a line, unless the count leaps there for good (an excerpt) and
    it is set off as an article is. Articles inside an open “…” are quoted from another text.
    """
    runs: list[list[tuple[int, int]]] = [[]]
    for number in range(start, len(sheet.lines)):
        if number in annexes:
            runs.append([])
        if sheet.plain[sheet.lines[number].span.start] != "第" or number in sheet.contents:
            continue
        marker = leading_marker(sheet.words(number))
        if marker is not None and marker.style is Style.ARTICLE:
            if marker.ordinal == 1:
                runs.append([])
            runs[-1].append((number, marker.ordinal))
    quoted = _quoted(sheet, start) if any(runs) else frozenset()
    found: set[int] = set()
    for run in runs:
        kept = [(number, ordinal) for number, ordinal in run if number not in quoted]
        to_come = Counter(ordinal for _, ordinal in kept)
        last: int | None = None
        for number, ordinal in kept:
            to_come[ordinal] -= 1
            words = sheet.words(number)
            leaps = last is not None and ordinal > last + 1 and not to_come[last + 1] and _SET_OFF.match(words)
            if last is None or ordinal == last + 1 or (ordinal == last and _INSERTED.match(words)) or leaps:
                found.add(number)
                last = ordinal
    return frozenset(found)


_SET_OFF = re.compile(r"第[^条]{1,9}条(?:之[一二三四五六七八九十])?[\s\u3000【〔]")
_INSERTED = re.compile(r"第[^条]{1,9}条[ \u3000]?之")
_LONGEST_QUOTE = 40
"""Lines; a quotation mark open for longer was never closed."""


def _quoted(sheet: Sheet, start: int) -> frozenset[int]:
    """Return the lines that stand inside a “…” opened on a line above."""
    found: set[int] = set()
    opened: int | None = None
    for number in range(start, len(sheet.lines)):
        words = sheet.words(number)
        opens, closes = words.rfind("“"), words.rfind("”")
        if opened is not None and number - opened > _LONGEST_QUOTE:
            opened = None
        if opened is not None and closes >= 0 and (0 <= words.find("”") < words.find("“") or "“" not in words):
            found.update(range(opened + 1, number + 1))
            opened = None
        if opens > closes:
            opened = number  # each paragraph of a long quotation may open with the mark again
    return frozenset(found)


def _heading_end(words: str, marker: Marker) -> int:
    """Return where the heading ends: at the first 。 when the body runs on, else at the line's end."""
    rest = words[marker.end :]
    if marker.style is Style.ARTICLE:
        title = _ARTICLE_TITLE.match(rest)
        if title is not None:
            return marker.end + title.end()
        # 第六条 下列情形应当报告： is a sentence, 第六条 适用范围 a title.
        is_title = len(rest) <= 20 and not _STOP.search(rest) and not _PAUSE.search(rest)
        return len(words) if is_title else len(words[: marker.end].rstrip())
    stop = _STOP.search(rest, 0, 2 * _LONGEST_TITLE + 1)
    end = marker.end + (stop.start() if stop else len(rest))
    # Blanks of layout do not count: the same line has more of them in one format than in another.
    if end - marker.end <= 2 * _LONGEST_TITLE and len("".join(words[marker.end : end].split())) <= _LONGEST_TITLE:
        return end
    pause = _PAUSE.search(rest, 2, _LONGEST_TITLE)
    return marker.end + pause.start() if pause else len(words[: marker.end].rstrip())


# ----------------------------------------------------------------------------------------- inline


def _inline_openings(sheet: Sheet, number: int, words: str, parent: Opening | None) -> list[Opening]:
    if "是" not in words and "要" not in words:
        return []
    line = sheet.lines[number]
    found: list[Opening] = []
    for match in INLINE.finditer(words):
        ordinal = chinese_number(match["ordinal"])
        start = match.start()
        if ordinal is None or (parent is not None and line.span.start + start < parent.heading_end):
            continue
        farthest = start + _LONGEST_TITLE
        stop = _STOP.search(words, match.end(), farthest + 1)
        end = stop.start() if stop else len(words)
        if end > farthest:
            pause = _PAUSE.search(words, match.end() + 2, farthest)
            end = pause.start() if pause else match.end()
        found.append(Opening(line.span.start + start, line.span.start + end, Style.INLINE, 0, ordinal, line.span.end))
    return found


def _sequential(openings: list[Opening], breaks: list[int]) -> list[Opening]:
    """Keep 一是, 二是 … that count up within one clause; a lone 一是 enumerates nothing."""
    kept: list[Opening] = []
    run: list[Opening] = []
    edges = iter([*sorted(breaks), -1])
    edge = next(edges)

    def close() -> None:
        if len(run) > 1:
            for opening in run[:-1]:
                opening.limit = None
            kept.extend(run)
        run.clear()

    for opening in openings:
        while edge != -1 and edge < opening.start:
            close()
            edge = next(edges)
        if opening.style is not Style.INLINE:
            close()
            kept.append(opening)
        elif opening.ordinal == 1:
            close()
            run.append(opening)
        elif run and opening.ordinal == run[-1].ordinal + 1:
            run.append(opening)
    close()
    kept.sort(key=lambda opening: opening.start)
    for opening, following in pairwise(kept):  # 一是…；二是…。
        opening.heading_end = min(opening.heading_end, following.start)
    return kept
