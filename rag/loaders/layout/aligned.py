"""Tables without cells drawn around them (无框线表): columns told by alignment, and only when it is plain.

What reads like a table and is none: two columns of text, the lines of a table of contents, the foot of an
official document (版记: 抄送 and 印发 between lines across the page), fields of a letterhead.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rag.loaders.layout.grids import Table, TableRow
from rag.loaders.layout.lines import Line, line_of, stretches_of
from rag.loaders.page import Rule, Run

_LEAST_ROWS = 3
_LEAST_COLUMNS = 3
_LEAST_RULED_COLUMNS = 2
_LONGEST_CELL = 12  # characters, the middle one of all cells of two columns; lines of text are longer
_GAP = 0.8  # heights of the type between columns
_PITCH = 3.0  # heights of the type from row to row
_SAME_WIDTH = 4.0  # points
_LEAST_WIDTH = 100.0
_FILLED_SHARE = 0.6  # of the cells
# A column of text: its lines are that long, reach its edge within that many heights of the type, and pause.
_TEXT_LINES = 3
_TEXT_CHARACTERS = 9
_TEXT_EDGE = 1.6
_TEXT_FULL_SHARE = 0.5
_TEXT_PAUSE_SHARE = 0.2
_PAUSES = frozenset("，。、；,;")
_FOOT = ("抄送", "印发", "主送", "分送", "抄报")


def find_aligned(
    rows: Sequence[Sequence[Run]], rules: Sequence[Rule], page: int
) -> tuple[list[Table], list[Sequence[Run]]]:
    """Return the tables among a page's rows, top to bottom, and the rows outside them."""
    stretches = [stretches_of(row) for row in rows]
    if sum(len(row) >= 2 for row in stretches) < _LEAST_ROWS:
        return [], list(rows)
    lines = [[line for stretch in row if (line := line_of(stretch, page)) is not None] for row in stretches]
    lanes = _between_rules(rules)
    tables: list[Table] = []
    rest: list[Sequence[Run]] = []
    at = 0
    while at < len(rows):
        end, table = _table_from(lines, at, lanes)
        if table is None:
            rest.extend(rows[at:end])
        else:
            tables.append(table)
        at = end
    return tables, rest


def _between_rules(rules: Sequence[Rule]) -> list[tuple[float, float]]:
    """Return top and bottom of what stands between lines of one width (三线表: above, below the head, below)."""
    lanes: dict[tuple[int, int], list[float]] = {}
    for rule in rules:
        if rule.is_horizontal and rule.box.right - rule.box.left >= _LEAST_WIDTH:
            key = (round(rule.box.left / _SAME_WIDTH), round(rule.box.right / _SAME_WIDTH))
            lanes.setdefault(key, []).append((rule.box.top + rule.box.bottom) / 2)
    return [(min(ys), max(ys)) for ys in lanes.values() if len(ys) >= 2 and max(ys) - min(ys) > 10]


def _table_from(
    rows: Sequence[list[Line]], start: int, lanes: Sequence[tuple[float, float]]
) -> tuple[int, Table | None]:
    """Return the table that begins at a row and where it ends, or ``None`` and where to look for the next."""
    if not rows[start]:
        return start + 1, None
    top = _top(rows[start])
    lane = next((lane for lane in lanes if lane[0] <= top <= lane[1] and _is_first_in(rows, start, lane)), None)
    if lane is not None:
        end = start
        while end < len(rows) and _bottom(rows[end]) <= lane[1] + 3:
            end += 1
        table = _table(rows[start:end], _LEAST_RULED_COLUMNS)
        if table is not None:
            return end, table
    end = start
    while end < len(rows) and len(rows[end]) >= _LEAST_COLUMNS and (end == start or _is_near(rows[end - 1], rows[end])):
        end += 1
    if end - start < _LEAST_ROWS:
        return start + 1, None
    if _are_columns_of_text(rows[start:end]):
        return end, None
    table = _table(rows[start:end], _LEAST_COLUMNS)
    return (start + 1, None) if table is None else (end, table)


def _is_first_in(rows: Sequence[list[Line]], at: int, lane: tuple[float, float]) -> bool:
    return at == 0 or not rows[at - 1] or _top(rows[at - 1]) < lane[0]


def _is_near(above: list[Line], below: list[Line]) -> bool:
    return _top(below) - _top(above) <= _PITCH * below[0].size


def _top(row: list[Line]) -> float:
    return min(line.top for line in row)


def _bottom(row: list[Line]) -> float:
    return max((line.bottom for line in row), default=0.0)


def _table(rows: Sequence[list[Line]], least_columns: int) -> Table | None:
    """Return the table that rows make whose lines stand in columns, ``None`` when they do not."""
    lines = [row for row in rows if row]
    if sum(len(row) >= 2 for row in lines) < _LEAST_ROWS:
        return None
    everything = [line for row in lines for line in row]
    columns = _columns(everything)
    if len(columns) < least_columns or any(line.text.startswith(_FOOT) for line in everything):
        return None
    longest = _LONGEST_CELL if len(columns) == 2 else 3 * _LONGEST_CELL
    if median(len(line.text) for line in everything) > longest:
        return None
    if _are_columns_of_text(lines):
        return None
    table_rows = _table_rows(lines, columns)
    filled = sum(bool(cell) for row in table_rows for cell in row)
    if len(table_rows) < _LEAST_ROWS or filled < _FILLED_SHARE * len(table_rows) * len(columns):
        return None
    return Table(
        tuple(TableRow(tuple(map(tuple, row))) for row in table_rows),
        everything[0].page,
        columns[0][0],
        min(line.top for line in everything),
        columns[-1][1],
        max(line.bottom for line in everything),
        tuple(left for left, _ in columns),
    )


def _table_rows(lines: Sequence[Sequence[Line]], columns: Sequence[tuple[float, float]]) -> list[list[list[Line]]]:
    """Return the lines of each cell, row by row; no rows where two stretches of one row stand in one column."""
    rows: list[list[list[Line]]] = []
    for row in lines:
        cells: list[list[Line]] = [[] for _ in columns]
        for line in row:
            cells[next(k for k, (_, right) in enumerate(columns) if line.middle <= right)].append(line)
        if any(len(cell) > 1 for cell in cells):
            return []
        if rows and not cells[0] and len(row) < len(columns) / 2:
            # The second line of a cell above.
            for cell, more in zip(rows[-1], cells, strict=True):
                cell.extend(more)
        else:
            rows.append(cells)
    return rows


def _are_columns_of_text(rows: Sequence[Sequence[Line]]) -> bool:
    everything = [line for row in rows for line in row]
    return sum(_is_text(column, everything) for column in _columns(everything)) >= 2


def _is_text(column: tuple[float, float], lines: Sequence[Line]) -> bool:
    """Whether a column is running text: lines that are broken where it ends, in sentences."""
    left, right = column
    own = [line for line in lines if left <= line.middle <= right]
    full = sum(right - line.right < _TEXT_EDGE * line.size for line in own)
    return (
        len(own) >= _TEXT_LINES
        and sum(len(line.text) for line in own) >= _TEXT_CHARACTERS * len(own)
        and full >= _TEXT_FULL_SHARE * len(own)
        and sum(not _PAUSES.isdisjoint(line.text) for line in own) >= _TEXT_PAUSE_SHARE * len(own)
    )


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return left and right of the strips that words stand in, with nothing but blank between them."""
    strips: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda line: line.left):
        if strips and line.left < strips[-1][1] + _GAP * line.size:
            strips[-1] = (strips[-1][0], max(strips[-1][1], line.right))
        else:
            strips.append((line.left, line.right))
    return strips
