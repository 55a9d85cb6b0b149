from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.commitment import Bound
from rag.domain.span import Span
from rag.parsing.figures import read_figures


@pytest.mark.parametrize(
    ("text", "written", "value", "upper", "unit", "bound"),
    [
        ("累计服务 2.48 万人次。", "2.48万人次", 24_800, None, "人次", Bound.EXACT),
        ("拨付1,234.5万元。", "1,234.5万元", 12_345_000, None, "元", Bound.EXACT),
        ("安排200万专项经费。", "200万", 2_000_000, None, "", Bound.EXACT),
        ("总投资近1.2亿元。", "近1.2亿元", 120_000_000, None, "元", Bound.ABOUT),
        ("师生比不低于1:4000。", "不低于1:4000", 4000, None, "", Bound.RATIO),
        ("按1：3的比例配套。", "1：3", 3, None, "", Bound.RATIO),
        ("新增15至20名教师。", "15至20名", 15, 20, "名", Bound.RANGE),
        ("用3—5 年打造品牌。", "3—5年", 3, 5, "年", Bound.RANGE),
        ("补贴50-100万元。", "50-100万元", 500_000, 1_000_000, "元", Bound.RANGE),
        ("占比20%—30%。", "20%—30%", 20, 30, "%", Bound.RANGE),
        ("惠及1万至2万户。", "1万至2万户", 10_000, 20_000, "户", Bound.RANGE),
        ("举办讲座30余场。", "30余场", 30, None, "场", Bound.ABOUT),
        ("服务2万多人次。", "2万多人次", 20_000, None, "人次", Bound.ABOUT),
        ("服务10万余人。", "10万余人", 100_000, None, "人", Bound.ABOUT),
        ("覆盖率达到95%以上。", "95%以上", 95, None, "%", Bound.LEAST),
        ("床位约300张左右。", "约300张左右", 300, None, "张", Bound.ABOUT),
        ("办理不超过3个工作日。", "不超过3个工作日", 3, None, "个工作日", Bound.MOST),
        ("20分钟以内到场。", "20分钟以内", 20, None, "分钟", Bound.MOST),
        ("至少要配备1名专职教师。", "1名", 1, None, "名", Bound.LEAST),
        ("增长百分之五点三。", "百分之五点三", 5.3, None, "%", Bound.EXACT),
        ("三分之一以上的村。", "三分之一以上", 33.333333, None, "%", Bound.LEAST),
        ("已举办两期。", "两期", 2, None, "期", Bound.EXACT),
        ("培训三万余人。", "三万余人", 30_000, None, "人", Bound.ABOUT),
        ("招募二十至三十人。", "二十至三十人", 20, 30, "人", Bound.RANGE),
        ("提供7×24小时服务。", "7×24小时", 24, None, "小时", Bound.EXACT),
        ("三十日内答复。", "三十日", 30, None, "日", Bound.EXACT),
    ],
)
def test_figures(text, written, value, upper, unit, bound):
    (figure,) = read_figures(text)
    assert (figure.text, figure.value, figure.upper, figure.unit, figure.bound) == (written, value, upper, unit, bound)
    assert figure.span.of(text).replace(" ", "") == written


@pytest.mark.parametrize(
    "text",
    [
        "2018年、2019年的工作", "2023年10月7日印发", "3月5日至20日", "今年4月上旬",  # dates
        "青卫函〔2025〕143号", "第454号提案", "六届四次会议", "第3批名单", "一年级三班",  # which one, not how many
        "“12356”热线，与110、120联动", "会议10:30开始", "上午9:30", "“一老一小”", "“1个中心+2个基地”工程",
        "《关于20部门的意见》", "一体化建设", "进一步完善", "建立一个机制", "十四五规划", "每10万人口医师数",
    ],
)  # fmt: skip
def test_what_is_no_figure(text):
    assert read_figures(text) == []


@pytest.mark.parametrize(
    ("text", "counted", "scope", "when"),
    [
        ("截至2024年底，全市建成日间照料中心186个。", "日间照料中心", "全市", "截至2024年底"),
        ("目前全县30家医疗机构开展诊疗。", "医疗机构", "全县", "目前"),
        ("2023年测评学生18.6万人。", "测评学生", "", "2023年"),
        ("全区现有执业护士 712 人。", "执业护士", "全区", ""),
        ("15个工作日内办结", "", "", ""),
    ],
)
def test_what_is_counted_where_and_when(text, counted, scope, when):
    (figure,) = read_figures(text)
    assert (figure.counted, figure.scope, figure.date) == (counted, scope, when)


def test_part_of_a_text():
    text = "培训教师20名。培训医师30名。"
    (figure,) = read_figures(text, Span(8, len(text)))
    assert figure.span.of(text) == figure.text == "30名"


@given(st.text(alphabet="0123456789.,万亿百千名个年月日%—-至余约不低于近第（）“”一二两三十:： ，。", max_size=40))
def test_spans_hold_the_words_and_do_not_overlap(text):
    end = 0
    for figure in read_figures(text):
        assert figure.span.start >= end
        end = figure.span.end
        assert re.sub(r"\s", "", figure.span.of(text)) == figure.text
        assert figure.upper is None or figure.upper >= figure.value


@pytest.mark.parametrize(
    "text", [f"总投资{'9' * 400}元", f"总投资{'9' * 300}亿元", f"增长{'9' * 400}%", f"{'9' * 400}倍"]
)
def test_a_figure_beyond_all_bounds_is_none(text):
    assert read_figures(text) == []
