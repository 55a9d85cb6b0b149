"""Tables (表格): their rows and cells as the file has them, and whether they are tables at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from rag.loaders.docx.names import W, number, switch, value
from rag.loaders.docx.styles import Styles, draws_lines

_PARAGRAPHS_OF_TEXT = 4
"""A cell without lines round it that holds as many paragraphs frames text."""

_MOST_COLUMNS = 64  # that a cell spans; Word knows 63
_MOST_GRID_COLUMNS = 256
_NARROWEST_COLUMN = 200  # twentieths of a point; rows drawn a little out of line leave such strips

_SKIPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "trPr", "tcPr", "tblPr", "tblGrid", "sdtPr", "tblPrEx")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row.

    Attributes:
        element: Its ``w:tc``.
        goes_on: Whether it is part of the cell above it, which has the words.
        start: Number of the first column it covers, from 0.
        end: Number of the column behind the last it covers.
    """

    element: Any
    goes_on: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a cell over several columns is one cell, and there may be none at its ends.

    Attributes:
        is_header: Whether it stands again on every page that the table goes on to.
        is_hidden: Whether the file hides it.
    """

    cells: tuple[Cell, ...]
    is_header: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        is_frame: Whether it only sets text in place, so that each of its cells is read as paragraphs.
    """

    rows: tuple[Row, ...]
    is_frame: bool


def read_table(element: Any, styles: Styles) -> Table:
    """Return the rows of a ``w:tbl`` that are left when its tracked changes are accepted."""
    rows = tuple(_row(row) for row in within(element, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None)
    rows = _without_strips(
        rows,
        [
            number(column.get(f"{W}w"))
            for column in islice(element.iterfind(f"{W}tblGrid/{W}gridCol"), _MOST_GRID_COLUMNS)
        ],
    )
    return Table(rows, all(len(row.cells) <= 1 for row in rows) or (not _is_ruled(element, styles) and _frames(rows)))


def within(element: Any, tag: str) -> Iterator[Any]:
    """Yield the children ``tag`` of an element, in content controls and other wrappers too, without going into them."""
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED:
            waiting.extend(reversed(child))


def _row(element: Any) -> Row:
    properties = element.find(f"{W}trPr")
    cells: list[Cell] = []
    at = 0 if properties is None else _count(properties, "gridBefore", least=0)
    for cell in within(element, f"{W}tc"):
        own = cell.find(f"{W}tcPr")
        if own is None:
            cells.append(Cell(cell, goes_on=False, start=at, end=at + 1))
        elif own.find(f"{W}cellDel") is not None:
            continue
        elif own.find(f"{W}hMerge") is not None and value(own, "hMerge") != "restart":
            if cells:
                cells[-1] = replace(cells[-1], end=at + 1)
        else:
            goes_on = own.find(f"{W}vMerge") is not None and value(own, "vMerge") != "restart"
            cells.append(Cell(cell, goes_on, at, at + _count(own, "gridSpan", least=1)))
        at = cells[-1].end if cells else at
    if properties is None:
        return Row(tuple(cells), is_header=False, is_hidden=False)
    return Row(tuple(cells), bool(switch(properties, "tblHeader")), bool(switch(properties, "hidden")))


def _count(properties: Any, name: str, *, least: int) -> int:
    return min(max(number(value(properties, name)) or least, least), _MOST_COLUMNS)


def _without_strips(rows: tuple[Row, ...], widths: list[int | None]) -> tuple[Row, ...]:
    """Number the columns anew, without the strips that hold no cell of their own."""
    strips = {at for at, width in enumerate(widths) if width is not None and width < _NARROWEST_COLUMN}
    for row in rows:
        for cell in row.cells:
            if strips.issuperset(range(cell.start, cell.end)):
                strips.difference_update(range(cell.start, cell.end))
    if not strips:
        return rows

    def renumbered(at: int) -> int:
        return at - sum(strip < at for strip in strips)

    return tuple(
        replace(
            row,
            cells=tuple(replace(cell, start=renumbered(cell.start), end=renumbered(cell.end)) for cell in row.cells),
        )
        for row in rows
    )


def _frames(rows: tuple[Row, ...]) -> bool:
    """Whether cells without lines round them frame text: one with words a row, or running text in a cell."""
    return all(sum(_has_words(cell.element) for cell in row.cells) <= 1 for row in rows) or any(
        sum(_has_words(paragraph) for paragraph in within(cell.element, f"{W}p")) >= _PARAGRAPHS_OF_TEXT
        for row in rows
        for cell in row.cells
    )


def _has_words(element: Any) -> bool:
    return any((text.text or "").strip() for text in element.iter(f"{W}t"))


def _is_ruled(element: Any, styles: Styles) -> bool:
    properties = element.find(f"{W}tblPr")
    own = None if properties is None else properties.find(f"{W}tblBorders")
    if own is not None:
        if draws_lines(own):
            return True
    elif properties is not None and styles.has_borders(value(properties, "tblStyle")):
        return True
    return any(draws_lines(borders) for borders in element.iter(f"{W}tcBorders"))
