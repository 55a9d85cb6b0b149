"""Image files as scanners, cameras and facsimile machines write them; whole, spoilt and hostile."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rag.errors import EmptyDocument, SourceError, UnreadableSource
from rag.loaders.images import load_image, pictures
from rag.loaders.raw import MediaType

from .scans import Line, body, draw, needs_font

DPI = 120
SCANS = Path(__file__).parents[2].parent / "shared" / "samples" / "scan"


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def sole(data: bytes) -> tuple[Image.Image, float, float]:
    (picture,) = pictures(data, "scan.png")
    return picture.image, picture.width, picture.height


def notice() -> Image.Image:
    return draw([Line("关于河道整治的通知", 200, 90, 22), *body("各镇人民政府：", top=150)], dpi=DPI)


@needs_font
@pytest.mark.parametrize(
    ("form", "media_type"), [("PNG", MediaType.PNG), ("JPEG", MediaType.JPEG), ("TIFF", MediaType.TIFF)]
)
def test_words_are_read_from_each_format(form: str, media_type: MediaType) -> None:
    raw = load_image(encoded(notice(), form, dpi=(DPI, DPI)), "scan")
    assert [block.text for block in raw.blocks] == ["关于河道整治的通知", "各镇人民政府："]
    assert (raw.media_type, raw.pages, raw.reading.ocr_pages) == (media_type, 1, (1,))
    assert 0.9 < (raw.reading.confidence or 0) <= 1
    for block in raw.blocks:
        (part,) = block.fragments
        assert part.page == block.page == 1
        assert 0.8 < (part.confidence or 0) <= 1
        assert len(part.edges) == len(block.text) + 1
    assert raw.blocks[0].fragments[0].box.left == pytest.approx(200, abs=3)


@needs_font
def test_pages_of_a_tiff_come_in_order_and_a_blank_one_counts() -> None:
    first, last = (draw(body(f"第{number}页的内容"), dpi=DPI).convert("1") for number in "一三")
    blank = Image.new("1", first.size, 1)
    data = encoded(first, "TIFF", save_all=True, append_images=[blank, last], compression="group4", dpi=(DPI, DPI))
    raw = load_image(data, "scan.tif")
    assert [(block.text, block.page) for block in raw.blocks] == [("第一页的内容", 1), ("第三页的内容", 3)]
    assert (raw.pages, raw.reading.ocr_pages) == (3, (1, 3))


@needs_font
def test_a_strip_of_screens_is_read_from_top_to_bottom() -> None:
    lines = [f"第{number}条应当遵守规定" for number in "一二三四五六七八九"]
    strip = draw([Line(text, 20, 20 + 200 * at, 18) for at, text in enumerate(lines)], size=(300, 1900), dpi=96)
    raw = load_image(encoded(strip), "screens.png")
    assert "".join(block.text for block in raw.blocks) == "".join(lines)
    tops = [part.box.top for block in raw.blocks for part in block.fragments]
    # Without a density the strip is as wide as a sheet of A4.
    assert tops == pytest.approx([(20 + 200 * at) * 595.3 / 300 for at in range(9)], abs=8)


@needs_font
def test_a_picture_its_camera_turned_is_read_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = notice().transpose(Image.Transpose.ROTATE_90)
    raw = load_image(encoded(lying, "JPEG", exif=exif), "photo.jpg")
    assert [block.text for block in raw.blocks] == ["关于河道整治的通知", "各镇人民政府："]


# Decoding alone: the picture that is given to the models.


def test_the_size_of_the_page_follows_the_density() -> None:
    assert sole(encoded(Image.new("L", (1240, 1754), 255), dpi=(150, 150)))[1:] == pytest.approx((595, 842), abs=1)


@pytest.mark.parametrize("dpi", [(1, 1), (72, 72), (9600, 9600)])
def test_a_density_that_cannot_be_true_is_not_believed(dpi: tuple[int, int]) -> None:
    _, width, height = sole(encoded(Image.new("L", (3000, 4000), 255), "JPEG", dpi=dpi))
    assert (width, height) == pytest.approx((631, 842), abs=1)


def test_a_small_picture_is_no_whole_sheet() -> None:
    assert sole(encoded(Image.new("L", (300, 100), 255)))[1:] == (300, 100)


def test_pixels_of_facsimiles_are_made_square() -> None:
    image, width, height = sole(encoded(Image.new("1", (1728, 1146), 1), "TIFF", dpi=(204, 98)))
    assert (width, height) == pytest.approx((610, 842), abs=1)
    assert image.height / image.width == pytest.approx(height / width, rel=0.01)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG"])
def test_every_orientation_is_set_upright_once(form: str, orientation: int) -> None:
    upright = Image.new("RGB", (200, 300), "white")
    upright.paste("black", (0, 0, 100, 100))
    inverse = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    stored = upright if inverse is None else upright.transpose(Image.Transpose(inverse))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image, width, height = sole(encoded(stored, form, exif=exif, dpi=(100, 100)))
    assert image.size == (200, 300)
    assert (width, height) == pytest.approx((144, 216), abs=0.1)
    assert [image.convert("L").getpixel(place) < 128 for place in ((50, 50), (150, 50), (50, 250), (150, 250))] == [
        True,
        False,
        False,
        False,
    ]


def _wide(mode: str) -> Image.Image:
    """A dark square on light paper in a mode of 16 bits or more."""
    levels = np.full((60, 60), 60000)
    levels[20:40, 20:40] = 2000
    return Image.fromarray(levels.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))


def _plain(mode: str) -> Image.Image:
    image = Image.new("L", (60, 60), 235)
    image.paste(10, (20, 20, 40, 40))
    return image.convert("RGB").convert(mode)


def _clear(mode: str) -> Image.Image:
    """A dark square on nothing."""
    image = Image.new(mode, (60, 60), (0,) * len(mode))
    image.paste((10,) * (len(mode) - 1) + (255,), (20, 20, 40, 40))
    return image


@pytest.mark.parametrize(
    ("image", "form"),
    [
        *((_plain(mode), "TIFF") for mode in ("1", "L", "P", "RGB", "CMYK")),
        (_plain("CMYK"), "JPEG"),
        *((_clear(mode), "PNG") for mode in ("LA", "RGBA")),
        *((_wide(mode), "TIFF") for mode in ("I;16", "I", "F")),
        (_wide("I;16"), "PNG"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.mode,
)
def test_every_mode_becomes_dark_on_light(image: Image.Image, form: str) -> None:
    found, *_ = sole(encoded(image, form))
    assert found.mode in ("L", "RGB")
    grey = found.convert("L")
    assert grey.getpixel((30, 30)) < 60
    assert grey.getpixel((5, 5)) > 200


def test_transparent_colour_of_a_palette_is_white() -> None:
    image = Image.new("P", (60, 60), 0)
    image.putpalette([0, 0, 0, 10, 10, 10] + [0] * 762)
    image.paste(1, (20, 20, 40, 40))
    found, *_ = sole(encoded(image, transparency=0))
    assert found.convert("L").getpixel((5, 5)) == 255
    assert found.convert("L").getpixel((30, 30)) == 10


def test_a_very_large_picture_is_shrunk_before_it_is_read() -> None:
    image, width, height = sole(encoded(Image.new("L", (7000, 9900), 255), dpi=(600, 600)))
    assert image.width * image.height < 9_100_000
    assert (width, height) == pytest.approx((840, 1188), abs=0.1)


def png(width: int, height: int) -> bytes:
    """A PNG that declares its size and holds nearly nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


@pytest.mark.parametrize("size", [(30_000, 30_000), (30_000, 200), (200, 30_000), (10_000, 10_000), (2**31 - 1, 9)])
def test_a_picture_too_large_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(UnreadableSource, match=r"图片过大 \(the picture is too large\)"):
        load_image(png(*size), "large.png")


def test_a_later_page_too_large_is_refused() -> None:
    first, second = Image.new("1", (100, 100), 1), Image.new("1", (20_001, 100), 1)
    data = encoded(first, "TIFF", save_all=True, append_images=[second], compression="group4")
    with pytest.raises(UnreadableSource, match="20001 × 100"):
        list(pictures(data, "large.tif"))


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 3)])
def test_a_picture_too_small_for_a_letter_is_empty(size: tuple[int, int]) -> None:
    with pytest.raises(EmptyDocument, match="too small"):
        load_image(encoded(Image.new("L", size, 255)), "dot.png")


def test_a_blank_picture_is_empty() -> None:
    with pytest.raises(EmptyDocument, match="shows no words"):
        load_image(encoded(Image.new("L", (400, 400), 255)), "blank.png")


def _noise(form: str) -> bytes:
    levels = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    return encoded(Image.fromarray(levels), form)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_picture_cut_short_is_unreadable(form: str, share: float) -> None:
    whole = _noise(form)
    with pytest.raises(UnreadableSource, match="damaged or cut short"):
        load_image(whole[: int(len(whole) * share)], "cut")


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"GIF89a" + b"\0" * 99, b"\0" * 64]
)
def test_what_is_no_picture_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableSource):
        load_image(data, "no-picture")


def test_pages_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.loaders.images._MOST_PAGES", 3)
    page = Image.new("1", (50, 50), 1)
    data = encoded(page, "TIFF", save_all=True, append_images=[page] * 3, compression="group4")
    with pytest.raises(UnreadableSource, match="more than 3 pages"):
        list(pictures(data, "many.tif"))


def damaged(form: str) -> Callable[..., None]:
    whole = _noise(form)

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=6))
    def check(changes: list[tuple[int, int]]) -> None:
        data = bytearray(whole)
        for at, value in changes:
            data[at % min(len(data), 600) if at % 2 else at] = value
        try:
            for picture in pictures(bytes(data), "damaged"):
                assert picture.image.mode in ("L", "RGB")
                assert min(picture.width, picture.height) > 0
        except SourceError:
            pass

    return check


test_a_damaged_png_is_read_or_refused = damaged("PNG")
test_a_damaged_jpeg_is_read_or_refused = damaged("JPEG")
test_a_damaged_tiff_is_read_or_refused = damaged("TIFF")
