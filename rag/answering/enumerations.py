"""Enumerations (列举): 有下列情形之一的： and the items (项) below it say something only together."""

from __future__ import annotations

import re

from rag.domain.span import Span
from rag.text import sentences

MOST_CHARACTERS = 1_500
"""Longest enumeration given whole; of a longer one the items that fit are."""

_ITEM = re.compile(r"\s*(?:[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]|\d{1,2}\s*[.．、](?!\d)|[①-⑳])")
_MOST_ITEMS = 300


def with_items(text: str, lead: Span) -> Span:
    """Return a lead-in with the items below it; ``lead`` itself when it leads in none.

    Args:
        text: Canonical text.
        lead: A sentence of it.
    """
    if not lead.of(text).endswith(("：", ":")):
        return lead
    end = at = lead.end
    while at < len(text) and text[at] == "\n":
        line_end = _line_end(text, at + 1)
        if not _ITEM.match(text, at + 1, line_end) or line_end - lead.start > MOST_CHARACTERS:
            break
        end = at = line_end
    return Span(lead.start, end)


def lead_in(text: str, item: Span) -> Span | None:
    """Return the lead-in that an item stands under, ``None`` when ``item`` is none or has none.

    Args:
        text: Canonical text.
        item: A sentence of it, or several.
    """
    start = text.rfind("\n", 0, item.start) + 1
    if not _ITEM.match(text, start, _line_end(text, start)):
        return None
    for _ in range(_MOST_ITEMS):
        if start == 0:
            return None
        end = start - 1
        start = text.rfind("\n", 0, end) + 1
        if not _ITEM.match(text, start, end):
            if not text[start:end].endswith(("：", ":")):
                return None
            return sentences(text, Span(start, end))[-1]
    return None


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
