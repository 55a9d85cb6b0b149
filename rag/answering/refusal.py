"""When the documents do not say (无据不答): the rule that turns evidence away.

The thresholds are fitted by ``benchmarks/refusal.py`` on questions with known answers; its report gives the rates.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.evidence import Evidence
from rag.answering.intent import Intent

_NEEDS_KIND = frozenset({Intent.FIGURE, Intent.TIME})

LEAST_COVERAGE = 0.5
"""Least share of the question's weight that the best sentence with its surroundings must hold."""

LEAST_OWN_COVERAGE = 0.2
"""Least share that the sentence itself must hold."""


def supported(evidence: Sequence[Evidence], intent: Intent) -> list[Evidence]:
    """Return the candidates that may answer; empty means that the question must be refused.

    Args:
        evidence: All candidates.
        intent: A question for a figure or a date is answered by nothing else.
    """
    return [
        e
        for e in evidence
        if e.coverage >= LEAST_COVERAGE and e.own >= LEAST_OWN_COVERAGE and (e.fits or intent not in _NEEDS_KIND)
    ]
