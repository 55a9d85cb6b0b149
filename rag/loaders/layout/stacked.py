"""Rows of a table that no lines part (发票清单): what stands on one baseline in cell after cell is a row of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.loaders.layout.fitting import room_needed
from rag.loaders.layout.lines import Line

_LEVEL = 0.4  # heights of the type
_PADDING = 4.0  # points, on both sides of a cell together
_LEAST_SHARE = 2 / 3  # of the baselines: a column of a list has lines on so many
_LEAST_COLUMNS = 2
_LEAST_LINES = 2
_LEAST_LINES_OF_WORDS = 4  # heads of columns are often broken into two or three short lines
_FIGURE = re.compile(r"[¥￥$+-]?\s*\d[\d,.]*\s*[%％‰]?|\*{2,}|[-—－]")

Cells = Sequence[Sequence[Line]]


def unstacked(cells: Cells, bounds: Sequence[tuple[float, float]]) -> list[Cells]:
    """Return the rows that lie one below the other in a row of cells; mostly there is one.

    Args:
        cells: The lines of each cell, top to bottom.
        bounds: Left and right edge of each cell, in points.
    """
    if len(cells[0]) < _LEAST_LINES or sum(len(cell) >= _LEAST_LINES for cell in cells) < _LEAST_COLUMNS:
        return [cells]
    levels, count = _levels([line for cell in cells for line in cell])
    if not _is_list(cells, bounds, count):
        return [cells]
    levelled: list[list[list[Line]]] = [[[] for _ in cells] for _ in range(count)]
    for at, cell in enumerate(cells):
        for line in cell:
            levelled[levels[id(line)]][at].append(line)
    rows: list[list[list[Line]]] = []
    for own in levelled:
        filled = [at for at, cell in enumerate(own) if cell]
        is_more = rows and len(filled) == 1 and (above := rows[-1][filled[0]])
        if is_more and not _has_room(above[-1], own[filled[0]][0], bounds[filled[0]]):
            above += own[filled[0]]
        else:
            rows.append(own)
    return list(rows)


def _levels(lines: Sequence[Line]) -> tuple[dict[int, int], int]:
    """Return the number, from the top, of the baseline that each line (by identity) stands on, and how many there are."""
    levels: dict[int, int] = {}
    count = 0
    bottom = 0.0
    for line in sorted(lines, key=lambda line: line.bottom):
        if not count or line.bottom - bottom > _LEVEL * line.size:
            count, bottom = count + 1, line.bottom
        levels[id(line)] = count - 1
    return levels, count


def _is_list(cells: Cells, bounds: Sequence[tuple[float, float]], count: int) -> bool:
    """Whether cells hold a value a line, on the same lines: sentences are broken where their cell ends."""
    least = max(_LEAST_LINES, _LEAST_SHARE * count)
    if len(cells[0]) < least:
        return False
    valued = [
        [line.text for line in cell]
        for cell, bound in zip(cells, bounds, strict=True)
        if len(cell) >= least and _are_values(cell, bound)
    ]
    has_figures = any(any(map(_FIGURE.fullmatch, texts[1:])) for texts in valued)
    return len(valued) >= _LEAST_COLUMNS and (has_figures or count >= _LEAST_LINES_OF_WORDS)


def _are_values(cell: Sequence[Line], bound: tuple[float, float]) -> bool:
    return all(_FIGURE.fullmatch(below.text) or _has_room(above, below, bound) for above, below in pairwise(cell))


def _has_room(above: Line, below: Line, bound: tuple[float, float]) -> bool:
    """Whether the first word of a line would have had room on the one above, were they one sentence."""
    left, right = bound
    return right - left - _PADDING - (above.right - above.left) >= (1 + room_needed(below)) * below.size
