"""What a question limits the documents to: each 文号 or place by itself, and the asker's own filters stand."""

from __future__ import annotations

import pytest

from rag.answering.conditions import Condition, conditions_of
from rag.domain.document import Kind
from rag.domain.filters import Filters

from .builders import ask

REPLIES = Filters(kind=Kind.REPLY)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("加装电梯每部补助多少？", [Condition(REPLIES)]),
        ("汉中市加装电梯每部补助多少？", [Condition(Filters(kind=Kind.REPLY, place="汉中市"), "", REPLIES)]),
        (
            "鹭原县和云岫市每部补助多少？鹭原县何时发放？",
            [
                Condition(Filters(kind=Kind.REPLY, place="鹭原县"), "鹭原县", REPLIES),
                Condition(Filters(kind=Kind.REPLY, place="云岫市"), "云岫市", REPLIES),
            ],
        ),
        ("宜昌市加装电梯每部补助多少？", [Condition(REPLIES)]),  # no document comes from there
        (
            "汉卫函〔2025〕14号由谁答复？",
            [Condition(Filters(kind=Kind.REPLY, document_number="汉卫函〔2025〕14号"))],
        ),
        (
            "汉中市：汉卫函〔2025〕14号、岫教函〔2024〕3号哪份是公开的？",
            [
                Condition(Filters(kind=Kind.REPLY, document_number="汉卫函〔2025〕14号"), "汉卫函〔2025〕14号"),
                Condition(Filters(kind=Kind.REPLY, document_number="岫教函〔2024〕3号"), "岫教函〔2024〕3号"),
            ],
        ),
    ],
)
def test_conditions(question: str, expected: list[Condition]) -> None:
    assert conditions_of(ask(question), REPLIES) == expected


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("鹭原县和云岫市每部补助多少？", Filters(place="云岫市")),
        ("汉卫函〔2025〕14号由谁答复？", Filters(document_number="岫教函〔2024〕3号")),
    ],
)
def test_a_filter_of_the_asker_stands(question: str, filters: Filters) -> None:
    assert conditions_of(ask(question), filters) == [Condition(filters)]
