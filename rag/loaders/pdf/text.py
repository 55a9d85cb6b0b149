"""The words a PDF page shows, as runs on the upright page, and a count of those it hides."""

from __future__ import annotations

import ctypes
import math
import re
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pypdfium2.raw as pdfium_c

from rag.domain.layout import Box
from rag.loaders.characters import ORDINARY, is_unmapped
from rag.loaders.page import Run
from rag.loaders.pdf.drawings import Rectangle, is_shown
from rag.loaders.pdf.frame import Frame, quarter_turns

# Share of the type's height above and below the line it stands on, as in Chinese faces. Those that fonts state
# differ so much that the words of one line would not overlap.
_ASCENT, _DESCENT = 0.86, 0.14
_SMALLEST_TYPE = 1.0  # points
# Characters further apart than this, in heights of the type, are not side by side.
_APART = 0.12
_OVERLAP = 0.5
_LEVEL = 0.1  # points between the baselines of one run

_BLANK = 0x20

_HEAVY_WEIGHT = 600
# 黑体 is there in UTF-8 and in GBK.
_HEAVY_FACE = re.compile(rb"Bold|Heavy|Black|(?<!Ya)Hei(?![a-z])|STHeiti|\xe9\xbb\x91\xe4\xbd\x93|\xba\xda\xcc\xe5")
_HEAVY_FLAG = 1 << 18  # ForceBold, PDF 32000-1 table 123
_FACE_NAME_BYTES = 128

# Called for every character: as declared by pypdfium2, the checks of argument types take longer than the calls.
_object_at = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)
_code_at = ctypes.PYFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium_c.FPDFText_GetUnicode, ctypes.c_void_p).value or 0
)

_box_at = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium_c.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)
_sides = struct.Struct("4f").unpack_from
"""Left, top, right, bottom of an ``FS_RECTF``."""

_PAGE_NUMBER = re.compile(r"[-—–－―·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—–－―·\s]*")


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of a page.

    Attributes:
        runs: Those shown, on the page turned as ``frame`` says.
        frame: The page turned so that most of its words are upright.
        hidden: Characters drawn invisible, white on white, too small to see or off the page.
        unmapped: Signs shown whose font names no character for them; they are not in ``runs``.
    """

    runs: tuple[Run, ...]
    frame: Frame
    hidden: int = 0
    unmapped: int = 0

    @property
    def shown(self) -> int:
        """How many characters other than blanks the runs have."""
        return sum(len(run.text) - run.text.count(" ") for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the characters of one text object are set.

    Attributes:
        turns: Quarter turns of their direction, ``None`` when slanted.
        baseline: Distance of the line they stand on from the top of the page turned upright by ``turns``.
    """

    turns: int | None
    baseline: float
    size: float
    is_bold: bool
    is_shown: bool
    is_white: bool

    def is_like(self, other: _Setting) -> bool:
        """Whether characters set so may stand in one run with others."""
        return (
            self.turns == other.turns
            and abs(self.baseline - other.baseline) <= _LEVEL
            and self.size == other.size
            and self.is_bold == other.is_bold
        )


class _Faces:
    """Which of a page's fonts are heavy; asking PDFium for each text object would be slow."""

    def __init__(self) -> None:
        self._heavy: dict[int, bool] = {}

    def is_heavy(self, text_object: object) -> bool:
        font = pdfium_c.FPDFTextObj_GetFont(text_object)
        if not font:
            return False
        address = ctypes.addressof(font.contents)
        if address not in self._heavy:
            self._heavy[address] = _is_heavy(font)
        return self._heavy[address]


def _is_heavy(font: object) -> bool:
    name = ctypes.create_string_buffer(_FACE_NAME_BYTES)
    pdfium_c.FPDFFont_GetBaseFontName(font, name, _FACE_NAME_BYTES)
    if _HEAVY_FACE.search(name.value) or pdfium_c.FPDFFont_GetWeight(font) >= _HEAVY_WEIGHT:
        return True
    flags = pdfium_c.FPDFFont_GetFlags(font)
    return flags > 0 and bool(flags & _HEAVY_FLAG)


@dataclass(slots=True)
class _Piece:
    """A run in the making."""

    setting: _Setting
    text: list[str]
    edges: list[float]
    right: float

    def run(self) -> Run:
        size, baseline = self.setting.size, self.setting.baseline
        box = Box(self.edges[0], baseline - _ASCENT * size, self.right, baseline + _DESCENT * size)
        return Run("".join(self.text), box, (*self.edges, self.right), size, self.setting.is_bold)


def read_text(text_page: object, frame: Frame, grounds: Sequence[Rectangle]) -> PageText:
    """Read the characters of an open page.

    Args:
        text_page: Raw PDFium text page.
        frame: The visible part of the page.
        grounds: What white words may stand on.
    """
    reader = _Reader(text_page, frame, grounds)
    for at in range(pdfium_c.FPDFText_CountChars(text_page)):
        reader.take(at)
    runs, turned = _upright(reader.pieces, reader.frames)
    return PageText(runs, turned, reader.hidden, reader.unmapped)


class _Reader:
    """Puts characters together that stand side by side."""

    def __init__(self, text_page: object, frame: Frame, grounds: Sequence[Rectangle]) -> None:
        self.pieces: list[_Piece] = []
        self.hidden = self.unmapped = 0
        self.frames = [frame.turned(turns) for turns in range(4)]
        self._text_page, self._frame, self._grounds = text_page, frame, grounds
        self._page = ctypes.addressof(text_page.contents)  # type: ignore[attr-defined]
        self._object = 0
        self._setting: _Setting | None = None
        self._piece: _Piece | None = None
        self._faces = _Faces()
        self._place = pdfium_c.FS_RECTF()
        self._place_address = ctypes.addressof(self._place)

    def take(self, at: int) -> None:
        """Read the character number ``at``."""
        page = self._page
        address = _object_at(page, at)
        if not address:  # a blank or line end that PDFium adds
            return
        setting = self._setting
        if setting is None or address != self._object:
            text_object = pdfium_c.FPDFText_GetTextObject(self._text_page, at)
            setting = self._setting = _setting(self._text_page, at, text_object, self.frames, self._faces)
            self._object = address
        if setting.turns is None:  # a watermark
            return
        code = _code_at(page, at)
        _box_at(page, at, self._place_address)
        left, top, right, bottom = place = _sides(self._place)
        frame = self._frame
        if (
            not setting.is_shown
            or not (frame.left <= (left + right) / 2 <= frame.right and frame.bottom <= (bottom + top) / 2 <= frame.top)
            or (setting.is_white and not self._is_on_ground(place))
        ):
            self.hidden += code > _BLANK
            return
        text = _shown(code)
        if text is None:
            self.unmapped += 1
        elif text:
            if setting.turns:
                box = self.frames[setting.turns].box(left, bottom, right, top)
                self._put(text, setting, box.left, box.right)
            else:
                self._put(text, setting, left - frame.left, right - frame.left)

    def _is_on_ground(self, place: tuple[float, ...]) -> bool:
        x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
        return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in self._grounds)

    def _put(self, text: str, setting: _Setting, left: float, right: float) -> None:
        piece = self._piece
        if piece is None or not (
            -_OVERLAP * setting.size < left - piece.right < _APART * setting.size
            and (setting is piece.setting or setting.is_like(piece.setting))
        ):
            piece = self._piece = _Piece(setting, [], [], left)
            self.pieces.append(piece)
        elif left < piece.right and left < piece.edges[-1]:
            left = piece.edges[-1]
        if len(text) == 1:
            piece.text.append(text)
            piece.edges.append(left)
        else:
            step = (right - left) / len(text)
            piece.text.extend(text)
            piece.edges.extend(left + number * step for number in range(len(text)))
        piece.right = max(left, right)


@lru_cache(maxsize=16_384)
def _shown(code: int) -> str | None:
    """Return the ordinary characters for a code point, ``None`` for one that names no character."""
    text = ORDINARY.get(code)
    if text is None and not is_unmapped(code):
        text = chr(code)
    return text


def _setting(text_page: object, at: int, text_object: object, frames: Sequence[Frame], faces: _Faces) -> _Setting:
    matrix = pdfium_c.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetMatrix(text_page, at, ctypes.byref(matrix))
    pdfium_c.FPDFText_GetCharOrigin(text_page, at, ctypes.byref(x), ctypes.byref(y))
    size = abs(pdfium_c.FPDFText_GetFontSize(text_page, at)) * math.hypot(matrix.c, matrix.d)
    turns = quarter_turns(matrix.a, matrix.b)
    mode = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object)
    is_outlined = mode in (
        pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE,
        pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP,
        pdfium_c.FPDF_TEXTRENDERMODE_STROKE,
        pdfium_c.FPDF_TEXTRENDERMODE_STROKE_CLIP,
    )
    return _Setting(
        turns,
        frames[turns or 0].point(x.value, y.value)[1],
        round(size, 2),
        # Filled and outlined is how office programs make a face bold that has no bold font.
        is_outlined or faces.is_heavy(text_object),
        mode not in (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
        and size >= _SMALLEST_TYPE,
        not is_outlined and not is_shown(text_object, pdfium_c.FPDFPageObj_GetFillColor),
    )


def _upright(pieces: Sequence[_Piece], frames: Sequence[Frame]) -> tuple[tuple[Run, ...], Frame]:
    """Turn the page as most of its characters run.

    Words that run another way (the name of a group of rows, say) keep their place, with the box alone.
    """
    counts = Counter[int]()
    for piece in pieces:
        counts[piece.setting.turns or 0] += len(piece.text)
    if not counts:
        return (), frames[0]
    turns = counts.most_common(1)[0][0]
    runs: list[Run] = []
    for piece in pieces:
        run = piece.run()
        own = piece.setting.turns or 0
        if own != turns:
            if _PAGE_NUMBER.fullmatch(run.text):  # a landscape table on a sheet numbered upright
                continue
            run = replace(run, box=frames[turns].box(*frames[own].unturned(run.box)), edges=())
        runs.append(run)
    return tuple(runs), frames[turns]
