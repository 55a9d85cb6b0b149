"""Years in questions as a table."""

from __future__ import annotations

import pytest

from tests.retrieval.asking import read


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年补助多少", (2024,)),
        ("到2025年底的目标", (2025,)),
        ("2023—2025年的目标", (2023, 2025)),
        ("2023年至2025年每年多少", (2023, 2025)),
        ("2023-2025年计划", (2023, 2025)),
        ("2020年和2024年的标准分别是多少", (2020, 2024)),
        ("２０２４年", (2024,)),
        ("二〇二四年安排多少资金", (2024,)),
        ("二○一九年收到多少件申请", (2019,)),
        ("community services in 2024", (2024,)),
        ("How many routes at the end of September 2023?", (2023,)),
        # No years: a 文号's, a quantity, a telephone number.
        ("岫建发〔2024〕27号的公开属性", ()),
        ("补助12024元", ()),
        ("12356热线", ()),
        ("近三年的变化", ()),
    ],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    assert read(text).years == years
