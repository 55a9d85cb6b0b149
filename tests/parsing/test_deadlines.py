from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.parsing.dates import DocumentDate
from rag.parsing.deadlines import read_deadlines

MADE = DocumentDate(2023, date(2023, 10, 7))


@pytest.mark.parametrize(
    ("text", "written", "day"),
    [
        ("到 2025 年，体系基本建成", "到 2025 年", "2025-12-31"),
        ("2025年底前建成50个", "2025年底前", "2025-12-31"),
        ("今年内完成", "今年内", "2023-12-31"),
        ("年内陆续完成", "年内", "2023-12-31"),
        ("年底前完成", "年底前", "2023-12-31"),
        ("明年上半年建成", "明年上半年", "2024-06-30"),
        ("今年第三季度启动", "今年第三季度", "2023-09-30"),
        ("2024年2月底前", "2024年2月底前", "2024-02-29"),
        ("11月底前报送", "11月底前", "2023-11-30"),
        ("12月15日前报送", "12月15日前", "2023-12-15"),
        ("2025 年至 2029 年投入", "2025 年至 2029 年", "2029-12-31"),
        ("2024—2026年", "2024—2026年", "2026-12-31"),
        ("“十四五”末", "“十四五”末", "2025-12-31"),
        ("“十五五”期间", "“十五五”期间", "2030-12-31"),
        ("争取在三年内打造", "在三年内", "2026-10-07"),
        ("用两年时间完成", "用两年时间", "2025-10-07"),
        ("3个月内完成", "3个月内", "2024-01-07"),
    ],
)
def test_deadlines(text, written, day):
    (deadline,) = read_deadlines(text, MADE)
    assert (deadline.span.of(text), deadline.day) == (written, date.fromisoformat(day))


@pytest.mark.parametrize(
    "text",
    [
        "截至2023年底", "从2024年起", "近年来", "近一年来", "三年级", "三年行动", "毕业两年内申领", "自受理之日起15日内",
        "每年9月底前申报", "年内容丰富", "2023年10月7日印发", "取消当年资格", "没有时间",
    ],
)  # fmt: skip
def test_what_is_no_deadline(text):
    assert read_deadlines(text, MADE) == []


def test_what_needs_the_documents_date_stays_open_without_one():
    for text in ("今年内完成", "三年内建成", "6月底前"):
        (deadline,) = read_deadlines(text, DocumentDate())
        assert deadline.day is None
    assert read_deadlines("三年内建成", DocumentDate(2023))[0].day is None
    assert read_deadlines("今年内完成", DocumentDate(2023))[0].day == date(2023, 12, 31)


@pytest.mark.parametrize("text", ["明年底前完成", "后年6月底前完成", "三年内建成", "30日内办结"])
def test_past_the_calendar_no_day_is_told(text):
    (deadline,) = read_deadlines(text, DocumentDate(9999, date(9999, 12, 30)))
    assert deadline.day is None


def test_a_day_that_is_not_in_the_calendar_is_no_date():
    (deadline,) = read_deadlines("2024年2月30日前", MADE)
    assert deadline.day is None


@pytest.mark.parametrize(
    ("made", "other", "is_past"),
    [
        (MADE, date(2023, 10, 6), True),
        (MADE, date(2023, 10, 7), False),
        (DocumentDate(2023), date(2023, 1, 1), False),
        (DocumentDate(2023), date(2022, 12, 31), True),
        (DocumentDate(), date(1999, 1, 1), False),
    ],
)
def test_past(made, other, is_past):
    assert made.is_past(other) is is_past


@given(st.text(alphabet="0123456789年月日前底末内至到—今明上下半第一二三四季度个十五用时间。，", max_size=30))
def test_deadlines_do_not_overlap(text):
    end = 0
    for deadline in read_deadlines(text, MADE):
        assert deadline.span.start >= end
        end = deadline.span.end
