"""OFD (GB/T 33190-2016), the national format for fixed pages: a ZIP of XML.

``package`` finds the parts, ``resources`` what pages refer to, ``content`` what they draw, ``text``
where each character stands and ``pictures`` the image of a scanned page. Seals and signatures (Signs) are no
text. Of the annotations only typed ones (FreeText) are: stamps and watermarks are put upon a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from rag.domain.layout import Box
from rag.domain.reading import Reading
from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.layout import arrange
from rag.loaders.ofd.content import Budget, Drawing, page_matrix
from rag.loaders.ofd.geometry import POINTS_PER_MILLIMETRE
from rag.loaders.ofd.package import Package, Part, child, children
from rag.loaders.ofd.pictures import covered_share, is_see_through, page_image
from rag.loaders.ofd.resources import Resources, resource_parts
from rag.loaders.ofd.structure import (
    A4,
    Area,
    area_of,
    attachments_of,
    documents_of,
    layers_of,
    notes_of,
    templates_of,
    used_templates,
)
from rag.loaders.ofd.text import Piece, runs_of, turn_of, turned_point
from rag.loaders.page import Page, Rule, confidence_of
from rag.loaders.raw import MediaType, RawBlock, RawDocument

MOST_PAGES = 5_000

# A page is a scan when images cover so much of it and it has next to no words (a page number, a stamp's date).
_LEAST_COVER_WITHOUT_WORDS, _LEAST_COVER_WITH_WORDS, _FEW_CHARACTERS = 0.1, 0.6, 30
_MOST_NAMELESS_SHARE = 0.1  # of the glyphs; a few are signs that have no character
_FULL_COVER = 0.8  # an image over so much of the page hides the words below it


def load_ofd(data: bytes, source: str) -> RawDocument:
    """Read an OFD file.

    Raises:
        EmptyDocument: Its pages show no text.
        UnreadableSource: It is damaged, encrypted, hostile, or its glyphs name no characters.
    """
    package = Package(data, source)
    reader = _Reader(package)
    for document in documents_of(package):
        reader.read(document)
    if not reader.pages:
        raise EmptyDocument(source, "没有页面 (it has no pages)")
    words = sum(len(run.text) for page in reader.pages for run in page.runs)
    if reader.nameless > _MOST_NAMELESS_SHARE * (reader.nameless + words):
        raise UnreadableSource(source, "文字只有字形没有编码 (its glyphs name no characters)")
    furniture: list[RawBlock] = []
    blocks = arrange(reader.pages, furniture)
    reading = reader.reading()
    if not blocks:
        what = "页面没有文字 (its pages hold no text)"
        if reading.attachments:
            what = f"页面没有文字, 另有附件 {len(reading.attachments)} 个 (its pages hold no text; files are attached)"
        raise EmptyDocument(source, what)
    return RawDocument(tuple(blocks), MediaType.OFD, len(reader.pages), reading, tuple(furniture))


def draw_page(package: Package, number: int) -> tuple[Drawing, list[Piece]]:
    """Return what one page draws, 1-based, and those of its pieces of text that can be seen.

    Raises:
        UnreadableSource: There is no such page, or it is damaged.
    """
    reader = _Reader(package, only=number)
    for document in documents_of(package):
        reader.read(document)
        if reader.drawing is not None:
            return reader.drawing, reader.showing(reader.drawing)
    raise UnreadableSource(package.source, f"没有第 {number} 页 (there is no page {number})")


@dataclass(slots=True)
class _Reader:
    """Reads the documents of a package one after another; with ``only``, draws that page alone."""

    package: Package
    budget: Budget = field(init=False)
    pages: list[Page] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    hidden: int = 0
    nameless: int = 0
    count: int = 0
    only: int | None = None
    drawing: Drawing | None = None

    def __post_init__(self) -> None:
        self.budget = Budget(self.package.source)

    def reading(self) -> Reading:
        return Reading(
            ocr_pages=tuple(self.recognised),
            confidence=confidence_of(self.pages),
            hidden_characters=self.hidden,
            attachments=tuple(self.attachments),
            geometry=tuple(page.geometry for page in self.pages),
        )

    def read(self, document: Part) -> None:
        common = child(document.root, "CommonData")
        resources = Resources().with_parts(self.package, resource_parts(self.package, document, common))
        templates = templates_of(self.package, document)
        notes = notes_of(self.package, document)
        area = area_of(child(common, "PageArea")) or A4
        pages = child(document.root, "Pages")
        for entry in children(pages, "Page") if pages is not None else ():
            number = self.count + 1
            if number > MOST_PAGES:
                raise UnreadableSource(self.package.source, f"页数超过 {MOST_PAGES} (too many pages)")
            self.count = number
            if self.only not in (None, number):
                continue
            page = self.package.part_named(entry.get("BaseLoc", ""), document.path)
            if page is None:
                raise UnreadableSource(self.package.source, f"缺少第 {number} 页的内容 (a page's content is missing)")
            below, above = used_templates(page, templates)
            area_here = area_of(child(page.root, "Area")) or area
            drawing = self._draw((*below, page, *above), notes.get(entry.get("ID", ""), ()), resources, area_here)
            if self.only == number:
                self.drawing = drawing
                return
            self.pages.append(self._page(number, drawing))
            self.package.drop(page.path)
        self.attachments.extend(attachments_of(self.package, document))

    def _draw(
        self, parts: Sequence[Part], notes: Sequence[etree._Element], resources: Resources, area: Area
    ) -> Drawing:
        """Draw a page with the templates below and above it, and the notes on it."""
        own = [found for part in parts for found in resource_parts(self.package, part, part.root)]
        drawing = Drawing(
            resources.with_parts(self.package, own) if own else resources,
            self.budget,
            area.width * POINTS_PER_MILLIMETRE,
            area.height * POINTS_PER_MILLIMETRE,
        )
        matrix = page_matrix(area.left, area.top)
        for part in parts:
            drawing.draw(layers_of(part), matrix)
        for note in notes:
            drawing.draw((note,), matrix)
        return drawing

    def _page(self, number: int, drawing: Drawing) -> Page:
        width, height = drawing.width, drawing.height
        self.nameless += drawing.nameless
        pieces = self.showing(drawing)
        self.hidden += drawing.hidden + _characters(drawing.pieces) - _characters(pieces)
        if _is_scan(drawing, pieces) and (image := page_image(self.package, drawing.pictures, width, height)):
            from rag.loaders.ocr import recognize_page

            recognised = recognize_page(image, number, width, height)
            self.recognised.append(number)
            return replace(recognised, runs=(*runs_of(pieces), *recognised.runs))
        turn = turn_of(pieces)
        runs = runs_of([piece.turned(turn, width, height) for piece in pieces])
        corners = [
            (
                turned_point((box.left, box.top), turn, width, height),
                turned_point((box.right, box.bottom), turn, width, height),
            )
            for box in drawing.rules
        ]
        rules = [
            Rule(Box(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)))
            for (x, y), (other_x, other_y) in corners
        ]
        across, down = (width, height) if turn % 2 == 0 else (height, width)
        return Page(number, across, down, tuple(runs), tuple(rules), turns=-turn)

    def showing(self, drawing: Drawing) -> list[Piece]:
        """Return the pieces that can be seen on the page: not beside it, not below an image of all of it."""
        width, height = drawing.width, drawing.height
        covered = 0
        for picture in drawing.pictures:
            if picture.pieces_below > covered and covered_share([picture], width, height) >= _FULL_COVER:
                covered = covered if is_see_through(self.package, picture) else picture.pieces_below
        inside = [
            piece
            for piece in drawing.pieces[covered:]
            if 0 <= piece.middle[0] <= width and 0 <= piece.middle[1] <= height
        ]
        upright = [piece for piece in inside if piece.quarter is not None]
        # Words across the page at a slant are a watermark (水印), unless there are no others.
        return upright if _characters(upright) else inside


def _is_scan(drawing: Drawing, pieces: Sequence[Piece]) -> bool:
    words = _characters(pieces)
    if words > _FEW_CHARACTERS:
        return False
    share = covered_share(drawing.pictures, drawing.width, drawing.height)
    return share >= (_LEAST_COVER_WITH_WORDS if words else _LEAST_COVER_WITHOUT_WORDS)


def _characters(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text.strip()) for piece in pieces)
