"""What is particular to the dense leg: exact scores, half precision, and how much is found through codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import IndexDamaged
from rag.indexes import vector
from rag.indexes.vector import COARSE_FILE, VECTORS_FILE, VectorIndex

DIMENSION = 32


def crowded(count: int, *, crowds: int = 40) -> np.ndarray:
    """Vectors of length 1 that crowd together, as texts of a few topics do."""
    random = np.random.default_rng(11)
    middles = random.standard_normal((crowds, DIMENSION))
    vectors = middles[random.integers(0, crowds, count)] + 0.5 * random.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def vectors() -> np.ndarray:
    return crowded(4000)


def filled(vectors: np.ndarray, *, exact_limit: int = 10**6) -> VectorIndex:
    index = VectorIndex(DIMENSION, exact_limit=exact_limit)
    index.add(np.arange(len(vectors), dtype=np.int64), vectors)
    index.settle()
    return index


def test_the_exact_search_is_that_of_numpy(vectors):
    index = filled(vectors)
    for query, found in zip(vectors[:20], index.search(vectors[:20], 10), strict=True):
        cosines = vectors.astype(np.float64) @ query
        best = np.sort(cosines)[::-1][:10]
        # Half precision keeps 11 bits of each component.
        assert [score for _, score in found] == pytest.approx(best, abs=1e-3)
        assert [cosines[row] for row, _ in found] == pytest.approx(best, abs=1e-3)


def shared(exact: list, found: list) -> float:
    """Which part of what the exact search finds another one finds too."""
    return np.mean([len({r for r, _ in a} & {r for r, _ in b}) / len(a) for a, b in zip(exact, found, strict=True)])


@pytest.mark.parametrize("share", [None, 0.2, 0.5, 0.95])
def test_through_codes_nearly_all_of_the_nearest_are_found(vectors, share):
    admitted = None
    if share is not None:
        admitted = np.flatnonzero(np.random.default_rng(3).random(len(vectors)) < share)
    exact = filled(vectors).search(vectors[:100], 10, admitted)
    found = filled(vectors, exact_limit=100).search(vectors[:100], 10, admitted)
    assert shared(exact, found) >= 0.995
    exact_score = [dict(one) for one in exact]
    for known, one in zip(exact_score, found, strict=True):
        assert all(score == known.get(row, score) for row, score in one)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_through_codes_only_what_is_there_and_admitted_is_found(data):
    """Whatever is taken out, put in and admitted: the same rows as without codes may be found, and as many."""
    every = crowded(900)
    index, plain = filled(every[:700], exact_limit=100), filled(every[:700])
    gone = data.draw(st.sets(st.integers(0, 699), max_size=500))
    come = data.draw(st.sets(st.integers(700, 899), max_size=200))
    admitted = np.array(sorted(data.draw(st.sets(st.integers(0, 950)))), dtype=np.int64)
    # Enough to take the way through the codes, which few admitted do not.
    admitted = data.draw(st.sampled_from([None, admitted, np.union1d(admitted, np.arange(150, 880))]))
    for each in (index, plain):
        each.remove(np.array(sorted(gone), dtype=np.int64))
        each.add(np.array(sorted(come), dtype=np.int64), every[sorted(come)])
        each.settle()
    there = (set(range(700)) - gone) | come
    assert index.rows.tolist() == sorted(there)
    if admitted is not None:
        there &= set(admitted.tolist())
    for query in every[[0, 350, 899]]:
        (found,) = index.search(query[np.newaxis], 20, admitted)
        (expected,) = plain.search(query[np.newaxis], 20, admitted)
        assert len(found) == min(20, len(there)) == len(expected)
        assert {row for row, _ in found} <= there
        assert list(found) == list(index.search(query[np.newaxis], 20, admitted)[0])
        assert list(found)[:1] == list(expected)[:1]
        rows = np.array([row for row, _ in found], dtype=np.int64)
        assert plain.scores(query, rows).tolist() == [score for _, score in found]


def test_after_vectors_came_and_went_the_codes_are_those_of_the_vectors_left(vectors, tmp_path):
    index = filled(vectors[:3000], exact_limit=100)
    index.remove(np.arange(0, 3000, 7, dtype=np.int64))
    index.add(np.arange(3000, 4000, dtype=np.int64), vectors[3000:])
    index.add(np.array([0, 14], dtype=np.int64), vectors[[0, 14]])
    index.settle()
    index.save(tmp_path)
    again = VectorIndex.load(tmp_path, exact_limit=100)
    for each in (index, again):
        # Its own vector is nearest to it: no code stands for another row's.
        found = each.search(vectors[each.rows], 1)
        assert [one.rows[0] for one in found] == each.rows.tolist()


def test_all_are_found_when_all_are_asked_for(vectors):
    index = filled(vectors, exact_limit=100)
    assert len(index.search(vectors[:1], len(vectors))[0]) == len(vectors)
    admitted = np.arange(0, 4000, 4, dtype=np.int64)
    (found,) = index.search(vectors[:1], 1000, admitted)
    assert sorted(row for row, _ in found) == admitted.tolist()


def test_a_small_collection_has_no_codes(vectors, tmp_path):
    index = filled(vectors, exact_limit=4000)
    index.save(tmp_path)
    assert not (tmp_path / COARSE_FILE).exists()
    index = VectorIndex.load(tmp_path, exact_limit=3999)
    index.settle()
    index.save(tmp_path)
    assert (tmp_path / COARSE_FILE).exists()
    index.remove(np.array([5]))
    index.settle()
    index.save(tmp_path)
    assert not (tmp_path / COARSE_FILE).exists()


def test_scores_agree_with_the_search(vectors):
    for index in (filled(vectors), filled(vectors, exact_limit=100)):
        (found,) = index.search(vectors[7:8], 50)
        rows = np.array([row for row, _ in found], dtype=np.int64)
        assert index.scores(vectors[7], rows).tolist() == [score for _, score in found]


def test_scores_come_in_the_order_asked(vectors):
    index = filled(vectors)
    rows = np.array([5, 3, 9], dtype=np.int64)
    assert index.scores(vectors[3], rows)[1] == pytest.approx(1, abs=1e-3)
    assert index.scores(vectors[3], rows[:0]).tolist() == []
    with pytest.raises(KeyError):
        index.scores(vectors[3], np.array([4000], dtype=np.int64))


@pytest.mark.parametrize("exact_limit", [10**6, 100])
def test_a_zero_vector_is_as_near_as_nothing(vectors, exact_limit):
    index = filled(vectors, exact_limit=exact_limit)
    index.add(np.array([9999], dtype=np.int64), np.zeros((1, DIMENSION), dtype=np.float32))
    assert index.scores(vectors[0], np.array([9999])).tolist() == [0.0]
    assert [score for _, score in index.search(np.zeros((1, DIMENSION), dtype=np.float32), 3)[0]] == [0.0] * 3


def test_the_same_vectors_make_the_same_files(vectors, tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        filled(vectors, exact_limit=100).save(tmp_path / name)
    for file in (VECTORS_FILE, COARSE_FILE):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_an_index_of_another_kind_is_damage(tmp_path, vectors):
    filled(vectors, exact_limit=100).save(tmp_path)
    codes = (tmp_path / COARSE_FILE).read_bytes()
    (tmp_path / COARSE_FILE).write_bytes((tmp_path / VECTORS_FILE).read_bytes())
    with pytest.raises(IndexDamaged, match="another kind"):
        VectorIndex.load(tmp_path)
    filled(vectors[:2000], exact_limit=100).save(tmp_path)
    (tmp_path / COARSE_FILE).write_bytes(codes)
    with pytest.raises(IndexDamaged, match="another kind"):
        VectorIndex.load(tmp_path)
    filled(vectors, exact_limit=100).save(tmp_path)
    (tmp_path / COARSE_FILE).rename(tmp_path / VECTORS_FILE)
    with pytest.raises(IndexDamaged, match="another kind"):
        VectorIndex.load(tmp_path)


@pytest.mark.parametrize(
    ("dimension", "parts"), [(256, 128), (384, 128), (512, 128), (768, 192), (1024, 256), (16, 16)]
)
def test_codes_give_each_part_at_most_four_dimensions(dimension, parts):
    assert vector._parts(dimension) == parts
