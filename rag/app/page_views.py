"""What the pages show (网页数据): links, marks, citations by document, rows of elements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode

from rag.app.messages import Language, Texts
from rag.app.provenance import reading_in_words
from rag.domain.answer import Answer, Citation
from rag.domain.document import DocumentSummary, OfficialDocument, Proposal
from rag.domain.span import Span

QUOTE_ANCHOR = "quote"
"""Fragment of the first of the cited words on a document's page."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages, in the language of the page that links."""

    language: Language

    def to(self, path: str, **parameters: str | int | None) -> str:
        """Return the address of a page; parameters that are ``None`` or empty are left out."""
        given = {name: value for name, value in parameters.items() if value not in (None, "")}
        if self.language is not Language.ZH:
            given["lang"] = self.language.value
        return path + (f"?{urlencode(given)}" if given else "")

    def document(self, document_id: str, span: Span | None = None) -> str:
        """Return the address of a document, or of words in it."""
        path = f"/documents/{quote(document_id, safe='')}"
        return self.to(path, start=span.start, end=span.end) + f"#{QUOTE_ANCHOR}" if span else self.to(path)


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


class ElementValue(NamedTuple):
    """One value of an element, with a link to where it stands when the text holds it."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ElementRow:
    """An element that the document has.

    Attributes:
        name: As in ``Elements``; the label is the message ``element.<name>``.
        is_own_words: The values are words of the document, not of the page.
    """

    name: str
    values: tuple[ElementValue, ...]
    is_own_words: bool = True


def element_rows(document: OfficialDocument, sources: Sequence[str], texts: Texts, links: Links) -> list[ElementRow]:
    """Return the elements to list; an absent one has no row, except the label, which is always told.

    Args:
        document: The document.
        sources: Files of its very bytes.
        texts: Words of the page.
        links: Addresses.
    """
    e = document.elements

    def row(name: str, values: Iterable[str | None], *, is_own_words: bool = True) -> list[ElementRow]:
        present = [value for value in values if value]
        spans = e.spans.get(name, ())
        # A value whose place is not sure gets no link.
        urls = [links.document(document.document_id, s) for s in spans] if len(spans) == len(present) else []
        shown = (ElementValue(v, urls[i] if urls else None) for i, v in enumerate(present))
        return [ElementRow(name, tuple(shown), is_own_words)] if present else []

    return [
        *row("document_number", [e.document_number]),
        *row("issuer", [e.issuer]),
        *row("co_issuers", e.co_issuers),
        *row("issued_on", [texts.day(e.issued_on) if e.issued_on else None], is_own_words=False),
        *row("disclosure", [texts(f"disclosure.{e.disclosure.value}")], is_own_words=False),
        *row("kind", [texts(f"kind.{document.kind.value}")], is_own_words=False),
        *row("place", [e.place]),
        *row("reply_category", [e.reply_category]),
        *row("proposal", [_proposal(e.proposal, texts) if e.proposal else None], is_own_words=False),
        *row("addressees", e.addressees),
        *row("lead_unit", [e.lead_unit]),
        *row("cooperating_units", e.cooperating_units),
        *row("signatory", [e.signatory]),
        *row("attachments", e.attachments),
        *row("cc", e.cc),
        *row("printed_on", [texts.day(e.printed_on) if e.printed_on else None], is_own_words=False),
        *row("pages", [str(document.pages) if document.pages else None], is_own_words=False),
        *row("source", sources, is_own_words=False),
        *row("reading", reading_in_words(document.reading, document.pages, texts), is_own_words=False),
        *row("packed", document.reading.attachments),
        *row("corrected", [texts(f"element.{name}") for name in e.corrected], is_own_words=False),
    ]


def _proposal(proposal: Proposal, texts: Texts) -> str:
    parts = (
        texts(f"proposal.{proposal.body.value}"),
        proposal.session,
        texts("proposal.number", number=proposal.number) if proposal.number else None,
        f"《{proposal.title}》" if proposal.title else None,
    )
    return " ".join(part for part in parts if part)
