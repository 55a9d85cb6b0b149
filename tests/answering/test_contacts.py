"""Whom to call: the contact lines of the documents that are meant, masked for who may not see them."""

from __future__ import annotations

import pytest

from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status
from rag.domain.personal import MASK

from .conftest import IndexOf

PHONE = "13900004321"


def notice(place: str, year: int, serial: int, contact: str) -> str:
    return (
        f"{place}民政局\n\n{place[0]}民发〔{year}〕{serial}号\n\n关于做好助餐点申报工作的通知\n\n各乡镇：\n\n"
        f"请于每年三月申报助餐点。\n\n{contact}\n\n{place}民政局\n\n{year}年2月3日\n"
    )


DOCUMENTS = {
    "a.txt": notice("临洲市", 2024, 3, f"联系人：方小岫，联系电话：{PHONE}"),
    "b.txt": notice("汐川县", 2023, 5, "联系人：安小禾，联系电话：13900008765"),
    "c.txt": notice("棠湾市", 2024, 7, "申报材料不退还。"),
}
SEES_ALL = Scope.everything(personal_data=True)


@pytest.fixture
def reader(index_of: IndexOf) -> Reader:
    return index_of(DOCUMENTS)


def ask(reader: Reader, question: str, scope: Scope = SEES_ALL) -> Answer:
    return reader.answerer.answer(question, scope=scope)


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("临洲市助餐点申报的联系人是谁？", "a.txt"),
        ("临洲市民政局助餐点申报联系电话是多少？", "a.txt"),
        ("临民发〔2024〕3号的联系电话是多少？", "a.txt"),
        ("汐川县助餐点申报找谁联系？", "b.txt"),
    ],
)
def test_the_line_of_the_document_meant_is_given(reader: Reader, question: str, source: str) -> None:
    answer = ask(reader, question)
    (citation,) = answer.citations
    assert citation.document.source == source
    assert citation.quote.startswith("联系人：")
    assert citation.quote in answer.text


def test_who_may_not_see_it_is_told_where_it_stands_and_that_it_is_masked(reader: Reader) -> None:
    answer = ask(reader, "临洲市助餐点申报的联系电话是多少？", Scope.everything())
    (citation,) = answer.citations
    assert MASK in citation.quote
    assert PHONE not in answer.text
    assert any("masked" in note for note in answer.notes)


@pytest.mark.parametrize(
    "question",
    [
        "棠湾市助餐点申报的联系电话是多少？",  # its notice names nobody
        "临洲市2019年助餐点申报的联系人是谁？",  # of another year
        "临洲市公安局的联系电话是多少？",  # of another agency
    ],
)
def test_nobody_elses_line_is_given(reader: Reader, question: str) -> None:
    answer = ask(reader, question)
    assert answer.status is Status.NO_EVIDENCE or not any("联系人" in c.quote for c in answer.citations)


def reply(number: str, serial: int, contact: str) -> str:
    return (
        f"岚汀县教育局\n\n岚教函〔2024〕{serial}号\n\n关于县政协三届二次会议第{number}号提案的答复\n\n提案委员：\n\n"
        f"您提出的提案收悉，现答复如下：\n\n全县建成食堂{serial}所。\n\n{contact}\n\n岚汀县教育局\n\n2024年6月20日\n"
    )


REPLIES = {
    "0077.txt": reply("0077", 31, "联系人：方小岫，联系电话：13900001231"),
    "0078.txt": reply("0078", 32, "联系人：安小禾，联系电话：13900001232"),
}


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("第0078号提案答复的联系人是谁？", ["0078.txt"]),
        ("岚汀县第77号提案的联系电话是多少？", ["0077.txt"]),
        ("第0099号提案答复的联系人是谁？", []),
    ],
)
def test_of_a_proposal_the_line_of_its_own_reply_is_given(index_of: IndexOf, question: str, sources: list[str]) -> None:
    answer = ask(index_of(REPLIES), question)
    assert [citation.document.source for citation in answer.citations] == sources
