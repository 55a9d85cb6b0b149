"""Where words stand on the page (版面位置): boxes, and the regions that lead from canonical text back to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain.span import Span


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is read, in points (1/72 inch) from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of canonical text that stands on one line of one page.

    Attributes:
        span: The stretch; regions of a document are in the order of their spans and do not overlap.
        page: 1-based.
        box: Place on the page, ``None`` where the format has pages but no places.
        edges: Left edge of each character and, last, the right edge of the last, in points to a tenth; empty
            where only the box is known.
    """

    span: Span
    page: int
    box: Box | None = None
    edges: tuple[float, ...] = ()

    def part(self, span: Span) -> Box | None:
        """Return the box of the part of this region that lies in ``span``, by its edges, else by proportion."""
        start, end = max(span.start, self.span.start), min(span.end, self.span.end)
        if self.box is None or start >= end:
            return None
        return Box(self._edge(start), self.box.top, self._edge(end), self.box.bottom)

    def _edge(self, offset: int) -> float:
        assert self.box is not None
        at = offset - self.span.start
        if self.edges:
            return self.edges[at]
        return self.box.left + (self.box.right - self.box.left) * at / len(self.span)


def boxes_of(regions: Sequence[Region], span: Span) -> list[tuple[int, Box]]:
    """Return page and box of each line that words at ``span`` stand on, in reading order."""
    found: list[tuple[int, Box]] = []
    first = max(0, bisect_right(regions, span.start, key=lambda region: region.span.start) - 1)
    for region in regions[first:]:
        if region.span.start >= span.end:
            break
        if (box := region.part(span)) is not None:
            found.append((region.page, box))
    return found


def page_at(regions: Sequence[Region], offset: int) -> int | None:
    """Return the page that the character at ``offset`` stands on, ``None`` where there are no pages."""
    if not regions:
        return None
    return regions[max(0, bisect_right(regions, offset, key=lambda region: region.span.start) - 1)].page
