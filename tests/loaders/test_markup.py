from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.loaders import load

TEXT = "关于开展心理健康服务工作的通知\n各有关单位：\n现将有关事项通知如下。"


def texts(data, source="a.txt"):
    return [block.text for block in load(data, source).blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_in_use(encoding):
    assert texts(TEXT.encode(encoding)) == TEXT.split("\n")


def test_traditional_script_in_big5():
    text = "關於加強心理健康服務體系建設工作的通知\n各有關單位：\n為進一步加強工作，現通知如下。"
    assert texts(text.encode("big5")) == text.split("\n")


@pytest.mark.parametrize("text", ["通知", "关于放假的通知", "依申请公开"])
def test_short_gb18030_is_not_taken_for_another_encoding(text):
    assert texts(text.encode("gb18030")) == [text]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_line_ends(end):
    blocks = load(f"甲{end}{end}乙{end}丙".encode(), "a.txt").blocks
    assert [block.text for block in blocks] == ["甲", "乙", "丙"]
    assert [block.follows_blank for block in blocks] == [False, True, False]


def test_form_feed_is_a_page_break():
    raw = load("第一页\f第二页\n还是第二页\f".encode(), "a.txt")
    assert raw.pages == 2
    assert [(block.text, block.page) for block in raw.blocks] == [("第一页", 1), ("第二页", 2), ("还是第二页", 2)]


def test_no_form_feed_means_no_pages():
    raw = load(TEXT.encode(), "a.txt")
    assert raw.pages is None
    assert {block.page for block in raw.blocks} == {None}


@pytest.mark.parametrize(
    ("line", "text", "level"),
    [
        ("# 标题", "标题", 1),
        ("### 一、开展的工作", "一、开展的工作", 3),
        ("##一、开展的工作", "一、开展的工作", 2),  # the blank forgotten
        ("## 二、下一步 ##", "二、下一步", 2),
        ("#1 机组停机检修", "#1 机组停机检修", 0),
        ("####### 七级", "####### 七级", 0),
        ("C# 语言", "C# 语言", 0),
    ],
)
def test_heading_marks(line, text, level):
    for source in ("a.md", "a.txt"):
        block = load(line.encode(), source).blocks[0]
        assert (block.text, block.level) == (text, level)


def test_markdown_tables_become_rows_with_tabs():
    data = "| 任务 | 牵头单位 |\n|---|:---:|\n| 建网络 | 市卫健局 |\n|  | 市教育局 |\n".encode()
    blocks = load(data, "a.md").blocks
    assert [block.text for block in blocks] == ["任务\t牵头单位", "建网络\t市卫健局", "\t市教育局"]
    assert all(block.is_table_row for block in blocks)


def test_tabs_make_a_row_in_plain_text():
    blocks = load("提案编号\t454\t承办单位\n\t首行缩进的一段\n".encode(), "a.txt").blocks
    assert [(block.text, block.is_table_row) for block in blocks] == [
        ("提案编号\t454\t承办单位", True),
        ("首行缩进的一段", False),
    ]


def test_emphasis_is_taken_out_of_markdown_only():
    assert texts("**主动公开**的文件".encode(), "a.md") == ["主动公开的文件"]
    assert texts("**主动公开**的文件".encode(), "a.txt") == ["**主动公开**的文件"]


def test_indent_is_measured_in_characters():
    blocks = load("　　首行\n  半角\n顶格\n\t制表".encode(), "a.txt").blocks
    assert [block.indent for block in blocks] == [2.0, 1.0, 0, 2.0]


@given(st.text(max_size=300))
def test_any_unicode_text_loads_or_says_why(text):
    data = text.encode("utf-8", "surrogatepass")
    try:
        raw = load(data, "a.txt")
    except SourceError as error:
        reason = error.reason
    else:
        reason = ""
        assert raw.blocks
        assert all(block.text.strip() and "\n" not in block.text for block in raw.blocks)
    if text.isprintable() and text.strip():
        assert not reason


LONG = "　　为切实做好今年防汛工作，保障人民群众生命财产安全，现将有关事项通知如下。\n" * 60


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_broken_character_in_many_costs_itself(encoding):
    data = LONG.encode(encoding)
    at = len(LONG[: LONG.index("防汛", 900)].encode(encoding))
    found = texts(data[:at] + b"\xff" + data[at + 1 :])
    assert len(found) == 60
    assert sum(text != found[0] for text in found) <= 1
    assert texts(data[:-4])[:59] == found[59:] * 59  # cut off within a character


def test_a_few_chinese_words_in_english_are_not_broken_utf_8():
    text = "The notice was issued by the office. " * 100 + "通知 and 公告"
    assert texts(text.encode("gb18030")) == [text]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_characters_without_a_mark(encoding):
    assert texts(LONG.encode(encoding)) == [LONG.split("\n", maxsplit=1)[0].strip()] * 60
    assert texts("关于放假的通知\n".encode(encoding)) == ["关于放假的通知"]


def test_traditional_and_simplified_are_told_apart_by_their_common_characters():
    simplified = "各县区人民政府，市政府各部门：现将有关事项通知如下，请认真贯彻执行。"
    traditional = "各縣區人民政府，市政府各部門：現將有關事項通知如下，請認真貫徹執行。"
    assert texts(simplified.encode("gb18030")) == [simplified]
    assert texts(traditional.encode("gb18030")) == [traditional]
    assert texts(traditional.encode("big5")) == [traditional]


def test_mixed_line_ends():
    assert texts("甲。\r\n乙。\r丙。\n丁。\u2028戊。".encode()) == ["甲。", "乙。", "丙。", "丁。", "戊。"]


def test_closing_heading_marks():
    assert texts("## 二、下一步 ##\n# C#\n### ###".encode()) == ["二、下一步", "C#"]
