"""Which document is answered from in a run of clauses (连续作答), and not sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.evidence import Evidence
from rag.answering.intent import DUTY_INTENTS, Intent, Reading
from rag.answering.kinds import asks_number_to_call
from rag.answering.penalties import asks_penalty
from rag.answering.polarity import asks_yes_or_no
from rag.answering.progress import asked_statuses
from rag.domain.document import DocumentSummary, Kind
from rag.domain.personal import MASK
from rag.retrieval.question import Question

_BY_SENTENCES = frozenset({Kind.REPLY, Kind.PLAN, Kind.LAW})

_RUN_WHERE_NAMED = frozenset({Intent.HOW, Intent.FACT})


def running_document(question: Question, reading: Reading, evidence: Sequence[Evidence]) -> DocumentSummary | None:
    """Return the supporting document that the search found first, if it is one that runs on.

    Args:
        question: The question.
        reading: Its intent.
        evidence: Supported candidates.
    """
    if not evidence or (asks_number_to_call(question) and MASK in evidence[0].text):
        return None  # a masked number by itself says nothing; its sentence says whose it is
    first = max(evidence, key=lambda e: e.relevance).document
    return first if _runs_on(first, question, reading) else None


def _runs_on(document: DocumentSummary, question: Question, reading: Reading) -> bool:
    """Whether a document tells what is asked in a run of clauses, not in a sentence of its own.

    Replies, plans and laws give each thing its sentence. Of other documents of a place or number that is named, how something
    is done and what it is stand in a run; a figure, a day or a place, whether it is so and what was done in sentences.
    Of several places asked for side by side each has its own document; one that comes from none tells of all of them.
    """
    is_named = question.document_numbers or any(place.names[:1] == (document.place,) for place in question.places)
    return (
        document.kind not in _BY_SENTENCES
        and reading.intent not in DUTY_INTENTS
        and (not is_named or _runs_where_named(question, reading))
        and not asks_penalty(question)
        and not (reading.across and document.place is not None)
    )


def _runs_where_named(question: Question, reading: Reading) -> bool:
    return (
        reading.intent in _RUN_WHERE_NAMED
        and not question.is_english
        and not asks_yes_or_no(question)
        and not asked_statuses(question, reading)
    )
