"""Which way up a picture lies, told by the lines found on it."""

from __future__ import annotations

import numpy as np

from rag.loaders.ocr.engine import Quads

_LONG = 5.0
"""A line so many times as long as high tells the slope of the page."""

_OBLONG = 1.5


def is_sideways(lines: Quads) -> bool:
    """Whether most of the print runs up or down the picture."""
    across, down = _sides(lines)
    return bool(down[down > _OBLONG * across].sum() > across[across > _OBLONG * down].sum())


def slope_of(lines: Quads) -> float:
    """Return how far the lines fall to the right, in degrees: the median by length, 0 when none is long."""
    across, down = _sides(lines)
    long = across > _LONG * down
    if not long.any():
        return 0.0
    steps = (lines[:, 1] - lines[:, 0] + lines[:, 2] - lines[:, 3])[long]
    slopes = np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))
    order = np.argsort(slopes)
    reach = np.cumsum(across[long][order])
    return float(slopes[order][np.searchsorted(reach, reach[-1] / 2)])


def _sides(lines: Quads) -> tuple[Quads, Quads]:
    return np.linalg.norm(lines[:, 1] - lines[:, 0], axis=1), np.linalg.norm(lines[:, 3] - lines[:, 0], axis=1)
