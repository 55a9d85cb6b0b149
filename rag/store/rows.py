"""Domain objects to and from rows.

What is only ever read whole is kept as JSON through pydantic, so that a new field with a default needs
no migration; what is filtered or joined on has a column of its own.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from datetime import date

from pydantic import TypeAdapter
from pydantic_core import from_json

from rag.domain.access import Disclosure, Scope
from rag.domain.commitment import Commitment
from rag.domain.document import Block, DocumentSummary, Elements, Kind, OfficialDocument
from rag.domain.event import Event
from rag.domain.obligation import Duty
from rag.domain.passage import Clause, Passage
from rag.domain.personal import PersonalData, PersonalKind
from rag.domain.reading import Reading
from rag.domain.span import Span
from rag.parsing.dates import date_of
from rag.store.conditions import Condition, issuer_keys, place_keys, source_of
from rag.store.fact_words import words_of
from rag.text import fold, normalize_document_number, squeeze

elements_json: TypeAdapter[Elements] = TypeAdapter(Elements)
blocks_json: TypeAdapter[tuple[Block, ...]] = TypeAdapter(tuple[Block, ...])
clauses_json: TypeAdapter[tuple[Clause, ...]] = TypeAdapter(tuple[Clause, ...])
reading_json: TypeAdapter[Reading] = TypeAdapter(Reading)
duty_json: TypeAdapter[Duty] = TypeAdapter(Duty)
commitment_json: TypeAdapter[Commitment] = TypeAdapter(Commitment)
event_json: TypeAdapter[Event] = TypeAdapter(Event)

FACT_WORDS = "rag_fact_words"
"""Name in SQL of ``add_fact_words``, for the migration that fills in the words of facts stored without."""

_FACTS_JSON: dict[str, TypeAdapter[Duty] | TypeAdapter[Commitment] | TypeAdapter[Event]] = {
    "duty": duty_json,
    "commitment": commitment_json,
    "event": event_json,
}

DOCUMENT_COLUMNS = (
    "document_id", "sha256", "kind", "disclosure", "title", "document_number", "issuer", "place", "issued_on",
    "printed_on", "pages", "year", "number_key", "issuer_key", "place_key", "topic_key",
)  # fmt: skip


def summary_columns(scope: Scope) -> Condition:
    """Return the columns of a document's summary as ``summary_from`` reads them; the second is its source."""
    source = source_of(scope)
    return Condition(
        f"d.document_id, {source.sql}, d.title, d.document_number,"
        " d.issuer, d.place, d.kind, d.issued_on, d.printed_on, d.disclosure",
        source.values,
    )


SOURCE_COLUMNS = "f.source, d.document_id, d.sha256, f.size, f.mtime_ns, f.recipe, f.root"

PASSAGE_COLUMNS = 'p.id, d.document_id, p.ordinal, p.start, p."end", p.section, p.page, p.text'

SummaryRow = tuple[str, str, str | None, str | None, str | None, str | None, str, str | None, str | None, str]
PassageRow = tuple[int, str, int, int, int, str, int | None, str]


def summary_from(row: SummaryRow) -> DocumentSummary:
    """Read ``summary_columns``."""
    document_id, source, title, number, issuer, place, kind, issued_on, printed_on, disclosure = row
    return DocumentSummary(
        document_id=document_id,
        source=source,
        title=title,
        document_number=number,
        issuer=issuer,
        place=place,
        kind=Kind(kind),
        issued_on=date.fromisoformat(issued_on) if issued_on else None,
        printed_on=date.fromisoformat(printed_on) if printed_on else None,
        disclosure=Disclosure(disclosure),
    )


def passage_from(row: PassageRow) -> Passage:
    """Read ``PASSAGE_COLUMNS``."""
    _, document_id, ordinal, start, end, section, page, text = row
    return Passage(
        passage_id=f"{document_id}-{ordinal}",
        document_id=document_id,
        ordinal=ordinal,
        span=Span(start, end),
        section=tuple(from_json(section)),
        page=page,
        text=text,
    )


def personal_data_from(row: tuple[int, int, str, str]) -> PersonalData:
    """Read start, end, kind and words."""
    start, end, kind, words = row
    return PersonalData(Span(start, end), PersonalKind(kind), words)


def add_fact_words(connection: sqlite3.Connection) -> None:
    """Give a connection ``FACT_WORDS``: kind of fact, the fact as JSON, title of its document or NULL."""

    def words(kind: str, fact: str, title: str | None) -> str:
        return words_of(_FACTS_JSON[kind].validate_json(fact), title)

    connection.create_function(FACT_WORDS, 3, words, deterministic=True)


def duty_values(duty: Duty, title: str | None) -> tuple[str, str]:
    """Return the duty whole and its words; ``title`` is its document's."""
    return duty_json.dump_json(duty).decode(), words_of(duty, title)


def commitment_values(commitment: Commitment, title: str | None) -> tuple[str, str | None, str, str]:
    """Return status, deadline, the commitment whole and its words; ``title`` is its document's."""
    deadline = commitment.deadline.isoformat() if commitment.deadline else None
    return (
        commitment.status.value,
        deadline,
        commitment_json.dump_json(commitment, exclude_defaults=True).decode(),
        words_of(commitment, title),
    )


def event_values(event: Event, title: str | None) -> tuple[str | None, str | None, str, str]:
    """Return first day, last day (``None`` where it goes on or cannot be told), the event whole and its words."""
    period = event.period
    return (
        period.first.isoformat() if period else None,
        period.last.isoformat() if period and period.last else None,
        event_json.dump_json(event, exclude_defaults=True).decode(),
        words_of(event, title),
    )


def document_values(document: OfficialDocument) -> tuple[str | int | None, ...]:
    """Return the values of ``DOCUMENT_COLUMNS``."""
    elements = document.elements
    issuers = [key for name in (elements.issuer, *elements.co_issuers) for key in issuer_keys(name) or ()]
    places = place_keys(elements.place) or ()
    headings = [clause.heading.of(document.text) for clause in document.clauses]
    return (
        document.document_id,
        document.sha256,
        document.kind.value,
        elements.disclosure.value,
        elements.title,
        elements.document_number,
        elements.issuer,
        elements.place,
        elements.issued_on.isoformat() if elements.issued_on else None,
        elements.printed_on.isoformat() if elements.printed_on else None,
        document.pages,
        date_of(elements).year,
        normalize_document_number(elements.document_number) if elements.document_number else None,
        "\n".join(issuers) or None,
        "\n".join(places) or None,
        "\n".join(squeeze(fold(line)) for line in (elements.title or "", *headings)),
    )


def passage_values(title: str | None, passage: Passage) -> tuple[int, int, int, int, int | None, str, str]:
    """Return ordinal, fingerprint, start, end, page, section and text."""
    return (
        passage.ordinal,
        fingerprint(title, passage.section, passage.text),
        passage.span.start,
        passage.span.end,
        passage.page,
        json.dumps(passage.section, ensure_ascii=False),
        passage.text,
    )


def fingerprint(title: str | None, section: tuple[str, ...], text: str) -> int:
    """Return a signed 64-bit hash of all that the indexes take in of a passage."""
    content = "\x1f".join((title or "", *section, text))
    return int.from_bytes(hashlib.blake2b(content.encode(), digest_size=8).digest(), "big", signed=True)
