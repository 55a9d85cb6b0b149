"""Days named with their year, held against texts that name the day alone."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.days import days_asked, names_day, note_on_year
from rag.domain.answer import Answer, Citation, Statement, Status
from rag.domain.document import DocumentSummary
from rag.domain.span import Span

from .builders import ask, citation, summary


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("2020年1月25日晚上下发了什么通知？", {(1, 25)}),
        ("2020 年 01 月 05 号下发了什么通知？", {(1, 5)}),
        ("2020年1月25日和2月3日下发了什么？", {(1, 25)}),
        ("二〇二〇年一月二十五日下发了什么通知？", {(1, 25)}),
        ("1月25日下发了什么通知？", set()),  # no year to prove
        ("2020年1月下发了什么通知？", set()),
        ("2020年1月25日下发的通知对2021年有何要求？", set()),
    ],
)
def test_days_asked(question: str, days: set[tuple[int, int]]) -> None:
    assert days_asked(ask(question)) == days


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("1月25日晚，通知下发。", True),
        ("1月２５号，通知下发。", True),
        ("一月二十五日，通知下发。", True),
        ("11月25日晚，通知下发。", False),
        ("1月25个项目开工。", False),
        ("2019年1月25日晚，通知下发。", False),
    ],
)
def test_a_text_names_the_day(text: str, holds: bool) -> None:
    assert names_day(frozenset({(1, 25)}), text) is holds


UNDATED = summary(title=None, number=None, issued_on=None)
DATED = summary(title=None, number=None, issued_on=date(2020, 1, 25))


@pytest.mark.parametrize(
    ("question", "document", "words", "is_noted"),
    [
        ("2020年1月25日要求什么？", UNDATED, "1月25日，要求排查。", True),
        ("2020年1月25日要求什么？", UNDATED, "2020年1月25日，要求排查。", False),
        ("2020年1月25日要求什么？", DATED, "1月25日，要求排查。", False),
        ("1月25日要求什么？", UNDATED, "1月25日，要求排查。", False),
    ],
)
def test_that_a_year_is_nowhere_named_is_said(
    question: str, document: DocumentSummary, words: str, is_noted: bool
) -> None:
    cited = citation(1, words, Span(0, len(words)), document)
    assert bool(note_on_year(ask(question), _answer(question, (cited,)))) is is_noted


def test_nothing_is_said_of_a_refusal() -> None:
    assert note_on_year(ask("2020年1月25日要求什么？"), _answer("2020年1月25日要求什么？", ())) == ()


def _answer(question: str, citations: tuple[Citation, ...]) -> Answer:
    statements = tuple(Statement(each.quote, (each.id,)) for each in citations)
    return Answer(question, Status.ANSWERED if citations else Status.NO_EVIDENCE, "", statements, citations)
