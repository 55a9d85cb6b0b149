"""Trees written as ONNX give what LightGBM gives, also at values that stand on a threshold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

lightgbm = pytest.importorskip("lightgbm", reason="the training extra is not installed")
pytest.importorskip("onnx", reason="the training extra is not installed")

from trees_to_onnx import write_onnx  # noqa: E402 - after the checks of what it needs


def test_the_graph_gives_the_log_odds_of_the_trees(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    rows = random.integers(0, 20, (2000, 6)).astype(np.float32) / np.float32(10)
    answers = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 2).astype(int)
    parameters = {"objective": "binary", "num_leaves": 12, "verbose": -1, "num_threads": 1}
    trees = lightgbm.train(parameters, lightgbm.Dataset(rows, answers), 40)
    path = tmp_path / "trees.onnx"
    write_onnx(trees, path, 6)
    session = onnxruntime.InferenceSession(path)
    thresholds = {
        float(v) for line in re.findall("^threshold=(.*)$", trees.model_to_string(), re.MULTILINE) for v in line.split()
    }
    on_the_edge = np.array([[value] * 6 for value in sorted(thresholds)], dtype=np.float32)
    assert len(on_the_edge) > 10
    for asked in (rows, on_the_edge):
        (given,) = session.run(None, {"features": asked})
        assert given.shape == (len(asked), 1)
        assert given[:, 0] == pytest.approx(trees.predict(asked, raw_score=True), abs=1e-4)
