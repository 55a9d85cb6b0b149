"""The order that a reranker gives, by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.passage import Hit, Passage
from rag.domain.span import Span
from rag.retrieval.rerank import reranked


def hits(*scores: float) -> list[Hit]:
    return [
        Hit(Passage(f"d-{n}", "d", n, Span(0, 1), (), None, "文"), score, {"lexical": score})
        for n, score in enumerate(scores)
    ]


def ordinals(found: list[Hit]) -> list[int]:
    return [hit.passage.ordinal for hit in found]


def test_the_judged_come_first_in_the_order_of_their_scores():
    found = reranked(hits(0.9, 0.8, 0.7, 0.6), np.array([0.2, 0.5, 0.4]))
    assert ordinals(found) == [1, 2, 0, 3]
    assert [hit.score for hit in found] == [0.5, 0.4, 0.2, 0.6 * 0.2]
    assert [hit.parts for hit in found] == [
        {"lexical": 0.8, "rerank": 0.5},
        {"lexical": 0.7, "rerank": 0.4},
        {"lexical": 0.9, "rerank": 0.2},
        {"lexical": 0.6},
    ]


def test_equal_ones_keep_their_order():
    assert ordinals(reranked(hits(0.9, 0.8, 0.7), np.array([0.3, 0.3, 0.3]))) == [0, 1, 2]


def test_nothing_to_judge():
    assert reranked([], np.array([])) == []


@given(
    fused=st.lists(st.floats(0, 1), max_size=12).map(lambda scores: sorted(scores, reverse=True)),
    judged=st.lists(st.floats(0, 1), max_size=12),
)
def test_none_is_lost_and_scores_go_down(fused, judged):
    given_hits = hits(*fused)
    found = reranked(given_hits, np.array(judged[: len(fused)]))
    assert sorted(ordinals(found)) == ordinals(given_hits)
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
