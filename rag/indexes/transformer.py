"""Any sentence-transformers model as an encoder, by folder or hub name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import ConfigurationError
from rag.indexes.encoding import EncoderRecipe, Role, digest_of, normalised
from rag.indexes.pretrained import Runtime, finite, load, revision_of, running

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Weights, vocabulary, and what says how layers and pooling are put together.
_DECISIVE_FILES = ("*.safetensors", "*.bin", "*.json", "*.model", "*.txt")
# Where a saved model names its prompt for passages, in the library's own order.
_PASSAGE_PROMPTS = ("document", "passage", "corpus")
_BATCHES_AT_ONCE = 8


class TransformerEncoder:
    """A model run by sentence-transformers, with the prompts that it was trained with."""

    _VERSION = 2

    def __init__(self, recipe: EncoderRecipe, runtime: Runtime, *, may_download: bool = True) -> None:
        """Load the model.

        Args:
            recipe: Names it.
            runtime: How to run it.
            may_download: Whether to ask the hub for a model that is not on this machine.

        Raises:
            ConfigurationError: It cannot be had or loaded.
        """
        name = str(recipe.name)
        device = runtime.torch_device()

        def make(local_only: bool) -> SentenceTransformer:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(
                name, device=device, local_files_only=local_only, model_kwargs={"dtype": runtime.torch_dtype()}
            )

        self._model = load(name, make, setting="RAG_ENCODER", may_download=may_download)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ConfigurationError(f"the model {name} does not say its dimension")
        if recipe.max_tokens is not None:
            self._model.max_seq_length = recipe.max_tokens
        self._name = name
        self._recipe = recipe
        self._batch_size = runtime.batch_size
        self._dimension = int(dimension)
        self._identity = self._identified(name)
        # Tokenizers written in Rust refuse a second thread ("Already borrowed"), and one run takes all cores anyway.
        self._turn = threading.Lock()

    @property
    def identity(self) -> str:
        """Hash of the folder, or name and commit on the hub; with what else decides the vectors of passages."""
        return self._identity

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def recipe(self) -> EncoderRecipe:
        """What loads it again."""
        return self._recipe

    @property
    def texts_at_once(self) -> int:
        """A few batches, so that they can be sorted by length and progress is still seen."""
        return self._batch_size * _BATCHES_AT_ONCE

    def encode(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return ``(n, dimension)``; a model that has prompts for queries and documents gets them.

        Raises:
            ConfigurationError: The model failed, as when memory runs out.
        """
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        is_query = kind == "query"
        encode = self._model.encode_query if is_query else self._model.encode_document
        prompt = self._recipe.query_prompt if is_query else self._recipe.passage_prompt
        with self._turn, running(self._name):
            vectors = encode(list(texts), prompt=prompt, batch_size=self._batch_size, show_progress_bar=False)
        return normalised(finite(self._name, np.asarray(vectors)))

    def _identified(self, name: str) -> str:
        folder = Path(name)
        model = digest_of(folder, _DECISIVE_FILES) if folder.is_dir() else f"{name}@{revision_of(name)}"
        # The prompt of questions may change freely: no vector of a question is kept.
        prompt = self._recipe.passage_prompt
        if prompt is None:
            prompt = next((self._model.prompts[p] for p in _PASSAGE_PROMPTS if p in self._model.prompts), "")
        settings = hashlib.sha256(f"{prompt}\x1f{self._recipe.max_tokens}".encode()).hexdigest()[:8]
        return f"transformer-{self._VERSION}:{model}:{settings}"
