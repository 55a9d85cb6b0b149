"""How precedents (先例) are presented."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from rag.app.strict import StrictModel
from rag.domain.precedent import Occurrence, Precedent, Precedents
from rag.domain.sentence import SentenceFunction
from rag.retrieval.wording import differences


class OccurrenceView(StrictModel):
    """A place where a sentence stands: ``quote`` is the document's text at ``[start:end]``."""

    document_id: str
    source: str
    title: str | None
    document_number: str | None
    issuer: str | None
    place: str | None
    issued_on: date | None
    section: list[str]
    page: int | None
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, occurrence: Occurrence) -> OccurrenceView:
        """Present an occurrence."""
        document = occurrence.document
        return cls(
            document_id=document.document_id,
            source=document.source,
            title=document.title,
            document_number=document.document_number,
            issuer=document.issuer,
            place=document.place,
            issued_on=document.issued_on,
            section=list(occurrence.section),
            page=occurrence.page,
            start=occurrence.span.start,
            end=occurrence.span.end,
            quote=occurrence.quote,
        )


class DifferenceView(StrictModel):
    """Words that are in both sentences, or only in the precedent (added) or the text asked for (removed)."""

    change: Literal["same", "added", "removed"]
    text: str


class PrecedentView(StrictModel):
    """A sentence of past documents in the same words, with the places where it stands, newest first."""

    text: str
    like: str = Field(description="The sentence of the text asked for that it is most like.")
    score: float
    wording: float = Field(description="How much of the words is shared, 0..1.")
    function: SentenceFunction = Field(description="What it is for (句子功能).")
    count: int = Field(description="How often it stands in the documents; occurrences may list fewer.")
    documents: int = Field(description="In how many documents.")
    years: list[int]
    places: list[str]
    differences: list[DifferenceView]
    occurrences: list[OccurrenceView]

    @classmethod
    def of(cls, precedent: Precedent, *, most_occurrences: int) -> PrecedentView:
        """Present a precedent with the newest of its occurrences."""
        return cls(
            text=precedent.text,
            like=precedent.like,
            score=precedent.score,
            wording=precedent.wording,
            function=precedent.function,
            count=len(precedent.occurrences),
            documents=precedent.documents,
            years=list(precedent.years),
            places=list(precedent.places),
            differences=[
                DifferenceView(change=d.change.value, text=d.text) for d in differences(precedent.like, precedent.text)
            ],
            occurrences=[OccurrenceView.of(each) for each in precedent.occurrences[:most_occurrences]],
        )


class FunctionView(StrictModel):
    """How many of the sentences found are for something, whichever function was asked for."""

    function: SentenceFunction
    sentences: int


class PrecedentsView(StrictModel):
    """Precedents found, best first; ``total`` counts them all."""

    text: str
    total: int
    functions: list[FunctionView]
    precedents: list[PrecedentView]

    @classmethod
    def of(cls, text: str, found: Precedents, *, most_occurrences: int) -> PrecedentsView:
        """Present what was found for a text."""
        return cls(
            text=text,
            total=found.total,
            functions=[FunctionView(function=name, sentences=count) for name, count in found.functions.items()],
            precedents=[PrecedentView.of(each, most_occurrences=most_occurrences) for each in found.found],
        )
