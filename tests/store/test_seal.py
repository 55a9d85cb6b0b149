"""The seal: every byte of the catalog is as the last run left it, or it is said."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from rag.domain.access import Scope
from rag.store import seal
from rag.store.records import Failure
from rag.store.repository import Catalog
from rag.store.schema import MIGRATIONS
from rag.store.seal import is_sealed, seal_of


@pytest.fixture
def sealed(path, maker):
    for n in range(30):
        maker.take_in(f"{n}.txt")
    maker.catalog.seal()
    maker.catalog.close()
    return path


def test_a_run_that_is_done_leaves_all_in_one_file_and_its_hash_beside_it(sealed):
    assert is_sealed(sealed)
    assert not sealed.with_name("catalog.db-wal").exists()
    digest, name = seal_of(sealed).read_text().split()
    assert (len(digest), name) == (64, sealed.name)
    with Catalog.open(sealed, read_only=True) as catalog:
        assert catalog.problems() == []


def test_others_can_check_it(sealed):
    try:
        done = subprocess.run(["sha256sum", "-c", seal_of(sealed).name], cwd=sealed.parent, check=False)
    except FileNotFoundError:
        pytest.skip("no sha256sum here")
    assert done.returncode == 0


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.8, 0.999])
def test_any_changed_byte_is_found(sealed, part):
    data = bytearray(sealed.read_bytes())
    data[max(4096, int(part * len(data)))] ^= 0x10  # one in the first page is told when it is opened
    sealed.write_bytes(data)
    with Catalog.open(sealed, read_only=True) as catalog:
        assert catalog.problems() == ["catalog.db is not as it was written"]


def test_a_changed_seal_is_found(sealed):
    line = bytearray(seal_of(sealed).read_bytes())
    for at in range(len(line)):
        seal_of(sealed).write_bytes(line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :])
        with Catalog.open(sealed, read_only=True) as catalog:
            assert catalog.problems(), at


def test_the_seal_is_broken_before_the_first_byte_changes(sealed):
    with Catalog.open(sealed) as catalog:
        assert is_sealed(sealed)
        with catalog.transaction():
            assert not is_sealed(sealed)
            catalog.remove_source("1.txt")
        assert not is_sealed(sealed)
        assert not catalog.is_sealed
        assert catalog.problems() == []  # the contents can be checked all the same
        catalog.seal()
        assert catalog.is_sealed
        assert catalog.problems() == []


def test_a_run_that_changes_nothing_leaves_it(sealed):
    before = seal_of(sealed).stat().st_mtime_ns
    with Catalog.open(sealed) as catalog:
        catalog.record_failures([])
        catalog.seal()
        assert seal_of(sealed).stat().st_mtime_ns == before
        catalog.record_failures([Failure("a.txt", "空 (empty)")])
        assert not catalog.is_sealed
        catalog.seal()
        catalog.record_failures([Failure("a.txt", "空 (empty)")])
        assert catalog.is_sealed


def test_a_reader_does_not_keep_it_from_being_set(sealed):
    with Catalog.open(sealed, read_only=True) as reader, Catalog.open(sealed) as writer:
        assert reader.counts(scope=Scope.everything()).documents == 30
        writer.remove_source("1.txt")
        assert reader.counts(scope=Scope.everything()).documents == 29
        writer.seal()
        assert writer.is_sealed
        assert reader.problems() == []


def test_a_reader_that_clings_to_an_old_state_leaves_it_unsealed(sealed, monkeypatch):
    monkeypatch.setattr("rag.store.database.SEAL_WAIT_SECONDS", 0.05)
    with Catalog.open(sealed, read_only=True) as reader, Catalog.open(sealed) as writer:
        with reader._database.reading() as connection:
            connection.execute("SELECT count(*) FROM documents").fetchone()
            writer.remove_source("1.txt")
            writer.seal()
            assert not writer.is_sealed
        writer.seal()
        assert writer.is_sealed


def test_a_run_that_begins_while_it_is_checked_is_no_damage(sealed, monkeypatch):
    real = seal._line

    def begun(path):
        with Catalog.open(path) as writer:
            writer.remove_source("1.txt")
        return real(path)

    monkeypatch.setattr(seal, "_line", begun)
    assert seal.seal_problem(sealed) is None


def test_a_migration_breaks_it(sealed, monkeypatch):
    monkeypatch.setattr("rag.store.schema.MIGRATIONS", (*MIGRATIONS, MIGRATIONS[-1]._replace(name="x", statements=())))
    with Catalog.open(sealed) as catalog:
        assert not catalog.is_sealed


@pytest.mark.skipif(os.name == "nt", reason="folders are not synced there")
def test_it_is_on_the_disk_before_and_after(sealed, monkeypatch):
    synced = []
    real = os.fsync

    def fsync(descriptor):
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc")
    monkeypatch.setattr(os, "fsync", fsync)
    with Catalog.open(sealed) as catalog:
        catalog.remove_source("1.txt")
        assert synced == [str(sealed.parent)]  # gone for good, before the transaction
        synced.clear()
        catalog.seal()
    assert synced == [f"{seal_of(sealed)}.new", str(sealed.parent)]
