"""Everyday words are answered by those that official texts have."""

from __future__ import annotations

import pytest

from rag.retrieval.everyday import opposites, said_for
from tests.retrieval.asking import read


@pytest.mark.parametrize(
    ("word", "official"),
    [
        ("老人", "老年人"),
        ("个税", "个人所得税"),
        ("坐地铁", "轨道交通"),  # not cut in two
        ("夜里", "24小时"),
        ("中央", "中、省"),
        ("讲座", "巡讲"),
    ],
)
def test_what_official_texts_say(word: str, official: str) -> None:
    assert official in said_for(word)


@pytest.mark.parametrize("word", ["老年人", "地", "统计"])
def test_other_words_stand_for_themselves(word: str) -> None:
    assert said_for(word) == ()
    assert opposites(word) == ()


def test_whether_it_costs_is_told_by_its_opposite() -> None:
    assert opposites("收费") == ("免费",)
    assert opposites("免费") == ("收费",)


def test_a_term_carries_them_behind_itself() -> None:
    terms = {term.word: term.alternatives for term in read("老人坐公交要不要收费").terms}
    assert terms["老人"] == ("老人", "老年人")
    assert terms["收费"] == ("收费", "免费")
