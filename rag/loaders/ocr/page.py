"""A picture of a page to its words in places."""

from __future__ import annotations

import numpy as np
from PIL import Image

from rag.domain.layout import Box
from rag.loaders.ocr.engine import Quads, Reading, find_lines, read_line
from rag.loaders.page import Page, Run

_SEARCH_DPI = 120
_LARGEST_SEARCH = 2_000_000
"""Pixels of the picture that lines are searched on: memory goes with it."""

_LEAST_CONFIDENCE = 0.5


def recognize_page(image: Image.Image, number: int, width: float, height: float) -> Page:
    """Read the words of a page from its picture.

    Args:
        image: The whole page, 150 to 300 pixels an inch for print of ordinary size.
        number: 1-based.
        width: Of the page, in points.
        height: In points.

    Returns:
        The page turned upright and straight, one run a line; without runs when it shows no words.
    """
    pixels = np.asarray(image.convert("RGB"))
    scale = width / image.width
    runs = []
    for left, top, right, bottom in _boxes(_search(image, width, height)):
        crop = pixels[top:bottom, left:right]
        reading = read_line(crop)
        if reading.text and reading.confidence >= _LEAST_CONFIDENCE:
            runs.append(_run(reading, (left, top, right, bottom), scale))
    return Page(number, width, height, tuple(runs))


def _search(image: Image.Image, width: float, height: float) -> Quads:
    points = width * height
    area = min(_LARGEST_SEARCH, points * (_SEARCH_DPI / 72) ** 2)
    ratio = (area / (image.width * image.height)) ** 0.5
    size = max(1, round(image.width * ratio)), max(1, round(image.height * ratio))
    small = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    quads: Quads = find_lines(np.asarray(small)) / ratio
    return quads


def _boxes(quads: Quads) -> list[tuple[int, int, int, int]]:
    low, high = np.floor(quads.min(axis=1)).astype(int), np.ceil(quads.max(axis=1)).astype(int)
    return [(max(0, x0), max(0, y0), x1, y1) for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True)]


def _run(reading: Reading, box: tuple[int, int, int, int], scale: float) -> Run:
    left, top, right, bottom = (edge * scale for edge in box)
    widths = [1 if character.isascii() else 2 for character in reading.text]
    centres = [left + centre * (right - left) for centre in reading.centres]
    inner = [
        before + (after - before) * w / (w + v)
        for before, after, w, v in zip(centres, centres[1:], widths, widths[1:], strict=False)
    ]
    edges = (left, *inner, right)
    return Run(reading.text, Box(left, top, right, bottom), edges, bottom - top, confidence=reading.confidence)
