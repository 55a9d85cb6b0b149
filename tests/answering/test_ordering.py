"""Orders of facts: as an office would list them, what has nothing to compare last, equal ones as they were."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.ordering import COMMITMENT_ORDERS, DUTY_ORDERS, ordered
from rag.domain.access import Disclosure
from rag.domain.commitment import Commitment, CommitmentStatus
from rag.domain.document import DocumentSummary, Kind
from rag.domain.obligation import Duty, DutyForm
from rag.domain.span import Span


def document(name="a", place=None, day=None):
    return DocumentSummary(name, f"{name}.txt", None, None, None, place, Kind.PLAN, day, None, Disclosure.PUBLIC)


def duty(task, lead=()):
    return Duty(task, Span(0, 1), Span(0, 1), (), DutyForm.BRACKET, lead, (), lead, ())


def commitment(text, status=CommitmentStatus.PLANNED, deadline=None, actor=None):
    return Commitment(Span(0, 1), text, actor, text, status, deadline, None, (), ())


DUTIES = [
    (duty("养老服务", ("市民政局",)), document("a", "云浦市", date(2024, 1, 2))),
    (duty("电梯加装", ()), document("b", None, None)),
    (duty("校园安全", ("市教育局",)), document("c", "汐川县", date(2023, 5, 6))),
]
COMMITMENTS = [
    (commitment("建成", CommitmentStatus.DONE, None, "乙局"), document()),
    (commitment("改造", CommitmentStatus.TARGET, date(2026, 12, 31), None), document()),
    (commitment("新增", CommitmentStatus.PLANNED, date(2025, 6, 30), "甲局"), document()),
]


@pytest.mark.parametrize(
    ("order", "tasks"),
    [
        ("document", ["养老服务", "电梯加装", "校园安全"]),
        ("task", ["电梯加装", "校园安全", "养老服务"]),  # pinyin: dian, xiao, yang
        ("-task", ["养老服务", "校园安全", "电梯加装"]),
        ("lead", ["校园安全", "养老服务", "电梯加装"]),  # jiaoyu, minzheng; the one without is last
        ("-lead", ["养老服务", "校园安全", "电梯加装"]),  # and stays last
        ("place", ["校园安全", "养老服务", "电梯加装"]),
        ("-date", ["养老服务", "校园安全", "电梯加装"]),
    ],
)
def test_duties(order, tasks):
    assert [fact.task for fact, _ in ordered(DUTIES, order, DUTY_ORDERS)] == tasks


@pytest.mark.parametrize(
    ("order", "texts"),
    [
        ("deadline", ["新增", "改造", "建成"]),
        ("-deadline", ["改造", "新增", "建成"]),
        ("status", ["新增", "改造", "建成"]),
        ("actor", ["新增", "建成", "改造"]),
        ("text", ["改造", "建成", "新增"]),
    ],
)
def test_commitments(order, texts):
    assert [fact.text for fact, _ in ordered(COMMITMENTS, order, COMMITMENT_ORDERS)] == texts


@given(st.lists(st.sampled_from(DUTIES)), st.sampled_from([*DUTY_ORDERS, "document"]), st.booleans())
def test_nothing_is_lost_and_an_order_is_kept(facts, order, backwards):
    once = ordered(facts, f"-{order}" if backwards else order, DUTY_ORDERS)
    assert sorted(map(repr, once)) == sorted(map(repr, facts))
    assert ordered(once, f"-{order}" if backwards else order, DUTY_ORDERS) == once
