"""The table of contents (目录) of a long document: no clause is in it, though every line looks like one.

It is told by its heading and by entries that stand again as headings below, or end with a page number.
"""

from __future__ import annotations

import re

from rag.parsing.sheet import Sheet

_HEADINGS = frozenset({"目录", "目次", "目錄"})
_BLANKS = " \t\u3000"
_LEADERS = ".．·•…‥⋯。-—_－" + _BLANKS
_LONGEST_ENTRY = 120
# A converter may set all entries on one line.
_DIVISION = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,5}(?:分编|[编章节])")
_STOP = re.compile(r"[。；！？](?=.)")
_LEAST_ENTRIES_WITHOUT_HEADING = 3


def contents_lines(sheet: Sheet) -> frozenset[int]:
    """Return the lines of tables of contents, their headings included."""
    found: set[int] = set()
    if "目" in sheet.plain:
        entries: _Entries | None = None
        for number in range(len(sheet.lines)):
            if number in found or len(sheet.lines[number].span) > 12 or _squeezed(sheet.words(number)) not in _HEADINGS:
                continue
            entries = entries or _Entries(sheet)
            end = entries.end(number + 1)
            if end > number + 2 or (end == number + 2 and _is_merged(sheet.words(number + 1))):
                found.update(range(number, end))
    found |= _dotted(sheet)
    return frozenset(found)


def _squeezed(words: str) -> str:
    return "".join(words.split())


def _entry(words: str) -> tuple[str, bool]:
    """Return an entry's title without blanks, and whether leaders or a tab led on to a page number."""
    bare = words.rstrip(_BLANKS + ")）-—")
    title = bare.rstrip("0123456789０１２３４５６７８９IVXivx").rstrip("(（-—")
    is_numbered = len(title) < len(bare)
    stripped = title.rstrip(_LEADERS)
    gap = title[len(stripped) :]
    has_leaders = len(gap) - gap.count(" ") - gap.count("\u3000") >= 2 or "\t" in gap
    return _squeezed(stripped), is_numbered and has_leaders


class _Entries:
    """Tells the lines of a table of contents from those below it."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._last: dict[str, int] = {}
        for number, line in enumerate(sheet.lines):
            if len(line.span) <= _LONGEST_ENTRY:
                self._last[_entry(sheet.words(number))[0]] = number

    def end(self, start: int) -> int:
        """Return the first line below the entries that begin at ``start``."""
        count = len(self._sheet.lines)
        first: str | None = None
        number = start
        while number < count:
            taken = self._taken(number, count)
            if first is not None and self._title(number) == first:
                break  # the first heading of the body
            if not taken and not (
                # 前言, 附录: an entry of which the body has no heading of its own.
                number + 1 < count
                and self._is_short(number)
                and self._taken(number + 1, count)
                and self._title(number + 1) != first
            ):
                break
            if taken and first is None and self._last.get(self._title(number), -1) > number:
                first = self._title(number)
            number += taken or 1
        return number

    def _title(self, number: int) -> str:
        return _entry(self._sheet.words(number))[0]

    def _is_short(self, number: int) -> bool:
        return len(self._sheet.lines[number].span) <= _LONGEST_ENTRY // 2 and not _STOP.search(
            self._sheet.words(number)
        )

    def _taken(self, number: int, count: int) -> int:
        """Return how many lines the entry at ``number`` takes, 0 when there is none."""
        words = self._sheet.words(number)
        if len(words) > _LONGEST_ENTRY:
            return 1 if len(words) <= 20 * _LONGEST_ENTRY and _is_merged(words) else 0
        title, has_leaders = _entry(words)
        if has_leaders or self._last.get(title, -1) > number or _is_merged(words):
            return 1
        if number + 1 < count and len(self._sheet.lines[number + 1].span) <= _LONGEST_ENTRY:
            both = title + self._title(number + 1)
            if self._last.get(both, -1) > number + 1:
                return 2
        return 0


def _is_merged(words: str) -> bool:
    return len(_DIVISION.findall(words)) > 1 and _STOP.search(words) is None


def _dotted(sheet: Sheet) -> set[int]:
    """Find contents without a heading: lines that all lead over dots to a page number."""
    found: set[int] = set()
    run: list[int] = []
    for number in range(len(sheet.lines) + 1):
        if number < len(sheet.lines):
            line = sheet.lines[number].span
            if len(line) <= _LONGEST_ENTRY and sheet.plain[line.end - 1].isdecimal():
                words = sheet.words(number)
                if ("..." in words or "…" in words or "···" in words) and _entry(words)[1]:
                    run.append(number)
                    continue
        if len(run) >= _LEAST_ENTRIES_WITHOUT_HEADING:
            found.update(run)
        run = []
    return found
