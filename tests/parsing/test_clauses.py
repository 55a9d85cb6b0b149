from __future__ import annotations

import pytest

from .builders import document, needs_seeds, seed


def tree(text, source="a.txt"):
    return [(clause.level, clause.path[-1]) for clause in document(text, source).clauses]


def test_levels_of_an_official_document():
    text = (
        "一、总体要求\n坚持预防为主。\n二、重点任务\n（一）健全网络\n依托综治中心设立工作室。\n1.建设中心\n（1）选址\n①勘察\n"
        "（二）培育队伍。开展培训。一是扩充人员。二是提高水平。\n三、工作保障\n落实经费。"
    )
    doc = document(text)
    assert [(clause.level, clause.path[-1]) for clause in doc.clauses] == [
        (1, "一、总体要求"),
        (1, "二、重点任务"),
        (2, "（一）健全网络"),
        (3, "1.建设中心"),
        (4, "（1）选址"),
        (5, "①勘察"),
        (2, "（二）培育队伍"),
        (3, "一是扩充人员"),
        (3, "二是提高水平"),
        (1, "三、工作保障"),
    ]
    by_title = {clause.path[-1]: clause for clause in doc.clauses}
    assert by_title["①勘察"].path == ("二、重点任务", "（一）健全网络", "1.建设中心", "（1）选址", "①勘察")
    assert by_title["二、重点任务"].span.of(doc.text).endswith("二是提高水平。")
    assert by_title["一是扩充人员"].span.of(doc.text) == "一是扩充人员。"


def test_statutes():
    text = (
        "汉州市某条例\n第一章　总则\n第一条　为了规范管理，制定本条例。\n第二条　【适用范围】本市适用本条例。\n有下列情形之一的，应当报告：\n"
        "（一）甲；\n（二）乙。\n第三条的规定不适用于丙。\n第二章　附则\n第三条　本条例自公布之日起施行。"
    )
    assert tree(text) == [
        (1, "第一章总则"),
        (2, "第一条"),
        (2, "第二条　【适用范围】"),
        (3, "（一）甲"),
        (3, "（二）乙"),
        (1, "第二章附则"),
        (2, "第三条"),
    ]


def test_parts_of_a_code():
    text = "第一编　总则\n第一分编　通则\n第 一 章　基本规定\n第一节　一般规定\n第1条　甲。\n第十二条　乙。\n第二分编　物权\n第二编　合同"
    assert tree(text) == [
        (1, "第一编　总则".replace("　", "")),
        (2, "第一分编通则"),
        (3, "第一章基本规定"),
        (4, "第一节一般规定"),
        (5, "第1条"),
        (5, "第十二条"),
        (2, "第二分编物权"),
        (1, "第二编合同"),
    ]


def test_a_paragraph_below_the_items_belongs_to_the_article():
    doc = document(
        "第一条　有下列情形之一的，应当报告：\n（一）甲；\n（二）乙：\n1.丙；\n2.丁。\n前款规定的报告，应当书面提出。\n第二条　本办法适用于本市。"
    )
    spans = {clause.path[-1]: clause.span.of(doc.text) for clause in doc.clauses}
    assert spans["（二）乙："] == "（二）乙：\n1.丙；\n2.丁。"
    assert spans["2.丁"] == "2.丁。"
    assert spans["第一条"].endswith("应当书面提出。")


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("第六条　下列机构应当报告：", "第六条"),  # a sentence, and not the article's title
        ("第六条　下列人士逝世，应当志哀：", "第六条"),
        ("第六条　适用范围", "第六条　适用范围"),
        ("第六条　【适用范围】本市适用本办法。", "第六条　【适用范围】"),
        ("第六条 本市适用本办法。", "第六条"),
        ("第六条为规范某事，制定本办法。", "第六条"),  # a web page lost the blank
    ],
)
def test_headings_of_articles(line, heading):
    doc = document(line + "\n（一）甲；\n（二）乙。")
    assert doc.clauses[0].heading.of(doc.text) == heading


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        # inserted between two
        ("第十二条　甲。\n第十二条之一　乙。\n第十三条　丙。", ["第十二条", "第十二条之一", "第十三条"]),
        # an excerpt leaves articles out
        ("第一条　甲。\n第七条　乙。\n第八条　丙。", ["第一条", "第七条", "第八条"]),
        # quoted from another text over several lines
        (
            "第一条　将原文修改为：“甲。\n第二条　乙。\n第三条　丙。”\n第二条　本决定自公布之日起施行。",
            ["第一条", "第二条"],
        ),
        # said twice
        ("第二条　甲。\n第二条 见前文。\n第三条　乙。", ["第二条", "第三条"]),
    ],
)
def test_which_articles_count(text, titles):
    assert [title for _, title in tree(text)] == titles


def test_an_article_out_of_turn_is_a_reference():
    assert [title for _, title in tree("第一条　甲。\n第五条 是另一部法律的条文。\n第二条　乙。")] == [
        "第一条",
        "第二条",
    ]


def test_levels_nest_as_they_first_appear():
    assert tree("1.总则\n（一）目的\n为规范管理。\n（二）依据\n2.机构\n（一）办公室") == [
        (1, "1.总则"),
        (2, "（一）目的"),
        (2, "（二）依据"),
        (1, "2.机构"),
        (2, "（一）办公室"),
    ]


def test_a_list_above_the_first_heading_is_not_its_parent():
    assert tree("1.申请表\n2.身份证明\n一、受理\n（一）窗口\n二、审核") == [
        (1, "1.申请表"),
        (1, "2.身份证明"),
        (1, "一、受理"),
        (2, "（一）窗口"),
        (1, "二、审核"),
    ]


def test_a_level_comes_back_after_a_deeper_one():
    assert tree("一、甲\n1.乙\n（1）丙\n2.丁\n二、戊\n（1）己\n1.庚")[-3:] == [
        (1, "二、戊"),
        (2, "（1）己"),
        (2, "1.庚"),
    ]


def test_markdown_headings():
    text = "# 汉州市教育局工作总结\n## 一年来的工作\n开展培训。\n### 队伍建设\n扩充人员。\n## 一、下一步\n（一）加强领导\n抓好落实。\n"
    assert tree(text, "a.md") == [
        (1, "一年来的工作"),
        (2, "队伍建设"),
        (3, "一、下一步"),
        (4, "（一）加强领导"),
    ]
    assert tree("# 年度工作总结\n正文。\n### 甲\n正文。\n## 乙\n正文。", "a.md") == [(1, "甲"), (1, "乙")]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("一、统筹谋划，全域贯通。一是压实责任。二是加大投入。", "一、统筹谋划，全域贯通"),
        ("（一）加强领导：各地要建立机制，" + "抓好落实" * 20 + "。", "（一）加强领导"),
        ("1." + "各地" * 40 + "。", "1."),
        ("1.各单位要加强协作，" + "抓好落实" * 20 + "。", "1.各单位要加强协作"),
        ("一 、加强领导", "一 、加强领导"),
        ("一.加强领导", "一.加强领导"),
    ],
)
def test_a_heading_ends_where_the_body_runs_on(line, title):
    assert document(line).clauses[0].heading.of(document(line).text) == title


@pytest.mark.parametrize(
    "text",
    [
        "见第三条。",
        "第454号提案收悉。",
        "2019年7月，印发方案。",
        "1.5万人参加。",
        "3月15日开展活动。",
        "一是加强领导，做好工作。",  # nothing follows it
        "这一是非曲直的问题。二是没有的。",
        "申请人应当提交材料。",
    ],
)
def test_what_is_no_clause(text):
    assert tree(text) == []


def test_a_number_out_of_nowhere_opens_nothing():
    assert tree("某事说明。\n（6）计算平衡。\n其他说明。") == []
    lost = tree("一、任务\n（一）甲\n（三）丙\n（四）丁")  # recognition lost one
    assert lost == [(1, "一、任务"), (2, "（一）甲"), (2, "（三）丙"), (2, "（四）丁")]


def test_inline_clauses_run_over_paragraphs_and_the_last_ends_with_its_own():
    doc = document(
        "一、体系\n一是加强阵地。开设门诊。\n目前已开设3家。二是加强联动。共建基地。\n下一步，我局将继续努力。\n再次感谢。"
    )
    spans = {clause.path[-1]: clause.span.of(doc.text) for clause in doc.clauses}
    assert spans["一是加强阵地"].endswith("目前已开设3家。")
    assert spans["二是加强联动"] == "二是加强联动。共建基地。"
    assert spans["一、体系"].endswith("共建基地。")


def test_inline_headings_do_not_run_into_each_other():
    assert tree("要求：一是尊重意愿；二是执行协议；三是及时公开。") == [
        (1, "一是尊重意愿"),
        (1, "二是执行协议"),
        (1, "三是及时公开"),
    ]


def test_an_annex_and_a_signature_start_afresh():
    doc = document(
        "关于印发某方案的通知\n各有关单位：\n现印发给你们。\n一、报送\n按时报送。\n汉州市教育局\n2025年5月17日\n附件1\n某方案\n（一）目标\n建成体系。\n一、任务\n完成。"
    )
    assert [(clause.level, clause.path[-1]) for clause in doc.clauses] == [
        (1, "一、报送"),
        (1, "附件1 某方案"),
        (2, "（一）目标"),
        (2, "一、任务"),
    ]
    assert doc.clauses[0].span.of(doc.text) == "一、报送\n按时报送。"


@needs_seeds
@pytest.mark.parametrize(
    ("number", "levels"),
    [
        ("000", "122212221222"),
        ("001", "122221222"),
        ("002", "12212221"),
        ("003", "1122211222212222"),
        ("004", "112222331222"),
    ],
)
def test_levels_of_the_real_documents(number, levels):
    assert "".join(str(clause.level) for clause in seed(number).clauses) == levels


@needs_seeds
def test_titles_of_the_real_plan():
    assert [clause.path[-1] for clause in seed("003").clauses if clause.level == 1] == [
        "一、指导思想",
        "二、基本原则",
        "三、工作目标",
        "四、工作任务",
        "五、工作保障",
    ]
