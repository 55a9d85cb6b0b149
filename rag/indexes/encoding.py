"""What encoders have in common: how texts are put to them, what names one, unit vectors, a hash of a model's files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Role = Literal["query", "passage"]

_HASHED_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class EncoderRecipe:
    """What it takes to load an encoder again. The manifest of an index keeps it, so that a reader need not be told.

    Attributes:
        name: Hub name, or folder; ``None`` for the model in the package.
        query_prompt: Stands before each question; ``None`` for what the model itself says.
        passage_prompt: Stands before each passage; likewise.
        max_tokens: Where texts are cut off; ``None`` for the model's own limit.
    """

    name: str | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None
    max_tokens: int | None = None

    def __str__(self) -> str:
        return self.name or "随包编码器 (the one in the package)"


def normalised(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the rows as float32, each of length 1; one of zeros stays as it is."""
    result = np.array(vectors, dtype=np.float32, order="C")
    lengths = np.linalg.norm(result, axis=1, keepdims=True)
    np.divide(result, lengths, out=result, where=lengths > 0)
    return result


def digest_of(folder: Path, patterns: Sequence[str]) -> str:
    """Return a hash of the files of a model that fit any of the patterns; hidden ones do not count."""
    found = {path for pattern in patterns for path in folder.rglob(pattern)}
    named = {path.relative_to(folder).as_posix(): path for path in found}
    digest = hashlib.sha256()
    for name in sorted(named):
        if any(part.startswith(".") for part in name.split("/")):
            continue
        digest.update(name.encode())
        with named[name].open("rb") as file:
            while block := file.read(_HASHED_AT_ONCE):
                digest.update(block)
    return digest.hexdigest()[:16]
