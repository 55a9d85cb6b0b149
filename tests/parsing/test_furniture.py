from __future__ import annotations

import pytest

from rag.loaders import load
from rag.parsing.furniture import without_furniture

from .builders import lines

BODY = "坚持预防为主，完善体系。"


@pytest.mark.parametrize(
    "line",
    [
        *("- 3 -", "— 12 —", "－3－", "―3―", "-3-", "·3·"),
        *("第3页", "第 3 页 共 9 页", "第3页，共9页", "共9页 第3页", "3 / 9", "Page 3 of 9"),
        *("（此页无正文）", "(此页无正文)", "此页无正文", "（本页无正文）", "（此頁無正文）"),
        *("文件", "文 件"),
        *("财", "章"),
    ],
)
def test_furniture_is_dropped(line):
    assert lines(f"一、总体要求\n{line}\n{BODY}") == ["一、总体要求", BODY]


@pytest.mark.parametrize(
    "line",
    [
        *("第3条", "第3页第2行的表述应予更正。", "3月底前完成", "2025年", "1.5", "（一）", "是", "无", "A"),
        *("政府文件", "关于文件管理的通知", "文件精神", "- 3 - 项", "454"),
    ],
)
def test_what_only_looks_like_furniture_stays(line):
    assert lines(f"一、总体要求\n{line}\n{BODY}")[1] == line


def test_debris_of_a_seal_goes_and_a_vertical_title_stays():
    assert lines("汉州市司法局\n财\n政\n汉州市财政局") == ["汉州市司法局", "汉州市财政局"]
    assert lines("汉州市人民政府\n公\n告\n为加强管理，现公告如下。")[1:3] == ["公", "告"]


def test_the_last_character_of_a_broken_line_stays():
    text = "重庆市示例区卫生健康委员会关于区政协十六届三次会议第348号提案的复"
    assert "函" in [block.text for block in without_furniture(load(f"{text}\n函".encode(), "a.txt").blocks)]


def test_a_figure_that_breaks_a_sentence_is_a_page_number():
    assert lines("市、县区均设立精神卫生防治办公室，加强对患者的\n7\n服务管理，形成四级网络。") == [
        "市、县区均设立精神卫生防治办公室，加强对患者的服务管理，形成四级网络。"
    ]


def test_a_figure_at_the_edge_of_its_page_is_its_number():
    assert lines("甲。\n1\f乙。\n2\f丙。\n4") == ["甲。", "乙。", "丙。", "4"]


def test_figures_that_rise_far_apart_are_page_numbers():
    page = "\n".join(f"第{i}项工作已经完成。" for i in "一二三四五六七八九")
    assert "2" not in lines(f"{page}\n1\n{page}\n2\n{page}\n3")


def test_a_column_of_figures_is_a_table():
    assert lines("序号\n1\n甲\n2\n乙\n3\n丙") == ["序号", "1", "甲", "2", "乙", "3", "丙"]


def test_running_heads_go_but_the_title_stays():
    head = "汉州市心理健康服务方案"
    pages = [f"{head}\n{body}。\n" for body in ("甲乙丙丁", "戊己庚辛", "壬癸子丑")]
    assert lines("\f".join(pages)) == [head, "甲乙丙丁。", "戊己庚辛。", "壬癸子丑。"]
    numbered = "\n".join(f"{page}- {number} -" for number, page in enumerate(pages, start=1))
    assert lines(numbered).count(head) == 1


def test_lines_repeated_in_the_middle_stay():
    text = "\n".join(f"{number}、甲事项说明。\n办理时限\n五个工作日。" for number in "一二三四")
    assert lines(text).count("办理时限") == 4
