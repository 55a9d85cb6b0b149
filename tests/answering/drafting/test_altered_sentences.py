"""The check held against the sample corpus: its sentences as they stand, and each of them altered in one thing."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from rag.answering.drafting.checking import faults
from rag.answering.drafting.evidence import NumberedEvidence
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.document import BlockRole
from rag.text import sentences

ALL = Scope.everything()
LEAST_PASSED = 0.99
LEAST_CAUGHT = 0.99

_FIGURE = re.compile(r"(?<![〔（(\d.])\d+(?:\.\d+)?")
_ALTERED = (
    ("不得", "可以"), ("严禁", "允许"), ("禁止", "允许"), ("尚未", "已经"), ("不予", "给予"), ("增加", "减少"), ("减少", "增加"),
    ("提高", "降低"), ("下降", "上升"), ("增长", "下降"), ("以上", "以下"), ("以下", "以上"), ("不超过", "不低于"), ("不少于", "不超过"),
    ("不低于", "不超过"), ("牵头", "配合"), ("配合", "牵头"), ("万", "亿"), ("亿", "万"), ("将", "已"), ("力争", "已"), ("可以", "应当"),
    ("应当", "可以"), ("全市", "全省"), ("以前", "以后"), ("每年", "每月"), ("每月", "每年"), ("公办", "民办"), ("首次", "再次"), ("小学", "高中"),
)  # fmt: skip


class Sentence(NamedTuple):
    text: str
    alone: NumberedEvidence
    in_its_paragraph: NumberedEvidence


@pytest.fixture(scope="module")
def said(sample: Reader) -> list[Sentence]:
    """Every sentence of the bodies of the sample corpus."""
    found = []
    for summary in sample.catalog.list_documents(scope=ALL, limit=None).documents:
        document = sample.catalog.document(summary.document_id, scope=ALL)
        for block in document.blocks:
            paragraph = block.span.of(document.text)
            for span in sentences(paragraph) if block.role is BlockRole.BODY else ():
                text = span.of(paragraph)
                if len(text) >= 10:
                    alone = NumberedEvidence(1, summary, (), span.shift(block.span.start), text)
                    found.append(Sentence(text, alone, NumberedEvidence(1, summary, (), block.span, paragraph)))
    assert len(found) > 500
    return found


def altered(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind of alteration and the altered sentence."""
    figures = list(_FIGURE.finditer(text))
    for figure in figures:
        other = f"{float(figure[0]) + 0.3:.1f}" if "." in figure[0] else str(int(figure[0]) + 2)
        yield "figure", text[: figure.start()] + other + text[figure.end() :]
    for first, second in itertools.pairwise(figures):
        if first[0] != second[0] and text[first.end()] == text[second.end() : second.end() + 1]:
            between = text[first.end() : second.start()]
            yield "exchange", text[: first.start()] + second[0] + between + first[0] + text[second.end() :]
    for word, opposite in _ALTERED:
        if word in text:
            yield word, text.replace(word, opposite, 1)


def test_the_documents_own_sentences_pass(said: list[Sentence]) -> None:
    stopped = [s.text for s in said for item in (s.alone, s.in_its_paragraph) if faults(s.text, (1,), [item])]
    assert len(stopped) <= (1 - LEAST_PASSED) * 2 * len(said), stopped


def test_sentences_altered_in_one_thing_do_not(said: list[Sentence]) -> None:
    tried: Counter[str] = Counter()
    missed = []
    for sentence in said:
        for kind, text in altered(sentence.text):
            if text in sentence.in_its_paragraph.text:
                continue
            tried[kind] += 1
            if not faults(text, (1,), [sentence.in_its_paragraph]):
                missed.append((kind, text, sentence.text))
    assert tried["figure"] > 500
    assert tried["exchange"] > 50
    assert len(missed) <= (1 - LEAST_CAUGHT) * tried.total(), missed
    assert not [m for m in missed if m[0] not in ("figure", "exchange")], missed
