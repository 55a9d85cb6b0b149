"""Pages of documents (页面): each as a picture, and where cited words stand on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from starlette.convertors import IntegerConvertor, register_url_convertor

from rag.app.dependencies import ReadScope
from rag.app.page_pictures import WIDTHS, Missing
from rag.app.pages.navigation import Section
from rag.app.strict import StrictModel
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.layout import boxes_of
from rag.domain.span import Span
from rag.errors import InvalidRequest, NotFound


class _PageNumber(IntegerConvertor):
    # Python reads no number of thousands of digits, and raises on one.
    regex = "[0-9]{1,9}"


register_url_convertor("page", _PageNumber())

router = APIRouter()

SECTION = Section(router)

USUAL_WIDTH = 1200

# What it shows depends on who asks; a browser may keep it for the page it is on, no one else may.
_HEADERS = {"Cache-Control": "private, max-age=300", "Vary": "Authorization, X-API-Key, Cookie"}


class BoxView(StrictModel):
    """A place on a page, in points from the top left corner of the upright page."""

    left: float
    top: float
    width: float
    height: float


class PageView(StrictModel):
    """A page, and where the words asked for stand on it."""

    document_id: str
    page: int
    pages: int
    width: float | None = Field(description="Of the upright page, in points; null when it was not kept.")
    height: float | None
    image: str | None = Field(description="Address of its picture; null where there is none.")
    missing: Missing | None = Field(description="Why there is none, as far as is known without trying.")
    quote: str | None = Field(description="The words asked for.")
    quote_pages: list[int] = Field(description="All pages that they stand on.")
    boxes: list[BoxView] = Field(description="Where they stand on this one, a line each, in reading order.")


@router.get("/documents/{document_id}/pages/{number:page}.png", response_class=Response)
def page_picture(
    request: Request, document_id: str, number: int, scope: ReadScope, width: Annotated[int, Query()] = USUAL_WIDTH
) -> Response:
    """Show a page as it looks; personal data is painted over unless the scope allows it."""
    if width not in WIDTHS:
        raise InvalidRequest(f"width: one of {', '.join(map(str, WIDTHS))}")
    engine = _engine(request)
    catalog = engine.reader().catalog
    made = engine.pictures.picture(document_id, number, width, catalog=catalog, scope=scope)
    return Response(made, media_type="image/png", headers=_HEADERS)


@router.get("/documents/{document_id}/pages/{number:page}.json")
def page_view(
    request: Request,
    document_id: str,
    number: int,
    scope: ReadScope,
    start: Annotated[int | None, Query(ge=0)] = None,
    end: Annotated[int | None, Query(ge=0)] = None,
) -> PageView:
    """Tell the size of a page, and where the words at ``[start:end]`` stand on it."""
    engine = _engine(request)
    return look(engine, document_id, number, scope=scope, start=start, end=end)


def look(
    engine: Engine, document_id: str, number: int, *, scope: Scope, start: int | None = None, end: int | None = None
) -> PageView:
    """Return what there is to say of a page.

    Raises:
        NotFound: There is no such document within the scope, or no such page.
        InvalidRequest: ``start`` and ``end`` name no words of it.
    """
    catalog = engine.reader().catalog
    document = catalog.document(document_id, scope=scope)
    if not 1 <= number <= (document.pages or 0):
        raise NotFound(f"no page {number} of document {document_id}")
    placed: list[tuple[int, BoxView]] = []
    span: Span | None = None
    if start is not None or end is not None:
        if start is None or end is None or not start < end <= len(document.text):
            raise InvalidRequest("start and end: no words of the document")
        span = Span(start, end)
        for page, box in boxes_of(catalog.regions(document_id, scope=scope), span):
            sides = (box.left, box.top, box.right - box.left, box.bottom - box.top)
            left, top, width, height = (round(side, 1) for side in sides)
            placed.append((page, BoxView(left=left, top=top, width=width, height=height)))
    geometry = document.reading.geometry[number - 1] if len(document.reading.geometry) >= number else None
    missing = engine.pictures.missing(document, number, catalog=catalog, scope=scope)
    return PageView(
        document_id=document_id,
        page=number,
        pages=document.pages or 0,
        width=geometry.width if geometry else None,
        height=geometry.height if geometry else None,
        image=None if missing else f"/documents/{document_id}/pages/{number}.png",
        missing=missing,
        quote=span.of(document.text) if span else None,
        quote_pages=sorted({page for page, _ in placed}),
        boxes=[box for page, box in placed if page == number],
    )


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
