"""The date of the act that is asked for, and of no other beside it."""

from __future__ import annotations

import pytest

from rag.answering.acts import asked_act, of_the_act
from rag.answering.evidence import Evidence
from rag.domain.span import Span

from .builders import ask, passage, summary


def told(text: str) -> Evidence:
    return Evidence(passage(text), summary(), Span(0, len(text)), text, 1.0, 1.0, 1.0, fits=True, score=1.0)


FOUNDED = told("2019年3月，云岫市心理中心成立。")
OPENED = told("2021年6月1日，心理援助热线正式开通。")
HELD = told("2022年5月，市卫生健康委举办宣传周活动。")
ISSUED = told("本方案于2023年8月印发。")
ALL = [FOUNDED, OPENED, HELD, ISSUED]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("云岫市心理中心什么时候成立的？", [FOUNDED]),
        ("心理中心是哪一年设立的？", [FOUNDED]),
        ("心理热线啥时候开通？", [OPENED]),
        ("热线几月启用的？", [OPENED]),
        ("宣传周是什么时候举行的？", [HELD]),
        ("方案的印发时间是几时？", [ISSUED]),
        ("When was the hotline launched?", [OPENED]),
        ("When was the plan issued?", [ISSUED]),
        ("云岫市有多少所学校？", ALL),  # no act
        ("什么时候能办好？", ALL),  # 办 is any act
        ("报名什么时候截止？", ALL),  # none that is told apart
        ("旧办法什么时候废止的？", []),
    ],
)
def test_only_what_tells_of_the_act_is_kept(question: str, kept: list[Evidence]) -> None:
    assert of_the_act(ask(question), ALL) == kept
    assert (asked_act(ask(question)) is None) is (kept == ALL)
