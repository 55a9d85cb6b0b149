"""How likely each clause belongs to the answer (小句模型): boosted trees, fitted to questions of our own, run by onnxruntime.

See ``rag/models/clause-trees/README.md``; ``training/fit_clauses.py`` makes the file.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = "clause-trees"


def clause_logits(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log odds that each clause belongs to the answer, ``(n,)``, from ``(n, len(FEATURES))``."""
    session = _session()
    (logits,) = session.run(None, {session.get_inputs()[0].name: features})
    result: NDArray[np.float32] = logits[:, 0]
    return result


@cache
def _session() -> InferenceSession:
    import onnxruntime  # 40 ms, which only questions answered by a run of clauses take

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # as many as there are questions at once; a document has some dozen clauses
    options.inter_op_num_threads = 1
    model = (files("rag") / "models" / MODEL / "model.onnx").read_bytes()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
