"""The JSON of documents (文件数据): in a list, and one with its elements. Fields may be added, never renamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from rag.app.strict import StrictModel
from rag.domain.document import DocumentSummary, Elements, Kind, OfficialDocument
from rag.domain.reading import Reading
from rag.domain.span import Span
from rag.store.browsing import Facet
from rag.store.records import Page, Tally, Twin

DisclosureName = Literal["public", "on_request", "internal", "unlabelled"]


class TwinView(StrictModel):
    """Another file of the same text."""

    document_id: str
    source: str

    @classmethod
    def list_of(cls, twins: Sequence[Twin]) -> list[TwinView]:
        """Present twins."""
        return [cls(document_id=twin.document_id, source=twin.source) for twin in twins]


class SummaryView(StrictModel):
    """A document in a list."""

    document_id: str
    source: str
    title: str | None
    document_number: str | None
    issuer: str | None
    place: str | None
    kind: Kind
    issued_on: date | None
    printed_on: date | None
    disclosure: DisclosureName
    also_in: list[TwinView] = Field([], description="Other files of the same text.")

    @classmethod
    def of(cls, document: DocumentSummary, twins: Sequence[Twin] = ()) -> SummaryView:
        """Present a summary."""
        return cls(
            document_id=document.document_id,
            source=document.source,
            title=document.title,
            document_number=document.document_number,
            issuer=document.issuer,
            place=document.place,
            kind=document.kind,
            issued_on=document.issued_on,
            printed_on=document.printed_on,
            disclosure=document.disclosure.value,
            also_in=TwinView.list_of(twins),
        )


class TallyView(StrictModel):
    """A value and how many documents bear it."""

    value: str
    documents: int


class DocumentsView(StrictModel):
    """One page of a list of documents."""

    total: int
    limit: int | None
    offset: int
    documents: list[SummaryView]
    facets: dict[str, list[TallyView]] | None = Field(
        None, description="Of all documents found, but for what the facet itself chooses; null where not asked for."
    )

    @classmethod
    def of(
        cls,
        page: Page,
        twins: Mapping[str, Sequence[Twin]],
        *,
        limit: int | None,
        offset: int,
        facets: Mapping[Facet, Sequence[Tally]] | None = None,
    ) -> DocumentsView:
        """Present a page of documents, with the other files of each one's text."""
        found = [SummaryView.of(d, twins.get(d.document_id, ())) for d in page.documents]
        tallies: dict[str, list[TallyView]] | None = None
        if facets is not None:
            tallies = {
                facet.value: [TallyView(value=t.value, documents=t.documents) for t in of]
                for facet, of in facets.items()
            }
        return cls(total=page.total, limit=limit, offset=offset, documents=found, facets=tallies)


class SuggestionView(StrictModel):
    """A document that is perhaps meant."""

    document_id: str
    title: str | None
    source: str
    document_number: str | None
    issuer: str | None
    issued_on: date | None


class SuggestionsView(StrictModel):
    """Documents that are perhaps meant, titles that begin with the words first."""

    suggestions: list[SuggestionView]

    @classmethod
    def of(cls, documents: Iterable[DocumentSummary]) -> SuggestionsView:
        """Present documents found by a part of their names."""
        return cls(
            suggestions=[
                SuggestionView(
                    document_id=d.document_id,
                    title=d.title,
                    source=d.source,
                    document_number=d.document_number,
                    issuer=d.issuer,
                    issued_on=d.issued_on,
                )
                for d in documents
            ]
        )


class SpanView(StrictModel):
    """Where words stand in a document's text."""

    start: int
    end: int

    @classmethod
    def of(cls, span: Span) -> SpanView:
        """Present a span."""
        return cls(start=span.start, end=span.end)


class ProposalView(StrictModel):
    """The proposal that a reply answers."""

    body: Literal["cppcc", "npc"]
    session: str | None
    number: str | None
    title: str | None


class ReadingView(StrictModel):
    """How a document's file was read."""

    media_type: str = Field(description="Of the content, whatever the file is called.")
    ocr_pages: list[int] = Field(description="Pages recognised from an image (扫描识别).")
    confidence: float | None = Field(description="Mean confidence of the recognised characters, 0..1.")
    hidden_characters: int = Field(description="Characters that the file holds but does not show; not in the text.")
    attachments: list[str] = Field(description="Names of files packed into it; not in the text.")

    @classmethod
    def of(cls, reading: Reading) -> ReadingView:
        """Present how a file was read."""
        return cls(
            media_type=reading.media_type,
            ocr_pages=list(reading.ocr_pages),
            confidence=None if reading.confidence is None else round(reading.confidence, 4),
            hidden_characters=reading.hidden_characters,
            attachments=list(reading.attachments),
        )


class DocumentView(StrictModel):
    """A document's elements (公文要素); absent ones are null or empty, and each one read from the text has its spans."""

    document_id: str
    source: str
    sha256: str
    title: str | None
    document_number: str | None
    issuer: str | None
    co_issuers: list[str]
    place: str | None
    kind: Kind
    reply_category: str | None
    proposal: ProposalView | None
    addressees: list[str]
    cc: list[str]
    signatory: str | None
    issued_on: date | None
    printed_on: date | None
    disclosure: DisclosureName
    attachments: list[str]
    lead_unit: str | None
    cooperating_units: list[str]
    pages: int | None
    corrected: list[str] = Field(description="Elements stated by hand (人工更正); they have no spans.")
    sources: list[str] = Field(description="All files of these very bytes.")
    also_in: list[TwinView] = Field(description="Other files of the same text.")
    reading: ReadingView
    spans: dict[str, list[SpanView]]
    text: str

    @classmethod
    def of(cls, document: OfficialDocument, *, sources: Sequence[str], twins: Sequence[Twin]) -> DocumentView:
        """Present a document.

        Args:
            document: The document.
            sources: Paths of the files that hold it.
            twins: Other files of its text.
        """
        e: Elements = document.elements
        return cls(
            document_id=document.document_id,
            source=document.source,
            sha256=document.sha256,
            title=e.title,
            document_number=e.document_number,
            issuer=e.issuer,
            co_issuers=list(e.co_issuers),
            place=e.place,
            kind=document.kind,
            reply_category=e.reply_category,
            proposal=ProposalView(
                body=e.proposal.body.value, session=e.proposal.session, number=e.proposal.number, title=e.proposal.title
            )
            if e.proposal
            else None,
            addressees=list(e.addressees),
            cc=list(e.cc),
            signatory=e.signatory,
            issued_on=e.issued_on,
            printed_on=e.printed_on,
            disclosure=e.disclosure.value,
            attachments=list(e.attachments),
            lead_unit=e.lead_unit,
            cooperating_units=list(e.cooperating_units),
            pages=document.pages,
            corrected=list(e.corrected),
            sources=list(sources),
            also_in=TwinView.list_of(twins),
            reading=ReadingView.of(document.reading),
            spans={name: [SpanView.of(s) for s in spans] for name, spans in e.spans.items()},
            text=document.text,
        )


class TextView(StrictModel):
    """A document's canonical text (规范文本)."""

    text: str
