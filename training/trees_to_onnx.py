"""Boosted trees of LightGBM as an ONNX graph (提升树导出): one ``TreeEnsembleRegressor``, which onnxruntime runs.

The graph takes ``(n, features)`` float32 and gives the sum of the leaves, ``(n, 1)``: for a binary objective the log odds.
"""

from __future__ import annotations

from pathlib import Path

import lightgbm
import numpy as np
from onnx import TensorProto, checker, helper, save_model

OPSET = 3
"""Of ``ai.onnx.ml``; the regressor is as old as its first."""


def write_onnx(trees: lightgbm.Booster, path: Path, features: int) -> None:
    """Write the trees.

    Args:
        trees: Over numbers without gaps: no categories, no missing values.
        path: The file.
        features: Number of columns.
    """
    nodes: dict[str, list[int | float | str]] = {
        f"nodes_{name}": []
        for name in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")
    }
    leaves: dict[str, list[int | float]] = {f"target_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")}
    for number, tree in enumerate(trees.dump_model()["tree_info"]):
        _add(tree["tree_structure"], number, nodes, leaves)
    node = helper.make_node(
        "TreeEnsembleRegressor", ["features"], ["log_odds"], domain="ai.onnx.ml", n_targets=1, **nodes, **leaves
    )
    graph = helper.make_graph(
        [node],
        "clause-trees",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, features])],
        [helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, [None, 1])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    checker.check_model(model)
    save_model(model, path)


def _add(
    root: dict[str, object], tree: int, nodes: dict[str, list[int | float | str]], leaves: dict[str, list[int | float]]
) -> None:
    """Add one tree, its nodes numbered in reading order."""
    waiting = [(0, root)]
    following = 1
    while waiting:
        number, node = waiting.pop()
        is_leaf = "leaf_value" in node
        below = (0, 0) if is_leaf else (following, following + 1)
        if is_leaf:
            for name, value in (("treeids", tree), ("nodeids", number), ("ids", 0), ("weights", node["leaf_value"])):
                leaves[f"target_{name}"].append(value)
        else:
            following += 2
            waiting += [(below[0], node["left_child"]), (below[1], node["right_child"])]
        values = {
            "treeids": tree,
            "nodeids": number,
            "featureids": 0 if is_leaf else node["split_feature"],
            "values": 0.0 if is_leaf else _not_above(node["threshold"]),
            "modes": "LEAF" if is_leaf else "BRANCH_LEQ",
            "truenodeids": below[0],
            "falsenodeids": below[1],
        }
        for name, value in values.items():
            nodes[f"nodes_{name}"].append(value)


def _not_above(threshold: float) -> float:
    """Return the greatest float32 that is not above a threshold: a float32 compares with it as with the threshold."""
    single = np.float32(threshold)
    # As Python floats: NumPy would round the threshold to float32 before it compares.
    return float(np.nextafter(single, np.float32(-np.inf))) if float(single) > threshold else float(single)
