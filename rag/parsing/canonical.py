"""Canonical text (规范文本): what a document says, one paragraph or table row a line.

Every offset in the product points into this text. Furniture is gone, broken paragraphs are whole, personal
contact data is masked; words, script, width and the blanks inside a line are as the file has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.domain.span import Span
from rag.loaders import RawBlock, RawDocument
from rag.parsing.contacts import mask_contacts
from rag.parsing.furniture import without_furniture
from rag.parsing.joining import Paragraph, layout_of

# Zero-width characters, soft hyphens, marks of direction, replaced bytes and controls other than the tab.
_INVISIBLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffc\ufffd]")
_ODD_BLANK = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_EDGE = " \u3000\t"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, heading or table row of canonical text.

    Attributes:
        span: Where it stands, without its line end.
        level: Heading level from the file's mark-up, 0 for none.
    """

    span: Span
    page: int | None = None
    level: int = 0
    is_table_row: bool = False


@dataclass(frozen=True, slots=True)
class Canonical:
    """A canonical text and its lines, which cover all of it but the line ends."""

    text: str
    lines: tuple[Line, ...]


def canonicalize(raw: RawDocument) -> Canonical:
    """Return the canonical text of a file's blocks."""
    blocks = without_furniture([clean for block in raw.blocks if (clean := _clean(block)).text])
    layout = layout_of(blocks)
    paragraphs: list[Paragraph] = []
    for block in blocks:
        if paragraphs and paragraphs[-1].goes_on_in(block, layout):
            paragraphs[-1].add(block)
            continue
        after_colon = bool(paragraphs) and paragraphs[-1].pieces[-1][-1] in "：:"
        paragraphs.append(Paragraph(block, after_colon))
    text = mask_contacts("\n".join(paragraph.text for paragraph in paragraphs))
    lines: list[Line] = []
    at = 0
    for paragraph in paragraphs:
        first = paragraph.first
        lines.append(Line(Span(at, at + paragraph.length), first.page, first.level, first.is_table_row))
        at += paragraph.length + 1
    return Canonical(text, tuple(lines))


def _clean(block: RawBlock) -> RawBlock:
    text = block.text
    if not text.isprintable():  # cheap: most lines are
        text = _ODD_BLANK.sub(" ", _INVISIBLE.sub("", text.replace("\n", " ")))
    text = text.rstrip(_EDGE)
    text = text.lstrip(" \u3000") if block.is_table_row else text.lstrip(_EDGE)
    if not text.strip(_EDGE):
        text = ""
    return block if text == block.text else replace(block, text=text)
