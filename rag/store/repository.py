"""The catalog: one SQLite file holding documents, passages and facts. Opening it, and writing to it."""

# ruff: noqa: S608 - what is put into the SQL is our own column names and placeholders; values are bound.

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.layout import pack
from rag.domain.passage import Passage
from rag.domain.personal import masked
from rag.errors import NotFound
from rag.parsing.likeness import Signature
from rag.store.browsing import CatalogBrowsing
from rag.store.database import Database
from rag.store.facts import CatalogFacts
from rag.store.families import join, leave
from rag.store.records import Failure
from rag.store.rows import (
    DOCUMENT_COLUMNS,
    blocks_json,
    clauses_json,
    commitment_values,
    document_values,
    duty_values,
    elements_json,
    event_values,
    passage_values,
    reading_json,
)
from rag.store.upkeep import CatalogUpkeep

CATALOG_FILE = "catalog.db"
"""What the catalog is called in the folder of an index."""

_COLUMNS = ", ".join(DOCUMENT_COLUMNS)
_MARKS = ", ".join("?" * len(DOCUMENT_COLUMNS))
_TAKEN_OVER = ", ".join(f"{column} = excluded.{column}" for column in DOCUMENT_COLUMNS[1:])


class Catalog(CatalogBrowsing, CatalogFacts, CatalogUpkeep):
    """The catalog, opened to read or to write. Safe across threads.

    Writes outside ``transaction()`` each are a transaction of their own.
    """

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the catalog; to write, create or migrate it as needed.

        Raises:
            IndexMissing: Opened to read, and there is none.
            IndexMismatch: It is another program's, or another version's.
            IndexDamaged: It is not a database.
        """
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        return cls(Database(path, read_only=read_only))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the writes inside one: all of them happen, or none."""
        with self._database.writing():
            yield

    def replace(
        self,
        document: OfficialDocument,
        passages: Sequence[Passage],
        *,
        size: int,
        mtime_ns: int,
        recipe: str = "",
        root: str = "",
        signature: Signature | None = None,
        regions: bytes | None = None,
    ) -> None:
        """Take in a document under its source, in place of what was there before.

        Passages that are as before keep their row numbers, so that they are not indexed again.

        Args:
            document: Under ``document.source``; an older document of that source goes with its last source.
            passages: In order; each is the document's text at its span.
            size: Bytes of the file.
            mtime_ns: Its time of last change, nanoseconds since 1970.
            recipe: What besides the bytes decided the outcome; see ``SourceRecord``.
            root: Folder that the source is relative to.
            signature: Of its text, by which it is made one of the family of its twins; without, it has none.
            regions: The document's, packed already.

        Raises:
            ValueError: A passage is not the document's text at its span, or its personal data is not masked.
        """
        if masked(document.text, document.personal) != document.text:
            raise ValueError(f"personal data of document {document.document_id} is not masked")
        for passage in passages:
            if passage.span.of(document.text) != passage.text:
                raise ValueError(f"passage {passage.passage_id} is not the text at its span")
        with self._changing() as connection:
            (number,) = connection.execute(
                f"INSERT INTO documents ({_COLUMNS}) VALUES ({_MARKS})"
                f" ON CONFLICT (document_id) DO UPDATE SET {_TAKEN_OVER} RETURNING id",
                document_values(document),
            ).fetchone()
            connection.execute(
                "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    document.text,
                    elements_json.dump_json(document.elements).decode(),
                    blocks_json.dump_json(document.blocks).decode(),
                    clauses_json.dump_json(document.clauses).decode(),
                    reading_json.dump_json(document.reading).decode(),
                    pack(document.regions) if regions is None else regions,
                ),
            )
            _replace_facts(connection, number, document)
            self._replace_passages(connection, number, document.elements.title, passages)
            leave(connection, number)
            # What the source held before goes first: a document is no twin of what it replaces.
            self._point(connection, document.source, number, (size, mtime_ns, recipe, root))
            if signature is not None:
                join(connection, number, document, signature)

    def add_source(
        self, source: str, document_id: str, *, size: int, mtime_ns: int, recipe: str = "", root: str = ""
    ) -> None:
        """Say that a file holds a document already known, or that only its time of change is new.

        Raises:
            NotFound: The document is unknown.
        """
        with self._changing() as connection:
            row = connection.execute("SELECT id FROM documents WHERE document_id = ?", (document_id,)).fetchone()
            if row is None:
                raise NotFound(f"no document {document_id}")
            self._point(connection, source, row[0], (size, mtime_ns, recipe, root))

    def remove_source(self, source: str) -> None:
        """Forget a file; its document goes with its last source.

        Raises:
            NotFound: No such source.
        """
        with self._changing() as connection:
            row = connection.execute("DELETE FROM sources WHERE source = ? RETURNING document", (source,)).fetchone()
            if row is None:
                raise NotFound(f"no source {source}")
            self._drop_if_orphaned(connection, row[0])

    def set_signature(self, document_id: str, signature: Signature) -> None:
        """Look for the twins of a stored document, taken in without a signature.

        Raises:
            NotFound: The document is unknown.
        """
        with self._changing() as connection:
            document = self.document(document_id, scope=Scope.everything())
            (number,) = connection.execute("SELECT id FROM documents WHERE document_id = ?", (document_id,)).fetchone()
            leave(connection, number)
            join(connection, number, document, signature)

    def record_failures(self, failures: Iterable[Failure]) -> None:
        """Put what this ingest could not take in in place of what the last one could not."""
        wanted = {failure.source: failure.reason for failure in failures}
        with self._database.reading() as connection:
            if dict(connection.execute("SELECT source, reason FROM failures")) == wanted:
                return  # a run that finds nothing to do writes nothing
        with self._database.writing() as connection:
            connection.execute("DELETE FROM failures")
            connection.executemany("INSERT INTO failures VALUES (?, ?)", wanted.items())

    def seal(self) -> None:
        """Seal the bytes of the catalog when a run is done; see ``rag.store.seal``."""
        self._database.seal()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._database.writing() as connection:
            yield connection
            connection.execute("UPDATE state SET revision = revision + 1")

    @staticmethod
    def _replace_passages(
        connection: sqlite3.Connection, number: int, title: str | None, passages: Sequence[Passage]
    ) -> None:
        wanted = [passage_values(title, passage) for passage in passages]
        stored = connection.execute(
            'SELECT ordinal, fingerprint, start, "end", page, section, text FROM passages'
            " WHERE document = ? ORDER BY ordinal",
            (number,),
        ).fetchall()
        if stored == wanted:
            return
        connection.execute("DELETE FROM passages WHERE document = ?", (number,))
        connection.executemany(
            'INSERT INTO passages (document, ordinal, fingerprint, start, "end", page, section, text)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, *values) for values in wanted),
        )

    def _point(
        self, connection: sqlite3.Connection, source: str, number: int, state: tuple[int, int, str, str]
    ) -> None:
        """Let a source stand for a document; the one it stood for before goes if that was its last."""
        before = connection.execute("SELECT document FROM sources WHERE source = ?", (source,)).fetchone()
        connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?)", (source, number, *state))
        if before is not None and before[0] != number:
            self._drop_if_orphaned(connection, before[0])

    @staticmethod
    def _drop_if_orphaned(connection: sqlite3.Connection, number: int) -> None:
        if connection.execute("SELECT 1 FROM sources WHERE document = ?", (number,)).fetchone() is None:
            leave(connection, number)
            connection.execute("DELETE FROM documents WHERE id = ?", (number,))


def _replace_facts(connection: sqlite3.Connection, number: int, document: OfficialDocument) -> None:
    """Store duties, commitments, events and personal data in place of what was there for the document."""
    title = document.elements.title
    for table, rows in (
        ("duties", [(n, *duty_values(duty, title)) for n, duty in enumerate(document.duties)]),
        ("commitments", [(n, *commitment_values(c, title)) for n, c in enumerate(document.commitments)]),
        ("events", [(n, *event_values(event, title)) for n, event in enumerate(document.events)]),
        ("personal_data", [(d.span.start, d.span.end, d.kind.value, d.words) for d in document.personal]),
    ):
        connection.execute(f"DELETE FROM {table} WHERE document = ?", (number,))
        if rows:
            marks = ", ".join("?" * (1 + len(rows[0])))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", ((number, *row) for row in rows))
