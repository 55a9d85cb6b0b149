"""Corpus sync: what a run reports, and what is found after it."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest

import rag.ingest.files
import rag.ingest.reading
import rag.ingest.sync
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.indexes.encoder import load_encoder
from rag.indexes.generation import Generation
from rag.ingest import ingest
from rag.loaders.sandbox import Sandbox
from rag.settings import Settings
from rag.store.repository import Catalog
from rag.text import tokens

from . import faults

ALL = Scope.everything()


@pytest.fixture
def engine(tmp_path):
    with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")) as engine:
        yield engine


@pytest.fixture
def filled(own):
    with Engine(own) as engine:
        yield engine


def sources(engine):
    return set(engine.reader().catalog.sources())


def found(engine, words):
    """Sources of the documents whose passages hold these words, through search."""
    hits = engine.reader().searcher.search_text(words, scope=ALL, top_k=50)
    ids = {hit.passage.document_id for hit in hits if words in hit.passage.text}
    return {summary.source for summary in engine.reader().catalog.summaries(list(ids), scope=ALL).values()}


def done(report):
    """What a report counts, without zeros."""
    counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged", "moved", "removed")}
    return {name: count for name, count in counts.items() if count}


def test_a_new_corpus_is_added_and_then_unchanged(engine, corpus, documents):
    first = engine.ingest([corpus])
    assert done(first) == {"added": len(documents)}
    assert first.documents == len(documents)
    assert first.passages >= len(documents)
    second = engine.ingest([corpus])
    assert done(second) == {"unchanged": len(documents)}
    assert sources(engine) == set(documents)
    assert engine.reader().generation.number == 1  # nothing to publish the second time


def test_a_changed_file_is_replaced_everywhere(filled, telling_words):
    source = "notices/2023-xichuan-flood.txt"
    path = filled.settings.corpus_dir / source
    old = filled.reader().find_document(source, scope=ALL)
    path.write_text(path.read_text(encoding="utf-8").replace("冲锋舟42艘", "冲锋舟57艘"), encoding="utf-8")
    assert done(filled.ingest([filled.settings.corpus_dir])) == {"updated": 1, "unchanged": 5}
    assert found(filled, telling_words[source]) == set()
    assert found(filled, "冲锋舟57艘") == {source}
    new = filled.reader().find_document(source, scope=ALL)
    assert new.document_id != old.document_id
    assert old.document_id not in {d.document_id for d in filled.reader().catalog.list_documents(scope=ALL).documents}
    answer = filled.reader().answerer.answer("汐川县储备冲锋舟多少艘？", scope=ALL)
    assert "57" in answer.text
    assert "42" not in answer.text


def test_a_moved_file_keeps_its_document(filled):
    corpus = filled.settings.corpus_dir
    before = filled.reader().find_document("notices/2023-xichuan-flood.txt", scope=ALL)
    (corpus / "flood").mkdir()
    (corpus / "notices/2023-xichuan-flood.txt").rename(corpus / "flood/2023.txt")
    generation = filled.reader().generation.number
    assert done(filled.ingest([corpus])) == {"moved": 1, "unchanged": 5}
    after = filled.reader().find_document("flood/2023.txt", scope=ALL)
    assert after.document_id == before.document_id
    assert "notices/2023-xichuan-flood.txt" not in sources(filled)
    assert filled.reader().generation.number == generation  # nothing of it is indexed again


def test_a_moved_corpus_is_not_read_anew(filled, tmp_path, documents):
    filled.settings.corpus_dir.rename(tmp_path / "elsewhere")
    assert done(filled.ingest([tmp_path / "elsewhere"])) == {"moved": len(documents)}
    assert sources(filled) == set(documents)
    assert all(record.path.is_file() for record in filled.reader().catalog.sources().values())


def test_what_is_gone_goes_with_prune_only(filled, telling_words):
    source = "notices/2023-xichuan-flood.txt"
    corpus = filled.settings.corpus_dir
    (corpus / source).unlink()
    assert done(filled.ingest([corpus])) == {"unchanged": 5}
    assert found(filled, telling_words[source]) == {source}
    assert done(filled.ingest([corpus], prune=True)) == {"removed": 1, "unchanged": 5}
    assert found(filled, telling_words[source]) == set()
    assert source not in sources(filled)
    assert filled.problems() == []


def test_prune_looks_below_the_folders_given_only(filled):
    corpus = filled.settings.corpus_dir
    (corpus / "notices/2023-xichuan-flood.txt").unlink()
    (corpus / "replies/2024-linzhou-meals.txt").unlink()
    assert done(filled.ingest([corpus / "notices"], prune=True)) == {"removed": 1, "unchanged": 3}
    assert "replies/2024-linzhou-meals.txt" in sources(filled)


def test_prune_takes_a_folder_or_file_that_is_no_more(filled):
    corpus = filled.settings.corpus_dir
    shutil.rmtree(corpus / "notices")
    (corpus / "replies/2024-linzhou-meals.txt").unlink()
    report = filled.ingest([corpus / "notices", corpus / "replies/2024-linzhou-meals.txt"], prune=True)
    assert done(report) == {"removed": 5}
    assert sources(filled) == {"plans/2024-linzhou-psychology.txt"}
    missing = filled.ingest([corpus / "notices"], prune=True)  # nothing was ever taken in from there now
    assert [f.reason for f in missing.failed] == ["没有这个文件或文件夹 (no such file or folder)"]


def test_copies_are_one_document(filled, telling_words):
    corpus = filled.settings.corpus_dir
    original = "replies/2024-linzhou-meals.txt"
    shutil.copy(corpus / original, corpus / "a-copy.txt")
    report = filled.ingest([corpus])
    assert done(report) == {"added": 1, "unchanged": 6}
    assert report.documents == 6
    assert len(found(filled, telling_words[original])) == 1
    (corpus / original).unlink()
    filled.ingest([corpus], prune=True)
    assert found(filled, telling_words[original]) == {"a-copy.txt"}  # it lives on in its copy


def test_two_files_may_swap_their_contents(filled, telling_words):
    corpus = filled.settings.corpus_dir
    one, other = "notices/2023-xichuan-flood.txt", "notices/2021-xichuan-canteens.txt"
    texts = [(corpus / name).read_bytes() for name in (one, other)]
    (corpus / one).write_bytes(texts[1])
    (corpus / other).write_bytes(texts[0])
    report = filled.ingest([corpus])
    assert done(report) == {"updated": 2, "unchanged": 4}
    assert found(filled, telling_words[one]) == {other}
    assert found(filled, telling_words[other]) == {one}
    assert filled.problems() == []


def test_a_changed_file_and_a_copy_of_what_it_was(filled, telling_words):
    corpus = filled.settings.corpus_dir
    source = "notices/2021-xichuan-canteens.txt"
    shutil.copy(corpus / source, corpus / "z-what-it-was.txt")
    (corpus / source).write_text("汐川县民政局\n\n关于停止老年食堂试点的通知\n\n试点到期终止。\n", encoding="utf-8")
    assert done(filled.ingest([corpus])) == {"updated": 1, "added": 1, "unchanged": 5}
    assert found(filled, telling_words[source]) == {"z-what-it-was.txt"}
    assert found(filled, "试点到期终止") == {source}


def test_a_file_of_the_corpus_given_alone_stays_the_same_source(filled, documents):
    corpus = filled.settings.corpus_dir
    source = "notices/2023-xichuan-flood.txt"
    assert done(filled.ingest([corpus / source])) == {"unchanged": 1}
    assert done(filled.ingest([corpus / "notices"])) == {"unchanged": 4}
    (corpus / source).write_text("汐川县应急管理局\n\n关于防汛值守的通知\n\n汛期每日值守。\n", encoding="utf-8")
    assert done(filled.ingest([corpus / source])) == {"updated": 1}
    assert sources(filled) == set(documents)
    assert found(filled, "冲锋舟42艘") == set()


def test_a_file_given_twice_is_taken_once(engine, corpus, documents):
    report = engine.ingest([corpus, corpus, corpus / "plans", corpus / "replies/2024-linzhou-meals.txt"])
    assert done(report) == {"added": len(documents)}


def test_the_same_relative_path_from_two_folders(engine, tmp_path):
    for folder, words in (("east/2024", "东部新建公园7处。"), ("west/2024", "西部新建公园9处。")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "parks.txt").write_text(f"关于公园建设的通知\n\n{words}\n", encoding="utf-8")
    report = engine.ingest([tmp_path / "east/2024", tmp_path / "west/2024"])
    assert done(report) == {"added": 2}
    assert not report.failed
    assert sources(engine) == {"parks.txt", "2024/parks.txt"}
    assert found(engine, "西部新建公园9处") == {"2024/parks.txt"}
    assert done(engine.ingest([tmp_path / "west/2024"])) == {"unchanged": 1}
    assert done(engine.ingest([tmp_path / "east/2024"])) == {"unchanged": 1}
    (tmp_path / "west/2024/parks.txt").unlink()
    assert done(engine.ingest([tmp_path / "west/2024"], prune=True)) == {"removed": 1}
    assert sources(engine) == {"parks.txt"}


def test_files_that_cannot_be_taken_in_are_listed_and_the_rest_goes_on(filled, documents):
    corpus = filled.settings.corpus_dir
    (corpus / "a-empty.txt").touch()
    (corpus / "b-blank.txt").write_text(" \n\u3000\n", encoding="utf-8")
    (corpus / "c-binary.txt").write_bytes(bytes(range(256)) * 40)
    (corpus / "d-sheet.xyz").write_bytes(b"\x7fELF\x02\x01" + bytes(200))
    (corpus / "f-scan.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3")
    (corpus / "g-dangling.txt").symlink_to(corpus / "nowhere.txt")
    (corpus / "z-new.txt").write_text("关于放假的通知\n\n元旦放假1天。\n", encoding="utf-8")
    report = filled.ingest([corpus, corpus / "no-such-folder"])
    reasons = {failure.source: failure.reason for failure in report.failed}
    assert reasons.keys() == {
        str(corpus / "no-such-folder"), "a-empty.txt", "b-blank.txt", "c-binary.txt", "d-sheet.xyz",
        "f-scan.pdf", "g-dangling.txt",
    }  # fmt: skip
    assert all(reasons.values())
    assert "empty" in reasons["a-empty.txt"]
    assert "PDF" in reasons["f-scan.pdf"]
    assert done(report) == {"added": 1, "unchanged": len(documents)}
    assert found(filled, "元旦放假1天") == {"z-new.txt"}
    assert {f.source for f in filled.reader().catalog.failures()} == reasons.keys()
    for failure in report.failed:
        (corpus / failure.source).unlink(missing_ok=True)
    assert not filled.ingest([corpus]).failed
    assert not filled.reader().catalog.failures()


def test_a_file_that_broke_keeps_its_last_good_version(filled, telling_words):
    source = "notices/2023-xichuan-flood.txt"
    (filled.settings.corpus_dir / source).write_bytes(b"")
    report = filled.ingest([filled.settings.corpus_dir], prune=True)
    assert [f.source for f in report.failed] == [source]
    assert "stays in the index" in report.failed[0].reason
    assert found(filled, telling_words[source]) == {source}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_refused_and_not_waited_for(filled):
    os.mkfifo(filled.settings.corpus_dir / "pipe.txt")
    report = filled.ingest([filled.settings.corpus_dir])
    assert [(f.source, f.reason) for f in report.failed] == [("pipe.txt", "不是普通文件 (not a regular file)")]


def test_a_name_that_is_no_text_is_refused_in_words(filled):
    path = os.path.join(os.fsencode(filled.settings.corpus_dir), b"\xff\xfe.txt")  # noqa: PTH118 - of bytes
    try:
        with open(path, "wb") as file:  # noqa: PTH123
            file.write("通知".encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    report = filled.ingest([filled.settings.corpus_dir])
    assert [f.reason for f in report.failed] == ["文件名不是合法的 UTF-8 (its name is not valid UTF-8)"]
    assert report.failed[0].source.encode()  # can be shown and stored


def test_a_file_too_large_is_refused_unread(filled, monkeypatch):
    monkeypatch.setattr(rag.ingest.files, "MOST_BYTES", 2**20)
    with (filled.settings.corpus_dir / "huge.txt").open("wb") as file:
        file.truncate(2**20 + 1)
    report = filled.ingest([filled.settings.corpus_dir])
    assert [(f.source, f.reason) for f in report.failed] == [("huge.txt", "超过 1 MB (the file is too large)")]


def test_a_fault_of_the_parser_keeps_no_other_file_out(filled, monkeypatch, caplog):
    """A bug that one file brings to light: injected, as we know of none."""
    monkeypatch.setattr(rag.ingest.reading, "take", faults.take)
    corpus = filled.settings.corpus_dir
    for kind in ("fault", "crash"):
        (corpus / f"{kind}.txt").write_text(kind + faults.WORDS, encoding="utf-8")
    (corpus / "good.txt").write_text("关于放假的通知\n\n元旦放假1天。\n", encoding="utf-8")
    with caplog.at_level(logging.DEBUG):
        report = filled.ingest([corpus])
    assert done(report)["added"] == 1
    reasons = {f.source: f.reason for f in report.failed}
    assert reasons.keys() == {"fault.txt", "crash.txt"}
    assert "IndexError" in reasons["fault.txt"]
    assert "退出码 7" in reasons["crash.txt"]
    assert "fault.txt" in caplog.text
    assert faults.WORDS not in caplog.text


def test_copies_of_what_cannot_be_read_fail_alike(filled, monkeypatch):
    monkeypatch.setattr(rag.ingest.reading, "take", faults.take)
    for name in ("crash-1.txt", "crash-2.txt"):
        (filled.settings.corpus_dir / name).write_text(faults.WORDS, encoding="utf-8")
    reasons = [f.reason for f in filled.ingest([filled.settings.corpus_dir]).failed]
    assert len(reasons) == 2
    assert len(set(reasons)) == 1


def test_another_recipe_reads_the_files_anew(filled, monkeypatch, documents):
    monkeypatch.setattr(rag.ingest.sync, "RECIPE", "next")
    corpus = filled.settings.corpus_dir
    shutil.copy(corpus / "replies/2024-linzhou-meals.txt", corpus / "copy.txt")
    assert done(filled.ingest([corpus])) == {"updated": len(documents), "added": 1}
    assert done(filled.ingest([corpus])) == {"unchanged": len(documents) + 1}


def test_reading_anew_mends_the_catalog(filled, documents):
    with closing(sqlite3.connect(filled.catalog_path)) as connection, connection:
        connection.execute("UPDATE passages SET text = '篡改' WHERE id = 1")
    assert filled.problems()
    filled.ingest([filled.settings.corpus_dir], reread=True)
    assert filled.problems() == []
    assert sources(filled) == set(documents)


def test_progress_is_told_for_both_stages(engine, corpus, documents):
    steps = []
    engine.ingest([corpus], on_progress=steps.append)
    files = [step for step in steps if step.stage == "files"]
    assert [step.done for step in files] == sorted(step.done for step in files)
    assert (files[0].done, files[-1].done) == (0, len(documents))
    assert {step.total for step in files} == {len(documents)}
    assert {step.current for step in files} - {""} == set(documents)
    assert any(step.stage == "index" and step.done == step.total > 0 for step in steps)


def test_a_file_told_to_be_done_is_stored(engine, tmp_path):
    """What progress says is done must be there when the machine stops at that moment."""
    folder = tmp_path / "notices"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number:03}.txt").write_text(
            f"关于第{number}号工程的通知\n\n投资{number}万元。\n", encoding="utf-8"
        )

    def check(step):
        if step.stage == "files" and step.done:
            with closing(sqlite3.connect(f"{engine.catalog_path.as_uri()}?mode=ro", uri=True)) as other:
                assert other.execute("SELECT count(*) FROM sources").fetchone()[0] >= step.done

    assert done(engine.ingest([folder], on_progress=check)) == {"added": 150}


def test_row_numbers_do_not_depend_on_the_workers(tmp_path, corpus, documents):
    for number in range(60):  # some take longer than others
        (corpus / f"{number:02}.txt").write_text(
            "关于抽查的通知\n\n抽查一次。\n" * (1 + number * 7 % 50), encoding="utf-8"
        )
    shutil.copy(corpus / "07.txt", corpus / "a-copy.txt")
    dumps = []
    for workers in (1, 3):
        index = tmp_path / f"index-{workers}"
        with Sandbox(workers=workers) as sandbox, Catalog.open(index / "catalog.db") as catalog:
            ingest([corpus], catalog=catalog, encoder=load_encoder(), index_dir=index, sandbox=sandbox)
        with closing(sqlite3.connect(index / "catalog.db")) as connection:
            dumps.append([line for line in connection.iterdump() if "sources" not in line])
        generation = Generation.open(index, load_encoder().identity)
        hits = [list(generation.search_lexical(tokens(words), 50)) for words in ("抽查", "心理热线", "2023年防汛")]
        dumps[-1].append([generation.keys.tolist(), hits])
    assert dumps[0] == dumps[1]


def test_files_that_are_as_they_were_are_not_read(filled, monkeypatch, documents):
    monkeypatch.setattr(rag.ingest.files, "SETTLED_NS", -(10**18))  # every time of change counts as long ago
    corpus = filled.settings.corpus_dir
    assert done(filled.ingest([corpus])) == {"unchanged": len(documents)}  # notes what they look like
    monkeypatch.setattr(rag.ingest.sync, "read", pytest.fail)
    assert done(filled.ingest([corpus])) == {"unchanged": len(documents)}


def test_another_recipe_reads_what_is_as_it_was(filled, monkeypatch, documents):
    monkeypatch.setattr(rag.ingest.files, "SETTLED_NS", -(10**18))
    filled.ingest([filled.settings.corpus_dir])
    monkeypatch.setattr(rag.ingest.sync, "RECIPE", "next")
    assert done(filled.ingest([filled.settings.corpus_dir])) == {"updated": len(documents)}


def test_a_file_in_the_place_of_another_of_its_size_and_time_is_read(filled, monkeypatch):
    monkeypatch.setattr(rag.ingest.files, "SETTLED_NS", -(10**18))
    corpus = filled.settings.corpus_dir
    filled.ingest([corpus])
    path = corpus / "notices/2023-xichuan-flood.txt"
    before = path.stat()
    changed = path.read_text(encoding="utf-8").replace("冲锋舟42艘", "冲锋舟57艘")
    path.with_name("new").write_text(changed, encoding="utf-8")
    path.with_name("new").replace(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert done(filled.ingest([corpus])) == {"updated": 1, "unchanged": 5}


def test_removing_a_document_leaves_its_file(filled, telling_words):
    source = "notices/2023-xichuan-flood.txt"
    document = filled.reader().find_document(source, scope=ALL)
    report = filled.remove(document.document_id)
    assert done(report) == {"removed": 1}
    assert report.documents == 5
    assert found(filled, telling_words[source]) == set()
    assert (filled.settings.corpus_dir / source).is_file()
    assert done(filled.remove(document.document_id)) == {}
    assert filled.problems() == []


def test_a_removed_document_is_in_no_result(filled, telling_words):
    source = "plans/2024-linzhou-psychology.txt"
    document = filled.reader().find_document(source, scope=ALL)
    before = filled.reader().answerer.answer("哪个部门牵头开齐心理课程？", scope=ALL)
    assert document.document_id in {c.document.document_id for c in before.citations}
    filled.remove(document.document_id)
    reader = filled.reader()
    assert found(filled, telling_words[source]) == set()
    after = reader.answerer.answer("哪个部门牵头开齐心理课程？", scope=ALL)
    assert document.document_id not in {c.document.document_id for c in after.citations}
    assert document.document_id not in {lead.document_id for lead in after.leads}
    duties = reader.catalog.duties(scope=ALL)
    assert document.document_id not in {d.document_id for _, d in duties}
    assert document.document_id not in {d.document_id for d in reader.catalog.list_documents(scope=ALL).documents}


def test_seconds_are_those_of_the_run(engine, corpus):
    started = time.perf_counter()
    report = engine.ingest([corpus])
    assert 0 < report.seconds <= time.perf_counter() - started + 0.001
