"""Words that float over the page (文本框): text boxes, WordArt and diagrams, of Word's two drawing languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.loaders.docx.names import DGM, MC, WP, A, R, V, W, number

_POINTS_IN_EMU = 1 / 12_700
# A box that begins this far below the top of its paragraph, in points, stands below its first line.
_BELOW = 15.0
_BESIDE_PARAGRAPH = frozenset({"paragraph", "line", "text", "char"})

_MARGIN_TOP = re.compile(r"(?:^|;)\s*margin-top\s*:\s*(-?[\d.]+)\s*(pt|in|cm|mm|px)?", re.IGNORECASE)
_RELATIVE = re.compile(r"mso-position-vertical-relative\s*:\s*([\w-]+)", re.IGNORECASE)
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75}


@dataclass(frozen=True, slots=True)
class Shape:
    """A thing with words in it, anchored in a paragraph.

    Attributes:
        content: Its ``w:txbxContent``, which holds paragraphs; ``None`` where ``lines`` are all.
        lines: Its words where it holds no paragraphs.
        frame: What its place is measured from, ``""`` when it stands in the line.
        top: How far below that, in points.
    """

    content: Any | None = None
    lines: tuple[str, ...] = ()
    frame: str = ""
    top: float = 0.0

    @property
    def is_below(self) -> bool:
        """Whether it stands below the first line of its paragraph."""
        return not self.frame or (self.frame in _BESIDE_PARAGRAPH and self.top > _BELOW)


def from_top(shapes: Sequence[Shape]) -> list[Shape]:
    """Return the shapes of one paragraph as they are read: from the top down where their places compare."""
    if len({shape.frame for shape in shapes}) > 1:
        return list(shapes)
    return sorted(shapes, key=lambda shape: shape.top)


def shapes_in(drawing: Any) -> Iterator[Shape]:
    """Yield the text boxes and WordArt of a ``w:drawing``, ``w:pict`` or ``w:object``, the outermost ones."""
    frame, top = _place(drawing)
    waiting = [drawing]
    while waiting:
        element = waiting.pop()
        if element.tag == f"{W}txbxContent":
            yield Shape(element, (), frame, top)
        elif element.tag == f"{V}textpath":
            if text := " ".join(element.get("string", "").split()):
                yield Shape(None, (text,), frame, top)
        elif element.tag != f"{MC}Fallback":
            waiting.extend(reversed(element))


def diagram_of(drawing: Any) -> str | None:
    """Return the ``r:id`` of the words of a drawing's diagram (SmartArt), ``None`` where it has none."""
    found = next(drawing.iter(f"{DGM}relIds"), None)
    return None if found is None else found.get(f"{R}dm")


def diagram(data: Any) -> Shape:
    """Return the words of a diagram, one node a line, in the order they were written."""
    lines = []
    for point in data.iter(f"{DGM}pt"):
        # Other points stand for the links between the nodes.
        if point.get("type", "node") == "node":
            line = " ".join("".join(t.text or "" for t in p.iter(f"{A}t")) for p in point.iter(f"{A}p"))
            lines.append(" ".join(line.split()))
    return Shape(lines=tuple(line for line in lines if line))


def _place(drawing: Any) -> tuple[str, float]:
    anchor = drawing.find(f"{WP}anchor")
    if anchor is not None:
        vertical = anchor.find(f"{WP}positionV")
        if vertical is None:
            return "paragraph", 0.0
        offset = number((vertical.findtext(f"{WP}posOffset") or "").strip()) or 0
        return vertical.get("relativeFrom", "paragraph"), offset * _POINTS_IN_EMU
    for shape in drawing:
        style = shape.get("style", "")
        if "absolute" in style:
            top, relative = _MARGIN_TOP.search(style), _RELATIVE.search(style)
            points = float(top[1]) * _POINTS.get((top[2] or "pt").lower(), 1.0) if top and _is_figure(top[1]) else 0.0
            return (relative[1].lower() if relative else "text"), points
    return "", 0.0


def _is_figure(text: str) -> bool:
    return text.count(".") <= 1 and any(map(str.isdecimal, text))
