"""The second stage against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.second_stage import WINDOW_CHARACTERS, Brevity, Closeness, Wanted, closeness

ELEVATOR = Wanted(
    words=[(("电梯",), 2.0), (("补助", "补贴"), 1.0), (("多少",), 1.0)], pairs={"电梯": 2.0, "梯补": 1.0, "补助": 1.0}
)


@pytest.mark.parametrize(
    ("text", "words", "window"),
    [
        ("加装电梯补助十五万元", 0.75, 1.0),
        ("加装電梯，每台給予補助", 0.75, 0.75),  # another script; 梯补 is not there
        ("电梯每台补贴十五万元", 0.75, 0.5),  # 补贴 counts as the word 补助, not as its pair of characters
        ("电梯电梯电梯", 0.5, 0.5),  # more of the same tells nothing new
        ("电梯" + "。" * WINDOW_CHARACTERS + "补助", 0.75, 0.5),  # one character too far apart
        ("电梯" + "。" * (WINDOW_CHARACTERS - 2) + "补助", 0.75, 0.75),
        ("垃圾分类", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_closeness(text: str, words: float, window: float) -> None:
    assert closeness([text], ELEVATOR) == [Closeness(pytest.approx(words), pytest.approx(window))]


def test_a_question_without_words_is_near_to_nothing() -> None:
    assert closeness(["电梯", "补助"], Wanted([], {})) == [Closeness(0.0, 0.0)] * 2


def test_no_passage_has_no_closeness() -> None:
    assert closeness([], ELEVATOR) == []


TEXTS = st.lists(st.text("电梯补助多少，。 \x1f臺Ａ", max_size=200), min_size=1, max_size=5)


@given(TEXTS)
def test_each_text_is_judged_by_itself_and_within_bounds(texts: list[str]) -> None:
    together = closeness(texts, ELEVATOR)
    assert together == [closeness([text], ELEVATOR)[0] for text in texts]
    assert all(-1e-9 <= part <= 1 + 1e-9 for near in together for part in near)


def test_brevity_falls_with_the_passages_of_a_document() -> None:
    brevity = Brevity(np.array([2, 4, 7, 9], dtype=np.int64), np.array([10, 250, 1, 100], dtype=np.int64))
    # 1 - log n / log 100, for 1, 10, 100 passages; never below 0
    assert brevity.of(np.array([9, 2, 7, 4, 2], dtype=np.int64)) == pytest.approx([0, 0.5, 1, 0, 0.5])
