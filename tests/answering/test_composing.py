"""Answers are put together once: marks, names of documents, refusals."""

from __future__ import annotations

import pytest

from rag.answering.composing import Composer, label, refuse
from rag.domain.answer import DutyFinding, Statement, Status
from rag.domain.document import DocumentSummary
from rag.domain.span import Span

from .builders import summary

TEXT = "市教育局牵头。市公安局配合。"


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (summary(), "云岫市教育局（岫教函〔2024〕33号）"),
        (summary(issuer=None), "岫教函〔2024〕33号"),
        (summary(number=None), "云岫市教育局《关于校园安全的答复》"),
        (summary(number=None, issuer=None), "《关于校园安全的答复》"),
        (summary(number=None, title=None), "云岫市教育局"),
        (summary(number=None, title=None, issuer=None), "d1.txt"),
    ],
)
def test_label(document: DocumentSummary, name: str) -> None:
    assert label(document) == name


def test_marks_follow_each_statement_and_ids_count_from_one() -> None:
    composer = Composer("谁牵头？")
    first = composer.cite(summary(), TEXT, Span(0, 7), section=("一、分工",), page=3)
    second = composer.cite(summary(), TEXT, Span(7, 14))
    composer.state("市 教育局牵头，配合的是市公安局。", [first, second])
    composer.state("市公安局配合。", [second])
    answer = composer.answer()
    assert answer.text == "市教育局牵头，配合的是市公安局。[1][2]\n市公安局配合。[2]"
    assert (answer.status, answer.question, answer.leads) == (Status.ANSWERED, "谁牵头？", ())
    assert answer.statements[1] == Statement("市公安局配合。", (2,))
    assert [(c.id, c.quote, c.section, c.page) for c in answer.citations] == [
        (1, "市教育局牵头。", ("一、分工",), 3),
        (2, "市公安局配合。", (), None),
    ]


def test_the_same_words_are_cited_once_and_those_of_another_document_are_not_the_same() -> None:
    composer = Composer("谁牵头？")
    assert composer.cite(summary(), TEXT, Span(0, 7)) == composer.cite(summary(), TEXT, Span(0, 7)) == 1
    assert composer.cite(summary("d2"), TEXT, Span(0, 7)) == 2


def test_the_words_alone_may_be_given_in_place_of_the_whole_text() -> None:
    composer = Composer("谁牵头？")
    composer.cite(summary(), "市公安局配合。", Span(107, 114))
    composer.state("市公安局配合。", [1])
    assert composer.answer().citations[0].quote == "市公安局配合。"


def test_duties_go_with_the_answer_and_nothing_stated_is_empty() -> None:
    composer = Composer("谁牵头？")
    assert composer.is_empty
    duty = DutyFinding("校园安全", ("市教育局",), (), (1,))
    composer.add_duty(duty)
    assert composer.is_empty  # a duty that is not stated is no answer
    composer.cite(summary(), TEXT, Span(0, 7))
    composer.state("市教育局牵头。", [1])
    assert not composer.is_empty
    assert composer.answer().duties == (duty,)


def test_a_refusal_says_why_and_names_at_most_five_documents_once_each() -> None:
    nearest = [summary(f"d{n % 7}", title=f"文件{n % 7}") for n in range(14)]
    answer = refuse("谁牵头？", "现有文件没有说明。", nearest)
    assert (answer.status, answer.text) == (Status.NO_EVIDENCE, "现有文件没有说明。")
    assert [lead.document_id for lead in answer.leads] == ["d0", "d1", "d2", "d3", "d4"]
    assert (answer.statements, answer.citations, answer.duties) == ((), (), ())
