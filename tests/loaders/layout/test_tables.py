"""Tables with and without lines, over pages, and what only looks like one."""

from __future__ import annotations

from itertools import pairwise

from .sheets import BODY, LEFT, Sheet, blocks, texts

XS = (80.0, 180.0, 380.0, 520.0)


def test_ruled_rows_with_cells_of_several_lines() -> None:
    sheet = Sheet().paragraph(BODY * 2)
    ys = (300.0, 330.0, 370.0, 400.0)
    sheet.grid(XS, ys).cells(
        XS, ys, [["序号", "任务", "责任单位"], ["1", "推进某项/重点工作", "市教育局"], ["2", "", "市财政局"]]
    )
    sheet.down = 420
    sheet.paragraph(BODY)
    found = blocks(sheet)
    assert [block.text for block in found] == [
        BODY * 2,
        "序号\t任务\t责任单位",
        "1\t推进某项重点工作\t市教育局",
        "2\t\t市财政局",
        BODY,
    ]
    assert [block.is_table_row for block in found] == [False, True, True, True, False]
    assert [found[2].text[part.start : part.end] for part in found[2].fragments] == [
        "1",
        "推进某项",
        "重点工作",
        "市教育局",
    ]


def test_latin_lines_of_a_cell_keep_their_blank() -> None:
    ys = (300.0, 340.0, 370.0)
    assert (
        texts(Sheet().grid(XS, ys).cells(XS, ys, [["Open/Source", "b", "c"], ["d", "e", "f"]]))[0]
        == "Open Source\tb\tc"
    )


def test_cell_over_columns_has_its_words_in_the_first() -> None:
    sheet = Sheet()
    ys = (300.0, 330.0, 360.0)
    for y in ys:
        sheet.rule(XS[0], y, XS[-1], y)
    for x in (XS[0], XS[-1]):
        sheet.rule(x, ys[0], x, ys[-1])
    for x in XS[1:-1]:
        sheet.rule(x, ys[1], x, ys[-1])
    sheet.text(200, 305, "任务清单合计", 12).cells(XS, ys[1:], [["甲", "乙", "丙"]])
    assert texts(sheet) == ["任务清单合计\t\t", "甲\t乙\t丙"]


def test_cell_over_rows_is_empty_in_the_later_ones() -> None:
    sheet = Sheet()
    ys = (300.0, 330.0, 360.0)
    sheet.rule(XS[0], 300, XS[-1], 300).rule(XS[1], 330, XS[-1], 330).rule(XS[0], 360, XS[-1], 360)
    for x in XS:
        sheet.rule(x, ys[0], x, ys[-1])
    sheet.text(90, 322, "教育", 12).cells(XS[1:], ys, [["甲", "乙"], ["丙", "丁"]])
    assert texts(sheet) == ["教育\t甲\t乙", "\t丙\t丁"]


def test_table_drawn_cell_by_cell_and_open_at_its_sides() -> None:
    sheet = Sheet()
    ys = (300.0, 330.0, 360.0)
    for y in ys:
        for x, end in pairwise(XS):
            sheet.rule(x, y, end, y + 0.5)
    for x in XS[1:-1]:
        for y, end in pairwise(ys):
            sheet.rule(x, y, x, end)
    sheet.cells(XS, ys, [["姓名", "单位", "职务"], ["某甲", "某局", "局长"]])
    assert texts(sheet) == ["姓名\t单位\t职务", "某甲\t某局\t局长"]


def test_table_over_pages_is_one_and_its_head_comes_once() -> None:
    first, second = Sheet(1).paragraph(BODY), Sheet(2)
    ys = (200.0, 230.0, 260.0, 290.0)
    head = ["序号", "任务", "责任单位"]
    first.grid(XS, ys).cells(XS, ys, [head, ["1", "甲任务", "甲局"], ["2", "乙任务", "乙局"]])
    ys = (100.0, 130.0, 160.0)
    second.grid(XS, ys).cells(XS, ys, [head, ["3", "丙任务", "丙局"]])
    found = blocks(first, second)
    assert [block.text for block in found] == [
        BODY,
        "序号\t任务\t责任单位",
        "1\t甲任务\t甲局",
        "2\t乙任务\t乙局",
        "3\t丙任务\t丙局",
    ]
    assert [block.page for block in found] == [1, 1, 1, 1, 2]


def test_row_broken_by_a_page_is_whole() -> None:
    first, second = Sheet(1), Sheet(2)
    ys = (200.0, 230.0, 260.0)
    # 16 characters of 12 points fill the second column.
    first.grid(XS, ys).cells(XS, ys, [["序号", "任务", "责任单位"], ["1", "建立健全某项制度并推动各县区落实", "甲局"]])
    ys = (100.0, 130.0, 160.0)
    second.grid(XS, ys).cells(XS, ys, [["", "到位", ""], ["2", "乙任务", "乙局"]])
    assert texts(first, second)[1:] == ["1\t建立健全某项制度并推动各县区落实到位\t甲局", "2\t乙任务\t乙局"]


def test_another_table_on_the_next_page_keeps_its_head() -> None:
    first, second = Sheet(1), Sheet(2)
    ys = (200.0, 230.0, 260.0)
    first.grid(XS, ys).cells(XS, ys, [["序号", "任务", "单位"], ["1", "甲", "乙"]])
    second.centred("附件2")
    second.grid(XS, ys).cells(XS, ys, [["序号", "任务", "单位"], ["1", "丙", "丁"]])
    assert texts(first, second) == ["序号\t任务\t单位", "1\t甲\t乙", "附件2", "序号\t任务\t单位", "1\t丙\t丁"]


def test_frame_around_text_is_no_table() -> None:
    sheet = Sheet().paragraph(BODY * 2)
    sheet.grid((LEFT - 10, 540), (90.0, 800.0))
    assert texts(sheet) == [BODY * 2]


def test_lines_across_the_foot_of_a_document_are_no_table() -> None:
    sheet = Sheet().paragraph(BODY * 3)
    sheet.down = 700
    for y in (698, 725, 752):
        sheet.rule(LEFT, y, 527, y)
    sheet.text(LEFT + 14, 704, "抄送：市委办公室，市政府办公室。", 14)
    sheet.text(LEFT + 14, 732, "某市教育局办公室", 14).text(390, 732, "2023年10月7日印发", 14)
    assert texts(sheet) == [BODY * 3, "抄送：市委办公室，市政府办公室。", "某市教育局办公室　2023年10月7日印发"]


def test_three_lines_make_a_table() -> None:
    sheet = Sheet().paragraph(BODY)
    for y in (200, 225, 320):
        sheet.rule(LEFT, y, 527, y)
    for number, row in enumerate(
        [["年份", "数量", "增幅"], ["2021", "15", "2.1%"], ["2022", "18", "3.4%"], ["2023", "", "1%"]]
    ):
        for left, words in zip((LEFT, 250, 420), row, strict=True):
            if words:
                sheet.text(left, 205 + 28 * number, words, 12)
    assert texts(sheet)[1:] == ["年份\t数量\t增幅", "2021\t15\t2.1%", "2022\t18\t3.4%", "2023\t\t1%"]


def test_aligned_columns_without_lines() -> None:
    sheet = Sheet().paragraph(BODY)
    for number in range(4):
        for left, words in zip((100, 220, 340, 460), ("某甲", "某乙", "某丙", f"{number}号"), strict=True):
            sheet.text(left, 300 + 25 * number, words)
    assert texts(sheet)[1:] == [f"某甲\t某乙\t某丙\t{number}号" for number in range(4)]


def test_two_fields_on_a_line_are_no_table() -> None:
    sheet = Sheet().paragraph(BODY)
    for number in range(4):
        sheet.text(LEFT, 300 + 28 * number, f"联系人：某{number}").text(340, 300 + 28 * number, "电话：见附件")
    assert texts(sheet)[1:] == [f"联系人：某{number}　电话：见附件" for number in range(4)]


def test_lines_a_little_out_of_line_make_no_column() -> None:
    sheet = Sheet()
    ys = (300.0, 330.0, 360.0)
    for y in ys:
        sheet.rule(XS[0], y, XS[-1], y)
    for x in (XS[0], XS[2], XS[-1]):
        sheet.rule(x, ys[0], x, ys[-1])
    sheet.rule(XS[1], ys[0], XS[1], ys[1]).rule(XS[1] + 7, ys[1], XS[1] + 7, ys[2])
    sheet.cells(XS, ys, [["姓名", "某甲", "男"], ["单位", "", "某局"]]).text(XS[1] + 11, 334, "某室", 12)
    assert texts(sheet) == ["姓名\t某甲\t男", "单位\t某室\t某局"]


LIST_XS = (80.0, 130.0, 330.0, 380.0, 450.0, 520.0)


def list_sheet(cells: dict[int, str], xs: tuple[float, ...] = LIST_XS, bottom: float = 420) -> Sheet:
    """Set a row of cells, the lines of each (``/``) on common baselines; ``_`` leaves one free."""
    sheet = Sheet().grid(xs, (300.0, bottom))
    for at, cell in cells.items():
        for number, words in enumerate(cell.split("/")):
            if words != "_":
                sheet.text(xs[at] + 4, 304 + number * 16, words, 10)
    return sheet


def test_rows_without_lines_between_them_are_told_by_their_baselines() -> None:
    cells = {
        0: "名称/宣传册/文件夹/合计",
        1: "规格",
        2: "数量/200/50",
        3: "单价/10.00/4.50",
        4: "金额/2000.00/225.00/¥2225.00",
    }
    assert texts(list_sheet(cells)) == [
        "名称\t规格\t数量\t单价\t金额",
        "宣传册\t\t200\t10.00\t2000.00",
        "文件夹\t\t50\t4.50\t225.00",
        "合计\t\t\t\t¥2225.00",
    ]


def test_broken_name_in_a_list_is_whole() -> None:
    xs = (80.0, 130.0, 230.0, 330.0)
    cells = {0: "名称/宣传册印/刷费/合计", 1: "数量/200/_/200", 2: "金额/900.00/_/900.00"}
    assert texts(list_sheet(cells, xs)) == ["名称\t数量\t金额", "宣传册印刷费\t200\t900.00", "合计\t200\t900.00"]


def test_heads_and_names_broken_by_hand_are_one_row() -> None:
    xs = (80.0, 100.0, 230.0, 330.0, 430.0)
    assert texts(list_sheet({0: "序/号", 1: "责任/单位", 2: "完成/时限", 3: "备注"}, xs)) == [
        "序号\t责任单位\t完成时限\t备注"
    ]
    assert texts(list_sheet({0: "1", 1: "市教育局/市财政局", 2: "2025年/6月底前", 3: "张某/李某"}, xs)) == [
        "1\t市教育局市财政局\t2025年6月底前\t张某李某"
    ]


def test_sentences_in_cells_side_by_side_are_one_row() -> None:
    xs = (80.0, 180.0, 330.0)
    cells = {0: "各地区各部门要/高度重视切实加/强领导", 1: "市级统筹推进该项工作/县级抓好落实按时完成/乡镇具体实施"}
    assert texts(list_sheet(cells, xs)) == [
        "各地区各部门要高度重视切实加强领导\t市级统筹推进该项工作县级抓好落实按时完成乡镇具体实施"
    ]


def test_fields_in_a_cell_stay_apart() -> None:
    xs = (80.0, 130.0, 520.0)
    cells = {0: "单位/信息", 1: "名称：某某中心/地址、电话：某路1号/开户行："}
    assert texts(list_sheet(cells, xs)) == ["单位信息\t名称：某某中心　地址、电话：某路1号　开户行："]
