"""The JSON that callers see (接口数据), for the command line and for HTTP alike. Fields may be added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rag.app.examples import ANSWERED, FOUND, REFUSED
from rag.domain.answer import Answer, Status
from rag.domain.document import DocumentSummary, Elements, Kind, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.obligation import Duty
from rag.domain.passage import Hit
from rag.domain.span import Span

if TYPE_CHECKING:  # a question must not wait for what only ingestion needs
    from rag.ingest import IngestReport


def _encodable(text: str) -> str:
    # JSON can spell half a character (a lone surrogate), which no text may hold.
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("not valid Unicode") from error
    return text


Words = Annotated[str, AfterValidator(_encodable)]
"""Text from a caller."""

MOST_ROWS = 2**31 - 1
"""Largest number taken for a place in a list."""

DisclosureName = Literal["public", "on_request", "internal", "unlabelled"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


# ----------------------------------------------------------------------------------------- requests


class FilterBody(_Model):
    """Conditions on documents; all that are given must hold."""

    issuer: Words | None = Field(None, description="Part of the issuing organ's name (发文机关).")
    place: Words | None = Field(None, description="Part of the place's name (地区).")
    document_number: Words | None = Field(None, description="发文字号, in any bracket style.")
    kind: Kind | None = Field(None, description="Kind of document (文种).")
    year_from: int | None = Field(None, ge=1900, le=2200, description="First year of issue.")
    year_to: int | None = Field(None, ge=1900, le=2200, description="Last year of issue.")
    topic: Words | None = Field(None, description="Words in the title or a heading (主题).")
    source: Words | None = Field(None, description="Path of the file, or a folder above it.")

    def to_domain(self) -> Filters:
        """Return the filters as the lower floors take them."""
        return Filters(**self.model_dump())


class AskBody(_Model):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "哪些部门牵头学生心理工作？", "filters": {"place": "云岫"}}]},
    )
    question: Words = Field(description="The question, in Chinese or English; at most 2,000 characters.")
    top_k: int = Field(10, ge=1, le=100, description="Most citations wanted.")
    filters: FilterBody = FilterBody()


class BatchLine(_Model):
    """A line of ``rag ask --batch``; other fields are passed over."""

    model_config = ConfigDict(extra="ignore")
    id: Words | int
    question: Words


class SearchBody(_Model):
    """A search."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": "心理援助热线", "top_k": 5}]})
    query: Words = Field(description="Words to look for; at most 2,000 characters.")
    top_k: int = Field(10, ge=1, le=200, description="Most passages wanted.")
    filters: FilterBody = FilterBody()


# ------------------------------------------------------------------------------------------ answers


class StatementView(_Model):
    """One sentence of an answer."""

    text: str
    citations: list[int]


class CitationView(_Model):
    """The exact words behind a statement: ``quote`` is the document's text at ``[start:end]``."""

    id: int
    document_id: str
    source: str
    title: str | None
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    disclosure: DisclosureName
    section: list[str]
    page: int | None
    start: int
    end: int
    quote: str


class DutyFindingView(_Model):
    """A duty of an answer about who is responsible."""

    task: str
    lead: list[str]
    cooperating: list[str]
    citations: list[int]


class LeadView(_Model):
    """A document near a question that has no answer."""

    document_id: str
    title: str | None


class AnswerView(_Model):
    """An answer with its citations, or a refusal."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWERED, REFUSED]})
    question: str
    status: Literal["answered", "no_evidence"]
    answer: str
    statements: list[StatementView]
    citations: list[CitationView]
    duties: list[DutyFindingView] | None = Field(
        None, description="Given when the question is about who is responsible."
    )
    leads: list[LeadView] | None = Field(None, description="Given when status is no_evidence.")
    elapsed_ms: float

    @classmethod
    def of(cls, answer: Answer, *, elapsed_ms: float) -> AnswerView:
        """Present an answer."""
        return cls(
            question=answer.question,
            status=answer.status.value,
            answer=answer.text,
            statements=[StatementView(text=s.text, citations=list(s.citations)) for s in answer.statements],
            citations=[
                CitationView(
                    id=c.id,
                    document_id=c.document.document_id,
                    source=c.document.source,
                    title=c.document.title,
                    document_number=c.document.document_number,
                    issuer=c.document.issuer,
                    issued_on=c.document.issued_on,
                    disclosure=c.document.disclosure.value,
                    section=list(c.section),
                    page=c.page,
                    start=c.span.start,
                    end=c.span.end,
                    quote=c.quote,
                )
                for c in answer.citations
            ],
            duties=[
                DutyFindingView(
                    task=d.task, lead=list(d.lead), cooperating=list(d.cooperating), citations=list(d.citations)
                )
                for d in answer.duties
            ]
            or None,
            leads=[LeadView(document_id=x.document_id, title=x.title) for x in answer.leads]
            if answer.status is Status.NO_EVIDENCE
            else None,
            elapsed_ms=round(elapsed_ms, 1),
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON value; ``duties`` and ``leads`` are left out where they do not apply."""
        value: dict[str, object] = self.model_dump(mode="json")
        return {key: item for key, item in value.items() if not (key in ("duties", "leads") and item is None)}


# ------------------------------------------------------------------------------------------- search


class HitView(_Model):
    """A passage found."""

    passage_id: str
    document_id: str
    source: str
    title: str | None
    document_number: str | None
    section: list[str]
    page: int | None
    start: int
    end: int
    text: str
    score: float
    parts: dict[str, float] = Field(default_factory=dict, description="What each leg of the search gave, 0..1.")


class HitsView(_Model):
    """Passages found, best first."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOUND]})
    hits: list[HitView]

    @classmethod
    def of(cls, hits: Sequence[Hit], documents: dict[str, DocumentSummary]) -> HitsView:
        """Present hits with their documents."""
        return cls(
            hits=[
                HitView(
                    passage_id=h.passage.passage_id,
                    document_id=h.passage.document_id,
                    source=documents[h.passage.document_id].source,
                    title=documents[h.passage.document_id].title,
                    document_number=documents[h.passage.document_id].document_number,
                    section=list(h.passage.section),
                    page=h.passage.page,
                    start=h.passage.span.start,
                    end=h.passage.span.end,
                    text=h.passage.text,
                    score=round(h.score, 6),
                    parts={name: round(value, 6) for name, value in h.parts.items()},
                )
                for h in hits
            ]
        )


# ---------------------------------------------------------------------------------------- documents


class SummaryView(_Model):
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

    @classmethod
    def of(cls, document: DocumentSummary) -> SummaryView:
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
        )


class DocumentsView(_Model):
    """One page of a list of documents."""

    total: int
    limit: int | None
    offset: int
    documents: list[SummaryView]


class SpanView(_Model):
    """Where words stand in a document's text."""

    start: int
    end: int

    @classmethod
    def of(cls, span: Span) -> SpanView:
        """Present a span."""
        return cls(start=span.start, end=span.end)


class ProposalView(_Model):
    """The proposal that a reply answers."""

    body: Literal["cppcc", "npc"]
    session: str | None
    number: str | None
    title: str | None


class DocumentView(_Model):
    """A document's elements (公文要素); absent ones are null or empty, and each found one has its spans."""

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
    spans: dict[str, list[SpanView]]
    text: str

    @classmethod
    def of(cls, document: OfficialDocument) -> DocumentView:
        """Present a document."""
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
            spans={name: [SpanView.of(s) for s in spans] for name, spans in e.spans.items()},
            text=document.text,
        )


class TextView(_Model):
    """A document's canonical text (规范文本)."""

    text: str


# ------------------------------------------------------------------------------------------- duties


class DutyView(_Model):
    """A duty (职责分工): a task, who leads it and who cooperates, as written; ``quote`` is the text at ``[start:end]``."""

    task: str
    section: list[str]
    lead: list[str]
    cooperating: list[str]
    lead_normalized: list[str]
    cooperating_normalized: list[str]
    form: Literal["bracket", "statement", "handling"]
    quote: str
    start: int
    end: int
    task_start: int
    task_end: int
    page: int | None
    document_id: str
    source: str
    title: str | None
    document_number: str | None
    place: str | None
    issued_on: date | None

    @classmethod
    def of(cls, duty: Duty, document: DocumentSummary, text: str) -> DutyView:
        """Present a duty.

        Args:
            duty: The duty.
            document: Its document.
            text: The document's canonical text.
        """
        return cls(
            task=duty.task,
            section=list(duty.section),
            lead=list(duty.lead),
            cooperating=list(duty.cooperating),
            lead_normalized=list(duty.lead_normalized),
            cooperating_normalized=list(duty.cooperating_normalized),
            form=duty.form.value,
            quote=duty.span.of(text),
            start=duty.span.start,
            end=duty.span.end,
            task_start=duty.task_span.start,
            task_end=duty.task_span.end,
            page=duty.page,
            document_id=document.document_id,
            source=document.source,
            title=document.title,
            document_number=document.document_number,
            place=document.place,
            issued_on=document.issued_on,
        )


class DutiesView(_Model):
    """Duties found.

    Attributes:
        total: How many there are in all; ``duties`` may be one page of them.
    """

    total: int
    duties: list[DutyView]

    @classmethod
    def of(cls, found: Sequence[tuple[Duty, DocumentSummary]], texts: Mapping[str, str], *, total: int) -> DutiesView:
        """Present duties with their documents.

        Args:
            found: Those of this page.
            texts: Canonical texts of their documents, by id.
            total: How many there are in all.
        """
        return cls(total=total, duties=[DutyView.of(duty, d, texts[d.document_id]) for duty, d in found])


# ------------------------------------------------------------------------------------------- ingest


class FailureView(_Model):
    """A file that could not be taken in."""

    source: str
    reason: str


class IngestView(_Model):
    """What an ingest did."""

    added: int
    updated: int
    unchanged: int
    moved: int
    removed: int
    failed: list[FailureView]
    documents: int
    passages: int
    seconds: float

    @classmethod
    def of(cls, report: IngestReport) -> IngestView:
        """Present a report."""
        return cls(
            added=report.added,
            updated=report.updated,
            unchanged=report.unchanged,
            moved=report.moved,
            removed=report.removed,
            failed=[FailureView(source=f.source, reason=f.reason) for f in report.failed],
            documents=report.documents,
            passages=report.passages,
            seconds=report.seconds,
        )
