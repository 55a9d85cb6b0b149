"""An OFD page as a picture (页面影像): its images, lines and words in their places, in a font of this machine.

A plain rendering: every character stands where the file puts it, in its size and colour, but not in its own face;
curves, shades, stamps and signatures (Signs) are not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from rag.domain.layout import Box
from rag.errors import UnreadableSource
from rag.loaders.fonts import font_of
from rag.loaders.ofd.content import Drawing
from rag.loaders.ofd.geometry import Matrix
from rag.loaders.ofd.loading import draw_page
from rag.loaders.ofd.package import Package
from rag.loaders.ofd.pictures import covered_share, paint
from rag.loaders.ofd.text import Piece
from rag.loaders.page import MOST_UNREAD_SHARE, PageRequest

_BOLD = 0.03
_LARGEST_TYPE = 2_000  # pixels
_MOST_CHARACTERS = 200_000


def render_ofd_page(data: bytes, source: str, wanted: PageRequest, scale: float) -> tuple[Image.Image, list[Box]]:
    """Return the picture of a page, before it is set straight, and what of it is to be covered: nothing.

    Args:
        data: The whole file.
        source: Its path, for errors.
        wanted: The page.
        scale: Pixels a point.

    Raises:
        UnreadableSource: It is damaged or has no such page, or this machine has no Chinese font for its words.
    """
    package = Package(data, source)
    drawing, pieces = draw_page(package, wanted.number)
    if pieces and font_of(16) is None:
        raise UnreadableSource(source, "本机没有中文字体, 无法显示页面 (no Chinese font here to show the page in)")
    size = max(1, round(drawing.width * scale)), max(1, round(drawing.height * scale))
    canvas = Image.new("RGB", size, "white")
    unread = covered_share(drawing.pictures, drawing.width, drawing.height) >= MOST_UNREAD_SHARE
    if not (wanted.only_read and not wanted.is_recognised and unread):
        for picture in drawing.pictures:
            paint(canvas, package, picture, Matrix(scale, 0, 0, scale))
    _draw_strokes(canvas, drawing, scale)
    # Words are set upright on the page turned as they were read.
    upright = canvas.rotate(-90 * wanted.geometry.turns, expand=True)
    turn = -wanted.geometry.turns % 4
    _draw_words(upright, [piece.turned(turn, drawing.width, drawing.height) for piece in pieces], scale)
    return upright, []


def _draw_strokes(canvas: Image.Image, drawing: Drawing, scale: float) -> None:
    pen = ImageDraw.Draw(canvas)
    for stroke in drawing.strokes:
        left, top, right, bottom = (
            side * scale for side in (stroke.box.left, stroke.box.top, stroke.box.right, stroke.box.bottom)
        )
        if stroke.width is None:
            pen.rectangle((left, top, max(left, right), max(top, bottom)), fill=stroke.colour)
        else:
            pen.line((left, top, right, bottom), fill=stroke.colour, width=max(1, round(stroke.width * scale)))


def _draw_words(canvas: Image.Image, pieces: Sequence[Piece], scale: float) -> None:
    pen = ImageDraw.Draw(canvas)
    left = _MOST_CHARACTERS
    for piece in pieces:
        left -= len(piece.text)
        if left < 0:
            return
        font = font_of(min(_LARGEST_TYPE, max(1, round(piece.size * scale))))
        if font is None:
            return
        weight = round(_BOLD * piece.size * scale) if piece.is_bold else 0
        for character, (x, y) in zip(piece.text, piece.places, strict=True):
            if character.isspace():
                continue
            at = x * scale, y * scale
            if piece.quarter == 0:
                pen.text(at, character, piece.colour, font, anchor="ls", stroke_width=weight)
            else:
                _draw_turned(canvas, character, at, font, piece)


def _draw_turned(
    canvas: Image.Image, character: str, at: tuple[float, float], font: ImageFont.FreeTypeFont, piece: Piece
) -> None:
    """Draw a character that faces another way, turned about the place where it starts."""
    reach = round(font.size * 2) + 2
    mask = Image.new("L", (2 * reach, 2 * reach))
    ImageDraw.Draw(mask).text((reach, reach), character, 255, font, anchor="ls")
    turned = mask.rotate(-math.degrees(piece.angle), Image.Resampling.BICUBIC)
    ink = Image.new("RGB", turned.size, piece.colour)
    canvas.paste(ink, (round(at[0]) - reach, round(at[1]) - reach), turned)
