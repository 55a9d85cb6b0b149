"""Text objects of OFD (GB/T 33190-2016, 11): characters with their places to runs on the upright page.

``read_codes`` places the characters of a text object, ``Piece.of`` takes a line of them to the page, ``turn_of``
finds which way up the page is, ``runs_of`` gives the runs that layout reads.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from lxml import etree

from rag.domain.layout import Box
from rag.loaders.characters import ORDINARY
from rag.loaders.ofd.geometry import Matrix, deltas, number
from rag.loaders.ofd.package import name_of
from rag.loaders.page import Run

# Height of type above and below the baseline, in parts of its size, as Chinese fonts have it.
_ABOVE, _BELOW = 0.88, 0.12
_LEAST_GAP = 1.0  # of the size, beyond a character's own width: what follows is a run of its own
_LEAST_STEP = 0.2  # of the size, off the line: what follows stands on another line
_BACKWARD = 0.5  # of the size
_SAME_PLACE = 0.2  # of the size: a word drawn twice to look bold
_SLANT = math.radians(10)

_PLACEHOLDER = "\u00a4"
_MOST_GLYPHS = 64  # for the characters of one CGTransform
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{4})")


@dataclass(frozen=True, slots=True)
class Line:
    """Characters of a text object, in its own coordinates.

    Attributes:
        places: Start of each character on its baseline.
        size: Of the type.
        stretch: Width of a character in parts of its usual width (HScale).
        turn: Angle of the characters themselves, radians clockwise (CharDirection).
    """

    text: str
    places: tuple[tuple[float, float], ...]
    size: float
    stretch: float
    turn: float


@dataclass(frozen=True, slots=True)
class Codes:
    """What a text object says.

    Attributes:
        nameless: Glyphs that stand for no character (占位符 ¤).
    """

    lines: tuple[Line, ...]
    nameless: int


def read_codes(element: etree._Element, size: float) -> Codes:
    """Return the characters of a TextObject with their places, one line for each TextCode."""
    stretch = number(element.get("HScale"), 1.0)
    stretch = stretch if stretch > 0 else 1.0
    turn = math.radians(number(element.get("CharDirection"), 0.0))
    ahead = math.radians(number(element.get("ReadDirection"), 0.0))
    lines: list[Line] = []
    nameless = 0
    start = (0.0, 0.0)
    transforms: list[etree._Element] = []
    for code in element:
        match name_of(code):
            case "CGTransform":
                transforms.append(code)
            case "TextCode":
                # A TextCode without its own start goes on from where the last one started (表46).
                start = number(code.get("X"), start[0]), number(code.get("Y"), start[1])
                if text := _characters(code.text or ""):
                    places = _places(code, text, start, size * stretch, ahead, transforms)
                    kept, at, unnamed = _ordinary(text, places, is_drawn=bool(transforms))
                    nameless += unnamed
                    if kept:
                        lines.append(Line(kept, at, size, stretch, turn))
                transforms = []
    return Codes(tuple(lines), nameless)


def _places(
    code: etree._Element,
    text: str,
    start: tuple[float, float],
    em: float,
    ahead: float,
    transforms: Sequence[etree._Element],
) -> list[tuple[float, float]]:
    """Return where each character of a TextCode starts and, last, where the last one ends if it is set level."""
    steps_x, steps_y = code.get("DeltaX"), code.get("DeltaY")
    if steps_x is None and steps_y is None:
        widths = [_width_of(character) * em for character in text]
        across, down = math.cos(ahead), math.sin(ahead)
        steps = [(width * across, width * down) for width in widths]
    else:
        groups = _groups(transforms, len(text)) if transforms else []
        found = zip(_offsets(steps_x, len(text), groups), _offsets(steps_y, len(text), groups), strict=True)
        steps = [*found, (_width_of(text[-1]) * em, 0.0)]
    return list(accumulate(steps, lambda place, step: (place[0] + step[0], place[1] + step[1]), initial=start))


def _ordinary(
    text: str, places: Sequence[tuple[float, float]], *, is_drawn: bool
) -> tuple[str, tuple[tuple[float, float], ...], int]:
    """Return ordinary characters for radicals, ligatures and marks that show nothing, and how many have no name.

    Args:
        text: The characters as written.
        places: Where each starts, and where the last ends.
        is_drawn: Whether glyphs are given for them, so that ¤ stands for a glyph without a character.
    """
    if not is_drawn and not any(ord(character) in ORDINARY for character in text):
        return text, tuple(places[:-1]), 0
    kept: list[str] = []
    at: list[tuple[float, float]] = []
    nameless = 0
    for index, character in enumerate(text):
        if character == _PLACEHOLDER and is_drawn:
            nameless += 1
            continue
        plain = ORDINARY.get(ord(character), character)
        (x, y), (next_x, next_y) = places[index], places[index + 1]
        for part, letter in enumerate(plain):
            share = part / len(plain)
            kept.append(letter)
            at.append((x + (next_x - x) * share, y + (next_y - y) * share))
    return "".join(kept), tuple(at), nameless


def _characters(text: str) -> str:
    if "\n" in text:  # the file's own line breaks around the words
        text = text.strip("\r\n\t ") if text.strip() else ""
    text = _ESCAPE.sub(_unescaped, text)
    return "".join(" " if character in "\t\r\n\u2028\u2029" else character for character in text)


def _unescaped(match: re.Match[str]) -> str:
    # Only what XML cannot hold, and blanks, are written so; any other backslash is one.
    character = chr(int(match[1], 16))
    if character == " " or unicodedata.category(character) in ("Cc", "Zs"):
        return " "
    return match[0]


def _groups(transforms: Iterable[etree._Element], length: int) -> list[tuple[int, int, int]]:
    """Return where CGTransforms draw another number of glyphs than characters: (first, characters, glyphs)."""
    found: list[tuple[int, int, int]] = []
    for transform in transforms:
        first = int(number(transform.get("CodePosition"), 0.0))
        codes = int(number(transform.get("CodeCount"), 1.0))
        glyphs = int(number(transform.get("GlyphCount"), 1.0))
        after = found[-1][0] + found[-1][1] if found else 0
        if codes != glyphs and codes > 0 and 0 < glyphs <= _MOST_GLYPHS and after <= first <= length - codes:
            found.append((first, codes, glyphs))
    return found


def _offsets(written: str | None, length: int, groups: Sequence[tuple[int, int, int]]) -> list[float]:
    """Return the offsets between ``length`` characters; when too few are written the last one goes on."""
    wanted = length - 1
    glyphs = length + sum(drawn - codes for _, codes, drawn in groups)
    found = deltas(written, max(wanted, glyphs - 1))
    if groups and len(found) == glyphs - 1 != wanted:
        found = _by_character(found, length, groups)
    found = found[:wanted]
    return found + [found[-1] if found else 0.0] * (wanted - len(found))


def _by_character(steps: list[float], length: int, groups: Sequence[tuple[int, int, int]]) -> list[float]:
    """Return offsets written glyph by glyph as offsets from character to character."""
    starts = [0.0]
    for step in steps:
        starts.append(starts[-1] + step)
    starts.append(starts[-1])
    places: list[float] = []
    glyph = 0
    ahead = {first: (codes, drawn) for first, codes, drawn in groups}
    while len(places) < length:
        codes, drawn = ahead.get(len(places), (1, 1))
        left, right = starts[glyph], starts[min(glyph + drawn, len(starts) - 1)]
        places.extend(left + (right - left) * index / codes for index in range(codes))
        glyph += drawn
    return [after - before for before, after in pairwise(places)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of characters on the page, in points.

    Attributes:
        places: Start of each character on its baseline.
        size: Height of the type.
        em: Width of a full-width character.
        angle: Way its characters face, radians clockwise; 0 is upright.
        colour: Red, green, blue, 0..255.
    """

    text: str
    places: tuple[tuple[float, float], ...]
    size: float
    em: float
    angle: float
    is_bold: bool
    colour: tuple[int, int, int] = (0, 0, 0)

    @classmethod
    def of(cls, line: Line, matrix: Matrix, is_bold: bool, colour: tuple[int, int, int] = (0, 0, 0)) -> Piece:
        """Take a line of a text object to the page."""
        across = math.cos(line.turn), math.sin(line.turn)
        right = matrix.a * across[0] + matrix.c * across[1], matrix.b * across[0] + matrix.d * across[1]
        down = -matrix.a * across[1] + matrix.c * across[0], -matrix.b * across[1] + matrix.d * across[0]
        return cls(
            line.text,
            tuple(matrix.apply(x, y) for x, y in line.places),
            line.size * math.hypot(*down),
            line.size * line.stretch * math.hypot(*right),
            math.atan2(right[1], right[0]),
            is_bold,
            colour,
        )

    @property
    def middle(self) -> tuple[float, float]:
        """A point in the middle of its characters."""
        (x, y), (last_x, last_y) = self.places[0], self.places[-1]
        half = self.size / 2
        return (
            (x + last_x) / 2 + half * (math.cos(self.angle) + math.sin(self.angle)),
            (y + last_y) / 2 + half * (math.sin(self.angle) - math.cos(self.angle)),
        )

    @property
    def quarter(self) -> int | None:
        """Quarter turns clockwise that its characters are turned by, ``None`` when they slant."""
        quarters = round(self.angle / (math.pi / 2))
        return quarters % 4 if abs(self.angle - quarters * math.pi / 2) <= _SLANT else None

    def turned(self, quarter: int, width: float, height: float) -> Piece:
        """Return it on a page of this width and height that is turned back by quarters."""
        places = tuple(turned_point(place, quarter, width, height) for place in self.places)
        angle = math.remainder(self.angle - quarter * math.pi / 2, math.tau)
        return Piece(self.text, places, self.size, self.em, angle, self.is_bold, self.colour)


def turned_point(point: tuple[float, float], quarter: int, width: float, height: float) -> tuple[float, float]:
    """Return where a point of a page lies when the page is turned back by quarters."""
    x, y = point
    return ((x, y), (y, width - x), (width - x, height - y), (height - y, x))[quarter]


def turn_of(pieces: Sequence[Piece]) -> int:
    """Return by how many quarters clockwise the words of a page are turned: as most of their characters are."""
    weights = [0, 0, 0, 0]
    for piece in pieces:
        if piece.quarter is not None:
            weights[piece.quarter] += len(piece.text.strip())
    return max(range(4), key=lambda quarter: (weights[quarter], -quarter))


def runs_of(pieces: Sequence[Piece]) -> list[Run]:
    """Return the runs of an upright page's pieces; words drawn twice in one place are given once."""
    seen: set[tuple[str, int, int]] = set()
    runs: list[Run] = []
    for piece in pieces:
        x, y = piece.places[0]
        near = _SAME_PLACE * piece.size
        column, row = round(x / near), round(y / near)
        if any((piece.text, column + across, row + down) in seen for across in (0, -1, 1) for down in (0, -1, 1)):
            continue
        seen.add((piece.text, column, row))
        runs.extend(_level_runs(piece) if piece.quarter == 0 else _turned_run(piece))
    return runs


def _level_runs(piece: Piece) -> list[Run]:
    runs: list[Run] = []
    first = 0
    widths = [_width_of(character) * piece.em for character in piece.text]
    for at, ((x, y), (next_x, next_y)) in enumerate(pairwise(piece.places), start=1):
        step = next_x - x
        if (
            abs(next_y - y) > _LEAST_STEP * piece.size
            or step < -_BACKWARD * piece.size
            or step - widths[at - 1] > _LEAST_GAP * piece.size
        ):
            runs.append(_level_run(piece, first, at, widths[at - 1]))
            first = at
    runs.append(_level_run(piece, first, len(piece.text), widths[-1]))
    return [run for run in runs if run.text.strip()]


def _level_run(piece: Piece, start: int, end: int, last_width: float) -> Run:
    edges: list[float] = []
    for x, _ in piece.places[start:end]:
        edges.append(max(x, edges[-1]) if edges else x)
    edges.append(edges[-1] + last_width)
    baseline = piece.places[start][1]
    box = Box(edges[0], baseline - _ABOVE * piece.size, edges[-1], baseline + _BELOW * piece.size)
    return Run(piece.text[start:end], box, tuple(edges), piece.size, piece.is_bold)


def _turned_run(piece: Piece) -> list[Run]:
    """Return the run of words that stand on end or slant on an upright page, in their place."""
    if not piece.text.strip():
        return []
    cosine, sine = math.cos(piece.angle), math.sin(piece.angle)
    width = _width_of(piece.text[-1]) * piece.em
    corners = [
        (x + ahead * cosine + up * sine, y + ahead * sine - up * cosine)
        for (x, y), ahead in ((piece.places[0], 0.0), (piece.places[-1], width))
        for up in (_ABOVE * piece.size, -_BELOW * piece.size)
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return [Run(piece.text, Box(min(xs), min(ys), max(xs), max(ys)), (), piece.size, piece.is_bold)]


def _width_of(character: str) -> float:
    """Return a character's usual width in ems."""
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5
