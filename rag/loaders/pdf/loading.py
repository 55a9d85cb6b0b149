"""PDF (GB/T 9704 版式文件): pages of placed words; those that are only images are recognised."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.domain.reading import Reading
from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.layout import arrange
from rag.loaders.page import Page, confidence_of
from rag.loaders.pdf.drawings import Drawings, read_drawings
from rag.loaders.pdf.form import Form
from rag.loaders.pdf.frame import Frame
from rag.loaders.pdf.outline import read_outline, with_levels
from rag.loaders.pdf.text import PageText, read_text
from rag.loaders.raw import MediaType, RawBlock, RawDocument

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PAGES = 5_000

# A page is recognised from its image when it shows no words and images or drawings cover it, ...
_IMAGE_SHARE = 0.05
_MANY_PATHS = 30  # words turned into outlines: each sign is one
# ... when images cover nearly all of it and the few words are a number or a stamp put on the scan, ...
_SCAN_SHARE = 0.8
_FEW_CHARACTERS = 30
# ... or when its fonts do not say what characters they show.
_UNMAPPED_SHARE = 0.3
_MANY_UNMAPPED = 10

_USUAL_SIDE = 2_339  # dots: the long side of A4 at 200 an inch
_USUAL_DENSITY = 200 / 72  # dots a point
_MOST_DOTS = 10_000_000
_LONGEST_SIDE = 4_000  # dots
_FAINTEST = 24  # of 255: an image whose dots differ less is blank


def load_pdf(data: bytes, source: str) -> RawDocument:
    """Read a PDF.

    Raises:
        EmptyDocument: It shows no text.
        UnreadableSource: It is damaged or encrypted, or has too many pages.
    """
    with opened_pdf(data, source) as document:
        count = len(document)
        if count > MOST_PAGES:
            raise UnreadableSource(source, f"{count} 页, 超过 {MOST_PAGES} 页上限 (too many pages)")
        pages, hidden = _read_pages(document, source)
        furniture: list[RawBlock] = []
        blocks = with_levels(arrange(pages, furniture), read_outline(document))
        attachments = _attachments(document)
    if not blocks:
        raise EmptyDocument(source, "文件中没有文字 (the file holds no text)")
    reading = Reading(
        ocr_pages=tuple(page.number for page in pages if any(run.confidence is not None for run in page.runs)),
        confidence=confidence_of(pages),
        hidden_characters=hidden,
        attachments=attachments,
        geometry=tuple(page.geometry for page in pages),
    )
    return RawDocument(tuple(blocks), MediaType.PDF, count, reading, tuple(furniture))


@contextmanager
def opened_pdf(data: bytes, source: str) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF for as long as it is needed.

    Raises:
        EmptyDocument: It has no pages.
        UnreadableSource: It is damaged or encrypted.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # Where PDFium gives up on the tree of pages it leaves the last file's error standing.
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD and b"/Encrypt" in data:
            raise UnreadableSource(source, "PDF 已加密, 需要密码 (the PDF is encrypted)") from error
        if error.err_code == pdfium_c.FPDF_ERR_SUCCESS:
            raise EmptyDocument(source, "PDF 没有页面 (the PDF has no pages)") from error
        raise UnreadableSource(source, "PDF 损坏 (the PDF is damaged)") from error
    with closing(document):
        yield document


def _read_pages(document: pdfium.PdfDocument, source: str) -> tuple[list[Page], int]:
    """Read page by page, and count the characters that are hidden."""
    pages: list[Page] = []
    hidden = 0
    with Form.of(document) as form:
        for number in range(1, len(document) + 1):
            try:
                opened = document[number - 1]
            except pdfium.PdfiumError as error:
                raise UnreadableSource(source, f"第 {number} 页损坏 (page {number} is damaged)") from error
            with closing(opened):
                page, unseen = _read_page(opened, number, form, source)
            pages.append(page)
            hidden += unseen
    return pages, hidden


def _read_page(opened: pdfium.PdfPage, number: int, form: Form, source: str) -> tuple[Page, int]:
    frame = Frame(*opened.get_bbox())
    drawings = read_drawings(opened.raw, frame)
    try:
        text_page = opened.get_textpage()
    except pdfium.PdfiumError as error:
        raise UnreadableSource(source, f"第 {number} 页损坏 (page {number} is damaged)") from error
    with closing(text_page):
        text = read_text(text_page.raw, frame, drawings.grounds)
    if _is_image(text, drawings):
        page = _recognized(opened, number, drawings.density)
        if page is not None:
            # The invisible words below a scan are what another program recognised: shown, in a way.
            return page, 0
    upright = text.frame
    runs = (*text.runs, *form.values(opened.raw, upright))
    page = Page(number, upright.width, upright.height, runs, drawings.rules(upright), turns=upright.turns)
    return page, text.hidden


def _is_image(text: PageText, drawings: Drawings) -> bool:
    """Whether a page must be read from how it looks."""
    share = drawings.image_share(text.frame)
    if text.unmapped >= _MANY_UNMAPPED and text.unmapped > _UNMAPPED_SHARE * text.shown:
        return True
    if text.shown == 0:
        return share >= _IMAGE_SHARE or drawings.paths >= _MANY_PATHS
    return share >= _SCAN_SHARE and text.shown < _FEW_CHARACTERS


def _recognized(opened: pdfium.PdfPage, number: int, density: float) -> Page | None:
    """Return a page as recognised from its image, ``None`` when it is blank."""
    width, height = opened.get_size()
    # What size a page is said to have is not to be relied on: the scan on it tells how much there is to see.
    longest = max(width, height, 1.0)
    most = min(_LONGEST_SIDE / longest, math.sqrt(_MOST_DOTS / max(width * height, 1.0)))
    image = opened.render(scale=min(max(density or _USUAL_DENSITY, _USUAL_SIDE / longest), most)).to_pil()
    if _is_blank(image):
        return None
    from rag.loaders.ocr import recognize_page

    page = recognize_page(image, number, width, height)
    return replace(page, turns=page.turns + opened.get_rotation() // 90)


def _is_blank(image: Image) -> bool:
    darkest, lightest = cast("tuple[int, int]", image.convert("L").getextrema())
    return lightest - darkest < _FAINTEST


def _attachments(document: pdfium.PdfDocument) -> tuple[str, ...]:
    return tuple(document.get_attachment(at).get_name() for at in range(document.count_attachments()))
