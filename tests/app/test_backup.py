"""Backups: whole, checked before anything is replaced, taken while others work."""

from __future__ import annotations

import json
import shutil

import pytest

from rag.app.backup import back_up, restore
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.errors import ConfigurationError, IndexDamaged, IndexMissing
from rag.store import Catalog

ALL = Scope.everything()


@pytest.fixture
def settings(own, tmp_path):
    state = tmp_path / "state"
    state.mkdir(exist_ok=True)
    (state / "keys.example").write_text("kept", encoding="utf-8")
    (own.corpus_dir / "notices/2023-xichuan-flood.meta.toml").write_text('disclosure = "internal"\n', encoding="utf-8")
    return own.model_copy(update={"state_dir": state})


def change(settings):
    (settings.corpus_dir / "new.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
    (settings.state_dir / "keys.example").write_text("changed", encoding="utf-8")
    with Engine(settings) as engine:
        assert engine.ingest([settings.corpus_dir]).documents == 7


def test_a_backup_brings_back_what_was_and_sets_aside_what_is(settings, tmp_path):
    kept = back_up(settings, tmp_path / "backup")
    assert kept.files > 10
    assert (tmp_path / "backup/corpus/notices/2023-xichuan-flood.meta.toml").is_file()
    change(settings)
    with Engine(settings) as server:
        assert server.reader().searcher.search_text("停水4小时", scope=ALL)[0].passage.text == "周三停水4小时。"
        aside = restore(settings, tmp_path / "backup")
        # A server that runs follows.
        assert server.reader().catalog.counts(scope=ALL).documents == 6
        assert server.problems() == []
        assert server.is_sealed()
        assert server.ingest([settings.corpus_dir]).documents == 6
    assert (settings.state_dir / "keys.example").read_text(encoding="utf-8") == "kept"
    assert not (settings.corpus_dir / "new.txt").exists()
    assert {path.name.partition(".before-")[0] for path in aside} == {"index", "corpus", "state"}
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
    assert len(ran.json["set_aside"]) == 3
    assert rag("verify", "--json").json["ok"]
    assert rag("restore", tmp_path / "no-such-folder").code == 2
