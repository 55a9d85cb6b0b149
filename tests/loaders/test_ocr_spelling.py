"""What was read, and what is printed. ``edges`` go with the characters."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.loaders.ocr.spelling import mend


def text_of(line: str) -> str:
    return mend(line, range(len(line) + 1))[0]


MENDED = [
    # Marks of full width, read as narrow ones.
    ("各镇人民政府,街道办事处:", "各镇人民政府，街道办事处："),
    ("加强领导;落实责任!", "加强领导；落实责任！"),
    ("是否完成?", "是否完成？"),
    ("联系电话:0512-00000000", "联系电话：0512-00000000"),
    ("完成率98.6%以上,优良率90%", "完成率98.6%以上，优良率90%"),
    ("特此通知.", "特此通知。"),
    ("（特此批复）.", "（特此批复）。"),
    ("水务局丶住建局､财政局｡", "水务局、住建局、财政局。"),
    # Brackets: a pair is of one width, and wide about Chinese words.
    ("(一)总体要求", "（一）总体要求"),
    ("各镇(街道)负责", "各镇（街道）负责"),
    ("各镇（街道)负责", "各镇（街道）负责"),
    ("依照本办法(试行", "依照本办法（试行"),
    ("试行)第三条", "试行）第三条"),
    ("（见附件(2)）", "（见附件（2））"),
    # Years of document numbers (GB/T 9704 7.2.5).
    ("国发[2019]35号", "国发〔2019〕35号"),
    ("国发［2019］35号", "国发〔2019〕35号"),
    ("国发(2019)35号", "国发〔2019〕35号"),
    ("国发〔2019]第35号", "国发〔2019〕第35号"),
    ("国发﹝2019﹞35号", "国发〔2019〕35号"),
    ("依据青政办发[2023]", "依据青政办发〔2023〕"),
    # One and a dash.
    ("—、总体要求", "一、总体要求"),
    ("-、总体要求", "一、总体要求"),
    ("(—)总体要求", "（一）总体要求"),
    ("第—条为了规范管理", "第一条为了规范管理"),
    ("规划(2014一2020年)", "规划（2014—2020年）"),
    ("一4-", "—4—"),
    ("- 12 -", "— 12 —"),
    # Letters among figures.
    ("2O19年1月l日", "2019年1月1日"),
    ("1O月2O日", "10月20日"),
    ("1l万元", "11万元"),
    ("二O一九年", "二〇一九年"),
    ("二00九年", "二〇〇九年"),
    ("二○二三年", "二〇二三年"),
    # Spacing is no part of the words.
    ("2019 年 8 月 20 日", "2019年8月20日"),
    (" 通 知 ", "通知"),
    # Straight quotation marks open and close by turns.
    ('完善"河长制"和"林长制"', "完善“河长制”和“林长制”"),
]


@pytest.mark.parametrize(("read", "printed"), MENDED)
def test_what_cannot_be_right_is_put_right(read: str, printed: str) -> None:
    assert text_of(read) == printed


KEPT = [
    "1,200.5万元",
    "10:30开始",
    "www.example.gov.cn",
    "GB/T 9704-2012 (V2.0)",
    "1.加强领导",
    "一.总则",
    "2023—2025年",
    "第一条",
    "一一对应",
    "星期一",
    "O型血",
    "图像（2019）见附件",
    "PM2.5浓度",
    "A4 paper, 80 g",
    "5'10\"",
    "——",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_can_be_right_is_kept(text: str) -> None:
    assert text_of(text) == text


def test_edges_go_with_their_characters() -> None:
    text, edges = mend("8 月,1l日", [0, 5, 7, 17, 22, 27, 32, 42])
    assert text == "8月，11日"
    assert edges == (0, 7, 17, 22, 27, 32, 42)


def test_blanks_at_the_ends_narrow_the_line() -> None:
    assert mend(" 通知 ", [0, 5, 15, 25, 30]) == ("通知", (5, 15, 25))


def test_a_dash_of_two_places_is_two_signs() -> None:
    text, edges = mend("制度—压实", [0, 10, 20, 38, 48, 58])
    assert text == "制度——压实"
    assert edges == (0, 10, 20, 29, 38, 48, 58)


def test_a_dash_of_one_place_is_one_sign() -> None:
    assert mend("甲—乙", [0, 10, 20, 30])[0] == "甲—乙"


def test_a_range_of_years_has_one_dash_however_wide() -> None:
    assert mend("至2023—2025年", [0, 10, 15, 20, 25, 30, 50, 55, 60, 65, 70, 80])[0] == "至2023—2025年"


LINES = st.text(alphabet="一二国发第条年月日号（）()[]〔〕—-,.:;\"'、。，0129OolI| ab％%", max_size=24)


@given(LINES, st.lists(st.integers(0, 30), min_size=24, max_size=24))
def test_every_character_has_its_edges(line: str, widths: list[int]) -> None:
    edges = [0]
    for width in widths[: len(line)]:
        edges.append(edges[-1] + width)
    text, places = mend(line, edges)
    assert len(places) == len(text) + 1
    assert all(before <= after for before, after in pairwise(places))
    assert places[0] >= 0
    assert places[-1] <= edges[-1]


@given(LINES)
def test_no_word_is_lost(line: str) -> None:
    kept = [sign for sign in text_of(line) if "\u4e00" <= sign <= "\u9fff" and sign != "一"]
    assert kept == [sign for sign in line if "\u4e00" <= sign <= "\u9fff" and sign != "一"]
