"""The routes that list extracted facts (摘录事项), under ``/api/v1``: as JSON, and as files to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response

from rag.app import description
from rag.app.commitment_views import CommitmentsView
from rag.app.dependencies import EngineHere, ReadScope
from rag.app.description import OPTIONAL_KEY, Tag, binary, links
from rag.app.event_views import EventsView
from rag.app.exporting import COMMITMENTS, DUTIES, EVENTS, Table
from rag.app.fact_lists import commitments_listed, duties_listed, events_listed
from rag.app.requests import CommitmentsQuery, DutiesQuery, EventsQuery, FactQuery
from rag.app.schemas import DutiesView
from rag.app.trail import note_shown
from rag.domain.document import DocumentSummary

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_View = TypeVar("_View", DutiesView, CommitmentsView, EventsView)
_Item = TypeVar("_Item")

router = APIRouter(prefix="/api/v1", tags=[Tag.FACTS], responses=description.ANY_ERRORS)

_EXPORTS = {
    "content": description.text("text/csv", "A table, UTF-8 with a byte order mark (RFC 4180).") | binary(XLSX),
    "headers": description.FILE_HEADERS,
}


@router.get(
    "/duties",
    summary="Duties 职责分工",
    response_description="Duties, in the format asked for.",
    response_model=None,
    responses={200: {"model": DutiesView, **_EXPORTS, "links": links("/duties/0/document_id")}},
    openapi_extra=OPTIONAL_KEY,
)
def duties(
    query: Annotated[DutiesQuery, Query()], request: Request, engine: EngineHere, scope: ReadScope
) -> DutiesView | Response:
    """List duties with their lead and cooperating units."""
    reader = engine.reader()
    with reader.catalog.snapshot():
        page = duties_listed(reader.catalog, query, scope=scope)
        view = DutiesView.of(page.facts, reader.texts_of(page.facts, scope=scope), total=page.total)
    return _as_asked(view, page.facts, query, request, "duties", DUTIES)


@router.get(
    "/commitments",
    summary="Commitments 承诺事项",
    response_description="Commitments, in the format asked for.",
    response_model=None,
    responses={200: {"model": CommitmentsView, **_EXPORTS, "links": links("/commitments/0/document_id")}},
    openapi_extra=OPTIONAL_KEY,
)
def commitments(
    query: Annotated[CommitmentsQuery, Query()], request: Request, engine: EngineHere, scope: ReadScope
) -> CommitmentsView | Response:
    """List commitments: what is planned, aimed at and done, with date and figures."""
    reader = engine.reader()
    with reader.catalog.snapshot():
        page = commitments_listed(reader.catalog, query, scope=scope)
        view = CommitmentsView.of(page.facts, reader.texts_of(page.facts, scope=scope), total=page.total)
    return _as_asked(view, page.facts, query, request, "commitments", COMMITMENTS)


@router.get(
    "/events",
    summary="Events 事件",
    response_description="Events, in the format asked for.",
    response_model=None,
    responses={200: {"model": EventsView, **_EXPORTS, "links": links("/events/0/document_id")}},
    openapi_extra=OPTIONAL_KEY,
)
def events(
    query: Annotated[EventsQuery, Query()], request: Request, engine: EngineHere, scope: ReadScope
) -> EventsView | Response:
    """List events: who did what, when and where, dates worked out from the document's."""
    reader = engine.reader()
    with reader.catalog.snapshot():
        page = events_listed(reader.catalog, query, scope=scope)
        view = EventsView.of(page.facts, reader.texts_of(page.facts, scope=scope), total=page.total)
    return _as_asked(view, page.facts, query, request, "events", EVENTS)


def _as_asked(
    view: _View,
    page: Sequence[tuple[object, DocumentSummary]],
    query: FactQuery,
    request: Request,
    name: str,
    table: Table[_View, _Item],
) -> _View | Response:
    """Return facts in the format asked for; the trail, which cannot read a file, is told whose they are."""
    if query.format == "json":
        return view
    note_shown(request, (document.document_id for _, document in page))
    content, media_type = (table.csv(view), CSV) if query.format == "csv" else (table.xlsx(view), XLSX)
    disposition = f'attachment; filename="{name}.{query.format}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
