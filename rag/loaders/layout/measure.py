"""How a file's lines are set (版心, 字号, 行距): the margins of each column, and what is usual in the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from rag.loaders.layout.columns import Column
from rag.loaders.layout.fitting import STOPS, continued_lefts
from rag.loaders.layout.lines import Line

_ENOUGH_LINES = 8
_SAME = 1.0  # heights of the type
_INDENT = (1.5, 2.8)
_OUTSTANDING = 3.2  # further out of the margin than an indent is wide
_BROKEN_LINES = 2
_MOST_OUTSIDE = 2  # lines, or that share of them, may stand further out than those that text goes on in
_MOST_OUTSIDE_SHARE = 0.1
_LARGE = 1.12  # of the usual size: titles stand where they like
_INDENTED_SHARE = 0.06
_USUAL_PITCH = 1.75  # heights of the type
_LARGEST_PITCH = 3.5
_SPACED_SHARE = 0.9  # of the paragraphs that end well before the margin
_SHORT = 3.0  # heights of the type
_SPACED = 1.3
_SIZE_STEP = 0.5  # points


class Measure(NamedTuple):
    """Left and right margin of a column, in points."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Setting:
    """What is usual in a file.

    Attributes:
        size: Height of most of its type, in points.
        pitch: From line to line of a paragraph, in heights of the type.
        indents: Whether paragraphs begin with an indent.
        spaces_paragraphs: Whether there is extra space between all paragraphs.
    """

    size: float
    pitch: float
    indents: bool
    spaces_paragraphs: bool

    def pitch_of(self, line: Line) -> float:
        """Return the usual distance to a line from the one above, in points."""
        return self.pitch * line.size


def measures_of(columns: Sequence[Column], widths: Sequence[float]) -> list[Measure]:
    """Return the margins of each column.

    A page with few lines, or with none that reaches a margin, takes those of the file's other pages of its width.

    Args:
        columns: Of all pages.
        widths: Of the page of each, in points.
    """
    own = [_measure(column, width) for column, width in zip(columns, widths, strict=True)]
    known: dict[int, list[Measure]] = {}
    for column, width, measure in zip(columns, widths, own, strict=True):
        if column.is_whole and len(lines_of(column)) >= _ENOUGH_LINES:
            known.setdefault(round(width), []).append(measure)
    usual = {
        width: Measure(median(one.left for one in alike), median(one.right for one in alike))
        for width, alike in known.items()
    }
    narrow = [
        measure
        for column, measure in zip(columns, own, strict=True)
        if not column.is_whole and len(lines_of(column)) >= _ENOUGH_LINES
    ]
    found: list[Measure] = []
    for column, width, measure in zip(columns, widths, own, strict=True):
        reference = usual.get(round(width)) if column.is_whole else _alike(measure, narrow, column)
        found.append(measure if reference is None else _corrected(measure, reference, column))
    return found


def _alike(own: Measure, others: Sequence[Measure], column: Column) -> Measure | None:
    """Return the margins of the column of many lines that stands nearest to where this one does."""
    size = max((line.size for line in lines_of(column)), default=0.0)
    near = [other for other in others if abs(other.left - own.left) <= _OUTSTANDING * size]
    return min(near, key=lambda other: abs(other.left - own.left), default=None)


def _corrected(own: Measure, usual: Measure, column: Column) -> Measure:
    lines = lines_of(column)
    if len(lines) < _ENOUGH_LINES:
        # What stands further out than usual is a heading or a table's note, not the margin.
        return usual
    size = median(line.size for line in lines)
    left, right = own
    if _INDENT[0] * size <= left - usual.left <= _OUTSTANDING * size:
        left = usual.left
    return Measure(left, usual.right if right < usual.right - _SAME * size else right)


def setting_of(columns: Iterable[Column], measures: Sequence[Measure]) -> Setting:
    """Return what is usual in a file."""
    sizes: Counter[float] = Counter()
    pairs: list[tuple[Line, Line, Measure]] = []
    indented = total = 0
    for column, measure in zip(columns, measures, strict=True):
        lines = lines_of(column)
        for line in lines:
            sizes[round(line.size / _SIZE_STEP) * _SIZE_STEP] += len(line.text)
            total += 1
            indented += _INDENT[0] <= (line.left - measure.left) / line.size <= _INDENT[1]
        pairs += [(above, below, measure) for above, below in pairwise(lines)]
    if not sizes:
        return Setting(10.5, _USUAL_PITCH, indents=False, spaces_paragraphs=False)
    size = sizes.most_common(1)[0][0]
    inside: list[float] = []
    between: list[float] = []
    short: list[float] = []
    for above, below, measure in pairs:
        pitch = (below.bottom - above.bottom) / below.size
        if not 0 < pitch < _LARGEST_PITCH or abs(above.size - below.size) > _SIZE_STEP:
            continue
        is_full = measure.right - above.right < 2 * above.size and below.left - measure.left < _SAME * below.size
        (inside if is_full and above.text[-1] not in "。；：" else between).append(pitch)
        if measure.right - above.right > _SHORT * above.size:
            short.append(pitch)
    pitch = median(inside) if inside else median(between) if between else _USUAL_PITCH
    spaced = sum(_SPACED * pitch < other for other in short)
    return Setting(
        size,
        pitch,
        indents=indented >= max(1, _INDENTED_SHARE * total),
        spaces_paragraphs=spaced >= max(2, _SPACED_SHARE * len(short)),
    )


def lines_of(column: Column) -> list[Line]:
    """Return the lines of a column outside its tables."""
    return [item for item in column.items if isinstance(item, Line)]


def _measure(column: Column, width: float) -> Measure:
    lines = lines_of(column)
    if not lines:
        return Measure(0.0, width)
    size = median(line.size for line in lines)
    lefts = sorted(line.left for line in lines)
    rights = sorted((line.right for line in lines), reverse=True)
    left, right = lefts[0], rights[0]
    supported = _supported(lefts, _SAME * size)
    if supported is not None and supported - left > _OUTSTANDING * size:
        left = supported
    left = _continued_left(lines, left, right, size)
    if not column.is_whole:
        return Measure(left, right)
    # Margins are taken to be alike until broken lines show where the right one is.
    mirrored = width - left
    if right > mirrored + _SAME * size:
        supported = _supported([-value for value in rights], _SAME * size)
        right = -supported if supported is not None else right
    broken = sum(line.right >= right - _SAME * size and line.text[-1] not in STOPS for line in lines)
    if right < mirrored - _SAME * size and all(line.text[-1] not in STOPS for line in lines):
        broken = 0  # a list of short lines
    return Measure(left, right if broken >= _BROKEN_LINES else max(right, mirrored))


def _continued_left(lines: Sequence[Line], left: float, right: float, size: float) -> float:
    """Return where lines go on from full ones above them, which is the margin if hardly a line stands further out."""
    margin = _supported(sorted(continued_lefts(lines, right)), _SAME * size)
    if margin is None or margin <= left + _SAME * size:
        return left
    outside = sum(line.left < margin - _SAME * size and line.size <= _LARGE * size for line in lines)
    return margin if outside <= max(_MOST_OUTSIDE, _MOST_OUTSIDE_SHARE * len(lines)) else left


def _supported(values: Sequence[float], slack: float) -> float | None:
    """Return the first of rising values that two more are near to: one line may stand out of the margin."""
    return next((value for value, third in zip(values, values[2:], strict=False) if third - value <= slack), None)
