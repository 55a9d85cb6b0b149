"""Signatures and the exact comparison of texts."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.parsing.likeness import (
    BANDS,
    POSITIONS,
    bands_of,
    likeness,
    resemblances,
    shingles,
    signature_of,
)

HAN = "春夏秋冬山川湖海桥路楼塔书画琴棋米面油盐布帛金铁东南西北前后左右"


def written(characters, seed=0):
    choose = random.Random(seed)
    return "".join(choose.choice(HAN) for _ in range(characters))


def misread(text, share, seed=0):
    choose = random.Random(seed)
    return "".join(choose.choice(HAN) if choose.random() < share else c for c in text)


def signature(text):
    return signature_of(shingles(text))


def test_a_signature_never_changes():
    """Signatures are kept in catalogs: another value here needs a new recipe."""
    found = signature("各县（区）人民政府，市政府各部门：现印发给你们。")
    assert found.shape == (POSITIONS,)
    assert found.dtype == np.uint32
    assert found[:3].tolist() == [517621635, 45004536, 36672252]
    assert len(bands_of(found)) == BANDS


def test_blanks_punctuation_width_and_script_do_not_count():
    assert likeness(
        shingles("自２０２５年起，全市幼儿园收费“一视同仁”。"), shingles("自2025年 起全市幼兒園收費\n一视同仁")
    ) == (1.0, 0.0)


@pytest.mark.parametrize("text", ["", "，。！", "春夏秋冬"])
def test_a_text_of_fewer_than_five_letters_is_like_nothing(text):
    assert len(shingles(text)) == 0
    assert likeness(shingles(text), shingles(text)).resemblance == 0.0
    assert not signature(text).any()


def test_resemblance_is_the_share_of_common_runs():
    # 春夏秋冬山川 has two runs of five, 春夏秋冬山海 two, one in common of three.
    found = likeness(shingles("春夏秋冬山川"), shingles("春夏秋冬山海"))
    assert found.resemblance == pytest.approx(1 / 3)


def test_the_worst_stretch_finds_what_one_has_more():
    text, more = written(2_900), written(120, seed=1)
    assert likeness(shingles(text), shingles(text[:400] + more + text[400:])).worst_stretch == 1.0
    assert likeness(shingles(text), shingles(text[:400] + more[:50] + text[400:])).worst_stretch == pytest.approx(0.54)
    assert likeness(shingles(text), shingles(misread(text, 0.02))).worst_stretch < 0.5


def test_numbers_before_paragraphs_do_not_count():
    plain = "春夏秋冬山川\n湖海桥路楼塔\n3.5米高的书画"
    assert likeness(shingles(plain), shingles("1.春夏秋冬山川\n（2）湖海桥路楼塔\n3. 3.5米高的书画")) == (1.0, 0.0)


@pytest.mark.parametrize("share", [0.0, 0.005, 0.01, 0.02, 0.03])
def test_misread_texts_share_a_band(share):
    for seed in range(30):
        text = written(1_500, seed)
        assert set(bands_of(signature(text))) & set(bands_of(signature(misread(text, share, seed))))


def test_unlike_texts_share_no_band():
    texts = [set(bands_of(signature(written(1_500, seed)))) for seed in range(40)]
    assert not any(a & b for n, a in enumerate(texts) for b in texts[:n])


@given(st.integers(0, 200), st.floats(0, 0.2))
def test_the_estimate_is_near_the_resemblance(seed, share):
    text = written(1_200, seed)
    other = misread(text, share, seed)
    exact = likeness(shingles(text), shingles(other)).resemblance
    estimated = resemblances(signature(text), signature(other)[np.newaxis])[0]
    assert estimated == pytest.approx(exact, abs=5 * np.sqrt(max(exact * (1 - exact), 0.01) / POSITIONS))


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_within_bounds(one, other):
    a, b = shingles(one), shingles(other)
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b).resemblance <= 1
    if len(a):
        assert likeness(a, a) == (1.0, 0.0)
