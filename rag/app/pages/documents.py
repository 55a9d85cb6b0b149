"""The list of documents (文件库), newest first, with filters."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from rag.app.pages.navigation import Entry, Section
from rag.app.pages.rendering import ReaderHere, ReadScope, page
from rag.app.requests import FilterBody
from rag.domain.document import Kind
from rag.errors import InvalidRequest

DOCUMENTS_A_PAGE = 25
_MOST_ISSUERS = 200
"""Most organs offered as completions of the filter."""

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("documents", "/documents"))


@router.get("/documents")
def documents_page(
    request: Request,
    reader: ReaderHere,
    scope: ReadScope,
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """List documents, newest first, under the filters of the query string."""
    given = {
        name: value.strip()
        for name, value in request.query_params.items()
        if name not in ("page", "lang") and value.strip()
    }
    try:
        filters = FilterBody.model_validate(given).to_domain()
    except ValidationError as error:
        wrong = "; ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())
        raise InvalidRequest(wrong) from error
    offset = (number - 1) * DOCUMENTS_A_PAGE
    found = reader.catalog.list_documents(scope=scope, filters=filters, limit=DOCUMENTS_A_PAGE, offset=offset)
    return page(
        request,
        "documents.html",
        twin=f"/api/v1/documents?{urlencode({**given, 'limit': DOCUMENTS_A_PAGE, 'offset': offset})}",
        found=found,
        twins=reader.catalog.twins((d.document_id for d in found.documents), scope=scope),
        filters=given,
        page=number,
        pages=max(1, -(-found.total // DOCUMENTS_A_PAGE)),
        kinds=[kind.value for kind in Kind],
        places=reader.catalog.places(scope=scope),
        issuers=reader.catalog.issuers(scope=scope)[:_MOST_ISSUERS],
        is_public_only=not scope.is_unrestricted,
    )
