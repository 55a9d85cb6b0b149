"""Pages with words in places, as a positioned format gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.domain.layout import Box
from rag.loaders.layout import arrange
from rag.loaders.page import Page, Rule, Run
from rag.loaders.raw import RawBlock

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, TOP, SIZE, PITCH = 79.0, 527.0, 105.0, 16.0, 28.0
BODY = "各地区、各部门要高度重视，切实加强组织领导，认真落实责任"


def width_of(text: str, size: float = SIZE) -> float:
    return sum(0.5 if " " <= character <= "~" else 1.0 for character in text) * size


@dataclass
class Sheet:
    """A page in the making; ``down`` is where the next line of ``lines`` goes."""

    number: int = 1
    width: float = WIDTH
    down: float = TOP
    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def text(self, left: float, top: float, words: str, size: float = SIZE, *, bold: bool = False) -> Sheet:
        edges = [left]
        for character in words:
            edges.append(edges[-1] + width_of(character, size))
        box = Box(left, top, edges[-1], top + size)
        self.runs.append(Run(words, box, tuple(edges), size, is_bold=bold))
        return self

    def line(self, words: str, indent: float = 0, size: float = SIZE, *, bold: bool = False, space: float = 0) -> Sheet:
        """Set the next line, ``indent`` in characters, ``space`` above it in points."""
        self.down += space
        self.text(LEFT + indent * SIZE, self.down, words, size, bold=bold)
        self.down += PITCH * max(1.0, size / SIZE)
        return self

    def centred(self, words: str, size: float = SIZE, *, bold: bool = False, space: float = 0) -> Sheet:
        return self.line(words, ((RIGHT - LEFT) - width_of(words, size)) / 2 / SIZE, size, bold=bold, space=space)

    def right(self, words: str, blank: float = 4) -> Sheet:
        return self.line(words, (RIGHT - LEFT) / SIZE - blank - width_of(words, 1))

    def paragraph(self, words: str) -> Sheet:
        """Set a paragraph with an indent of two characters, 28 a line."""
        indent = 2
        while words:
            self.line(words[: 28 - indent], indent)
            words, indent = words[28 - indent :], 0
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> Sheet:
        self.rules += [Rule(Box(xs[0], y, xs[-1], y)) for y in ys]
        self.rules += [Rule(Box(x, ys[0], x, ys[-1])) for x in xs]
        return self

    def rule(self, left: float, top: float, right: float, bottom: float) -> Sheet:
        self.rules.append(Rule(Box(left, top, right, bottom)))
        return self

    def cells(self, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str]], size: float = 12) -> Sheet:
        """Write words into the cells of a grid, the lines of a cell separated by ``/``."""
        for y, row in zip(ys, rows, strict=False):
            for x, cell in zip(xs, row, strict=False):
                for number, words in enumerate(filter(None, cell.split("/"))):
                    self.text(x + 4, y + 4 + number * 1.3 * size, words, size)
        return self

    def page(self) -> Page:
        return Page(self.number, self.width, HEIGHT, tuple(self.runs), tuple(self.rules))


def blocks(*sheets: Sheet) -> list[RawBlock]:
    return arrange([sheet.page() for sheet in sheets])


def texts(*sheets: Sheet) -> list[str]:
    return [block.text for block in blocks(*sheets)]
