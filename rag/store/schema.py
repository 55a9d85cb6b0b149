"""The catalog's tables, as ordered named migrations, each applied in one transaction.

A migration that has been released is never edited; a change is a new one at the end.
"""

# ruff: noqa: S608 - what is put into the SQL is our own names of tables and columns.

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from rag.errors import IndexMismatch, IndexNewer, IndexOlder
from rag.store.rows import FACT_WORDS, add_fact_words

# Marks the file as ours (PRAGMA application_id): "ragc".
APPLICATION_ID = 0x72616763


class Migration(NamedTuple):
    """One named step of the schema and its statements, in order."""

    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        "documents_passages_duties",
        (
            # Narrow on purpose: filters scan this table, so the long texts live in "contents".
            # AUTOINCREMENT: a number once given to an index is never given to another row.
            """
            CREATE TABLE documents (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                document_id TEXT NOT NULL UNIQUE,
                sha256 TEXT NOT NULL,
                kind TEXT NOT NULL,
                disclosure TEXT NOT NULL,
                title TEXT,
                document_number TEXT,
                issuer TEXT,
                place TEXT,
                issued_on TEXT,
                printed_on TEXT,
                pages INTEGER,
                year INTEGER,
                number_key TEXT,
                issuer_key TEXT,
                place_key TEXT,
                topic_key TEXT NOT NULL
            ) STRICT
            """,
            "CREATE INDEX documents_by_number ON documents (number_key)",
            """
            CREATE TABLE contents (
                document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
                text TEXT NOT NULL,
                elements TEXT NOT NULL,
                blocks TEXT NOT NULL,
                clauses TEXT NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE sources (
                source TEXT PRIMARY KEY,
                document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                size INTEGER NOT NULL,
                mtime_ns INTEGER NOT NULL,
                recipe TEXT NOT NULL,
                root TEXT NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX sources_by_document ON sources (document, source)",
            """
            CREATE TABLE passages (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                ordinal INTEGER NOT NULL,
                fingerprint INTEGER NOT NULL,
                start INTEGER NOT NULL,
                "end" INTEGER NOT NULL,
                page INTEGER,
                section TEXT NOT NULL,
                text TEXT NOT NULL
            ) STRICT
            """,
            # Covers the scan of all keys, so that a synchronisation does not read the texts.
            "CREATE UNIQUE INDEX passages_by_document ON passages (document, ordinal, fingerprint)",
            """
            CREATE TABLE duties (
                document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                ordinal INTEGER NOT NULL,
                duty TEXT NOT NULL,
                PRIMARY KEY (document, ordinal)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE TABLE failures (source TEXT PRIMARY KEY, reason TEXT NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), revision INTEGER NOT NULL) STRICT",
            "INSERT INTO state VALUES (1, 0)",
        ),
    ),
    Migration(
        "reading_and_regions",
        (
            "ALTER TABLE contents ADD COLUMN reading TEXT NOT NULL DEFAULT '{}'",
            # Large, and read only to show a page: last, so that it is not paged through on the way to the others.
            "ALTER TABLE contents ADD COLUMN regions BLOB NOT NULL DEFAULT x''",
        ),
    ),
    Migration(
        "families",
        (
            """
            CREATE TABLE sketches (
                document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
                family INTEGER,
                rank INTEGER NOT NULL,
                signature BLOB NOT NULL
            ) STRICT
            """,
            # Holds twins alone, so that a catalog without any is read as fast as ever.
            "CREATE INDEX sketches_by_family ON sketches (family, rank) WHERE family IS NOT NULL",
            """
            CREATE TABLE bands (
                band INTEGER NOT NULL,
                document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                PRIMARY KEY (band, document)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX bands_by_document ON bands (document)",
        ),
    ),
    Migration(
        "personal_data",
        (
            # Apart from the texts, which are masked: only a scope that allows it reads this table.
            """
            CREATE TABLE personal_data (
                document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                start INTEGER NOT NULL,
                "end" INTEGER NOT NULL,
                kind TEXT NOT NULL,
                words TEXT NOT NULL,
                PRIMARY KEY (document, start)
            ) STRICT, WITHOUT ROWID
            """,
        ),
    ),
    Migration(
        "commitments",
        (
            # Documents taken in before have none until they are read again, which the next ingest does.
            """
            CREATE TABLE commitments (
                document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                ordinal INTEGER NOT NULL,
                status TEXT NOT NULL,
                deadline TEXT,
                commitment TEXT NOT NULL,
                PRIMARY KEY (document, ordinal)
            ) STRICT, WITHOUT ROWID
            """,
        ),
    ),
    Migration(
        "events",
        (
            # Documents taken in before have none until they are read again, which the next ingest does.
            """
            CREATE TABLE events (
                document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
                ordinal INTEGER NOT NULL,
                starts_on TEXT,
                ends_on TEXT,
                event TEXT NOT NULL,
                PRIMARY KEY (document, ordinal)
            ) STRICT, WITHOUT ROWID
            """,
        ),
    ),
    Migration(
        "fact_words",
        tuple(
            statement
            for table, kind in (("duties", "duty"), ("commitments", "commitment"), ("events", "event"))
            for statement in (
                # Folded, by which lists are searched in SQL: to read every fact for it took seconds.
                f"ALTER TABLE {table} ADD COLUMN words TEXT NOT NULL DEFAULT ''",
                f"UPDATE {table} SET words = {FACT_WORDS}('{kind}', {kind},"
                " (SELECT d.title FROM documents AS d WHERE d.id = document))",
            )
        ),
    ),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database up to the last migration.

    Args:
        connection: In autocommit mode, no transaction open.

    Raises:
        IndexMismatch: It is another program's database.
        IndexNewer: It has migrations that this code does not know.
    """
    add_fact_words(connection)
    for position in range(applied_migrations(connection), len(MIGRATIONS)):
        migration = MIGRATIONS[position]
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have applied it between the check and the lock.
            if applied_migrations(connection) <= position:
                for statement in migration.statements:
                    connection.execute(statement)
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"
                )
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (position, migration.name))
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()  # nothing to do where SQLite has done so, as on a full disk
            raise


def is_current(connection: sqlite3.Connection) -> bool:
    """Tell whether the database has every migration.

    Raises:
        IndexMismatch: It is another program's database.
        IndexNewer: It has migrations that this code does not know.
    """
    return applied_migrations(connection) == len(MIGRATIONS)


def require_current(connection: sqlite3.Connection) -> None:
    """Check that the database has every migration, for readers, which cannot migrate.

    Raises:
        IndexMismatch: It is another program's database.
        IndexOlder: It lacks some.
        IndexNewer: It has migrations that this code does not know.
    """
    if not is_current(connection):
        raise IndexOlder("the catalog was written by an older version", remedy="rag verify --repair")


def applied_migrations(connection: sqlite3.Connection) -> int:
    """Return how many of ``MIGRATIONS`` the database has.

    Raises:
        IndexMismatch: It is another program's database.
        IndexNewer: It has migrations that this code does not know.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables:
            raise IndexMismatch("the catalog is not a database of this program", remedy="choose another index folder")
        return 0
    names = [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY position")]
    known = [migration.name for migration in MIGRATIONS[: len(names)]]
    if names != known:
        raise IndexNewer("the catalog was written by a newer version")
    return len(names)
