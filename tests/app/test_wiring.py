"""The engine: readers that follow, writers that leave nothing half done."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace

import pytest

from rag.app import live
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.errors import ConfigurationError, IndexDamaged, IndexMismatch, IndexMissing, NotFound
from rag.indexes import lock
from rag.indexes.generation import Generation, current_folder
from rag.indexes.manifest import MANIFEST_FILE, Manifest
from rag.settings import Settings

ALL = Scope.everything()


@pytest.fixture
def engine(own):
    with Engine(own) as engine:
        yield engine


def test_a_reader_is_kept_until_another_generation_is_published(engine, own):
    first = engine.reader()
    assert engine.reader() is first
    with Engine(own) as other:
        other.ingest([own.corpus_dir])  # nothing to do, nothing published
    assert engine.reader() is first
    (own.corpus_dir / "new.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
    with Engine(own) as other:
        other.ingest([own.corpus_dir])
    second = engine.reader()
    assert second.generation.number == first.generation.number + 1
    assert second.catalog is first.catalog


def test_a_generation_that_takes_long_to_open_is_opened_beside_the_one_that_serves(engine, own, monkeypatch):
    monkeypatch.setattr(live, "_LONG_TO_OPEN", 0.0)
    first, may_open = engine.reader(), threading.Event()
    monkeypatch.setattr(live, "Generation", _Waiting(may_open))
    (own.corpus_dir / "new.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
    with Engine(own) as other:
        other.ingest([own.corpus_dir])
    assert engine.reader() is first
    assert engine.reader() is first
    may_open.set()
    engine._live._opening.join(60)
    second = engine.reader()
    assert second.generation.number == first.generation.number + 1
    assert second.find_passages("停水", scope=ALL, filters=Filters(), top_k=1).hits


def test_who_wrote_may_read_it_at_once(engine, own, monkeypatch):
    monkeypatch.setattr(live, "_LONG_TO_OPEN", 0.0)
    first = engine.reader()
    (own.corpus_dir / "new.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
    engine.ingest([own.corpus_dir])
    assert engine.reader().generation.number == first.generation.number + 1


def test_who_repaired_may_read_it_at_once(engine, monkeypatch):
    monkeypatch.setattr(live, "_LONG_TO_OPEN", 0.0)
    first = engine.reader()
    assert engine.repair() is None
    assert engine.reader().generation.number == first.generation.number + 1


def test_who_wrote_may_read_it_at_once_though_others_wrote_in_between(engine, own, monkeypatch):
    monkeypatch.setattr(live, "_LONG_TO_OPEN", 0.0)
    first, take_lock = engine.reader(), lock.writer_lock

    def after_another(folder, *, wait_seconds):
        """Wait as for a process that writes, publishes and gives the lock back, while somebody asks."""
        monkeypatch.setattr(lock, "writer_lock", take_lock)
        with Engine(own) as other:
            other.ingest([own.corpus_dir / "water.txt"])
        engine.reader()
        return take_lock(folder, wait_seconds=wait_seconds)

    monkeypatch.setattr(lock, "writer_lock", after_another)
    (own.corpus_dir / "water.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
    (own.corpus_dir / "power.txt").write_text("关于停电的通知\n\n周五停电2小时。\n", encoding="utf-8")
    engine.ingest([own.corpus_dir / "power.txt"])
    assert engine.reader().generation.number == first.generation.number + 2


def test_a_generation_that_cannot_be_opened_beside_is_told_to_the_next_who_asks(engine, own, monkeypatch):
    monkeypatch.setattr(live, "_LONG_TO_OPEN", 0.0)
    first = engine.reader()
    (own.corpus_dir / "new.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
    with Engine(own) as other:
        other.ingest([own.corpus_dir])
    for part in current_folder(own.index_dir).iterdir():
        if part.is_file() and part.name != MANIFEST_FILE:
            part.write_bytes(b"")
    assert engine.reader() is first
    engine._live._opening.join(60)
    monkeypatch.setattr(live, "_LONG_TO_OPEN", 0.1)
    with pytest.raises(IndexDamaged):
        engine.reader()


class _Waiting:
    """Opens a generation once it may."""

    def __init__(self, may_open: threading.Event) -> None:
        self._may_open = may_open

    def open(self, *arguments: object) -> Generation:
        assert self._may_open.wait(60)
        return Generation.open(*arguments)


def test_a_pinned_reader_serves_on_while_the_index_is_built_anew(engine, own):
    pinned = engine.reader()
    before = pinned.searcher.search_text("冲锋舟", scope=ALL)
    assert before
    shutil.rmtree(own.index_dir)
    with pytest.raises(IndexMissing):
        engine.reader()
    with Engine(own) as other:
        other.ingest([own.corpus_dir])
    assert engine.reader() is not pinned
    assert engine.reader().catalog is not pinned.catalog
    assert pinned.searcher.search_text("冲锋舟", scope=ALL) == before


def test_readers_of_many_threads_follow_a_writer(engine, own):
    stop, errors, seen = threading.Event(), [], set()

    def read():
        try:
            while not stop.is_set():
                reader = engine.reader()
                hits = reader.searcher.search_text("停水时间", scope=ALL, top_k=3)
                reader.searcher.summaries([h.passage.document_id for h in hits], scope=ALL)
                seen.add(reader.generation.number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test has to tell it
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        with Engine(own) as writer:
            for hours in range(1, 6):
                text = f"关于停水的通知\n\n停水时间{hours}小时。\n"
                (own.corpus_dir / "water.txt").write_text(text, encoding="utf-8")
                writer.ingest([own.corpus_dir])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []
    texts = [hit.passage.text for hit in engine.reader().searcher.search_text("停水时间", scope=ALL)]
    assert [text for text in texts if "停水" in text] == ["停水时间5小时。"]


def test_documents_are_found_within_the_scope_only(engine, own):
    reader = engine.reader()
    path = str(own.corpus_dir / "notices/2023-xichuan-flood.txt")
    for reference in ("notices/2023-xichuan-flood.txt", "汐应急〔2023〕5号", path):
        assert reader.find_document(reference, scope=ALL).elements.document_number == "汐应急〔2023〕5号"
        with pytest.raises(NotFound):
            reader.find_document(reference, scope=Scope.public())


def test_a_reference_that_fits_several_is_not_guessed(engine):
    with pytest.raises(NotFound, match="fits 4 documents"):
        engine.reader().find_document("notices", scope=ALL)


def test_an_empty_folder_holds_no_index(tmp_path):
    settings = Settings(index_dir=tmp_path, corpus_dir=tmp_path / "papers")
    with Engine(settings) as engine, pytest.raises(IndexMissing) as missing:
        engine.reader()
    assert missing.value.remedy == f"rag ingest {tmp_path / 'papers'}"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_index(tmp_path):
    (tmp_path / "index").touch()
    settings = Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path)
    with Engine(settings) as engine:
        with pytest.raises(IndexDamaged):
            engine.reader()
        with pytest.raises(ConfigurationError):
            engine.ingest([tmp_path])
        assert len(engine.problems()) == 1


def test_repair_sets_a_broken_catalog_aside(engine, own, documents):
    broken = b"not a database at all " * 400
    engine.close()
    engine.catalog_path.write_bytes(broken)
    report = engine.repair()
    assert report is not None
    assert report.added == len(documents)
    assert engine.catalog_path.with_name("catalog.db.damaged").read_bytes() == broken
    assert engine.problems() == []


def test_repair_of_a_sound_catalog_reads_no_file(engine, own, documents):
    shutil.rmtree(own.corpus_dir)
    next(own.index_dir.glob("gen-*/vectors.faiss")).unlink()
    assert engine.problems()
    assert engine.repair() is None
    assert engine.problems() == []
    assert engine.reader().catalog.counts(scope=ALL).documents == len(documents)


def test_an_index_of_another_encoder_is_a_problem_that_repair_mends(engine, own):
    (folder,) = own.index_dir.glob("gen-*")
    replace(Manifest.read(folder), encoder="static-1:another").write(folder)
    with pytest.raises(IndexMismatch, match="another encoder"):
        engine.reader()
    assert ["another encoder" in problem for problem in engine.problems()] == [True]
    engine.repair()
    assert engine.problems() == []


def test_an_engine_can_be_closed_and_used_again(engine):
    assert engine.reader().catalog.counts(scope=ALL).documents
    engine.close()
    engine.close()
    assert engine.reader().catalog.counts(scope=ALL).documents
