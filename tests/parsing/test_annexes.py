from __future__ import annotations

import pytest

from rag.domain.span import Span

from .builders import document

NOTICE = "汉州市教育局关于做好某事的通知\n各学校：\n现将有关事项通知如下。\n一、提高认识\n落实责任。\n二、加强值守\n严格值班。\n"
SIGNED = "汉州市教育局\n2023年6月1日\n"


def paths(text: str) -> list[tuple[str, ...]]:
    return [clause.path for clause in document(text).clauses]


def test_annexes_count_afresh_and_stand_beside_the_body():
    text = (
        NOTICE
        + "附件：1.任务分工表\n2.应急预案\n"
        + SIGNED
        + "附件1\n任务分工表\n一、领导小组\n组长负责。\n二、工作小组\n分组负责。\n"
        "附件2\n应急预案\n（试行）\n一、总则\n（一）目的\n为了应急。\n抄送：市应急管理局，市水务局，\n市气象局。\n汉州市教育局办公室 2023年6月1日印发"
    )
    doc = document(text)
    assert [clause.path for clause in doc.clauses] == [
        ("一、提高认识",),
        ("二、加强值守",),
        ("附件1 任务分工表",),
        ("附件1 任务分工表", "一、领导小组"),
        ("附件1 任务分工表", "二、工作小组"),
        ("附件2 应急预案（试行）",),
        ("附件2 应急预案（试行）", "一、总则"),
        ("附件2 应急预案（试行）", "一、总则", "（一）目的"),
    ]
    spans = {clause.path[-1]: clause.span.of(doc.text) for clause in doc.clauses}
    assert spans["二、加强值守"] == "二、加强值守\n严格值班。"
    assert spans["附件2 应急预案（试行）"].endswith("为了应急。")
    assert doc.elements.attachments == ("任务分工表", "应急预案")
    assert doc.elements.cc == ("市应急管理局", "市水务局", "市气象局")


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("附件\n某实施方案", "附件 某实施方案"),
        ("附件1\n某实施方案", "附件1 某实施方案"),
        ("附件 1\n某实施方案", "附件 1 某实施方案"),
        ("附件1：\n某实施方案", "附件1： 某实施方案"),
        ("附件一\n某实施方案", "附件一 某实施方案"),
        ("附件1-2\n某实施方案", "附件1-2 某实施方案"),
        ("附录\n某实施方案", "附录 某实施方案"),
        ("附件1\n汉州市关于某事的\n实施方案", "附件1 汉州市关于某事的 实施方案"),
        ("附件1：某实施方案", "附件1：某实施方案"),
        ("附件1 某实施方案", "附件1 某实施方案"),
        ("附：某实施方案", "附：某实施方案"),
        ("附件1\n一、甲", "附件1"),
    ],
)
def test_headings_of_annexes(heading, path):
    text = NOTICE + SIGNED + heading + "\n为做好某事，制定本方案。\n一、目标\n建成体系。\n二、任务\n抓好落实。"
    squeezed = [part.replace(" ", "") for part in {clause.path[0]: 0 for clause in document(text).clauses}]
    assert squeezed == ["一、提高认识", "二、加强值守", path.replace(" ", "")]


@pytest.mark.parametrize(
    "listed",
    [
        "附件：某任务分工表\n",
        "附件：1.某任务分工表\n",
        "附件：1.某任务分工表\n2.某应急预案\n",
        "附件1：某任务分工表\n附件2：某应急预案\n",
        "附件：\n1.某任务分工表\n2.某应急预案\n",
    ],
)
def test_a_list_of_annexes_is_neither_an_annex_nor_part_of_the_last_clause(listed):
    doc = document(NOTICE + listed + SIGNED)
    assert [clause.path for clause in doc.clauses] == [("一、提高认识",), ("二、加强值守",)]
    assert doc.clauses[-1].span.of(doc.text) == "二、加强值守\n严格值班。"
    assert "某任务分工表" in doc.elements.attachments


def test_files_offered_below_a_page_are_listed_by_their_names():
    doc = document(NOTICE + SIGNED + "附件：\n1.任务分工表.docx\n2.应急预案.pdf")
    assert doc.elements.attachments == ("任务分工表", "应急预案")
    assert document(NOTICE + SIGNED + "附件：\n附件1.docx\n附件2.docx").elements.attachments == ()


def test_a_notice_and_the_rules_it_issues_are_both_in_the_tree():
    doc = document(
        "汉州市人民政府关于印发《汉州市某事管理办法》的通知\n各区人民政府：\n现将《汉州市某事管理办法》印发给你们，并提出以下要求。\n一、认真学习\n组织培训。\n二、抓好落实\n加强督查。\n"
        "汉州市某事管理办法\n第一章　总则\n第一条　为规范某事，制定本办法。\n第二条　有下列情形的，应当报告：\n（一）甲；\n（二）乙。\n第二章　附则\n第三条　本办法自印发之日起施行。"
    )
    assert [clause.path for clause in doc.clauses] == [
        ("一、认真学习",),
        ("二、抓好落实",),
        ("第一章总则",),
        ("第一章总则", "第一条"),
        ("第一章总则", "第二条"),
        ("第一章总则", "第二条", "（一）甲"),
        ("第一章总则", "第二条", "（二）乙"),
        ("第二章附则",),
        ("第二章附则", "第三条"),
    ]
    assert doc.clauses[1].span.of(doc.text).endswith("加强督查。")


def test_articles_of_an_annex_count_from_one():
    rules = "\n第一条　为规范某事，制定本办法。\n第二条　本办法适用于本市。\n"
    text = NOTICE + SIGNED + "附件1\n甲管理办法" + rules + "附件2\n乙管理办法" + rules
    assert [path for path in paths(text) if len(path) == 2] == [
        ("附件1 甲管理办法", "第一条"),
        ("附件1 甲管理办法", "第二条"),
        ("附件2 乙管理办法", "第一条"),
        ("附件2 乙管理办法", "第二条"),
    ]


def test_forms_are_tables_whose_people_are_masked():
    doc = document(
        "汉州市教育局关于征求意见的函\n各有关单位：\n现征求意见，请于5月6日前反馈。\n附件：意见反馈表\n汉州市教育局\n2024年4月5日\n附件\n意见反馈表\n"
        "单位名称\t\t联系人\t张三\n联系电话\t13900000000\t传真\t0800-7654321\n填报单位：汉州市某某局\n2024年5月6日\n序号\t条款\t修改意见\t理由\n1\t第三条\t删去\t重复"
    )
    assert doc.elements.issuer == "汉州市教育局"
    assert str(doc.elements.issued_on) == "2024-04-05"
    assert [block.span.of(doc.text).split("\t")[0] for block in doc.blocks if block.role == "table"] == [
        "单位名称",
        "联系电话",
        "序号",
        "1",
    ]
    assert "张三" not in doc.text
    assert "13900000000" not in doc.text
    assert "7654321" not in doc.text
    annex = doc.clauses[-1]
    assert annex.path == ("附件 意见反馈表",)
    assert Span(annex.span.end - 2, annex.span.end).of(doc.text) == "重复"
