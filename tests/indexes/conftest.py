from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Sequence as Steps
from tokenizers.pre_tokenizers import Split, WhitespaceSplit

from rag.domain.passage import Passage
from rag.domain.span import Span

DIMENSION = 16


class HashEncoder:
    """Stands for a model: the same text always has the same vector, and texts that share characters are near."""

    def __init__(self, identity: str = "hash-1") -> None:
        self.identity = identity
        self.dimension = DIMENSION
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], *, kind: str) -> NDArray[np.float32]:
        self.encoded += texts
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for n, text in enumerate(texts):
            for character in text:
                vectors[n, hashlib.blake2b(character.encode()).digest()[0] % DIMENSION] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)


@dataclass
class Store:
    """A catalog in a dictionary: row number to row of the document, title, section and text."""

    rows: dict[int, tuple[int, str | None, tuple[str, ...], str]] = field(default_factory=dict)
    revision: int = 0
    wrong: list[str] = field(default_factory=list)

    def put(self, row: int, text: str, *, document: int | None = None, title: str | None = None, section=()) -> None:
        self.rows[row] = (row if document is None else document, title, tuple(section), text)
        self.revision += 1

    def drop(self, *rows: int) -> None:
        for row in rows:
            del self.rows[row]
        self.revision += 1

    def passage_keys(self) -> NDArray[np.int64]:
        keys = [
            (row, document, int.from_bytes(hashlib.blake2b(repr(rest).encode(), digest_size=7).digest(), "big"))
            for row, (document, *rest) in sorted(self.rows.items())
        ]
        return np.array(keys, dtype=np.int64).reshape(-1, 3)

    def titled_passages(self, rows: Sequence[int]) -> list[tuple[int, str | None, Passage]]:
        found = []
        for row in rows:
            if row in self.rows:
                document, title, section, text = self.rows[row]
                found.append((row, title, Passage(f"d{document}-{row}", f"d{document}", row, Span(0, len(text)), section, 1, text)))  # fmt: skip
        return found

    def problems(self) -> list[str]:
        return list(self.wrong)


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def store() -> Store:
    store = Store()
    for row, text in enumerate(
        ["校园安全由教育局牵头", "托育服务由卫健委负责", "公交线路调整方案", "校园周边公交线路"], start=1
    ):
        store.put(row, text, document=(row + 1) // 2, title="工作方案", section=(f"第{row}节",))
    return store


@pytest.fixture(scope="session")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model in the layout of sentence-transformers, a vector a character."""
    from safetensors.numpy import save_file

    folder = tmp_path_factory.mktemp("model")
    characters = ["[UNK]", *dict.fromkeys("学生心理健康校园安全abcdef0123")]
    tokenizer = Tokenizer(WordLevel({c: n for n, c in enumerate(characters)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Steps([WhitespaceSplit(), Split("", "isolated")])
    weights = np.random.default_rng(7).standard_normal((len(characters), DIMENSION)).astype(np.float32)
    weights[0] = 0
    save_file({"embedding.weight": weights}, str(folder / "model.safetensors"))
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config_sentence_transformers.json").write_text("{}")
    kind = "sentence_transformers.models.StaticEmbedding"
    (folder / "modules.json").write_text(f'[{{"idx": 0, "name": "0", "path": "", "type": "{kind}"}}]')
    assert StaticModel.from_pretrained(folder).dim == DIMENSION
    return folder
