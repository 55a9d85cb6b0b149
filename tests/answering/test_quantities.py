"""Figures and dates by value, in the forms of official documents."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.answering.quantities import Bound, comparable, days, quantities
from rag.parsing.numbers import number


def read(text: str) -> list[tuple[str, str, str]]:
    return [(format(q.value.normalize(), "f"), q.unit, q.bound.value) for q in quantities(comparable(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("百分之五", [("5", "%", "")]),
        ("５％", [("5", "%", "")]),
        ("百分之五十七点二", [("57.2", "%", "")]),
        ("千分之三", [("3", "‰", "")]),
        ("提高0.6个百分点", [("0.6", "百分点", "")]),
        ("2.48万人次", [("24800", "人次", "")]),
        ("二十四万八千人次", [("248000", "人次", "")]),
        ("3.2亿元", [("320000000", "元", "")]),
        ("三亿二千万元", [("320000000", "元", "")]),
        ("5,330个托位，1,200元", [("5330", "个", ""), ("1200", "元", "")]),
        ("83家机构", [("83", "个", "")]),
        ("16名接线员", [("16", "人", "")]),
        ("不超过5000元", [("5000", "元", "most")]),
        ("五百元以上一千元以下", [("500", "元", "least"), ("1000", "元", "most")]),
        ("至少建成1个", [("1", "个", "least")]),
        ("约300人", [("300", "人", "about")]),
        ("2900余户", [("2900", "户", "about")]),
        ("超过900家", [("900", "个", "least")]),
        ("最长12周", [("12", "周", "most")]),
        ("三孩家庭", [("3", "孩", "")]),
        ("第0203号提案", [("203", "第号", "")]),
        ("12356心理援助热线", [("12356", "", "")]),
        # No figures: 一 is part of a word.
        ("一次性补贴", []),
        ("统一部署，进一步加强一体化建设", []),
        ("一般情况", []),
    ],
)
def test_figures(text: str, found: list[tuple[str, str, str]]) -> None:
    assert read(text) == found


def test_the_sides_of_a_change_are_told_apart() -> None:
    assert [q.end for q in quantities("由每月1200元提高至每月1500元")] == ["from", "to"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("截至2024年6月", [(2024, 6, None, Bound.NONE)]),
        ("2025年11月底前", [(2025, 11, None, Bound.MOST)]),
        ("2022年1月1日以前", [(2022, 1, 1, Bound.MOST)]),
        ("自二〇二三年三月一日起", [(2023, 3, 1, Bound.LEAST)]),
        ("2023—2025年", [(2023, None, None, Bound.NONE), (2025, None, None, Bound.NONE)]),
        ("13月5日", []),  # no month
        ("自5月1日起", [(None, 5, 1, Bound.LEAST)]),
        ("2024-07-12", [(2024, 7, 12, Bound.NONE)]),
        ("投入2025万元", []),
    ],
)
def test_dates(text: str, found: list[tuple[int | None, int | None, int | None, Bound]]) -> None:
    assert [(d.year, d.month, d.day, d.bound) for d in days(comparable(text))] == found


@pytest.mark.parametrize(
    ("one", "other", "agrees", "within"),
    [
        ("2023年", "2023年11月20日", True, True),
        ("2023年11月20日", "2023年", True, False),
        ("2023年", "2024年", False, False),
        ("2022年1月1日以前", "2022年1月1日以后", False, False),
        ("3月1日", "2025年3月1日", True, True),
        ("2025年", "3月1日", False, False),
    ],
)
def test_when_two_dates_may_be_one(one: str, other: str, agrees: bool, within: bool) -> None:
    (first,), (second,) = days(comparable(one)), days(comparable(other))
    assert (first.agrees(second), first.within(second)) == (agrees, within)


@pytest.mark.parametrize(
    ("text", "value"),
    [("五十七点二", "57.2"), ("两千", "2000"), ("1,200", "1200"), ("一亿零三百万", "103000000"), ("百万元", None)],
)
def test_numbers(text: str, value: str | None) -> None:
    assert number(text) == (Decimal(value) if value else None)


def test_commas_between_clauses_are_no_part_of_a_figure() -> None:
    assert read("2023年底前建成4000个，120平方米") == [("2023", "年", ""), ("4000", "个", ""), ("120", "平方米", "")]


def test_levels_in_brackets_are_one_level() -> None:
    assert comparable("乡（镇）人民政府") == comparable("乡镇人民政府")
    assert comparable("县（市、区）残联") == "县残联"
