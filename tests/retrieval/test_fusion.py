"""Fusion against scores computed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import Fused, FusionWeights, fuse, weights_for


def rounded(fused: list[Fused]) -> list[tuple[float, ...]]:
    return [tuple(round(part, 6) for part in item) for item in fused]


WEIGHTS = FusionWeights(lexical=0.4, dense=0.3, document=0.2, authority=0.1)
ALL_FIT = dict.fromkeys(range(31), 1.0)
NONE_FIT = dict.fromkeys(range(31), 0.0)


def test_scores_are_shares_of_the_best_of_each_leg() -> None:
    found = fuse({1: 8.0, 2: 4.0}, {2: 0.5, 3: 0.4}, {1: 6.0, 3: 3.0}, {1: 0.0, 2: 0.5, 3: 1.0}, weights=WEIGHTS)
    assert rounded(found) == [
        (1, 0.6, 1.0, 0.0, 1.0, 0.0),  # .4 · 8/8 + .2 · 6/6
        (2, 0.55, 0.5, 1.0, 0.0, 0.5),  # .4 · 4/8 + .3 · .5/.5 + .1 · .5
        (3, 0.44, 0.0, 0.8, 0.5, 1.0),  # .3 · .4/.5 + .2 · 3/6 + .1
    ]


def test_only_the_proportion_of_weights_counts() -> None:
    legs = ({1: 8.0, 2: 4.0}, {2: 0.5, 3: 0.4}, {1: 6.0, 3: 3.0}, ALL_FIT)
    assert rounded(fuse(*legs, weights=FusionWeights(4, 3, 2, 1))) == rounded(fuse(*legs, weights=WEIGHTS))


def test_a_document_that_fits_goes_before_one_that_does_not() -> None:
    alike = ({1: 5.0, 2: 5.0}, {1: 0.5, 2: 0.5}, {})
    assert [f.row for f in fuse(*alike, {1: 0.0, 2: 1.0}, weights=WEIGHTS)] == [2, 1]


def test_a_document_alone_brings_no_passage() -> None:
    assert [f.row for f in fuse({1: 1.0}, {}, {1: 1.0, 2: 9.0}, ALL_FIT, weights=WEIGHTS)] == [1]


def test_ties_go_by_row_whatever_the_order_of_candidates() -> None:
    expected = [2, 5, 9]
    assert [f.row for f in fuse({9: 3.0, 2: 3.0, 5: 3.0}, {}, {}, ALL_FIT, weights=WEIGHTS)] == expected
    assert [f.row for f in fuse({}, {5: 0.7, 9: 0.7, 2: 0.7}, {}, ALL_FIT, weights=WEIGHTS)] == expected


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
    assert rounded(fuse(lexical, dense, {}, NONE_FIT, weights=WEIGHTS)) == expected


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
    found = fuse(lexical, dense, document, authority, weights=weights)
    assert sorted(f.row for f in found) == sorted(lexical.keys() | dense.keys())
    assert found == sorted(found, key=lambda f: (-f.score, f.row))
    assert all(0 <= part <= 1 + 1e-9 for f in found for part in f[1:])
