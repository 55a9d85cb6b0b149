"""A page with words in places: what PDF, OFD and recognised images have in common before ``layout`` reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.domain.layout import Box, PageGeometry

MOST_UNREAD_SHARE = 0.05
"""Of a page read as text: smaller pictures are seals and emblems; larger ones may hold words, which were not read."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters set side by side on one line in one size, from left to right.

    Attributes:
        text: The characters, no line end among them.
        box: Their place on the upright page.
        edges: Left edge of each character and, last, the right edge of the last; ``()`` when unknown.
        size: Height of the type, in points; 0 when unknown.
        is_bold: Whether it is set in a heavy face (黑体 or bold).
        confidence: Of recognition, 0..1; ``None`` for words that the file holds as text.
    """

    text: str
    box: Box
    edges: tuple[float, ...] = ()
    size: float = 0.0
    is_bold: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn across or down the page, or the side of a filled strip: tables are ruled with them."""

    box: Box

    @property
    def is_horizontal(self) -> bool:
        """Whether it runs across the page."""
        return self.box.right - self.box.left >= self.box.bottom - self.box.top


@dataclass(frozen=True, slots=True)
class Page:
    """One page, turned upright.

    Attributes:
        number: 1-based.
        width: In points.
        height: In points.
        runs: In the order the file draws them.
        rules: Lines drawn on it.
        turns: Quarter turns clockwise by which it was turned upright; see ``PageGeometry``.
        slope: Degrees counter-clockwise by which it was then set straight.
        is_whole: Whether it was turned as one; the parts of a long strip may each be turned.
    """

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[Rule, ...] = ()
    turns: int = 0
    slope: float = 0.0
    is_whole: bool = True

    @property
    def geometry(self) -> PageGeometry | None:
        """How its picture is to be shown, ``None`` where places on it are not those of one picture."""
        if not self.is_whole or min(self.width, self.height) < 1:
            return None
        return PageGeometry(round(self.width, 1), round(self.height, 1), self.turns % 4, round(self.slope, 2))


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted, and what of it may be seen.

    Attributes:
        number: 1-based.
        geometry: Of the page as it was read.
        width: Of the picture, in pixels; less where the page is a long strip.
        is_recognised: Whether its words were read from how it looks.
        covers: Places to be painted over, in points.
        only_read: Leave out pictures and annotations whose words are not known.
    """

    number: int
    geometry: PageGeometry
    width: int
    is_recognised: bool = False
    covers: tuple[Box, ...] = ()
    only_read: bool = False


def confidence_of(pages: Iterable[Page]) -> float | None:
    """Return the mean confidence of the recognised characters, ``None`` when there are none."""
    runs = [run for page in pages for run in page.runs if run.confidence is not None]
    characters = sum(len(run.text) for run in runs)
    total = sum(len(run.text) * (run.confidence or 0.0) for run in runs)
    return round(total / characters, 4) if characters else None
