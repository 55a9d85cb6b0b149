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


def test_nothing_runs_where_nothing_supports() -> None:
    asked = ask("登记科要求什么？")
    assert running_document(asked, read_intent(asked), []) is None
