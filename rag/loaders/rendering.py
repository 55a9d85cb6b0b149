"""Pages as pictures (页面影像): one page of a file, turned as its words were read, with what is not to be seen covered.

Called in the sandbox, as the loaders are. Places of the page's words, in points, times the scale are their places on
the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw

from rag.domain.layout import Box
from rag.errors import UnsupportedFormat
from rag.loaders.page import PageRequest
from rag.loaders.raw import MediaType

WITH_PICTURES = frozenset({MediaType.PDF, MediaType.OFD, MediaType.PNG, MediaType.JPEG, MediaType.TIFF})
"""Formats whose pages have a look of their own."""

_MOST_PIXELS = 16_000_000
_COLOURS = 128
_COVER = (122, 128, 136)
_UPRIGHT = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
"""By quarter turns clockwise; Pillow counts the other way."""


def render_page(data: bytes, source: str, media_type: MediaType, wanted: PageRequest) -> bytes:
    """Return a page as PNG.

    Args:
        data: The whole file.
        source: Its path, for errors.
        media_type: What it is.
        wanted: The page.

    Raises:
        UnsupportedFormat: Files of this kind have no pages of their own look.
        UnreadableSource: It is damaged, or has no such page.
    """
    geometry = wanted.geometry
    scale = min(wanted.width / geometry.width, math.sqrt(_MOST_PIXELS / (geometry.width * geometry.height)))
    image, hidden = _rendered(data, source, media_type, wanted, scale)
    size = max(1, round(geometry.width * scale)), max(1, round(geometry.height * scale))
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if geometry.slope:
        image = image.rotate(geometry.slope, Image.Resampling.BICUBIC, fillcolor="white")
    _cover(image, (*wanted.covers, *hidden), scale)
    return _png(image)


def _rendered(
    data: bytes, source: str, media_type: MediaType, wanted: PageRequest, scale: float
) -> tuple[Image.Image, Sequence[Box]]:
    match media_type:
        case MediaType.PDF:
            from rag.loaders.pdf.rendering import render_pdf_page

            return render_pdf_page(data, source, wanted, scale)
        case MediaType.OFD:
            from rag.loaders.ofd.rendering import render_ofd_page

            return render_ofd_page(data, source, wanted, scale)
        case MediaType.PNG | MediaType.JPEG | MediaType.TIFF:
            from rag.loaders.images import picture_of

            image = picture_of(data, source, wanted.number).image.convert("RGB")
            turn = _UPRIGHT.get(wanted.geometry.turns)
            return (image if turn is None else image.transpose(turn)), ()
        case _:
            raise UnsupportedFormat(source, "这种格式没有页面影像 (files of this format have no pictures of pages)")


def _cover(image: Image.Image, covers: Iterable[Box], scale: float) -> None:
    pen = ImageDraw.Draw(image)
    for box in covers:
        left, top, right, bottom = (side * scale for side in (box.left, box.top, box.right, box.bottom))
        pen.rectangle((math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)), fill=_COVER)


def _png(image: Image.Image) -> bytes:
    """Return a picture in few colours: print needs no more, and it is a fifth of the bytes."""
    out = BytesIO()
    plain = image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    plain.save(out, "PNG", optimize=False)
    return out.getvalue()
