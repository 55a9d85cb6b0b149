"""Coordinates of OFD (GB/T 33190-2016, 7.5): millimetres from the top left, lists of numbers, matrices, paths."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from rag.domain.layout import Box

POINTS_PER_MILLIMETRE = 72 / 25.4

_PATH_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MOST_PATH_POINTS = 200_000


class Matrix(NamedTuple):
    """An affine map: ``x' = a·x + c·y + e``, ``y' = b·x + d·y + f``."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, after: Matrix) -> Matrix:
        """Return this map followed by another."""
        return Matrix(
            after.a * self.a + after.c * self.b,
            after.b * self.a + after.d * self.b,
            after.a * self.c + after.c * self.d,
            after.b * self.c + after.d * self.d,
            after.a * self.e + after.c * self.f + after.e,
            after.b * self.e + after.d * self.f + after.f,
        )

    def inverse(self) -> Matrix | None:
        """Return the map back, ``None`` when this one flattens the page to a line."""
        determinant = self.a * self.d - self.b * self.c
        if abs(determinant) < 1e-12:
            return None
        a, b, c, d = self.d / determinant, -self.b / determinant, -self.c / determinant, self.a / determinant
        return Matrix(a, b, c, d, -(a * self.e + c * self.f), -(b * self.e + d * self.f))

    def box(self, width: float, height: float) -> Box:
        """Return the upright box around a rectangle from the origin."""
        corners = [self.apply(x, y) for x in (0.0, width) for y in (0.0, height)]
        return Box(min(x for x, _ in corners), min(y for _, y in corners),
                   max(x for x, _ in corners), max(y for _, y in corners))  # fmt: skip


def number(text: str | None, default: float) -> float:
    """Return a number as OFD writes it, ``default`` for none and for what is no finite number."""
    try:
        value = float(text) if text is not None else default
    except ValueError:
        return default
    return value if math.isfinite(value) and abs(value) < 1e9 else default


def numbers(text: str | None) -> list[float]:
    """Return a list of numbers separated by blanks (ST_Array); what is no number is 0."""
    return [number(part, 0.0) for part in (text or "").replace(",", " ").split()]


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Return left, top, width and height (ST_Box), ``None`` when they are not all there."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) >= 4 else None


def matrix_of(text: str | None) -> Matrix:
    """Return a CTM; the identity when none or an incomplete one is written."""
    found = numbers(text)
    return Matrix(*found[:6]) if len(found) >= 6 else Matrix()


def deltas(text: str | None, most: int) -> list[float]:
    """Return at most ``most`` offsets of DeltaX or DeltaY, ``g n v`` standing for n times v (7.4, 表46)."""
    return list(islice(_deltas((text or "").replace(",", " ").split()), max(0, most)))


def _deltas(parts: list[str]) -> Iterator[float]:
    at = 0
    while at < len(parts):
        if parts[at] in ("g", "G"):
            count = int(number(parts[at + 1], 0.0)) if at + 2 < len(parts) else 0
            for _ in range(count):
                yield number(parts[at + 2], 0.0)
            at += 3
        else:
            yield number(parts[at], 0.0)
            at += 1


def lines_of_path(data: str) -> list[list[tuple[float, float]]]:
    """Return the strokes of an AbbreviatedData as the points they pass through; of a curve, only its end.

    A curve breaks the stroke, as nothing straight leads to its end.
    """
    strokes: list[list[tuple[float, float]]] = [[]]
    points = 0
    operator, operands = "", list[float]()
    for match in _PATH_TOKEN.finditer(data):
        token = match[0]
        if token.isalpha():
            operator, operands = token.upper(), []
        else:
            operands.append(number(token, 0.0))
        if operator not in _OPERANDS or len(operands) < _OPERANDS[operator]:
            continue
        points += 1
        if points > _MOST_PATH_POINTS:
            break
        if operator == "C":
            if strokes[-1]:
                strokes[-1].append(strokes[-1][0])
                strokes.append([])
        elif operator == "L" and strokes[-1]:
            strokes[-1].append((operands[0], operands[1]))
        else:
            strokes.append([(operands[-2], operands[-1])])
        operands = []
        if operator == "C":
            operator = ""
    return [stroke for stroke in strokes if len(stroke) > 1]


def straight_lines(stroke: list[tuple[float, float]], slack: float) -> Iterator[Box]:
    """Yield the level and upright parts of a stroke; one leaning by more than ``slack`` is neither."""
    for (x, y), (next_x, next_y) in pairwise(stroke):
        if abs(x - next_x) <= slack or abs(y - next_y) <= slack:
            yield Box(min(x, next_x), min(y, next_y), max(x, next_x), max(y, next_y))
