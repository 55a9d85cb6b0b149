"""What a PDF page draws besides text: the lines that rule tables, images, and grounds that text may stand on."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import pypdfium2.raw as pdfium_c

from rag.loaders.page import Rule
from rag.loaders.pdf.frame import Frame

_THICKEST_RULE = 3.0  # points; thicker strips are grounds
_SHORTEST_RULE = 4.0
_STRAIGHT = 0.6  # points a ruled line may lean
_SCAN_SHARE = 0.05  # of the page; what is smaller is an ornament or a strip of a scan
_WHITE = 250  # of 255
_DEEPEST_FORM = 6
_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 20_000
"""A map or a plan has more; what it draws are no tables."""

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Rectangle: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top in the file's coordinates."""

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawings:
    """What was found on a page, in the file's coordinates.

    Attributes:
        lines: Straight lines and thin strips along an axis.
        grounds: Images and areas filled with a colour other than white.
        images: Places of the images, as far as they lie on the page.
        paths: How many drawn paths there are, of any kind.
        density: Dots a point of its finest image that is large enough to be a scan, 0 where there is none.
    """

    lines: list[Rectangle] = field(default_factory=list)
    grounds: list[Rectangle] = field(default_factory=list)
    images: list[Rectangle] = field(default_factory=list)
    paths: int = 0
    density: float = 0.0

    def rules(self, frame: Frame) -> tuple[Rule, ...]:
        """Return the lines as they lie on the upright page."""
        return tuple(Rule(frame.box(*line)) for line in self.lines)

    def image_share(self, frame: Frame) -> float:
        """Return how much of the page its images cover, 0..1; those one above the other count twice at most to 1."""
        page = frame.width * frame.height
        area = sum(map(_area, self.images))
        return min(1.0, area / page) if page > 0 else 0.0


def read_drawings(page: object, frame: Frame) -> Drawings:
    """Read the paths and images of an open page.

    Args:
        page: Raw PDFium page.
        frame: The visible part of the page.
    """
    found = Drawings()
    segments = 0
    for drawn, kind, matrix in _objects(page):
        if kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            bounds = _bounds(drawn, matrix)
            if (place := _clipped(bounds, frame)) is not None:
                found.images.append(place)
                found.grounds.append(place)
                if _area(bounds) >= _SCAN_SHARE * frame.width * frame.height:
                    found.density = max(found.density, _density(drawn, bounds))
        elif kind == pdfium_c.FPDF_PAGEOBJ_SHADING:
            if (place := _clipped(_bounds(drawn, matrix), frame)) is not None:
                found.grounds.append(place)
        elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            found.paths += 1
            segments += max(1, pdfium_c.FPDFPath_CountSegments(drawn))
            if segments <= _MOST_SEGMENTS:
                _read_path(drawn, matrix, found)
    if segments > _MOST_SEGMENTS:
        found.lines.clear()
    return found


def _objects(page: object) -> Iterator[tuple[object, int, Matrix]]:
    """Yield the objects of a page and of the forms placed on it, with what moves them to the page."""
    count = min(pdfium_c.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    stack = [(pdfium_c.FPDFPage_GetObject(page, at), _IDENTITY, 0) for at in reversed(range(count))]
    seen = 0
    while stack and seen < _MOST_OBJECTS:
        drawn, matrix, depth = stack.pop()
        seen += 1
        kind = pdfium_c.FPDFPageObj_GetType(drawn)
        if kind == pdfium_c.FPDF_PAGEOBJ_FORM:
            if depth < _DEEPEST_FORM:
                inner = _times(_matrix(drawn), matrix)
                parts = min(pdfium_c.FPDFFormObj_CountObjects(drawn), _MOST_OBJECTS)
                stack.extend((pdfium_c.FPDFFormObj_GetObject(drawn, part), inner, depth + 1) for part in range(parts))
        elif kind != pdfium_c.FPDF_PAGEOBJ_TEXT:
            yield drawn, kind, matrix


def _read_path(path: object, matrix: Matrix, found: Drawings) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    is_filled = fill.value != pdfium_c.FPDF_FILLMODE_NONE and is_shown(path, pdfium_c.FPDFPageObj_GetFillColor)
    is_stroked = bool(stroke.value) and is_shown(path, pdfium_c.FPDFPageObj_GetStrokeColor)
    if is_stroked:
        found.lines.extend(_sides(path, _times(_matrix(path), matrix)))
    if is_filled:
        left, bottom, right, top = place = _bounds(path, matrix)
        if min(right - left, top - bottom) > _THICKEST_RULE:
            found.grounds.append(place)
            # One path may fill all the thin strips of a table.
            if pdfium_c.FPDFPath_CountSegments(path) > 5:
                found.lines.extend(_strips(path, _times(_matrix(path), matrix)))
        elif max(right - left, top - bottom) >= _SHORTEST_RULE and not is_stroked:
            found.lines.append(place)


def is_shown(drawn: object, colour_of: object) -> bool:
    """Whether an object has a colour that shows on white paper.

    Args:
        drawn: Raw PDFium page object.
        colour_of: The raw function that reads its filling or its outline.
    """
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    known = colour_of(drawn, *map(ctypes.byref, (red, green, blue, opacity)))  # type: ignore[operator]
    if not known:
        return True  # a pattern
    return opacity.value > 0 and min(red.value, green.value, blue.value) < _WHITE


def _subpaths(path: object, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """Yield the corners of each part of a path, without those parts that have curves."""
    points: list[tuple[float, float]] = []
    is_curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(pdfium_c.FPDFPath_CountSegments(path)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, at)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            if points and not is_curved:
                yield points
            points, is_curved = [], False
        is_curved = is_curved or kind == pdfium_c.FPDF_SEGMENT_BEZIERTO
        points.append(_moved(x.value, y.value, matrix))
        if pdfium_c.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if points and not is_curved:
        yield points


def _sides(path: object, matrix: Matrix) -> Iterator[Rectangle]:
    """Yield the sides of a stroked path that run along an axis."""
    for points in _subpaths(path, matrix):
        for (x0, y0), (x1, y1) in pairwise(points):
            across, up = abs(x1 - x0), abs(y1 - y0)
            if min(across, up) <= _STRAIGHT and max(across, up) >= _SHORTEST_RULE:
                yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _strips(path: object, matrix: Matrix) -> Iterator[Rectangle]:
    """Yield the thin parts of a filled path."""
    for points in _subpaths(path, matrix):
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        bottom, top = min(y for _, y in points), max(y for _, y in points)
        if min(right - left, top - bottom) <= _THICKEST_RULE and max(right - left, top - bottom) >= _SHORTEST_RULE:
            yield left, bottom, right, top


def _matrix(drawn: object) -> Matrix:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(drawn, ctypes.byref(matrix)):
        return _IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    if then == _IDENTITY:
        return first
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(drawn: object, matrix: Matrix) -> Rectangle:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium_c.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, (left, bottom, right, top)))
    corners = [_moved(x.value, y.value, matrix) for x in (left, right) for y in (bottom, top)]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def _area(place: Rectangle) -> float:
    left, bottom, right, top = place
    return max(0.0, right - left) * max(0.0, top - bottom)


def _density(image: object, place: Rectangle) -> float:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium_c.FPDFImageObj_GetImagePixelSize(image, ctypes.byref(width), ctypes.byref(height)):
        return 0.0
    # By area, for the image may be turned.
    return math.sqrt(width.value * height.value / _area(place))


def _clipped(place: Rectangle, frame: Frame) -> Rectangle | None:
    left, bottom = max(place[0], frame.left), max(place[1], frame.bottom)
    right, top = min(place[2], frame.right), min(place[3], frame.top)
    return (left, bottom, right, top) if left < right and bottom < top else None
