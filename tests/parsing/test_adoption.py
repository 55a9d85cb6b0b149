from __future__ import annotations

from datetime import date

import pytest

from rag.domain.document import BlockRole, Kind

from .builders import document, spanned

BODY = "\n第一章　总则\n第一条　为规范某事，制定本法。\n第二条　本法自2024年5月1日起施行。"

# Title, note; issuer, date of the version, number.
NOTES = [
    (
        "中华人民共和国某事法",
        "（2007年8月30日第十届全国人民代表大会常务委员会第二十九次会议通过）",
        "全国人民代表大会常务委员会",
        date(2007, 8, 30),
        None,
    ),
    (
        "中华人民共和国某事法",
        "（2000年3月15日第九届全国人民代表大会第三次会议通过　根据2015年3月15日第十二届全国人民代表大会第三次会议《关于修改〈中华人民共和国某事法〉的决定》第一次修正"
        "　根据2023年3月13日第十四届全国人民代表大会第一次会议《关于修改〈中华人民共和国某事法〉的决定》第二次修正）",
        "全国人民代表大会",
        date(2023, 3, 13),
        None,
    ),
    # on several lines, as PDF and DOCX break it
    (
        "中华人民共和国某事法",
        "（1990年6月28日第七届全国人民代表大会常务委员会第十四次会议通过\n根据2009年8月27日第十一届全国人民代表大会常务委员会第十次会议《关于修改部分法律的决定》第一次修正\n"
        "根据2020年10月17日第十三届全国人民代表大会常务委员会第二十二次会议第二次修正）",
        "全国人民代表大会常务委员会",
        date(2020, 10, 17),
        None,
    ),
    # in half-width brackets, without brackets
    (
        "某事暂行条例",
        "(2003年8月27日第十届全国人民代表大会常务委员会第四次会议通过)",
        "全国人民代表大会常务委员会",
        date(2003, 8, 27),
        None,
    ),
    (
        "汉州省某事条例",
        "2019年9月27日汉州省第十三届人民代表大会常务委员会第十四次会议通过",
        "汉州省第十三届人民代表大会常务委员会",
        date(2019, 9, 27),
        None,
    ),
    # orders: the date of force is not the version's
    (
        "某事暂行条例",
        "（2018年3月2日中华人民共和国国务院令第697号公布　自2018年5月1日起施行）",
        "国务院",
        date(2018, 3, 2),
        "中华人民共和国国务院令第697号",
    ),
    (
        "某事管理规定",
        "（2021年6月1日交通运输部令2021年第9号公布）",
        "交通运输部",
        date(2021, 6, 1),
        "交通运输部令2021年第9号",
    ),
    (
        "汉州市某事管理办法",
        "（2024年3月5日汉州市人民政府令第9号公布）",
        "汉州市人民政府",
        date(2024, 3, 5),
        "汉州市人民政府令第9号",
    ),
    (
        "汉州市某事管理办法",
        "（二〇二四年三月五日汉州市人民政府令第9号公布）",
        "汉州市人民政府",
        date(2024, 3, 5),
        "汉州市人民政府令第9号",
    ),
]


@pytest.mark.parametrize(("title", "note", "issuer", "issued_on", "number"), NOTES)
def test_notes(title, note, issuer, issued_on, number):
    doc = document(f"{title}\n{note}{BODY}")
    assert doc.kind is Kind.LAW
    assert doc.elements.title == title
    assert doc.elements.issuer == issuer
    assert spanned(doc, "issuer") == [issuer]
    assert doc.elements.issued_on == issued_on
    assert doc.elements.document_number == number
    body = [block.span.of(doc.text) for block in doc.blocks if block.role is BlockRole.BODY]
    assert body == BODY.strip().split("\n")


def test_a_title_on_two_lines_above_its_note():
    doc = document(f"中华人民共和国\n某事法\n（2007年8月30日第十届全国人民代表大会常务委员会第二十九次会议通过）{BODY}")
    assert doc.elements.title == "中华人民共和国某事法"


def test_a_line_of_a_web_page_above_is_no_part_of_the_title():
    doc = document(f"法律法规数据库\n某事法\n（2007年8月30日第十届全国人民代表大会常务委员会第二十九次会议通过）{BODY}")
    assert doc.elements.title == "某事法"


def test_an_order_of_the_president():
    doc = document(
        "中华人民共和国主席令\n第十二号\n《中华人民共和国某事法》已由第十四届全国人民代表大会常务委员会第五次会议于2023年9月1日通过，现予公布，自2024年1月1日起施行。\n"
        "中华人民共和国主席　某某某\n2023年9月2日\n中华人民共和国某事法\n（2023年9月1日第十四届全国人民代表大会常务委员会第五次会议通过）"
        + BODY
    )
    assert doc.elements.title == "中华人民共和国某事法"
    assert doc.elements.document_number == "第十二号"
    assert doc.elements.issuer == "全国人民代表大会常务委员会"
    assert doc.elements.issued_on == date(2023, 9, 2)


@pytest.mark.parametrize(
    "line",
    [
        "（2024年3月5日）",  # a date alone
        "（2024年版）",
        "（联系人：某处，2024年3月5日通过电话联系）",
        "2024年3月5日，市政府常务会议通过了本办法，现予公布。",
    ],
)
def test_what_is_no_note(line):
    doc = document(f"关于某事的通知\n{line}\n各单位：\n现将有关事项通知如下。\n汉州市教育局\n2024年5月6日")
    assert doc.elements.issuer == "汉州市教育局"
    assert doc.elements.issued_on == date(2024, 5, 6)
