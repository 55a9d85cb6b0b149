"""Words that carry a question, as a table."""

from __future__ import annotations

import pytest

from rag.retrieval.topic import INTERROGATIVE
from tests.retrieval.asking import read


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("云岫市学生心理测评由谁牵头？", {"学生", "心理", "测评"}, {"云岫", "云岫市", "谁", "由"}),
        ("2024年云岫市有多少所中小学校？", {"中小学校"}, {"2024", "多少", "所", "年"}),
        ("请问加装电梯怎么补助", {"电梯", "补助"}, {"请问", "怎么"}),
        ("12356热线什么时候启用", {"12356", "热线", "启用"}, {"什么", "时候"}),
        ("岫建发〔2024〕27号的公开属性", {"公开", "属性"}, {"27", "2024", "岫"}),
        ("How many elevators does Yunxiu City have?", {"elevators"}, {"how", "many", "does", "have", "yunxiu"}),
        ("Which department leads waste sorting?", {"waste sorting", "leads"}, {"which", "waste"}),
    ],
)
def test_terms(text: str, present: set[str], absent: set[str]) -> None:
    words = {term.word for term in read(text).terms}
    assert present <= words
    assert not absent & words


def test_english_terms_carry_their_chinese_renderings() -> None:
    found = {term.word: term.alternatives for term in read("When was the hotline launched in March?").terms}
    assert found["hotline"][0] == "热线"
    assert found["march"] == ("3月",)


def test_verbs_and_lone_characters_are_counted_on_less() -> None:
    shares = {term.word: term.share for term in read("加装电梯的站").terms}
    assert shares["电梯"] == 1.0
    assert 0 < shares["站"] < shares["加装"] < 1.0


@pytest.mark.parametrize("word", ["多少名", "哪些部门", "什么时候", "由谁", "怎么", "有没有", "何时", "多久", "如何"])
def test_words_that_ask(word: str) -> None:
    assert INTERROGATIVE.search(word)
