"""Lines ruled on a page: found for the tables they make, and taken off before words are read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.domain.layout import Box
from rag.loaders.ocr.engine import Pixels
from rag.loaders.page import Rule

_INK = 60
"""How much darker than the paper ink is, of 255."""

_LEAST_ACROSS = 60.0
_LEAST_DOWN = 24.0
_THICKEST = 4.0
_GAP = 3.0
"""Points; a rule may be broken so far, and ends so far from the one it meets."""

_MOST_STROKES = 20_000
"""More long dark strokes than this are a photograph."""


@dataclass(slots=True)
class _Stroke:
    """A long dark run: on which rows it lies and from where to where, in pixels, ends exclusive."""

    top: int
    bottom: int
    left: int
    right: int


def paper_of(grey: NDArray[np.uint8]) -> int:
    """Return the brightness of the paper, 0..255."""
    return int(np.median(grey[::4, ::4]))


def grey_of(pixels: Pixels) -> NDArray[np.uint8]:
    """Return the brightness of each pixel (ITU-R BT.601)."""
    weights = np.array([77, 150, 29], dtype=np.uint32)
    return ((pixels @ weights) >> 8).astype(np.uint8)


def find_rules(grey: NDArray[np.uint8], scale: float) -> tuple[Rule, ...]:
    """Return the straight lines on a page that lies straight.

    Lines down the page count only where they meet one across it; else they are strokes of large letters.

    Args:
        grey: Brightness of the page.
        scale: Points a pixel.
    """
    dark = grey < paper_of(grey) - _INK
    across = [Rule(_box(stroke, scale)) for stroke in _strokes(dark, _LEAST_ACROSS, scale)]
    if not across:
        return ()
    down = []
    for stroke in _strokes(dark.T, _LEAST_DOWN, scale):
        turned = _box(stroke, scale)
        box = Box(turned.top, turned.left, turned.bottom, turned.right)
        if any(_meet(box, rule.box) for rule in across):
            down.append(Rule(box))
    return (*across, *down)


def without_rules(pixels: Pixels, rules: tuple[Rule, ...], scale: float) -> Pixels:
    """Return the picture with the lines painted over in the colour of the paper."""
    if not rules:
        return pixels
    bare = pixels.copy()
    paper = np.median(pixels[::4, ::4].reshape(-1, 3), axis=0).astype(np.uint8)
    for rule in rules:
        top, bottom = int(rule.box.top / scale) - 1, int(rule.box.bottom / scale) + 2
        left, right = int(rule.box.left / scale) - 1, int(rule.box.right / scale) + 2
        bare[max(0, top) : bottom, max(0, left) : right] = paper
    return bare


def _strokes(dark: NDArray[np.bool_], least: float, scale: float) -> list[_Stroke]:
    """Return the thin dark strokes along the rows of ``dark`` at least so many points long."""
    # Three rows at a time: a stroke a little aslant goes on in the next row.
    band = dark.copy()
    band[1:] |= dark[:-1]
    band[:-1] |= dark[1:]
    edges = np.diff(np.pad(band, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    long = ends - starts >= least / scale
    if long.sum() > _MOST_STROKES:
        return []
    found: list[_Stroke] = []
    open_strokes: list[_Stroke] = []
    gap = _GAP / scale
    for row, start, end in zip(rows[long].tolist(), starts[long].tolist(), ends[long].tolist(), strict=True):
        open_strokes = [stroke for stroke in open_strokes if stroke.bottom >= row - 1]
        beside = next((s for s in open_strokes if start <= s.right + gap and end >= s.left - gap), None)
        if beside is None:
            open_strokes.append(_Stroke(row, row + 1, start, end))
            found.append(open_strokes[-1])
        else:
            beside.bottom = row + 1
            beside.left, beside.right = min(beside.left, start), max(beside.right, end)
    # The band made each of them a row thicker above and below.
    thin = [stroke for stroke in found if (stroke.bottom - stroke.top - 2) * scale <= _THICKEST]
    for stroke in thin:
        if stroke.bottom - stroke.top > 2:
            stroke.top, stroke.bottom = stroke.top + 1, stroke.bottom - 1
    return thin


def _box(stroke: _Stroke, scale: float) -> Box:
    return Box(stroke.left * scale, stroke.top * scale, stroke.right * scale, stroke.bottom * scale)


def _meet(down: Box, across: Box) -> bool:
    return (
        down.left <= across.right + _GAP
        and down.right >= across.left - _GAP
        and down.top <= across.bottom + _GAP
        and down.bottom >= across.top - _GAP
    )
