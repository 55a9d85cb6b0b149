"""Fusion against scores computed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import DENSE_WEIGHT, Fused, fuse


def rounded(fused: list[Fused]) -> list[tuple[float, ...]]:
    return [tuple(round(part, 6) for part in item) for item in fused]


def test_scores_are_shares_of_the_best_of_each_leg() -> None:
    found = fuse({1: 8.0, 2: 4.0}, {2: 0.5, 3: 0.4}, dense_weight=0.25)
    assert rounded(found) == [
        (1, 0.75, 1.0, 0.0),  # .75 · 8/8
        (2, 0.625, 0.5, 1.0),  # .75 · 4/8 + .25 · .5/.5
        (3, 0.2, 0.0, 0.8),  # .25 · .4/.5
    ]


def test_the_default_weight_is_the_documented_one() -> None:
    assert rounded(fuse({1: 1.0}, {2: 1.0})) == [
        (1, round(1 - DENSE_WEIGHT, 6), 1.0, 0.0),
        (2, round(DENSE_WEIGHT, 6), 0.0, 1.0),
    ]


def test_ties_go_by_row_whatever_the_order_of_candidates() -> None:
    expected = [2, 5, 9]
    assert [f.row for f in fuse({9: 3.0, 2: 3.0, 5: 3.0}, {})] == expected
    assert [f.row for f in fuse({}, {5: 0.7, 9: 0.7, 2: 0.7})] == expected


@pytest.mark.parametrize(
    ("lexical", "dense", "expected"),
    [
        ({}, {}, []),
        ({7: 2.0}, {}, [(7, 0.7, 1.0, 0.0)]),
        ({}, {7: 0.2}, [(7, 0.3, 0.0, 1.0)]),
        # Opposite meaning counts as none, and does not turn the scale round when nothing is alike.
        ({7: 2.0}, {7: -0.5, 8: -0.1}, [(7, 0.7, 1.0, 0.0), (8, 0.0, 0.0, 0.0)]),
        ({7: 0.0}, {7: 0.0}, [(7, 0.0, 0.0, 0.0)]),
    ],
)
def test_a_leg_that_finds_nothing(
    lexical: dict[int, float], dense: dict[int, float], expected: list[tuple[float, ...]]
) -> None:
    assert rounded(fuse(lexical, dense, dense_weight=0.3)) == expected


SCORES = st.dictionaries(st.integers(0, 30), st.floats(0, 50))
COSINES = st.dictionaries(st.integers(0, 30), st.floats(-1, 1))


@given(SCORES, COSINES, st.floats(0, 1))
def test_every_candidate_comes_once_best_first_within_bounds(
    lexical: dict[int, float], dense: dict[int, float], weight: float
) -> None:
    found = fuse(lexical, dense, dense_weight=weight)
    assert sorted(f.row for f in found) == sorted(lexical.keys() | dense.keys())
    assert found == sorted(found, key=lambda f: (-f.score, f.row))
    assert all(0 <= f.score <= 1 + 1e-9 and 0 <= f.lexical <= 1 and 0 <= f.dense <= 1 for f in found)
