"""A PDF page as a picture (页面影像), turned as its words were read."""

from __future__ import annotations

from contextlib import closing

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from rag.domain.layout import Box
from rag.errors import UnreadableSource
from rag.loaders.page import MOST_UNREAD_SHARE, PageRequest
from rag.loaders.pdf.drawings import read_drawings
from rag.loaders.pdf.form import field_places
from rag.loaders.pdf.frame import Frame
from rag.loaders.pdf.loading import opened_pdf


def render_pdf_page(data: bytes, source: str, wanted: PageRequest, scale: float) -> tuple[Image.Image, list[Box]]:
    """Return the picture of a page, before it is set straight, and what of it is to be covered, in points.

    Args:
        data: The whole file.
        source: Its path, for errors.
        wanted: The page.
        scale: Pixels a point.

    Raises:
        UnreadableSource: It cannot be opened or has no such page.
    """
    number, turns = wanted.number, wanted.geometry.turns
    with opened_pdf(data, source) as document:
        if document.get_formtype():
            document.init_forms()
        try:
            page = document[number - 1]
        except (pdfium.PdfiumError, IndexError) as error:
            raise UnreadableSource(source, f"第 {number} 页损坏 (page {number} is damaged)") from error
        with closing(page):
            page.set_rotation(0)
            leaves_out = wanted.only_read and not wanted.is_recognised
            frame = Frame(*page.get_bbox()).turned(turns)
            # Where in a field its words are set is not known: a field is covered whole or not at all.
            hidden = [box for box in field_places(page.raw, frame) if any(_meet(box, cover) for cover in wanted.covers)]
            if leaves_out and read_drawings(page.raw, frame).image_share(frame) >= MOST_UNREAD_SHARE:
                for picture in list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=1)):
                    page.remove_obj(picture)
                # Those inside forms cannot be taken out.
                hidden += [frame.box(*place) for place in read_drawings(page.raw, frame).images]
            rendered = page.render(scale=scale, rotation=90 * turns, draw_annots=not leaves_out)
            return rendered.to_pil().convert("RGB"), hidden


def _meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
