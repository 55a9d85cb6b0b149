"""Tables (表格): their rows and cells as the file has them, and whether they are tables at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.loaders.docx.names import W, switch, value
from rag.loaders.docx.styles import Styles, draws_lines

_PARAGRAPHS_OF_TEXT = 4
"""A cell without lines round it that holds as many paragraphs frames text."""

_SKIPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "trPr", "tcPr", "tblPr", "tblGrid", "sdtPr", "tblPrEx")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row.

    Attributes:
        element: Its ``w:tc``.
        goes_on: Whether it is part of the cell above it, which has the words.
    """

    element: Any
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; a cell over several columns is one cell.

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
    for cell in within(element, f"{W}tc"):
        own = cell.find(f"{W}tcPr")
        if own is None:
            cells.append(Cell(cell, goes_on=False))
            continue
        across, down = own.find(f"{W}hMerge"), own.find(f"{W}vMerge")
        if own.find(f"{W}cellDel") is not None or (across is not None and value(own, "hMerge") != "restart"):
            continue
        cells.append(Cell(cell, down is not None and value(own, "vMerge") != "restart"))
    if properties is None:
        return Row(tuple(cells), is_header=False, is_hidden=False)
    return Row(tuple(cells), bool(switch(properties, "tblHeader")), bool(switch(properties, "hidden")))


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
