"""Fusion (融合): one ranking from the lexical and the dense leg.

Weighted sum of scores scaled to 0..1 by each leg's best candidate. Reciprocal-rank fusion was measured and
lost .06 nDCG@10 on policy questions, because it throws away how much better the first hit is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

DENSE_WEIGHT = 0.3
"""Share of the dense leg, chosen on the development halves; see ``benchmarks/quality.md``."""


class Fused(NamedTuple):
    """A candidate with what each leg gave it, both scaled to 0..1."""

    row: int
    score: float
    lexical: float
    dense: float


def fuse(
    lexical: Mapping[int, float], dense: Mapping[int, float], *, dense_weight: float = DENSE_WEIGHT
) -> list[Fused]:
    """Merge candidates by passage row number.

    Args:
        lexical: BM25 scores, 0 or more; a candidate the leg did not find is not in it.
        dense: Cosines, −1..1.
        dense_weight: Share of the dense leg, 0..1.

    Returns:
        All candidates of both legs, best first, ties by row number.
    """
    best_lexical = max(lexical.values(), default=0.0) or 1.0
    best_dense = max(dense.values(), default=0.0)
    best_dense = best_dense if best_dense > 0 else 1.0
    fused = []
    for row in lexical.keys() | dense.keys():
        word = lexical.get(row, 0.0) / best_lexical
        meaning = max(0.0, dense.get(row, 0.0)) / best_dense
        fused.append(Fused(row, (1 - dense_weight) * word + dense_weight * meaning, word, meaning))
    return sorted(fused, key=lambda f: (-f.score, f.row))
