"""Whether a difference is to be believed (显著性检验): two runs compared query by query, and intervals of means.

The test exchanges the two runs at random, query by query, and counts how often a difference as large comes out
(Fisher's randomisation test, the one that Smucker, Allan & Carterette 2007 recommend for retrieval). Of values that
are 0 or 1, passed or not, it is McNemar's exact test. Intervals are percentiles of means over queries drawn with
replacement (bootstrap). Both are SciPy's; equal seeds give equal values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.errors import InvalidRequest

CONFIDENCE = 0.95
ROUNDS = 9_999
"""Random draws; the smallest p-value that can come out of them is 2 / (ROUNDS + 1)."""

_ROUNDS_AT_ONCE = 1_000

# Values are compared in whole billionths: sums of fractions that are equal would differ in rounding.
_UNIT = 1e-9


class Interval(NamedTuple):
    """Where the mean over all queries of the kind lies, with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a run differs from another on the same queries.

    Attributes:
        before: Mean of the first.
        after: Mean of the second.
        difference: The second less the first.
        interval: Of the difference.
        p_value: Chance of a difference at least as large, either way, if the two were alike.
        better: Queries on which the second is better.
        worse: Queries on which it is worse; on the others they tie.
    """

    before: float
    after: float
    difference: float
    interval: Interval
    p_value: float
    better: int
    worse: int


def compare(
    first: Mapping[str, float], second: Mapping[str, float], *, rounds: int = ROUNDS, seed: int = 0
) -> Comparison:
    """Compare two runs by one measure.

    Args:
        first: Values by query id.
        second: Values of the other run for the same queries.
        rounds: Random exchanges drawn; where there are fewer ways to exchange, all of them are counted.
        seed: Of the random numbers.

    Raises:
        InvalidRequest: The two do not have the same queries, or have none.
    """
    if not first or first.keys() != second.keys():
        raise InvalidRequest("the two runs were not measured on the same queries")
    before, after = (np.array([values[query] for query in first], dtype=np.float64) for values in (first, second))
    differences = after - before
    return Comparison(
        before=float(before.mean()),
        after=float(after.mean()),
        difference=float(differences.mean()),
        interval=interval(differences.tolist(), rounds=rounds, seed=seed),
        p_value=_p_value(differences, rounds, seed),
        better=int((differences > _UNIT).sum()),
        worse=int((differences < -_UNIT).sum()),
    )


def interval(values: Sequence[float], *, rounds: int = ROUNDS, seed: int = 0) -> Interval:
    """Return the interval of a mean; of a single value, the value.

    Args:
        values: One a query, at least one.
        rounds: Times that as many values are drawn.
        seed: Of the random numbers.
    """
    if len(values) == 1:
        return Interval(values[0], values[0])
    from scipy.stats import bootstrap  # two seconds to import

    found = bootstrap(
        (np.asarray(values),),
        np.mean,
        n_resamples=rounds,
        batch=_ROUNDS_AT_ONCE,
        vectorized=True,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(float(found.low), float(found.high))


def _p_value(differences: NDArray[np.float64], rounds: int, seed: int) -> float:
    units = np.rint(differences / _UNIT).astype(np.int64)
    told = units[units != 0]  # a tie adds nothing to any sum
    if len(told) < 2:
        return 1.0
    from scipy.stats import permutation_test

    # With a single sample, SciPy changes the sign of each difference: the exchange of the two runs on that query.
    found = permutation_test(
        (told,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=rounds,
        batch=_ROUNDS_AT_ONCE,
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)
