"""txtai: ``Embeddings(hybrid=True, content=True)``, BM25 and Faiss, convex combination of normalised scores.

https://neuml.github.io/txtai/embeddings/configuration/general/#hybrid and …/scoring/.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from txtai import Embeddings
from txtai.scoring import BM25

from rag.indexes.encoder import Encoder
from rag.text import tokens

# txtai calls an external encoder alike for questions and passages; its own ``instructions`` tell them apart.
_QUESTION = "\x02"


class ChineseBM25(BM25):
    """txtai's BM25 over our tokens; a scoring class of one's own is named by its path (…/scoring/#method)."""

    def loadtokenizer(self) -> Callable[[str], list[str]]:
        """Return the tokenizer, as txtai's own loads one."""
        return tokens


class TxtaiPeer:
    """txtai in its defaults for hybrid search."""

    PACKAGES = ("txtai", "faiss-cpu")

    def __init__(self, encoder: Encoder, folder: str, *, chinese_tokens: bool) -> None:
        """Set up; txtai keeps its working files in memory and in its own temporary files."""
        del folder

        def transform(texts: Sequence[str]) -> NDArray[np.float32]:
            if texts[0].startswith(_QUESTION):
                return encoder.encode([text.removeprefix(_QUESTION) for text in texts], kind="query")
            return encoder.encode(texts, kind="passage")

        settings: dict[str, object] = {
            "method": "external",
            "transform": transform,
            "instructions": {"query": _QUESTION},
            "hybrid": True,
            "content": True,
        }
        if chinese_tokens:
            # What ``hybrid`` stands for, but for the class.
            settings["scoring"] = {"method": f"{__name__}.ChineseBM25", "terms": True, "normalize": True}
        self._embeddings = Embeddings(settings)

    def index(self, texts: Sequence[str]) -> None:
        """See ``Peer``."""
        self._embeddings.index((place, text, None) for place, text in enumerate(texts))

    def search(self, question: str, passages: int) -> list[int]:
        """See ``Peer``."""
        return [int(found["id"]) for found in self._embeddings.search(question, passages)]
