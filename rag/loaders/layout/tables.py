"""Tables to blocks, a row each: those that pages break are whole again."""

from __future__ import annotations

import re

from rag.loaders.layout.fitting import room_needed
from rag.loaders.layout.grids import Table, TableRow
from rag.loaders.layout.lines import Line
from rag.loaders.layout.paragraphs import glue
from rag.loaders.raw import Fragment, RawBlock

_SAME_PLACE = 6.0  # points
_MOST_HEAD_ROWS = 3
_ENOUGH_ROWS = 3
_FULL = 1.5  # heights of the type
_PADDING = 5.0  # points
_STOPS = "。；！？"
_LABEL = re.compile(r"[^：:，。；\d]{2,9}[：:]")
_FIELD_BLANK = "\u3000"


class Tables:
    """Takes tables that follow each other and gives their rows."""

    def __init__(self) -> None:
        self._rows: list[TableRow] = []
        self._head: tuple[TableRow, ...] = ()
        self._last: Table | None = None
        self._done: list[RawBlock] = []

    @property
    def count(self) -> int:
        """How many rows ``end`` would return."""
        return len(self._done) + len(self._rows)

    def take(self, table: Table) -> None:
        """Take a table, which goes on with the one taken before if it stands on the next page in its columns."""
        rows = list(table.rows)
        if self._last is not None and _goes_on(self._last, table):
            repeated = _repeated(self._head, rows)
            rows = rows[repeated:]
            enough = _ENOUGH_ROWS - bool(repeated)
            if rows and self._rows and (self._is_unnumbered(rows[0], enough) or _is_broken(self._rows[-1], rows[0])):
                self._rows[-1] = _whole(self._rows[-1], rows.pop(0))
        else:
            self._finish()
            self._head = table.rows[:_MOST_HEAD_ROWS]
        self._rows += rows
        self._last = table

    def end(self) -> list[RawBlock]:
        """Return the rows of the tables taken so far; what follows is no table."""
        self._finish()
        done, self._done = self._done, []
        return done

    def _is_unnumbered(self, row: TableRow, enough: int) -> bool:
        """Whether a row alone among enough has nothing in the first column, so that it belongs to the one above."""
        columns = len(row.cells)
        return (
            not row.cells[0]
            and len(self._rows) >= enough
            and len(self._rows[-1].cells) == columns
            and all(one.cells[0] for one in self._rows if len(one.cells) == columns)
        )

    def _finish(self) -> None:
        self._done += [_block(row, follows_blank=at == 0) for at, row in enumerate(self._rows)]
        self._rows, self._head, self._last = [], (), None


def _goes_on(before: Table, after: Table) -> bool:
    return (
        after.page > before.page
        and len(before.columns) == len(after.columns)
        and all(abs(a - b) <= _SAME_PLACE for a, b in zip(before.columns, after.columns, strict=True))
    )


def _repeated(head: tuple[TableRow, ...], rows: list[TableRow]) -> int:
    """Return how many of the rows are the table's head once more."""
    count = 0
    for one, other in zip(head, rows, strict=False):
        if _words(one) != _words(other):
            break
        count += 1
    return count


def _words(row: TableRow) -> list[str]:
    return ["".join(line.text for line in cell) for cell in row.cells]


def _is_broken(above: TableRow, below: TableRow) -> bool:
    """Whether a page ended within a row: its first cell is done, and each other goes on from a full line."""
    if len(above.cells) != len(below.cells) or below.cells[0] or not above.rights:
        return False
    joints = [
        (upper[-1], lower[0], right) if upper else None
        for upper, lower, right in zip(above.cells, below.cells, above.rights, strict=True)
        if lower
    ]
    return all(joint is not None and _is_full(*joint) for joint in joints) and any(
        joint is not None and joint[0].text[-1] not in _STOPS for joint in joints
    )


def _is_full(last: Line, following: Line, right: float) -> bool:
    return right - _PADDING - last.right < (_FULL + room_needed(following)) * last.size


def _whole(above: TableRow, below: TableRow) -> TableRow:
    return TableRow(tuple(a + b for a, b in zip(above.cells, below.cells, strict=True)), above.rights)


def _block(row: TableRow, *, follows_blank: bool) -> RawBlock:
    text = ""
    fragments: list[Fragment] = []
    for at, cell in enumerate(row.cells):
        text += "\t" if at else ""
        words = ""
        for number, line in enumerate(cell):
            joint = glue(words, line.text)
            if number and row.rights and _is_field(cell[number - 1], line, row.rights[at]):
                joint = _FIELD_BLANK
            start = len(text) + len(joint)
            fragments.append(Fragment(start, start + len(line.text), line.page, line.box, line.edges, line.confidence))
            words += joint + line.text
            text += joint + line.text
    return RawBlock(text, _page(row), is_table_row=True, follows_blank=follows_blank, fragments=tuple(fragments))


def _is_field(above: Line, line: Line, right: float) -> bool:
    """Whether a line of a cell begins a field of its own (地址：), not only the rest of a sentence."""
    return _LABEL.match(line.text) is not None and not _is_full(above, line, right)


def _page(row: TableRow) -> int:
    first: Line = next(line for cell in row.cells for line in cell)
    return first.page
