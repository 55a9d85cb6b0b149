from __future__ import annotations

import pytest

from rag.domain.document import Proposal, ProposalBody

from .builders import document, spanned


def reply(title, addressee, introduction, rest=""):
    return document(f"{title}\n{addressee}：\n{introduction}\n一、工作情况\n已完成。\n{rest}")


@pytest.mark.parametrize(
    ("title", "addressee", "introduction", "expected"),
    [
        (
            "对市政协六届四次会议第454号提案的答复函",
            "某某委员",
            "您提出的《关于加快体系建设的建议》（第454号）的提案收悉，现答复如下：",
            Proposal(ProposalBody.CPPCC, "六届四次会议", "454", "关于加快体系建设的建议"),
        ),
        (
            "关于政协汉州市六届三次会议 第 270 号提案的答复",
            "某某委员",
            "您提出的《关于加强服务的建议》提案收悉, 现答复如下:",
            Proposal(ProposalBody.CPPCC, "六届三次会议", "270", "关于加强服务的建议"),
        ),
        (
            "关于市八届人大四次会议第0018号建议的答复",
            "某某代表",
            "《关于提升服务的建议》（第0018号）收悉，现反馈如下：",
            Proposal(ProposalBody.NPC, "八届人大四次会议", "0018", "关于提升服务的建议"),
        ),
        (
            "对十四届全国人大二次会议第1234号建议的答复",
            "某某代表",
            "您提出的关于加强医保支付改革的建议收悉，现答复如下：",
            Proposal(ProposalBody.NPC, "十四届全国人大二次会议", "1234", "关于加强医保支付改革"),
        ),
        (
            "关于第2024-015号提案的复函",
            "某某委员",
            "贵单位提出的《关于贯彻〈某法〉的提案》收悉。",
            Proposal(ProposalBody.CPPCC, None, "2024-015", "关于贯彻〈某法〉的提案"),
        ),
        (
            "关于提案的答复",
            "某某委员",
            "您在区政协第三届第一次会议上提出的提案收悉（汉提〔2024〕12号）。",
            Proposal(ProposalBody.CPPCC, "第三届第一次会议", None, None),
        ),
        (
            "汉州市教育局关于有关事项的函",
            "某某代表",
            "您提出的《关于校园安全的建议》（第7号）收悉，现答复如下：",
            Proposal(ProposalBody.NPC, None, "7", "关于校园安全的建议"),
        ),
    ],
)
def test_proposals(title, addressee, introduction, expected):
    doc = reply(title, addressee, introduction)
    assert doc.elements.proposal == expected
    for name in ("session", "number", "title"):
        value = getattr(expected, name)
        assert ["".join(words.split()) for words in spanned(doc, f"proposal.{name}")] == ([value] if value else [])


def test_the_number_of_a_form():
    doc = reply("关于提案的答复", "某某委员", "您提出的提案收悉。", "提案编号\t0454\t承办单位\t市卫健委")
    assert doc.elements.proposal is not None
    assert doc.elements.proposal.number == "0454"


@pytest.mark.parametrize(
    ("title", "introduction"),
    [
        ("关于做好提案办理工作的通知", "为做好人大建议和政协提案办理工作，现通知如下。"),
        ("关于印发某方案的通知", "现将方案印发给你们。"),
        ("汉州市教育局关于某事的函", "你局来函收悉，现答复如下。"),
    ],
)
def test_other_documents_answer_no_proposal(title, introduction):
    assert document(f"{title}\n各有关单位：\n{introduction}").elements.proposal is None


@pytest.mark.parametrize(
    ("introduction", "lead", "cooperating"),
    [
        (
            "提案收悉，该建议由市卫健局主办，市教育局、市总工会、市妇联协办，现反馈如下：",
            "市卫健局",
            ("市教育局", "市总工会", "市妇联"),
        ),
        ("提案收悉，由市教育局主办、市财政局会办。", "市教育局", ("市财政局",)),
        ("提案收悉，由市教育局承办。", "市教育局", ()),
        ("提案收悉，由我局主办，市财政局协办。", None, ("市财政局",)),
        ("提案收悉，由有关方面共同主办，大家协办。", None, ()),
        ("提案收悉。", None, ()),
    ],
)
def test_handling_units(introduction, lead, cooperating):
    doc = reply("关于第3号提案的答复", "某某委员", introduction)
    assert (doc.elements.lead_unit, doc.elements.cooperating_units) == (lead, cooperating)
    assert spanned(doc, "cooperating_units") == list(cooperating)


def test_handling_units_on_lines_of_their_own():
    doc = reply(
        "关于第3号提案的答复", "某某委员", "您提出的提案收悉。", "主办单位：市教育局\n协办单位：市财政局、市公安局"
    )
    assert doc.elements.lead_unit == "市教育局"
    assert doc.elements.cooperating_units == ("市财政局", "市公安局")
