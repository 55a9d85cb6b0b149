"""Measures of a ranking, as ``ir-measures`` computes them.

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

from rag.errors import InvalidRequest
from rag.evaluation.beir import Qrels

MEASURES: Mapping[str, ir_measures.Measure] = MappingProxyType(
    {"nDCG@10": nDCG @ 10, "P@1": P @ 1, "Recall@10": R @ 10, "Recall@100": R @ 100, "MRR@10": RR @ 10}
)
"""The five measures by the name we report them under."""


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


def measures_named(names: Sequence[str], *, depth: int) -> dict[str, ir_measures.Measure]:
    """Return the five measures and others by their names in ``ir-measures``, such as ``nDCG@20`` or ``AP``.

    Args:
        names: Of the others.
        depth: Documents ranked a query; what looks further down cannot be told.

    Raises:
        InvalidRequest: There is no such measure, it cannot be computed here, or it looks further down.
    """
    found = dict(MEASURES)
    for name in names:
        try:
            measure = ir_measures.parse_measure(name)
            is_computed = bool(ir_measures.DefaultPipeline.supports(measure))  # type: ignore[no-untyped-call]
        except (NameError, ValueError, TypeError, AssertionError) as error:  # which of them depends on the slip
            raise InvalidRequest(f"{name}: no measure of ir-measures, such as nDCG@20, AP or Success@5") from error
        if not is_computed:
            raise InvalidRequest(f"{name}: needs a package that is not installed")
        if measure.params.get("cutoff", 0) > depth:
            raise InvalidRequest(f"{name}: only {depth} documents are ranked a query")
        found[name] = measure
    return found


def measure(
    qrels: Qrels, run: Mapping[str, Sequence[str]], measures: Mapping[str, ir_measures.Measure] = MEASURES
) -> Scores:
    """Measure a run.

    Queries without a relevant document are left out, for nothing can be found for them; one that the run
    lacks counts 0.

    Args:
        qrels: Judgements.
        run: Document ids by query id, best first.
        measures: By the name to report them under.

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
    found: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in measures}
    named = [(name, str(metric)) for name, metric in measures.items()]
    for metric in ir_measures.iter_calc(list(dict.fromkeys(measures.values())), judged, scored):
        for name, written in named:
            if written == str(metric.measure):
                found[name][metric.query_id] = float(metric.value)
    return Scores(found)
