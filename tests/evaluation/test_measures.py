"""Measures against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InvalidRequest
from rag.evaluation.measures import MEASURES, measure, measures_named

FILLERS = [f"x{n:03}" for n in range(200)]


def ranked(*places: int, length: int = 150) -> list[str]:
    """A ranking with the relevant documents r1, r2… at these places, counted from 1."""
    ranking = FILLERS[:length]
    for number, place in enumerate(places, 1):
        ranking[place - 1] = f"r{number}"
    return ranking


# Two relevant documents each; the ideal DCG is 1/log2(2) + 1/log2(3).
IDEAL = 1 + 1 / math.log2(3)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((1, 2), (1.0, 1.0, 1.0, 1.0, 1.0)),
        ((2, 4), ((1 / math.log2(3) + 1 / math.log2(5)) / IDEAL, 0.0, 1.0, 1.0, 1 / 2)),
        ((10, 11), ((1 / math.log2(11)) / IDEAL, 0.0, 0.5, 1.0, 1 / 10)),  # the tenth counts, the eleventh does not
        ((11, 100), (0.0, 0.0, 0.0, 1.0, 0.0)),
        ((101, 102), (0.0, 0.0, 0.0, 0.0, 0.0)),
        ((1,), (1 / IDEAL, 1.0, 0.5, 0.5, 1.0)),
    ],
)
def test_hand_computed_values(places: tuple[int, ...], expected: tuple[float, ...]) -> None:
    scores = measure({"q": {"r1": 1, "r2": 1}}, {"q": ranked(*places)})
    assert tuple(scores.means[name] for name in MEASURES) == pytest.approx(expected)


def test_grades_are_gains() -> None:
    scores = measure({"q": {"r1": 1, "r2": 3}}, {"q": ["r1", "r2"]})
    assert scores.means["nDCG@10"] == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))


def test_the_mean_is_over_all_judged_queries() -> None:
    qrels = {
        "hit": {"r1": 1},
        "miss": {"r1": 1},
        "not in the run": {"r1": 1},
        "nothing relevant": {"r1": 0},
        "none": {},
    }
    scores = measure(qrels, {"hit": ["r1"], "miss": ["x"], "not judged": ["r1"], "nothing relevant": ["r1"]})
    for name in MEASURES:
        assert scores.by_query[name] == {"hit": 1.0, "miss": 0.0, "not in the run": 0.0}
        assert scores.means[name] == pytest.approx(1 / 3)


def test_an_empty_ranking_counts_nothing() -> None:
    assert set(measure({"q": {"r1": 1}}, {"q": []}).means.values()) == {0.0}


def test_the_order_of_the_run_is_kept_whatever_the_ids() -> None:
    """trec_eval would put the later id first among equal scores."""
    for first, second in (("a", "b"), ("b", "a")):
        assert measure({"q": {first: 1}}, {"q": [first, second]}).means["P@1"] == 1.0


def test_without_a_relevant_document_there_is_nothing_to_measure() -> None:
    with pytest.raises(InvalidRequest, match="no relevant document"):
        measure({"q": {"d": 0}}, {"q": ["d"]})


@given(st.integers(1, 150), st.integers(1, 150))
def test_moving_a_relevant_document_up_never_lowers_a_measure(one: int, other: int) -> None:
    high, low = sorted((one, other))
    better, worse = (measure({"q": {"r1": 1}}, {"q": ranked(place)}).means for place in (high, low))
    assert all(0.0 <= worse[name] <= better[name] <= 1.0 for name in MEASURES)


# ---------------------------------------------------------------------------------- other measures


def test_other_measures_are_asked_for_by_name() -> None:
    found = measures_named(["AP", "Success@5", "R@10"], depth=100)
    assert list(found) == [*MEASURES, "AP", "Success@5", "R@10"]
    scores = measure({"q": {"r1": 1, "r2": 1}}, {"q": ranked(2, 4)}, found)
    assert scores.means["AP"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert scores.means["Success@5"] == 1.0
    # One measure under two names has its values under both.
    assert scores.by_query["R@10"] == scores.by_query["Recall@10"] == {"q": 1.0}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Precise@3", "no measure of ir-measures"),
        ("nDCG@ten", "no measure"),
        ("P", "no measure"),  # it wants a cut-off
        ("", "no measure"),
        ("alpha_nDCG@10", "needs a package"),
        ("nDCG@101", "only 100 documents are ranked"),
    ],
)
def test_a_measure_that_cannot_be_told_is_refused(name: str, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        measures_named([name], depth=100)
