"""Page furniture by position (页眉, 页脚, 页码): what stands in the margin of page after page.

A line goes only when it counts the pages or stands in the same place on several; a letterhead, a 版记 or a
lone line at the edge of a page are the document's own words. What stands there in the type of the text, or on two
pages only, may be words of the document too: they are kept once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rag.loaders.layout.lines import Line, line_of, size_of
from rag.loaders.page import Page, Run

_TOP, _BOTTOM = 0.12, 0.86  # shares of the page's height
_LINES = 3  # that a head or foot may have
_SAME_PLACE = 4.0  # points
_LONGEST = 80
_DENSE = 0.4  # share of the pages, from the first to the last with it, that have a running head
_SMALL_FILE = 3
_LARGE_TYPE, _SMALL_TYPE = 1.15, 0.9  # of the body's size
_SURE = 3  # pages
_LONE_GAP = 1.0  # heights of the type between what stands in the margin and the text

_MARK = r"[-—–－―─_·•~～]"
_COUNTED = re.compile(
    rf"{_MARK}{{1,3}}\s*(?:\d{{1,4}}|[ivxIVX]{{1,6}})\s*{_MARK}{{1,3}}"
    r"|第\s*[\d一二三四五六七八九十百]{1,4}\s*[页頁](?:\s*[，,/／|]?\s*[共总]\s*[\d一二三四五六七八九十百]{1,4}\s*[页頁])?"
    r"|[共总]\s*\d{1,4}\s*[页頁]\s*[，,/／]?\s*第\s*\d{1,4}\s*[页頁]"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}"
    r"|[Pp]age\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?",
    re.ASCII,
)
# The number of a magazine or gazette beside that of the page.
_ISSUE = re.compile(r"[\d年月日第总期卷号.·・•/-]{3,16}")
_BARE = re.compile(r"\d{1,4}|[ivx]{1,6}|[IVX]{1,6}", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_BLANK = re.compile(r"\s+")
# The first words of an attachment stand in the same place as those of the next.
_OWN_WORDS = re.compile(r"附\s*[件表录]|第[一二三四五六七八九十百零\d]+[章节条]")


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int  # place in the sequence of pages
    row: int
    line: Line
    is_top: bool
    is_apart: bool  # from the next row towards the text
    is_parted: bool  # with the rows between it and the text
    is_furniture: bool = False  # beyond doubt

    @property
    def place(self) -> tuple[int, int]:
        return self.page, self.row

    @property
    def number(self) -> str | None:
        """The lone figure that may count the pages."""
        if _BARE.fullmatch(self.line.text):
            return self.line.text
        parts = self.line.text.split("\u3000")
        bare = [part for part in parts if _BARE.fullmatch(part)]
        return bare[0] if len(bare) == 1 and all(part in bare or _ISSUE.fullmatch(part) for part in parts) else None

    @property
    def words(self) -> str:
        return _BLANK.sub("", self.line.text)


class PageRows(NamedTuple):
    """Rows of a page without its furniture, top to bottom.

    Attributes:
        text: The words of the page.
        heads: Running heads kept here, which may stand between the halves of a sentence.
        feet: Running feet kept here, likewise.
        left_out: The furniture.
    """

    text: list[list[Run]]
    heads: list[list[Run]]
    feet: list[list[Run]]
    left_out: list[list[Run]]


def without_margins(pages: Sequence[Page], rows: Sequence[list[list[Run]]]) -> list[PageRows]:
    """Return the rows of each page without running heads, running feet and page numbers.

    Args:
        pages: All pages of the file.
        rows: Of each page, top to bottom, the words outside its tables.
    """
    found = [candidate for at, page in enumerate(pages) for candidate in _candidates(at, page, rows[at])]
    dropped = {one.place for one in found if _COUNTED.fullmatch(one.line.text)}
    dropped |= _bare_numbers(pages, found)
    running = _running(pages, found, _body_size(rows))
    dropped |= {one.place for one in running}
    once = _kept_once(running, rows, dropped) if running else []
    # What stands at the top of the file interrupts nothing.
    dropped -= {one.place for one in once if one.is_top and one.page == 0}
    kept_once = {one.place for one in once}
    return [
        PageRows(
            [row for number, row in enumerate(page_rows) if (at, number) not in dropped],
            [page_rows[one.row] for one in once if one.page == at and one.is_top and at > 0],
            [page_rows[one.row] for one in once if one.page == at and not one.is_top],
            [page_rows[row] for page, row in sorted(dropped - kept_once) if page == at],
        )
        for at, page_rows in enumerate(rows)
    ]


def _kept_once(
    running: Sequence[_Candidate], rows: Sequence[list[list[Run]]], dropped: set[tuple[int, int]]
) -> list[_Candidate]:
    """Return the first of each running head that may be the document's words and that the text does not have."""
    text = "".join(
        _BLANK.sub("", run.text)
        for at, page_rows in enumerate(rows)
        for number, row in enumerate(page_rows)
        if (at, number) not in dropped
        for run in row
    )
    seen: set[str] = set()
    once: list[_Candidate] = []
    for one in sorted(running, key=lambda one: one.place):
        if one.words not in seen:
            seen.add(one.words)
            if not one.is_furniture and one.words not in text:
                once.append(one)
    return once


def _candidates(at: int, page: Page, rows: Sequence[list[Run]]) -> list[_Candidate]:
    found: list[_Candidate] = []
    count = len(rows)
    for number in sorted({*range(min(_LINES, count)), *range(max(0, count - _LINES), count)}):
        row = rows[number]
        middle = (row[0].box.top + row[0].box.bottom) / 2 / page.height
        is_top = middle < _TOP
        if not is_top and middle < _BOTTOM:
            continue
        line = line_of(row, page.number)
        if line is not None and len(line.text) <= _LONGEST:
            gaps = [_has_gap(rows, number, away, 1 if is_top else -1) for away in range(_LINES)]
            found.append(_Candidate(at, number, line, is_top, gaps[0], any(gaps)))
    return found


def _has_gap(rows: Sequence[list[Run]], number: int, away: int, step: int) -> bool:
    """Whether more than the space between lines parts a row, or one some rows away, from the next."""
    near, far = number + away * step, number + (away + 1) * step
    if not 0 <= far < len(rows):
        return True
    upper, lower = (rows[near][0], rows[far][0]) if step > 0 else (rows[far][0], rows[near][0])
    return lower.box.top - upper.box.bottom >= _LONE_GAP * size_of(rows[number][0])


def _bare_numbers(pages: Sequence[Page], found: Sequence[_Candidate]) -> set[tuple[int, int]]:
    """Find lone figures that count the pages, or stand alone below or above the text of their page."""
    bare = [(one, one.number) for one in found if one.number is not None]
    steps: defaultdict[int, int] = defaultdict(int)
    for one, number in bare:
        if number.isdigit():
            steps[int(number) - pages[one.page].number] += 1
    dropped: set[tuple[int, int]] = set()
    for one, number in bare:
        step = int(number) - pages[one.page].number if number.isdigit() else None
        is_lone = number == one.line.text
        if (step is not None and steps[step] >= 2) or (is_lone and (step == 0 or one.is_apart)):
            dropped.add(one.place)
    return dropped


def _running(pages: Sequence[Page], found: Sequence[_Candidate], body: float) -> list[_Candidate]:
    """Find words that stand in one place on several pages, figures that count the pages aside."""
    places: defaultdict[tuple[bool, str], list[_Candidate]] = defaultdict(list)
    for one in found:
        is_marginal = one.is_parted or one.line.size < _SMALL_TYPE * body
        if is_marginal and one.line.size <= _LARGE_TYPE * body and not _OWN_WORDS.match(one.words):
            for words in {one.words, _uncounted(one.words, pages[one.page].number)}:
                places[one.is_top, words].append(one)
    least = 2 if len(pages) <= _SMALL_FILE else 3
    running: dict[tuple[int, int], _Candidate] = {}
    for (_, words), group in places.items():
        for one in group:
            same = [other.page for other in group if abs(other.line.top - one.line.top) <= _SAME_PLACE]
            if len(same) >= least and len(same) >= _DENSE * (max(same) - min(same) + 1):
                is_sure = len(same) >= _SURE and one.line.size < _SMALL_TYPE * body
                is_furniture = is_sure or words != one.words or running.get(one.place, one).is_furniture
                running[one.place] = replace(one, is_furniture=is_furniture)
    return list(running.values())


def _uncounted(words: str, page: int) -> str:
    """Return words with their last figure replaced by its distance from the page's number."""
    figures = list(_NUMBER.finditer(words))
    if not figures:
        return words
    last = figures[-1]
    return f"{words[: last.start()]}#{int(last[0]) - page}#{words[last.end() :]}"


def _body_size(rows: Sequence[list[list[Run]]]) -> float:
    sizes: defaultdict[float, int] = defaultdict(int)
    for page_rows in rows:
        for row in page_rows:
            for run in row:
                sizes[round(2 * size_of(run)) / 2] += len(run.text)  # 10.5 points are the most usual
    return max(sizes, key=lambda size: sizes[size]) if sizes else 0.0
