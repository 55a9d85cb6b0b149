"""Static model: a vector a token at a byte a number, averaged over the tokens of a text.

Reads the layout of the shipped encoder (``model.safetensors`` with ``embeddings`` and ``weights``, ``tokenizer.json``)
and gives what model2vec does. That copies the tokenizer, sorts the vocabulary and turns the whole table to float32
when it loads: a quarter of a second of a single question's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"

_TEXTS_AT_ONCE = 1024
_TOKENS_AT_ONCE = 512  # of one text: a sum of many thousand at once would be off by 1e-5


class TokenVectors:
    """The mean of the vectors of a text's tokens; unknown ones do not count."""

    def __init__(self, table: NDArray[np.number], weights: NDArray[np.floating], tokenizer: bytes) -> None:
        """Take the model.

        Args:
            table: ``(pieces, dimension)``.
            weights: ``(pieces,)``, what a row is multiplied by.
            tokenizer: Content of ``tokenizer.json``.

        Raises:
            ValueError: They do not belong together, or the tokenizer is broken.
        """
        self._tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        if not len(table) == len(weights) == self._tokenizer.get_vocab_size():
            raise ValueError("as many vectors and weights as pieces are needed")
        self._table = table
        self._weights = weights.astype(np.float32)
        self._unknown = _unknown_token(self._tokenizer, tokenizer)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._table.shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return ``(n, dim)``, not normalised; zeros for a text of which nothing is known."""
        means = np.zeros((len(texts), self.dim), dtype=np.float32)
        for first in range(0, len(texts), _TEXTS_AT_ONCE):
            batch = list(texts[first : first + _TEXTS_AT_ONCE])
            for row, found in enumerate(self._tokenizer.encode_batch_fast(batch, add_special_tokens=False), first):
                ids = np.array(found.ids, dtype=np.intp)
                if self._unknown is not None:
                    ids = ids[ids != self._unknown]
                for start in range(0, len(ids), _TOKENS_AT_ONCE):
                    some = ids[start : start + _TOKENS_AT_ONCE]
                    means[row] += self._weights[some] @ self._table[some].astype(np.float32)
                if len(ids):
                    means[row] /= len(ids)
        return means


def load_token_vectors(folder: Path) -> TokenVectors | None:
    """Return the model in a folder; ``None`` when it is stored in another way.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is broken.
    """
    weights, tokenizer = folder / WEIGHTS_FILE, folder / TOKENIZER_FILE
    if not (weights.is_file() and tokenizer.is_file()):
        return None
    try:
        tensors = load_file(weights)
    except SafetensorError as error:
        raise ValueError(f"{weights} is broken") from error
    if tensors.keys() != {"embeddings", "weights"}:
        return None
    return TokenVectors(tensors["embeddings"], tensors["weights"], tokenizer.read_bytes())


def _unknown_token(tokenizer: Tokenizer, content: bytes) -> int | None:
    """Return the id of the piece that stands for what is not known."""
    model = tokenizer.model
    if hasattr(model, "unk_token"):
        return tokenizer.token_to_id(model.unk_token) if model.unk_token is not None else None
    unknown = from_json(content)["model"].get("unk_id")  # a unigram model tells it nowhere else
    return None if unknown is None else int(unknown)
