"""Fusion (融合): one ranking of passages from three legs.

Weighted sum of scores, each scaled to 0..1 by its leg's best candidate: words of the passage (BM25), meaning of
the passage (cosine), words of its whole document (BM25). The last knows what a document is about when the passage
that answers does not repeat it; it is worth .05 nDCG@10 on policy questions. Reciprocal-rank fusion was measured
and lost .06, because it throws away how much better the first hit is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Weights of the legs, chosen on the development halves; see ``benchmarks/quality.md``. Their sum is free."""

    lexical: float = 0.7
    dense: float = 0.5
    document: float = 1.0


CHINESE = FusionWeights()
ENGLISH = FusionWeights(document=0.2)
"""An English question reaches Chinese words by translation, and a long text holds a translation of anything."""


class Fused(NamedTuple):
    """A candidate with what each leg gave it, all scaled to 0..1."""

    row: int
    score: float
    lexical: float
    dense: float
    document: float


def fuse(
    lexical: Mapping[int, float],
    dense: Mapping[int, float],
    document: Mapping[int, float],
    *,
    weights: FusionWeights = CHINESE,
) -> list[Fused]:
    """Merge candidates by passage row number.

    Args:
        lexical: BM25 scores of passages, 0 or more; a candidate the leg did not find is not in it.
        dense: Cosines, −1..1.
        document: BM25 score of the document of each passage, likewise.
        weights: How much each leg counts.

    Returns:
        All candidates of the first two legs, best first, ties by row number; scores 0..1.
    """
    words, meanings, wholes = (_Scale.of(leg) for leg in (lexical, dense, document))
    total = weights.lexical + weights.dense + weights.document
    fused = []
    for row in lexical.keys() | dense.keys():
        word, meaning, whole = words.part(row), meanings.part(row), wholes.part(row)
        score = (weights.lexical * word + weights.dense * meaning + weights.document * whole) / total
        fused.append(Fused(row, score, word, meaning, whole))
    return sorted(fused, key=lambda f: (-f.score, f.row))


class _Scale(NamedTuple):
    """One leg's scores and the best of them."""

    scores: Mapping[int, float]
    best: float

    @classmethod
    def of(cls, scores: Mapping[int, float]) -> _Scale:
        best = max(scores.values(), default=0.0)
        return cls(scores, best if best > 0 else 1.0)

    def part(self, row: int) -> float:
        return max(0.0, self.scores.get(row, 0.0)) / self.best
