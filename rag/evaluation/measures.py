"""Measures of a ranking, as ``ir-measures`` computes them, and the comparison of two rankings query by query.

trec_eval (through pytrec_eval) gives nDCG with the grade as gain and a discount of log2(rank + 1), P and R;
MS MARCO's own script gives the reciprocal rank with a cut-off. Every value is 0..1, higher is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import ir_measures
import numpy as np
from ir_measures import RR, P, R, nDCG
from numpy.typing import NDArray

from rag.errors import InvalidRequest
from rag.evaluation.beir import Qrels

MEASURES: Mapping[str, ir_measures.Measure] = MappingProxyType(
    {"nDCG@10": nDCG @ 10, "P@1": P @ 1, "Recall@10": R @ 10, "Recall@100": R @ 100, "MRR@10": RR @ 10}
)
"""The five measures by the name we report them under."""

_ROUNDS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Scores:
    """What a run was worth.

    Attributes:
        by_query: Values by measure and query id; every measure has the same queries in the same order.
    """

    by_query: Mapping[str, Mapping[str, float]]

    @property
    def means(self) -> dict[str, float]:
        """Mean over the queries by measure."""
        return {name: float(np.mean(list(values.values()))) for name, values in self.by_query.items()}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a run differs from another on the same queries.

    Attributes:
        difference: Mean of the second less mean of the first.
        p_value: Chance of a difference at least as large, either way, if the two were alike.
        better: Queries on which the second is better.
        worse: Queries on which it is worse; on the others they tie.
    """

    difference: float
    p_value: float
    better: int
    worse: int


def measure(qrels: Qrels, run: Mapping[str, Sequence[str]]) -> Scores:
    """Measure a run.

    Queries without a relevant document are left out, for nothing can be found for them; one that the run
    lacks counts 0.

    Args:
        qrels: Judgements.
        run: Document ids by query id, best first.

    Raises:
        InvalidRequest: No query has a relevant document.
    """
    judged = {query: dict(grades) for query, grades in qrels.items() if max(grades.values(), default=0) > 0}
    if not judged:
        raise InvalidRequest("the judgements name no relevant document for any of the queries")
    # trec_eval orders by score and breaks ties by document id, so each rank is given a score of its own.
    scored = {
        query: {document: float(-rank) for rank, document in enumerate(documents)}
        for query, documents in run.items()
        if query in judged
    }
    names = {value: name for name, value in MEASURES.items()}
    found: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in MEASURES}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, scored):
        found[names[metric.measure]][metric.query_id] = float(metric.value)
    return Scores(found)


def compare(
    first: Mapping[str, float], second: Mapping[str, float], *, rounds: int = 10_000, seed: int = 0
) -> Comparison:
    """Compare two runs by one measure with a paired randomisation test (Smucker, Allan & Carterette 2007).

    Args:
        first: Values by query id.
        second: Values of the other run for the same queries.
        rounds: Random exchanges drawn; the smallest p-value that can come out is 1 / (rounds + 1).
        seed: Of the random numbers; the same seed gives the same p-value.

    Raises:
        InvalidRequest: The two do not have the same queries, or have none.
    """
    if not first or first.keys() != second.keys():
        raise InvalidRequest("the two runs were not measured on the same queries")
    differences = np.array([second[query] - first[query] for query in first])
    return Comparison(
        difference=float(differences.mean()),
        p_value=_p_value(differences, rounds, seed),
        better=int((differences > 0).sum()),
        worse=int((differences < 0).sum()),
    )


def _p_value(differences: NDArray[np.float64], rounds: int, seed: int) -> float:
    generator = np.random.default_rng(seed)
    # The margin takes sums that differ in rounding alone for equal.
    observed = abs(differences.sum()) - 1e-9
    as_large = 0
    for start in range(0, rounds, _ROUNDS_AT_ONCE):
        signs = generator.choice((-1.0, 1.0), size=(min(_ROUNDS_AT_ONCE, rounds - start), len(differences)))
        as_large += int((np.abs(signs @ differences) >= observed).sum())
    return (as_large + 1) / (rounds + 1)
