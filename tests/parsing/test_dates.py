from __future__ import annotations

from datetime import date

import pytest

from rag.parsing.dates import DATE, read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年5月17日", date(2025, 5, 17)),
        ("2025 年 5 月 17 日", date(2025, 5, 17)),
        ("二〇二五年五月十七日", date(2025, 5, 17)),
        ("二○○九年十二月三十一日", date(2009, 12, 31)),
        ("二零一九年元月二十日", date(2019, 1, 20)),
        ("一九九八年正月廿三日", date(1998, 1, 23)),
        # 〇 as it is typed: Cyrillic and Latin О, full width, figures
        ("二О一九年十月十日", date(2019, 10, 10)),
        ("二O一九年十月十日", date(2019, 10, 10)),
        ("二Ｏ一九年十月十日", date(2019, 10, 10)),
        ("二0一九年八月二日", date(2019, 8, 2)),
        # recognised or typed with blanks
        ("二 〇 一 九 年 八 月 二 十 日", date(2019, 8, 20)),
        ("二〇二四年十 二月三 十 一日", date(2024, 12, 31)),
        ("2019 年 8 月 2 0 日", date(2019, 8, 20)),
        ("2 0 1 9 年 1 2 月 2 日", date(2019, 12, 2)),
        ("２０２４年３月５日", date(2024, 3, 5)),
        ("2024-05-17", date(2024, 5, 17)),
        ("2024.5.17", date(2024, 5, 17)),
        ("2024/12/01", date(2024, 12, 1)),
        ("2025年2月30日", None),
        ("二〇二五年十三月一日", None),
    ],
)
def test_dates(text, expected):
    match = DATE.fullmatch(text)
    assert match is not None
    assert read_date(match) == expected


@pytest.mark.parametrize(
    "text", ["2025年5月", "5月17日", "2024-05/17", "二五年五月一日", "2024.5.171", "〇〇〇〇年五月一日"]
)
def test_what_is_no_date(text):
    assert DATE.fullmatch(text) is None
