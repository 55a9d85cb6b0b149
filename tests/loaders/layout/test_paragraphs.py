"""Which lines are one paragraph, by where they stand."""

from __future__ import annotations

from .sheets import BODY, LEFT, SIZE, Sheet, blocks, texts

TEXT = BODY * 3 + "。"


def test_indented_paragraphs() -> None:
    sheet = Sheet().paragraph(TEXT).paragraph("甲" + TEXT).paragraph("乙" + BODY[:10] + "。").paragraph(TEXT)
    found = blocks(sheet)
    assert [block.text for block in found] == [TEXT, "甲" + TEXT, "乙" + BODY[:10] + "。", TEXT]
    assert [block.indent for block in found] == [2.0] * 4
    assert [block.continues for block in found] == [None, False, False, False]


def test_paragraph_whose_last_line_is_full() -> None:
    full = (BODY * 3)[: 26 + 28 - 1] + "。"
    assert texts(Sheet().paragraph(full).paragraph(full).paragraph(TEXT)) == [full, full, TEXT]


def test_heavy_words_at_its_beginning_stay_inside() -> None:
    sheet = Sheet().paragraph(TEXT)
    sheet.text(LEFT + 32, sheet.down, "一是加强领导。", bold=True).text(
        LEFT + 32 + 7 * SIZE, sheet.down, (BODY * 2)[:19]
    )
    sheet.down += 28
    sheet.line("认真落实工作责任。").paragraph(TEXT)
    assert texts(sheet) == [TEXT, "一是加强领导。" + (BODY * 2)[:19] + "认真落实工作责任。", TEXT]


def test_heavy_heading_stands_alone() -> None:
    sheet = Sheet().paragraph(TEXT).line("一、总体要求", 2, bold=True).paragraph(TEXT)
    assert texts(sheet) == [TEXT, "一、总体要求", TEXT]


def test_heading_of_two_lines_is_one() -> None:
    heading = "（一）" + BODY + "的有关要求"
    assert texts(Sheet().paragraph(TEXT).paragraph(heading).paragraph(TEXT)) == [TEXT, heading, TEXT]


def test_title_of_several_lines_is_one_and_the_rest_of_the_head_stands_alone() -> None:
    sheet = (
        Sheet()
        .centred("某市人民政府办公室文件", 30)
        .centred("某政办发〔2023〕15号", space=20)
        .centred("某市人民政府办公室关于印发某市", 22, space=30)
        .centred("某某行动实施方案的通知", 22)
        .line("各县区人民政府，市政府各部门：", space=20)
        .paragraph(TEXT)
        .right("某市人民政府办公室", 4)
        .right("2023年10月7日", 5)
    )
    found = blocks(sheet)
    assert [block.text for block in found] == [
        "某市人民政府办公室文件",
        "某政办发〔2023〕15号",
        "某市人民政府办公室关于印发某市某某行动实施方案的通知",
        "各县区人民政府，市政府各部门：",
        TEXT,
        "某市人民政府办公室",
        "2023年10月7日",
    ]
    assert all(block.continues is False for block in found[1:3])


def test_chapter_and_section_in_the_middle_are_two() -> None:
    sheet = (
        Sheet()
        .paragraph(TEXT)
        .centred("第一章　总　则", bold=True)
        .centred("第一节　一般规定", bold=True)
        .paragraph(TEXT)
    )
    assert texts(sheet) == [TEXT, "第一章　总　则", "第一节　一般规定", TEXT]


def test_organs_of_a_joint_letterhead_are_two_and_the_word_beside_them_goes_with_the_first() -> None:
    sheet = Sheet().text(100, 100, "某市教育局", 36).text(100, 140, "某市财政局", 36).text(400, 120, "文件", 36)
    sheet.down = 250
    assert texts(sheet.paragraph(TEXT)) == ["某市教育局　文件", "某市财政局", TEXT]


def test_long_addressee_goes_on_at_the_margin() -> None:
    sheet = (
        Sheet().line("各县（区）人民政府，市政府各部门、各直属机构，市属各企业、").line("各高等院校：").paragraph(TEXT)
    )
    assert texts(sheet) == ["各县（区）人民政府，市政府各部门、各直属机构，市属各企业、各高等院校：", TEXT]


def test_attachment_name_hangs_below_itself() -> None:
    sheet = (
        Sheet()
        .paragraph(TEXT)
        .line("附件：1. 某市关于推进某某工作高质量发展的实施方案（年度", 2)
        .line("修订稿）", 6.5)
        .line("2. 任务分工表", 5)
        .paragraph(TEXT)
    )
    assert texts(sheet) == [
        TEXT,
        "附件：1. 某市关于推进某某工作高质量发展的实施方案（年度修订稿）",
        "2. 任务分工表",
        TEXT,
    ]


def test_entries_of_a_table_of_contents_are_apart() -> None:
    sheet = Sheet().centred("目　录", 22)
    for number, name in enumerate(("总则", "规划与建设", "附则"), start=1):
        words = f"第{'一二三'[number - 1]}章　{name}"
        sheet.line(words + "…" * (26 - len(words)) + f" {number}")
    assert len(blocks(sheet)) == 4


def test_smaller_words_are_another_paragraph() -> None:
    sheet = Sheet().paragraph(TEXT).line(BODY[:20], size=10.5).paragraph(TEXT)
    assert texts(sheet) == [TEXT, BODY[:20], TEXT]


def test_paragraphs_parted_by_space() -> None:
    sheet = Sheet()
    for _ in range(3):
        words = (BODY * 3)[: 28 * 2 - 1] + "。"
        sheet.line(words[:28], space=16).line(words[28:])
        sheet.line(BODY + "。", space=16)
    assert len(texts(sheet)) == 6
    assert [block.follows_blank for block in blocks(sheet)][1:] == [True] * 5


def test_paragraph_over_a_page_says_whether_it_goes_on() -> None:
    first, second = Sheet(1), Sheet(2)
    first.paragraph(TEXT).line(BODY[:26], 2).line((BODY * 2)[:28])
    second.line(BODY[:12] + "。").paragraph(TEXT)
    assert [block.continues for block in blocks(first, second)] == [None, False, True, False]


def test_new_paragraph_on_a_new_page_says_so() -> None:
    first, second = Sheet(1), Sheet(2)
    first.paragraph(TEXT).line(BODY[:26], 2).line((BODY * 2)[:28])
    second.paragraph(TEXT)
    assert [block.continues for block in blocks(first, second)] == [None, False, False]


def test_fragments_lead_back_to_lines() -> None:
    (block,) = blocks(Sheet().paragraph(TEXT))
    assert "".join(block.text[part.start : part.end] for part in block.fragments) == TEXT
    assert all(len(part.edges) == part.end - part.start + 1 for part in block.fragments)
    assert [round(part.box.left - LEFT) for part in block.fragments] == [32, 0, 0, 0]


def test_notes_at_the_foot_of_a_page_do_not_break_a_paragraph() -> None:
    first, second = Sheet(1), Sheet(2)
    first.paragraph(TEXT).line(BODY[:26], 2).line((BODY * 2)[:28])
    first.text(LEFT, 700, "① 指常住人口。", 9).text(LEFT, 714, "② 不含某某区。", 9)
    second.line(BODY[:12] + "。").paragraph(TEXT)
    found = blocks(first, second)
    assert [block.text for block in found] == [
        TEXT,
        BODY[:26] + (BODY * 2)[:28],
        BODY[:12] + "。",
        "① 指常住人口。",
        "② 不含某某区。",
        TEXT,
    ]
    assert found[2].continues is True


def test_lines_that_go_on_show_the_margin_where_one_line_stands_further_out() -> None:
    sheet = Sheet().line("某市人民政府：")
    for first in "甲乙丙":
        words, indent = first + BODY * 4 + "。", 4
        while words:
            sheet.line(words[: 28 - indent], indent)
            words, indent = words[28 - indent :], 2
    found = blocks(sheet)
    assert [block.text for block in found] == ["某市人民政府：", *(first + BODY * 4 + "。" for first in "甲乙丙")]
    assert [block.indent for block in found[1:]] == [2.0] * 3


def test_items_that_hang_do_not_move_the_margin() -> None:
    sheet = Sheet().paragraph(TEXT)
    for number in range(1, 5):
        words = f"{number}.{BODY * 2}。"
        sheet.line(words[:28]).line(words[28:54], 1).line(words[54:], 1)
    assert texts(sheet) == [TEXT, *(f"{number}.{BODY * 2}。" for number in range(1, 5))]
