"""Slips of the input method against hand-made counts: mended only where the documents know the one and not the other."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.spelling import SpellChecker

# In how many passages of an invented collection characters and pairs of them stand.
_COUNTS: Mapping[str, int] = {
    "心": 300, "理": 900, "里": 200, "健": 250, "康": 250, "心理": 180, "理健": 90, "健康": 240, "心里": 2,
    "义": 120, "务": 500, "教": 400, "育": 380, "较": 90, "义务": 110, "务教": 60, "教育": 370, "务较": 2,
    "公": 700, "工": 650, "路": 200, "公路": 90, "乡": 150, "村": 300, "乡村": 80, "村公": 12, "村工": 1,
    "广": 80, "场": 120, "广场": 60, "职": 100, "质": 90, "权": 300, "职权": 90, "质权": 20, "出": 200,
    "服": 300, "康服": 30, "服务": 280,
}  # fmt: skip


def checker(counts: Mapping[str, int] = _COUNTS) -> SpellChecker:
    return SpellChecker(lambda term: counts.get(term, 0))


@pytest.mark.parametrize(
    ("written", "meant", "words"),
    [
        ("心里健康服务", "心理健康服务", {"心里健康": "心理健康"}),
        ("义务较育", "义务教育", {"义务较育": "义务教育"}),
        ("乡村工路", "乡村公路", {"工路": "公路"}),
        ("义务较育和心里健康", "义务教育和心理健康", {"义务较育": "义务教育", "心里健康": "心理健康"}),
    ],
)
def test_mended(written: str, meant: str, words: dict[str, str]) -> None:
    mended = checker().mend(written)
    assert mended is not None
    assert mended.text == meant
    assert {slip.written: slip.meant for slip in mended.slips} == words
    assert all(mended.text[slip.at] != written[slip.at] for slip in mended.slips)


@pytest.mark.parametrize(
    "text",
    [
        "心理健康服务",
        "质权",  # known, if less than 职权
        "滨湖广场",  # no homophone makes a known pair
        "12356 2024",
        "Yunxiu City",
        "工",
        "",
    ],
)
def test_left_as_it_is(text: str) -> None:
    assert checker().mend(text) is None


def test_without_documents_nothing_is_known_and_nothing_mended() -> None:
    assert checker({}).mend("心里健康") is None


def test_a_pair_the_documents_know_is_no_slip() -> None:
    assert checker({**_COUNTS, "村工": 40, "工路": 40}).mend("乡村工路") is None


def test_the_word_meant_must_be_well_known() -> None:
    assert checker({**_COUNTS, "务教": 9, "教育": 9}).mend("义务较育") is None


def test_a_change_is_weighed_by_bigram_probabilities() -> None:
    # P(教|务)·P(育|教) over P(较|务)·P(育|较), smoothed: (60.2 · 370.2 / 405) / (2.2 · 0.2 / 95).
    (found,) = [gain for character, gain in checker()._candidates("义务较育", 2) if character == "教"]
    assert found == pytest.approx(math.log((60.2 * 370.2 / 405) / (2.2 * 0.2 / 95)))


@given(st.text(st.sampled_from("心里理健康义务较教育乡村工公路的一谁2024 ，"), max_size=30))
def test_any_text_keeps_its_length_and_is_mended_the_same_every_time(text: str) -> None:
    mended = checker().mend(text)
    assert checker().mend(text) == mended
    if mended is not None:
        assert len(mended.text) == len(text)
        assert 1 <= len(mended.slips) <= 3
        changed = [at for at, (one, other) in enumerate(zip(text, mended.text, strict=True)) if one != other]
        assert changed == sorted(slip.at for slip in mended.slips)
