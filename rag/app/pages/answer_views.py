"""What the page of an answer shows (回答的展示): marks, citations by document, leads, and the answer as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rag.app.pages.links import Links
from rag.app.words.catalogue import Texts
from rag.domain.access import Scope
from rag.domain.answer import Answer, Citation, Status
from rag.domain.document import DocumentSummary
from rag.store.repository import Catalog

_TIP_CHARACTERS = 300


def reference(document: DocumentSummary) -> str:
    """Return how official text names a document: 《title》（文号）; its file where it has no title."""
    name = f"《{document.title}》" if document.title else document.source
    return name + (f"（{document.document_number}）" if document.document_number else "")


class Mark(NamedTuple):
    """A numbered mark: a link to the cited words.

    Attributes:
        label: What a screen reader says in place of the bare number.
        quote: The cited words, cut where they are long.
        source: Address of the cited words with what stands around them, for the pane.
    """

    id: int
    url: str
    label: str
    quote: str
    source: str


def mark_of(citation: Citation, texts: Texts, links: Links) -> Mark:
    """Return the mark of a citation."""
    quote = citation.quote
    return Mark(
        citation.id,
        links.document(citation.document.document_id, citation.span),
        texts("answer.mark", id=citation.id, reference=reference(citation.document)),
        quote if len(quote) <= _TIP_CHARACTERS else quote[:_TIP_CHARACTERS] + "…",
        links.source(citation.document.document_id, citation.span, citation.id),
    )


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


def as_text(answer: Answer, texts: Texts) -> str:
    """Return an answer to be pasted elsewhere: the statements with their marks, then a line for each citation."""
    lines = [s.text + "".join(f"[{i}]" for i in s.citations) for s in answer.statements]
    lines += ["", texts("answer.citations")]
    lines += [f"[{c.id}] {reference(c.document)}：“{c.quote}”" for c in answer.citations]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """An answer with all that its page shows of it."""

    answer: Answer
    marks: dict[int, Mark]
    groups: list[CitationGroup]
    leads: list[DocumentSummary]
    text: str

    @classmethod
    def of(cls, answer: Answer, catalog: Catalog, *, scope: Scope, texts: Texts, links: Links) -> AnswerPage:
        """Gather what the page shows.

        Args:
            answer: The answer.
            catalog: Where the leads are looked up.
            scope: What the asker may see.
            texts: Words of the page.
            links: Addresses.
        """
        return cls(
            answer,
            {c.id: mark_of(c, texts, links) for c in answer.citations},
            group_citations(answer),
            list(catalog.summaries([lead.document_id for lead in answer.leads], scope=scope).values()),
            as_text(answer, texts),
        )

    @property
    def is_refused(self) -> bool:
        """Whether the documents do not say."""
        return self.answer.status is Status.NO_EVIDENCE
