"""The pane beside a document's text that shows a page as it looks (页面影像), the cited words marked on it."""

from __future__ import annotations

from dataclasses import dataclass

from rag.app.page_pictures import WIDTHS, Missing
from rag.app.pages.links import Links
from rag.app.pages.page_views import USUAL_WIDTH, BoxView, look
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.span import Span

PANE_ANCHOR = "page"


@dataclass(frozen=True, slots=True)
class PagePane:
    """One page of a document, and the way to the others.

    Attributes:
        number: 1-based.
        pages: How many there are.
        width: Of the page, in points; so are the boxes.
        height: In points.
        source: Address of the picture, ``None`` where there is none.
        source_set: Addresses in other widths, as ``srcset`` has them.
        picture_height: Of the picture in its usual width, in pixels.
        missing: Why there is no picture.
        boxes: Where the cited words stand on it.
        quote_pages: Pages that the cited words stand on, with their addresses.
        previous: Address of the page before, ``None`` on the first.
        next: Address of the page after, ``None`` on the last.
        data: Address of what the browser asks for further pages, without the number.
    """

    number: int
    pages: int
    width: float
    height: float
    source: str | None
    source_set: str
    picture_height: int
    missing: Missing | None
    boxes: tuple[BoxView, ...]
    quote_pages: tuple[tuple[int, str], ...]
    previous: str | None
    next: str | None
    data: str


def page_pane(
    engine: Engine,
    document: OfficialDocument,
    *,
    scope: Scope,
    links: Links,
    span: Span | None = None,
    number: int | None = None,
) -> PagePane | None:
    """Return the pane of a document, ``None`` for a format whose pages have no look of their own.

    Args:
        engine: Serves the pictures.
        document: As read for this scope.
        scope: Of who looks.
        links: Addresses.
        span: The cited words.
        number: The page wanted; by default that on which the cited words begin, else the first.
    """
    general = engine.pictures.missing(document, catalog=engine.reader().catalog, scope=scope)
    if general is Missing.FORMAT or not document.pages:
        return None

    def at(page: int) -> str:
        parameters = {"start": span.start, "end": span.end} if span else {}
        return links.to(f"/documents/{document.document_id}", **parameters, page=page) + f"#{PANE_ANCHOR}"

    start, end = (span.start, span.end) if span else (None, None)
    wanted = min(max(1, number or 1), document.pages)
    view = look(engine, document.document_id, wanted, scope=scope, start=start, end=end)
    if number is None and view.quote_pages and wanted not in view.quote_pages:
        wanted = view.quote_pages[0]
        view = look(engine, document.document_id, wanted, scope=scope, start=start, end=end)
    width, height = view.width or 595.0, view.height or 842.0
    return PagePane(
        number=wanted,
        pages=document.pages,
        width=width,
        height=height,
        source=view.image,
        source_set=", ".join(f"{view.image}?width={each} {each}w" for each in WIDTHS) if view.image else "",
        picture_height=round(USUAL_WIDTH * height / width),
        missing=view.missing,
        boxes=tuple(view.boxes),
        quote_pages=tuple((page, at(page)) for page in view.quote_pages),
        previous=at(wanted - 1) if wanted > 1 else None,
        next=at(wanted + 1) if wanted < document.pages else None,
        data=f"/documents/{document.document_id}/pages/",
    )
