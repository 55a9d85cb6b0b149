"""What stands for the model and for the catalog in tests of the indexes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rag.domain.passage import Passage
from rag.domain.span import Span
from rag.indexes.encoding import EncoderRecipe

DIMENSION = 16


class HashEncoder:
    """Stands for a model: the same text always has the same vector, and texts that share characters are near."""

    def __init__(self, identity: str = "hash-1") -> None:
        self.identity = identity
        self.dimension = DIMENSION
        self.recipe = EncoderRecipe(identity)
        self.texts_at_once = 4096
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

    def document_names(self) -> list[tuple[int, str | None, str | None, str | None]]:
        return sorted({document: (document, title, None, None) for document, title, *_ in self.rows.values()}.values())

    def problems(self) -> list[str]:
        return list(self.wrong)
