"""Which document is answered from in a run of clauses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.evidence import Evidence
from rag.answering.intent import read_intent
from rag.answering.running import running_document
from rag.domain.document import Kind
from rag.domain.span import Span

from .builders import ask, passage, summary

NOTICE = replace(summary("notice", place=None), kind=Kind.NOTICE)


def said(text: str) -> Evidence:
    return Evidence(passage(text), NOTICE, Span(0, len(text)), text, 1.0, 1.0, 1.0, fits=True, score=1.0)


@pytest.mark.parametrize(
    ("question", "text", "runs"),
    [
        ("登记科的电话是多少？", "登记科电话：12345678", True),
        # A masked number by itself says nothing: the sentence does, whose it is.
        ("登记科的电话是多少？", "登记科 ＊＊＊，电话：＊＊＊＊＊＊＊＊", False),
        ("登记科要求什么？", "登记科 ＊＊＊，电话：＊＊＊＊＊＊＊＊", True),
    ],
)
def test_a_masked_number_is_stated_in_its_sentence(question: str, text: str, runs: bool) -> None:
    asked = ask(question)
    assert (running_document(asked, read_intent(asked), [said(text)]) == NOTICE) is runs


@pytest.mark.parametrize(
    ("question", "kind", "runs"),
    [
        ("云岫市校园检查查哪些内容？", Kind.NOTICE, True),
        ("云岫市怎么开展校园检查？", Kind.NOTICE, True),
        ("云岫市怎么开展校园检查？", Kind.PLAN, False),
        ("云岫市检查了多少所学校？", Kind.NOTICE, False),
        ("云岫市什么时候检查学校？", Kind.NOTICE, False),
        ("汉中市检查了多少所学校？", Kind.NOTICE, True),  # of no place of the document's
        ("云岫市的校园检查收费吗？", Kind.NOTICE, False),
        ("云岫市在校园检查方面做了哪些工作？", Kind.NOTICE, False),
        ("How does Yunxiu City inspect schools?", Kind.NOTICE, False),
    ],
)
def test_of_a_place_named_figures_and_days_are_stated_in_sentences(question: str, kind: Kind, runs: bool) -> None:
    document = replace(summary("of-yunxiu", place="云岫市"), kind=kind)
    text = "云岫市检查学校12所。"
    evidence = Evidence(passage(text), document, Span(0, len(text)), text, 1.0, 1.0, 1.0, fits=True, score=1.0)
    asked = ask(question)
    assert (running_document(asked, read_intent(asked), [evidence]) == document) is runs


def test_nothing_runs_where_nothing_supports() -> None:
    asked = ask("登记科要求什么？")
    assert running_document(asked, read_intent(asked), []) is None
