"""A lead-in is given with its items, and an item with its lead-in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.enumerations import MOST_CHARACTERS, lead_in, with_items
from rag.domain.access import Scope
from rag.domain.answer import Status
from rag.domain.span import Span
from rag.text import sentences

from .conftest import IndexOf

ARTICLE = """\
第三条　助餐点应当合法。开办助餐点应当具备下列条件：
（一）有固定的场所，其中：
1．城区不少于二十平方米；
2．乡镇不少于十平方米；
（二）有厨师。
助餐点不得设在居民楼二层以上。
第四条　附则：
本条例自公布之日起施行。"""


def at(words: str) -> Span:
    start = ARTICLE.index(words)
    return Span(start, start + len(words))


def test_a_lead_in_goes_on_to_its_last_item() -> None:
    lead = at("开办助餐点应当具备下列条件：")
    assert with_items(ARTICLE, lead) == Span(lead.start, at("（二）有厨师。").end)


@pytest.mark.parametrize("words", ["第三条　助餐点应当合法。", "（二）有厨师。", "第四条　附则："])
def test_what_leads_in_no_items_is_left_alone(words: str) -> None:
    assert with_items(ARTICLE, at(words)) == at(words)


@pytest.mark.parametrize("words", ["（二）有厨师。", "2．乡镇不少于十平方米；", "乡镇不少于十平方米"])
def test_an_item_has_its_lead_in(words: str) -> None:
    assert lead_in(ARTICLE, at(words)) == at("开办助餐点应当具备下列条件：")


@pytest.mark.parametrize("words", ["第三条　助餐点应当合法。", "助餐点不得设在居民楼二层以上。"])
def test_what_is_no_item_has_none(words: str) -> None:
    assert lead_in(ARTICLE, at(words)) is None


def test_headings_of_a_plan_are_led_in_by_nothing() -> None:
    plan = "一、主要任务\n（一）加强领导\n各级要重视。\n（二）落实经费\n"
    assert lead_in(plan, Span(plan.index("（一）"), plan.index("（一）") + 7)) is None


@given(st.integers(1, 80), st.integers(1, 60))
def test_an_enumeration_has_a_bound_and_ends_with_an_item(count: int, length: int) -> None:
    lead = "有下列情形的："
    text = lead + "".join(f"\n（{n}）{'甲' * length}；" for n in range(1, count + 1)) + "\n完。"
    whole = with_items(text, Span(0, len(lead)))
    assert len(lead) < len(whole) <= MOST_CHARACTERS
    assert whole.of(text).endswith("；")
    assert lead_in(text, sentences(text, whole)[-1]) == Span(0, len(lead))


STATUTE = """\
临洲市养犬管理条例
（2022年6月1日临洲市第十六届人民代表大会常务委员会第三次会议通过）
第一条　为了规范养犬行为，制定本条例。
第二条　本条例所称犬只饲养人，是指饲养犬只的单位和个人。
第三条　犬只饲养人携犬外出应当遵守下列规定：
（一）为犬只束牵引绳，绳长不超过一点五米；
（二）即时清理犬只粪便；
（三）乘坐电梯避开高峰时间。
第四条　遛犬不束绳的，由公安机关给予警告；情节较重的，处五百元以下罚款。
第五条　犬只饲养人应当自取得犬只之日起十五日内办理登记。
"""


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("携犬外出应当遵守哪些规定？", ["避开高峰时间。"]),
        ("什么是犬只饲养人？", ["是指饲养犬只的单位和个人。"]),
        ("遛犬不束绳怎么处罚？", ["警告；情节较重的，处五百元以下罚款。"]),  # not half of the norm
        ("取得犬只后多少日内办理登记？", ["十五日内办理登记。"]),
    ],
)
def test_statutes_are_answered_by_the_whole_enumeration(index_of: IndexOf, question: str, quotes: list[str]) -> None:
    reader = index_of({"dogs.txt": STATUTE})
    answer = reader.answerer.answer(question, scope=Scope.everything())
    assert answer.status is Status.ANSWERED
    assert [c.quote[-len(end) :] for c, end in zip(answer.citations, quotes, strict=True)] == quotes
