from __future__ import annotations

import pytest

from rag.parsing.markers import Style, leading_marker


@pytest.mark.parametrize(
    ("line", "style", "ordinal", "title"),
    [
        ("第三章　附则", Style.CHAPTER, 3, "附则"),
        ("第一编 总则", Style.PART, 1, "总则"),
        ("第二节 监督检查", Style.SECTION, 2, "监督检查"),
        ("第十二条　本办法自发布之日起施行。", Style.ARTICLE, 12, "本办法自发布之日起施行。"),
        ("第一百二十条之一 资助", Style.ARTICLE, 120, "资助"),
        ("第12条 甲", Style.ARTICLE, 12, "甲"),
        ("一、指导思想", Style.CHINESE, 1, "指导思想"),
        ("十一、附则", Style.CHINESE, 11, "附则"),
        ("（一）党政领导", Style.CHINESE_BRACKET, 1, "党政领导"),
        ("(一) 高位统筹", Style.CHINESE_BRACKET, 1, "高位统筹"),
        ("1.加强领导", Style.ARABIC, 1, "加强领导"),
        ("1．加强领导", Style.ARABIC, 1, "加强领导"),
        ("1、加强领导", Style.ARABIC, 1, "加强领导"),
        ("1.2020年起实施", Style.ARABIC, 1, "2020年起实施"),
        ("（1）申请", Style.ARABIC_BRACKET, 1, "申请"),
        ("2）审核", Style.ARABIC_BRACKET, 2, "审核"),
        ("③办结", Style.CIRCLED, 3, "办结"),
        ("一是政府投入", Style.INLINE, 1, "政府投入"),
        ("二要压实责任", Style.INLINE, 2, "压实责任"),
    ],
)
def test_numbers_that_open_a_clause(line, style, ordinal, title):
    marker = leading_marker(line)
    assert marker is not None
    assert (marker.style, marker.ordinal, line[marker.end :]) == (style, ordinal, title)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "第三条规定的情形",
        "第三条、第四条的规定",
        "第三条第二款所称",
        "第三条的规定",
        "第454号提案",
        "第零条 甲",
        "1.5万人",
        "3.15消费者权益日",
        "2019年7月",
        "12356热线",
        "1、2季度",
        "一般情况",
        "一方面",
        "一批项目",
        "十四五规划",
        "（以下简称通知）",
        "（试行）",
        "〇",
    ],
)
def test_what_only_looks_like_one(line):
    assert leading_marker(line) is None
