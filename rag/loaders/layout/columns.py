"""Columns (分栏): the order in which the rows of a page are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.loaders.layout.grids import Table
from rag.loaders.layout.lines import Line, line_of, size_of, stretches_of
from rag.loaders.page import Run

_MIDDLE = (0.2, 0.8)  # where, of the width of the text, a gutter may be
_LEAST_LINES = 3
_LEAST_KNOWN_LINES = 2  # where another page shows the gutter
_WIDEST_GUTTER = 8.0  # heights of the type
_LEAST_CHARACTERS = 9  # a line, on the average of a column; fields and cells of a list are shorter
_PAUSE_SHARE = 0.2  # of a column's lines that have one; fields have none
_FULL_SHARE = 0.5  # of a column's lines that reach its gutter
_FULL = 1.6  # heights of the type
_SAME_EDGE = 4.0  # points
_PAUSES = frozenset("，。、；,.;")
_DEEPEST = 3
_GUTTER = 0.95  # heights of the type; Word's is 21 points


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column, or across the page, top to bottom.

    Attributes:
        is_whole: It is as wide as the text of the page, not one of several side by side.
    """

    items: tuple[Line | Table, ...]
    page: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Strip:
    """What stands side by side with blank on either hand: a stretch of words or a table."""

    left: float
    right: float
    held: list[Run] | Table

    @property
    def characters(self) -> int:
        return 0 if isinstance(self.held, Table) else sum(len(run.text) for run in self.held)

    @property
    def has_pause(self) -> bool:
        return not isinstance(self.held, Table) and any(_PAUSES.intersection(run.text) for run in self.held)

    @property
    def size(self) -> float:
        return 0.0 if isinstance(self.held, Table) else size_of(self.held[0])


_Row = list[_Strip]


class ColumnReader:
    """Reads the columns of page after page; a gutter found on one makes it plain on another."""

    def __init__(self) -> None:
        self.gutters: list[float] = []

    def read(self, rows: Sequence[Sequence[Run]], tables: Sequence[Table], page: int) -> list[Column]:
        """Return the columns of a page in the order they are read.

        Args:
            rows: The words outside its tables, top to bottom.
            tables: Top to bottom.
            page: 1-based.
        """
        placed: list[tuple[float, _Row]] = [
            (
                (row[0].box.top + row[0].box.bottom) / 2,
                [_Strip(held[0].box.left, max(r.box.right for r in held), held) for held in stretches_of(row, _GUTTER)],
            )
            for row in rows
        ]
        placed += [(table.top, [_Strip(table.left, table.right, table)]) for table in tables]
        placed.sort(key=lambda pair: pair[0])
        return self._ordered([row for _, row in placed], page, 0)

    def _ordered(self, rows: list[_Row], page: int, depth: int) -> list[Column]:
        if not rows:
            return []
        found = self._zone(rows) if depth < _DEEPEST else None
        if found is None:
            column = _column(rows, page, is_whole=depth == 0)
            return [column] if column.items else []
        start, end, gutter = found
        left = [side for row in rows[start:end] if (side := [strip for strip in row if strip.right <= gutter])]
        right = [side for row in rows[start:end] if (side := [strip for strip in row if strip.left >= gutter])]
        return [
            *self._ordered(rows[:start], page, depth),
            *self._ordered(left, page, depth + 1),
            *self._ordered(right, page, depth + 1),
            *self._ordered(rows[end:], page, depth),
        ]

    def _zone(self, rows: Sequence[_Row]) -> tuple[int, int, float] | None:
        """Return the first and the last (exclusive) row that two columns make, and where the gutter is."""
        best: tuple[int, int, float] | None = None
        for gutter in self._candidates(rows):
            is_known = any(abs(gutter - other) <= _SAME_EDGE for other in self.gutters)
            for start, end in _uncrossed(rows, gutter):
                is_longer = best is None or end - start > best[1] - best[0]
                if is_longer and _are_columns(rows[start:end], gutter, is_known=is_known):
                    best = start, end, gutter
        if best is not None and best[2] not in self.gutters:
            self.gutters.append(best[2])
        return best

    def _candidates(self, rows: Sequence[_Row]) -> list[float]:
        left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
        low, high = (left + share * (right - left) for share in _MIDDLE)
        starts = Counter(round(s.left / _SAME_EDGE) for row in rows for s in row if low < s.left < high)
        # Half of a column's lines may be indented, so few need stand at its edge.
        found = [
            (place - 0.5) * _SAME_EDGE
            for place, count in starts.most_common(4)
            if count + starts[place + 1] + starts[place - 1] >= _LEAST_LINES / 2
        ]
        return found + [gutter for gutter in self.gutters if low < gutter < high]


def _column(rows: Sequence[_Row], page: int, *, is_whole: bool) -> Column:
    items: list[Line | Table] = []
    for row in rows:
        runs: list[Run] = []
        for strip in row:
            if isinstance(strip.held, Table):
                items.append(strip.held)
            else:
                runs.extend(strip.held)
        if runs and (line := line_of(runs, page)) is not None:
            items.append(line)
    return Column(tuple(items), page, is_whole)


def _uncrossed(rows: Sequence[_Row], gutter: float) -> list[tuple[int, int]]:
    """Return the longest sequences of rows in which nothing lies across the gutter."""
    found: list[tuple[int, int]] = []
    start = 0
    for at, row in enumerate(rows):
        if any(strip.left < gutter < strip.right for strip in row):
            if at > start:
                found.append((start, at))
            start = at + 1
    if len(rows) > start:
        found.append((start, len(rows)))
    return found


def _are_columns(rows: Sequence[_Row], gutter: float, *, is_known: bool) -> bool:
    left = [strip for row in rows for strip in row if strip.right <= gutter]
    right = [strip for row in rows for strip in row if strip.left >= gutter]
    is_continued = (
        is_known and len(rows) >= _LEAST_KNOWN_LINES and any(row[0].right <= gutter <= row[-1].left for row in rows)
    )
    if not is_continued and not (_is_text(left) and _is_text(right)):
        return False
    edge = max(strip.right for strip in left)
    full = sum(strip.right >= edge - _FULL * strip.size for strip in left)
    return gutter - edge < _WIDEST_GUTTER * max(
        strip.size for row in rows for strip in row
    ) and full >= _FULL_SHARE * len(left)


def _is_text(side: Sequence[_Strip]) -> bool:
    """Whether a side has lines of sentences, not fields or names."""
    words = [strip for strip in side if not isinstance(strip.held, Table)]
    return (
        len(side) >= _LEAST_LINES
        and sum(strip.characters for strip in words) >= _LEAST_CHARACTERS * len(words)
        and sum(strip.has_pause for strip in words) >= _PAUSE_SHARE * len(words)
    )
