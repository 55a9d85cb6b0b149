"""Scans and photographs of documents: PNG, JPEG and TIFF of one page or many, read by OCR."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image

from rag.domain.layout import Box
from rag.domain.reading import Reading
from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.layout import arrange
from rag.loaders.ocr import recognize_page
from rag.loaders.page import Page, Rule, Run, confidence_of
from rag.loaders.raw import MediaType, RawBlock, RawDocument

_FORMATS = ("PNG", "JPEG", "TIFF")

_LONGEST_SIDE = 20_000
_MOST_PIXELS = 89_000_000
"""Below the number at which Pillow itself warns."""

_MOST_PAGES = 1_000
_LEAST_SIDE = 8
"""Pixels; there is no room for a letter in less."""

_FINE_PIXELS = 9_000_000
"""A sheet of A4 at 300 dpi; more is shrunk before anything else is done with it."""

_REDUCIBLE = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "I", "F"})
"""Modes that Pillow averages over pixels."""

_A4 = (595.3, 841.9)
_COARSEST_DPI = 72
_FINEST_DPI = 1200
_LONG_SIDES = range(150, 2500)
"""Points, 5 cm to A1: a camera that says 72 dpi would make a sheet of a metre and a half."""

_STRIP = 2.5
"""A picture so many times as high as wide is a strip of several screens (长截图), read part by part."""

_PART = 1.4
_SEAM = 0.25
"""Share of a part, at its end, in which the blank row is looked for where it is cut off."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What sets a picture upright, by its EXIF orientation."""

_SIDEWAYS = frozenset({5, 6, 7, 8})

_TOO_LARGE = "图片过大 (the picture is too large)"

# What Pillow's decoders raise on damaged files.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of an image file, upright as the file says, on white.

    Attributes:
        image: RGB or grey, in square pixels, shrunk where it was very large.
        width: Of the page, in points.
        height: In points.
    """

    image: Image.Image
    width: float
    height: float


def load_image(data: bytes, source: str) -> RawDocument:
    """Read the words on the pages of an image file.

    Raises:
        EmptyDocument: It shows no words.
        UnreadableSource: It is damaged or too large.
        ConfigurationError: The models of the recogniser are not installed.
    """
    pages = [_recognized(picture, number) for number, picture in enumerate(pictures(data, source), start=1)]
    if not any(page.runs for page in pages):
        raise EmptyDocument(source, "图片中没有文字 (the picture shows no words)")
    reading = Reading(
        ocr_pages=tuple(page.number for page in pages if page.runs),
        confidence=confidence_of(pages),
        geometry=tuple(page.geometry for page in pages),
    )
    furniture: list[RawBlock] = []
    blocks = tuple(arrange(pages, furniture))
    return RawDocument(blocks, _media_type(data), len(pages), reading, tuple(furniture))


def pictures(data: bytes, source: str) -> Iterator[Picture]:
    """Decode an image file page by page; the size of each is checked before its pixels are read.

    Raises:
        EmptyDocument: A page has no room for words.
        UnreadableSource: It is damaged or too large.
    """
    with _decoding(source):
        file = Image.open(BytesIO(data), formats=_FORMATS)
    with file:
        number = 0
        while True:
            with _decoding(source):
                if number and not _has_page(file, number):
                    return
                if number == _MOST_PAGES:
                    raise UnreadableSource(source, f"超过 {_MOST_PAGES} 页 (more than {_MOST_PAGES} pages)")
                _check_size(file.size, source)
                picture = _picture(file)
            if file.format != "TIFF":
                file.close()  # its pixels are not needed beside those of the picture
            yield picture
            number += 1


def picture_of(data: bytes, source: str, number: int) -> Picture:
    """Return one page of an image file, 1-based.

    Raises:
        EmptyDocument: It has no room for words.
        UnreadableSource: It is damaged or too large, or has no such page.
    """
    with _decoding(source):
        file = Image.open(BytesIO(data), formats=_FORMATS)
    with file, _decoding(source):
        if number > 1 and not _has_page(file, number - 1):
            raise UnreadableSource(source, f"没有第 {number} 页 (there is no page {number})")
        _check_size(file.size, source)
        return _picture(file)


def _media_type(data: bytes) -> MediaType:
    if data.startswith(b"\x89PNG"):
        return MediaType.PNG
    return MediaType.JPEG if data.startswith(b"\xff\xd8") else MediaType.TIFF


@contextmanager
def _decoding(source: str) -> Iterator[None]:
    """Turn Pillow's errors and warnings on damaged files into ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableSource(source, _TOO_LARGE) from error
    except _DAMAGE as error:
        raise UnreadableSource(source, "图片损坏或不完整 (the picture is damaged or cut short)") from error


def _has_page(file: Image.Image, number: int) -> bool:
    """Turn to a further page; only TIFF has pages, the frames of others are versions of one picture."""
    if file.format != "TIFF":
        return False
    try:
        file.seek(number)
    except EOFError:
        return False
    return True


def _check_size(size: tuple[int, int], source: str) -> None:
    if max(size) > _LONGEST_SIDE or size[0] * size[1] > _MOST_PIXELS:
        raise UnreadableSource(source, f"{_TOO_LARGE}: {size[0]} × {size[1]}")
    if min(size) < _LEAST_SIDE:
        raise EmptyDocument(source, "图片太小, 没有文字 (the picture is too small for words)")


def _picture(file: Image.Image) -> Picture:
    width, height = _points(*_upright(file))
    ratio = (_FINE_PIXELS / (file.width * file.height)) ** 0.5
    if ratio < 1:
        file.draft(None, (round(file.width * ratio), round(file.height * ratio)))
    file.load()
    times = int(1 / ratio)
    image = _on_white(file.reduce(times) if times > 1 and file.mode in _REDUCIBLE else file)
    # Pillow has by now turned a TIFF, and taken the tag off.
    turn = _UPRIGHT.get(file.getexif().get(ExifTags.Base.Orientation, 1))
    if turn is not None:
        image = image.transpose(turn)
    # Facsimiles have pixels twice as high as wide.
    across = min(1.0, (_FINE_PIXELS / (image.width**2 * height / width)) ** 0.5) * image.width
    size = max(1, round(across)), max(1, round(across * height / width))
    if abs(size[0] / image.width - 1) > 0.02 or abs(size[1] / image.height - 1) > 0.02:
        image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    return Picture(image, width, height)


def _upright(file: Image.Image) -> tuple[tuple[int, int], object]:
    """Return size and density of a picture once it is upright; Pillow gives a TIFF's size so already."""
    size, density = file.size, file.info.get("dpi")
    if file.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS:
        size = size if file.format == "TIFF" else size[::-1]
        density = density[::-1] if isinstance(density, tuple) else None
    return size, density


def _points(size: tuple[int, int], density: object) -> tuple[float, float]:
    """Return the size of the page on a picture: by the file's density where it can be true, else as if of A4."""
    if isinstance(density, tuple) and len(density) == 2:
        across, down = (float(number) for number in density)
        if min(across, down) >= _COARSEST_DPI and max(across, down) <= _FINEST_DPI:
            width, height = size[0] * 72 / across, size[1] * 72 / down
            if round(max(width, height)) in _LONG_SIDES:
                return width, height
    if size[1] > _STRIP * size[0]:
        return _A4[0], _A4[0] * size[1] / size[0]
    dpi = max(_COARSEST_DPI, max(size) / _A4[1] * 72)
    return size[0] * 72 / dpi, size[1] * 72 / dpi


def _on_white(file: Image.Image) -> Image.Image:
    """Return a picture of any mode as grey or RGB, what is transparent white."""
    if file.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(file) >> 8).astype(np.uint8))
    if file.mode in ("I", "F"):
        levels = np.asarray(file, dtype=np.float32)
        return Image.fromarray((levels * (255 / max(255.0, float(levels.max())))).clip(0, 255).astype(np.uint8))
    if file.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in file.info:
        layer = file.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return file.convert("L" if file.mode in ("1", "L") else "RGB")


def _recognized(picture: Picture, number: int) -> Page:
    """Recognise a page, a strip of several screens part by part."""
    if picture.height <= _STRIP * picture.width:
        return recognize_page(picture.image, number, picture.width, picture.height)
    scale = picture.width / picture.image.width
    runs: list[Run] = []
    rules: list[Rule] = []
    is_whole = True
    for top, bottom in _parts(picture.image):
        part = picture.image.crop((0, top, picture.image.width, bottom))
        page = recognize_page(part, number, picture.width, (bottom - top) * scale)
        is_whole = is_whole and not page.turns % 4 and not page.slope
        runs += [replace(run, box=_lowered(run.box, top * scale)) for run in page.runs]
        rules += [replace(rule, box=_lowered(rule.box, top * scale)) for rule in page.rules]
    return Page(number, picture.width, picture.height, tuple(runs), tuple(rules), is_whole=is_whole)


def _parts(strip: Image.Image) -> Iterator[tuple[int, int]]:
    """Cut a strip into parts as high as a page, through rows of one colour where there are some."""
    grey = np.asarray(strip.convert("L"))
    length = round(strip.width * _PART)
    top = 0
    while strip.height - top > length:
        window = grey[top + round(length * (1 - _SEAM)) : top + length]
        unevenness = window.max(axis=1) - window.min(axis=1)
        bottom = top + length - int(unevenness[::-1].argmin())
        yield top, bottom
        top = bottom
    yield top, strip.height


def _lowered(box: Box, by: float) -> Box:
    return replace(box, top=box.top + by, bottom=box.bottom + by)
