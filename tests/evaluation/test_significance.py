"""The paired test against ways of exchange counted by hand, and intervals of means."""

from __future__ import annotations

from itertools import product
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InvalidRequest
from rag.evaluation.significance import compare, interval


def runs(differences: list[float]) -> tuple[dict[str, float], dict[str, float]]:
    """Two runs whose values differ by so much."""
    return {str(n): 0.0 for n in range(len(differences))}, {str(n): d for n, d in enumerate(differences)}


def test_a_comparison_counts_and_signs() -> None:
    found = compare({"a": 0.0, "b": 0.5, "c": 1.0, "d": 1.0}, {"a": 1.0, "b": 1.0, "c": 0.5, "d": 1.0})
    assert (found.better, found.worse, found.difference) == (2, 1, pytest.approx(0.25))
    assert (found.before, found.after) == (pytest.approx(0.625), pytest.approx(0.875))


@pytest.mark.parametrize(
    ("differences", "p_value"),
    [
        ([1.0] * 5, 2 / 32),  # of the 32 ways to exchange, 2 give a sum as large
        ([1.0] * 9 + [-1.0], 2 * (1 + 10) / 2**10),  # and of these 2 × (1 + 10): McNemar's exact test
        ([0.5, 0.25], 2 / 4),
        ([0.3, 0.0, 0.0, 0.2, 0.1], 2 / 8),  # ties add nothing
        ([0.1, 0.2, -0.3], 1.0),  # a sum of nothing, though not in floating point
        ([1.0, 0.0], 1.0),
        ([1.0], 1.0),
        ([0.0, 0.0], 1.0),
    ],
)
def test_few_differences_are_exchanged_in_every_way(differences: list[float], p_value: float) -> None:
    assert compare(*runs(differences)).p_value == pytest.approx(p_value)


@given(st.lists(st.sampled_from((-0.4, -0.1, 0.1, 0.4, 0.9)), min_size=2, max_size=8))
def test_the_p_value_is_that_of_all_exchanges(differences: list[float]) -> None:
    """Counted anew in tenths; a sum as large on either side, as the distribution is symmetric."""
    tenths = [round(10 * d) for d in differences]
    sums = [
        sum(sign * d for sign, d in zip(signs, tenths, strict=True)) for signs in product((1, -1), repeat=len(tenths))
    ]
    as_large = sum(s >= abs(sum(tenths)) for s in sums)
    assert compare(*runs(differences)).p_value == pytest.approx(min(1.0, 2 * as_large / len(sums)))


def test_many_differences_are_sampled() -> None:
    """With 30 of 40 better the exact value is that of the binomial distribution."""
    exact = 2 * sum(comb(40, n) for n in range(30, 41)) / 2**40
    assert compare(*runs([1.0] * 30 + [-1.0] * 10)).p_value == pytest.approx(exact, abs=0.002)


def test_the_same_seed_gives_the_same_values_either_way() -> None:
    first = {str(n): (n * 7 % 10) / 10 for n in range(30)}
    second = {str(n): (n * 3 % 10) / 10 for n in range(30)}
    assert compare(first, second, seed=1) == compare(first, second, seed=1)
    there, back = compare(first, second, seed=1), compare(second, first, seed=1)
    assert (there.p_value, there.better, there.difference) == (back.p_value, back.worse, -back.difference)


@pytest.mark.parametrize("second", [{}, {"a": 1.0}, {"a": 1.0, "c": 1.0}])
def test_runs_of_other_queries_are_not_compared(second: dict[str, float]) -> None:
    with pytest.raises(InvalidRequest, match="same queries"):
        compare({"a": 1.0, "b": 0.0}, second)


# --------------------------------------------------------------------------------------- intervals


def test_an_interval_is_near_that_of_the_normal_distribution() -> None:
    values = np.random.default_rng(7).normal(0.5, 0.2, 400)
    half = 1.96 * values.std() / sqrt(len(values))
    assert interval(values.tolist()) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.003)


@pytest.mark.parametrize("values", [[0.25], [0.5] * 20])
def test_where_nothing_varies_the_interval_is_a_point(values: list[float]) -> None:
    assert interval(values) == (values[0], values[0])
