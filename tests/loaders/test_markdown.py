from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.loaders import load


def blocks(text):
    return load(text.encode(), "a.md").blocks


def texts(text):
    return [block.text for block in blocks(text)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("**主动公开**的文件", "主动公开的文件"),
        ("***第一条*** 为了", "第一条 为了"),
        ("__重要__与*次要*", "重要与次要"),
        ("~~旧~~新", "旧新"),
        ("文件名 `a_b` 如下", "文件名 a_b 如下"),
        ("snake_case_name 不变", "snake_case_name 不变"),
        ("面积为2*3*4米", "面积为2*3*4米"),
        (r"汉卫\_函\[2025\]3号\*", "汉卫_函[2025]3号*"),
        (r"1\. 不是列表", "1. 不是列表"),
        ('见[通知全文](https://a.gov.cn/x_(1).html "标题")。', "见通知全文。"),
        ("国发[2023](12号)文件", "国发[2023](12号)文件"),  # no address in it
        ("![](images/1.png)如图", "如图"),
        ("![印章](seal.png)", None),
        ("<https://www.gov.cn/a>", "https://www.gov.cn/a"),
        ("占比$30\\%$，共$2\\,023$个", "占比30%，共2,023个"),
        ("价格$100到$200不等", "价格$100到$200不等"),
        ("A&amp;B &lt;试行&gt;", "A&B <试行>"),
        ("<u>汉州市</u><sup>1</sup>人民政府", "汉州市1人民政府"),
        ("参见条文[^1]的说明", "参见条文的说明"),
        ("[^1]: 指本市户籍人口。", "指本市户籍人口。"),
        ("[link]: https://a.gov.cn", None),
        ("> 各有关单位：", "各有关单位："),
        (">> > 引用的引用", "引用的引用"),
        ("- 健全网络", "健全网络"),
        ("* [x] 已完成事项", "已完成事项"),
        ("- 3 -", "- 3 -"),  # a page number, which furniture drops
        ("3. 第三项", "3. 第三项"),
        ("3) 第三项", "3) 第三项"),
        ("---", None),
        ("* * *", None),
        ("<!-- page 3 -->", None),
        ("<!-- 未完", "<!-- 未完"),
        ('<div align="center">标题</div>', "标题"),
    ],
)
def test_marks_become_words(line, words):
    assert texts(f"上文。\n\n{line}\n\n下文。") == ["上文。", *([words] if words else []), "下文。"]


def test_headings_underlined():
    found = blocks("关于某事的通知\n===\n\n一、任务\n---\n\n一段较长的正文说到这里就结束了。\n---\n下一段。")
    assert [(block.text, block.level) for block in found] == [
        ("关于某事的通知", 1),
        ("一、任务", 2),
        ("一段较长的正文说到这里就结束了。", 0),
        ("下一段。", 0),
    ]


def test_front_matter_gives_the_title_only():
    assert texts('---\ntitle: "关于某事的通知"\ndate: 2025-01-01\n---\n各有关单位：\n') == [
        "关于某事的通知",
        "各有关单位：",
    ]
    assert blocks("---\ntitle: 通知\n---\n正文。")[0].level == 1
    assert texts("---\ntitle: 关于某事的通知\n---\n# 关于某事的通知\n正文。") == ["关于某事的通知", "正文。"]
    # A text between two rules is no front matter.
    assert texts("---\n各有关单位：\n\n正文。\n---\n落款") == ["各有关单位：", "正文。", "落款"]


def test_code_is_taken_as_it_is():
    assert texts("```text\n# 不是标题\n| a | b |\n```\n正文*强调*") == ["# 不是标题", "| a | b |", "正文强调"]


def test_pipe_tables():
    found = blocks("| 任务 | 牵头单位 |\n|---|:-:|\n| **建** `网络` | 甲\\|乙 |\n|  | 市教育局 |\n")
    assert [block.text for block in found] == ["任务\t牵头单位", "建 网络\t甲|乙", "\t市教育局"]
    assert all(block.is_table_row for block in found)


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>任务</td><td>牵头单位</td></tr><tr><td>建网络</td><td>市卫健局</td></tr></table>",
        "<table>\n<thead>\n<tr><th>任务</th><th>牵头单位</th></tr>\n</thead>\n<tr><td>建<br>网络</td><td><p>市卫健局</p></td></tr>\n</table>",
        '<html><body><table border="1"><tr><td>任务</td><td>牵头单位</td></tr><tr><td>建网络</td><td>市卫健局</td></tr></table></body></html>',
        "<TABLE><TR><TD>任务<TD>牵头单位<TR><TD>建网络<TD>市卫健局",
    ],
)
def test_html_tables_become_rows(table):
    found = blocks(f"上文。\n\n{table}")
    assert [block.text.replace(" ", "") for block in found] == ["上文。", "任务\t牵头单位", "建网络\t市卫健局"]
    assert [block.is_table_row for block in found] == [False, True, True]


def test_text_around_a_table_on_its_line_is_kept():
    table = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    assert texts(f"前文{table}后文\n下文") == ["前文", "甲\t乙", "后文", "下文"]
    assert texts(f"{table}{table}") == ["甲\t乙", "甲\t乙"]


def test_merged_cells_are_said_once():
    table = '<table><tr><td colspan="2">总</td><td rowspan="2">备注</td></tr><tr><td>甲</td><td>乙</td></tr></table>'
    assert texts(table) == ["总\t\t备注", "甲\t乙\t"]


def test_a_table_nested_too_deep_keeps_its_words():
    text = "<table><tr><td>" * 3000 + "内层" + "</td></tr></table>" * 3000
    assert "内层" in "".join(texts(text))


MARKS = st.sampled_from(
    [
        *"* ** _ ` ```\n [ ]( ) ![ < > <table> <tr> <td> </table> | ---\n \\ $ &lt; <!-- --> # = ~~ 通知 甲 [^1]".split(
            " "
        ),
        *("\n", "\t", "\f", " ", "1. ", "- ", "# ", "title: 甲\n"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKS, max_size=60).map("".join))
def test_any_marks_load_or_say_why(text):
    try:
        found = blocks(text)
    except SourceError:
        return
    assert all(block.text.strip() and "\n" not in block.text for block in found)
    assert all("\t" not in block.text or block.is_table_row for block in found)


@pytest.mark.parametrize(
    "piece",
    [
        "**a ",
        "`a ``",
        "[",
        "[a](",
        "![",
        "<b ",
        "<!--",
        "_a ",
        "> ",
        "|",
        "\\",
        "- ",
        "~~a ",
        "$1 ",
        "=",
        "`",
        "<table>",
    ],
)
def test_long_lines_of_marks_are_read(piece):
    try:
        found = blocks(piece * (200_000 // len(piece)) + "\n末行")
    except SourceError:
        return
    assert "末行" in found[-1].text


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>fetch('http://127.0.0.1:9')</script>",
        "<style>p { display: none }</style>",
        "<iframe src='http://127.0.0.1:9'></iframe>",
        "<p style='display:none'>看不见的话。</p>",
        "<span hidden>看不见的话。</span>",
    ],
)
def test_what_a_page_would_run_or_hide_is_no_text(unseen):
    assert texts(f"# 通知\n\n甲。\n\n{unseen}\n\n乙。") == ["通知", "甲。", "乙。"]


def test_many_beginnings_of_scripts_take_no_time():
    assert blocks("<script>甲" * 20_000)
