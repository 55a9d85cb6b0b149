"""Reads of what was extracted from documents (摘录事项): duties, commitments, events. Each names the scope it reads for."""

# ruff: noqa: S608 - what is put into the SQL is our own table and column names; values are bound.

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from pydantic_core import from_json

from rag.domain.access import Scope
from rag.domain.commitment import Commitment, CommitmentQuery, CommitmentStatus
from rag.domain.document import DocumentSummary
from rag.domain.event import Event, EventQuery
from rag.domain.filters import Filters
from rag.domain.obligation import Duty, DutyQuery
from rag.store.conditions import (
    ACTOR,
    COOPERATING,
    LEAD,
    UNITS,
    Condition,
    all_of,
    among_documents,
    commitment_condition,
    conditions,
    distinct,
    duty_condition,
    event_condition,
    source_of,
)
from rag.store.database import Database
from rag.store.reading import ALL, CatalogReads, as_one_row, revision_of
from rag.store.records import CommitmentGroup, DutyGroup, FactPage
from rag.store.remembering import Remembered
from rag.store.rows import commitment_json, duty_json, event_json

ANY_DUTY = DutyQuery()
ANY_COMMITMENT = CommitmentQuery()
ANY_EVENT = EventQuery()

Fact = TypeVar("Fact")
_Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Table(Generic[Fact]):
    """A table of facts: its name, the column that holds a fact whole, and what reads it."""

    name: str
    column: str
    read: TypeAdapter[Fact]


_DUTIES = _Table("duties", "duty", duty_json)
_COMMITMENTS = _Table("commitments", "commitment", commitment_json)
_EVENTS = _Table("events", "event", event_json)


class _Held(NamedTuple):
    """Which documents hold facts that are wanted, in order, and how many up to and with each."""

    documents: _Numbers
    ends: _Numbers

    @property
    def total(self) -> int:
        return int(self.ends[-1]) if len(self.ends) else 0


class CatalogFacts(CatalogReads):
    """The reads of facts, of twins the first's. They come by source and then in reading order."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        most = 64 if database.read_only else 0
        self._orders: Remembered[tuple[Scope, Filters], _Numbers] = Remembered(most)
        self._group_counts: Remembered[Condition, tuple[tuple[Any, ...], ...]] = Remembered(most)
        self._holdings: Remembered[tuple[str, Condition, Scope, Filters], _Held] = Remembered(most)

    def duties(
        self,
        *,
        scope: Scope,
        filters: Filters = ALL,
        query: DutyQuery = ANY_DUTY,
        documents: Sequence[str] | None = None,
    ) -> Iterator[tuple[Duty, DocumentSummary]]:
        """Yield duties (职责分工) with their documents.

        Args:
            scope: What may be read.
            filters: Conditions on the documents.
            query: Conditions on the duties.
            documents: Ids of the documents to read; by default all.
        """
        return self._all(_DUTIES, duty_condition(query), scope, filters, documents)

    def commitments(
        self,
        *,
        scope: Scope,
        filters: Filters = ALL,
        query: CommitmentQuery = ANY_COMMITMENT,
        documents: Sequence[str] | None = None,
    ) -> Iterator[tuple[Commitment, DocumentSummary]]:
        """Yield commitments (承诺事项) with their documents; ``query`` has conditions on them, the rest as of duties."""
        return self._all(_COMMITMENTS, commitment_condition(query), scope, filters, documents)

    def events(
        self,
        *,
        scope: Scope,
        filters: Filters = ALL,
        query: EventQuery = ANY_EVENT,
        documents: Sequence[str] | None = None,
    ) -> Iterator[tuple[Event, DocumentSummary]]:
        """Yield events (事件) with their documents; ``query`` has conditions on them, the rest as of duties."""
        return self._all(_EVENTS, event_condition(query), scope, filters, documents)

    def page_of_duties(
        self, *, scope: Scope, filters: Filters = ALL, query: DutyQuery = ANY_DUTY, limit: int, offset: int = 0
    ) -> FactPage[Duty]:
        """Return at most ``limit`` duties from ``offset`` on, and how many there are in all."""
        return self._page(_DUTIES, duty_condition(query), scope, filters, limit, offset)

    def page_of_commitments(
        self,
        *,
        scope: Scope,
        filters: Filters = ALL,
        query: CommitmentQuery = ANY_COMMITMENT,
        limit: int,
        offset: int = 0,
    ) -> FactPage[Commitment]:
        """Return at most ``limit`` commitments from ``offset`` on, and how many there are in all."""
        return self._page(_COMMITMENTS, commitment_condition(query), scope, filters, limit, offset)

    def page_of_events(
        self, *, scope: Scope, filters: Filters = ALL, query: EventQuery = ANY_EVENT, limit: int, offset: int = 0
    ) -> FactPage[Event]:
        """Return at most ``limit`` events from ``offset`` on, and how many there are in all."""
        return self._page(_EVENTS, event_condition(query), scope, filters, limit, offset)

    def duty_groups(
        self, *, scope: Scope, filters: Filters = ALL, query: DutyQuery = ANY_DUTY
    ) -> tuple[DutyGroup, ...]:
        """Count the duties that ``duties`` yields, by place and units, most first."""
        columns = ("place", "lead", "cooperating", "units", "facts")
        select = f"d.place AS place, {LEAD} AS lead, {COOPERATING} AS cooperating, {UNITS} AS units"
        groups = self._groups_of(_DUTIES, select, columns, duty_condition(query), scope, filters)
        return tuple(
            DutyGroup(place, tuple(from_json(lead)), tuple(from_json(cooperating)), key, facts)
            for place, lead, cooperating, key, facts in groups
        )

    def commitment_groups(
        self, *, scope: Scope, filters: Filters = ALL, query: CommitmentQuery = ANY_COMMITMENT
    ) -> tuple[CommitmentGroup, ...]:
        """Count the commitments that ``commitments`` yields, by what they are counted by, most first."""
        columns = ("place", "year", "actor", "status", "due", "facts")
        select = (
            f"d.place AS place, d.year AS year, {ACTOR} AS actor, t.status AS status,"
            " CAST(substr(t.deadline, 1, 4) AS INTEGER) AS due"
        )
        groups = self._groups_of(_COMMITMENTS, select, columns, commitment_condition(query), scope, filters)
        return tuple(
            CommitmentGroup(place, year, actor, CommitmentStatus(status), due, facts)
            for place, year, actor, status, due, facts in groups
        )

    def _groups_of(
        self,
        table: _Table[Fact],
        select: str,
        columns: Sequence[str],
        wanted: Condition,
        scope: Scope,
        filters: Filters,
    ) -> tuple[tuple[Any, ...], ...]:
        """Count facts by expressions; the last of ``columns`` is the count."""
        first = distinct(scope, conditions(scope, filters))
        grouped = (
            f"SELECT {select}, count(*) AS {columns[-1]} FROM {table.name} AS t JOIN documents AS d ON d.id = t.document"
            f" WHERE {first.sql} AND {wanted.sql} GROUP BY {', '.join(map(str, range(1, len(columns))))}"
        )
        counted = Condition(grouped, (*first.values, *wanted.values))
        with self._database.reading() as connection:

            def count() -> tuple[tuple[Any, ...], ...]:
                rows = (tuple(row) for row in as_one_row(connection, counted, columns))
                return tuple(sorted(rows, key=lambda row: (-row[-1], *map(str, row))))

            return self._group_counts.get(counted, revision_of(connection), count)

    def _all(
        self,
        table: _Table[Fact],
        wanted: Condition,
        scope: Scope,
        filters: Filters,
        documents: Sequence[str] | None,
    ) -> Iterator[tuple[Fact, DocumentSummary]]:
        with self.snapshot(), self._database.reading() as connection:
            if documents is None:
                numbers = self._in_order(connection, scope, filters)
            else:
                numbers = _ordered(connection, scope, all_of((conditions(scope, filters), among_documents(documents))))
            return self._facts(connection, table, wanted, numbers, scope)

    def _page(
        self, table: _Table[Fact], wanted: Condition, scope: Scope, filters: Filters, limit: int, offset: int
    ) -> FactPage[Fact]:
        with self.snapshot(), self._database.reading() as connection:
            held = self._holdings.get(
                (table.name, wanted, scope, filters),
                revision_of(connection),
                lambda: _held(connection, table, wanted, self._in_order(connection, scope, filters)),
            )
            first = int(np.searchsorted(held.ends, offset, side="right"))
            last = int(np.searchsorted(held.ends, offset + limit, side="left"))
            before = int(held.ends[first - 1]) if first else 0
            read = list(self._facts(connection, table, wanted, held.documents[first : last + 1], scope))
            return FactPage(held.total, read[offset - before :][:limit])

    def _facts(
        self, connection: sqlite3.Connection, table: _Table[Fact], wanted: Condition, documents: _Numbers, scope: Scope
    ) -> Iterator[tuple[Fact, DocumentSummary]]:
        """Read the facts of some documents now, and return what yields them, document by document in the order given."""
        numbers = documents.tolist()
        rows = connection.execute(
            f"SELECT t.document, t.{table.column} FROM {table.name} AS t"
            f" WHERE t.document IN (SELECT value FROM json_each(?)) AND {wanted.sql} ORDER BY t.document, t.ordinal",
            (json.dumps(numbers), *wanted.values),
        )
        facts: dict[int, list[str]] = {}
        for number, fact in rows:
            facts.setdefault(number, []).append(fact)
        summaries = self.summaries_of_rows(list(facts), scope=scope)
        return ((table.read.validate_json(fact), summaries[n]) for n in numbers for fact in facts.get(n, ()))

    def _in_order(self, connection: sqlite3.Connection, scope: Scope, filters: Filters) -> _Numbers:
        return self._orders.get(
            (scope, filters), revision_of(connection), lambda: _ordered(connection, scope, conditions(scope, filters))
        )


def _ordered(connection: sqlite3.Connection, scope: Scope, condition: Condition) -> _Numbers:
    """Return the row numbers of the documents that meet a condition, of twins the first, by source."""
    first, source = distinct(scope, condition), source_of(scope)
    pairs = as_one_row(
        connection,
        Condition(
            f"SELECT {source.sql} AS source, d.id AS number FROM documents AS d WHERE {first.sql}",
            (*source.values, *first.values),
        ),
        ("source", "number"),
    )
    return np.array([number for _, number in sorted(pairs)], dtype=np.int64)


def _held(connection: sqlite3.Connection, table: _Table[Fact], wanted: Condition, order: _Numbers) -> _Held:
    """Count the facts that are wanted in each of some documents, in their order; documents without any are left out."""
    grouped = (
        f"SELECT t.document AS number, count(*) AS facts FROM {table.name} AS t WHERE {wanted.sql} GROUP BY t.document"
    )
    counts: dict[int, int] = dict(as_one_row(connection, Condition(grouped, wanted.values), ("number", "facts")))
    found = np.fromiter((counts.get(number, 0) for number in order.tolist()), dtype=np.int64, count=len(order))
    return _Held(order[found > 0], np.cumsum(found[found > 0]))
