"""Reads of the catalog. Each names the scope it reads for; what is outside it does not exist."""

# ruff: noqa: S608 - what is put into the SQL is our own column names and placeholders; values are bound.

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, Elements, Kind, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.layout import Region, unpack
from rag.domain.passage import Passage
from rag.domain.personal import PersonalKind, revealed
from rag.domain.span import Span
from rag.errors import NotFound
from rag.store.conditions import (
    CHUNK,
    Condition,
    all_of,
    conditions,
    distinct,
    files_within,
    placeholders,
    source_of,
)
from rag.store.database import Database
from rag.store.masking import personal_data_of, with_personal_data
from rag.store.records import SourceRecord, Twin
from rag.store.remembering import Remembered
from rag.store.rows import (
    PASSAGE_COLUMNS,
    SOURCE_COLUMNS,
    blocks_json,
    clauses_json,
    commitment_json,
    duty_json,
    elements_json,
    event_json,
    passage_from,
    reading_json,
    summary_columns,
    summary_from,
)

ALL = Filters()

MOST_TWINS = 20


class CatalogReads:
    """The reads, over a database that the subclass opens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # A writer remembers nothing: a revision that it rolls back comes again with other content.
        most = 32 if database.read_only else 0
        self._admissions: Remembered[tuple[Scope, Filters], NDArray[np.int64] | None] = Remembered(most)

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all reads of this thread see one state: what one of them found, the next one finds too."""
        return self._database.snapshot()

    @property
    def revision(self) -> int:
        """A number that grows with every change of the catalog."""
        with self._database.reading() as connection:
            return revision_of(connection)

    # ------------------------------------------------------------------------------ for retrieval

    def admitted(self, *, scope: Scope, filters: Filters = ALL) -> NDArray[np.int64] | None:
        """Return which documents may be found; of twins within scope and filters, the first.

        Returns:
            Their row numbers, ascending, read-only; ``None`` when every document may be.
        """
        condition = conditions(scope, filters)
        with self._database.reading() as connection:

            def select() -> NDArray[np.int64] | None:
                if scope.is_unrestricted and filters.is_empty and not _has_twins(connection):
                    return None
                first = distinct(scope, condition)
                rows = _numbers(connection, first)
                rows.flags.writeable = False
                return rows

            return self._admissions.get((scope, filters), revision_of(connection), select)

    def readable(self, *, scope: Scope) -> NDArray[np.int64]:
        """Return the row numbers of all documents within the scope, twins too, ascending."""
        condition = conditions(scope, ALL)
        with self._database.reading() as connection:
            return _numbers(connection, condition)

    def passages(self, rows: Sequence[int], *, scope: Scope) -> dict[int, Passage]:
        """Return passages by row number, in the order asked; personal data is masked as the scope says.

        One that is gone since the index was published, or is outside the scope, is left out.
        """
        condition = conditions(scope, ALL)
        found: dict[int, Passage] = {}
        with self._database.reading() as connection:
            for at in range(0, len(rows), CHUNK):
                chunk = [int(row) for row in rows[at : at + CHUNK]]
                cursor = connection.execute(
                    f"SELECT {PASSAGE_COLUMNS} FROM passages AS p JOIN documents AS d ON d.id = p.document"
                    f" WHERE p.id IN ({placeholders(chunk)}) AND {condition.sql}",
                    (*chunk, *condition.values),
                )
                found.update((row[0], passage_from(row)) for row in cursor)
            if scope.personal_data:
                found = dict(zip(found, with_personal_data(connection, found.values()), strict=True))
        return {row: found[row] for row in map(int, rows) if row in found}

    def passages_of(self, document_id: str, *, scope: Scope) -> list[Passage]:
        """Return a document's passages in reading order, none when it is unknown or outside the scope."""
        condition = conditions(scope, ALL)
        with self._database.reading() as connection:
            cursor = connection.execute(
                f"SELECT {PASSAGE_COLUMNS} FROM passages AS p JOIN documents AS d ON d.id = p.document"
                f" WHERE d.document_id = ? AND {condition.sql} ORDER BY p.ordinal",
                (document_id, *condition.values),
            )
            passages = [passage_from(row) for row in cursor]
            return with_personal_data(connection, passages) if scope.personal_data else passages

    # ------------------------------------------------------------------------------ for people

    def document(self, document_id: str, *, scope: Scope) -> OfficialDocument:
        """Return one document whole.

        Raises:
            NotFound: There is none of this id within the scope.
        """
        condition, own_source = conditions(scope, ALL), source_of(scope)
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT d.id, {own_source.sql}, d.sha256, d.kind, d.pages,"
                " c.text, c.elements, c.blocks, c.clauses, c.reading"
                " FROM documents AS d JOIN contents AS c ON c.document = d.id"
                f" WHERE d.document_id = ? AND {condition.sql}",
                (*own_source.values, document_id, *condition.values),
            ).fetchone()
            if row is None:
                raise NotFound(f"no document {document_id}")
            number, source, sha256, kind, pages, text, elements, blocks, clauses, reading = row
            duties = connection.execute("SELECT duty FROM duties WHERE document = ? ORDER BY ordinal", (number,))
            commitments = connection.execute(
                "SELECT commitment FROM commitments WHERE document = ? ORDER BY ordinal", (number,)
            )
            events = connection.execute("SELECT event FROM events WHERE document = ? ORDER BY ordinal", (number,))
            personal = personal_data_of(connection, document_id) if scope.personal_data else ()
            return OfficialDocument(
                document_id=document_id,
                source=source,
                sha256=sha256,
                kind=Kind(kind),
                text=revealed(text, personal),
                elements=elements_json.validate_json(elements),
                blocks=blocks_json.validate_json(blocks),
                clauses=clauses_json.validate_json(clauses),
                duties=tuple(duty_json.validate_json(duty) for (duty,) in duties),
                commitments=tuple(commitment_json.validate_json(row) for (row,) in commitments),
                events=tuple(event_json.validate_json(event) for (event,) in events),
                pages=pages,
                reading=reading_json.validate_json(reading),
                personal=personal,
            )

    def regions(self, document_id: str, *, scope: Scope) -> tuple[Region, ...]:
        """Return where a document's words stand on its pages, empty for a format without pages.

        Raises:
            NotFound: There is none of this id within the scope.
        """
        return unpack(self._content("regions", document_id, scope))

    def text(self, document_id: str, *, scope: Scope) -> str:
        """Return a document's canonical text; personal data is masked unless the scope allows it.

        Raises:
            NotFound: There is none of this id within the scope.
        """
        text = str(self._content("text", document_id, scope))
        if not scope.personal_data:
            return text
        with self._database.reading() as connection:
            return revealed(text, personal_data_of(connection, document_id))

    def elements(self, document_id: str, *, scope: Scope) -> Elements:
        """Return a document's elements alone, without its text.

        Raises:
            NotFound: There is none of this id within the scope.
        """
        return elements_json.validate_json(self._content("elements", document_id, scope))

    def openings(self, document_ids: Sequence[str], length: int, *, scope: Scope) -> dict[str, str]:
        """Return the first ``length`` characters of documents by id, masked as ``text`` is; unknown ids are left out."""
        condition = conditions(scope, ALL)
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for at in range(0, len(document_ids), CHUNK):
                chunk = document_ids[at : at + CHUNK]
                cursor = connection.execute(
                    "SELECT d.document_id, substr(c.text, 1, ?) FROM documents AS d JOIN contents AS c"
                    f" ON c.document = d.id WHERE d.document_id IN ({placeholders(chunk)}) AND {condition.sql}",
                    (length, *chunk, *condition.values),
                )
                found.update(cursor)
            if scope.personal_data:
                found = {i: revealed(text, personal_data_of(connection, i)) for i, text in found.items()}
        return found

    def personal_spans(self, document_id: str, *, scope: Scope) -> list[tuple[Span, PersonalKind]]:
        """Return where personal data stands in a document and of what kind, in order, shown or masked.

        None for a document that is unknown or outside the scope.
        """
        condition = conditions(scope, ALL)
        with self._database.reading() as connection:
            cursor = connection.execute(
                'SELECT m.start, m."end", m.kind FROM personal_data AS m JOIN documents AS d ON d.id = m.document'
                f" WHERE d.document_id = ? AND {condition.sql} ORDER BY m.start",
                (document_id, *condition.values),
            )
            return [(Span(start, end), PersonalKind(kind)) for start, end, kind in cursor]

    def _content(self, column: str, document_id: str, scope: Scope) -> Any:
        condition = conditions(scope, ALL)
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT c.{column} FROM documents AS d JOIN contents AS c ON c.document = d.id"
                f" WHERE d.document_id = ? AND {condition.sql}",
                (document_id, *condition.values),
            ).fetchone()
        if row is None:
            raise NotFound(f"no document {document_id}")
        return row[0]

    def sources_of(self, document_id: str, *, scope: Scope) -> list[SourceRecord]:
        """Return the files within the scope that hold a document, by path; none when it is unknown or outside."""
        condition = all_of((conditions(scope, ALL), files_within(scope)))
        with self._database.reading() as connection:
            cursor = connection.execute(
                f"SELECT {SOURCE_COLUMNS} FROM sources AS f JOIN documents AS d ON d.id = f.document"
                f" WHERE d.document_id = ? AND {condition.sql} ORDER BY f.source",
                (document_id, *condition.values),
            )
            return [SourceRecord(*row) for row in cursor]

    def twins(
        self, document_ids: Iterable[str], *, scope: Scope, filters: Filters = ALL
    ) -> dict[str, tuple[Twin, ...]]:
        """Return the other files of the same text by document id, the best to read first; those without are left out.

        Both must meet scope and filters. At most ``MOST_TWINS`` of each are named.
        """
        condition, source = conditions(scope, filters), source_of(scope)
        found: dict[str, tuple[Twin, ...]] = {}
        with self._database.reading() as connection:
            if not _has_twins(connection):
                return found
            for document_id in dict.fromkeys(document_ids):
                cursor = connection.execute(
                    f"SELECT d.document_id, {source.sql} AS source"
                    " FROM sketches AS s JOIN documents AS d ON d.id = s.document"
                    " WHERE s.family = (SELECT s.family FROM sketches AS s JOIN documents AS d ON d.id = s.document"
                    f" WHERE d.document_id = ? AND {condition.sql}) AND d.document_id <> ? AND {condition.sql}"
                    " ORDER BY s.rank, source LIMIT ?",
                    (*source.values, document_id, *condition.values, document_id, *condition.values, MOST_TWINS),
                )
                if twins := tuple(Twin(*row) for row in cursor):
                    found[document_id] = twins
        return found

    def summaries(self, document_ids: Sequence[str], *, scope: Scope) -> dict[str, DocumentSummary]:
        """Return summaries by document id, in the order asked; unknown ids are left out."""
        condition, columns = conditions(scope, ALL), summary_columns(scope)
        found: dict[str, DocumentSummary] = {}
        with self._database.reading() as connection:
            for at in range(0, len(document_ids), CHUNK):
                chunk = document_ids[at : at + CHUNK]
                cursor = connection.execute(
                    f"SELECT {columns.sql} FROM documents AS d"
                    f" WHERE d.document_id IN ({placeholders(chunk)}) AND {condition.sql}",
                    (*columns.values, *chunk, *condition.values),
                )
                found.update((row[0], summary_from(row)) for row in cursor)
        return {document_id: found[document_id] for document_id in document_ids if document_id in found}

    def summaries_of_rows(self, rows: Sequence[int], *, scope: Scope) -> dict[int, DocumentSummary]:
        """Return summaries by row number; those that are gone or outside the scope are left out."""
        condition, columns = all_of((conditions(scope, ALL), among(rows))), summary_columns(scope)
        with self._database.reading() as connection:
            cursor = connection.execute(
                f"SELECT d.id, {columns.sql} FROM documents AS d WHERE {condition.sql}",
                (*columns.values, *condition.values),
            )
            return {row[0]: summary_from(row[1:]) for row in cursor}


def as_one_row(connection: sqlite3.Connection, select: Condition, columns: Sequence[str]) -> list[list[Any]]:
    """Read a long, narrow table; the rows come in no order.

    SQLite packs it into one value: row by row, each of tens of thousands of steps would give up Python's lock and wait
    for it again while other threads answer.
    """
    packed = f"SELECT json_group_array(json_array({', '.join(columns)})) FROM ({select.sql})"
    (rows,) = connection.execute(packed, select.values).fetchone()
    found: list[list[Any]] = from_json(rows)
    return found


def _numbers(connection: sqlite3.Connection, condition: Condition) -> NDArray[np.int64]:
    """Return the row numbers of the documents that meet a condition, ascending."""
    select = Condition(f"SELECT d.id AS number FROM documents AS d WHERE {condition.sql}", condition.values)
    return np.sort(np.array([number for (number,) in as_one_row(connection, select, ("number",))], dtype=np.int64))


def among(rows: Sequence[int]) -> Condition:
    """Return the condition that a document's row number is one of these."""
    return Condition("d.id IN (SELECT value FROM json_each(?))", (json.dumps(list(rows)),))


def revision_of(connection: sqlite3.Connection) -> int:
    """Return the number that grows with every change."""
    (revision,) = connection.execute("SELECT revision FROM state").fetchone()
    return int(revision)


def _has_twins(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sketches WHERE family IS NOT NULL LIMIT 1").fetchone() is not None
