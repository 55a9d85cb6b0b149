"""Running heads, feet and page numbers go; the document's own words at the edge of a page stay."""

from __future__ import annotations

import pytest

from .sheets import BODY, LEFT, Sheet, blocks, texts

FOOT = 770.0


def sheets(count: int) -> list[Sheet]:
    return [Sheet(number).paragraph(f"{chr(0x4E00 + number)}{BODY}。") for number in range(1, count + 1)]


BODIES = [f"{chr(0x4E00 + number)}{BODY}。" for number in range(1, 10)]


@pytest.mark.parametrize(
    "form",
    [
        "— {} —",
        "—{}—",
        "- {} -",
        "－ {} －",
        "第{}页",
        "第 {} 页 共 3 页",
        "第{}页/共3页",
        "{}/3",
        "{}",
        "Page {} of 3",
    ],
)
def test_page_numbers(form: str) -> None:
    pages = sheets(3)
    for page in pages:
        page.text(280, FOOT, form.format(page.number), 12)
    assert texts(*pages) == BODIES[:3]


def test_page_numbers_that_begin_elsewhere_and_stand_at_the_outer_edge() -> None:
    pages = sheets(4)
    for page in pages:
        page.text(LEFT if page.number % 2 else 500, FOOT, str(page.number + 57), 12)
    assert texts(*pages) == BODIES[:4]


def test_lone_page_number_of_a_single_page() -> None:
    (page,) = sheets(1)
    page.text(290, FOOT, "1", 12)
    assert texts(page) == BODIES[:1]


def test_roman_numbers() -> None:
    pages = sheets(3)
    for page, numeral in zip(pages, ("I", "II", "III"), strict=True):
        page.text(290, FOOT, numeral, 12)
    assert texts(*pages) == BODIES[:3]


def test_running_head_and_foot() -> None:
    pages = sheets(4)
    for page in pages:
        page.text(LEFT, 45, "某市人民政府公报 2023年第5期", 9).text(LEFT, FOOT, f"政策文件  {page.number}", 9)
    assert texts(*pages) == BODIES[:4]


def test_heads_that_alternate() -> None:
    pages = sheets(6)
    for page in pages:
        page.text(LEFT, 45, "某市人民政府公报" if page.number % 2 else "市政府文件", 9)
    assert texts(*pages) == BODIES[:6]


def test_letterhead_and_foot_of_the_document_stay() -> None:
    pages = sheets(2)
    pages[0].text(150, 60, "某市人民政府办公室文件", 28)
    pages[1].text(LEFT, 745, "抄送：市委办公室。", 14).text(LEFT, FOOT, "某市人民政府办公室　2023年10月7日印发", 14)
    assert texts(*pages) == [
        "某市人民政府办公室文件",
        BODIES[0],
        BODIES[1],
        "抄送：市委办公室。",
        "某市人民政府办公室　2023年10月7日印发",
    ]


def test_label_of_attachments_on_top_of_pages_stays() -> None:
    pages = [Sheet(number, down=80).line(f"附件{number}").paragraph(BODY) for number in range(1, 5)]
    assert [text for text in texts(*pages) if text != BODY] == ["附件1", "附件2", "附件3", "附件4"]


def test_title_of_forms_on_top_of_pages_stays() -> None:
    pages = [Sheet(number, down=60).centred("某项工作申请登记表", 22).paragraph(BODY) for number in range(1, 5)]
    assert texts(*pages).count("某项工作申请登记表") == 4


def test_figure_in_the_text_at_the_foot_of_a_page_stays() -> None:
    page = Sheet()
    page.down = 700
    page.paragraph(BODY + "共计").line("2023")
    assert "2023" in "".join(texts(page))


def test_full_page_of_text_loses_nothing() -> None:
    pages = [Sheet(number, down=60).paragraph(f"{chr(0x4E00 + number)}{BODY}" * 25) for number in range(1, 4)]
    assert "".join(texts(*pages)) == "".join(f"{chr(0x4E00 + number)}{BODY}" * 25 for number in range(1, 4))


def test_number_of_the_issue_beside_that_of_the_page() -> None:
    pages = sheets(3)
    for page in pages:
        words = [str(page.number + 29), "2021·4"]
        left, right = words if page.number % 2 else reversed(words)
        page.text(LEFT, FOOT, left, 12).text(480, FOOT, right, 9)
    assert texts(*pages) == BODIES[:3]


def test_head_of_two_pages_stays_once() -> None:
    pages = sheets(2)
    for page in pages:
        page.text(LEFT, 60, "某项工作说明", 9)
    assert texts(*pages) == ["某项工作说明", *BODIES[:2]]


def test_head_in_the_type_of_the_text_stays_once_behind_the_sentence_it_interrupts() -> None:
    pages = [Sheet(number) for number in range(1, 6)]
    words = "甲" + BODY * 3 + "。"
    pages[0].paragraph(BODY + "。").line(words[:26], 2).line(words[26:54])
    pages[1].line(words[54:])
    for page in pages[1:]:
        page.text(LEFT, 45, "某项工作说明")
        page.text(LEFT, FOOT, "内部资料")
        page.paragraph(BODIES[page.number])
    found = blocks(*pages)
    assert [block.text for block in found] == [
        BODY + "。",
        words[:54],
        words[54:],
        "某项工作说明",
        BODIES[2],
        "内部资料",
        *BODIES[3:6],
    ]
    assert found[2].continues is True


def test_head_that_is_the_title_too_goes() -> None:
    pages = sheets(2)
    pages[0] = Sheet(1).centred("关于某项工作的", 22).centred("若干规定", 22).paragraph(BODIES[0])
    for page in pages:
        page.text(LEFT, 45, "关于某项工作的若干规定", 9)
    assert texts(*pages) == ["关于某项工作的若干规定", *BODIES[:2]]


def test_head_of_small_type_goes_where_the_text_is_small_too() -> None:
    pages = [Sheet(number) for number in range(1, 5)]
    for page in pages:
        page.text(LEFT, 45, "某市人民政府公报", 9)
        page.text(LEFT + 21, 105, BODIES[page.number][:38], 10.5).text(
            LEFT, 121, BODIES[page.number][38:] or "完。", 10.5
        )
    assert not any("公报" in text for text in texts(*pages))
