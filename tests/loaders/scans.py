"""Pages as a scanner gives them: text drawn with a Chinese font, then turned, stamped or spoilt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont

_FONTS = tuple(
    Path("/usr/share/fonts") / path
    for path in (
        "opentype/noto/NotoSerifCJK-Regular.ttc",
        "opentype/noto/NotoSansCJK-Regular.ttc",
        "truetype/wqy/wqy-zenhei.ttc",
        "truetype/wqy/wqy-microhei.ttc",
    )
)
_FONT = next((path for path in _FONTS if path.exists()), None)
needs_font = pytest.mark.skipif(_FONT is None, reason="no Chinese font (fonts-noto-cjk or fonts-wqy-zenhei)")

A4 = (595.0, 842.0)
"""Points."""

BLACK = (20, 20, 20)
RED = (215, 25, 30)


@dataclass(frozen=True)
class Line:
    """Words, and where their upper left corner stands, in points."""

    text: str
    left: float
    top: float
    size: float = 16
    colour: tuple[int, int, int] = BLACK


def _font(pixels: float) -> ImageFont.FreeTypeFont:
    assert _FONT is not None
    # Index 2 of Noto's collections is the face for simplified Chinese.
    return ImageFont.truetype(str(_FONT), round(pixels), index=2 if "Noto" in _FONT.name else 0)


def body(*texts: str, left: float = 80, top: float = 100, size: float = 16) -> list[Line]:
    """Lines below each other, 28 points apart."""
    return [Line(text, left, top + 28 * at) for at, text in enumerate(texts)]


def draw(lines: Sequence[Line], *, size: tuple[float, float] = A4, dpi: int = 150) -> Image.Image:
    scale = dpi / 72
    image = Image.new("RGB", (round(size[0] * scale), round(size[1] * scale)), "white")
    pen = ImageDraw.Draw(image)
    for line in lines:
        place = line.left * scale, line.top * scale
        pen.text(place, line.text, font=_font(line.size * scale), fill=line.colour, anchor="lt")
    return image


def stamp(image: Image.Image, centre: tuple[float, float], *, dpi: int = 150, radius: float = 60) -> None:
    """Press a round red seal on a page: ring, star and letters around."""
    scale = dpi / 72
    layer = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(layer)
    x, y, r = centre[0] * scale, centre[1] * scale, radius * scale
    pen.ellipse((x - r, y - r, x + r, y + r), outline=RED, width=round(3 * scale))
    points = [
        (x + math.sin(turn * math.pi / 5) * r * part, y - math.cos(turn * math.pi / 5) * r * part)
        for turn, part in ((t, 0.35 if t % 2 == 0 else 0.14) for t in range(10))
    ]
    pen.polygon(points, fill=RED)
    for at, character in enumerate("青云市发展和改革局"):
        turn = (at - 4) * 27
        glyph = Image.new("L", (round(18 * scale),) * 2, 0)
        ImageDraw.Draw(glyph).text(
            (glyph.width / 2, glyph.height / 2), character, font=_font(14 * scale), fill=255, anchor="mm"
        )
        glyph = glyph.rotate(-turn, Image.Resampling.BICUBIC)
        angle = math.radians(turn)
        place = (
            round(x + math.sin(angle) * r * 0.8 - glyph.width / 2),
            round(y - math.cos(angle) * r * 0.8 - glyph.height / 2),
        )
        layer.paste(RED, place, glyph)
    # Ink lies over ink: the darker of each channel stays.
    image.paste(ImageChops.darker(image, layer))


def rule(image: Image.Image, ends: tuple[float, float, float, float], *, dpi: int = 150, width: float = 0.75) -> None:
    """Draw a straight line between two points."""
    scale = dpi / 72
    ImageDraw.Draw(image).line([end * scale for end in ends], fill=BLACK, width=max(1, round(width * scale)))
