"""``benchmarks/failures.py``: the cause of a failure, told from two hits."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from rag.domain.passage import Hit, Passage
from rag.domain.span import Span
from rag.retrieval.search import PARTS

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def failures(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), str(BENCHMARKS.parent / "training"), *sys.path])
    return import_module("failures")


def hit(text, **parts):
    passage = Passage(text, text, 0, Span(0, len(text)), (), None, text)
    return Hit(passage, 0.5, dict.fromkeys(PARTS, 0.5) | parts)


@pytest.mark.parametrize(
    ("right", "words", "cause"),
    [
        (None, (0.9, 0.0), "not a candidate"),
        (hit("路灯由市城管局负责维护，夜间报修。"), (0.9, 0.5), "nearly the same text"),
        (hit("照明设施的养护。", authority=0.2), (0.5, 0.5), "rank or place"),
        (hit("照明设施的养护。", authority=0.2, lexical=0.4), (0.5, 0.5), "whole document"),
        (hit("照明设施的养护。"), (0.5, 0.1), "no shared word"),
        (hit("照明设施的养护。"), (0.6, 0.5), "more of its words elsewhere"),
        (hit("照明设施的养护。", dense=0.3), (0.5, 0.5), "meaning"),
    ],
)
def test_the_cause(failures, right, words, cause):
    first = hit("路灯由市城管局负责维护，夜里报修。")
    found = failures.cause_of(first, right, words_of_first=words[0], words_of_right=words[1])
    assert found == cause
    assert found in failures.CAUSES


def test_fifty_are_shown_of_all_sets_alike(failures):
    found = [failures.Failure(name, str(at), 2, "meaning") for name in failures.SETS for at in range(40)]
    shown = failures.shown(found)
    assert [sum(f.collection == name for f in shown) for name in failures.SETS] == [17, 17, 16]
    assert failures.shown(found[::-1]) == shown
