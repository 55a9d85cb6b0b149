"""Sources (出处) of the documents that the catalogue knows."""

from __future__ import annotations

from rag.app.writing.draft import Source
from rag.domain.document import DocumentSummary
from rag.parsing.dates import date_of


def source_of(document: DocumentSummary) -> Source:
    """Return a document as drafts cite it: by its title, or by its file where it has none."""
    return Source(
        document.title or document.source,
        document.document_number,
        date_of(document).day,
        document.issuer,
        is_titled=document.title is not None,
    )
