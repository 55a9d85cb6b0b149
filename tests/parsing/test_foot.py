from __future__ import annotations

from datetime import date

import pytest

from rag.domain.document import BlockRole

from .builders import document, spanned

HEAD = "关于开展某项工作的通知\n各有关单位：\n为加强管理，现将有关事项通知如下。\n"


@pytest.mark.parametrize(
    ("lines", "issuer", "issued_on"),
    [
        ("汉州市教育局\n2025年5月17日", "汉州市教育局", date(2025, 5, 17)),
        ("汉州市教育局\n二〇二五年五月十七日", "汉州市教育局", date(2025, 5, 17)),
        ("汉州市教育局　　2025年5月17日", "汉州市教育局", date(2025, 5, 17)),
        ("汉州市教育局（代章）\n2025年5月17日", "汉州市教育局", date(2025, 5, 17)),
        (
            "汉州市行政审批制度改革办公室\n（汉州市政务服务局代章）\n2025年5月17日",
            "汉州市行政审批制度改革办公室",
            date(2025, 5, 17),
        ),
        ("汉州市信访办公室（汉州市司法局代章）\n2025年5月17日", "汉州市信访办公室", date(2025, 5, 17)),
        ("汉州市信访办公室(汉州市司法局 代 章)\n2025年5月17日", "汉州市信访办公室", date(2025, 5, 17)),
        ("汉州市教育局\n2025-05-17", "汉州市教育局", date(2025, 5, 17)),
        ("2025年5月17日", None, date(2025, 5, 17)),
        ("（2025年5月17日）", None, date(2025, 5, 17)),
        ("汉州市教育局", "汉州市教育局", None),
        ("截至2025年5月17日", None, None),
        ("2025年2月30日", None, None),
        ("", None, None),
    ],
)
def test_signature_and_date(lines, issuer, issued_on):
    doc = document(HEAD + lines)
    assert (doc.elements.issuer, doc.elements.issued_on) == (issuer, issued_on)
    assert len(spanned(doc, "issued_on")) == (issued_on is not None)


@pytest.mark.parametrize(
    ("line", "issuer", "co_issuers"),
    [
        ("财政部 税务总局", "财政部", ("税务总局",)),
        ("财政部　　海关总署　　税务总局", "财政部", ("海关总署", "税务总局")),
        ("汉州市教育局 汉州市财政局", "汉州市教育局", ("汉州市财政局",)),
        ("国务院 办公厅", "国务院办公厅", ()),
        ("汉州市教育局 办公室", "汉州市教育局办公室", ()),
        ("汉州市 教育局", "汉州市教育局", ()),
        ("海 关 总 署", "海关总署", ()),
    ],
)
def test_organs_side_by_side_are_told_from_a_name_set_apart(line, issuer, co_issuers):
    doc = document(f"{HEAD}{line}\n2020年2月17日")
    assert (doc.elements.issuer, doc.elements.co_issuers) == (issuer, co_issuers)


@pytest.mark.parametrize(
    ("title", "signature", "issuer", "place"),
    [
        ("省农业农村厅关于开展某项工作的通知", "湖北省农业农村厅", "湖北省农业农村厅", "湖北省"),
        ("市教育局关于开展某项工作的通知", "汉州市教育局", "汉州市教育局", "汉州市"),
        ("市教育局关于开展某项工作的通知", "汉州市财政局", "市教育局", None),  # another organ
        ("教育部关于开展某项工作的通知", "中华人民共和国教育部", "教育部", None),  # left out no place
        ("湖北省教育厅关于开展某项工作的通知", "湖北省教育厅", "湖北省教育厅", "湖北省"),
        ("市教育局关于开展某项工作的通知", "", "市教育局", None),
    ],
)
def test_the_signature_gives_the_place_that_the_title_leaves_out(title, signature, issuer, place):
    doc = document(f"{title}\n各有关单位：\n为加强管理，现将有关事项通知如下。\n{signature}\n2025年5月17日")
    assert (doc.elements.issuer, doc.elements.place) == (issuer, place)
    assert spanned(doc, "issuer") == [issuer]


def test_joint_signatures():
    doc = document(HEAD + "农业农村部\n海 关 总 署\n供销合作总社\n国 铁 集 团\n2020年2月17日")
    assert doc.elements.issuer == "农业农村部"
    assert doc.elements.co_issuers == ("海关总署", "供销合作总社", "国铁集团")
    assert doc.elements.place is None


def test_a_signature_page_without_the_leading_seal():
    doc = document(
        HEAD + "（此页无正文）\n汉州市公安局\n汉州市民政局\n（此页无正文）\n汉州市某工作方案\n一、目标\n建成体系。\n"
        "汉州市卫生健康局办公室\n2023年10月7日印发"
    )
    assert doc.elements.issuer == "汉州市卫生健康局"
    assert doc.elements.co_issuers == ("汉州市公安局", "汉州市民政局")
    assert doc.elements.printed_on == date(2023, 10, 7)
    assert doc.elements.issued_on is None


def test_the_signature_comes_before_an_annex():
    doc = document(
        HEAD
        + "汉州市教育局\n2025年5月17日\n附件\n某项工作方案\n一、目标\n2026年1月1日前建成。\n汉州市财政局\n2024年1月1日"
    )
    assert (doc.elements.issuer, doc.elements.issued_on) == ("汉州市教育局", date(2025, 5, 17))


def test_a_date_under_the_title():
    doc = document("在某会议上的讲话\n（2020年2月23日）\n同志们：\n今天召开会议，部署工作。")
    assert doc.elements.issued_on == date(2020, 2, 23)


@pytest.mark.parametrize(
    ("lines", "printed_on", "issuer"),
    [
        ("汉州市教育局办公室\n2025年6月1日印发", date(2025, 6, 1), "汉州市教育局"),
        ("汉州市教育局办公室　　　2025年6月1日印发", date(2025, 6, 1), "汉州市教育局"),
        ("汉州市人民政府办公室 2025年6月1日印发", date(2025, 6, 1), "汉州市人民政府"),
        ("2025年6月1日 印 发", date(2025, 6, 1), None),
        ("2025年2月31日印发", None, None),
        ("2024年印发了实施方案", None, None),
    ],
)
def test_printing(lines, printed_on, issuer):
    doc = document(HEAD + lines)
    assert (doc.elements.printed_on, doc.elements.issuer) == (printed_on, issuer)


@pytest.mark.parametrize(
    ("line", "cc"),
    [
        ("抄送：市政协提案委，市政府督查室。", ["市政协提案委", "市政府督查室"]),
        ("抄 送: 市人大代表工委、市政府督查室，某街道人大工委。", ["市人大代表工委", "市政府督查室", "某街道人大工委"]),
        ("抄送：各县、区人民政府。", ["各县、区人民政府"]),
        ("抄报：市委办公室；市政府办公室", ["市委办公室", "市政府办公室"]),
        ("要及时抄送有关部门。", []),
    ],
)
def test_copies(line, cc):
    doc = document(HEAD + line)
    assert list(doc.elements.cc) == cc
    assert spanned(doc, "cc") == cc


@pytest.mark.parametrize(
    ("lines", "attachments"),
    [
        ("附件：任务分工表", ["任务分工表"]),
        ("附件：1.任务分工表\n2.进度安排表", ["任务分工表", "进度安排表"]),
        ("附件：1.任务分工表 2.进度安排表", ["任务分工表", "进度安排表"]),
        ("附件：\n1．任务分工表；\n2．进度安排表。", ["任务分工表", "进度安排表"]),
        ("附：任务分工表", ["任务分工表"]),
        ("附件1：任务分工表\n附件2：进度安排表", ["任务分工表", "进度安排表"]),
        ("附件：任务分工表\n汉州市教育局\n2025年5月17日\n附件：任务分工表", ["任务分工表"]),
        ("附件：略", []),
        ("附件", []),
        ("附件要求一并报送。", []),
    ],
)
def test_attachments(lines, attachments):
    doc = document(HEAD + lines)
    assert list(doc.elements.attachments) == attachments
    assert spanned(doc, "attachments") == attachments


def test_roles_keep_the_foot_out_of_the_body():
    doc = document(
        HEAD
        + "一、加强领导\n抓好落实。\n任务\t单位\n宣传\t市教育局\n联系人：办公室\n汉州市教育局\n2025年5月17日\n（此件公开发布）\n"
        "抄送：市政府办公室。\n征求意见表\n意见\t满意\n附件\n任务清单说明。"
    )
    roles = [(block.span.of(doc.text)[:6], block.role) for block in doc.blocks]
    assert roles == [
        ("关于开展某项", BlockRole.HEAD),
        ("各有关单位：", BlockRole.HEAD),
        ("为加强管理，", BlockRole.BODY),
        ("一、加强领导", BlockRole.BODY),
        ("抓好落实。", BlockRole.BODY),
        ("任务\t单位", BlockRole.TABLE),
        ("宣传\t市教育", BlockRole.TABLE),
        ("联系人：办公", BlockRole.FOOT),
        ("汉州市教育局", BlockRole.FOOT),
        ("2025年5", BlockRole.FOOT),
        ("（此件公开发", BlockRole.FOOT),
        ("抄送：市政府", BlockRole.FOOT),
        ("征求意见表", BlockRole.FOOT),
        ("意见\t满意", BlockRole.FOOT),
        ("附件", BlockRole.BODY),
        ("任务清单说明", BlockRole.BODY),
    ]


def test_who_signs_an_order_is_no_body():
    doc = document(
        "汉州市人民政府令\n第12号\n《汉州市某事办法》已经市政府第3次常务会议通过，现予公布，自2024年3月1日起施行。\n市　长　张某某\n2024年1月10日\n汉州市某事办法\n第一条　为规范某事，制定本办法。"
    )
    body = [block.span.of(doc.text) for block in doc.blocks if block.role == "body"]
    assert body == [
        "《汉州市某事办法》已经市政府第3次常务会议通过，现予公布，自2024年3月1日起施行。",
        "汉州市某事办法",
        "第一条　为规范某事，制定本办法。",
    ]
    assert str(doc.elements.issued_on) == "2024-01-10"


def test_copies_above_an_annex_do_not_hide_it():
    doc = document(
        "关于某事的通知\n各学校：\n现通知。\n汉州市教育局\n2024年1月10日\n抄送：市委办公室，市人大办公室，\n市政协办公室。\n附件1\n某方案\n一、目标\n建成。\n抄送：市财政局。"
    )
    assert doc.elements.cc == ("市委办公室", "市人大办公室", "市政协办公室", "市财政局")
    assert [block.span.of(doc.text) for block in doc.blocks if block.role == "body"][1:] == [
        "附件1",
        "某方案",
        "一、目标",
        "建成。",
    ]


def test_another_document_below_the_copies_is_not_lost():
    paragraph = "为进一步加强全市某项工作，" + "健全工作机制，压实各方责任，" * 10 + "现将有关事项通知如下。"
    doc = document(
        f"关于某事的通知\n各学校：\n现通知。\n汉州市教育局\n2024年1月10日\n抄送：市财政局。\n关于另一事的通知\n各学校：\n{paragraph}\n一、目标\n建成。"
    )
    body = [block.span.of(doc.text) for block in doc.blocks if block.role == "body"]
    assert body == ["现通知。", paragraph, "一、目标", "建成。"]
