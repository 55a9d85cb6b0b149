"""文号 as typed, as a table: what is put into standard form, and what is no 文号."""

from __future__ import annotations

import pytest

from rag.retrieval.references import in_standard_form
from tests.retrieval.asking import read


@pytest.mark.parametrize(
    "typed",
    [
        "岫建发〔2024〕27号", "岫建发[2024]27号", "岫建发（2024）27号", "岫建发【2024】27号", "岫建发〈2024〉27号",
        "岫建发<2024>27号", "岫建发《2024》27号", "岫建发｛2024｝27号", "岫建发「2024」27号", "岫建发〔2024)27号",
        "岫建发〔2024年〕27号", "岫建发 〔 2024 〕 第 27 号", "岫建发〔2024〕027号", "岫建發［２０２４］２７號",
        "岫建发〔二〇二四〕27号", "岫建发〔二○二四〕二十七号", "岫建发〔2O24〕27号", "岫建发〔2024〕27",
        "岫建发2024 27号", "岫建发2024-27号", "岫建发2024年27号", "岫建发2024年第27号", "岫建发二〇二四年第27号",
    ],
)  # fmt: skip
def test_one_number_in_many_forms(typed: str) -> None:
    assert read(typed).document_numbers == ("岫建发〔2024〕27号",)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("岫建发〔2024〕l1号", ("岫建发〔2024〕11号",)),
        ("国办发〔2019〕l号", ("国办发〔2019〕1号",)),
        ("岫建发〔2024〕27号和岫教函2023-5号", ("岫建发〔2024〕27号", "和岫教函〔2023〕5号")),
        # No 文号: a quantity, a year alone, an order of things, a date.
        ("2024年第27号提案", ()),
        ("印发2024年第3号通报", ()),
        ("开发2024 12号地块", ()),
        ("补助标准（2024）500元", ()),
        ("规划（2024）", ()),
        ("会议通知2024年3月27号", ()),
        ("《学生公约》2024", ()),
    ],
)
def test_what_is_a_number_and_what_is_not(typed: str, numbers: tuple[str, ...]) -> None:
    assert read(typed).document_numbers == numbers


@pytest.mark.parametrize("text", ["", "加装电梯补助多少", "到2025年底", "岫建发〔2024〕27号"])
def test_other_text_stays(text: str) -> None:
    assert in_standard_form(text) == text
