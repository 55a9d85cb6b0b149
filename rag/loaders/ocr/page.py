"""A picture of a page to its words in places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from PIL import Image

from rag.domain.layout import Box
from rag.loaders.ocr.engine import LineText, Pixels, Quads, find_lines, read_line
from rag.loaders.ocr.ruling import find_rules, grey_of, paper_of, without_rules
from rag.loaders.ocr.seals import lift_seals
from rag.loaders.ocr.spelling import mend
from rag.loaders.ocr.upright import is_sideways, slope_of
from rag.loaders.page import Page, Rule, Run, confidence_of

_LARGEST_READ = 9_000_000
"""Pixels of the picture that lines are read from: A4 at 300 dpi."""

_SEARCH_DPI = 120
_LEAST_SEARCH, _LARGEST_SEARCH = 1_400_000, 2_000_000
"""Pixels of the picture that lines are searched on, A4 at 120 dpi and the most: memory goes with it. A small page
is not searched on fewer where it has more, for the size that files give to pages is not to be relied on."""

_LARGEST_SIDE = 1191.0
"""Points, the long side of A3; the print of a larger page is taken to be as much larger."""

_STRAIGHT = 0.25
"""Degrees; print that slopes less is left as it lies."""

_STEEPEST = 20.0

_LEAST_CONFIDENCE = 0.5
_PLAIN = 0.85
"""Print that stands on its head is read with less confidence than this."""

_TALL = 1.5
_LETTER = 3.0
"""A line at most so many times as high as wide may be a single letter: 1, !"""

_INK = 50
"""How much darker than the paper ink is, of 255."""

_BODY = 0.92
"""Height of a Chinese character's ink in parts of the type's size."""

_FIGURE = 0.7
_LONGEST = 120
"""A line so many times as long as high is not read at once: memory goes with its length."""

_STEPS = 4
"""So many steps from character to character tell how far they stand apart; commas may make a line's ink a fifth higher."""

_OPENING = "（《〈“‘【〔"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A picture and the size in points of the page on it."""

    image: Image.Image
    width: float
    height: float
    turns: int = 0
    slope: float = 0.0

    @property
    def scale(self) -> float:
        """Points a pixel."""
        return self.width / self.image.width

    def lines(self) -> Quads:
        least = min(_LEAST_SEARCH, self.image.width * self.image.height)
        area = max(least, self.width * self.height * (_SEARCH_DPI / 72) ** 2)
        small = _resized(self.image, min(area, _LARGEST_SEARCH))
        quads: Quads = find_lines(np.asarray(small)) * (self.image.width / small.width)
        return quads

    def without_seals(self) -> _Sheet:
        pixels = np.asarray(self.image)
        bare = lift_seals(pixels, self.scale)
        return self if bare is pixels else replace(self, image=Image.fromarray(bare))

    def turned(self) -> _Sheet:
        """Return it a quarter turned, counter-clockwise."""
        image = self.image.transpose(Image.Transpose.ROTATE_90)
        return _Sheet(image, self.height, self.width, self.turns + 3, self.slope)

    def overturned(self) -> _Sheet:
        image = self.image.transpose(Image.Transpose.ROTATE_180)
        return replace(self, image=image, turns=self.turns + 2)

    def straightened(self, slope: float) -> _Sheet:
        paper = tuple(int(np.median(band)) for band in np.asarray(self.image)[::8, ::8].reshape(-1, 3).T)
        turned = self.image.rotate(slope, Image.Resampling.BICUBIC, fillcolor=paper)
        return replace(self, image=turned, slope=slope)


def recognize_page(image: Image.Image, number: int, width: float, height: float) -> Page:
    """Read the words of a page from its picture.

    Args:
        image: The whole page; 150 to 300 pixels an inch are best.
        number: 1-based.
        width: Of the page, in points.
        height: In points.

    Returns:
        The page turned upright and straight, its places those of the page so turned; one run a line, with the
        lines ruled on it; without runs when it shows no words.

    Raises:
        ConfigurationError: The models are not installed.
    """
    times = max(1.0, max(width, height) / _LARGEST_SIDE)
    fine = _resized(image.convert("RGB"), min(image.width * image.height, _LARGEST_READ))
    page = _recognized(_Sheet(fine, width / times, height / times), number)
    return page if times == 1 else _enlarged(page, times)


def _recognized(sheet: _Sheet, number: int) -> Page:
    sheet = sheet.without_seals()
    lines = sheet.lines()
    if is_sideways(lines):
        sheet = sheet.turned()
        lines = sheet.lines()
    slope = slope_of(lines)
    if _STRAIGHT < abs(slope) < _STEEPEST:
        sheet = sheet.straightened(slope)
        lines = sheet.lines()
    page = _read(sheet, lines, number)
    confidence = confidence_of([page])
    if confidence is None or confidence >= _PLAIN:
        return page
    overturned = sheet.overturned()
    other = _read(overturned, overturned.lines(), number)
    return other if (confidence_of([other]) or 0.0) > confidence else page


def _enlarged(page: Page, times: float) -> Page:
    def larger(box: Box) -> Box:
        return Box(box.left * times, box.top * times, box.right * times, box.bottom * times)

    runs = tuple(
        replace(run, box=larger(run.box), edges=tuple(edge * times for edge in run.edges), size=run.size * times)
        for run in page.runs
    )
    rules = tuple(Rule(larger(rule.box)) for rule in page.rules)
    width, height = page.width * times, page.height * times
    return replace(page, width=width, height=height, runs=runs, rules=rules)


def _resized(image: Image.Image, area: float) -> Image.Image:
    ratio = (area / (image.width * image.height)) ** 0.5
    size = max(1, round(image.width * ratio)), max(1, round(image.height * ratio))
    return image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)


def _read(sheet: _Sheet, lines: Quads, number: int) -> Page:
    scale = sheet.scale
    pixels = np.asarray(sheet.image)
    rules = find_rules(grey_of(pixels), scale)
    bare = without_rules(pixels, rules, scale)
    paper = paper_of(grey_of(bare))
    runs: list[Run] = []
    for left, top, right, bottom in _cut(_boxes(lines), rules, scale):
        crop = bare[top:bottom, left:right]
        if not crop.size:
            continue
        tall = crop.shape[0] > _TALL * crop.shape[1]
        reading = _read_tall(crop) if tall else read_line(crop)
        if not reading.text or reading.confidence < _LEAST_CONFIDENCE:
            continue
        box = _inked(crop, paper, (left, top, right, bottom))
        runs.append(_run(reading, box, (left, right), scale, is_tall=tall and len(reading.text) > 1))
    return Page(number, sheet.width, sheet.height, tuple(runs), rules, sheet.turns, sheet.slope)


def _boxes(quads: Quads) -> list[tuple[int, int, int, int]]:
    low, high = np.floor(quads.min(axis=1)).astype(int), np.ceil(quads.max(axis=1)).astype(int)
    return [
        (max(0, x0), max(0, y0), max(0, x1), max(0, y1))
        for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True)
    ]


def _cut(
    boxes: list[tuple[int, int, int, int]], rules: tuple[Rule, ...], scale: float
) -> list[tuple[int, int, int, int]]:
    """Cut lines where a line ruled down the page crosses them, for they are cells side by side, and endless ones."""
    down = [rule.box for rule in rules if not rule.is_horizontal]
    found: list[tuple[int, int, int, int]] = []
    for left, top, right, bottom in boxes:
        edge, middle = (bottom - top) * 0.3, (top + bottom) / 2 * scale
        places = [round((box.left + box.right) / 2 / scale) for box in down if box.top <= middle <= box.bottom]
        places += range(left, right, _LONGEST * max(1, bottom - top))
        cuts = [left, *(place for place in sorted(places) if left + edge < place < right - edge), right]
        found.extend((start, top, end, bottom) for start, end in pairwise(cuts))
    return found


def _read_tall(crop: Pixels) -> LineText:
    """Read a line higher than wide: a letter as it stands, words letter by letter downwards or turned either way."""
    # Turned, a 1 is as good a 一.
    if crop.shape[0] <= _LETTER * crop.shape[1] and (letter := read_line(crop)).confidence >= _PLAIN:
        return letter
    postures = (_side_by_side(crop), np.rot90(crop), np.rot90(crop, -1))
    return max(map(read_line, postures), key=lambda reading: reading.confidence)


def _side_by_side(crop: Pixels) -> Pixels:
    """Set letters that stand below each other beside each other."""
    grey = grey_of(crop)
    inked = (grey < paper_of(grey) - _INK).any(axis=1)
    width = crop.shape[1]
    starts = np.flatnonzero(np.diff(inked.astype(np.int8), prepend=0) == 1).tolist()
    ends = np.flatnonzero(np.diff(inked.astype(np.int8), append=0) == -1).tolist()
    letters: list[list[int]] = []
    for start, end in zip(starts, ends, strict=True):
        # The strokes of one letter, 二, are as far apart as letters are.
        if letters and end + 1 - letters[-1][0] <= width:
            letters[-1][1] = end + 1
        else:
            letters.append([start, end + 1])
    strip = np.full((width, max(1, len(letters)) * width, 3), np.median(crop), dtype=np.uint8)
    for at, (start, end) in enumerate(letters):
        letter = crop[start : min(end, start + width)]
        top = (width - letter.shape[0]) // 2
        strip[top : top + letter.shape[0], at * width : (at + 1) * width] = letter
    return strip


def _inked(crop: Pixels, paper: int, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Draw a line's box close around its ink."""
    left, top, *_ = box
    dark = grey_of(crop) < paper - _INK
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):
        return box
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _run(
    reading: LineText, box: tuple[int, int, int, int], span: tuple[int, int], scale: float, *, is_tall: bool
) -> Run:
    left, top, right, bottom = (edge * scale for edge in box)
    if is_tall:
        text, _ = mend(reading.text, range(len(reading.text) + 1))
        return Run(text, Box(left, top, right, bottom), size=right - left, confidence=reading.confidence)
    start, length = span[0] * scale, (span[1] - span[0]) * scale
    size = _size(reading, bottom - top, length)
    # The ink of an opening bracket fills the right half of its place; its left half is no indent.
    if reading.text[0] in _OPENING:
        left -= size * 0.45
    centres = [min(max(start + centre * length, left), right) for centre in reading.centres]
    widths = [1 if character.isascii() else 2 for character in reading.text]
    inner = [
        before + (after - before) * width / (width + next_width)
        for (before, after), (width, next_width) in zip(pairwise(centres), pairwise(widths), strict=True)
    ]
    text, edges = mend(reading.text, (left, *inner, right))
    return Run(text, Box(edges[0], top, edges[-1], bottom), edges, size, confidence=reading.confidence)


def _size(reading: LineText, height: float, length: float) -> float:
    """Return the size of a line's type: by the height of its ink, less where commas and brackets reach below it."""
    if reading.text.isascii():
        return height / _FIGURE
    steps = [
        (after - before) * length
        for (before, after), pair in zip(pairwise(reading.centres), pairwise(reading.text), strict=True)
        if all("\u4e00" <= character <= "\u9fff" for character in pair)
    ]
    pitch = sum(steps) / len(steps) if len(steps) >= _STEPS else height
    return min(height, max(pitch, height * _BODY)) / _BODY
