"""What both indexes answer with."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Scored(NamedTuple):
    """A passage by row number, and its score in one index; higher is closer."""

    row: int
    score: float


def best(k: int, most: int, fetch: Callable[[int], tuple[NDArray[np.int64], NDArray[np.float64]]]) -> list[Scored]:
    """Return the ``k`` best, score descending and row number ascending, ties at the cut decided likewise.

    An index breaks ties by where it stores a passage, which depends on how it was built. So more are fetched
    until the last of them is clearly worse than the ``k``-th.

    Args:
        k: How many are wanted.
        most: How many there can be.
        fetch: Gives rows and scores of the best ``limit``, best first, fewer when there are no more.
    """
    if k <= 0 or most <= 0:
        return []
    limit = min(k + 16, most)
    while True:
        rows, scores = fetch(limit)
        if len(rows) <= k or len(rows) < limit or limit >= most or scores[-1] < scores[k - 1]:
            break
        limit = min(limit * 4, most)
    order = np.lexsort((rows, -scores))[:k]
    return list(map(Scored._make, zip(rows[order].tolist(), scores[order].tolist(), strict=True)))
