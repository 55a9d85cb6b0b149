"""The page of one document (单份文件): elements, contents and text, with the cited words marked."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rag.app.layout import contents, lay_out
from rag.app.pages.element_rows import element_rows
from rag.app.pages.links import Links
from rag.app.pages.navigation import Section
from rag.app.pages.rendering import LanguageHere, ReaderHere, ReadScope, page
from rag.app.words.catalogue import Texts
from rag.domain.span import Span

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router)


@router.get("/documents/{document_id}")
def document_page(
    request: Request,
    document_id: str,
    reader: ReaderHere,
    scope: ReadScope,
    language: LanguageHere,
    start: int | None = None,
    end: int | None = None,
) -> HTMLResponse:
    """Show one document, with the words at ``[start:end]`` marked."""
    document = reader.catalog.document(document_id, scope=scope)
    files = reader.files_of(document_id, scope=scope)
    marked = _span_within(start, end, len(document.text))
    return page(
        request,
        "document.html",
        twin=f"/api/v1/documents/{document.document_id}",
        document=document,
        rows=element_rows(document, files.sources, Texts(language), Links(language)),
        twins=files.twins,
        contents=contents(document),
        parts=lay_out(document, marked),
        is_marked=marked is not None,
        is_astray=marked is None and (start, end) != (None, None),
        has_file=scope.is_unrestricted
        and any(record.path.is_file() for record in reader.catalog.sources_of(document_id, scope=scope)),
        is_public_only=not scope.is_unrestricted,
    )


def _span_within(start: int | None, end: int | None, length: int) -> Span | None:
    """Return the span that a link names, ``None`` when it is none or not within the text."""
    if start is None or end is None or not 0 <= start < end <= length:
        return None
    return Span(start, end)
