from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.span import Span
from rag.parsing.dates import DocumentDate
from rag.parsing.periods import read_periods

MADE = DocumentDate(2025, date(2025, 7, 28))


def said(text, made=MADE):
    return [
        (text[d.span.start : d.span.end], d.period and d.period.in_chinese())
        for d in read_periods(text, Span(0, len(text)), made)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018 年 8 月，联合下发", [("2018 年 8 月", "2018年8月")]),
        ("热线于今年4月上旬启用", [("今年4月上旬", "2025年4月1日至10日")]),
        ("去年第三季度召开", [("去年第三季度", "2024年7月至9月")]),
        ("2023年上半年已调整", [("2023年上半年", "2023年1月至6月")]),
        ("2018年、2019年已实施两期", [("2018年、2019年", "2018年至2019年")]),
        ("2020年至2022年累计拨付", [("2020年至2022年", "2020年至2022年")]),
        ("2018—2020年安排", [("2018—2020年", "2018年至2020年")]),
        ("从2019年起列入预算", [("从2019年起", "2019年起")]),
        ("今年以来共服务", [("今年以来", "2025年起")]),
        ("二〇二一年六月十八日印发", [("二〇二一年六月十八日", "2021年6月18日")]),
        ("2月10日至14日自查", [("2月10日至14日", "2025年2月10日至14日")]),
        ("2019年底竣工", [("2019年底", "2019年12月")]),
        # a month takes the year named before it, else the last one before the document
        ("2024年4月28日办讲座；5月25日办大赛", [("2024年4月28日", "2024年4月28日"), ("5月25日", "2024年5月25日")]),
        ("10月7日召开会议", [("10月7日", "2024年10月7日")]),
        ("2019年试点，同年9月推广", [("2019年", "2019年"), ("同年9月", "2019年9月")]),
        # not times
        ("每年10月举办宣传月", []),
        ("年底总结", []),
        ("2月30日", [("2月30日", None)]),
    ],
)
def test_times_are_told_as_days(text, expected):
    assert said(text) == expected


def test_without_the_date_of_the_document_they_are_not_guessed():
    assert said("今年6月发文，8月召开会议", DocumentDate()) == [("今年6月", None), ("8月", None)]
    assert said("前年至2022年开展", DocumentDate(1, date(1, 1, 1))) == [("前年至2022年", None)]


@given(st.text(alphabet="20159年月日至到、—今去上半底初旬起以来 ", max_size=40))
def test_no_time_ends_before_it_begins(text):
    for found in read_periods(text, Span(0, len(text)), MADE):
        assert found.period is None or found.period.last is None or found.period.first <= found.period.last
        assert text[found.span.start : found.span.end].strip()
