from __future__ import annotations

import pytest

from rag.chunking import cut
from rag.domain.document import BlockRole

from .builders import document, sheet

BODY = "第一章　总则\n第一条　为规范某事，制定本办法。\n第二章　职责分工\n第二条　部门负责某事。\n第三章　附则\n第三条　本办法自公布之日起施行。"
TITLE = "汉州市某事管理办法\n"


def contents(text: str) -> list[str]:
    doc = document(text)
    return [block.span.of(doc.text) for block in doc.blocks if block.role is BlockRole.CONTENTS]


@pytest.mark.parametrize(
    "lines",
    [
        ["目录", "第一章　总则", "第二章　职责分工", "第三章　附则"],
        ["目　录", "第一章 总 则", "第二章 职责分工", "第三章 附　则"],  # blanks differ from those of the body
        ["目　　次", "第一章　总则", "第二章　职责分工", "第三章　附则"],
        ["目录", "第一章　总则............1", "第二章　职责分工..........12", "第三章　附则……………………23"],
        ["目录", "第一章　总则 ··· 1", "第二章　职责分工 ··· 2", "第三章　附则 ··· （3）"],
        ["目录", "第一章　总则\t1", "第二章　职责分工\t2", "第三章　附则\t3"],
        ["目录", "前　言", "第一章　总则", "第二章　职责分工", "第三章　附则"],  # an entry without a heading below
        ["目录", "第一章　总则 第二章　职责分工 第三章　附则"],  # a converter set all on one line
        ["目录", "第一章　总则", "第二章　职责", "分工", "第三章　附则"],  # an entry on two lines
    ],
)
def test_contents(lines):
    assert contents(TITLE + "\n".join(lines) + "\n" + BODY) == lines


def test_contents_are_no_clauses_and_no_passages():
    doc = document(TITLE + "目录\n第一章　总则\n第二章　职责分工\n第三章　附则\n" + BODY)
    assert [clause.path[-1] for clause in doc.clauses if clause.level == 1] == [
        "第一章　总则".replace("　", ""),
        "第二章职责分工",
        "第三章附则",
    ]
    assert all("目录" not in passage.text for passage in cut(doc))
    assert doc.elements.title == TITLE.strip()


def test_contents_above_the_title_and_sections_of_one_name():
    text = (
        "目录\n第一章　总则\n第一节　一般规定\n第二章　分则\n第一节　一般规定\n汉州市某事管理办法\n"
        "第一章　总则\n第一节　一般规定\n第一条　甲。\n第二章　分则\n第一节　一般规定\n第二条　乙。"
    )
    assert len(contents(text)) == 5
    assert [c.path[-1] for c in document(text).clauses if "条" in c.path[-1]] == ["第一条", "第二条"]


def test_contents_without_a_heading():
    lines = ["第一章 总则........1", "第二章 职责分工......2", "第三章 附则........3"]
    assert contents(TITLE + "\n".join(lines) + "\n" + BODY) == lines


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        TITLE + "目录\n" + BODY,  # nothing comes again
        "关于公布政务服务事项目录的通知\n各单位：\n现予公布。\n一、目录\n甲事项\n乙事项",
        TITLE + "经费合计......300\n" + BODY,
    ],
)
def test_what_is_no_contents(text):
    assert contents(text) == []


def test_many_entries_take_one_pass():
    entries = [f"第{n}号事项的名称" for n in range(3000)]
    text = "\n".join(["某事汇编", "目录", *entries, *(f"{entry}\n这一事项的说明文字。" for entry in entries)])
    assert len(contents(text)) == 3001


def test_lines_of_the_head_are_counted_without_the_contents():
    entries = "\n".join(f"第{n}节　某事" for n in "一二三四五六七八九十" * 6)
    laid_out = sheet("目录\n第一章　总则\n" + entries + "\n" + BODY)
    assert laid_out.contents == frozenset()  # filled in while the head is read
    doc = document(
        "目录\n第一章　总则\n"
        + entries
        + "\n汉州市某事管理办法\n（2024年3月5日汉州市人民政府令第9号公布）\n第一章　总则\n"
        + entries
    )
    assert doc.elements.title == "汉州市某事管理办法"
