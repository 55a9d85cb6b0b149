"""The cited words with what stands around them (原文对照): the pane beside an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rag.app.dependencies import ReadScope
from rag.app.layout import Paragraph, Row, Table, lay_out
from rag.app.pages.answer_views import reference
from rag.app.pages.navigation import Section
from rag.app.pages.rendering import NOT_KEPT, ReaderHere, fragment
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.layout import page_at
from rag.domain.span import Span
from rag.errors import InvalidRequest
from rag.store.repository import Catalog

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router)

PARTS_AROUND = 3
"""Paragraphs, or rows of a table, shown before and after the cited words."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a document around cited words.

    Attributes:
        span: The cited words.
        page: 1-based page they start on, ``None`` where the format has none.
        starts_document: Nothing stands before it.
        ends_document: Nothing stands after it.
        citation: Number of the citation, where it is one of an answer's.
    """

    document: DocumentSummary
    reference: str
    span: Span
    page: int | None
    parts: tuple[Paragraph | Table, ...]
    starts_document: bool
    ends_document: bool
    citation: int | None = None


def excerpt(
    catalog: Catalog, document_id: str, span: Span, *, scope: Scope, citation: int | None = None
) -> Excerpt | None:
    """Return the words at ``span`` with what stands around them.

    Args:
        catalog: The catalog.
        document_id: The document.
        span: The words.
        scope: What the caller may see.
        citation: Number of the citation, where it is one of an answer's.

    Returns:
        ``None`` when the words are not within the text.

    Raises:
        NotFound: There is no such document within the scope.
    """
    document = catalog.document(document_id, scope=scope)
    if span.end > len(document.text):
        return None
    summary = catalog.summaries([document_id], scope=scope)[document_id]
    parts = lay_out(document, span)
    marked = [at for at, part in enumerate(parts) if _is_marked(part)]
    if not marked:  # the words are blanks between paragraphs
        return None
    first, last = max(0, marked[0] - PARTS_AROUND), marked[-1] + PARTS_AROUND + 1
    # Not the page of their paragraph, which may begin on the one before.
    page = page_at(catalog.regions(document_id, scope=scope), span.start)
    return Excerpt(
        summary,
        reference(summary),
        span,
        page,
        tuple(_shortened(part) for part in parts[first:last]),
        starts_document=first == 0,
        ends_document=last >= len(parts),
        citation=citation,
    )


def _is_marked(part: Paragraph | Table) -> bool:
    if isinstance(part, Paragraph):
        return any(segment.is_marked for segment in part.segments)
    return any(segment.is_marked for row in part.rows for cell in row.cells for segment in cell)


def _shortened(part: Paragraph | Table) -> Paragraph | Table:
    """Return a table without the rows far from the cited words; paragraphs as they are."""
    if isinstance(part, Paragraph):
        return part
    marked = [at for at, row in enumerate(part.rows) if _is_marked(Table((row,)))]
    first, last = (marked[0], marked[-1]) if marked else (0, 0)
    return replace(part, rows=_around(part.rows, first, last))


def _around(rows: Sequence[Row], first: int, last: int) -> tuple[Row, ...]:
    return tuple(rows[max(0, first - PARTS_AROUND) : last + PARTS_AROUND + 1])


@router.get("/documents/{document_id}/source")
def source_part(
    request: Request,
    document_id: str,
    reader: ReaderHere,
    scope: ReadScope,
    start: int,
    end: int,
    citation: int | None = None,
) -> HTMLResponse:
    """Show the words at ``[start:end]`` with what stands around them: a part of a page, not a whole one."""
    found = None
    if 0 <= start < end:
        found = excerpt(reader.catalog, document_id, Span(start, end), scope=scope, citation=citation)
    if found is None:
        raise InvalidRequest("start and end name no words of this document")
    return HTMLResponse(fragment(request, "_source.html", source=found), headers=NOT_KEPT)
