"""Notes at the foot of a page (脚注): they stand between the halves of a paragraph that goes on overleaf."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from rag.loaders.layout.grids import Table
from rag.loaders.layout.lines import Line

_SMALL = 0.92  # of the body's size
_MARK = re.compile(r"[①-⑳*※]|[\[〔(（]?\d{1,2}[\]〕)）]?(?![\d.．、年月日])|注\s*\d*\s*[:：]")


def split_notes(items: Sequence[Line | Table], body_size: float) -> tuple[Sequence[Line | Table], Sequence[Line]]:
    """Return the items of a column without the notes at its foot, and those notes.

    Args:
        items: Top to bottom.
        body_size: Height of most of the file's type, in points.
    """
    small = list(takewhile(lambda item: isinstance(item, Line) and item.size < _SMALL * body_size, reversed(items)))
    notes = [item for item in reversed(small) if isinstance(item, Line)]
    while notes and not _MARK.match(notes[0].text):
        notes.pop(0)
    rest = items[: len(items) - len(notes)]
    if not notes or not rest or isinstance(rest[-1], Table) or rest[-1].size < _SMALL * body_size:
        return items, []
    return rest, notes
