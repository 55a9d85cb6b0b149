"""Fusion against scores computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import Candidates, Fused, FusionWeights, fuse, weights_for


def candidates(lexical: dict[int, float], dense: dict[int, float], *others: dict[int, float]) -> Candidates:
    """Take scores by row, as the legs found them."""
    rows = sorted(lexical.keys() | dense.keys())
    columns = [np.array([leg.get(row, 0.0) for row in rows], dtype=np.float64) for leg in (lexical, dense, *others)]
    return Candidates(np.array(rows, dtype=np.int64), np.array(rows, dtype=np.int64), *columns)


def listed(fused: Fused) -> list[tuple[float, ...]]:
    """Return row, score and parts of each."""
    columns = (fused.rows, fused.scores, fused.lexical, fused.dense, fused.document, fused.authority)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def rounded(fused: Fused) -> list[tuple[float, ...]]:
    return [tuple(round(part, 6) for part in item) for item in listed(fused)]


WEIGHTS = FusionWeights(lexical=0.4, dense=0.3, document=0.2, authority=0.1)
ALL_FIT = dict.fromkeys(range(31), 1.0)
NONE_FIT = dict.fromkeys(range(31), 0.0)


def test_scores_are_shares_of_the_best_of_each_leg() -> None:
    legs = candidates({1: 8.0, 2: 4.0}, {2: 0.5, 3: 0.4}, {1: 6.0, 3: 3.0}, {1: 0.0, 2: 0.5, 3: 1.0})
    found = fuse(legs, weights=WEIGHTS)
    assert rounded(found) == [
        (1, 0.6, 1.0, 0.0, 1.0, 0.0),  # .4 · 8/8 + .2 · 6/6
        (2, 0.55, 0.5, 1.0, 0.0, 0.5),  # .4 · 4/8 + .3 · .5/.5 + .1 · .5
        (3, 0.44, 0.0, 0.8, 0.5, 1.0),  # .3 · .4/.5 + .2 · 3/6 + .1
    ]


def test_only_the_proportion_of_weights_counts() -> None:
    legs = candidates({1: 8.0, 2: 4.0}, {2: 0.5, 3: 0.4}, {1: 6.0, 3: 3.0}, ALL_FIT)
    assert rounded(fuse(legs, weights=FusionWeights(4, 3, 2, 1))) == rounded(fuse(legs, weights=WEIGHTS))


def test_a_document_that_fits_goes_before_one_that_does_not() -> None:
    alike = candidates({1: 5.0, 2: 5.0}, {1: 0.5, 2: 0.5}, {}, {1: 0.0, 2: 1.0})
    assert fuse(alike, weights=WEIGHTS).rows.tolist() == [2, 1]


def test_ties_go_by_row_whatever_the_order_of_candidates() -> None:
    expected = [2, 5, 9]
    for legs in (({9: 3.0, 2: 3.0, 5: 3.0}, {}), ({}, {5: 0.7, 9: 0.7, 2: 0.7})):
        sorted_by_row = candidates(*legs, {}, ALL_FIT)
        for order in ([0, 1, 2], [2, 0, 1]):
            assert fuse(sorted_by_row.at(np.array(order)), weights=WEIGHTS).rows.tolist() == expected


@pytest.mark.parametrize(
    ("lexical", "dense", "expected"),
    [
        ({}, {}, []),
        ({7: 2.0}, {}, [(7, 0.4, 1.0, 0.0, 0.0, 0.0)]),
        ({}, {7: 0.2}, [(7, 0.3, 0.0, 1.0, 0.0, 0.0)]),
        # Opposite meaning counts as none, and does not turn the scale round when nothing is alike.
        ({7: 2.0}, {7: -0.5, 8: -0.1}, [(7, 0.4, 1.0, 0.0, 0.0, 0.0), (8, 0.0, 0.0, 0.0, 0.0, 0.0)]),
        ({7: 0.0}, {7: 0.0}, [(7, 0.0, 0.0, 0.0, 0.0, 0.0)]),
    ],
)
def test_a_leg_that_finds_nothing(
    lexical: dict[int, float], dense: dict[int, float], expected: list[tuple[float, ...]]
) -> None:
    assert rounded(fuse(candidates(lexical, dense, {}, NONE_FIT), weights=WEIGHTS)) == expected


# ---------------------------------------------------------------------------------------- weights


@pytest.mark.parametrize("is_english", [False, True])
def test_the_whole_document_counts_for_nothing_where_documents_have_one_passage(is_english: bool) -> None:
    assert weights_for(0.0, is_english=is_english).document == 0
    assert weights_for(0.25, is_english=is_english) == weights_for(0.0, is_english=is_english)
    assert weights_for(0.5, is_english=is_english) == weights_for(1.0, is_english=is_english)
    assert weights_for(1.0, is_english=is_english).document > 0


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_weights_go_over_steadily_from_short_to_long_documents(one: float, other: float, is_english: bool) -> None:
    less, more = (weights_for(share, is_english=is_english) for share in sorted((one, other)))
    assert 0 <= less.document <= more.document
    assert min(less.lexical, less.dense, less.authority) > 0
    assert min(less.words, less.window, less.brevity) >= 0


SCORES = st.dictionaries(st.integers(0, 30), st.floats(0, 50))
COSINES = st.dictionaries(st.integers(0, 30), st.floats(-1, 1))


WEIGHT = st.floats(0.01, 2)


FITNESS = st.fixed_dictionaries({row: st.floats(0, 1) for row in range(31)})


@given(SCORES, COSINES, SCORES, FITNESS, st.builds(FusionWeights, WEIGHT, WEIGHT, WEIGHT, WEIGHT))
def test_every_candidate_comes_once_best_first_within_bounds(
    lexical: dict[int, float],
    dense: dict[int, float],
    document: dict[int, float],
    authority: dict[int, float],
    weights: FusionWeights,
) -> None:
    found = listed(fuse(candidates(lexical, dense, document, authority), weights=weights))
    assert sorted(row for row, *_ in found) == sorted(lexical.keys() | dense.keys())
    assert found == sorted(found, key=lambda item: (-item[1], item[0]))
    assert all(0 <= part <= 1 + 1e-9 for _, *parts in found for part in parts)
