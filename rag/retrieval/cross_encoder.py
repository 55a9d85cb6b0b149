"""A cross-encoder (交叉编码器) run by sentence-transformers, as a reranker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import ConfigurationError
from rag.indexes.pretrained import Runtime, finite, load, located, running

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# The same pair read in another batch differs in the last digits; what differs by less is equal, and keeps its order.
_DECIMALS = 4
_FARTHEST = 500.0  # beyond, the exponential leaves the range of a double
_REMEMBERED_PAIRS = 10_000
# Of what the library loads as a cross-encoder, what was trained as one, or to say yes or no.
_ARCHITECTURES = ("ForSequenceClassification", "ForCausalLM", "ForConditionalGeneration")


class CrossEncoderReranker:
    """A cross-encoder run by sentence-transformers. Safe across threads."""

    def __init__(self, name: str, runtime: Runtime, *, top: int) -> None:
        """Load the model; importing its library takes some 10 s.

        Args:
            name: Folder, or ``owner/model`` on the hub.
            runtime: How to run it.
            top: How many passages of a search to judge.

        Raises:
            ConfigurationError: It cannot be had or loaded, or is no cross-encoder with one score.
        """
        name = located(name, setting="RAG_RERANKER")
        device = runtime.torch_device()

        def make(local_only: bool) -> CrossEncoder:
            from sentence_transformers import CrossEncoder

            model: CrossEncoder = CrossEncoder(
                name, device=device, local_files_only=local_only, model_kwargs={"dtype": runtime.torch_dtype()}
            )
            return model

        self._model = load(name, make, setting="RAG_RERANKER")
        self._name = name
        self._batch_size = runtime.batch_size
        self._top = top
        self._turn = threading.Lock()
        self._remembered: dict[tuple[str, str], float] = {}
        self._check()

    @property
    def top(self) -> int:
        """How many passages of a search to judge."""
        return self._top

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the model's judgements, ``(n,)``, through the logistic function.

        An answer searches several times with one question, so pairs are remembered for a while.

        Raises:
            ConfigurationError: The model failed, as when memory runs out.
        """
        with self._turn:
            new = [text for text in dict.fromkeys(texts) if (query, text) not in self._remembered]
            found = {text: self._remembered[query, text] for text in texts if (query, text) in self._remembered}
            if new:
                found |= zip(new, self._logits(query, new), strict=True)
                self._remembered |= {(query, text): found[text] for text in new}
                while len(self._remembered) > _REMEMBERED_PAIRS:
                    del self._remembered[next(iter(self._remembered))]
        logits = np.array([found[text] for text in texts], dtype=np.float64)
        squashed: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logits, -_FARTHEST, _FARTHEST)))
        return squashed

    def _logits(self, query: str, texts: Sequence[str]) -> list[float]:
        from torch.nn import Identity

        pairs = [(query, text) for text in texts]
        with running(self._name):
            given = self._model.predict(
                pairs, batch_size=self._batch_size, activation_fn=Identity(), show_progress_bar=False
            )
        logits: list[float] = np.round(finite(self._name, given).astype(np.float64), _DECIMALS).tolist()
        return logits

    def _check(self) -> None:
        """See that it is what it is taken for: of any other model the library makes one with a head of chance."""
        config = getattr(getattr(self._model[0], "model", None), "config", None)
        named = tuple(getattr(config, "architectures", None) or ())
        is_cross_encoder = not named or any(name.endswith(_ARCHITECTURES) for name in named)
        if not is_cross_encoder or self._model.num_labels != 1:
            raise ConfigurationError(
                f"RAG_RERANKER: {self._name} 不是重排模型 (is no cross-encoder with one score: {', '.join(named)}, "
                f"{self._model.num_labels} labels)",
                remedy="name a reranker, as BAAI/bge-reranker-base; an embedding model goes to RAG_ENCODER",
            )
