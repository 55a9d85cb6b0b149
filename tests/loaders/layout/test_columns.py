"""Two columns are read one after the other; rows that only have a gap are read across."""

from __future__ import annotations

from .sheets import BODY, LEFT, Sheet, blocks, texts

SIZE = 10.5
PITCH = 16.0


def column(sheet: Sheet, left: float, top: float, words: str, a_line: int = 20) -> float:
    """Set a paragraph in a column, first line indented; return where the next one goes."""
    indent = 2
    while words:
        sheet.text(left + indent * SIZE, top, words[: a_line - indent], SIZE)
        words, indent, top = words[a_line - indent :], 0, top + PITCH
    return top


LEFT_WORDS = ["甲" + BODY * 3 + "。", "乙" + BODY * 2 + "。", "丙" + BODY * 2 + "。"]
RIGHT_WORDS = ["丁" + BODY * 3 + "。", "戊" + BODY * 3 + "。"]


def two_columns(sheet: Sheet, top: float = 200, shift: float = 0) -> float:
    ends = [top, top + shift]
    for words in LEFT_WORDS:
        ends[0] = column(sheet, LEFT, ends[0], words)
    for words in RIGHT_WORDS:
        ends[1] = column(sheet, 315, ends[1], words)
    return max(ends)


def test_left_column_comes_first() -> None:
    sheet = Sheet().centred("某市人民政府公报", 22)
    two_columns(sheet)
    assert texts(sheet) == ["某市人民政府公报", *LEFT_WORDS, *RIGHT_WORDS]


def test_lines_of_the_columns_need_not_be_level() -> None:
    sheet = Sheet()
    two_columns(sheet, shift=7)
    assert texts(sheet) == [*LEFT_WORDS, *RIGHT_WORDS]


def test_heading_across_parts_what_is_above_and_below() -> None:
    sheet = Sheet()
    sheet.down = two_columns(sheet) + 10
    sheet.centred("关于下一件事情的若干具体规定", 18)
    two_columns(sheet, sheet.down)
    assert texts(sheet) == [
        *LEFT_WORDS,
        *RIGHT_WORDS,
        "关于下一件事情的若干具体规定",
        *LEFT_WORDS,
        *RIGHT_WORDS,
    ]


def test_paragraph_goes_on_in_the_next_column() -> None:
    sheet = Sheet()
    words = "己" + BODY * 7 + "。"
    lines, indent, rest = [], 2, words
    while rest:
        lines.append((indent, rest[: 20 - indent]))
        rest, indent = rest[20 - indent :], 0
    top = column(sheet, LEFT, 200, LEFT_WORDS[0])
    half = len(lines) // 2
    for number, (indent, line) in enumerate(lines[:half]):
        sheet.text(LEFT + indent * SIZE, top + number * PITCH, line, SIZE)
    for number, (indent, line) in enumerate(lines[half:]):
        sheet.text(315 + indent * SIZE, 200 + number * PITCH, line, SIZE)
    column(sheet, 315, 200 + (len(lines) - half) * PITCH, RIGHT_WORDS[0])
    found = blocks(sheet)
    assert "".join(block.text for block in found[1:3]) == words
    assert [block.continues for block in found[1:]] == [False, True, False]


def test_list_of_names_in_two_columns_is_read_across() -> None:
    sheet = Sheet()
    for number in range(6):
        sheet.text(LEFT, 200 + 28 * number, f"甲{number}").text(340, 200 + 28 * number, f"乙{number}")
    assert texts(sheet) == [f"甲{number}　乙{number}" for number in range(6)]


def test_two_lines_left_for_another_page_are_columns_too() -> None:
    first, second = Sheet(1), Sheet(2)
    two_columns(first)
    column(second, LEFT, 105, "己" + BODY + "。")
    column(second, 315, 105, "庚" + BODY + "。")
    assert texts(first, second)[-2:] == ["己" + BODY + "。", "庚" + BODY + "。"]


def test_fields_with_their_labels_are_read_across() -> None:
    sheet = Sheet()
    for number in range(4):
        sheet.text(LEFT, 200 + 28 * number, "责任单位：某市某某局").text(340, 200 + 28 * number, "完成时限：年底之前")
    assert texts(sheet) == ["责任单位：某市某某局　完成时限：年底之前"] * 4


THREE = (60.0, 223.0, 386.0)


def lines_in(sheet: Sheet, left: float, top: float, words: str, a_line: int = 14) -> float:
    """Set lines that fill a narrow column; return where the next one goes."""
    while words:
        sheet.text(left, top, words[:a_line], SIZE)
        words, top = words[a_line:], top + PITCH
    return top


def test_three_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet().centred("某项工作的做法与体会", 22)
    stories = [[f"{first}{BODY * 4}。" for first in firsts] for firsts in ("甲乙", "丙丁", "戊己")]
    for left, paragraphs in zip(THREE, stories, strict=True):
        top = 160.0
        for words in paragraphs:
            top = column(sheet, left, top, words, 14)
    assert texts(sheet) == ["某项工作的做法与体会", *(words for paragraphs in stories for words in paragraphs)]


def test_columns_beside_a_picture_and_the_words_under_it() -> None:
    # The picture lies over the gutters: the first column is narrow beside it, the third set in.
    sheet = Sheet()
    first, second, third = (f"{word}{BODY * 6}。" for word in "甲丙戊")
    beside, under = first[:84], first[84:]
    top = lines_in(sheet, THREE[0], 160, beside, 12)
    lines_in(sheet, THREE[0], top, under)
    sheet.text(THREE[0] + 13 * SIZE, top - PITCH, "办公大楼", 7)
    lines_in(sheet, THREE[1], top, second)
    top = lines_in(sheet, THREE[2] + 2 * SIZE, 160, third[:84], 12)
    lines_in(sheet, THREE[2], top, third[84:])
    found = blocks(sheet)
    assert "".join(block.text for block in found).replace("办公大楼", "") == first + second + third
    assert [block.text for block in found if block.text == "办公大楼"] == ["办公大楼"]


def test_three_columns_of_short_cells_are_a_table() -> None:
    sheet = Sheet()
    for number in range(5):
        for left, words in zip(THREE, ("某某街道办事处", "负责宣传、动员", f"{number}月底前"), strict=True):
            sheet.text(left, 200 + number * 24, words, SIZE)
    assert texts(sheet) == [f"某某街道办事处\t负责宣传、动员\t{number}月底前" for number in range(5)]
