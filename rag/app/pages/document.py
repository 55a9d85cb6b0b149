"""The page of one document (单份文件): elements, contents, relations, text and page, with the cited words marked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from rag.answering.relations import Mention
from rag.app.dependencies import ReadScope
from rag.app.layout import contents, lay_out
from rag.app.pages.answer_views import reference
from rag.app.pages.element_rows import element_rows
from rag.app.pages.links import Links
from rag.app.pages.navigation import Section
from rag.app.pages.page_pane import page_pane
from rag.app.pages.rendering import LanguageHere, ReaderHere, page
from rag.app.words.catalogue import Texts
from rag.domain.span import Span

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router)

_FACT_PAGES = ("duties", "commitments")
"""Pages that list facts of documents, by their name in the navigation."""


@router.get("/documents/{document_id}")
def document_page(
    request: Request,
    document_id: str,
    reader: ReaderHere,
    scope: ReadScope,
    language: LanguageHere,
    start: int | None = None,
    end: int | None = None,
    number: Annotated[int | None, Query(alias="page", ge=1, le=1_000_000)] = None,
) -> HTMLResponse:
    """Show one document, with the words at ``[start:end]`` marked, beside the page that they stand on."""
    document = reader.catalog.document(document_id, scope=scope)
    summary = reader.catalog.summaries([document_id], scope=scope)[document_id]
    files = reader.files_of(document_id, scope=scope)
    marked = _span_within(start, end, len(document.text))
    links = Links(language)
    facts = {"duties": len(document.duties), "commitments": len(document.commitments)}
    there = {entry.name for entry in request.app.state.navigation}
    return page(
        request,
        "document.html",
        twin=f"/api/v1/documents/{document.document_id}",
        document=document,
        summary=summary,
        reference=reference(summary),
        rows=element_rows(document, files.sources, Texts(language), links),
        twins=files.twins,
        facts=[(name, facts[name]) for name in _FACT_PAGES if facts[name] and name in there],
        relations=reader.answerer.relations(document, scope=scope),
        name_of=reference,
        mention_of=_mention_name,
        contents=contents(document),
        parts=lay_out(document, marked),
        pane=page_pane(request.app.state.engine, document, scope=scope, links=links, span=marked, number=number),
        permalink=links.document(document_id, marked),
        is_marked=marked is not None,
        is_astray=marked is None and (start, end) != (None, None),
        has_file=scope.is_unrestricted
        and any(record.path.is_file() for record in reader.catalog.sources_of(document_id, scope=scope)),
        is_public_only=not scope.is_unrestricted,
    )


def _mention_name(mention: Mention) -> str:
    """Return how a text names a document, as official text does."""
    title = f"《{mention.title}》" if mention.title else ""
    if not mention.number:
        return title
    return f"{title}（{mention.number}）" if title else mention.number


def _span_within(start: int | None, end: int | None, length: int) -> Span | None:
    """Return the span that a link names, ``None`` when it is none or not within the text."""
    if start is None or end is None or not 0 <= start < end <= length:
        return None
    return Span(start, end)
