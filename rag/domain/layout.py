"""Where words stand on the page (版面位置): boxes, and the regions that lead from canonical text back to them."""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from rag.domain.span import Span


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is read, in points (1/72 inch) from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """The upright page that boxes are places on, and how the page in the file was turned to be read.

    Attributes:
        width: Of the upright page, in points.
        height: In points.
        turns: Quarter turns clockwise, 0..3: of a PDF page without its own rotation, of a picture as it is to be
            shown, of an OFD page as it lies.
        slope: Degrees that the page was then turned counter-clockwise about its middle, in place, to be straight.
    """

    width: float
    height: float
    turns: int = 0
    slope: float = 0.0


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
        """Return the box of the part of this region that lies in ``span``, by its edges, else by proportion.

        Of words that stand on end it is the box of them all: which way they run is not known.
        """
        start, end = max(span.start, self.span.start), min(span.end, self.span.end)
        if self.box is None or start >= end:
            return None
        if self.stands_on_end:
            return self.box
        return Box(self._edge(start), self.box.top, self._edge(end), self.box.bottom)

    @property
    def stands_on_end(self) -> bool:
        """Whether the words run up or down the page."""
        if self.box is None or self.edges or len(self.span) < 2:
            return False
        return self.box.bottom - self.box.top > self.box.right - self.box.left

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


def pack(regions: Sequence[Region]) -> bytes:
    """Return regions as bytes, to be stored or sent: compressed JSON: a list of whole numbers each, places in tenths of a point.

    They are start, end, page; the four sides of the box; the first edge and the width of each character.
    """
    if not regions:
        return b""
    rows: list[list[int]] = []
    for region in regions:
        row = [region.span.start, region.span.end, region.page]
        if (box := region.box) is not None:
            row += [round(10 * side) for side in (box.left, box.top, box.right, box.bottom)]
            edges = [round(10 * edge) for edge in region.edges]
            row += [*edges[:1], *(right - left for left, right in pairwise(edges))]
        rows.append(row)
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> tuple[Region, ...]:
    """Return the regions of ``pack``."""
    found: list[Region] = []
    for start, end, page, *places in json.loads(zlib.decompress(packed)) if packed else ():
        box = Box(*(side / 10 for side in places[:4])) if places else None
        edges = tuple(edge / 10 for edge in accumulate(places[4:]))
        found.append(Region(Span(start, end), page, box, edges))
    return tuple(found)
