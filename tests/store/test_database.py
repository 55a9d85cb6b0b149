"""Connections: one writer, many readers, each read one snapshot, errors in our own words."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.domain.access import Scope
from rag.errors import IndexDamaged, IndexLocked, IndexMissing, NotFound
from rag.store import database
from rag.store.database import Database
from rag.store.repository import Catalog

from .conftest import Maker

ALL = Scope.everything()


def test_reading_what_is_not_there_names_the_command(path):
    with pytest.raises(IndexMissing) as caught:
        Catalog.open(path, read_only=True)
    assert caught.value.remedy.startswith("rag ingest")
    assert not path.exists()


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_no_database_is_damaged(tmp_path: Path, read_only: bool):
    path = tmp_path / "catalog.db"
    path.write_bytes(b"not a database at all, but long enough to have a header" * 20)
    with pytest.raises(IndexDamaged):
        Catalog.open(path, read_only=read_only)


def test_a_catalog_with_a_broken_page_is_damaged(path, maker):
    for n in range(200):
        maker.take_in(f"{n}.txt")
    maker.catalog.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(IndexDamaged), Catalog.open(path, read_only=True) as reader:
        reader.counts(scope=ALL)


def test_a_reader_cannot_write(path, maker):
    document = maker.take_in()
    with Catalog.open(path, read_only=True) as reader, pytest.raises(RuntimeError, match="read-only"):
        reader.remove_source(document.source)


def test_a_closed_catalog_says_so(maker):
    maker.catalog.close()
    with pytest.raises(RuntimeError, match="closed"):
        maker.catalog.counts(scope=ALL)


def test_a_transaction_happens_whole_or_not_at_all(maker):
    maker.take_in("1.txt")

    def take_in_and_fail() -> None:
        with maker.catalog.transaction():
            maker.take_in("2.txt")
            assert set(maker.catalog.sources()) == {"1.txt", "2.txt"}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_in_and_fail()
    assert set(maker.catalog.sources()) == {"1.txt"}


def test_a_write_that_fails_inside_a_transaction_undoes_itself_alone(maker):
    with maker.catalog.transaction():
        maker.take_in("1.txt")
        broken = maker.document("broken.txt")
        twice = maker.passages(broken)[:1] * 2
        with pytest.raises(sqlite3.IntegrityError):
            maker.catalog.replace(broken, twice, size=0, mtime_ns=0)
        maker.take_in("2.txt")
    assert set(maker.catalog.sources()) == {"1.txt", "2.txt"}
    assert maker.catalog.problems() == []


def test_a_reader_sees_only_what_is_committed(path, maker):
    maker.take_in("1.txt")
    with Catalog.open(path, read_only=True) as reader:
        with maker.catalog.transaction():
            maker.take_in("2.txt")
            assert reader.counts(scope=ALL).documents == 1
        assert reader.counts(scope=ALL).documents == 2


def test_one_read_is_one_snapshot(path, maker):
    maker.take_in("1.txt")
    base = Database(path, read_only=True)
    with base.reading() as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (1,)
        maker.take_in("2.txt")
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (1,)
    base.close()


def test_a_write_begun_inside_a_read_is_a_mistake(maker):
    with maker.catalog._database.reading(), pytest.raises(RuntimeError, match="inside a read"):
        maker.take_in()


def test_a_second_writer_is_told_that_the_catalog_is_locked(path, maker, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0.01)
    with (
        Catalog.open(path) as other,
        maker.catalog.transaction(),
        pytest.raises(IndexLocked),
        other.transaction(),
    ):
        pytest.fail("two writers at once")


def test_readers_run_side_by_side(path, maker):
    document = maker.take_in()
    barrier = threading.Barrier(8)

    def read(_: int) -> str:
        barrier.wait(timeout=10)
        return reader.document(document.document_id, scope=ALL).text

    with Catalog.open(path, read_only=True) as reader, ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(8))) == {document.text}


def test_writes_from_several_threads_take_turns(maker):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: maker.take_in(f"{n}.txt"), range(20)))
    assert len(maker.catalog.sources()) == 20


def test_what_is_deleted_is_overwritten(path, maker):
    secret = "此句不得留存于空闲页"
    document = maker.take_in("1.txt", text=f"{secret}\n{'填充' * 3000}")
    maker.catalog.remove_source(document.source)
    maker.catalog.close()
    assert secret.encode() not in path.read_bytes()


def test_a_mistaken_statement_is_not_called_damage(maker):
    with pytest.raises(sqlite3.IntegrityError), maker.catalog._database.writing() as connection:
        connection.execute(
            "INSERT INTO contents (document, text, elements, blocks, clauses) VALUES (99, '', '', '', '')"
        )


def test_a_snapshot_sees_one_state_whatever_is_written_meanwhile(path: Path):
    with Catalog.open(path) as writer, Catalog.open(path, read_only=True) as reader:
        maker = Maker(writer)
        maker.take_in("a.txt")
        with reader.snapshot():
            before = reader.list_documents(scope=ALL).documents
            gone = maker.made["a.txt"]
            writer.remove_source("a.txt")
            assert reader.text(before[0].document_id, scope=ALL) == gone.text  # found once, found again
            with reader.snapshot():  # within another one
                assert reader.list_documents(scope=ALL).documents == before
            assert reader.list_documents(scope=ALL).documents == before
            with ThreadPoolExecutor(1) as others:  # each thread has its own
                assert others.submit(lambda: reader.list_documents(scope=ALL).total).result() == 0
        assert reader.list_documents(scope=ALL).total == 0


def test_a_snapshot_that_fails_is_over(path: Path):
    with Catalog.open(path) as writer, Catalog.open(path, read_only=True) as reader:
        with pytest.raises(NotFound), reader.snapshot():
            reader.text("0" * 16, scope=ALL)
        Maker(writer).take_in("a.txt")
        assert reader.list_documents(scope=ALL).total == 1
