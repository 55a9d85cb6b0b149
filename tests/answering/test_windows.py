"""The run of clauses that answers: exact words, no headings or lead-ins where the answer stands after them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.clauses import read_sentences
from rag.answering.intent import Intent, read_intent
from rag.answering.windows import (
    EXPECTED,
    EXPECTED_NAME,
    EXPECTED_OTHERWISE,
    MOST_CHARACTERS,
    best_window,
    choose_window,
    expected_length,
)
from rag.domain.passage import Passage
from rag.domain.span import Span

from .builders import ask

NEWS = (
    "澄江市推出惠企新举措 记者从澄江市商务局获悉，为支持企业恢复经营，全市出台了一批措施。\n"
    "在房租方面，对承租国有房屋的小微企业，免收两个月租金。\n"
    "在用工方面，澄江市商务局组织线上招聘会，为企业免费发布岗位信息。\n"
    "企业如何申请补贴？\n"
    "可登录市政务服务网填写申请表，三个工作日内办结。\n"
    "市商务局提醒，节日期间窗口照常办公，咨询电话请见公告。"
)


def run_for(question: str, text: str, *, passages: int = 1) -> str:
    asked = ask(question)
    step = -(-len(text) // passages)
    found = []
    for number in range(passages):
        span = Span(number * step, min(len(text), (number + 1) * step))
        found.append((Passage(f"d1-{number}", "d1", number, span, (), None, span.of(text)), 0.9 - 0.1 * number))
    window = best_window(asked, read_intent(asked), found, text)
    assert window is not None
    return window.span.of(text)


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        # The question itself stands there as a heading; the answer is below it.
        ("企业如何申请补贴？", "登录市政务服务网填写申请表", "如何"),
        # The clause that is asked for, not the announcement that has most of the words.
        ("承租国有房屋的小微企业有什么房租优惠？", "免收两个月租金", "记者"),
        ("澄江市商务局在用工方面做了什么？", "为企业免费发布岗位信息", "记者"),
    ],
)
def test_the_answer_is_chosen_and_not_what_leads_up_to_it(question: str, said: str, unsaid: str) -> None:
    run = run_for(question, NEWS)
    assert said in run
    assert unsaid not in run


@pytest.mark.parametrize("blank", [" ", "\u3000\u3000", "\n"])
def test_the_title_is_no_answer(blank: str) -> None:
    text = f"澄江市推出新举措为小微企业减免房租{blank}3月2日，澄江市商务局发布通知，小微企业免收两个月租金。"
    run = run_for("澄江市为小微企业推出什么房租减免的新举措？", text)
    assert "两个月租金" in run
    assert "推出新举措" not in run


@pytest.mark.parametrize("text", ["澄江市为小微企业减免房租两个月", "2020 年澄江市为小微企业减免房租两个月。"])
def test_where_there_is_no_title_the_first_words_may_answer(text: str) -> None:
    assert "减免房租两个月" in run_for("澄江市为小微企业减免房租多久？", text)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("招聘会由谁举办？", EXPECTED_NAME),
        ("哪个企业首先复工？", EXPECTED_NAME),
        ("在什么平台申请？", EXPECTED_NAME),
        ("有什么措施？", EXPECTED[Intent.HOW]),
        ("有哪些优惠？", EXPECTED_OTHERWISE),
    ],
)
def test_where_one_name_is_asked_for_a_short_answer_is_expected(question: str, expected: int) -> None:
    asked = ask(question)
    assert expected_length(asked, read_intent(asked).intent) == expected


def test_a_figure_is_taken_from_the_clause_that_has_one() -> None:
    text = "目前，全市线上招聘会已经举办，招聘会吸引了许多企业，累计提供岗位3400个，深受好评。"
    assert "3400个" in run_for("线上招聘会累计提供多少个岗位？", text)


def test_the_text_below_a_passage_is_read_too() -> None:
    lead = "澄江市商务局关于申请补贴的材料要求如下："
    text = f"{lead}\n申请表、营业执照复印件、银行账号、上年度纳税证明。"
    asked = ask("澄江市商务局申请补贴要哪些材料？")
    found = [(Passage("d1-0", "d1", 0, Span(0, len(lead)), (), None, lead), 0.9)]
    window = best_window(asked, read_intent(asked), found, text)
    assert window is not None
    assert "营业执照复印件" in window.span.of(text)


def test_brackets_are_not_cut() -> None:
    text = "对重点企业（物流、医药，以及商贸）给予贷款贴息，期限一年。"
    run = run_for("对重点企业给予什么支持？", text)
    assert run.count("（") == run.count("）")


def test_nothing_to_read_gives_nothing() -> None:
    asked = ask("有什么优惠？")
    assert best_window(asked, read_intent(asked), [], "") is None


@given(
    st.lists(
        st.sampled_from([*"房租补贴企业申请，。；：？\n（）、 12", "免收租金", "可登录网站"]), min_size=1, max_size=120
    ),
    st.integers(1, 4),
)
def test_a_run_is_neat_and_short(parts: list[str], passages: int) -> None:
    text = "".join(parts)
    asked = ask("企业如何申请房租补贴？")
    step = -(-len(text) // passages)
    found = [
        (Passage(f"d1-{at}", "d1", at, Span(at, min(len(text), at + step)), (), None, text[at : at + step]), 0.5)
        for at in range(0, len(text), step)
    ]
    window = best_window(asked, read_intent(asked), found, text)
    if window is not None:
        words = window.span.of(text)
        assert words == words.strip()
        assert words[-1] not in "，；、："
        assert len("".join(words.split())) <= MOST_CHARACTERS or not any(mark in words for mark in "。；\n")
        assert window == best_window(asked, read_intent(asked), found, text)


@pytest.mark.parametrize(
    ("logits", "expected", "run"),
    [
        # Odds 1, e^-8 …: the one clause that is likely, and the next when it is as likely.
        ([-10, 0, -10, -10], 4, "免收两个月租金"),
        ([-10, 0, 0, -10], 4, "免收两个月租金，期限至六月。"),
        # The more characters are expected beside those chosen, the longer the run.
        ([-10, 0, -0.6, -0.6], 1, "免收两个月租金"),
        ([-10, 0, -0.6, -0.6], 60, "免收两个月租金，期限至六月。市商务局负责。"),
    ],
)
def test_the_run_has_the_greatest_expected_overlap(logits: list[float], expected: int, run: str) -> None:
    text = "对小微企业，免收两个月租金，期限至六月。市商务局负责。"
    read = read_sentences([(Passage("d1-0", "d1", 0, Span(0, len(text)), (), None, text), 0.9)], text)
    window = choose_window(read, np.array(logits, dtype=float), expected, text)
    assert window is not None
    assert window.span.of(text) == run


def test_a_run_does_not_cross_what_is_not_read() -> None:
    text = "甲方负责。" + "无" * 600 + "。乙方负责。"
    found = [
        (Passage("d1-1", "d1", 1, Span(len(text) - 5, len(text)), (), None, text[-5:]), 0.9),
        (Passage("d1-0", "d1", 0, Span(0, 5), (), None, text[:5]), 0.8),
    ]
    read = read_sentences(found, text)
    logits = np.full(sum(len(sentence.clauses) for sentence in read), -20.0)
    logits[[0, -1]] = 0
    window = choose_window(read, logits, 70, text)
    assert window is not None
    assert window.span.of(text) == "甲方负责。"
    assert window.passage.ordinal == 0
