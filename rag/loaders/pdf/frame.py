"""The upright page: points of a PDF page, whose origin is below, to points from the top left corner as it is read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rag.domain.layout import Box

_LARGEST_SLANT = 0.1  # about 6 degrees; a watermark's is more


@dataclass(frozen=True, slots=True)
class Frame:
    """A page seen so that text running ``turns`` quarter turns to the left of the file's x axis is upright.

    Attributes:
        left: Left edge of the visible page, in the file's coordinates; likewise the others.
        turns: 0..3.
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0

    @property
    def width(self) -> float:
        """Width of the upright page, in points."""
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the upright page, in points."""
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the file as it lies on the upright page."""
        match self.turns:
            case 0:
                return x - self.left, self.top - y
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case _:
                return self.top - y, self.right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of the file as it lies on the upright page."""
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def turned(self, turns: int) -> Frame:
        """Return the same page turned so that text of ``turns`` is upright."""
        return Frame(self.left, self.bottom, self.right, self.top, turns)

    def unturned(self, box: Box) -> tuple[float, float, float, float]:
        """Return left, bottom, right, top in the file's coordinates of a box on the upright page."""
        match self.turns:
            case 0:
                return self.left + box.left, self.top - box.bottom, self.left + box.right, self.top - box.top
            case 1:
                return self.left + box.top, self.bottom + box.left, self.left + box.bottom, self.bottom + box.right
            case 2:
                return self.right - box.right, self.bottom + box.top, self.right - box.left, self.bottom + box.bottom
            case _:
                return self.right - box.bottom, self.top - box.right, self.right - box.top, self.top - box.left


def quarter_turns(along: float, up: float) -> int | None:
    """Return how many quarter turns to the left a direction has, ``None`` when it is slanted."""
    length = math.hypot(along, up)
    if length == 0:
        return None
    along, up = along / length, up / length
    if abs(up) < _LARGEST_SLANT:
        return 0 if along > 0 else 2
    if abs(along) < _LARGEST_SLANT:
        return 1 if up > 0 else 3
    return None
