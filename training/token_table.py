"""Texts as token ids in one flat array, which numpy cuts and joins without a Python object a token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ids = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]

_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class TokenTable:
    """Text ``i`` is ``ids[offsets[i]:offsets[i + 1]]``; unknown tokens are left out."""

    ids: Ids
    offsets: Offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> Ids:
        return self.ids[self.offsets[index] : self.offsets[index + 1]]

    def between(self, start: int, end: int) -> Ids:
        """Return the tokens of texts ``start`` to ``end`` (exclusive), joined."""
        return self.ids[self.offsets[start] : self.offsets[end]]

    def lengths(self) -> Offsets:
        """Return the number of tokens of each text."""
        return np.diff(self.offsets)


def tokenize(tokenizer: Tokenizer, texts: Sequence[str], unknown_id: int = 0) -> TokenTable:
    """Return the tokens of folded ``texts``."""
    parts: list[Ids] = []
    for start in range(0, len(texts), _BATCH):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + _BATCH], add_special_tokens=False):
            known = np.array(encoding.ids, dtype=np.int32)
            known = known[known != unknown_id]
            parts.append(known)
    return join(parts)


def join(parts: Iterable[Ids]) -> TokenTable:
    """Return a table of the given token arrays."""
    arrays = list(parts)
    offsets = np.zeros(len(arrays) + 1, dtype=np.int64)
    np.cumsum([len(array) for array in arrays], out=offsets[1:])
    ids = np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int32)
    return TokenTable(ids.astype(np.int32), offsets)
