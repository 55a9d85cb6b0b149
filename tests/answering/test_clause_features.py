"""What clauses are judged by, one feature at a time, and that every clause is judged by all of them."""

from __future__ import annotations

import numpy as np
import pytest

from rag.answering.clause_features import FEATURES, asks_name, judge_clauses
from rag.answering.clauses import read_sentences
from rag.answering.intent import read_intent
from rag.domain.passage import Passage
from rag.domain.span import Span

from .builders import ask

TEXT = "企业如何申请补贴？可登录市政务服务网填写申请表，三个工作日内办结；2025年3月1日起，材料有：申请表、执照、账号。"


def judged(question: str, text: str, *, section: tuple[str, ...] = ()) -> dict[str, list[float]]:
    """Return each feature's values, clause by clause."""
    asked = ask(question)
    passage = Passage("d1-0", "d1", 0, Span(0, len(text)), section, None, text)
    read = read_sentences([(passage, 0.9)], text)
    table = judge_clauses(asked, read_intent(asked), read, text)
    assert table.dtype == np.float32
    return {name: table[:, number].tolist() for number, name in enumerate(FEATURES)}


def test_every_clause_is_judged_by_everything() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    table = judged("企业如何申请补贴？", TEXT)
    assert {len(values) for values in table.values()} == {6}
    assert np.isfinite(list(table.values())).all()


@pytest.mark.parametrize(
    ("feature", "values"),
    [
        # 企业如何申请补贴？| 可登录市政务服务网填写申请表，| 三个工作日内办结；| 2025年3月1日起，| 材料有：| 申请表、执照、账号。
        ("end", [5, 1, 2, 1, 3, 0]),
        ("end of the one before", [0, 5, 1, 2, 1, 3]),
        ("commas", [0, 0, 0, 0, 0, 2]),
        ("digits", [0, 0, 0, 6, 0, 0]),
        ("date", [0, 0, 0, 1, 0, 0]),
        ("date before", [0, 0, 0, 0, 1, 0]),
        ("date after", [0, 0, 1, 0, 0, 0]),
        ("duty", [0, 1, 0, 0, 0, 0]),
        ("duty after", [1, 0, 0, 0, 0, 0]),
        ("colon", [0, 0, 0, 0, 1, 0]),
        ("semicolon", [0, 0, 1, 0, 0, 0]),
        ("clauses", [1, 2, 2, 3, 3, 3]),
        ("place in the sentence", [0, 0, 1, 0, 1, 2]),
        ("clauses after it", [0, 1, 0, 2, 1, 0]),
        ("place", [0, 1, 2, 3, 4, 5]),
        ("length", [9, 15, 9, 11, 4, 10]),
        ("text length", [58] * 6),
        ("asks how", [1] * 6),
        ("asks when", [0] * 6),
        ("intent how", [1] * 6),
        ("inside", [1] * 6),
        ("region", [0] * 6),
    ],
)
def test_a_feature_of_each_clause(feature: str, values: list[float]) -> None:
    assert judged("企业如何申请补贴？", TEXT)[feature] == values


def test_words_of_the_question_count_from_two_sentences_back() -> None:
    led = judged("如何申请房租补贴？", "申请房租补贴的办法。登录网站。填表。等通知。")["led"]
    assert led == [1, 1, 1, 0]


def test_a_clause_of_hardly_more_than_the_questions_words_restates_it() -> None:
    table = judged("申请房租补贴要什么？", "申请房租补贴。要带执照。")
    assert table["restated"] == [1, 0]
    assert table["restated before"] == [0, 1]


def test_the_best_sentence_is_first_in_rank() -> None:
    table = judged("如何申请房租补贴？", "登录网站。甲。乙。申请房租补贴，找窗口。")
    assert table["led rank"] == [2, 3, 4, 0, 1]
    assert table["led below the best"] == [-1, -1, -1, 0, 0]
    assert table["before"] == [0, 0, 0, 1, 1]


def test_figures_count_where_a_figure_is_asked_for() -> None:
    text = "共有企业3400家，分布在各县。"
    assert judged("共有多少家企业？", text)["figure"] == [1, 0]
    assert judged("共有多少家企业？", text)["fits"] == [1, 0]
    assert judged("共有多少家企业？", text)["fits not"] == [0, 1]
    assert judged("企业分布在什么地方？", text)["figure"] == [0, 0]


def test_headings_lead_what_stands_below_them() -> None:
    headed = judged("申请补贴要什么材料？", "表格、执照。", section=("一、租金", "二、申请补贴"))
    assert headed["heading"] == [0]  # what no sentence holds tells none from the others
    text = "申请补贴。另附材料。"
    assert judged("申请补贴要什么？", text, section=("一、租金", "二、申请补贴"))["own heading"] == [1, 1]
    assert judged("申请补贴要什么？", text, section=("一、申请补贴", "二、租金"))["own heading"] == [0, 0]


@pytest.mark.parametrize(
    ("question", "expected"),
    [("招聘会由谁举办？", True), ("哪个企业首先复工？", True), ("在什么平台申请？", True), ("有哪些优惠？", False)],
)
def test_one_name(question: str, expected: bool) -> None:
    assert asks_name(ask(question)) is expected
