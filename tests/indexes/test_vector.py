"""What is particular to the dense leg: exact scores, half precision, and how much the inverted file finds."""

from __future__ import annotations

import numpy as np
import pytest

from rag.errors import IndexDamaged
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


def test_the_inverted_file_finds_nearly_all_of_them(vectors):
    exact, coarse = (
        filled(vectors).search(vectors[:100], 10),
        filled(vectors, exact_limit=100).search(vectors[:100], 10),
    )
    shared = [len({r for r, _ in a} & {r for r, _ in b}) for a, b in zip(exact, coarse, strict=True)]
    assert sum(shared) / 1000 > 0.95


def test_the_inverted_file_keeps_its_promise_when_all_are_asked_for(vectors):
    index = filled(vectors, exact_limit=100)
    assert len(index.search(vectors[:1], len(vectors))[0]) == len(vectors)
    admitted = np.arange(0, 4000, 4, dtype=np.int64)
    (found,) = index.search(vectors[:1], 1000, admitted)
    assert sorted(row for row, _ in found) == admitted.tolist()


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


def test_a_zero_vector_is_as_near_as_nothing(vectors):
    index = filled(vectors)
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
    (tmp_path / COARSE_FILE).rename(tmp_path / VECTORS_FILE)
    with pytest.raises(IndexDamaged, match="another kind"):
        VectorIndex.load(tmp_path)
