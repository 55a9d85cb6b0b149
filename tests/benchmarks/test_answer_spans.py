"""ROUGE-L by character against values worked out by hand."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.parametrize(
    ("said", "gold", "expected"),
    [
        ("免收两个月租金", "免收两个月租金", 1.0),
        ("免收 两个月\n租金", "免收两个月租金", 1.0),
        ("免收租金", "免收两个月租金", 2 * 4 / (4 + 7)),  # a subsequence, not a substring
        ("金租收免", "免收租金", 2 * 1 / 8),  # order counts
        ("", "免收租金", 0.0),
        ("甲", "乙", 0.0),
    ],
)
def test_overlap_is_the_longest_common_subsequence(monkeypatch, said, gold, expected):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    overlap = import_module("answer_spans").overlap
    assert overlap(said, gold) == pytest.approx(expected)
