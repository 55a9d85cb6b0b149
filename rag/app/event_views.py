"""How events (事件) are presented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rag.app.strict import StrictModel
from rag.domain.answer import EventFinding
from rag.domain.document import DocumentSummary
from rag.domain.event import Event


class EventView(StrictModel):
    """An event (事件): who did what, when and where; ``quote`` is the text at ``[start:end]``.

    ``starts_on`` and ``ends_on`` are ``when`` as days, worked out from the document's date (今年4月上旬 of 2025 is
    2025-04-01 to 2025-04-10), ``resolved`` says them in words; ``ends_on`` is null for what goes on, all three for what
    cannot be told.
    """

    text: str
    act: str
    what: str
    actor: str | None
    where: str | None
    when: str
    resolved: str | None
    starts_on: date | None
    ends_on: date | None
    section: list[str]
    quote: str
    start: int
    end: int
    page: int | None
    document_id: str
    source: str
    title: str | None
    document_number: str | None
    issuer: str | None
    place: str | None
    issued_on: date | None

    @classmethod
    def of(cls, event: Event, document: DocumentSummary, text: str) -> EventView:
        """Present an event.

        Args:
            event: The event.
            document: Its document.
            text: The document's canonical text.
        """
        period = event.period
        return cls(
            text=event.text,
            act=event.act,
            what=event.what,
            actor=event.actor,
            where=event.where,
            when=event.when,
            resolved=period.in_chinese() if period else None,
            starts_on=period.first if period else None,
            ends_on=period.last if period else None,
            section=list(event.section),
            quote=event.span.of(text),
            start=event.span.start,
            end=event.span.end,
            page=event.page,
            document_id=document.document_id,
            source=document.source,
            title=document.title,
            document_number=document.document_number,
            issuer=document.issuer,
            place=document.place,
            issued_on=document.issued_on,
        )


class EventFindingView(StrictModel):
    """An event of an answer; its days are worked out from ``when`` and the document's date."""

    what: str
    actor: str | None
    when: str
    starts_on: date | None
    ends_on: date | None
    citations: list[int]

    @classmethod
    def of(cls, finding: EventFinding) -> EventFindingView:
        """Present an event."""
        said = finding.event
        return cls(
            what=said.what,
            actor=said.actor,
            when=said.when,
            starts_on=said.period.first if said.period else None,
            ends_on=said.period.last if said.period else None,
            citations=list(finding.citations),
        )


class EventsView(StrictModel):
    """Events found.

    Attributes:
        total: How many there are in all; ``events`` may be one page of them.
    """

    total: int
    events: list[EventView]

    @classmethod
    def of(cls, found: Sequence[tuple[Event, DocumentSummary]], texts: Mapping[str, str], *, total: int) -> EventsView:
        """Present events with their documents.

        Args:
            found: Those of this page.
            texts: Canonical texts of their documents, by id.
            total: How many there are in all.
        """
        return cls(total=total, events=[EventView.of(e, d, texts[d.document_id]) for e, d in found])
