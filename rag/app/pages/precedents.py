"""The page of precedents (先例): sentences worded like one's own, a basket to collect them, and the basket as Word."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from rag.app.dependencies import ReadScope
from rag.app.pages.basket import MOST_PICKS, Basket, Pick
from rag.app.pages.navigation import Entry, Section
from rag.app.pages.query_string import pages_of, query_of
from rag.app.pages.rendering import NOT_KEPT, LanguageHere, ReaderHere, page
from rag.app.pages.security import SECURITY_HEADERS
from rag.app.precedent_views import OccurrenceView, PrecedentsView
from rag.app.requests import FilterBody, PrecedentsQuery
from rag.app.trail import note_shown
from rag.app.words.catalogue import Texts
from rag.app.writing.draft import Source
from rag.app.writing.gongwen import MEDIA_TYPE, as_docx
from rag.domain.document import Kind
from rag.domain.span import Span
from rag.errors import InvalidRequest
from rag.retrieval.precedent import TEXT_CHARACTERS

SENTENCES_A_PAGE = 20
TITLE_CHARACTERS = 120
_PLACES_LISTED = 12

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("precedents", "/precedents"))

Picks = Annotated[list[str], Query(alias="pick", max_length=MOST_PICKS * 4)]


@router.get("/precedents")
def precedents_page(
    request: Request,
    reader: ReaderHere,
    scope: ReadScope,
    number: Annotated[int, Query(alias="page", ge=1, le=1_000)] = 1,
    picks: Picks = [],  # noqa: B006 - FastAPI copies it
    title: str = "",
) -> HTMLResponse:
    """Show sentences worded like ``q``, and the basket of what was collected."""
    given = {name: request.query_params.get(name, "").strip() for name in ("q", "function", *FilterBody.model_fields)}
    asked = {name: value for name, value in given.items() if value}
    view: PrecedentsView | None = None
    wrong = False
    parameters = {**asked, "limit": SENTENCES_A_PAGE, "offset": (number - 1) * SENTENCES_A_PAGE}
    if given["q"]:
        try:
            query = query_of(PrecedentsQuery, parameters)
            found = reader.find_precedents(
                query.q,
                scope=scope,
                filters=query.filter_body().to_domain(),
                function=query.function,
                limit=query.limit,
                offset=query.offset,
            )
            view = PrecedentsView.of(query.q, found, most_occurrences=_PLACES_LISTED)
        except InvalidRequest:
            wrong = True
    basket = Basket.of(picks, reader.catalog, scope=scope)
    return page(
        request,
        "precedents.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        twin=f"/api/v1/precedents?{urlencode(parameters)}" if view is not None else None,
        given=given,
        is_filtered=len(asked) > 1,
        view=view,
        is_wrong=wrong,
        longest=TEXT_CHARACTERS,
        page=number,
        pages=pages_of(view.total, SENTENCES_A_PAGE) if view is not None else 1,
        total_of_all=sum(each.sentences for each in view.functions) if view is not None else 0,
        basket=basket,
        most_picks=MOST_PICKS,
        title=title[:TITLE_CHARACTERS],
        longest_title=TITLE_CHARACTERS,
        pick_of=_pick_of,
        span_of=Span,
        reference=_reference,
        kinds=[kind.value for kind in Kind],
        places=reader.catalog.places(scope=scope),
        is_public_only=not scope.is_unrestricted,
    )


@router.get("/precedents/export.docx")
def basket_file(
    request: Request,
    reader: ReaderHere,
    scope: ReadScope,
    language: LanguageHere,
    picks: Picks = [],  # noqa: B006 - FastAPI copies it
    title: str = "",
) -> Response:
    """Return the basket as a Word document in the form of GB/T 9704-2012, sources in footnotes."""
    basket = Basket.of(picks, reader.catalog, scope=scope)
    if not basket.collected:
        raise InvalidRequest("the basket holds nothing that can be read (摘句篮是空的)")
    note_shown(request, (each.document.document_id for each in basket.collected))
    texts = Texts(language)
    name = title.strip()[:TITLE_CHARACTERS] or texts("precedents.title_default")
    draft = basket.draft(name, texts("precedents.cited"))
    headers = {
        # RFC 6266: the name in full, and one for who cannot read it.
        "Content-Disposition": f"attachment; filename=\"precedents.docx\"; filename*=UTF-8''{quote(name, safe='')}.docx",
        **SECURITY_HEADERS,
        **NOT_KEPT,
    }
    return Response(as_docx(draft, written_at=datetime.now(UTC)), media_type=MEDIA_TYPE, headers=headers)


def _reference(place: OccurrenceView) -> str:
    return Source(place.title or place.source, place.document_number, is_titled=place.title is not None).reference


def _pick_of(document_id: str, start: int, end: int) -> str:
    return str(Pick(document_id, Span(start, end)))
