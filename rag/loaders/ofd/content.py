"""What an OFD page draws (GB/T 33190-2016, 7.7 to 7.13): its text, images and straight lines, in page points."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from rag.domain.layout import Box
from rag.errors import UnreadableSource
from rag.loaders.ofd.geometry import (
    POINTS_PER_MILLIMETRE,
    Matrix,
    box_of,
    lines_of_path,
    matrix_of,
    number,
    straight_lines,
)
from rag.loaders.ofd.package import child, name_of, text_of
from rag.loaders.ofd.resources import Resources
from rag.loaders.ofd.text import Piece, read_codes

MOST_OBJECTS = 3_000_000
"""Objects drawn in one file; some programs write one for every character."""
MOST_UNITS = 100_000
"""Composite units drawn in one file. Units that hold one another several times would grow without bound."""

_MOST_DEPTH = 30
_MOST_CHARACTERS = 20_000_000
_MOST_PAINTED = 5_000  # on one page
_LEAST_RULE = 3.0  # points; shorter strokes are parts of drawings
_THIN = 3.0  # points; a filled strip no wider is a line
_LEAN = 0.5  # points that a line may lean
_USUAL_LINE = 0.353  # millimetres, where no width is said (表 35)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on the page.

    Attributes:
        path: Of its file in the package.
        placement: Takes the unit square to page points.
        is_opaque: Whether the page says nothing of seeing through it; its file may.
        pieces_below: Number of pieces of text drawn before it.
    """

    path: str
    placement: Matrix
    is_opaque: bool
    pieces_below: int

    @property
    def box(self) -> Box:
        """The upright box around it."""
        return self.placement.box(1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line or a filled area on the page.

    Attributes:
        box: Its place, in points.
        colour: Red, green, blue, 0..255.
        width: Of a line, in points; ``None`` for an area.
    """

    box: Box
    colour: tuple[int, int, int]
    width: float | None


@dataclass(slots=True)
class Budget:
    """What is left of the bounds of one file."""

    source: str
    objects: int = MOST_OBJECTS
    units: int = MOST_UNITS
    characters: int = _MOST_CHARACTERS

    def spend(self, *, characters: int = 0, units: int = 0) -> None:
        """Count an object.

        Raises:
            UnreadableSource: The file draws more than any document.
        """
        self.objects -= 1
        self.characters -= characters
        self.units -= units
        if min(self.objects, self.characters, self.units) < 0:
            raise UnreadableSource(self.source, "页面对象过多 (its pages draw too many objects)")


@dataclass(slots=True)
class Drawing:
    """What the layers of a page have drawn so far.

    Attributes:
        width: Of the page, in points.
        height: Of the page, in points.
        pieces: Text that shows.
        hidden: Characters that do not show.
        nameless: Glyphs drawn without saying which character they are (占位符 ¤).
        strokes: Straight lines and filled rectangles, in the order they are drawn.
        painted: Boxes filled with a colour other than white; white text shows on them.
    """

    resources: Resources
    budget: Budget
    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    painted: list[Box] = field(default_factory=list)
    hidden: int = 0
    nameless: int = 0

    def draw(self, objects: Iterable[etree._Element], matrix: Matrix, shown: bool = True, depth: int = 0) -> None:
        """Draw the objects of a layer, page block or composite unit.

        Args:
            objects: The elements, the lowest first.
            matrix: From their coordinates to page points.
            shown: Whether they can be seen at all.
            depth: Of nesting so far.

        Raises:
            UnreadableSource: They nest too deep or are too many.
        """
        if depth > _MOST_DEPTH:
            raise UnreadableSource(self.budget.source, "页面对象嵌套过深 (objects nest too deep)")
        for element in objects:
            name = name_of(element)
            if not name:
                continue
            self.budget.spend()
            seen = shown and _is_visible(element)
            if name == "TextObject":
                self._draw_text(element, _placed(element, matrix), seen)
            elif name == "PathObject" and seen:
                self._draw_path(element, _placed(element, matrix))
            elif name == "ImageObject" and seen:
                self._draw_image(element, _placed(element, matrix))
            elif name in ("PageBlock", "Layer"):
                self.draw(element, matrix, seen, depth + 1)
            elif name in ("CompositeObject", "CompositeGraphicUnit", "Appearance"):
                self.budget.spend(units=1)
                self.draw(self._unit(element), _placed(element, matrix), seen, depth + 1)

    def _unit(self, element: etree._Element) -> Iterable[etree._Element]:
        """Return the objects that a composite object stands for; an annotation's holds its own."""
        unit = self.resources.composites.get(element.get("ResourceID", ""))
        unit = unit if unit is not None else child(element, "Content")
        objects: Iterable[etree._Element] = element if unit is None else unit
        return objects

    def _draw_text(self, element: etree._Element, matrix: Matrix, seen: bool) -> None:
        size = number(element.get("Size"), 0.0)
        fill = child(element, "FillColor")
        inked = (element.get("Fill", "true") != "false" and not _is_clear(fill)) or (
            element.get("Stroke") == "true" and not _is_clear(child(element, "StrokeColor"))
        )
        is_bold = number(element.get("Weight"), 400) >= 600 or element.get("Font") in self.resources.heavy_fonts
        read = read_codes(element, size)
        self.nameless += read.nameless
        for line in read.lines:
            self.budget.spend(characters=len(line.text))
            piece = Piece.of(line, matrix, is_bold, _colour(fill))
            is_lost = fill is not None and _is_white(fill) and not self._is_painted(piece.middle)
            if not seen or not inked or is_lost or size <= 0 or not piece.size > 0:
                self.hidden += len(line.text.strip())
            else:
                self.pieces.append(piece)

    def _is_painted(self, point: tuple[float, float]) -> bool:
        x, y = point
        return any(box.left <= x <= box.right and box.top <= y <= box.bottom for box in self.painted)

    def _draw_path(self, element: etree._Element, matrix: Matrix) -> None:
        stroked = element.get("Stroke", "true") != "false" and not _is_clear(child(element, "StrokeColor"))
        fill = child(element, "FillColor")
        filled = element.get("Fill") == "true" and not _is_clear(fill)
        if not stroked and not filled:
            return
        data = child(element, "AbbreviatedData")
        for stroke in ([matrix.apply(x, y) for x, y in part] for part in lines_of_path(text_of(data))):
            if stroked:
                lines = [line for line in straight_lines(stroke, _LEAN) if _length(line) >= _LEAST_RULE]
                self.rules.extend(lines)
                ink = _colour(child(element, "StrokeColor"))
                width = number(element.get("LineWidth"), _USUAL_LINE) * math.hypot(matrix.a, matrix.b)
                self.strokes.extend(Stroke(line, ink, width) for line in lines)
            if filled:
                around = _around(stroke)
                if fill is not None and not len(fill) and _is_rectangle(stroke, around):
                    self.strokes.append(Stroke(around, _colour(fill), None))
                if (fill is None or not _is_white(fill)) and len(self.painted) < _MOST_PAINTED:
                    self.painted.append(around)
                thin = min(around.right - around.left, around.bottom - around.top) <= _THIN
                if not stroked and thin and _length(around) >= _LEAST_RULE:
                    self.rules.append(around)

    def _draw_image(self, element: etree._Element, matrix: Matrix) -> None:
        path = self.resources.images.get(element.get("ResourceID", ""))
        if path is None:
            return
        if element.get("CTM") is None and (box := box_of(element.get("Boundary"))) is not None:
            # Without a CTM the image would be a millimetre large; programs that leave it out mean the boundary.
            matrix = Matrix(box[2], 0, 0, box[3]).then(matrix)
        see_through = element.get("ImageMask") is not None or number(element.get("Alpha"), 255) < 255
        picture = Picture(path, matrix, not see_through, len(self.pieces))
        self.pictures.append(picture)
        if len(self.painted) < _MOST_PAINTED:
            self.painted.append(picture.box)


def page_matrix(left: float, top: float) -> Matrix:
    """Return the map from a page's millimetres to points from the corner of its area, which is given."""
    scale = POINTS_PER_MILLIMETRE
    return Matrix(scale, 0, 0, scale, -left * scale, -top * scale)


def _placed(element: etree._Element, matrix: Matrix) -> Matrix:
    left, top, _, _ = box_of(element.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    return matrix_of(element.get("CTM")).then(Matrix(e=left, f=top)).then(matrix)


def _is_visible(element: etree._Element) -> bool:
    return element.get("Visible", "true") != "false" and number(element.get("Alpha"), 255) > 0


def _is_clear(colour: etree._Element | None) -> bool:
    return colour is not None and number(colour.get("Alpha"), 255) <= 0


def _is_white(colour: etree._Element) -> bool:
    if len(colour) or colour.get("Value") is None:  # a pattern, a shade, or a colour of a palette
        return False
    parts = colour.get("Value", "").replace("#", " #").split()
    values = [_hexadecimal(part[1:]) if part.startswith("#") else number(part, 0.0) for part in parts]
    if len(values) == 4:
        return not any(values)  # CMYK
    return len(values) in (1, 3) and all(value >= 255 for value in values)


def _colour(colour: etree._Element | None) -> tuple[int, int, int]:
    """Return a colour as red, green and blue; black where it is none, a pattern or of a palette."""
    if colour is None or len(colour) or colour.get("Value") is None:
        return (0, 0, 0)
    parts = colour.get("Value", "").replace("#", " #").split()
    values = [_hexadecimal(part[1:]) if part.startswith("#") else number(part, 0.0) for part in parts]
    values = [min(255.0, max(0.0, value)) for value in values]
    if len(values) == 1:
        values *= 3
    if len(values) == 4:  # CMYK, 0..255
        black = 1 - values[3] / 255
        values = [(255 - value) * black for value in values[:3]]
    return (round(values[0]), round(values[1]), round(values[2])) if len(values) == 3 else (0, 0, 0)


def _hexadecimal(digits: str) -> float:
    try:
        return float(int(digits, 16))
    except ValueError:
        return 0.0


def _around(stroke: list[tuple[float, float]]) -> Box:
    return Box(
        min(x for x, _ in stroke), min(y for _, y in stroke), max(x for x, _ in stroke), max(y for _, y in stroke)
    )


def _is_rectangle(stroke: list[tuple[float, float]], around: Box) -> bool:
    """Whether a part of a path is the box around it; of curves only their ends are known."""
    return len(stroke) >= 4 and all(
        min(abs(x - around.left), abs(x - around.right)) <= _LEAN
        and min(abs(y - around.top), abs(y - around.bottom)) <= _LEAN
        for x, y in stroke
    )


def _length(line: Box) -> float:
    return math.hypot(line.right - line.left, line.bottom - line.top)
