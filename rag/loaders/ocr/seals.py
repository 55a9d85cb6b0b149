"""Round red seals (印章) taken off a page, so that the names and dates under them can be read.

A seal is a ring of 38 to 58 mm in red ink; red words, letterheads and lines are no rings and stay.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.loaders.ocr.engine import Pixels

_CELL = 2.0
"""Side of the squares the ring is looked for on, in points."""

_RADII = range(21, 44)
"""Of the ring, in cells: 42 to 86 points."""

_BEARINGS = np.linspace(0, 2 * np.pi, 60, endpoint=False)
_RING = 0.75
"""Share of the ring that must be inked: it may be worn, or cut by the edge of the page."""

_MARGIN = 4
"""Cells outside the ring; there the paper is bare, but for a seal beside."""

_CONTRAST = 0.5
_MOST_SEALS = 12
_CENTRE_STEP = 2

# Ink of a seal is pale in the red channel and print is not: what is brighter than this is paper.
_PALE = 160


def lift_seals(pixels: Pixels, scale: float) -> Pixels:
    """Return the picture with its seals bleached, or itself when it bears none.

    Args:
        pixels: RGB.
        scale: Points a pixel.
    """
    red = _red(pixels)
    cell = max(1, round(_CELL / scale))
    inked = _cells(red, cell)
    rings: list[tuple[int, int, int]] = []
    while len(rings) < _MOST_SEALS and (ring := _ring(inked)) is not None:
        rings.append(ring)
        row, column, radius = ring
        rows, columns = np.ogrid[: inked.shape[0], : inked.shape[1]]
        inked[(rows - row) ** 2 + (columns - column) ** 2 <= (radius + 2) ** 2] = False
    if not rings:
        return pixels
    bleached = pixels.copy()
    for row, column, radius in rings:
        _bleach(bleached, (row + 0.5) * cell, (column + 0.5) * cell, (radius + 2) * cell)
    return bleached


def _red(pixels: Pixels) -> NDArray[np.bool_]:
    red, others = pixels[:, :, 0].astype(np.int16), pixels[:, :, 1:].max(axis=2)
    mask: NDArray[np.bool_] = (red > 120) & (red - others > 40)
    return mask


def _cells(mask: NDArray[np.bool_], cell: int) -> NDArray[np.bool_]:
    """Return which squares of ``cell`` pixels hold ink, each grown by one all around."""
    rows, columns = -(-mask.shape[0] // cell), -(-mask.shape[1] // cell)
    padded = np.zeros((rows * cell, columns * cell), dtype=np.bool_)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    share = padded.reshape(rows, cell, columns, cell).mean(axis=(1, 3))
    inked: NDArray[np.bool_] = share > 0.15
    return inked


def _ring(inked: NDArray[np.bool_]) -> tuple[int, int, int] | None:
    """Return row, column and radius in cells of the plainest ring, ``None`` when there is none."""
    rows, columns = np.nonzero(inked)
    if len(rows) < 2 * np.pi * _RADII[0] * _RING:
        return None
    reach = _RADII[-1] + _MARGIN + 1
    # One cell of tolerance: the ring is thinner than a cell and seldom quite round.
    grown = np.pad(inked, reach)
    grown = grown | np.roll(grown, 1, 0) | np.roll(grown, -1, 0) | np.roll(grown, 1, 1) | np.roll(grown, -1, 1)
    across, down = (
        grid.ravel()
        for grid in np.meshgrid(
            np.arange(columns.min(), columns.max() + 1, _CENTRE_STEP) + reach,
            np.arange(rows.min(), rows.max() + 1, _CENTRE_STEP) + reach,
        )
    )
    best, found = _CONTRAST, None
    for radius in _RADII:
        # A few bearings rule out nearly every middle.
        likely = _covered(grown, down, across, radius, _BEARINGS[::5]) >= _RING - 0.1
        middles = down[likely], across[likely]
        on = _covered(grown, *middles, radius, _BEARINGS)
        contrast = np.where(on >= _RING, on - _covered(grown, *middles, radius + _MARGIN, _BEARINGS), 0.0)
        if len(contrast) and contrast.max() > best:
            at = int(contrast.argmax())
            best = float(contrast[at])
            found = int(middles[0][at]) - reach, int(middles[1][at]) - reach, radius
    return found


def _covered(
    inked: NDArray[np.bool_],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    radius: int,
    bearings: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the inked share of circles about each of the middles."""
    hits = np.zeros(rows.shape, dtype=np.int64)
    for bearing in bearings:
        hits += inked[rows + round(radius * np.sin(bearing)), columns + round(radius * np.cos(bearing))]
    return hits / len(bearings)


def _bleach(pixels: Pixels, row: float, column: float, radius: float) -> None:
    top, left = max(0, int(row - radius)), max(0, int(column - radius))
    disc = pixels[top : int(row + radius) + 1, left : int(column + radius) + 1]
    rows, columns = np.ogrid[: disc.shape[0], : disc.shape[1]]
    inside = (rows + top - row) ** 2 + (columns + left - column) ** 2 <= radius**2
    pale = np.clip(disc[:, :, :1].astype(np.float32) * (255 / _PALE), 0, 255).astype(np.uint8)
    disc[inside] = np.broadcast_to(pale, disc.shape)[inside]
