"""Who has to do what (职责分工): duties with their lead and cooperating units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.domain.span import Span


class DutyForm(StrEnum):
    """How a document states a duty."""

    BRACKET = "bracket"  # 〔X牵头，Y按职责分工负责〕
    STATEMENT = "statement"  # X负责…；X牵头…
    HANDLING = "handling"  # 由X主办，Y协办


@dataclass(frozen=True, slots=True)
class DutyQuery:
    """Conditions on duties; ``None`` asks for nothing.

    Attributes:
        words: Separated by blanks. The duty holds each: itself, in its headings, in the names of its units (an agency
            is also found by another of its names) or in the title of its document.
        units: Keys, as the catalog gives them, of groups of lead and cooperating units; it is of one of these groups.
    """

    words: str = ""
    units: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One task and the units that answer for it.

    Agency names are as written. A unit "responsible by division of work" (按职责分工负责) without a
    lead makes the duty's ``lead`` empty and stands under ``cooperating``.

    Attributes:
        task: What is to be done, layout spaces taken out.
        task_span: Where those words stand.
        span: Where the units are named: the bracket, or the sentence.
        section: Heading path.
        lead: 牵头 or 主办 units; for a statement, the units that are made responsible.
        cooperating: 配合, 协办 or 按职责分工负责 units.
        lead_normalized: ``lead`` with aliases resolved (市卫健委 → 市卫生健康委员会).
        cooperating_normalized: Likewise for ``cooperating``.
        page: 1-based page, or ``None``.
    """

    task: str
    task_span: Span
    span: Span
    section: tuple[str, ...]
    form: DutyForm
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    lead_normalized: tuple[str, ...]
    cooperating_normalized: tuple[str, ...]
    page: int | None = None
