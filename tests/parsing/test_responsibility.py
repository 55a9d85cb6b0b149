from __future__ import annotations

import pytest

from rag.domain.span import Span
from rag.parsing.responsibility import read_bracket, read_statements


def bracket(text, **options):
    units = read_bracket(text, Span(0, len(text)), **options)
    return None if units is None else ([s.of(text) for s in units.lead], [s.of(text) for s in units.cooperating])


@pytest.mark.parametrize(
    ("text", "lead", "cooperating"),
    [
        ("市教育局牵头，市卫健委、团市委按职责分工负责", ["市教育局"], ["市卫健委", "团市委"]),
        (
            "市卫健委、市委政法委牵头，各镇（街道）人民政府按职责分工负责",
            ["市卫健委", "市委政法委"],
            ["各镇（街道）人民政府"],
        ),
        ("各镇（街道）人民政府，各相关部门按职责分工负责", [], ["各镇（街道）人民政府", "各相关部门"]),
        ("市级各相关部门、各镇人民政府按职责分工负责", [], ["市级各相关部门", "各镇人民政府"]),
        ("市卫健委牵头，市人社局等部门按职责分工负责", ["市卫健委"], ["市人社局等部门"]),
        ("由市财政局牵头，市审计局配合", ["市财政局"], ["市审计局"]),
        ("市财政局牵头、市审计局参与", ["市财政局"], ["市审计局"]),
        ("市财政局牵头负责，市审计局、市统计局协同配合", ["市财政局"], ["市审计局", "市统计局"]),
        ("市财政局牵头，会同市审计局落实", ["市财政局"], ["市审计局"]),
        ("市教育局会同市财政局负责", ["市教育局"], ["市财政局"]),
        ("市教育局、市财政局负责", ["市教育局", "市财政局"], []),
        ("市教育局牵头，市财政局负责", ["市教育局"], ["市财政局"]),
        ("市教育局主办，市财政局协办", ["市教育局"], ["市财政局"]),
        ("发展改革委、财政部等按职责分工负责", [], ["发展改革委", "财政部"]),
        ("发展改革委、财政部等牵头", ["发展改革委", "财政部"], []),
        ("市教育局按职责负责", [], ["市教育局"]),
        ("牵头单位：市教育局；配合单位：市财政局、市公安局", ["市教育局"], ["市财政局", "市公安局"]),
        ("牵头单位:市教育局 责任单位:各镇人民政府", ["市教育局"], ["各镇人民政府"]),
        ("责任单位：市教育局、市财政局", ["市教育局", "市财政局"], []),
        ("责任单位：市教育局；配合单位：市财政局；完成时限：2025年12月", ["市教育局"], ["市财政局"]),
        ("主办单位：市教育局，协办单位：市财政局", ["市教育局"], ["市财政局"]),
        ("責任單位：市教育局", None, None),  # the caller hands over simplified script
    ],
)
def test_brackets(text, lead, cooperating):
    assert bracket(text) == (None if lead is None else (lead, cooperating))


@pytest.mark.parametrize(
    "text",
    [
        "以下简称《办法》",
        "主要负责同志牵头抓总",
        "各单位要加强领导，压实责任，确保工作落实",
        "详见附件，由责任单位另行通知后落实",
        "试行",
        "",
        "市教育局",
        "市教育局牵头，做好其他有关工作",
        "牵头单位：另行通知",
        "说明：牵头单位：市教育局",
        "完成时限：2025年",
        "牵头",
    ],
)
def test_what_is_no_list_of_units(text):
    assert bracket(text) is None


def test_a_bare_list_counts_only_in_a_cell_of_its_own():
    assert bracket("市教育局、市财政局", default_lead=True) == (["市教育局", "市财政局"], [])
    assert bracket("待定", default_lead=True) is None


def statements(text, *, orders=True):
    return [
        (
            [s.of(text) for s in found.units.lead],
            [s.of(text) for s in found.units.cooperating],
            found.task.of(text).strip("，；。"),
        )
        for found in read_statements(text, Span(0, len(text)), orders=orders)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("卫生健康部门负责制订政策，提供技术支持。", [(["卫生健康部门"], [], "制订政策，提供技术支持")]),
        ("卫生健康、政法部门共同牵头社会心理服务工作。", [(["卫生健康", "政法部门"], [], "社会心理服务工作")]),
        ("公安、司法行政等部门负责完善危机干预机制。", [(["公安", "司法行政等部门"], [], "完善危机干预机制")]),
        (
            "检察院、妇联、老龄办等组织负责特定对象的服务。",
            [(["检察院", "妇联", "老龄办等组织"], [], "特定对象的服务")],
        ),
        ("民政部门负责牵头推进社区康复工作。", [(["民政部门"], [], "社区康复工作")]),
        ("由市教育局牵头，市财政局配合，建立协调机制。", [(["市教育局"], ["市财政局"], "建立协调机制")]),
        ("市教育局牵头，县农业局以及各镇人民政府共同推进。", [(["市教育局"], ["县农业局", "各镇人民政府"], "")]),
        (
            "县教育局负责课程，县财政局负责经费，各镇人民政府负责宣传。",
            [(["县教育局"], [], "课程"), (["县财政局"], [], "经费"), (["各镇人民政府"], [], "宣传")],
        ),
        ("市教育局会同市财政局制定办法。", [(["市教育局"], ["市财政局"], "制定办法")]),
        ("财政部门做好经费保障工作。", [(["财政部门"], [], "做好经费保障工作")]),
        ("政法部门将社会心理服务工作纳入考评内容。", [(["政法部门"], [], "将社会心理服务工作纳入考评内容")]),
        ("各相关部门要制定实施方案。", [(["各相关部门"], [], "要制定实施方案")]),
        ("国务院卫生行政主管部门负责全国的监督管理。", [(["国务院卫生行政主管部门"], [], "全国的监督管理")]),
    ],
)
def test_statements(text, expected):
    assert statements(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "主要负责同志要亲自抓。",
        "各镇主要负责人任组长。",
        "市教育局负责人出席会议。",
        "落实负责制。",
        "市卫健委作为牵头单位之一，联合转发了文件。",
        "县级以上地方负责管理地震工作的部门应当加强监测。",
        "我局负责指导。",
        "企业负责实施项目。",
        "电梯使用单位应当签订合同。",
        "财政部门组织了检查。",
        "牵头推进有关工作。",
        "",
    ],
)
def test_what_is_no_statement(text):
    assert statements(text) == []


def test_orders_count_in_plans_and_laws_only():
    for text in ("财政部门做好经费保障工作。", "各相关部门要制定实施方案。", "市教育局会同市财政局制定办法。"):
        assert statements(text, orders=False) == []
