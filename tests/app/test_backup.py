"""Backups: whole, checked before anything is replaced, taken while others work."""

from __future__ import annotations

import json
import shutil

import pytest

from rag.app.audit.log import AuditLog
from rag.app.backup import back_up, restore
from rag.app.keys import KeyRing
from rag.app.sessions import Sessions
from rag.app.wiring import Engine
from rag.domain.access import Role, Scope
from rag.errors import ConfigurationError, IndexDamaged, IndexMissing, IndexNewer
from rag.indexes.manifest import MANIFEST_FILE, file_hash
from rag.store.repository import Catalog

ALL = Scope.everything()


@pytest.fixture
def settings(own, tmp_path):
    state = tmp_path / "state"
    state.mkdir(exist_ok=True)
    (own.corpus_dir / "notices/2023-xichuan-flood.meta.toml").write_text('disclosure = "internal"\n', encoding="utf-8")
    return own.model_copy(update={"state_dir": state})


def change(settings):
    (settings.corpus_dir / "new.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
    with Engine(settings) as engine:
        assert engine.ingest([settings.corpus_dir]).documents == 7


def test_a_backup_brings_back_what_was_and_sets_aside_what_is(settings, tmp_path):
    kept = back_up(settings, tmp_path / "backup")
    assert kept.files > 10
    assert (tmp_path / "backup/corpus/notices/2023-xichuan-flood.meta.toml").is_file()
    change(settings)
    with Engine(settings) as server:
        assert server.reader().searcher.search_text("停水4小时", scope=ALL)[0].passage.text == "周三停水4小时。"
        aside = restore(settings, tmp_path / "backup").aside
        # A server that runs follows.
        assert server.reader().catalog.counts(scope=ALL).documents == 6
        assert server.problems() == []
        assert server.is_sealed()
        assert server.ingest([settings.corpus_dir]).documents == 6
    assert not (settings.corpus_dir / "new.txt").exists()
    assert {path.name.partition(".before-")[0] for path in aside} == {"index", "corpus"}
    assert (next(path for path in aside if path.name.startswith("corpus")) / "new.txt").is_file()


def test_what_is_still_in_the_log_comes_along(settings, tmp_path):
    with Catalog.open(settings.index_dir / "catalog.db") as catalog:
        catalog.remove_source("notices/2021-xichuan-canteens.txt")
        back_up(settings, tmp_path / "backup")
    with Catalog.open(tmp_path / "backup/index/catalog.db", read_only=True) as copy:
        assert copy.counts(scope=ALL).documents == 5
        assert copy.problems() == []


@pytest.mark.parametrize("harm", ["changed", "missing", "added", "list"])
def test_a_damaged_backup_replaces_nothing(settings, tmp_path, harm):
    backup = tmp_path / "backup"
    back_up(settings, backup)
    victim = backup / "index/catalog.db"
    if harm == "changed":
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data)
    elif harm == "missing":
        victim.unlink()
    elif harm == "added":
        (backup / "corpus/more.txt").write_text("x", encoding="utf-8")
    else:
        (backup / "BACKUP.json").unlink()
    before = {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*")}
    with pytest.raises((IndexDamaged, ConfigurationError), match="backup"):
        restore(settings, backup)
    assert {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*")} == before
    assert not list(tmp_path.glob("*.restoring"))


def test_a_backup_is_never_written_over_another(settings, tmp_path):
    back_up(settings, tmp_path / "backup")
    with pytest.raises(ConfigurationError, match="not empty"):
        back_up(settings, tmp_path / "backup")


def test_there_is_nothing_to_back_up_without_an_index(settings, tmp_path):
    shutil.rmtree(settings.index_dir)
    with pytest.raises(IndexMissing):
        back_up(settings, tmp_path / "backup")


def test_one_of_a_later_version_replaces_nothing(settings, tmp_path):
    backup = tmp_path / "backup"
    back_up(settings, backup)
    (manifest,) = backup.glob(f"index/gen-*/{MANIFEST_FILE}")
    said = json.loads(manifest.read_bytes())
    del said["manifest_sha256"]
    manifest.write_text(json.dumps(said | {"layout": said["layout"] + 1}), encoding="utf-8")
    listed = json.loads((backup / "BACKUP.json").read_bytes())
    listed["sha256"][manifest.relative_to(backup).as_posix()] = file_hash(manifest)
    (backup / "BACKUP.json").write_text(json.dumps(listed), encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*")}
    with pytest.raises(IndexNewer):
        restore(settings, backup)
    assert {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*")} == before
    assert not list(tmp_path.glob("*.restoring"))


class TestState:
    """Keys and audit log: what comes back opens no more, and tells no less, than what is there."""

    @pytest.fixture
    def state(self, settings):
        return settings.state_dir

    @pytest.fixture
    def log(self, state):
        log = AuditLog(state / "audit")
        write(log, "before")
        return log

    def test_a_key_revoked_since_stays_revoked_and_one_made_since_stays(self, settings, state, tmp_path):
        old, _ = KeyRing(state).create("old", Role.ADMIN)
        back_up(settings, tmp_path / "backup")
        KeyRing(state).revoke("old")
        new, _ = KeyRing(state).create("new", Role.READER)
        before = KeyRing(state).all()
        assert restore(settings, tmp_path / "backup").state.revoked == []
        assert KeyRing(state).all() == before
        assert KeyRing(state).holder_of(old.encode()) is None
        assert KeyRing(state).holder_of(new.encode()) is not None

    def test_a_key_that_the_file_does_not_know_comes_back_revoked(self, settings, state, tmp_path):
        old, _ = KeyRing(state).create("old", Role.ADMIN)
        back_up(settings, tmp_path / "backup")
        (state / "keys.json").unlink()
        new, _ = KeyRing(state).create("new", Role.READER)
        assert restore(settings, tmp_path / "backup").state.revoked == ["old"]
        assert KeyRing(state).holder_of(old.encode()) is None
        assert KeyRing(state).holder_of(new.encode()) is not None
        assert restore(settings, tmp_path / "backup").state.revoked == []

    def test_on_a_new_machine_keys_and_log_come_back_but_no_session(self, settings, state, log, tmp_path):
        secret, _ = KeyRing(state).create("old", Role.ADMIN)
        cookie = Sessions(state).signed("old", salt="a test")
        assert Sessions(state).unsigned(cookie, salt="a test", seconds=60) == "old"
        back_up(settings, tmp_path / "backup")
        assert not (tmp_path / "backup/state/session.key").exists()
        shutil.rmtree(state)
        restored = restore(settings, tmp_path / "backup").state
        assert (list(restored.revoked), restored.log) == ([], None)
        assert KeyRing(state).holder_of(secret.encode()) is not None
        assert (state / "keys.json").stat().st_mode & 0o077 == 0
        assert Sessions(state).unsigned(cookie, salt="a test", seconds=60) is None
        assert [entry["did"] for entry in log.entries()] == ["before"]
        assert log.verify().problems == ()

    def test_the_log_goes_on(self, settings, state, log, tmp_path):
        back_up(settings, tmp_path / "backup")
        write(log, "since")
        head = log.verify().head
        assert restore(settings, tmp_path / "backup").state.log is None
        assert [entry["did"] for entry in log.entries()] == ["before", "since"]
        assert log.verify(head).problems == ()

    def test_a_log_begun_anew_goes_on_and_that_of_the_backup_is_kept_beside(self, settings, state, log, tmp_path):
        head = log.verify().head
        back_up(settings, tmp_path / "backup")
        shutil.rmtree(state / "audit")
        write(AuditLog(state / "audit"), "anew")
        beside = restore(settings, tmp_path / "backup").state.log
        assert beside is not None
        assert AuditLog(beside).verify(head).problems == ()
        assert [entry["did"] for entry in AuditLog(state / "audit").entries()] == ["anew"]

    def test_other_files_come_back_where_there_are_none(self, settings, state, tmp_path):
        (state / "theirs").mkdir()
        for name in ("kept", "lost"):
            (state / "theirs" / name).write_text("then", encoding="utf-8")
        back_up(settings, tmp_path / "backup")
        (state / "theirs/kept").write_text("now", encoding="utf-8")
        (state / "theirs/lost").unlink()
        restore(settings, tmp_path / "backup")
        assert (state / "theirs/kept").read_text(encoding="utf-8") == "now"
        assert (state / "theirs/lost").read_text(encoding="utf-8") == "then"

    def test_keys_that_cannot_be_read_replace_nothing(self, settings, state, tmp_path):
        KeyRing(state).create("old", Role.ADMIN)
        back_up(settings, tmp_path / "backup")
        (state / "keys.json").write_text("{", encoding="utf-8")
        with pytest.raises(ConfigurationError, match="key file"):
            restore(settings, tmp_path / "backup")
        assert not list(tmp_path.glob("*.before-*"))
        assert not list(tmp_path.glob("*.restoring"))
        assert (state / "keys.json").read_text(encoding="utf-8") == "{"


def write(log: AuditLog, did: str) -> None:
    log.append([{"who": "张处", "did": did}], durable=False)


def test_the_commands(rag, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_INDEX_DIR", str(settings.index_dir))
    monkeypatch.setenv("RAG_CORPUS_DIR", str(settings.corpus_dir))
    monkeypatch.setenv("RAG_STATE_DIR", str(settings.state_dir))
    ran = rag("backup", tmp_path / "backup", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["files"] == len(json.loads((tmp_path / "backup/BACKUP.json").read_bytes())["sha256"])
    change(settings)
    ran = rag("restore", tmp_path / "backup", "--json")
    assert ran.code == 0, ran.err
    assert len(ran.json["set_aside"]) == 2
    assert (ran.json["revoked"], ran.json["log"]) == ([], None)
    *_, last = AuditLog(settings.state_dir / "audit").entries()
    assert last["did"] == "restore"
    assert last["asked"]["sha256"] == ran.json["sha256"] == file_hash(tmp_path / "backup/BACKUP.json")
    assert rag("verify", "--json").json["ok"]
    assert rag("restore", tmp_path / "no-such-folder").code == 2
