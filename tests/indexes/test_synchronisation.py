"""Generations: made by difference, published whole, healed after any crash, refused when they do not fit."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from rag.errors import IndexDamaged, IndexLocked, IndexMismatch, IndexMissing
from rag.indexes import building, synchronisation
from rag.indexes import generation as generation_module
from rag.indexes.building import dense_text, heading_of
from rag.indexes.generation import CURRENT_FILE, KEYS_FILE, LEXICAL_FOLDER, Generation, current_folder
from rag.indexes.lock import writer_lock
from rag.indexes.manifest import MANIFEST_FILE, measured
from rag.indexes.synchronisation import is_behind, synchronise, verify
from rag.indexes.vector import VECTORS_FILE
from rag.text import tokens

from .index_standins import HashEncoder, Store


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def lexical_rows(generation: Generation, text: str, **given) -> list[int]:
    return [row for row, _ in generation.search_lexical(tokens(text), 10, **given)]


def dense_rows(generation: Generation, encoder: HashEncoder, text: str, **given) -> list[int]:
    vector = encoder.encode([text], kind="query")[0]
    return [row for row, _ in generation.search_dense(vector, 10, **given)]


def test_both_legs_find_what_the_store_holds(store, encoder, index_dir):
    generation = synchronise(store, encoder, index_dir)
    assert len(generation) == 4
    assert generation.number == 1
    assert lexical_rows(generation, "托育")[0] == 2
    assert dense_rows(generation, encoder, dense_text("工作方案 第2节", store.rows[2][3]))[0] == 2
    assert verify(index_dir, store) == []


def test_an_open_generation_works_with_one_thread(store, encoder, index_dir):
    synchronise(store, encoder, index_dir)
    with threadpool_limits(limits=2, user_api="blas"):
        Generation.open(index_dir, encoder.identity)
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}


def test_title_and_headings_are_indexed_with_the_text(store, encoder, index_dir):
    generation = synchronise(store, encoder, index_dir)
    assert lexical_rows(generation, "工作方案第3节")[0] == 3
    assert encoder.encoded[2] == "工作方案 第3节\n公交线路调整方案"


def document_rows(generation: Generation, text: str, **given) -> list[int]:
    return [row for row, _ in generation.search_documents(tokens(text), 10, **given)]


def test_whole_documents_are_found_by_words_that_no_one_passage_holds_together(store, encoder, index_dir):
    generation = synchronise(store, encoder, index_dir)  # rows 1, 2 are of document 1; 3, 4 of document 2
    assert document_rows(generation, "托育校园安全")[0] == 1
    assert document_rows(generation, "公交", admitted=np.array([1], dtype=np.int64)) == []
    assert generation.documents_of(np.array([4, 1, 2], dtype=np.int64)).tolist() == [2, 1, 1]


def test_whole_documents_follow_what_comes_and_goes(store, encoder, index_dir):
    synchronise(store, encoder, index_dir)
    store.put(5, "新增养老一段", document=2)
    store.drop(1, 2)
    generation = synchronise(store, encoder, index_dir)
    assert generation.documents.rows.tolist() == [2]
    assert document_rows(generation, "养老") == [2]
    assert document_rows(generation, "托育") == []
    assert verify(index_dir, store) == []


def test_verify_sees_a_document_missing_from_the_index_of_whole_documents(store, encoder, index_dir):
    generation = synchronise(store, encoder, index_dir)
    generation.documents.update(removed=[1])
    manifest = generation.manifest
    hashes, sizes = measured(generation.folder, {})
    replace(manifest, hashes=hashes, sizes=sizes).write(generation.folder)
    assert verify(index_dir, store) == ["the index of whole documents does not hold the documents it should"]


def test_a_heading_of_nothing_adds_nothing(store):
    store.put(9, "正文")
    ((_, title, passage),) = store.titled_passages([9])
    assert heading_of(title, passage) == ""
    assert dense_text("", passage.text) == "正文"


def test_filters_are_by_document(store, encoder, index_dir):
    generation = synchronise(store, encoder, index_dir)  # rows 1, 2 are of document 1; 3, 4 of document 2
    for admitted, allowed in (([1], {1, 2}), ([2], {3, 4}), ([], set()), ([77], set()), ([1, 2], {1, 2, 3, 4})):
        given = np.array(admitted, dtype=np.int64)
        assert set(lexical_rows(generation, "校园公交工作方案", admitted=given)) == allowed
        assert set(dense_rows(generation, encoder, "校园公交", admitted=given)) == allowed


def test_an_empty_store_has_an_empty_index(encoder, index_dir):
    generation = synchronise(Store(), encoder, index_dir)
    assert len(generation) == 0
    assert lexical_rows(generation, "校园") == []
    assert dense_rows(generation, encoder, "校园", admitted=np.array([1])) == []
    assert verify(index_dir, Store()) == []


def test_nothing_is_done_when_nothing_changed(store, encoder, index_dir):
    first = synchronise(store, encoder, index_dir)
    before = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")}
    encoded = len(encoder.encoded)
    store.revision += 1  # a renamed file, say
    second = synchronise(store, encoder, index_dir)
    assert second.folder == first.folder
    assert {path: path.stat().st_mtime_ns for path in second.folder.rglob("*")} == before
    assert len(encoder.encoded) == encoded


def test_only_what_is_new_is_encoded(store, encoder, index_dir):
    synchronise(store, encoder, index_dir)
    encoder.encoded.clear()
    store.put(5, "新增一段", document=3)
    store.drop(1)
    generation = synchronise(store, encoder, index_dir)
    assert encoder.encoded == ["新增一段"]
    assert sorted(lexical_rows(generation, "工作方案新增一段校园")) == [2, 3, 4, 5]
    assert generation.vectors.rows.tolist() == [2, 3, 4, 5]
    assert verify(index_dir, store) == []


def test_a_row_number_that_means_another_passage_is_indexed_again(store, encoder, index_dir):
    """A catalog put back from a copy, or made anew, gives the same numbers to other passages."""
    synchronise(store, encoder, index_dir)
    store.put(3, "完全不同的内容", document=2)
    generation = synchronise(store, encoder, index_dir)
    assert lexical_rows(generation, "完全不同")[0] == 3
    assert lexical_rows(generation, "调整") == []
    assert verify(index_dir, store) == []


def test_a_passage_that_went_to_another_document_is_filtered_by_that_one(store, encoder, index_dir):
    synchronise(store, encoder, index_dir)
    store.put(3, "公交线路调整方案", document=9, title="工作方案", section=("第3节",))
    generation = synchronise(store, encoder, index_dir)
    assert lexical_rows(generation, "公交", admitted=np.array([9])) == [3]
    assert dense_rows(generation, encoder, "公交", admitted=np.array([9])) == [3]


changes = st.lists(
    st.dictionaries(
        st.integers(1, 12), st.none() | st.text(alphabet="校园安全公交", min_size=1, max_size=6), max_size=6
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=changes)
def test_any_history_ends_as_if_built_at_once(tmp_path_factory, history):
    folder = tmp_path_factory.mktemp("history")
    store, encoder = Store(), HashEncoder()
    for step in history:
        for row, text in step.items():
            if text is None:
                store.rows.pop(row, None)
            else:
                store.put(row, text)
        grown = synchronise(store, encoder, folder / "grown")
    assert verify(folder / "grown", store) == []
    fresh = synchronise(store, encoder, folder / "fresh")
    for text in ("校园", "安全公交"):
        assert dense_rows(grown, encoder, text) == dense_rows(fresh, encoder, text)
        assert set(lexical_rows(grown, text)) == set(lexical_rows(fresh, text))


def test_old_generations_are_removed_but_a_reader_goes_on(store, encoder, index_dir):
    reader = synchronise(store, encoder, index_dir)
    before = (lexical_rows(reader, "校园公交"), dense_rows(reader, encoder, "校园公交"))
    store.drop(1, 4)
    second = synchronise(store, encoder, index_dir)
    assert not reader.folder.exists()
    assert [path.name for path in index_dir.iterdir() if path.is_dir()] == [second.folder.name]
    assert (lexical_rows(reader, "校园公交"), dense_rows(reader, encoder, "校园公交")) == before
    assert lexical_rows(second, "校园") == []


def test_files_that_do_not_change_are_linked(store, encoder, index_dir, monkeypatch):
    first = synchronise(store, encoder, index_dir)
    numbers = {path.name: path.stat().st_ino for path in (first.folder / LEXICAL_FOLDER).iterdir()}
    store.put(5, "新增一段")
    second = synchronise(store, encoder, index_dir)
    linked = [p.name for p in (second.folder / LEXICAL_FOLDER).iterdir() if numbers.get(p.name) == p.stat().st_ino]
    assert any(name.endswith(".idx") for name in linked)
    assert not any(name.endswith(".json") for name in linked)


def test_without_hard_links_files_are_copied(store, encoder, index_dir, monkeypatch):
    def refuse(source, target):
        raise OSError("no hard links here")

    synchronise(store, encoder, index_dir)
    monkeypatch.setattr(os, "link", refuse)
    store.put(5, "新增一段")
    generation = synchronise(store, encoder, index_dir)
    assert lexical_rows(generation, "新增") == [5]
    assert verify(index_dir, store) == []


@pytest.mark.parametrize("afresh", [True, False])
def test_another_encoder_rebuilds_all(store, encoder, index_dir, afresh):
    synchronise(store, encoder, index_dir)
    other = encoder if afresh else HashEncoder("hash-2")
    other.encoded.clear()
    generation = synchronise(store, other, index_dir, afresh=afresh)
    assert generation.number == 2
    assert len(other.encoded) == 4
    assert generation.manifest.encoder == other.identity


def test_progress_ends_with_all(store, encoder, index_dir):
    seen: list[tuple[int, int]] = []
    synchronise(store, encoder, index_dir, lambda done, of: seen.append((done, of)))
    assert seen == [(4, 4)]


class TestRefusals:
    def test_nothing_was_built(self, encoder, index_dir, store):
        for use in (lambda: Generation.open(index_dir, encoder.identity), lambda: verify(index_dir, store)):
            with pytest.raises(IndexMissing) as caught:
                use()
            assert caught.value.remedy.startswith("rag ingest")

    def test_another_encoder(self, store, encoder, index_dir):
        synchronise(store, encoder, index_dir)
        with pytest.raises(IndexMismatch, match="another encoder") as caught:
            Generation.open(index_dir, "hash-2")
        assert caught.value.remedy == "rag verify --repair"

    @pytest.mark.parametrize(("name", "words"), [("ANALYZER_VERSION", "analyzer"), ("LAYOUT", "version")])
    def test_another_analyzer_or_layout(self, store, encoder, index_dir, monkeypatch, name, words):
        synchronise(store, encoder, index_dir)
        monkeypatch.setattr(generation_module, name, "other")
        with pytest.raises(IndexMismatch, match=words):
            Generation.open(index_dir, encoder.identity)
        assert any(words in line for line in verify(index_dir, store))

    def test_a_second_writer(self, store, encoder, index_dir):
        import threading

        refusals = []

        def write():
            try:
                synchronise(store, encoder, index_dir)
            except IndexLocked as error:
                refusals.append(error)

        with writer_lock(index_dir):
            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
        assert len(refusals) == 1

    def test_a_store_that_changes_meanwhile(self, store, encoder, index_dir):
        keys = store.passage_keys()
        store.drop(2)
        store.passage_keys = lambda: keys
        with pytest.raises(IndexDamaged, match="changed while"):
            synchronise(store, encoder, index_dir)
        with pytest.raises(IndexMissing):
            Generation.open(index_dir, encoder.identity)


def damage_pointer(folder: Path) -> None:
    (folder.parent / CURRENT_FILE).write_text("../elsewhere\n")


def lose_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def flip(name: str):
    def damage(folder: Path) -> None:
        path = next(folder.rglob(name))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.unlink()  # it may be linked from elsewhere
        path.write_bytes(data)

    return damage


def lose(name: str):
    return lambda folder: next(folder.rglob(name)).unlink()


def cut_short(name: str):
    def damage(folder: Path) -> None:
        path = next(folder.rglob(name))
        data = path.read_bytes()
        path.unlink()  # tantivy maps its files: cut short in place, they would take the process with them
        path.write_bytes(data[:-2])

    return damage


def count_wrong(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    manifest["passages"] += 1
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))


DAMAGE = {
    "pointer": damage_pointer,
    "folder lost": lose_folder,
    "count": count_wrong,
    "manifest cut": cut_short(MANIFEST_FILE),
    **{f"{how.__name__} {name}": how(name) for how in (flip, lose, cut_short) for name in (VECTORS_FILE, KEYS_FILE, "*.idx", "*.term")},
    "lose manifest": lose(MANIFEST_FILE),
    "lose meta": lose("meta.json"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_seen_refused_and_mended(store, encoder, index_dir, damage):
    damage(synchronise(store, encoder, index_dir).folder)
    assert verify(index_dir, store)
    with pytest.raises(IndexDamaged) as caught:
        Generation.open(index_dir, encoder.identity)
    assert caught.value.remedy == "rag verify --repair"
    generation = synchronise(store, encoder, index_dir)
    assert lexical_rows(generation, "托育")[0] == 2
    assert verify(index_dir, store) == []


def test_verify_tells_of_the_store_itself(store, encoder, index_dir):
    synchronise(store, encoder, index_dir)
    store.wrong.append("passage d1-1 is not the text at its span")
    assert verify(index_dir, store) == ["passage d1-1 is not the text at its span"]


def test_an_index_behind_its_store_is_sound(store, encoder, index_dir):
    """As a run leaves it that is cut off between the two."""
    synchronise(store, encoder, index_dir)
    assert not is_behind(index_dir, store)
    store.put(9, "新增")
    assert verify(index_dir, store) == []
    assert is_behind(index_dir, store)
    synchronise(store, encoder, index_dir)
    assert not is_behind(index_dir, store)


def test_a_store_that_differs_without_having_changed_is_damaged(store, encoder, index_dir):
    synchronise(store, encoder, index_dir)
    revision = store.revision
    store.put(9, "新增")
    store.revision = revision
    assert verify(index_dir, store) == ["the index is not up to date with the catalog"]
    assert not is_behind(index_dir, store)


def home_of(step: str) -> ModuleType:
    return building if step == "measured" else synchronisation


STEPS = ("build", "_publish", "make_durable", "measured", "_clear")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_step_leaves_a_live_index_and_heals(store, encoder, index_dir, monkeypatch, step, after):
    synchronise(store, encoder, index_dir)
    store.put(5, "新增一段")
    store.drop(1)
    original = getattr(home_of(step), step)

    class Crash(BaseException):
        """As a kill would: nothing may catch it."""

    def crash(*given, **named):
        if after:
            original(*given, **named)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(home_of(step), step, crash)
        with pytest.raises(Crash):
            synchronise(store, encoder, index_dir)
    live = Generation.open(index_dir, encoder.identity)
    published = step == "_publish" and after
    assert lexical_rows(live, "新增") == ([5] if published else [])
    healed = synchronise(store, encoder, index_dir)
    assert lexical_rows(healed, "新增") == [5]
    assert verify(index_dir, store) == []
    assert [path.name for path in index_dir.iterdir() if path.is_dir()] == [current_folder(index_dir).name]


def test_a_generation_replaced_while_it_is_opened_is_not_called_damaged(store, encoder, index_dir, monkeypatch):
    synchronise(store, encoder, index_dir)
    original = Generation._load.__func__
    opened: list[str] = []

    def overtaken(cls, folder, identity):
        opened.append(folder.name)
        if len(opened) == 1:
            store.put(5, "新增一段")
            with monkeypatch.context() as patch:
                patch.setattr(Generation, "_load", classmethod(original))
                synchronise(store, encoder, index_dir)
        return original(cls, folder, identity)

    monkeypatch.setattr(Generation, "_load", classmethod(overtaken))
    assert lexical_rows(Generation.open(index_dir, encoder.identity), "新增") == [5]
    assert opened == ["gen-1", "gen-2"]


def test_the_pointer_moves_only_once_all_is_on_the_disk(store, encoder, index_dir, monkeypatch):
    order: list[str] = []
    replace, durable = Path.replace, synchronisation.make_durable

    def logged_replace(path: Path, target: Path) -> Path:
        order.append(f"{path.name} -> {target.name}")
        return replace(path, target)

    def logged_durable(path: Path) -> None:
        order.append(path.name)
        durable(path)

    monkeypatch.setattr(Path, "replace", logged_replace)
    monkeypatch.setattr(synchronisation, "make_durable", logged_durable)
    monkeypatch.setattr(synchronisation, "make_folder_durable", logged_durable)
    synchronise(store, encoder, index_dir)
    assert order == ["gen-1", "CURRENT.new", "CURRENT.new -> CURRENT", "index"]


def test_searches_run_side_by_side(store, encoder, index_dir):
    generation = synchronise(store, encoder, index_dir)
    expected = (lexical_rows(generation, "校园公交"), dense_rows(generation, encoder, "校园公交"))
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(
            lambda _: (lexical_rows(generation, "校园公交"), dense_rows(generation, HashEncoder(), "校园公交")),
            range(64),
        )
    assert all(one == expected for one in found)


def test_terms_kept_or_cut_again_are_the_same(store, encoder, index_dir, tmp_path, monkeypatch):
    kept = synchronise(store, encoder, index_dir)
    monkeypatch.setattr(building, "_KEPT_CHARACTERS", 0)
    cut_again = synchronise(store, encoder, tmp_path / "other")
    for words in ("托育", "新增一段", "2024年"):
        assert list(kept.search_documents(tokens(words), 9)) == list(cut_again.search_documents(tokens(words), 9))
        assert list(kept.search_lexical(tokens(words), 9)) == list(cut_again.search_lexical(tokens(words), 9))
    assert kept.search_documents(tokens("托育"), 9)
