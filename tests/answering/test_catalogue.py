"""Counts and lists equal a full count of the parsed documents, made here without the catalogue's conditions."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from rag.answering.catalogue import MOST_LISTED
from rag.answering.verification import problems
from rag.app.reader import Reader
from rag.domain.access import Disclosure, Scope
from rag.domain.answer import Answer, Status
from rag.domain.document import Kind, OfficialDocument, ProposalBody
from rag.domain.filters import Filters
from rag.text import fold, squeeze
from tests.answering.conftest import IndexOf

ALL = Scope.everything()

Meets = Callable[[OfficialDocument], bool]


def everything(reader: Reader, scope: Scope = ALL) -> list[OfficialDocument]:
    ids = [summary.document_id for summary in reader.catalog.list_documents(scope=scope).documents]
    return [reader.catalog.document(each, scope=scope) for each in ids]


def from_place(name: str) -> Meets:
    return lambda d: name in (d.elements.place or "")


def year(d: OfficialDocument) -> int | None:
    dated = d.elements.issued_on or d.elements.printed_on
    in_number = re.search(r"[〔\[](\d{4})", d.elements.document_number or "")
    return dated.year if dated else int(in_number[1]) if in_number else None


def of_year(*years: int) -> Meets:
    return lambda d: year(d) in years


def of_kind(kind: Kind) -> Meets:
    return lambda d: d.kind is kind


def labelled(disclosure: Disclosure) -> Meets:
    return lambda d: d.elements.disclosure is disclosure


def answering(body: ProposalBody) -> Meets:
    return lambda d: d.elements.proposal is not None and d.elements.proposal.body is body


def of_class(category: str) -> Meets:
    return lambda d: d.elements.reply_category == category


def issued_by(*endings: str) -> Meets:
    return lambda d: any(name.endswith(endings) for name in (d.elements.issuer or "", *d.elements.co_issuers) if name)


def titled(*words: str) -> Meets:
    def meets(d: OfficialDocument) -> bool:
        proposal = d.elements.proposal.title if d.elements.proposal else None
        return all(word in fold(f"{d.elements.title} {proposal}") for word in words)

    return meets


def mentioning(*words: str) -> Meets:
    return lambda d: all(word in squeeze(fold(d.text)) for word in words)


def both(*parts: Meets) -> Meets:
    return lambda d: all(part(d) for part in parts)


def anything(_: OfficialDocument) -> bool:
    return True


CPPCC, NPC = ProposalBody.CPPCC, ProposalBody.NPC

QUESTIONS: tuple[tuple[str, Meets], ...] = (
    ("库里一共有多少份文件？", anything),
    ("棠湾市有几份文件？", from_place("棠湾市")),
    ("霁川市的文件有多少件？", from_place("霁川市")),
    ("列出鹭原县的所有文件。", from_place("鹭原县")),
    ("望舒县有哪些文件？", from_place("望舒县")),
    ("鹭原县和棠湾市一共有多少份文件？", lambda d: from_place("鹭原县")(d) or from_place("棠湾市")(d)),
    ("砚溪区有哪几份文件？", from_place("砚溪区")),
    ("2025年印发的文件有哪些？", of_year(2025)),
    ("2023年发布了多少份文件？", of_year(2023)),
    ("2021年至2023年一共有多少件文件？", of_year(2021, 2022, 2023)),
    ("二〇二四年的文件有几份？", of_year(2024)),
    ("一共有多少份答复？", of_kind(Kind.REPLY)),
    ("列出所有通知。", of_kind(Kind.NOTICE)),
    ("库里有几份实施方案？", of_kind(Kind.PLAN)),
    ("共有几份报告？", of_kind(Kind.REPORT)),
    ("列出全部管理办法。", of_kind(Kind.LAW)),
    ("2024年的答复有哪些？", both(of_year(2024), of_kind(Kind.REPLY))),
    ("云岫市2024年有几份答复？", both(from_place("云岫市"), of_year(2024), of_kind(Kind.REPLY))),
    ("哪些文件是主动公开的？", labelled(Disclosure.PUBLIC)),
    ("依申请公开的文件有几份？", labelled(Disclosure.ON_REQUEST)),
    ("哪些文件依申请公开？", labelled(Disclosure.ON_REQUEST)),
    ("列出全部不予公开的材料", labelled(Disclosure.INTERNAL)),
    ("Which documents are disclosed on request?", labelled(Disclosure.ON_REQUEST)),
    ("哪些文件标注不予公开？", labelled(Disclosure.INTERNAL)),
    ("没有标注公开属性的文件有多少份？", labelled(Disclosure.UNLABELLED)),
    ("棠湾市依申请公开的文件有哪些？", both(from_place("棠湾市"), labelled(Disclosure.ON_REQUEST))),
    ("政协提案的答复有多少件？", answering(CPPCC)),
    ("列出所有人大建议的答复。", answering(NPC)),
    ("2025年有几件人大代表建议的答复？", both(of_year(2025), answering(NPC))),
    ("A类答复有几件？", of_class("A")),
    ("答复类别为B类的复函有哪些？", of_class("B")),
    ("云岫市教育局发了几份文件？", issued_by("云岫市教育局")),
    ("霁川市人民政府的文件有哪些？", issued_by("霁川市人民政府")),
    ("云岫市财政局联合印发的文件有哪些？", issued_by("云岫市财政局")),
    ("哪些答复是卫生健康局作出的？", both(of_kind(Kind.REPLY), issued_by("卫生健康局", "卫生健康委员会"))),
    ("由市教育局主办的答复有几件？", lambda d: d.elements.lead_unit == "市教育局"),
    ("市公安局协办的答复有哪些？", lambda d: "市公安局" in d.elements.cooperating_units),
    ("关于加装电梯的文件有哪些？", titled("加装", "电梯")),
    ("关于托育的文件有几份？", titled("托育")),
    ("有几份关于学生心理健康的文件？", titled("学生", "心理", "健康")),
    ("提到12356的文件有哪些？", mentioning("12356")),
    ("涉及垃圾分类的文件有多少份？", mentioning("垃圾", "分类")),
    ("提到心理援助的公文有几件？", mentioning("心理", "援助")),
    ("How many documents are there?", anything),
    ("How many documents come from Luyuan County?", from_place("鹭原县")),
    ("List all documents issued in 2022.", of_year(2022)),
    ("How many replies to NPC suggestions are there?", answering(NPC)),
    ("Which documents are on request?", labelled(Disclosure.ON_REQUEST)),
    ("List the notices of Yunxiu City.", both(from_place("云岫市"), of_kind(Kind.NOTICE))),
    ("How many plans did Jichuan issue?", both(from_place("霁川市"), of_kind(Kind.PLAN))),
    ("Which documents mention elevators?", mentioning("电梯")),
)


def cited_sources(answer: Answer) -> set[str]:
    return {citation.document.source for citation in answer.citations}


@pytest.mark.parametrize("scope", [ALL, Scope.public()], ids=["everything", "public"])
@pytest.mark.parametrize(("question", "meets"), QUESTIONS, ids=[question for question, _ in QUESTIONS])
def test_number_and_list_equal_a_full_count(sample: Reader, question: str, meets: Meets, scope: Scope) -> None:
    expected = {d.source for d in everything(sample, scope) if meets(d)}
    answer = sample.answerer.answer(question, scope=scope)
    if not expected:
        assert answer.status is Status.NO_EVIDENCE
        assert answer.count is None
        return
    assert answer.count == len(expected)
    assert cited_sources(answer) == expected
    said = f"{len(expected)} documents" if question.isascii() else f"共{len(expected)}件"
    assert said in answer.statements[0].text
    assert len(answer.statements) == len(expected) + 1
    assert problems(answer, lambda d: sample.catalog.text(d, scope=scope)) == []


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("澄山市有几份文件？", "澄山市"),
        ("岚汀县2019年有几份文件？", "2019"),
        ("鹭原县2025年有几份报告？", "文种：报告总结"),
        ("D类答复有几件？", "D类"),
    ],
)
def test_where_none_meets_the_conditions_it_says_so(sample: Reader, question: str, why: str) -> None:
    answer = sample.answerer.answer(question, scope=ALL)
    assert answer.status is Status.NO_EVIDENCE
    assert answer.text.startswith("库中没有符合条件")
    assert why in answer.text


def test_filters_of_the_caller_hold_as_well(sample: Reader) -> None:
    answer = sample.answerer.answer("2025年有几份文件？", scope=ALL, filters=Filters(place="云岫市", year_to=2025))
    expected = {d.source for d in everything(sample) if from_place("云岫市")(d) and year(d) == 2025}
    assert cited_sources(answer) == expected
    none = sample.answerer.answer("2025年有几份文件？", scope=ALL, filters=Filters(year_to=2024))
    assert none.status is Status.NO_EVIDENCE


def test_a_repealed_document_is_listed_as_such(sample: Reader) -> None:
    answer = sample.answerer.answer("哪些文件已经废止？", scope=ALL)
    assert cited_sources(answer) == {"notices/2020-yunxiu-elevator-subsidy.txt"}


def test_more_documents_than_are_listed_are_all_counted(index_of: IndexOf) -> None:
    many, first = MOST_LISTED + 15, 3 * MOST_LISTED  # no document says how many are listed
    documents = {
        f"{n}.txt": f"青禾市水务局\n\n青水发〔2024〕{n}号\n\n关于第{n}号水闸检修的通知\n\n各乡镇：\n\n第{n}号水闸于本月检修。\n\n"
        f"青禾市水务局\n\n2024年5月6日\n"
        for n in range(first, first + many)
    }
    answer = index_of(documents).answerer.answer("青禾市水务局2024年发了多少份通知？", scope=ALL)
    assert answer.count == many
    assert f"共{many}件" in answer.text
    assert len(cited_sources(answer)) == MOST_LISTED
    assert f"前{MOST_LISTED}件" in answer.text


def test_a_list_keeps_to_the_place_and_the_filter(sample: Reader) -> None:
    assert cited_sources(sample.answerer.answer("棠湾市有哪些文件标注不予公开？", scope=ALL)) == {
        "notices/2025-tangwan-campus-inspection.txt"
    }
    assert cited_sources(
        sample.answerer.answer("哪些文件标注不予公开？", scope=ALL, filters=Filters(place="棠湾"))
    ) == {"notices/2025-tangwan-campus-inspection.txt"}


def test_a_list_keeps_to_the_scope(sample: Reader) -> None:
    answer = sample.answerer.answer("哪些文件标注不予公开？", scope=Scope.public())
    assert cited_sources(answer) == set()
    assert "棠湾市教育局关于开展" not in answer.text
    assert all(lead.title and "隐患排查的通知" not in lead.title for lead in answer.leads)
