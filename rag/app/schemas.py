"""The JSON of results (接口数据), for the command line and for HTTP alike. Fields may be added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

from pydantic import ConfigDict, Field

from rag.app.commitment_views import CommitmentFindingView
from rag.app.document_views import DisclosureName, TwinView
from rag.app.event_views import EventFindingView
from rag.app.examples import ANSWERED, FOUND, REFUSED
from rag.app.reader import Found
from rag.app.strict import StrictModel
from rag.domain.answer import Answer, ComparisonRow, Status
from rag.domain.document import DocumentSummary
from rag.domain.obligation import Duty
from rag.domain.passage import Hit
from rag.store.records import Twin

# ------------------------------------------------------------------------------------------ answers


class StatementView(StrictModel):
    """One sentence of an answer."""

    text: str
    citations: list[int]


class CitationView(StrictModel):
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
    also_in: list[TwinView] = Field([], description="Other files of the same text.")


class UnverifiedView(StrictModel):
    """A sentence of a language model that its citations do not bear; it is no part of the answer."""

    text: str
    citations: list[int]
    reasons: list[str]


class DutyFindingView(StrictModel):
    """A duty of an answer about who is responsible."""

    task: str
    lead: list[str]
    cooperating: list[str]
    citations: list[int]


class ComparisonRowView(StrictModel):
    """What one document says of one of the places or years compared."""

    document: str = Field(description="Id of the document.")
    place: str | None
    year: int | None
    text: str
    citations: list[int]

    @classmethod
    def of(cls, row: ComparisonRow) -> ComparisonRowView:
        """Present a row."""
        return cls(
            document=row.document.document_id,
            place=row.place,
            year=row.year,
            text=row.text,
            citations=list(row.citations),
        )


class LeadView(StrictModel):
    """A document near a question that has no answer."""

    document_id: str
    title: str | None


class AnswerView(StrictModel):
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
    commitments: list[CommitmentFindingView] | None = Field(
        None, description="Given when the question is about what is planned, aimed at or done."
    )
    events: list[EventFindingView] | None = Field(None, description="Likewise: what was done, with its time.")
    count: int | None = Field(
        None, description="Number of documents in the whole catalogue, when the question counts or lists them."
    )
    comparison: list[ComparisonRowView] | None = Field(
        None, description="A row a document, when the question compares places or years."
    )
    leads: list[LeadView] | None = Field(None, description="Given when status is no_evidence.")
    language: Literal["zh", "en"] = Field("zh", description="Of what stands around the quotes, which are Chinese.")
    glosses: dict[str, str] | None = Field(None, description="English names of agencies, by the name as written.")
    interpreted: str | None = Field(None, description="A follow-up made whole from the questions before (理解为).")
    notes: list[str] | None = Field(
        None, description="How the question was taken, where not as written, and how the answer came about."
    )
    mode: Literal["extractive", "llm"] = Field(
        "extractive", description="Whose words the statements are: the documents' own, or a language model's, checked."
    )
    unverified: list[UnverifiedView] | None = Field(
        None, description="What a language model wrote and could not be verified; no part of the answer."
    )
    elapsed_ms: float

    @classmethod
    def of(
        cls, answer: Answer, *, elapsed_ms: float, twins: Mapping[str, Sequence[Twin]] = MappingProxyType({})
    ) -> AnswerView:
        """Present an answer.

        Args:
            answer: The answer.
            elapsed_ms: What it took.
            twins: Other files of the texts cited, by document id.
        """
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
                    also_in=TwinView.list_of(twins.get(c.document.document_id, ())),
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
            commitments=[CommitmentFindingView.of(c) for c in answer.commitments] or None,
            events=[EventFindingView.of(e) for e in answer.events] or None,
            count=answer.count,
            comparison=[ComparisonRowView.of(row) for row in answer.comparison] or None,
            leads=[LeadView(document_id=x.document_id, title=x.title) for x in answer.leads]
            if answer.status is Status.NO_EVIDENCE
            else None,
            language="en" if answer.is_english else "zh",
            glosses=dict(answer.glosses) or None,
            interpreted=answer.interpreted,
            notes=list(answer.notes) or None,
            mode=answer.mode.value,
            unverified=[
                UnverifiedView(text=u.text, citations=list(u.citations), reasons=list(u.reasons))
                for u in answer.unverified
            ]
            or None,
            elapsed_ms=round(elapsed_ms, 1),
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON value; the fields that do not apply are left out."""
        value: dict[str, object] = self.model_dump(mode="json")
        optional = (
            "duties",
            "commitments",
            "events",
            "count",
            "comparison",
            "leads",
            "glosses",
            "interpreted",
            "notes",
            "unverified",
        )
        return {key: item for key, item in value.items() if not (key in optional and item is None)}


# ------------------------------------------------------------------------------------------- search


class RepeatView(StrictModel):
    """A passage of another document with the same words."""

    passage_id: str
    document_id: str
    source: str
    title: str | None


class ClauseView(StrictModel):
    """The clause that a passage stands in; ``text`` equals the document's at ``start`` and ``end``."""

    start: int
    end: int
    text: str


class HitView(StrictModel):
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
    also_in: list[TwinView] = Field([], description="Other files of the same text.")
    repeated_in: list[RepeatView] = Field(
        [], description="Passages of other documents with the same words, left out for this one."
    )
    clause: ClauseView | None = Field(None, description="The clause it stands in, where asked for.")


class HitsView(StrictModel):
    """Passages found, best first."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOUND]})
    hits: list[HitView]
    notes: list[str] = Field([], description="How the query was taken, where not as written.")

    @classmethod
    def of(cls, found: Found) -> HitsView:
        """Present what was found."""
        return cls(notes=list(found.notes), hits=[cls._hit(hit, found) for hit in found.hits])

    @staticmethod
    def _hit(hit: Hit, found: Found) -> HitView:
        passage, document = hit.passage, found.summaries[hit.passage.document_id]
        clause = found.clauses.get(passage.passage_id)
        return HitView(
            passage_id=passage.passage_id,
            document_id=passage.document_id,
            source=document.source,
            title=document.title,
            document_number=document.document_number,
            section=list(passage.section),
            page=passage.page,
            start=passage.span.start,
            end=passage.span.end,
            text=passage.text,
            score=round(hit.score, 6),
            parts={name: round(value, 6) for name, value in hit.parts.items()},
            also_in=TwinView.list_of(found.twins.get(passage.document_id, ())),
            repeated_in=[
                RepeatView(
                    passage_id=p.passage_id,
                    document_id=p.document_id,
                    source=found.summaries[p.document_id].source,
                    title=found.summaries[p.document_id].title,
                )
                for p in hit.repeated_in
            ],
            clause=ClauseView(start=clause.span.start, end=clause.span.end, text=clause.text) if clause else None,
        )


# ------------------------------------------------------------------------------------------- duties


class DutyView(StrictModel):
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


class DutiesView(StrictModel):
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
