"""Lists of documents and counts of what the catalog holds (目录与统计). Each names the scope it reads for."""

# ruff: noqa: S608 - what is put into the SQL is our own column names and placeholders; values are bound.

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.particulars import Particulars
from rag.store.conditions import Condition, all_of, conditions, distinct
from rag.store.database import Database
from rag.store.particulars import particular_conditions
from rag.store.reading import ALL, CatalogReads, among, revision_of
from rag.store.records import Counts, Page, Tally
from rag.store.remembering import Remembered
from rag.store.rows import summary_columns, summary_from

NO_PARTICULARS = Particulars()


class CatalogLists(CatalogReads):
    """The lists and counts, of twins the first's where they say so."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        most = 32 if database.read_only else 0
        self._tallies: Remembered[tuple[str, Scope], tuple[Tally, ...]] = Remembered(most)
        self._counts: Remembered[Scope, Counts] = Remembered(most)

    def list_documents(
        self,
        *,
        scope: Scope,
        filters: Filters = ALL,
        particulars: Particulars = NO_PARTICULARS,
        limit: int | None = None,
        offset: int = 0,
        are_distinct: bool = False,
        rows: Sequence[int] | None = None,
    ) -> Page:
        """Return one page of the documents, newest first; those without a date come last.

        Args:
            scope: What may be read.
            filters: Conditions on the documents.
            particulars: Further ones, on their elements and words.
            limit: Most documents on the page.
            offset: Documents before it.
            are_distinct: Of twins that meet the conditions, list the first alone.
            rows: Row numbers of which a document's must be one.
        """
        condition = _of_documents(scope, filters, particulars, rows, are_distinct=are_distinct)
        columns = summary_columns(scope)
        with self._database.reading() as connection:
            total = _number_of(condition, connection)
            cursor = connection.execute(
                f"SELECT {columns.sql} FROM documents AS d WHERE {condition.sql}"
                " ORDER BY coalesce(d.issued_on, d.printed_on) DESC NULLS LAST, d.title, d.document_id"
                " LIMIT ? OFFSET ?",
                (*columns.values, *condition.values, -1 if limit is None else limit, offset),
            )
            return Page(total, [summary_from(row) for row in cursor])

    def count_documents(
        self, *, scope: Scope, filters: Filters = ALL, particulars: Particulars = NO_PARTICULARS
    ) -> int:
        """Return how many documents meet the conditions; much faster than to list one of many in order."""
        with self._database.reading() as connection:
            return _number_of(_of_documents(scope, filters, particulars), connection)

    def all_if_few(self, most: int, *, scope: Scope, filters: Filters = ALL) -> list[DocumentSummary] | None:
        """Return the documents that meet the filters, of twins the first, newest first; ``None`` where there are more.

        Counted first: to order a large catalogue for a page that is not read costs five times as much.
        """
        with self._database.reading() as connection:
            if _number_of(_of_documents(scope, filters, are_distinct=True), connection) > most:
                return None
        return list(self.list_documents(scope=scope, filters=filters, limit=most, are_distinct=True).documents)

    def places(self, *, scope: Scope) -> list[Tally]:
        """Return the places (地区) that documents come from, most documents first."""
        return self._tally("place", scope)

    def issuers(self, *, scope: Scope) -> list[Tally]:
        """Return the issuing organs (发文机关), most documents first."""
        return self._tally("issuer", scope)

    def years(self, *, scope: Scope) -> list[Tally]:
        """Return the years of issue, latest first."""
        return sorted(self._tally("year", scope), reverse=True)

    def counts(self, *, scope: Scope) -> Counts:
        """Return how much the scope may see."""
        condition = conditions(scope, ALL)
        with self._database.reading() as connection:

            def count(table: str, condition: Condition) -> int:
                (number,) = connection.execute(
                    f"SELECT count(*) FROM {table} AS t JOIN documents AS d ON d.id = t.document WHERE {condition.sql}",
                    condition.values,
                ).fetchone()
                return int(number)

            def select() -> Counts:
                return Counts(
                    documents=count("contents", condition),
                    passages=count("passages", condition),
                    duties=count("duties", distinct(scope, condition)),
                )

            return self._counts.get(scope, revision_of(connection), select)

    def _tally(self, column: str, scope: Scope) -> list[Tally]:
        condition = conditions(scope, ALL)
        with self._database.reading() as connection:

            def select() -> tuple[Tally, ...]:
                cursor = connection.execute(
                    f"SELECT d.{column}, count(*) FROM documents AS d WHERE d.{column} IS NOT NULL AND {condition.sql}"
                    " GROUP BY 1 ORDER BY 2 DESC, 1",
                    condition.values,
                )
                return tuple(Tally(str(value), documents) for value, documents in cursor)

            return list(self._tallies.get((column, scope), revision_of(connection), select))


def _of_documents(
    scope: Scope,
    filters: Filters,
    particulars: Particulars = NO_PARTICULARS,
    rows: Sequence[int] | None = None,
    *,
    are_distinct: bool = False,
) -> Condition:
    parts = [conditions(scope, filters), *particular_conditions(particulars)]
    if rows is not None:
        parts.append(among(rows))
    condition = all_of(parts)
    return distinct(scope, condition) if are_distinct else condition


def _number_of(condition: Condition, connection: sqlite3.Connection) -> int:
    (number,) = connection.execute(
        f"SELECT count(*) FROM documents AS d WHERE {condition.sql}", condition.values
    ).fetchone()
    return int(number)
