"""The best k do not depend on where an index stores what ties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.indexes.scored import best

levels = st.lists(st.integers(0, 3), max_size=120)


@given(levels, st.integers(0, 60), st.randoms(use_true_random=False))
def test_ties_at_the_cut_go_to_the_lower_row(levels, k, random):
    stored = list(enumerate(levels))
    random.shuffle(stored)
    stored.sort(key=lambda item: -item[1])  # best first, ties in any order
    asked = []

    def fetch(limit):
        asked.append(limit)
        part = stored[:limit]
        return np.array([row for row, _ in part], dtype=np.int64), np.array([s for _, s in part], dtype=np.float64)

    found = best(k, len(stored), fetch)
    assert (
        list(found)
        == sorted(((row, float(score)) for row, score in enumerate(levels)), key=lambda x: (-x[1], x[0]))[:k]
    )
    assert all(limit <= len(stored) for limit in asked)
