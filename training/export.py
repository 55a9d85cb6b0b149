"""Writes the encoder as one folder that both sentence-transformers and model2vec load offline.

The folder is in the layout that model2vec publishes (``config.json``, tensors ``embeddings`` and ``weights``) with
the ``modules.json`` that sentence-transformers reads: a ``StaticEmbedding`` and a ``Normalize``. A vector is stored
as whole numbers -127..127, and its length as the weight of its token, which both libraries multiply in on loading.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

# The names under which every sentence-transformers since 3.2 finds these classes.
_MODULES = [
    {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def save_model(folder: Path, tokenizer: Tokenizer, vectors: Floats) -> None:
    """Write ``vectors`` (one row a token id), a byte a number, with their tokenizer.

    Row 0 is the unknown token and must be zero: model2vec drops it and sentence-transformers averages it in,
    which after normalising is the same only then.
    """
    if len(vectors) != tokenizer.get_vocab_size() or vectors[0].any():
        raise ValueError("vectors do not fit the tokenizer, or the unknown token has one")
    folder.mkdir(parents=True, exist_ok=True)
    save_file(quantised(vectors), folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)  # safetensors writes it for its owner alone
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "hidden_dim": vectors.shape[1],
        "normalize": True,
        "max_length": None,
        "embedding_dtype": "int8",
    }
    _write_json(folder / "config.json", config)
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "config_sentence_transformers.json", {"prompts": {}, "similarity_fn_name": "cosine"})


def quantised(vectors: Floats) -> dict[str, npt.NDArray[np.int8] | Floats]:
    """Return ``embeddings`` ``(n, dim)`` int8 and ``weights`` ``(n,)``, whose product is ``vectors``.

    It is so to 1/254 of the largest number of each row.
    """
    weights = np.abs(vectors).max(axis=1) / 127
    weights[weights == 0] = 1
    whole = np.rint(vectors / weights[:, None]).astype(np.int8)
    return {"embeddings": np.ascontiguousarray(whole), "weights": weights.astype(np.float32)}


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
