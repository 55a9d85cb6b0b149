"""Reranking (重排): a cross-encoder reads the question and each of the best passages together, and puts them in order.

Slower by far than the search, so it reads only what the fusion put first; and it sees only passages that scope and
filters admitted, because the search admits no others. There is none unless ``RAG_RERANKER`` names one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.domain.passage import Hit

PART = "rerank"
"""Name of its part in ``Hit.parts``."""


class Reranker(Protocol):
    """Judges passages against a question."""

    @property
    def top(self) -> int:
        """How many passages of a search to judge."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how well each text answers the query, ``(n,)``, 0..1, higher is better."""


def reranked(hits: Sequence[Hit], scores: NDArray[np.float64]) -> list[Hit]:
    """Put hits in the order of a reranker's scores.

    Args:
        hits: Best first.
        scores: Of the first ``len(scores)`` of them, 0..1. Those after keep their order below.

    Returns:
        All hits, best first, equal ones in the order given. The score of one that was judged is the reranker's, which
        is its part ``rerank`` as well; that of the others is scaled below the lowest of these.
    """
    judged = [
        replace(hit, score=score, parts={**hit.parts, PART: score})
        for hit, score in zip(hits, scores.tolist(), strict=False)
    ]
    lowest = min((hit.score for hit in judged), default=1.0)
    rest = [replace(hit, score=hit.score * lowest) for hit in hits[len(judged) :]]
    return sorted(judged, key=lambda hit: -hit.score) + rest
