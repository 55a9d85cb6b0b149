"""Hits of the same words are shown once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.passage import Hit, Passage
from rag.domain.span import Span
from rag.retrieval.duplicates import without_repeats

TEMPLATE = "感谢您对我市城市管理工作的关心和支持，如有疑问请在工作日拨打政务服务热线咨询，我们将竭诚为您服务。"


def hit(document: str, text: str, *, ordinal: int = 0, score: float = 0.5) -> Hit:
    passage = Passage(f"{document}-{ordinal}", document, ordinal, Span(0, len(text)), (), None, text)
    return Hit(passage, score)


def shown(*hits: Hit) -> list[tuple[str, list[str]]]:
    return [(h.passage.passage_id, [p.passage_id for p in h.repeated_in]) for h in without_repeats(hits)]


@pytest.mark.parametrize(
    "other",
    [
        TEMPLATE,
        TEMPLATE.replace("，", ", "),
        "感謝您對我市城市管理工作的關心和支持，如有疑問請在工作日撥打政務服務熱線咨詢，我們將竭誠為您服務。",
        TEMPLATE.replace("我们将", "我们会").replace("关心和支持", "关心与支持"),
    ],
)
def test_the_better_of_two_documents_names_the_other(other: str) -> None:
    assert shown(hit("a", TEMPLATE), hit("b", other), hit("c", "加装电梯每台补助十五万元。")) == [
        ("a-0", ["b-0"]),
        ("c-0", []),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Figures are what reports of two years differ in.
        ("2023年全市新增停车泊位1200个，新建公园8个。", "2024年全市新增停车泊位1200个，新建公园8个。"),
        (TEMPLATE, TEMPLATE + "您反映的路灯不亮问题已于本月修复，请您放心出行。"),
        ("同意。", "不同意。"),
        # One place or unit in a long sentence.
        (TEMPLATE, TEMPLATE.replace("城市管理工作", "教育工作")),
        ("由东山县教育局" + TEMPLATE, "由西山县教育局" + TEMPLATE),
        (TEMPLATE + "申请人应当提交材料。", TEMPLATE + "申请人不应当提交材料。"),
        (TEMPLATE + "限三日内办结。", TEMPLATE + "限五日内办结。"),
        ("", ""),
    ],
)
def test_what_says_something_else_stays(one: str, other: str) -> None:
    assert shown(hit("a", one), hit("b", other)) == [("a-0", []), ("b-0", [])]


def test_passages_of_one_document_stay() -> None:
    assert shown(hit("a", TEMPLATE), hit("a", TEMPLATE, ordinal=1)) == [("a-0", []), ("a-1", [])]


def test_order_and_scores_stay() -> None:
    hits = [hit("a", TEMPLATE, score=0.9), hit("b", "路灯已修复。", score=0.8), hit("c", TEMPLATE, score=0.7)]
    assert [(h.passage.document_id, h.score) for h in without_repeats(hits)] == [("a", 0.9), ("b", 0.8)]


_PARTS = st.lists(st.sampled_from(["道路", "停车", "的", "、", " ", "學校", "学校", "１", "1"]), max_size=90).map(
    "".join
)


@given(st.lists(st.one_of(_PARTS, _PARTS.map(lambda text: TEMPLATE * 2 + text)), max_size=8))
def test_only_texts_of_the_same_words_are_taken_together(texts: list[str]) -> None:
    words = [re.sub(r"[\W的]", "", text.replace("學", "学").replace("１", "1")) for text in texts]
    found = shown(*(hit(f"d{at}", text) for at, text in enumerate(texts)))
    expected: dict[str, list[str]] = {}
    for at, said in enumerate(words):
        expected.setdefault(re.sub("[和我们将]", "", said) or f"nothing {at}", []).append(f"d{at}-0")
    assert found == [(first, others) for first, *others in expected.values()]
