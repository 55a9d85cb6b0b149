"""Canonical text (规范文本): what a document says, one paragraph or table row a line.

Every offset in the product points into this text. Furniture is gone, broken paragraphs are whole, personal
data is masked; words, script, width and the blanks inside a line are as the file has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.domain.layout import Box, Region
from rag.domain.personal import PersonalData, masked
from rag.domain.span import Span
from rag.loaders import Fragment, RawBlock, RawDocument
from rag.parsing.furniture import without_furniture
from rag.parsing.joining import Paragraph, layout_of
from rag.parsing.personal import find_personal_data

# Zero-width characters, soft hyphens, marks of direction, variation selectors, tags, blank fillers, replaced bytes and
# controls other than the tab. Words that look alike must be alike: nothing may hide inside a 文号 or a number.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd\U000e0000-\U000e0fff]"
)
# Those of them that Python takes for printable.
_UNSEEN = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\ufffc\ufffd\U000e0100-\U000e01ef]"
)
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
    """A canonical text and its lines, which cover all of it but the line ends.

    Attributes:
        regions: Where its words stand on the pages; empty for a file without pages.
        personal: What is masked in ``text``, in order.
        covered: Page and place of personal data in the furniture that was left out.
    """

    text: str
    lines: tuple[Line, ...]
    regions: tuple[Region, ...] = ()
    personal: tuple[PersonalData, ...] = ()
    covered: tuple[tuple[int, Box], ...] = ()


def canonicalize(raw: RawDocument) -> Canonical:
    """Return the canonical text of a file's blocks."""
    lines_of_file = [clean for block in raw.blocks if (clean := _clean(block)).text]
    blocks = without_furniture(lines_of_file)
    layout = layout_of(blocks)
    paragraphs: list[Paragraph] = []
    for block in blocks:
        if paragraphs and paragraphs[-1].goes_on_in(block, layout):
            paragraphs[-1].add(block)
            continue
        after_colon = bool(paragraphs) and paragraphs[-1].pieces[-1][-1] in "：:"
        paragraphs.append(Paragraph(block, after_colon))
    whole = "\n".join(paragraph.text for paragraph in paragraphs)
    personal = find_personal_data(whole)
    lines: list[Line] = []
    regions: list[Region] = []
    at = 0
    for paragraph in paragraphs:
        first = paragraph.first
        lines.append(Line(Span(at, at + paragraph.length), first.page, first.level, first.is_table_row))
        for start, block in zip(paragraph.starts, paragraph.blocks, strict=True):
            regions.extend(_regions(block, at + start))
        at += paragraph.length + 1
    covered = tuple(_personal_places([*lines_of_file, *raw.furniture], blocks))
    return Canonical(masked(whole, personal), tuple(lines), tuple(regions), personal, covered)


def _personal_places(all_blocks: Sequence[RawBlock], kept: Sequence[RawBlock]) -> Iterator[tuple[int, Box]]:
    """Yield where personal data stands in the blocks that were not kept, the whole line of each."""
    here = set(map(id, kept))
    for block in all_blocks:
        if id(block) not in here and block.fragments:
            for data in find_personal_data(block.text):
                parts = (part for part in block.fragments if Span(part.start, part.end).overlaps(data.span))
                yield from ((part.page, part.box) for part in parts)


def _regions(block: RawBlock, at: int) -> Iterator[Region]:
    if not block.fragments and block.page is not None:
        yield Region(Span(at, at + len(block.text)), block.page)
    for part in block.fragments:
        box = Box(*(round(edge, 1) for edge in (part.box.left, part.box.top, part.box.right, part.box.bottom)))
        edges = tuple(round(edge, 1) for edge in part.edges)
        yield Region(Span(at + part.start, at + part.end), part.page, box, edges)


def _clean(block: RawBlock) -> RawBlock:
    text = block.text
    if not text.isprintable() or _UNSEEN.search(text):  # cheap, and most lines have none
        text = _ODD_BLANK.sub(" ", _INVISIBLE.sub("", text.replace("\n", " ")))
    text = text.rstrip(_EDGE)
    text = text.lstrip(" \u3000") if block.is_table_row else text.lstrip(_EDGE)
    if not text.strip(_EDGE):
        text = ""
    if text == block.text:
        return block
    return replace(block, text=text, fragments=_recut(block.fragments, _kept(block.text, text)))


def _kept(before: str, after: str) -> list[int]:
    """Return where each character left of a cleaned text stood: cleaning drops characters or makes blanks of them."""
    kept = [at for at, character in enumerate(before) if character == "\n" or not _INVISIBLE.match(character)]
    shown = "".join(" " if before[at] == "\n" or _ODD_BLANK.match(before[at]) else before[at] for at in kept)
    first = shown.find(after)
    return kept[first : first + len(after)]


def _recut(fragments: Sequence[Fragment], kept: Sequence[int]) -> tuple[Fragment, ...]:
    """Return the fragments of a text of which only the characters at ``kept`` are left."""
    found: list[Fragment] = []
    at = 0
    for part in fragments:
        while at < len(kept) and kept[at] < part.start:
            at += 1
        start = at
        while at < len(kept) and kept[at] < part.end:
            at += 1
        if at > start:
            places = [place - part.start for place in kept[start:at]]
            edges = (*(part.edges[place] for place in places), part.edges[places[-1] + 1]) if part.edges else ()
            box = replace(part.box, left=edges[0], right=edges[-1]) if edges else part.box
            found.append(replace(part, start=start, end=at, box=box, edges=edges))
    return tuple(found)
