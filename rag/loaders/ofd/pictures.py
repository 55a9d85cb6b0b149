"""Pages of OFD that are images (扫描件): the picture of the page, put together for recognition."""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Sequence

import pypdfium2
from PIL import Image

from rag.domain.layout import Box
from rag.errors import UnreadableSource
from rag.loaders.ofd.content import Picture
from rag.loaders.ofd.geometry import Matrix
from rag.loaders.ofd.package import Package

_MOST_PIXELS = 80_000_000  # of one image; A3 at 600 dpi has 70 million
_MOST_PAGE_PIXELS = 240_000_000
_MOST_CANVAS_PIXELS = 25_000_000
_LEAST_DPI, _MOST_DPI = 100, 300
_LEAST_LOSS = 0.5  # of the page; an image of less that cannot be read is an ornament
_PLAIN = 24  # grey levels between the lightest and the darkest: paper, and nothing on it

_JBIG2_MARK = b"\x97JB2\r\n\x1a\n"
_JBIG2_PAGE = 48

_FAILURES = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, Image.DecompressionBombError)


def covered_share(pictures: Sequence[Picture], width: float, height: float) -> float:
    """Return the share of a page that images cover, at most 1; what overlaps counts twice."""
    if width <= 0 or height <= 0:
        return 0.0
    return min(1.0, sum(_shown_area(picture.box, width, height) for picture in pictures) / (width * height))


def is_see_through(package: Package, picture: Picture) -> bool:
    """Tell whether an image lets what is below it show, or cannot be read."""
    if not picture.is_opaque:
        return True
    opened = _open(package, picture.path)
    return opened is None or _has_alpha(opened)


def page_image(package: Package, pictures: Sequence[Picture], width: float, height: float) -> Image.Image | None:
    """Return the picture of a page as its images make it, ``None`` when there is nothing on it.

    Args:
        package: Holds the image files.
        pictures: The images on the page, the lowest first.
        width: Of the page, in points.
        height: Of the page, in points.

    Raises:
        UnreadableSource: They cover the page, and none can be read.
    """
    opened = [(picture, image) for picture in pictures if (image := _open(package, picture.path)) is not None]
    scale = max((_density(picture, image) for picture, image in opened), default=0.0)
    scale = min(max(scale, _LEAST_DPI / 72), _MOST_DPI / 72, math.sqrt(_MOST_CANVAS_PIXELS / (width * height)))
    canvas = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
    pixels = painted = 0
    for picture, image in opened:
        pixels += image.width * image.height
        if pixels > _MOST_PAGE_PIXELS:
            raise UnreadableSource(package.source, "页面图像过大 (its page images are too large)")
        painted += _paint(canvas, picture.placement.then(Matrix(scale, 0, 0, scale)), image)
    if not painted:
        if covered_share(pictures, width, height) < _LEAST_LOSS:
            return None
        raise UnreadableSource(package.source, "页面图像损坏或格式不支持 (its page images cannot be read)")
    # The histogram's first and last grey levels in use: a page of one shade is blank.
    levels = [level for level, count in enumerate(canvas.convert("L").histogram()) if count]
    return canvas if levels[-1] - levels[0] >= _PLAIN else None


def paint(canvas: Image.Image, package: Package, picture: Picture, to_canvas: Matrix) -> None:
    """Paint an image of the page where it stands; one that cannot be read leaves nothing.

    Args:
        canvas: The picture of the page so far.
        package: Holds the image files.
        picture: The image.
        to_canvas: Takes page points to pixels.
    """
    if (image := _open(package, picture.path)) is not None:
        _paint(canvas, picture.placement.then(to_canvas), image)


def _open(package: Package, path: str) -> Image.Image | None:
    """Return an image of the package of which only the head was read, ``None`` when it is none that can be."""
    data = package.read(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = _jbig2(data) if data.startswith(_JBIG2_MARK) else Image.open(io.BytesIO(data))
        except (*_FAILURES, Image.DecompressionBombWarning, pypdfium2.PdfiumError):
            return None
    return image if image is not None and 0 < image.width * image.height <= _MOST_PIXELS else None


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _density(picture: Picture, image: Image.Image) -> float:
    """Return an image's pixels to the point."""
    box = picture.box
    area = (box.right - box.left) * (box.bottom - box.top)
    return math.sqrt(image.width * image.height / area) if area > 1 else 0.0


def _paint(canvas: Image.Image, placement: Matrix, image: Image.Image) -> bool:
    """Paint an image where ``placement`` takes the unit square, in pixels; tell whether it could be read."""
    box = placement.box(1.0, 1.0)
    left, top = max(0, math.floor(box.left)), max(0, math.floor(box.top))
    right, bottom = min(canvas.width, math.ceil(box.right)), min(canvas.height, math.ceil(box.bottom))
    back = placement.inverse()
    if back is None or left >= right or top >= bottom:
        return True
    try:
        # A scan finer than the canvas is averaged first: picking single pixels of it would thin the strokes.
        finer = int(math.sqrt(image.width * image.height / max(1.0, (box.right - box.left) * (box.bottom - box.top))))
        plain = image.convert("RGBA" if _has_alpha(image) else "L" if image.mode in ("1", "L") else "RGB")
        loaded = (plain.reduce(finer) if finer > 1 else plain).convert("RGBA")
    except _FAILURES:
        return False
    to_source = Matrix(e=left, f=top).then(back).then(Matrix(loaded.width, 0, 0, loaded.height))
    part = loaded.transform(
        (right - left, bottom - top),
        Image.Transform.AFFINE,
        (to_source.a, to_source.c, to_source.e, to_source.b, to_source.d, to_source.f),
        Image.Resampling.BICUBIC,
    )
    canvas.paste(part, (left, top), part)
    return True


def _shown_area(box: Box, width: float, height: float) -> float:
    across = min(box.right, width) - max(box.left, 0.0)
    down = min(box.bottom, height) - max(box.top, 0.0)
    return max(0.0, across) * max(0.0, down)


def _jbig2(data: bytes) -> Image.Image | None:
    """Return a JBIG2 image (ITU-T T.88), which scanners save black-and-white pages in.

    Pillow does not read it and PDFium does, inside a PDF, where its file head is left out (ISO 32000-1, 7.4.7).
    """
    is_sequential, counts_pages = data[8] & 1, not data[8] & 2
    if not is_sequential:
        return None
    segments = data[13 if counts_pages else 9 :]
    size = _jbig2_size(segments)
    if size is None or size[0] * size[1] > _MOST_PIXELS:
        return None
    document = pypdfium2.PdfDocument(_pdf_of_jbig2(segments, *size))
    try:
        page = document[0]
        bitmap = page.render(scale=1, grayscale=True)
        image: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
        page.close()
    finally:
        document.close()
    return image


def _jbig2_size(segments: bytes) -> tuple[int, int] | None:
    """Return width and height from the page information segment (T.88, 7.4.8), which stands among the first."""
    at = 0
    while at + 11 <= len(segments):
        identity, flags, references = struct.unpack_from(">IBB", segments, at)
        count = references >> 5
        if count > 4:
            return None
        width = 1 if identity <= 256 else 2 if identity <= 65_536 else 4
        at += 6 + count * width + (4 if flags & 0x40 else 1)
        (length,) = struct.unpack_from(">I", segments, at)
        at += 4
        if flags & 63 == _JBIG2_PAGE:
            across, down = struct.unpack_from(">II", segments, at)
            return (across, down) if 0 < across < 100_000 and 0 < down < 100_000 else None
        at += length
    return None


def _pdf_of_jbig2(segments: bytes, width: int, height: int) -> bytes:
    content = f"{width} 0 0 {height} 0 0 cm /I Do".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
        % (width, height),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray"
        b"/Filter/JBIG2Decode/Length %d>>stream\n%s\nendstream" % (width, height, len(segments), segments),
    ]
    pdf = bytearray(b"%PDF-1.5\n")
    starts: list[int] = []
    for number, body in enumerate(objects, start=1):
        starts.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(pdf)
    pdf += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    pdf += b"".join(b"%010d 00000 n \n" % start for start in starts)
    pdf += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(pdf)
