"""Charts (图表) as figures for the templates: where the bars and cells of an SVG stand, and the table that says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

_Row = TypeVar("_Row")
_Column = TypeVar("_Column")

# Pixels, at which the letters of the SVG are as large as those of the page.
ROW = 30
_LABEL_WIDTH = 196
_CELL_WIDTH = 44
_HEAD = 112
_CHARACTER = 13
SHADES = 5
"""Steps of colour of a matrix, beside none."""


class Choice(NamedTuple):
    """A label, and the address of the list of what it counts."""

    label: str
    url: str | None = None


class Bar(NamedTuple):
    """A bar: what it counts, how many, and how long it is, in hundredths of the longest."""

    choice: Choice
    number: int
    width: float


class Bars(NamedTuple):
    """A bar chart; ``more`` tells how many that have no bar."""

    bars: tuple[Bar, ...]
    more: int


class MatrixCell(NamedTuple):
    """A cell with its number, 0 for none; ``shade`` is 0 to ``SHADES``."""

    number: int
    shade: int
    x: int
    y: int
    url: str | None


class Matrix(NamedTuple):
    """A matrix of counts: a label a row and a column, cells row by row."""

    rows: tuple[Choice, ...]
    columns: tuple[Choice, ...]
    cells: tuple[tuple[MatrixCell, ...], ...]
    width: int
    height: int
    label_width: int
    head: int


def bars_of(counted: Sequence[tuple[Choice, int]], *, most: int) -> Bars:
    """Return a bar chart of counts, the first ``most`` of them, in the order given."""
    shown = counted[:most]
    longest = max((count for _, count in shown), default=1)
    bars = tuple(Bar(choice, count, round(100 * count / longest, 1)) for choice, count in shown)
    return Bars(bars, max(0, len(counted) - most))


def matrix_of(
    rows: Sequence[tuple[_Row, Choice]],
    columns: Sequence[tuple[_Column, Choice]],
    counts: Mapping[tuple[_Row, _Column], tuple[int, str | None]],
    *,
    upright: bool = True,
) -> Matrix:
    """Return a matrix.

    Args:
        rows: Each with its label, from the top.
        columns: Likewise, from the left.
        counts: How many there are of a row and a column, and the address of their list.
        upright: Column labels are short and stand as they are; else they are turned.
    """
    most = max((count for count, _ in counts.values()), default=1)
    head = ROW if upright else _HEAD
    label_width = _label_width(choice for _, choice in rows)
    cells = tuple(
        tuple(
            MatrixCell(
                number := counts.get((row, column), (0, None))[0],
                -(-number * SHADES // most),
                label_width + across * _CELL_WIDTH,
                head + down * ROW,
                counts.get((row, column), (0, None))[1],
            )
            for across, (column, _) in enumerate(columns)
        )
        for down, (row, _) in enumerate(rows)
    )
    return Matrix(
        tuple(choice for _, choice in rows),
        tuple(choice for _, choice in columns),
        cells,
        label_width + len(columns) * _CELL_WIDTH + (0 if upright else _HEAD // 2),
        head + len(rows) * ROW,
        label_width,
        head,
    )


def shortened(label: str, most: int = 14) -> str:
    """Return a label of at most ``most`` characters."""
    return label if len(label) <= most else label[: most - 1] + "…"


def _label_width(choices: Iterable[Choice]) -> int:
    longest = max((len(shortened(choice.label)) for choice in choices), default=1)
    return min(_LABEL_WIDTH, longest * _CHARACTER + 14)
