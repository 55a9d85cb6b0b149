"""Our encoder's vectors alone, searched exactly: what any system gives that is used without its BM25."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.indexes.encoder import Encoder

_AT_ONCE = 5_000


class VectorsAlone:
    """A matrix, multiplied; no peer, but the measure of what each does with the vectors that it is given."""

    PACKAGES = ("numpy",)

    def __init__(self, encoder: Encoder, folder: str, *, chinese_tokens: bool) -> None:
        """Set up; vectors know no tokens to be given."""
        del folder, chinese_tokens
        self._encoder = encoder

    def index(self, texts: Sequence[str]) -> None:
        """See ``Peer``."""
        parts = (texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE))
        self._vectors = np.concatenate([self._encoder.encode(part, kind="passage") for part in parts])

    def search(self, question: str, passages: int) -> list[int]:
        """See ``Peer``."""
        scores = self._vectors @ self._encoder.encode([question], kind="query")[0]
        return np.argsort(-scores, kind="stable")[:passages].tolist()
