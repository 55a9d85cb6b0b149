"""Pictures of pages: the words are where the regions say they are, however the page lies; covers hide what is below."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from rag.domain.layout import Box, PageGeometry, Region
from rag.errors import UnreadableSource, UnsupportedFormat
from rag.loaders.base import load
from rag.loaders.fonts import chinese_font
from rag.loaders.page import PageRequest
from rag.loaders.raw import MediaType, RawDocument
from rag.loaders.rendering import render_page
from rag.parsing.canonical import canonicalize

from .ofd_files import DOCUMENT_RESOURCES, Sheet, image_object, image_resources, ofd, text_object
from .pdf_files import PdfFile
from .scans import body, draw, needs_font

WIDTH = 600
needs_chinese_font = pytest.mark.skipif(chinese_font() is None, reason="no Chinese font")


def _pdf(*, rotate: int = 0, turns: int = 0, size: tuple[float, float] = (595, 842)) -> bytes:
    file = PdfFile()
    page = file.page(size, rotate)
    if turns % 2:
        page.text(200, 700, "棠湾市城市管理局关于提案的答复", turns=turns).text(
            260, 700, "现将办理情况答复如下", turns=turns
        )
    else:
        page.text(100, 200, "棠湾市城市管理局关于提案的答复").text(120, 260, "现将办理情况答复如下")
    return file.data()


def _cropped() -> bytes:
    return _pdf().replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 595 842] /CropBox [60 400 560 800]")


def _scan(quarters: int) -> bytes:
    out = BytesIO()
    image = draw(
        body("棠湾市城市管理局关于提案的答复", "现将办理情况答复如下，请予审阅", "每千人口托位数达到若干个，逐年增加")
    )
    image.rotate(90 * quarters, expand=True).save(out, "PNG", dpi=(150, 150))
    return out.getvalue()


def _ofd(**attributes: str) -> bytes:
    return ofd(
        text_object("棠湾市城市管理局关于提案的答复", 30, 40, **attributes)
        + text_object("现将办理情况答复如下", 40, 60)
    )


def _read(data: bytes, name: str) -> tuple[RawDocument, tuple[Region, ...], str]:
    raw = load(data, name)
    canonical = canonicalize(raw)
    return raw, canonical.regions, canonical.text


def _geometry(raw: RawDocument, page: int = 1) -> PageGeometry:
    geometry = raw.reading.geometry[page - 1]
    assert geometry is not None
    return geometry


def _shown(data: bytes, raw: RawDocument, *, page: int = 1, **more) -> np.ndarray:
    wanted = PageRequest(page, _geometry(raw, page), WIDTH, is_recognised=page in raw.reading.ocr_pages, **more)
    return np.asarray(Image.open(BytesIO(render_page(data, "甲", raw.media_type, wanted))).convert("L"))


def _pixels(box: Box, scale: float, margin: float = 0.0) -> tuple[slice, slice]:
    top, bottom = (box.top - margin) * scale, (box.bottom + margin) * scale
    left, right = (box.left - margin) * scale, (box.right + margin) * scale
    return slice(max(0, int(top)), int(bottom) + 1), slice(max(0, int(left)), int(right) + 1)


CASES = [
    pytest.param(_pdf, "甲.pdf", id="a PDF"),
    pytest.param(lambda: _pdf(rotate=90, turns=1), "甲.pdf", id="a PDF page turned by its /Rotate"),
    pytest.param(lambda: _pdf(turns=1), "甲.pdf", id="words that run up the page"),
    pytest.param(lambda: _pdf(turns=3), "甲.pdf", id="words that run down the page"),
    pytest.param(lambda: _pdf(rotate=270), "甲.pdf", id="a /Rotate that sets words on end"),
    pytest.param(_cropped, "甲.pdf", id="a cropped page"),
    pytest.param(_ofd, "甲.ofd", id="an OFD", marks=needs_chinese_font),
    pytest.param(lambda: _scan(1), "甲.png", id="a scan on its side", marks=needs_font),
]


@pytest.mark.parametrize(("made", "name"), CASES)
def test_the_ink_is_where_the_words_are(made, name):
    data = made()
    raw, regions, text = _read(data, name)
    assert "棠湾市城市管理局" in text
    geometry = _geometry(raw)
    page = _shown(data, raw)
    scale = WIDTH / geometry.width
    assert page.shape == (round(geometry.height * scale), WIDTH)
    rest = page.copy()
    for region in regions:
        assert region.box is not None
        words = page[_pixels(region.box, scale)]
        assert (words < 128).mean() > 0.04
        rest[_pixels(region.box, scale, margin=3)] = 255
    assert (rest < 128).sum() == 0


@pytest.mark.parametrize(("made", "name"), CASES[:-1])
def test_covers_hide_all_below_them(made, name):
    data = made()
    raw, regions, _ = _read(data, name)
    geometry = _geometry(raw)
    boxes = tuple(region.box for region in regions if region.box is not None)
    page = _shown(data, raw, covers=boxes)
    for box in boxes:
        covered = page[_pixels(box, WIDTH / geometry.width)]
        assert np.ptp(covered[1:-1, 1:-1]) <= 4


def _drawing(grey: int = 90) -> tuple[int, int, bytes]:
    return 200, 200, bytes([grey]) * 40_000


class TestWhatWasNotRead:
    """Pictures on a page of text may hold words that nobody has looked at."""

    @pytest.mark.parametrize(("only_read", "is_seen"), [(False, True), (True, False)])
    def test_a_large_picture(self, only_read, is_seen):
        file = PdfFile()
        file.page().text(100, 100, "棠湾市城市管理局关于提案的答复，现将办理情况答复如下，请予审阅").picture(
            100, 300, 400, 600, _drawing()
        )
        raw, *_ = _read(file.data(), "甲.pdf")
        page = _shown(file.data(), raw, only_read=only_read)
        assert bool((page[320:580, 120:380] < 128).mean() > 0.9) is is_seen

    def test_a_small_one_is_a_seal(self):
        file = PdfFile()
        file.page().text(100, 100, "棠湾市城市管理局关于提案的答复，现将办理情况答复如下，请予审阅").picture(
            300, 500, 400, 600, _drawing()
        )
        raw, *_ = _read(file.data(), "甲.pdf")
        assert (_shown(file.data(), raw, only_read=True) < 128)[520:580, 320:380].mean() > 0.9

    @needs_chinese_font
    @pytest.mark.parametrize(("only_read", "is_seen"), [(False, True), (True, False)])
    def test_a_large_picture_of_an_ofd(self, only_read, is_seen):
        out = BytesIO()
        Image.new("L", (200, 200), 90).save(out, "PNG")
        words = "棠湾市城市管理局关于提案的答复，现将办理情况答复如下，请予审阅"
        sheet = Sheet(text_object(words, 20, 20, size=4) + image_object(40, 100, 100, 100))
        data = ofd(sheet, common=DOCUMENT_RESOURCES, added=image_resources(out.getvalue()))
        raw, *_ = _read(data, "甲.ofd")
        page = _shown(data, raw, only_read=only_read)
        assert bool((page[300:560, 130:380] < 128).mean() > 0.9) is is_seen

    def test_a_field_is_covered_whole(self):
        file = PdfFile()
        page = file.page().text(100, 100, "联系电话登记表，请按要求如实填写并按时报送")
        page.fill_in(100, 200, 400, 230, "某某某")
        raw, regions, _ = _read(file.data(), "甲.pdf")
        field = next(region.box for region in regions if region.box is not None and region.box.top > 190)
        shown = _shown(file.data(), raw, covers=(field,))
        assert np.ptp(shown[205:228, 105:398]) <= 4


def test_a_page_that_is_not_there():
    with pytest.raises(UnreadableSource):
        render_page(_pdf(), "甲.pdf", MediaType.PDF, PageRequest(2, PageGeometry(595, 842), WIDTH))


def test_a_format_without_pages():
    with pytest.raises(UnsupportedFormat):
        render_page(b"x", "a.txt", MediaType.TEXT, PageRequest(1, PageGeometry(595, 842), WIDTH))


def test_a_long_strip_stays_within_bounds():
    picture = BytesIO()
    Image.new("L", (300, 9_000), 255).save(picture, "PNG")
    made = render_page(picture.getvalue(), "a.png", MediaType.PNG, PageRequest(1, PageGeometry(300, 9_000), 1800))
    assert Image.open(BytesIO(made)).size[0] * Image.open(BytesIO(made)).size[1] <= 16_100_000
