"""When the documents do not say (无据不答): the rule that turns evidence away.

The thresholds are fitted by ``benchmarks/refusal.py`` on questions with known answers; its report gives the rates.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.evidence import Evidence

LEAST_COVERAGE = 0.5
"""Least share of the question's weight that the best sentence with its surroundings must hold."""

LEAST_OWN_COVERAGE = 0.2
"""Least share that the sentence itself must hold."""


def supported(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the candidates that may answer; empty means that the question must be refused."""
    return [e for e in evidence if e.coverage >= LEAST_COVERAGE and e.own >= LEAST_OWN_COVERAGE]
