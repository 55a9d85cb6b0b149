"""Charts of an evaluation (图表): counts in classes and curves, laid out in the units of an SVG drawing.

A chart is all numbers; the template draws it. Every chart can be read as a table too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 40
_TICKS = 4
_GAP = 0.22
"""Share of a class's width that is left free."""


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, a value a class.

    Attributes:
        name: Of the run.
        values: In the order of the classes, 0 and up.
    """

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; ``series`` counts from 0, ``words`` say what it shows."""

    x: float
    y: float
    width: float
    height: float
    series: int
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A curve through points ``x,y``; ``dots`` are the same points apart."""

    points: str
    dots: tuple[tuple[float, float], ...]
    series: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Something to draw, ``WIDTH`` × ``HEIGHT``.

    Attributes:
        key: Names it among the charts of a page.
        title: In Chinese, then in English.
        classes: Names of the classes, left to right; the head of its table.
        series: What is shown.
        digits: After the point in the table.
    """

    key: str
    title: tuple[str, str]
    classes: tuple[str, ...]
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    digits: int

    @property
    def left(self) -> float:
        """Where the vertical axis stands."""
        return _LEFT

    @property
    def right(self) -> float:
        """Where the horizontal axis ends."""
        return WIDTH - _RIGHT

    @property
    def floor(self) -> float:
        """Where the horizontal axis lies."""
        return HEIGHT - _BOTTOM


def bar_chart(
    key: str, title: tuple[str, str], classes: Sequence[str], series: Sequence[Series], *, digits: int = 0
) -> Chart:
    """Lay out bars, those of one class side by side."""
    top = _round_up(max((value for each in series for value in each.values), default=0.0))
    step = (WIDTH - _LEFT - _RIGHT) / len(classes)
    width = step * (1 - _GAP) / len(series)
    bars = tuple(
        Bar(
            x=round(_LEFT + step * (place + _GAP / 2) + width * number, 2),
            y=round(_height_of(value, top), 2),
            width=round(width, 2),
            height=round(HEIGHT - _BOTTOM - _height_of(value, top), 2),
            series=number,
            words=f"{each.name}: {classes[place]}: {value:.{digits}f}",
        )
        for number, each in enumerate(series)
        for place, value in enumerate(each.values)
    )
    return Chart(
        key, title, tuple(classes), tuple(series), bars, (), _x_ticks(classes), _y_ticks(top), digits
    )  # fmt: skip


def curve_chart(key: str, title: tuple[str, str], classes: Sequence[str], series: Sequence[Series]) -> Chart:
    """Lay out curves of shares, 0..1, a point a class."""
    ticks = _x_ticks(classes)
    lines = []
    for number, each in enumerate(series):
        dots = tuple(
            (round(tick.at, 2), round(_height_of(value, 1.0), 2))
            for tick, value in zip(ticks, each.values, strict=True)
        )
        lines.append(Line(" ".join(f"{x},{y}" for x, y in dots), dots, number))
    return Chart(key, title, tuple(classes), tuple(series), (), tuple(lines), ticks, _y_ticks(1.0), 4)


def counts(values: Sequence[float], classes: Sequence[tuple[str, Callable[[float], bool]]]) -> tuple[float, ...]:
    """Return how many values fall into each class."""
    return tuple(float(sum(map(belongs, values))) for _, belongs in classes)


def _height_of(value: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * value / top


def _x_ticks(classes: Sequence[str]) -> tuple[Tick, ...]:
    step = (WIDTH - _LEFT - _RIGHT) / len(classes)
    return tuple(Tick(round(_LEFT + step * (place + 0.5), 2), name) for place, name in enumerate(classes))


def _y_ticks(top: float) -> tuple[Tick, ...]:
    return tuple(
        Tick(round(_height_of(value, top), 2), f"{value:g}")
        for value in (top * number / _TICKS for number in range(_TICKS + 1))
    )


def _round_up(value: float) -> float:
    """Return the next number up that a quarter of is short to write."""
    return next(size for size in _sizes() if size >= value)


def _sizes() -> Iterator[float]:
    for exponent in range(20):
        for lead in (4, 8, 12, 20, 32):
            yield float(lead * math.pow(10, exponent))
