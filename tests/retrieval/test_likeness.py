"""Likeness of meaning, by the shipped encoder."""

from __future__ import annotations

import numpy as np
import pytest

from rag.indexes.encoder import load_encoder
from rag.retrieval import likeness
from rag.retrieval.likeness import Likeness


@pytest.fixture(scope="module")
def shipped() -> Likeness:
    return Likeness(load_encoder())


def test_likeness_of_a_text_to_itself_is_one_and_orders_by_meaning(shipped: Likeness) -> None:
    text = "老旧小区加装电梯补助"
    same, near, far = shipped.similarities(text, [text, "既有住宅增设电梯补贴", "垃圾分类宣传"])
    assert same == pytest.approx(1, abs=1e-5)
    assert near > far


def test_likeness_of_words_is_measured_against_unrelated_ones(shipped: Likeness) -> None:
    found = shipped.word_likeness(["补助", "医院"], ["补贴", "医院", "雕塑"])
    assert found.shape == (2, 3)
    assert found[0].argmax() == 0
    assert found[1].argmax() == 1
    assert found[1, 2] < 2  # a sculpture is no hospital


def test_vectors_of_words_are_the_same_alone_and_among_others(shipped: Likeness) -> None:
    words = ["补助", "医院", "补助", "雕塑"]
    together = shipped.encode_words(words)
    alone = np.concatenate([shipped.encode_words([word]) for word in words])
    np.testing.assert_array_equal(together, alone)
    np.testing.assert_allclose(together, shipped.encode_words(words[::-1])[::-1])


def test_words_beyond_those_remembered_are_encoded_again(shipped: Likeness, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = shipped.encode_words(["补助", "医院"])
    monkeypatch.setattr(likeness, "_WORDS_REMEMBERED", 1)
    forgetful = Likeness(load_encoder())
    for _ in range(2):
        np.testing.assert_array_equal(forgetful.encode_words(["补助", "医院"]), expected)
