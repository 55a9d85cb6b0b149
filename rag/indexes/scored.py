"""What both indexes answer with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]


class Scored(NamedTuple):
    """A passage by row number, and its score in one index; higher is closer."""

    row: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What one index found, best first: two arrays of one length. Iterated, it gives ``Scored``.

    Arrays, not a list of objects: hundreds are found for every search, and ten are shown.
    """

    rows: Rows
    scores: Scores

    @classmethod
    def nothing(cls) -> Ranking:
        """Return one without entries."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float64))

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Scored]:
        return map(Scored._make, zip(self.rows.tolist(), self.scores.tolist(), strict=True))


def best(k: int, most: int, fetch: Callable[[int], tuple[Rows, Scores]]) -> Ranking:
    """Return the ``k`` best, score descending and row number ascending, ties at the cut decided likewise.

    An index breaks ties by where it stores a passage, which depends on how it was built. So more are fetched
    until the last of them is clearly worse than the ``k``-th.

    Args:
        k: How many are wanted.
        most: How many there can be.
        fetch: Gives rows and scores of the best ``limit``, best first, fewer when there are no more.
    """
    if k <= 0 or most <= 0:
        return Ranking.nothing()
    limit = min(k + 16, most)
    while True:
        rows, scores = fetch(limit)
        if len(rows) <= k or len(rows) < limit or limit >= most or scores[-1] < scores[k - 1]:
            break
        limit = min(limit * 4, most)
    order = np.lexsort((rows, -scores))[:k]
    return Ranking(rows[order], scores[order])
