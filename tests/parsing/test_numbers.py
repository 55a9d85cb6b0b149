"""Numbers and units: one reading for facts and for the check of answers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.quantities import comparable, quantities
from rag.parsing.figures import read_figures
from rag.parsing.numbers import UNITS, number, scaled


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("1,483", "1483"),
        ("1，483", "1483"),
        ("2.48", "2.48"),
        ("二十四万八千", "248000"),
        ("五十七点二", "57.2"),
        ("三亿二千万", "320000000"),
        ("一般", None),
    ],
)
def test_the_value_of_a_number(text, value):
    assert number(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(("scale", "value"), [("", 1), ("万", 10**4), ("千万", 10**7), ("万亿", 10**12)])
def test_scales_multiply(scale, value):
    assert scaled(Decimal(1), scale) == value


@pytest.mark.parametrize(
    "text", ["培训2.48万人次", "投入3,600万元", "床位1.12万张", "占57.2%", "共243名", "三十家", "建成186个", "用时5个工作日", "检查720户次"]
)  # fmt: skip
def test_facts_and_the_check_of_answers_read_the_same(text):
    (fact,) = read_figures(text)
    (checked,) = quantities(comparable(text))
    assert Decimal(str(fact.value)) == checked.value
    assert UNITS[fact.unit] == checked.unit


@given(st.integers(min_value=0, max_value=10**9))
def test_figures_are_worth_themselves(value):
    assert number(str(value)) == number(f"{value:,}") == value
