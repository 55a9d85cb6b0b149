"""Ruled tables (有线表): the cells that lines drawn on a page enclose, and the words in each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.loaders.layout.lines import Line, line_of, rows_of
from rag.loaders.layout.stacked import unstacked
from rag.loaders.page import Page, Rule, Run

_MEET = 3.0  # points between lines that are meant to meet
_SAME = 2.5  # points between lines that are one, drawn twice or thick
_DRAWN = 0.5  # share of a cell's side that must be drawn
_SMALLEST_CELL = 5.0  # points
_NARROWEST_COLUMN = 10.0  # points
_LEAST_RULES = 3
_MOST_CROSSINGS = 100_000
_MOST_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: the lines of each cell, top to bottom; an empty cell has none.

    Attributes:
        rights: Right edge of each cell as drawn, in points; ``()`` where there are no lines to tell.
    """

    cells: tuple[tuple[Line, ...], ...]
    rights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, or the part of one that stands on a page, in points.

    Attributes:
        rows: Top to bottom, a cell a column: one that spans columns or rows is empty in the later ones.
        columns: Left edges of its columns.
    """

    rows: tuple[TableRow, ...]
    page: int
    left: float
    top: float
    right: float
    bottom: float
    columns: tuple[float, ...]


@dataclass(slots=True)
class _Bar:
    """A drawn line: where it stands across its direction, and from where to where it runs."""

    at: float
    start: float
    end: float


def find_grids(page: Page) -> tuple[list[Table], list[Run]]:
    """Return the ruled tables of a page, top to bottom, and the runs outside them."""
    if len(page.rules) < _LEAST_RULES:
        return [], list(page.runs)
    across = _merged(_bars(page.rules, is_horizontal=True))
    down = _merged(_bars(page.rules, is_horizontal=False))
    if len(across) * len(down) > _MOST_CROSSINGS:  # a plan, a pattern
        return [], list(page.runs)
    tables: list[Table] = []
    rest = list(page.runs)
    for rows, columns in _joined(across, down):
        grid = _Grid(rows, columns)
        if not grid.is_table:
            continue
        inside = [run for run in rest if grid.encloses(run)]
        table = grid.table(inside, page.number)
        if table is not None:
            tables.append(table)
            taken = set(map(id, inside))
            rest = [run for run in rest if id(run) not in taken]
    tables.sort(key=lambda table: table.top)
    return tables, rest


def _bars(rules: Iterable[Rule], *, is_horizontal: bool) -> list[_Bar]:
    bars: list[_Bar] = []
    for rule in rules:
        box = rule.box
        if rule.is_horizontal != is_horizontal:
            continue
        if is_horizontal:
            bars.append(_Bar((box.top + box.bottom) / 2, box.left, box.right))
        else:
            bars.append(_Bar((box.left + box.right) / 2, box.top, box.bottom))
    return bars


def _merged(bars: list[_Bar]) -> list[_Bar]:
    """Make one of the pieces of each line: tables are often drawn cell by cell, or twice."""
    bars.sort(key=lambda bar: (bar.at, bar.start))
    lanes: list[list[_Bar]] = []
    for bar in bars:
        if lanes and bar.at - lanes[-1][0].at <= _SAME:
            lanes[-1].append(bar)
        else:
            lanes.append([bar])
    merged: list[_Bar] = []
    for lane in lanes:
        at = sum(bar.at for bar in lane) / len(lane)
        current: _Bar | None = None
        for bar in sorted(lane, key=lambda bar: bar.start):
            if current is not None and bar.start <= current.end + _MEET:
                current.end = max(current.end, bar.end)
            else:
                current = _Bar(at, bar.start, bar.end)
                merged.append(current)
    return merged


def _joined(across: list[_Bar], down: list[_Bar]) -> list[tuple[list[_Bar], list[_Bar]]]:
    """Group lines that meet."""
    group = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, row in enumerate(across):
        for j, column in enumerate(down, start=len(across)):
            if (
                row.start - _MEET <= column.at <= row.end + _MEET
                and column.start - _MEET <= row.at <= column.end + _MEET
            ):
                group[root(i)] = root(j)
    found: dict[int, tuple[list[_Bar], list[_Bar]]] = {}
    for i, row in enumerate(across):
        found.setdefault(root(i), ([], []))[0].append(row)
    for j, column in enumerate(down, start=len(across)):
        found.setdefault(root(j), ([], []))[1].append(column)
    return [pair for pair in found.values() if len(pair[0]) >= 2 and pair[1]]


class _Grid:
    """The cells between lines that meet."""

    def __init__(self, across: list[_Bar], down: list[_Bar]) -> None:
        self._across, self._down = across, down
        # A table open at its sides ends where its lines across end, and the other way round.
        self._xs = _places([bar.at for bar in down], min(b.start for b in across), max(b.end for b in across))
        self._ys = _places([bar.at for bar in across], min(b.start for b in down), max(b.end for b in down))

    @property
    def is_table(self) -> bool:
        """Whether there is more than a frame around words, and no more than a page can hold."""
        columns, rows = len(self._xs) - 1, len(self._ys) - 1
        return columns >= 2 and rows >= 1 and columns * rows <= _MOST_CELLS

    def encloses(self, run: Run) -> bool:
        x, y = (run.box.left + run.box.right) / 2, (run.box.top + run.box.bottom) / 2
        return self._xs[0] <= x <= self._xs[-1] and self._ys[0] <= y <= self._ys[-1]

    def table(self, runs: Sequence[Run], page: int) -> Table | None:
        """Return the table, ``None`` when only one of its cells holds words, as in a drawing.

        That of a later page may be the end of a row.
        """
        cells = self._cells()
        words: dict[tuple[int, int], list[Run]] = {}
        for run in runs:
            for part, cell in self._parts(run, cells):
                words.setdefault(cell, []).append(part)
        if len(words) < (2 if page == 1 else 1):
            return None
        columns = self._columns(cells)
        bounds = list(
            zip((self._xs[j] for j in columns), (*(self._xs[j] for j in columns[1:]), self._xs[-1]), strict=True)
        )
        rows: list[TableRow] = []
        for i in range(len(self._ys) - 1):
            held: list[list[Line]] = []
            for at, j in enumerate(columns):
                first, last = cells[i][j]
                # A cell over several columns or rows has its words in the first of them.
                is_first = first == i and (not at or cells[i][columns[at - 1]] != (first, last))
                held_runs = words.get((first, last), []) if is_first else []
                held.append([line for row in rows_of(held_runs) if (line := line_of(row, page)) is not None])
            outer = _outer([cells[i][j] for j in columns], bounds)
            rights = tuple(right for _, right in outer)
            rows += [TableRow(tuple(map(tuple, row)), rights) for row in unstacked(held, outer) if any(row)]
        if not rows:
            return None
        xs, ys = self._xs, self._ys
        return Table(tuple(rows), page, xs[0], ys[0], xs[-1], ys[-1], tuple(left for left, _ in bounds))

    def _columns(self, cells: list[list[tuple[int, int]]]) -> list[int]:
        """Return the fields that columns begin with: lines a little out of line make strips that are none."""
        count = len(self._xs) - 1
        wide = {j for j in range(count) if self._xs[j + 1] - self._xs[j] >= _NARROWEST_COLUMN}
        reached = {row[j] for i, row in enumerate(cells) for j in wide if row[j][0] == i}
        narrow = {j for row in cells for j in range(count) if row[j] not in reached}
        return sorted(wide | narrow)

    def _cells(self) -> list[list[tuple[int, int]]]:
        """Return for each field of the grid the first field, by row and column, of the cell it is part of."""
        rows, columns = len(self._ys) - 1, len(self._xs) - 1
        cells = [[(i, j) for j in range(columns)] for i in range(rows)]
        for i in range(rows):
            for j in range(columns):
                if j and not self._is_drawn(self._down, self._xs[j], self._ys[i], self._ys[i + 1]):
                    cells[i][j] = cells[i][j - 1]
                elif i and not self._is_drawn(self._across, self._ys[i], self._xs[j], self._xs[j + 1]):
                    cells[i][j] = cells[i - 1][j]
        return cells

    @staticmethod
    def _is_drawn(bars: Sequence[_Bar], at: float, start: float, end: float) -> bool:
        drawn = sum(max(0.0, min(end, bar.end) - max(start, bar.start)) for bar in bars if abs(bar.at - at) <= _SAME)
        return drawn >= _DRAWN * (end - start)

    def _parts(self, run: Run, cells: list[list[tuple[int, int]]]) -> list[tuple[Run, tuple[int, int]]]:
        """Return a run with its cell; one that crosses lines, as blanks between cells may, is cut at them."""
        row = self._index(self._ys, (run.box.top + run.box.bottom) / 2)
        first, last = self._index(self._xs, run.box.left + 1), self._index(self._xs, run.box.right - 1)
        if not run.edges or cells[row][first] == cells[row][last]:
            middle = self._index(self._xs, (run.box.left + run.box.right) / 2)
            return [(run, cells[row][middle])]
        parts: list[tuple[Run, tuple[int, int]]] = []
        start = 0
        where = [cells[row][self._index(self._xs, (run.edges[k] + run.edges[k + 1]) / 2)] for k in range(len(run.text))]
        for at in range(1, len(run.text) + 1):
            if at == len(run.text) or where[at] != where[start]:
                parts.append((_cut(run, start, at), where[start]))
                start = at
        return parts

    @staticmethod
    def _index(places: Sequence[float], at: float) -> int:
        return min(max(bisect_left(places, at) - 1, 0), len(places) - 2)


def _outer(row: Sequence[tuple[int, int]], bounds: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return for each column of a row left and right of the cell that it is part of."""
    ends: dict[tuple[int, int], tuple[float, float]] = {}
    for cell, (left, right) in zip(row, bounds, strict=True):
        ends[cell] = (ends[cell][0] if cell in ends else left), right
    return [ends[cell] for cell in row]


def _cut(run: Run, start: int, end: int) -> Run:
    box = replace(run.box, left=run.edges[start], right=run.edges[end])
    return replace(run, text=run.text[start:end], box=box, edges=run.edges[start : end + 1])


def _places(ats: list[float], first: float, last: float) -> list[float]:
    """Return where lines stand, with the ends of the lines that cross them where those go further."""
    places: list[float] = []
    for at in sorted([*ats, first, last]):
        if not places or at - places[-1] > _SMALLEST_CELL:
            places.append(at)
    return places
