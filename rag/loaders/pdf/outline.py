"""The outline of a PDF (书签): which lines the file itself calls headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pypdfium2 as pdfium

from rag.loaders.raw import RawBlock

_DEEPEST = 6
_MOST_ENTRIES = 5_000
_LONGEST_HEADING = 80
_BLANK = re.compile(r"\s+")


def read_outline(document: pdfium.PdfDocument) -> dict[tuple[int, str], int]:
    """Return level (1 for the outermost) by page (1-based) and words without blanks."""
    levels: dict[tuple[int, str], int] = {}
    for number, entry in enumerate(document.get_toc(max_depth=_DEEPEST)):
        if number >= _MOST_ENTRIES:
            break
        target = entry.get_dest()
        page = target.get_index() if target is not None else None
        words = _BLANK.sub("", entry.get_title())
        if page is not None and 0 < len(words) <= _LONGEST_HEADING:
            levels.setdefault((page + 1, words), entry.level + 1)
    return levels


def with_levels(blocks: Sequence[RawBlock], levels: Mapping[tuple[int, str], int]) -> list[RawBlock]:
    """Return ``blocks`` with the level of those that the outline names word for word."""
    if not levels:
        return list(blocks)
    found: list[RawBlock] = []
    for block in blocks:
        level = 0
        if block.page is not None and not block.is_table_row and len(block.text) <= 2 * _LONGEST_HEADING:
            level = levels.get((block.page, _BLANK.sub("", block.text)), 0)
        found.append(replace(block, level=level) if level else block)
    return found
