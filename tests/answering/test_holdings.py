"""What counts or lists documents, and what only sounds so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.answering.holdings import read_holdings_question
from rag.domain.access import Disclosure
from rag.domain.document import Kind, ProposalBody
from rag.domain.particulars import Particulars
from rag.retrieval.question import understand
from rag.retrieval.terms import TermTable

PLACES = ("云岫市", "鹭原县", "霁川市")
TERMS = TermTable({"childcare": ("托育",), "documents": ("文件",), "mention": ("提到",), "suggestions": ("建议",)})


def read(text: str, places: Sequence[str] = PLACES):
    return read_holdings_question(understand(text, places=places, load_terms=lambda: TERMS))


@pytest.mark.parametrize(
    ("question", "is_count", "kind", "particulars"),
    [
        ("库里有几份文件？", True, None, Particulars()),
        ("云岫市的答复有多少件？", True, Kind.REPLY, Particulars()),
        ("列出鹭原县2025年印发的所有文件。", False, None, Particulars()),
        ("哪些文件是依申请公开的？", False, None, Particulars(disclosure=Disclosure.ON_REQUEST)),
        ("云岫市有几份公开的方案？", True, Kind.PLAN, Particulars(disclosure=Disclosure.PUBLIC)),
        ("有几件政协提案的答复？", True, Kind.REPLY, Particulars(proposal_body=ProposalBody.CPPCC)),
        ("答复人大建议的复函有哪几件？", False, Kind.REPLY, Particulars(proposal_body=ProposalBody.NPC)),
        ("哪份答复的类型是B类？", False, Kind.REPLY, Particulars(reply_category="B")),
        ("B类答复有几件？", True, Kind.REPLY, Particulars(reply_category="B")),
        ("云岫市教育局一共发了几份文件？", True, None, Particulars(issuer="市教育局")),
        ("由市公安局协办的答复有几件？", True, Kind.REPLY, Particulars(cooperating_unit="市公安局")),
        ("关于托育服务的文件有哪些？", False, None, Particulars(named=(("托育",), ("服务",)))),
        ("提到电梯的通知有哪些？", False, Kind.NOTICE, Particulars(mentioned=(("电梯",),))),
        ("How many documents are about childcare?", True, None, Particulars(named=(("托育",),))),
        ("List the replies to NPC suggestions.", False, Kind.REPLY, Particulars(proposal_body=ProposalBody.NPC)),
    ],
)
def test_conditions_are_read(question: str, is_count: bool, kind: Kind | None, particulars: Particulars) -> None:
    asked = read(question)
    assert asked is not None
    assert (asked.is_count, asked.kind, asked.particulars) == (is_count, kind, particulars)


@pytest.mark.parametrize(
    "question",
    [
        "岚汀县2019年收到多少件政府信息公开申请？",  # 件 of applications
        "有几个部门参与制定这个方案？",  # departments
        "云岫市加装电梯有哪些规定？",  # what is ruled
        "鹭原县养老服务有什么计划？",  # what is planned
        "对延长公交线路的建议有什么答复？",  # what was replied
        "哪些文件规定了欺凌防治？",  # what they say
        "岫建发〔2020〕15号被哪个文件废止了？",  # one document
        "霁川市营运车辆有多少辆？",
        "How many buses does Jichuan have?",
        "What plans does Jichuan have?",
    ],
)
def test_questions_for_what_documents_say_are_left_alone(question: str) -> None:
    assert read(question) is None
