"""The English–Chinese term table: forms of a word lead to its entry; the shipped one knows the trade."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from rag.errors import ConfigurationError
from rag.retrieval import terms
from rag.retrieval.terms import TermTable, shipped_terms

TABLE = TermTable(
    renderings={
        "policy": ("政策",),
        "plan": ("规划", "计划"),
        "child": ("儿童",),
        "subsidize": ("补贴",),
        "train": ("培训",),
        "bus": ("公交",),
        "health": ("健康",),
        "direct": ("直接",),
        "mental health": ("心理健康",),
    },
    aliases={"children": "child"},
)


@pytest.mark.parametrize(
    ("phrase", "renderings"),
    [
        ("policy", ("政策",)),
        ("policies", ("政策",)),  # ies → y
        ("policy's", ("政策",)),
        ("plans", ("规划", "计划")),
        ("planned", ("规划", "计划")),  # doubled consonant
        ("planning", ("规划", "计划")),
        ("children", ("儿童",)),  # irregular
        ("subsidized", ("补贴",)),  # ed → e
        ("subsidizing", ("补贴",)),  # ing → e
        ("training", ("培训",)),
        ("buses", ("公交",)),
        ("directly", ("直接",)),
        ("mental health", ("心理健康",)),
        # Not in the table, and too short to undo an ending.
        ("elevator", ()),
        ("is", ()),
        ("", ()),
    ],
)
def test_forms_lead_to_the_entry(phrase: str, renderings: tuple[str, ...]) -> None:
    assert TABLE.translate(phrase) == renderings


@pytest.mark.parametrize(
    ("phrase", "rendering"),
    [
        ("elevators", "电梯"),
        ("waste sorting", "垃圾分类"),
        ("hotline", "热线"),
        ("mental health", "心理健康"),
        ("departments", "部门"),
        ("subsidy", "补贴"),
        ("students", "学生"),
    ],
)
def test_the_shipped_table_knows_words_of_policy(phrase: str, rendering: str) -> None:
    assert rendering in shipped_terms().translate(phrase)


def test_the_shipped_table_is_read_once() -> None:
    assert shipped_terms() is shipped_terms()


@pytest.mark.parametrize(
    "stored",
    [None, b"no gzip", gzip.compress(b"{"), gzip.compress(json.dumps({"terms": {}}).encode())],
    ids=["missing", "no gzip", "cut off", "fields missing"],
)
def test_a_damaged_package_is_told(stored: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "terms.json.gz"
    if stored is not None:
        path.write_bytes(stored)
    monkeypatch.setattr(terms, "_SHIPPED", path)
    shipped_terms.cache_clear()
    try:
        with pytest.raises(ConfigurationError, match=r"terms\.json\.gz"):
            shipped_terms()
    finally:
        shipped_terms.cache_clear()
