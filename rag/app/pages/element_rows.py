"""Rows of a document's elements (公文要素), as its page lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.app.pages.links import Links
from rag.app.provenance import reading_in_words
from rag.app.words.catalogue import Texts
from rag.domain.document import OfficialDocument, Proposal


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
