"""Until when documents hold (有效期), and what is said once that day is past."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.answerer import Answerer
from rag.answering.expiry import expiry_of
from rag.domain.access import Scope
from rag.domain.answer import Status

from .conftest import IndexOf

ALL = Scope.everything()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2024年1月1日起施行，有效期三年。", "2026-12-31"),
        ("五、本办法自2020年7月1日起试行，有效期5年。", "2025-06-30"),
        ("本办法自2024年12月1日起施行，有效期至2029年11月30日。", "2029-11-30"),
        ("有效期截至 2022 年 12 月 31 日。", "2022-12-31"),
        ("本通知自印发之日起施行，有效期2年。", "2025-02-28"),
        ("本办法自2020年2月29日起施行，有效期为一年。", "2021-02-28"),
        ("本办法自9998年1月1日起施行，有效期5年。", None),  # past the calendar
        ("有效期5年。", None),  # from what day is not said
        ("食品应当在有效期内使用。", None),
        ("证书有效期由发证机关规定。", None),
    ],
)
def test_the_last_day_is_worked_out(text, day):
    found = expiry_of(f"前文。\n{text}\n后文。", date(2023, 3, 1))
    assert (found and found.day.isoformat()) == day
    if found is not None:
        assert found.span.of(f"前文。\n{text}\n后文。") == text


RULES = {
    "meals.txt": (
        "青溪市民政局\n青民发〔2019〕4号\n关于印发《青溪市老年助餐补贴办法》的通知\n各区民政局：\n现印发给你们。\n"
        "青溪市民政局\n2019年3月1日\n青溪市老年助餐补贴办法\n一、补贴标准。老年人每餐补贴3元。\n"
        "二、本办法自2019年4月1日起施行，有效期2年。\n"
    )
}


@pytest.mark.parametrize(
    ("today", "question", "says_so"),
    [
        (date(2020, 1, 1), "青溪市老年人每餐补贴多少元？", False),
        (date(2021, 3, 31), "青溪市老年人每餐补贴多少元？", False),
        (date(2021, 4, 1), "青溪市老年人每餐补贴多少元？", True),
        (date(2025, 1, 1), "2020年时青溪市老年人每餐补贴多少元？", False),  # as of then it held
    ],
)
def test_a_term_that_is_over_is_said(index_of: IndexOf, today, question, says_so):
    reader = index_of(RULES)
    answer = Answerer(reader.catalog, reader.searcher, today=lambda: today).answer(question, scope=ALL)
    assert answer.status is Status.ANSWERED
    assert "3元" in answer.text
    assert ("已于2021年3月31日期满" in answer.text) == says_so


def test_asked_whether_it_holds(index_of: IndexOf):
    reader = index_of(RULES)
    ask = "青溪市老年助餐补贴办法还有效吗？"
    over = Answerer(reader.catalog, reader.searcher, today=lambda: date(2024, 1, 1)).answer(ask, scope=ALL)
    assert over.text.startswith("否。")
    assert "已于2021年3月31日期满" in over.text
    holds = Answerer(reader.catalog, reader.searcher, today=lambda: date(2020, 1, 1)).answer(ask, scope=ALL)
    assert "有效至2021年3月31日" in holds.text
    assert not holds.text.startswith("否。")
