"""How commitments (承诺事项) are presented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from rag.app.strict import StrictModel
from rag.domain.answer import CommitmentFinding
from rag.domain.commitment import Commitment, Figure
from rag.domain.document import DocumentSummary


class FigureView(StrictModel):
    """A number with its unit (数据); ``value`` is worked out (2.48万 is 24800), ``upper`` the end of a range."""

    text: str
    value: float
    upper: float | None
    unit: str
    bound: Literal["exact", "about", "least", "most", "range", "ratio"]
    counted: str
    scope: str
    date: str
    start: int
    end: int

    @classmethod
    def of(cls, figure: Figure) -> FigureView:
        """Present a figure."""
        return cls(
            text=figure.text,
            value=figure.value,
            upper=figure.upper,
            unit=figure.unit,
            bound=figure.bound.value,
            counted=figure.counted,
            scope=figure.scope,
            date=figure.date,
            start=figure.span.start,
            end=figure.span.end,
        )


class CommitmentView(StrictModel):
    """A commitment (承诺事项): who does what by when, or has done how much; ``quote`` is the text at ``[start:end]``.

    ``deadline`` is worked out from ``deadline_text`` and the document's date (今年内 of 2023 is 2023-12-31).
    """

    text: str
    actor: str | None
    action: str
    deadline: date | None
    deadline_text: str | None
    figures: list[FigureView]
    status: Literal["done", "planned", "target"]
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
    def of(cls, commitment: Commitment, document: DocumentSummary, text: str) -> CommitmentView:
        """Present a commitment.

        Args:
            commitment: The commitment.
            document: Its document.
            text: The document's canonical text.
        """
        return cls(
            text=commitment.text,
            actor=commitment.actor,
            action=commitment.action,
            deadline=commitment.deadline,
            deadline_text=commitment.deadline_text,
            figures=[FigureView.of(figure) for figure in commitment.figures],
            status=commitment.status.value,
            section=list(commitment.section),
            quote=commitment.span.of(text),
            start=commitment.span.start,
            end=commitment.span.end,
            page=commitment.page,
            document_id=document.document_id,
            source=document.source,
            title=document.title,
            document_number=document.document_number,
            issuer=document.issuer,
            place=document.place,
            issued_on=document.issued_on,
        )


class CommitmentFindingView(StrictModel):
    """A commitment of an answer; ``deadline`` is worked out from ``deadline_text`` and the document's date."""

    action: str
    actor: str | None
    status: Literal["done", "planned", "target"]
    deadline: date | None
    deadline_text: str | None
    citations: list[int]

    @classmethod
    def of(cls, finding: CommitmentFinding) -> CommitmentFindingView:
        """Present a commitment."""
        said = finding.commitment
        return cls(
            action=said.action,
            actor=said.actor,
            status=said.status.value,
            deadline=said.deadline,
            deadline_text=said.deadline_text,
            citations=list(finding.citations),
        )


class CommitmentsView(StrictModel):
    """Commitments found.

    Attributes:
        total: How many there are in all; ``commitments`` may be one page of them.
    """

    total: int
    commitments: list[CommitmentView]

    @classmethod
    def of(
        cls, found: Sequence[tuple[Commitment, DocumentSummary]], texts: Mapping[str, str], *, total: int
    ) -> CommitmentsView:
        """Present commitments with their documents.

        Args:
            found: Those of this page.
            texts: Canonical texts of their documents, by id.
            total: How many there are in all.
        """
        return cls(total=total, commitments=[CommitmentView.of(c, d, texts[d.document_id]) for c, d in found])
