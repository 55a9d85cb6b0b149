"""Migrations: ordered, whole or not at all, and never run on a database that is not ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from rag.domain.access import Scope
from rag.errors import IndexMismatch
from rag.store import schema
from rag.store.repository import Catalog
from rag.store.schema import MIGRATIONS, Migration, applied_migrations, migrate


@pytest.fixture
def connection():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def test_a_new_database_gets_every_migration_once(connection):
    migrate(connection)
    migrate(connection)
    assert applied_migrations(connection) == len(MIGRATIONS)
    assert connection.execute("SELECT name FROM migrations").fetchall() == [(m.name,) for m in MIGRATIONS]


def test_an_older_database_is_brought_up(connection, monkeypatch):
    migrate(connection)
    later = Migration("later", ("ALTER TABLE failures ADD COLUMN stage TEXT",))
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, later))
    migrate(connection)
    assert applied_migrations(connection) == len(MIGRATIONS) + 1
    connection.execute("INSERT INTO failures (source, reason, stage) VALUES ('a', 'b', 'c')")


def test_a_catalog_from_before_commitments_keeps_its_documents(path: Path, monkeypatch):
    names = [migration.name for migration in MIGRATIONS]
    before = MIGRATIONS[: names.index("commitments")]
    monkeypatch.setattr(schema, "MIGRATIONS", before)
    path.parent.mkdir(parents=True)
    old = sqlite3.connect(path, isolation_level=None)
    migrate(old)
    old.execute(
        "INSERT INTO documents (document_id, sha256, kind, disclosure, topic_key) VALUES ('0', '0', 'plan', 'public', '')"
    )
    old.execute("INSERT INTO contents (document, text, elements, blocks, clauses) VALUES (1, '正文', '{}', '[]', '[]')")
    old.execute("INSERT INTO sources VALUES ('a.txt', 1, 1, 1, '', '')")
    old.close()
    monkeypatch.setattr(schema, "MIGRATIONS", MIGRATIONS)
    with Catalog.open(path) as catalog:
        document = catalog.document("0", scope=Scope.everything())
        assert (document.text, document.commitments) == ("正文", ())
        assert list(catalog.commitments(scope=Scope.everything())) == []
        assert list(catalog.events(scope=Scope.everything())) == []


def test_a_migration_that_fails_leaves_nothing_behind(connection, monkeypatch):
    migrate(connection)
    broken = Migration("broken", ("CREATE TABLE half (a)", "SELECT * FROM nowhere"))
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    assert applied_migrations(connection) == len(MIGRATIONS)
    assert not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall()


def test_a_newer_database_is_refused(path: Path, monkeypatch):
    Catalog.open(path).close()
    monkeypatch.setattr(schema, "MIGRATIONS", MIGRATIONS[:-1])
    for read_only in (True, False):
        with pytest.raises(IndexMismatch, match="newer"):
            Catalog.open(path, read_only=read_only)


def test_a_reader_refuses_an_older_database_and_says_how_to_mend_it(path: Path, monkeypatch):
    Catalog.open(path).close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, Migration("later", ())))
    with pytest.raises(IndexMismatch, match="older") as caught:
        Catalog.open(path, read_only=True)
    assert caught.value.remedy


def test_another_programs_database_is_left_alone(tmp_path: Path):
    path = tmp_path / "theirs.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE precious (a)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(IndexMismatch, match="not a database of this program"):
        Catalog.open(path)
    assert path.read_bytes() == before
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("precious",)]
    connection.close()
