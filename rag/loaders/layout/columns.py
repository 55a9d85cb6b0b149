"""Columns (分栏): the order in which the rows of a page are read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from rag.loaders.layout.fitting import continued_lefts
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
_EVEN = 0.5  # heights of the type
_SAME_EDGE = 4.0  # points
_SMALL = 0.8  # of the usual size: the words under a picture may lie across a gutter
_CLEARANCE = 0.3  # points
_CANDIDATES = 6
_MOST_GUTTERS = 12  # that are remembered
_LEAST_ASIDE = 3  # rows that show where a column ends
_SET_IN = 1.4  # heights of the type; lines beside a picture are further in
_LEAST_BESIDE = 4  # lines
_PAUSES = frozenset("，。、；,.;")
_DEEPEST = 3
_GUTTER = 0.95  # heights of the type; Word's is 21 points


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column, or across the page, top to bottom.

    Attributes:
        is_whole: It is as wide as the text of the page, not one of several side by side.
        is_aside: It interrupts the text, which goes on behind it.
    """

    items: tuple[Line | Table, ...]
    page: int
    is_whole: bool
    is_aside: bool = False


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

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


_Row = list[_Strip]


class ColumnReader:
    """Reads the columns of page after page; a gutter found on one makes it plain on another."""

    def __init__(self) -> None:
        self.gutters: list[float] = []
        self._usual_size = 0.0  # of the type of the page

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
        sizes = Counter[float]()
        for row in rows:
            for run in row:
                sizes[size_of(run)] += len(run.text)
        self._usual_size = max(sizes, key=sizes.__getitem__, default=0.0)
        return self._ordered([row for _, row in placed], page, 0)

    def _ordered(self, rows: list[_Row], page: int, depth: int) -> list[Column]:
        if not rows:
            return []
        found = self._zone(rows) if depth < _DEEPEST else None
        if found is None:
            columns = self._leaf(rows, page) if depth else [_column(rows, page, is_whole=True)]
            return [column for column in columns if column.items]
        start, end, gutter = found
        left = [side for row in rows[start:end] if (side := [strip for strip in row if strip.middle <= gutter])]
        right = [side for row in rows[start:end] if (side := [strip for strip in row if strip.middle > gutter])]
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
            for start, end in self._uncrossed(rows, gutter):
                is_longer = best is None or end - start > best[1] - best[0]
                if is_longer and self._are_columns(rows[start:end], gutter, is_known=is_known):
                    best = start, end, gutter
        if best is not None and best[2] not in self.gutters and len(self.gutters) < _MOST_GUTTERS:
            self.gutters.append(best[2])
        return best

    def _candidates(self, rows: Sequence[_Row]) -> list[float]:
        left, right = min(row[0].left for row in rows), max(row[-1].right for row in rows)
        low, high = (left + share * (right - left) for share in _MIDDLE)
        starts = Counter(round(s.left / _SAME_EDGE) for row in rows for s in row if low < s.left < high)
        # Half of a column's lines may be indented, so few need stand at its edge.
        found: list[float] = [
            # As near to the column as can be: the words under a picture may fill the gutter.
            math.floor(min(s.left for row in rows for s in row if round(s.left / _SAME_EDGE) == place) - _CLEARANCE)
            for place, count in starts.most_common(_CANDIDATES)
            if count + starts[place + 1] + starts[place - 1] >= _LEAST_LINES / 2
        ]
        return found + [gutter for gutter in self.gutters if low < gutter < high]

    def _leaf(self, rows: list[_Row], page: int) -> list[Column]:
        """Return a column that has none within it; what stands beyond its edge, as words under a picture do, apart."""
        alone = [row[0] for row in rows if len(row) == 1]
        inside, beyond = rows, list[_Row]()
        if _LEAST_ASIDE <= len(alone) < len(rows):
            edge = max(strip.right for strip in alone)
            beyond = [
                [strip for strip in row if strip.left >= edge or (len(row) > 1 and self._is_small(strip))]
                for row in rows
            ]
            inside = [[strip for strip in row if strip not in aside] for row, aside in zip(rows, beyond, strict=True)]
        columns = [_column(part, page, is_whole=False) for part in _beside_pictures([row for row in inside if row])]
        asides = _column([row for row in beyond if row], page, is_whole=False)
        return [*columns, replace(asides, is_aside=True)]

    def _is_small(self, strip: _Strip) -> bool:
        return 0 < strip.size < _SMALL * self._usual_size

    def _uncrossed(self, rows: Sequence[_Row], gutter: float) -> list[tuple[int, int]]:
        """Return the longest sequences of rows in which nothing lies across the gutter."""
        found: list[tuple[int, int]] = []
        start = 0
        for at, row in enumerate(rows):
            if any(strip.left < gutter < strip.right and not self._is_small(strip) for strip in row):
                if at > start:
                    found.append((start, at))
                start = at + 1
        if len(rows) > start:
            found.append((start, len(rows)))
        return found

    def _are_columns(self, rows: Sequence[_Row], gutter: float, *, is_known: bool) -> bool:
        left = [strip for row in rows for strip in row if strip.middle <= gutter and not self._is_small(strip)]
        right = [strip for row in rows for strip in row if strip.middle > gutter and not self._is_small(strip)]
        if not left or not right:
            return False
        is_continued = (
            is_known and len(rows) >= _LEAST_KNOWN_LINES and any(row[0].right <= gutter <= row[-1].left for row in rows)
        )
        if not is_continued and not (_is_text(left) and _is_text(right)):
            return False
        edge = max(strip.right for strip in left)
        # Beside a picture the lines end before the edge, one below the other.
        full = max(
            sum(strip.right >= edge - _FULL * strip.size for strip in left),
            sum(abs(one.right - other.right) <= _EVEN * one.size for one, other in pairwise(left)),
        )
        return gutter - edge < _WIDEST_GUTTER * max(
            strip.size for row in rows for strip in row
        ) and full >= _FULL_SHARE * len(left)


def _beside_pictures(rows: list[_Row]) -> list[list[_Row]]:
    """Part a column where its left edge moves, because a picture reaches into it.

    The lines beside one are all set in, and sentences go on from line to line there.
    """
    left = min(row[0].left for row in rows)
    set_in = [row[0].left >= left + _SET_IN * row[0].size for row in rows]
    parts: list[list[_Row]] = []
    start = 0
    for are_set_in, group in groupby(range(len(rows)), key=set_in.__getitem__):
        stretch = list(group)
        if are_set_in and _are_continued([rows[at] for at in stretch]):
            parts += [rows[start : stretch[0]], rows[stretch[0] : stretch[-1] + 1]]
            start = stretch[-1] + 1
    return [part for part in (*parts, rows[start:]) if part]


def _are_continued(rows: Sequence[_Row]) -> bool:
    right = max(row[-1].right for row in rows)
    lines = [
        line for row in rows for strip in row if not isinstance(strip.held, Table) and (line := line_of(strip.held, 1))
    ]
    lefts = continued_lefts(lines, right)
    return len(lefts) >= _LEAST_BESIDE and max(lefts) - min(lefts) <= _SAME_EDGE


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


def _is_text(side: Sequence[_Strip]) -> bool:
    """Whether a side has lines of sentences, not fields or names."""
    words = [strip for strip in side if not isinstance(strip.held, Table)]
    return (
        len(side) >= _LEAST_LINES
        and sum(strip.characters for strip in words) >= _LEAST_CHARACTERS * len(words)
        and sum(strip.has_pause for strip in words) >= _PAUSE_SHARE * len(words)
    )
