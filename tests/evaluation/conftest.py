"""A small encoder, so that these tests need no shipped model, and collections written by the test."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.indexes.encoding import EncoderRecipe, Role
from rag.retrieval.terms import TermTable
from rag.text import tokens


class HashedEncoder:
    """Each term of the analyzer is a fixed random vector; a text is their sum, of length 1."""

    def __init__(self, identity: str = "hashed-1", dimension: int = 32) -> None:
        self._identity = identity
        self._dimension = dimension

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def recipe(self) -> EncoderRecipe:
        return EncoderRecipe(self._identity)

    @property
    def texts_at_once(self) -> int:
        return 4096

    def encode(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for term in tokens(text):
                vectors[row] += np.random.default_rng(zlib.crc32(term.encode())).standard_normal(self._dimension)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)


@pytest.fixture
def encoder() -> HashedEncoder:
    return HashedEncoder()


@pytest.fixture
def another_encoder() -> HashedEncoder:
    return HashedEncoder("hashed-2")


@pytest.fixture
def no_terms() -> Callable[[], TermTable]:
    return lambda: TermTable({})


CORPUS = (
    {"_id": "d1", "title": "云岫市养老服务条例 第三条", "text": "市民政部门负责全市养老服务工作。"},
    {"_id": "d2", "title": "", "text": "农村公路由县级人民政府建设和养护，乡道由乡级人民政府管理。"},
    {"_id": "d3", "title": "", "text": "电梯加装补贴每台二十万元，由区财政承担。"},
    {"_id": "d4", "title": "空文件", "text": ""},
    {"_id": "d5", "title": "", "text": "   "},
)
QUERIES = (
    {"_id": "q1", "text": "哪个部门负责养老服务？"},
    {"_id": "q2", "text": "电梯补贴多少钱？"},
    {"_id": "q3", "text": "无人评判的问题"},
)
QRELS = (("q1", "d1", 1), ("q2", "d3", 1), ("q9", "d2", 1))


Write = Callable[[Path, Sequence[Mapping[str, object]]], Path]


@pytest.fixture
def write_jsonl() -> Write:
    def write(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def collection(tmp_path: Path, write_jsonl: Write) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    write_jsonl(folder / "corpus.jsonl", CORPUS)
    write_jsonl(folder / "queries.jsonl", QUERIES)
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\n" + "".join(f"{q}\t{d}\t{g}\n" for q, d, g in QRELS), encoding="utf-8"
    )
    return folder
