"""Answers (回答) that can be checked: statements, their citations, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rag.domain.commitment import Commitment
from rag.domain.document import DocumentSummary
from rag.domain.event import Event
from rag.domain.span import Span


class Status(StrEnum):
    """Whether the documents answer the question."""

    ANSWERED = "answered"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words of a document behind a statement.

    Attributes:
        id: 1-based mark, as in ``[1]``.
        quote: Equal to the document's text at ``span``.
        page: 1-based page, or ``None``.
    """

    id: int
    document: DocumentSummary
    section: tuple[str, ...]
    span: Span
    quote: str
    page: int | None


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What follows from a document's words, in both languages: a day that it says by its own date (今年内), how many units it names."""

    chinese: str
    english: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the ids of the citations it rests on (at least one).

    Attributes:
        text: What is said; it ends with what was worked out, in brackets.
        worked_out: What in it is not in the words cited but follows from them, and the document's date.
        count: How many documents or duties there are, where that is what is said (计数).
        listed: How many of these the statements after it give.
    """

    text: str
    citations: tuple[int, ...]
    worked_out: WorkedOut | None = None
    count: int | None = None
    listed: int | None = None


class Mode(StrEnum):
    """Whose words the statements are."""

    EXTRACTIVE = "extractive"  # 摘句: the documents' own
    LLM = "llm"  # 代拟: a language model's, each sentence checked against the words it cites


@dataclass(frozen=True, slots=True)
class UnverifiedSentence:
    """A sentence that a language model wrote and that its citations do not bear (未核实). It is no part of the answer.

    Attributes:
        citations: As the model gave them; they may name what is not there.
        reasons: What does not hold.
    """

    text: str
    citations: tuple[int, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyFinding:
    """One duty of an answer about who is responsible; agency names as written."""

    task: str
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CommitmentFinding:
    """One commitment of an answer about what is planned, aimed at or done."""

    commitment: Commitment
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EventFinding:
    """One event of an answer about what was done, or when."""

    event: Event
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """What one document says of one of the places or years compared (对比).

    Attributes:
        place: The place compared, else the document's own.
        year: The year compared, else that of the document's date.
        text: A statement of the answer, without the name of its document.
        citations: Ids, as in the statement.
    """

    document: DocumentSummary
    place: str | None
    year: int | None
    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """A document offered when there is no evidence (线索)."""

    document_id: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or, with status ``NO_EVIDENCE``, a refusal.

    Attributes:
        text: What to show: the statements with ``[n]`` marks, or why there is no evidence.
        statements: Empty in a refusal.
        duties: Given when the question is about who is responsible.
        commitments: Given when the question is about what is planned, aimed at or done.
        events: Likewise, and of what was asked for with its date.
        leads: Nearest documents; given in a refusal only.
        comparison: A row a document, when places or years are compared.
        count: Of documents in the whole catalogue, or of duties, where a statement gives it (计数); ``None`` where one
            gives that of each place, year or document alone.
        is_english: Framed in English, around quotes in Chinese.
        glosses: English names of agencies that the answer names, by the name as written; for questions in English.
        interpreted: The follow-up made whole from the questions before (理解为); ``None`` for a whole question.
        notes: How the question was taken, where not as written: a slip that was mended, what a follow-up meant; what
            the answer keeps back; and why a language model that is set did not write it.
        mode: Whose words the statements are.
        unverified: What a language model wrote and could not be verified.
    """

    question: str
    status: Status
    text: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    duties: tuple[DutyFinding, ...] = ()
    commitments: tuple[CommitmentFinding, ...] = ()
    events: tuple[EventFinding, ...] = ()
    leads: tuple[Lead, ...] = ()
    count: int | None = None
    is_english: bool = False
    glosses: Mapping[str, str] = field(default_factory=dict)
    interpreted: str | None = None
    comparison: tuple[ComparisonRow, ...] = ()
    notes: tuple[str, ...] = ()
    mode: Mode = Mode.EXTRACTIVE
    unverified: tuple[UnverifiedSentence, ...] = ()
