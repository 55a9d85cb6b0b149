"""What a model may write from, and that a draft which does not hold is never given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from rag.answering.answerer import Answerer
from rag.answering.drafting.drafter import Drafter
from rag.answering.drafting.endpoint import Address, ChatEndpoint
from rag.answering.evidence import Evidence
from rag.answering.material import read_material
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer, Mode
from tests.answering.conftest import IndexOf

ALL = Scope.everything()
QUESTION = "临洲市检查校园食堂多少家次？"
PHONE = "13900001234"
REPLY = f"""\
关于校园食堂监管情况的通报

2023年临洲市检查校园食堂328家次，发现问题146个，已整改141个。

联系人：方小岫，联系电话：{PHONE}

临洲市市场监督管理局

2024年6月20日
"""


class Careless(Drafter):
    """A drafter with a fault of ours: it gives out whatever was done to the answer."""

    def __init__(self, fault: Callable[[Answer], Answer]) -> None:
        super().__init__(ChatEndpoint(Address("http://127.0.0.1:9", "writer-1", None)))
        self._fault = fault

    def draft(
        self,
        question: str,
        answer: Answer,
        able: Sequence[Evidence],
        beside: Sequence[Evidence],
        *,
        text_of: Callable[[str], str],
    ) -> Answer:
        return self._fault(replace(answer, mode=Mode.LLM))


@pytest.fixture
def reader(index_of: IndexOf) -> Reader:
    return index_of({"reply.txt": REPLY})


def quoting_wrongly(answer: Answer) -> Answer:
    (first, *others) = answer.citations
    return replace(answer, citations=(replace(first, quote=first.quote.replace("328", "338")), *others))


def citing_nothing(answer: Answer) -> Answer:
    return replace(answer, statements=tuple(replace(statement, citations=()) for statement in answer.statements))


@pytest.mark.parametrize("fault", [quoting_wrongly, citing_nothing])
def test_a_draft_that_does_not_hold_is_withheld(reader: Reader, fault: Callable[[Answer], Answer]) -> None:
    expected = Answerer(reader.catalog, reader.searcher).answer(QUESTION, scope=ALL)
    answer = Answerer(reader.catalog, reader.searcher, Careless(fault)).answer(QUESTION, scope=ALL)
    assert (answer.statements, answer.citations, answer.mode) == (
        expected.statements,
        expected.citations,
        Mode.EXTRACTIVE,
    )
    assert "the draft did not pass" in answer.notes[-1]


def test_a_draft_that_holds_is_given(reader: Reader) -> None:
    answer = Answerer(reader.catalog, reader.searcher, Careless(lambda answer: answer)).answer(QUESTION, scope=ALL)
    assert answer.mode is Mode.LLM


@pytest.mark.parametrize("shows_personal", [False, True])
def test_texts_are_read_as_the_asker_sees_them_and_masked(reader: Reader, shows_personal: bool) -> None:
    answer = reader.answerer.answer(QUESTION, scope=ALL)
    scope = Scope.everything(personal_data=shows_personal)
    material = read_material(answer, [], [], reader.catalog, scope=scope)
    (document_id,) = material.texts
    assert (PHONE in material.texts[document_id]) == shows_personal
    assert PHONE not in material.masked_texts[document_id]
    assert len(material.texts[document_id]) == len(material.masked_texts[document_id])
