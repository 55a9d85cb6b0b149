"""Every element of the five real documents. Persons are compared by digest, as no name may stand here."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from rag.domain.access import Disclosure
from rag.domain.document import Elements, Kind, Proposal, ProposalBody
from rag.parsing.sheet import value_of

from .builders import needs_seeds, seed, spanned

pytestmark = needs_seeds


def digest(name):
    return hashlib.sha256(name.encode()).hexdigest()[:12]


EXPECTED = {
    "000": Elements(
        title="对市政协六届四次会议第454号提案的答复函",
        document_number="汉卫函〔2025〕143号",
        issuer="汉中市卫生健康委员会",
        place="汉中市",
        reply_category="A",
        proposal=Proposal(ProposalBody.CPPCC, "六届四次会议", "454", "关于加快我市社会心理服务体系建设工作的建议"),
        cc=("市政协提案委", "市政府督查室"),
    ),
    "001": Elements(
        title="关于政协宜昌市六届三次会议第270号提案的答复",
        issuer="宜昌市卫生健康委员会",
        place="宜昌市",
        reply_category="A",
        proposal=Proposal(ProposalBody.CPPCC, "六届三次会议", "270", "关于进一步加强我市社会心理服务体系建设的建议"),
        disclosure=Disclosure.PUBLIC,
    ),
    "002": Elements(
        title="关于市八届人大四次会议第0018号建议的答复",
        document_number="狮卫健函〔2025〕147号",
        issuer="石狮市卫生健康局",
        place="石狮市",
        reply_category="B",
        proposal=Proposal(ProposalBody.NPC, "八届人大四次会议", "0018", "关于提升我市心理健康服务体系建设的建议"),
        cc=("市人大代表工委", "市政府督查室", "湖滨街道人大工委"),
        disclosure=Disclosure.ON_REQUEST,
        lead_unit="市卫健局",
        cooperating_units=("市教育局", "市总工会", "市妇联"),
    ),
    "003": Elements(
        title="关于印发广汉市社会心理服务工作实施方案的通知",
        document_number="广卫健发〔2023〕39号",
        issuer="广汉市卫生健康局",
        co_issuers=(
            "广汉市经济信息化和科学技术局",
            "广汉市公安局",
            "广汉市民政局",
            "广汉市司法局",
            "广汉市财政局",
            "广汉市人力资源和社会保障局",
            "广汉市应急管理局",
            "广汉市信访局",
        ),
        place="广汉市",
        addressees=("各相关单位",),
        printed_on=date(2023, 10, 7),
        disclosure=Disclosure.ON_REQUEST,
    ),
    "004": Elements(
        title="重庆市渝北区卫生健康委员会关于区政协十六届三次会议第348号提案的复函",
        document_number="渝北卫健函〔2024〕90号",
        issuer="重庆市渝北区卫生健康委员会",
        place="重庆市渝北区",
        proposal=Proposal(ProposalBody.CPPCC, "十六届三次会议", "348", "关于加强我区部分社区心理健康服务的建议"),
        issued_on=date(2024, 5, 17),
        disclosure=Disclosure.PUBLIC,
    ),
}

NAMES = [name for name in Elements.__dataclass_fields__ if name not in ("spans", "signatory", "addressees")]

# Digests of the persons addressed or signing.
PERSONS = {
    "000": ("23a92a6af1f6", "7d3cf18acfcd"),
    "001": ("001d135188f1", None),
    "002": ("976f190f8e76", None),
    "004": ("019f0c1b4b84", None),
}


@pytest.mark.parametrize("number", EXPECTED)
@pytest.mark.parametrize("name", NAMES)
def test_elements(number, name):
    assert getattr(seed(number).elements, name) == getattr(EXPECTED[number], name)


@pytest.mark.parametrize("number", PERSONS)
def test_persons(number):
    elements = seed(number).elements
    (addressee,) = elements.addressees
    signatory = digest(elements.signatory) if elements.signatory else None
    assert (digest(addressee), signatory) == PERSONS[number]


def test_the_plan_is_addressed_to_units():
    assert seed("003").elements.addressees == ("各相关单位",)
    assert seed("003").elements.signatory is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [("000", Kind.REPLY), ("001", Kind.REPLY), ("002", Kind.REPLY), ("003", Kind.PLAN), ("004", Kind.REPLY)],
)
def test_kinds(number, kind):
    assert seed(number).kind is kind


# Element → words at its span, where they differ from the value.
WRITTEN = {
    ("001", "title"): ["关于政协宜昌市六届三次会议 第 270 号提案的答复"],
    ("003", "title"): ["关于印发广汉市社会心理服务 工作实施方案的通知"],
    ("004", "title"): ["重庆市渝北区卫生健康委员会 关于区政协十六届三次会议第348号提案 的复函"],
    ("001", "disclosure"): ["主动公开"],
    ("002", "disclosure"): ["依申请公开"],
    ("003", "disclosure"): ["依申请公开"],
    ("004", "disclosure"): ["公开发布"],
    ("003", "printed_on"): ["2023年10月7日"],
    ("004", "issued_on"): ["2024年5月17日"],
}


@pytest.mark.parametrize("number", EXPECTED)
def test_every_element_found_has_its_span(number):
    doc = seed(number)
    for name in (*NAMES, "signatory", "addressees"):
        value = getattr(doc.elements, name)
        words = spanned(doc, name)
        if name == "proposal":
            continue
        if value in (None, (), Disclosure.UNLABELLED):
            assert words == []
        elif (number, name) in WRITTEN:
            assert words == WRITTEN[number, name]
        else:
            assert tuple(map(value_of, words)) == (value if isinstance(value, tuple) else (value,))
    if doc.elements.proposal is not None:
        for part in ("session", "number", "title"):
            assert [value_of(words) for words in spanned(doc, f"proposal.{part}")] == [
                getattr(doc.elements.proposal, part)
            ]
