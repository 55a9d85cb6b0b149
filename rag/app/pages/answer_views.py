"""What the page of an answer shows (回答的展示): marks, and citations by document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rag.app.pages.links import Links
from rag.app.words.catalogue import Texts
from rag.domain.answer import Answer, Citation
from rag.domain.document import DocumentSummary


def reference(document: DocumentSummary) -> str:
    """Return how official text names a document: 《title》（文号）; its file where it has no title."""
    name = f"《{document.title}》" if document.title else document.source
    return name + (f"（{document.document_number}）" if document.document_number else "")


class Mark(NamedTuple):
    """A numbered mark: a link to the cited words.

    Attributes:
        label: What a screen reader says in place of the bare number.
    """

    id: int
    url: str
    label: str


def marks_of(answer: Answer, texts: Texts, links: Links) -> dict[int, Mark]:
    """Return the mark of each citation by its id."""
    return {
        c.id: Mark(
            c.id,
            links.document(c.document.document_id, c.span),
            texts("answer.mark", id=c.id, reference=reference(c.document)),
        )
        for c in answer.citations
    }


@dataclass(frozen=True, slots=True)
class CitationGroup:
    """The citations of one document, in the order of their ids."""

    document: DocumentSummary
    reference: str
    citations: tuple[Citation, ...]


def group_citations(answer: Answer) -> list[CitationGroup]:
    """Return the citations by document, in the order in which documents are first cited."""
    groups: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        groups.setdefault(citation.document.document_id, []).append(citation)
    return [CitationGroup(g[0].document, reference(g[0].document), tuple(g)) for g in groups.values()]
