"""Reads of what was extracted from documents (摘录事项): duties, commitments, events. Each names the scope it reads for."""

# ruff: noqa: S608 - what is put into the SQL is our own table and column names; values are bound.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from pydantic import TypeAdapter

from rag.domain.access import Scope
from rag.domain.commitment import Commitment, CommitmentQuery
from rag.domain.document import DocumentSummary
from rag.domain.event import Event, EventQuery
from rag.domain.filters import Filters
from rag.domain.obligation import Duty
from rag.store.conditions import (
    Condition,
    all_of,
    among_documents,
    commitment_condition,
    conditions,
    distinct,
    event_condition,
)
from rag.store.database import Database
from rag.store.rows import commitment_json, duty_json, event_json, summary_columns, summary_from

ALL = Filters()
ANY_COMMITMENT = CommitmentQuery()
ANY_EVENT = EventQuery()
_ANY = Condition("1")

Fact = TypeVar("Fact")


class CatalogFacts:
    """The reads, over a database that the subclass opens. Facts come by source and then in reading order."""

    _database: Database

    def duties(self, *, scope: Scope, filters: Filters = ALL) -> Iterator[tuple[Duty, DocumentSummary]]:
        """Yield every duty (职责分工) with its document; of twins, the first's."""
        return self._facts("duties", "duty", duty_json, _ANY, scope, filters)

    def commitments(
        self,
        *,
        scope: Scope,
        filters: Filters = ALL,
        query: CommitmentQuery = ANY_COMMITMENT,
        documents: Sequence[str] | None = None,
    ) -> Iterator[tuple[Commitment, DocumentSummary]]:
        """Yield commitments (承诺事项) with their documents; of twins, the first's.

        Args:
            scope: What may be read.
            filters: Conditions on the documents.
            query: Conditions on the commitments.
            documents: Ids of the documents to read; by default all.
        """
        wanted = commitment_condition(query)
        return self._facts("commitments", "commitment", commitment_json, wanted, scope, filters, documents)

    def events(
        self,
        *,
        scope: Scope,
        filters: Filters = ALL,
        query: EventQuery = ANY_EVENT,
        documents: Sequence[str] | None = None,
    ) -> Iterator[tuple[Event, DocumentSummary]]:
        """Yield events (事件) with their documents; of twins, the first's.

        Args:
            scope: What may be read.
            filters: Conditions on the documents.
            query: Conditions on the events.
            documents: Ids of the documents to read; by default all.
        """
        return self._facts("events", "event", event_json, event_condition(query), scope, filters, documents)

    def _facts(
        self,
        table: str,
        column: str,
        read: TypeAdapter[Fact],
        wanted: Condition,
        scope: Scope,
        filters: Filters,
        documents: Sequence[str] | None = None,
    ) -> Iterator[tuple[Fact, DocumentSummary]]:
        """Yield the facts of a table, ``t``, whose rows meet a condition."""
        among_these = all_of((conditions(scope, filters), among_documents(documents)))
        condition, columns = distinct(scope, among_these), summary_columns(scope)
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT t.{column}, {columns.sql} FROM {table} AS t JOIN documents AS d ON d.id = t.document"
                f" WHERE {condition.sql} AND {wanted.sql} ORDER BY 3, d.id, t.ordinal",
                (*columns.values, *condition.values, *wanted.values),
            ).fetchall()
        return ((read.validate_json(row[0]), summary_from(row[1:])) for row in rows)
