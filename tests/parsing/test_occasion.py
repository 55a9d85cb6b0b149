from __future__ import annotations

from datetime import date

import pytest

from rag.domain.document import BlockRole, Kind

from .builders import document, spanned

BODY = "\n各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n一、工作回顾\n过去一年，各项工作取得进展。"
MEETING = "2025年1月18日在汉州市第八届人民代表大会第五次会议上"


@pytest.mark.parametrize(
    ("opening", "issuer"),
    [
        (f"{MEETING}\n汉州市人民政府市长　张某某", "汉州市人民政府"),
        (f"——{MEETING}\n汉州市人民政府市长　张某某", "汉州市人民政府"),
        (f"（{MEETING}）", None),  # 市人民政府 alone does not say of which city
        (f"{MEETING}汉州市人民政府市长张某某作政府工作报告。", "汉州市人民政府"),
        (f"于{MEETING}\n汉州市人民政府代市长　张某某", "汉州市人民政府"),
        (f"{MEETING}\n汉州市中级人民法院院长　张某某", "汉州市中级人民法院"),
        ("2025 年 1 月 18 日在汉州市第八届人民代表大会第五次会议上\n市长　张某某", None),
    ],
)
def test_reports_to_a_congress(opening, issuer):
    doc = document(f"政府工作报告\n{opening}{BODY}")
    assert doc.kind is Kind.REPORT
    assert doc.elements.title == "政府工作报告"
    assert doc.elements.issuer == issuer
    assert doc.elements.place == (issuer and "汉州市")
    assert doc.elements.issued_on == date(2025, 1, 18)
    assert doc.elements.addressees == ("各位代表",)
    first = next(block for block in doc.blocks if block.role is BlockRole.BODY)
    assert first.span.of(doc.text).startswith("现在，我代表")


def test_the_organ_that_the_speaker_represents():
    doc = document(f"政府工作报告\n{MEETING}\n各位代表：\n现在，我代表汉州市人民政府，向大会报告工作，请予审议。")
    assert doc.elements.issuer == "汉州市人民政府"
    assert spanned(doc, "issuer") == ["汉州市人民政府"]


def test_a_meeting_told_of_in_the_body_is_no_occasion():
    doc = document(
        "汉州市教育局关于某事的通知\n各学校：\n2025年1月18日在全市教育工作会议上，市长张某某提出要求。\n汉州市教育局\n2025年2月3日"
    )
    assert doc.elements.issuer == "汉州市教育局"
    assert doc.elements.issued_on == date(2025, 2, 3)
