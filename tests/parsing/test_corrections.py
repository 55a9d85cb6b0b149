"""Hand corrections: what they put in place of what was read, and that nothing wrong is passed over."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.access import Disclosure
from rag.domain.document import Elements, Kind, Proposal, ProposalBody
from rag.domain.span import Span
from rag.errors import UnreadableSource
from rag.parsing.corrections import MOST_BYTES, NONE, Corrections, combined, most_restrictive, read_corrections

READ = Elements(
    title="关于完善社区助餐网点的答复",
    document_number="岚民函〔2024〕31号",
    issuer="岚湾市民政局",
    place="岚湾市",
    proposal=Proposal(ProposalBody.CPPCC, "五届三次会议", "0412", "关于完善社区助餐网点的提案"),
    addressees=("某委员",),
    issued_on=date(2024, 6, 20),
    disclosure=Disclosure.ON_REQUEST,
    spans={
        "title": (Span(0, 13),),
        "issuer": (Span(20, 26),),
        "place": (Span(20, 23),),
        "proposal.number": (Span(40, 44),),
        "addressees": (Span(50, 53),),
        "disclosure": (Span(60, 65),),
    },
)


def read(words):
    return read_corrections(words.encode(), "397.pdf.meta.toml")


def applied(words):
    return read(words).applied(READ)


ALL_KEYS = """
title = "岚湾市助餐  网点答复"
document_number = "岚民函〔2024〕32号"
issuer = "岚湾市民政局"
co_issuers = ["岚湾市财政局"]
place = "岚湾市"
kind = "notice"
reply_category = "B"
addressees = ["甲委员", "乙委员"]
cc = "市政协提案委员会"
signatory = "丙"
issued_on = 2024-06-21
printed_on = "2024-06-22"
disclosure = "public"
attachments = ["网点名单"]
lead_unit = "岚湾市民政局"
cooperating_units = ["岚湾市财政局"]

[proposal]
body = "npc"
session = "五届四次会议"
number = "18"
"""


def test_every_element_can_be_stated():
    found = read(ALL_KEYS)
    assert found.kind is Kind.NOTICE
    assert found.applied(READ) == Elements(
        title="岚湾市助餐 网点答复",
        document_number="岚民函〔2024〕32号",
        issuer="岚湾市民政局",
        co_issuers=("岚湾市财政局",),
        place="岚湾市",
        reply_category="B",
        proposal=Proposal(ProposalBody.NPC, "五届四次会议", "18", None),
        addressees=("甲委员", "乙委员"),
        cc=("市政协提案委员会",),
        signatory="丙",
        issued_on=date(2024, 6, 21),
        printed_on=date(2024, 6, 22),
        disclosure=Disclosure.PUBLIC,
        attachments=("网点名单",),
        lead_unit="岚湾市民政局",
        cooperating_units=("岚湾市财政局",),
        spans={},
        corrected=(
            "title", "document_number", "issuer", "co_issuers", "place", "reply_category", "proposal", "addressees",
            "cc", "signatory", "issued_on", "printed_on", "disclosure", "attachments", "lead_unit",
            "cooperating_units", "kind",
        ),
    )  # fmt: skip


def test_what_is_not_stated_stays_with_its_spans():
    found = applied('title = "另一个标题"')
    assert found.title == "另一个标题"
    assert found.corrected == ("title",)
    assert found.document_number == READ.document_number
    assert found.spans == {name: spans for name, spans in READ.spans.items() if name != "title"}


@pytest.mark.parametrize(
    ("words", "name", "empty"),
    [
        ('title = ""', "title", None),
        ('issued_on = ""', "issued_on", None),
        ("addressees = []", "addressees", ()),
        ('addressees = ""', "addressees", ()),
        ('addressees = ["", " "]', "addressees", ()),
        ('proposal = ""', "proposal", None),
        ("[proposal]", "proposal", None),
        ('disclosure = ""', "disclosure", Disclosure.UNLABELLED),
    ],
)
def test_an_empty_value_clears_an_element(words, name, empty):
    found = applied(words)
    assert getattr(found, name) == empty
    assert found.corrected == (name,)
    assert not any(key.startswith(name) for key in found.spans)


def test_the_place_follows_the_issuer():
    assert applied('issuer = "汐川县民政局"').place == "汐川县"
    assert applied('issuer = "民政部"').place is None
    assert applied('issuer = ""').place is None
    assert applied('issuer = "汐川县民政局"\nplace = "汐川"').place == "汐川"
    assert "place" not in applied('issuer = "汐川县民政局"').spans


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('disclosur = "internal"', ("'disclosur'", "disclosure", "kind", "unknown")),
        ('disclosure = "secret"', ("'disclosure'", "public | on_request | internal | unlabelled")),
        ('disclosure = "主动公开"', ("'disclosure'", "public")),
        ("disclosure = true", ("'disclosure'", "public")),
        ('kind = "letter"', ("'kind'", "reply | plan | notice | report | law | other")),
        ("title = 5", ("'title'", "string")),
        ('title = ["a"]', ("'title'", "string")),
        ("cc = [1]", ("'cc'", "string")),
        ("cc = {}", ("'cc'", "list")),
        ('issued_on = "2024年6月20日"', ("'issued_on'", "2024-06-20")),
        ('issued_on = "20240620"', ("'issued_on'", "2024-06-20")),
        ("issued_on = 2024-06-20T08:00:00", ("'issued_on'", "2024-06-20")),
        ('issued_on = "2024-02-30"', ("'issued_on'", "2024-06-20")),
        ("issued_on = 2024-02-30", ("TOML",)),
        ('[proposal]\nnumber = "18"', ("'proposal.body'", "cppcc | npc")),
        ('[proposal]\nbody = "gov"', ("'proposal.body'", "cppcc | npc")),
        ('[proposal]\nbody = "npc"\nno = "18"', ("'proposal.no'", "session")),
        ('[proposal]\nbody = "npc"\nnumber = 18', ("'proposal.number'", "string")),
        ('proposal = "18"', ("'proposal'", "table")),
        ("title = ", ("TOML",)),
        ("a = " + "[" * 5000, ("TOML",)),
        ('title = "一"\ntitle = "二"', ("TOML",)),
        ("x" * (MOST_BYTES + 1), ("64 KB",)),
    ],
)
def test_what_is_not_understood_is_refused_in_words(words, said):
    with pytest.raises(UnreadableSource) as caught:
        read(words)
    assert caught.value.source == "397.pdf.meta.toml"
    for word in said:
        assert word in caught.value.reason
    assert "secret" not in caught.value.reason


def test_other_encodings_are_refused():
    with pytest.raises(UnreadableSource, match="UTF-8"):
        read_corrections('title = "标题"'.encode("gb18030"), "a.meta.toml")
    assert read_corrections('\ufefftitle = "标题"'.encode(), "a.meta.toml").names == ("title",)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with suppress(UnreadableSource):
        assert isinstance(read_corrections(data, "a.meta.toml"), Corrections)


# ------------------------------------------------------------------------------------------ several files


def test_no_corrections_change_nothing():
    assert combined([]) == combined([None, None]) == NONE
    assert NONE.applied(READ) == READ


def test_the_first_file_speaks_but_the_most_restrictive_label_holds():
    first, second = read('title = "甲"\ndisclosure = "public"'), read('title = "乙"\ndisclosure = "internal"')
    assert combined([first, second]).applied(READ).title == "甲"
    assert combined([second, first]).applied(READ).title == "乙"
    for several in permutations([first, second, read('title = "丙"')]):
        assert combined(several).applied(READ).disclosure is Disclosure.INTERNAL


def test_where_a_copy_is_not_corrected_its_text_speaks():
    released = read('disclosure = "public"')
    assert combined([released]).applied(READ).disclosure is Disclosure.PUBLIC
    assert combined([released, None]).applied(READ).disclosure is Disclosure.ON_REQUEST
    assert combined([None, released]).applied(Elements()).disclosure is Disclosure.PUBLIC
    withheld = read('disclosure = "internal"')
    assert combined([withheld, None]).applied(READ).disclosure is Disclosure.INTERNAL


@given(st.lists(st.sampled_from(list(Disclosure)), min_size=1))
def test_deny_beats_allow(labels):
    found = most_restrictive(labels)
    assert found in labels
    assert (found is Disclosure.PUBLIC) == (set(labels) == {Disclosure.PUBLIC})
    assert (found is Disclosure.INTERNAL) == (Disclosure.INTERNAL in labels)
