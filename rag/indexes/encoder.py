"""Encoders: text to vectors. The shipped static model, or any sentence-transformers model by name or folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import ConfigurationError
from rag.indexes.encoding import EncoderRecipe, Role, digest_of, normalised
from rag.indexes.pretrained import Runtime, located
from rag.text import fold

if TYPE_CHECKING:
    from model2vec import StaticModel

SHIPPED_MODEL = "policy-static"

# What decides the vectors; cards and training notes beside them may change freely.
_WEIGHTS_AND_VOCABULARY = ("*.safetensors", "*.bin", "tokenizer.json", "vocab.txt", "modules.json")
_TEXTS_AT_ONCE = 4096


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their likeness."""

    @property
    def identity(self) -> str:
        """What an index records to refuse vectors of another encoder."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def recipe(self) -> EncoderRecipe:
        """What loads it again."""

    @property
    def texts_at_once(self) -> int:
        """How many texts to hand over at once when there are many."""

    def encode(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return ``(n, dimension)``, each row of length 1, or all zeros for a text it knows nothing of."""


class StaticEncoder:
    """A ``StaticEmbedding`` model: a vector a token, averaged. Some thousand passages a second on one core.

    The folder is one that sentence-transformers saved. A table of bytes with a weight a row, as the shipped one, is run
    by ``TokenVectors``; any other by model2vec, which imports in .3 s where sentence-transformers takes 10 s. Texts
    are folded first, as in training.
    """

    _VERSION = 1  # of what happens around the model: folding, no truncation, normalising

    def __init__(self, folder: Path, *, recipe: EncoderRecipe | None = None) -> None:
        """Load the model.

        Args:
            folder: That sentence-transformers saved.
            recipe: What names it; by default the folder.

        Raises:
            ConfigurationError: The folder holds no such model.
        """
        try:
            self._model = _load_static(folder)
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"no static model in {folder}") from error
        self._identity = f"static-{self._VERSION}:{digest_of(folder, _WEIGHTS_AND_VOCABULARY)}"
        self._recipe = recipe or EncoderRecipe(str(folder.resolve()))

    @property
    def identity(self) -> str:
        """Hash of the model's files, with the version of this class."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.dim)

    @property
    def recipe(self) -> EncoderRecipe:
        """What loads it again."""
        return self._recipe

    @property
    def texts_at_once(self) -> int:
        """Less than a second's work."""
        return _TEXTS_AT_ONCE

    def encode(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:  # noqa: ARG002 - one way for both
        """Return ``(n, dimension)``; see ``Encoder.encode``."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return normalised(self._model.encode([fold(text) for text in texts]))


def load_encoder(
    name_or_path: str | None = None, runtime: Runtime | None = None, *, may_download: bool = True
) -> Encoder:
    """Return an encoder by folder or hub name; by default the one shipped in the package.

    Raises:
        ConfigurationError: It cannot be had or loaded.
    """
    return encoder_of(EncoderRecipe(name_or_path), runtime, may_download=may_download)


def encoder_of(recipe: EncoderRecipe, runtime: Runtime | None = None, *, may_download: bool = True) -> Encoder:
    """Return the encoder of a recipe.

    Args:
        recipe: Names it; with a static model, prompts and limit are of no effect.
        runtime: How to run a transformer.
        may_download: Whether to ask the hub for a model that is not on this machine.

    Raises:
        ConfigurationError: It cannot be had or loaded.
    """
    if recipe.name is None:
        return _shipped(Path(str(files("rag"))) / "models" / SHIPPED_MODEL)
    folder = Path(located(recipe.name, setting="RAG_ENCODER"))
    if folder.is_dir():
        if _is_static(folder):
            return StaticEncoder(folder)
        recipe = replace(recipe, name=str(folder.resolve()))  # found again from any working folder
    from rag.indexes.transformer import TransformerEncoder

    return TransformerEncoder(recipe, runtime or Runtime(), may_download=may_download)


# Once a process, whoever asks for it: it takes 50 MB and never changes.
@lru_cache(maxsize=1)
def _shipped(folder: Path) -> StaticEncoder:
    if not folder.is_dir():
        raise ConfigurationError("the shipped encoder is missing from the package", remedy="install it again")
    return StaticEncoder(folder, recipe=EncoderRecipe())


class _StaticModel(Protocol):
    @property
    def dim(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.floating]: ...


class _Model2Vec:
    """A static model in any layout that model2vec reads."""

    def __init__(self, folder: Path) -> None:
        self._model = _load_by_model2vec(folder)

    @property
    def dim(self) -> int:
        return int(self._model.dim)

    def encode(self, texts: Sequence[str]) -> NDArray[np.floating]:
        vectors: NDArray[np.floating] = self._model.encode(texts, normalize=False, use_multiprocessing=False)
        return vectors


def _load_static(folder: Path) -> _StaticModel:
    from rag.indexes.token_vectors import load_token_vectors  # tokenizers and safetensors: what only reads needs not

    return load_token_vectors(folder) or _Model2Vec(folder)


def _load_by_model2vec(folder: Path) -> StaticModel:
    from model2vec import StaticModel
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    weights, vocabulary = folder / "model.safetensors", folder / "tokenizer.json"
    if weights.is_file() and vocabulary.is_file():
        tensors = load_file(weights)
        if len(tensors) == 1:  # from_pretrained gives the same, but first imports all of huggingface_hub: .3 s
            (vectors,) = tensors.values()
            return StaticModel(vectors, Tokenizer.from_file(str(vocabulary)), normalize=False, max_length=None)
    return StaticModel.from_pretrained(folder, max_length=None)


def _is_static(folder: Path) -> bool:
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except OSError:
        return False  # a plain transformers folder has none
    except ValueError as error:
        raise ConfigurationError(f"{folder}: modules.json is not JSON") from error
    return bool(modules) and str(modules[0].get("type", "")).endswith("StaticEmbedding")
