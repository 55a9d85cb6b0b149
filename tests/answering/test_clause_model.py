"""The shipped trees: made for the features there are, the same for a clause alone and among others."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.clause_features import FEATURES
from rag.answering.clause_model import _session, clause_logits


def test_the_model_is_made_for_these_features() -> None:
    (given_,) = _session().get_inputs()
    assert given_.shape[1] == len(FEATURES)
    with pytest.raises(onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument):
        clause_logits(np.zeros((2, len(FEATURES) + 1), dtype=np.float32))


@given(st.lists(st.lists(st.floats(-2, 40, width=32), min_size=4, max_size=4), min_size=1, max_size=12))
def test_a_clause_is_judged_the_same_alone_and_among_others(values: list[list[float]]) -> None:
    rows = np.tile(np.array(values, dtype=np.float32), (1, -(-len(FEATURES) // 4)))[:, : len(FEATURES)].copy()
    together = clause_logits(rows)
    assert together.shape == (len(rows),)
    assert np.isfinite(together).all()
    assert together.tolist() == [float(clause_logits(row[None])[0]) for row in rows]


def test_what_the_question_names_is_likelier() -> None:
    rows = np.zeros((2, len(FEATURES)), dtype=np.float32)
    for name in ("led", "before", "inside", "rank"):
        rows[0, FEATURES.index(name)] = 1
    rows[1, FEATURES.index("led below the best")] = rows[1, FEATURES.index("before below the best")] = -1
    rows[1, FEATURES.index("led rank")] = 20
    likely, unlikely = clause_logits(rows)
    assert likely > unlikely
