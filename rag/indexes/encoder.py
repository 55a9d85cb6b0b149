"""Encoders: text to vectors. The shipped static model, or any sentence-transformers model by name or folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import ConfigurationError
from rag.text import fold

if TYPE_CHECKING:
    from model2vec import StaticModel
    from sentence_transformers import SentenceTransformer

Role = Literal["query", "passage"]

SHIPPED_MODEL = "policy-static"

# What decides the vectors; cards and training notes beside them may change freely.
_WEIGHTS_AND_VOCABULARY = ("*.safetensors", "*.bin", "tokenizer.json", "vocab.txt", "modules.json")
_HASHED_AT_ONCE = 1 << 20


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their likeness."""

    @property
    def identity(self) -> str:
        """What an index records to refuse vectors of another encoder."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return ``(n, dimension)``, each row of length 1, or all zeros for a text it knows nothing of."""


class StaticEncoder:
    """A ``StaticEmbedding`` model: a vector a token, averaged. Some thousand passages a second on one core.

    The folder is one that sentence-transformers saved; it is run by model2vec, which imports in .3 s where
    sentence-transformers takes 10 s. Texts are folded first, as in training.
    """

    _VERSION = 1  # of what happens around the model: folding, no truncation, normalising

    def __init__(self, folder: Path) -> None:
        """Load the model.

        Raises:
            ConfigurationError: The folder holds no such model.
        """
        try:
            self._model = _load_static(folder)
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"no static model in {folder}") from error
        self._identity = f"static-{self._VERSION}:{_digest(folder)}"

    @property
    def identity(self) -> str:
        """Hash of the model's files, with the version of this class."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.dim)

    def encode(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:  # noqa: ARG002 - one way for both
        """Return ``(n, dimension)``; see ``Encoder.encode``."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode([fold(text) for text in texts], normalize=False, use_multiprocessing=False)
        return _normalised(vectors)


class TransformerEncoder:
    """Any other sentence-transformers model, from a folder or from the local cache of the hub.

    Nothing is downloaded: a model named here must already be on this machine.
    """

    _VERSION = 1

    def __init__(self, name_or_path: str) -> None:
        """Load the model; importing its library takes some 10 s.

        Raises:
            ConfigurationError: It is not on this machine, or cannot be loaded.
        """
        from sentence_transformers import SentenceTransformer

        try:
            self._model: SentenceTransformer = SentenceTransformer(name_or_path, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ConfigurationError(
                f"the encoder {name_or_path} is not on this machine or cannot be loaded",
                remedy=f"where there is internet: hf download {name_or_path}; or name the folder of a copy",
            ) from error
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ConfigurationError(f"the model {name_or_path} does not say its dimension")
        self._dimension = int(dimension)
        folder = Path(name_or_path)
        self._identity = f"transformer-{self._VERSION}:" + (
            _digest(folder) if folder.is_dir() else f"{name_or_path}@{self._revision()}"
        )

    @property
    def identity(self) -> str:
        """Hash of the folder, or name and revision on the hub."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return ``(n, dimension)``; a model that has prompts for queries and documents gets them."""
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        return _normalised(np.asarray(encode(list(texts), show_progress_bar=False)))

    def _revision(self) -> str:
        config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        return str(getattr(config, "_commit_hash", None) or "unknown")


def load_encoder(name_or_path: str | None = None) -> Encoder:
    """Return an encoder by folder or hub name; by default the one shipped in the package.

    Raises:
        ConfigurationError: There is no such model on this machine.
    """
    if name_or_path is None:
        shipped = Path(str(files("rag"))) / "models" / SHIPPED_MODEL
        if not shipped.is_dir():
            raise ConfigurationError("the shipped encoder is missing from the package", remedy="install it again")
        return StaticEncoder(shipped)
    folder = Path(name_or_path)
    if folder.is_dir():
        return StaticEncoder(folder) if _is_static(folder) else TransformerEncoder(name_or_path)
    if name_or_path.count("/") != 1 or name_or_path.startswith((".", "/", "~")):
        raise ConfigurationError(f"no encoder folder at {name_or_path}")
    return TransformerEncoder(name_or_path)


def _load_static(folder: Path) -> StaticModel:
    from model2vec import StaticModel

    weights, vocabulary = folder / "model.safetensors", folder / "tokenizer.json"
    if weights.is_file() and vocabulary.is_file():
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        tensors = load_file(weights)
        # from_pretrained gives the same, but first imports all of huggingface_hub: .3 s.
        vectors = None
        if tensors.keys() == {"embeddings", "weights"}:  # rows of whole numbers, and what each is multiplied by
            vectors = tensors["embeddings"] * tensors["weights"][:, None].astype(np.float32)
        elif len(tensors) == 1:
            (vectors,) = tensors.values()
        if vectors is not None:
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


def _normalised(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    result = np.array(vectors, dtype=np.float32, order="C")
    lengths = np.linalg.norm(result, axis=1, keepdims=True)
    np.divide(result, lengths, out=result, where=lengths > 0)
    return result


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in _WEIGHTS_AND_VOCABULARY for path in folder.rglob(pattern)}):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            while block := file.read(_HASHED_AT_ONCE):
                digest.update(block)
    return digest.hexdigest()[:16]
