"""The questions of near_topics.py are well formed, and its halves and rows are counted as its page says."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from rag.evaluation.judging import Verdict
from rag.evaluation.questions import JudgedQuestion, read_questions

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def near_topics(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    return import_module("near_topics")


def test_half_are_near_misses_and_each_names_a_document_that_is_laid_out(near_topics):
    asked = read_questions(near_topics.QUESTIONS)
    laid_out = {f"policy/{name}.txt" for name in near_topics.DOCUMENTS.read_text(encoding="utf-8").split()}
    assert len(asked) == 120
    assert sum(not each.answerable for each in asked) == 60
    assert all(bool(each.must) is each.answerable for each in asked)
    policy = [name for each in asked for name in each.documents if name.startswith("policy/")]
    assert len(policy) > 80
    assert set(policy) <= laid_out


def test_a_row_tells_refusals_from_wrong_answers(near_topics):
    near, able = (JudgedQuestion(name, "thing", "问", answerable) for name, answerable in (("n1", False), ("a2", True)))
    verdicts = [
        Verdict(near, (), "没有", ()),
        Verdict(near, ("status",), "有", ("a.txt",)),
        Verdict(able, (), "对", ("a.txt",)),
        Verdict(able, ("missing",), "错", ("a.txt",)),
        Verdict(able, ("status",), "没有", ()),
    ]
    assert near_topics.row("all", verdicts) == ("all", 2, 1, 3, 1, 1, 1)
    assert near_topics.row("thing", verdicts[:1]) == ("thing", 1, 1, "", "", "", "")
    assert [near_topics.half_of(verdict) for verdict in verdicts[1:3]] == ["first", "second"]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("关于绿化的通知", "关于绿化的\n通知\n各区：", "关于绿化的\n通知\n各区："),
        ("关于绿化的通知", "各区：现通知如下。", "关于绿化的通知\n各区：现通知如下。"),
    ],
)
def test_a_title_stands_above_a_text_that_does_not_open_with_it(near_topics, title, text, expected):
    assert near_topics.with_title({"title": title, "text": text}) == expected
