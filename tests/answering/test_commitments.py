"""Commitments by words."""

from __future__ import annotations

import pytest

from rag.answering.commitments import search_commitments
from rag.domain.access import Disclosure
from rag.domain.commitment import Commitment, CommitmentStatus
from rag.domain.document import DocumentSummary, Kind
from rag.domain.span import Span

DOCUMENT = DocumentSummary(
    "0" * 16, "a.txt", "养老服务方案", None, None, None, Kind.PLAN, None, None, Disclosure.PUBLIC
)
COMMITMENT = Commitment(
    Span(0, 4), "年内新建助餐点12家", "市卫健局", "新建助餐点12家", CommitmentStatus.PLANNED, None, None, (), ("二、任务",)
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("", True), ("助餐点", True), ("助餐点 任务", True), ("养老服务", True),  # text, heading, title
        ("市卫健委", True), ("市卫生健康委员会", True), ("助餐點", True),  # another name, other script
        ("托育", False), ("助餐点 托育", False), ("省卫健委", False),
    ],
)  # fmt: skip
def test_every_word_must_be_held(query, is_found):
    assert bool(search_commitments([(COMMITMENT, DOCUMENT)], query)) is is_found
