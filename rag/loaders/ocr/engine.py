"""The models that find and read lines of print: RapidOCR on ONNX Runtime, one of each a process.

The models lie inside RapidOCR's package and are opened by path, so that nothing is ever downloaded. Lines are
found on a small picture and read one by one from the large one: that is three times as fast as RapidOCR's own
way, takes half its memory, and gives the column of each character.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from rag.errors import ConfigurationError

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB."""

Quads = NDArray[np.float64]
"""(n, 4, 2): corners of n lines, x and y in pixels, from the upper left clockwise."""

# It installs a handler of its own and names files and models at every start.
logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)

_LARGEST_SIDE = 1_000_000
"""Pictures come in the right size: RapidOCR shall not shrink them again."""

_LEAST_SIDE = 32
"""Pixels; the detector needs as many."""

_settings = {"threads": 1}
_building = threading.Lock()


@dataclass(frozen=True, slots=True)
class LineText:
    """One line as it was read.

    Attributes:
        text: What it says; ``""`` when the picture shows no words.
        centres: Middle of each character, in parts of the picture's width, 0..1; rising.
        confidence: Mean over the characters, 0..1.
    """

    text: str
    centres: tuple[float, ...]
    confidence: float


class _Found(Protocol):
    """What the detector answers; RapidOCR's own type names every answer of every stage."""

    boxes: NDArray[np.float32] | None


class _Columns(Protocol):
    """Where a line's characters stand: columns of each stretch without blanks, and of the whole picture."""

    word_cols: Sequence[Sequence[int]]
    line_txt_len: float


class _Recognized(Protocol):
    """What the recognizer answers: one entry a picture."""

    txts: Sequence[str]
    scores: Sequence[float]
    word_results: Sequence[_Columns]


def use_threads(count: int) -> None:
    """Let the models of this process compute on ``count`` threads; has no effect once they are loaded.

    One is best where several processes share the cores.
    """
    _settings["threads"] = max(1, count)


def find_lines(pixels: Pixels) -> Quads:
    """Return the corners of the lines of print in a picture, those of letters some 12 pixels high or more."""
    with _building:
        detector = _detector()
    # Words that fill a narrow picture are found only with paper about them.
    margin = _LEAST_SIDE if min(pixels.shape[:2]) < 2 * _LEAST_SIDE else 0
    framed = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="edge") if margin else pixels
    corners = cast("_Found", detector(_bgr(framed))).boxes
    return np.zeros((0, 4, 2)) if corners is None else np.asarray(corners, dtype=np.float64) - margin


def read_line(pixels: Pixels) -> LineText:
    """Read a picture of a single line."""
    with _building:
        recognizer = _recognizer()
    found = cast("_Recognized", recognizer(_bgr(pixels)))
    text = found.txts[0]
    if not text.strip():
        return LineText("", (), 0.0)
    word = found.word_results[0]
    columns = [(column + 0.5) / word.line_txt_len for columns in word.word_cols for column in columns]
    return LineText(text, _with_blanks(text, columns), found.scores[0])


def _with_blanks(text: str, columns: list[float]) -> tuple[float, ...]:
    """Give each blank, which the recognizer does not place, the middle between its neighbours."""
    placed = iter(columns)
    centres = [None if character.isspace() else next(placed) for character in text]
    known = [at for at, centre in enumerate(centres) if centre is not None]
    return tuple(np.interp(range(len(text)), known, columns).tolist())


def _bgr(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[:, :, ::-1])


@cache
def _detector() -> RapidOCR:
    return RapidOCR(
        params={
            **_parameters(),
            "Global.use_rec": False,
            "Det.model_path": _model("det"),
            # Else a narrow strip is blown up until its short side has 736 pixels, or its height an eighth of its length.
            "Det.limit_side_len": _LEAST_SIDE,
            "Global.width_height_ratio": -1,
        }
    )


@cache
def _recognizer() -> RapidOCR:
    # Characters' columns come with the word boxes.
    return RapidOCR(
        params={
            **_parameters(),
            "Global.use_det": False,
            "Global.return_word_box": True,
            "Rec.model_path": _model("rec"),
        }
    )


def _parameters() -> Mapping[str, object]:
    return {
        "Global.use_cls": False,
        "Global.log_level": "critical",
        "Global.max_side_len": _LARGEST_SIDE,
        "Global.min_side_len": 1,
        "EngineConfig.onnxruntime.intra_op_num_threads": _settings["threads"],
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _model(task: str) -> str:
    """Return the path of the model that came with the package; others may have been put beside it since."""
    for file in metadata.files("rapidocr") or ():
        if fnmatch(file.name, f"*_{task}_*.onnx") and (path := Path(str(file.locate()))).is_file():
            return str(path)
    message = "文字识别模型缺失 (the models of the package rapidocr are missing)"
    raise ConfigurationError(message, remedy="pip install --force-reinstall rapidocr")
