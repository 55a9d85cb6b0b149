"""Page furniture (版面杂项): lines that belong to the sheet of paper, not to the document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from rag.loaders import RawBlock

_BLANK_PAGE = re.compile(r"[（(\[【〔]?\s*(?:此|本)\s*[页頁]\s*[无無]\s*正\s*文\s*[)）\]】〕]?")

_PAGE_NUMBER = re.compile(
    r"[-—–－―─_·•~]+\s*\d{1,4}\s*[-—–－―─_·•~]+"
    r"|第\s*\d{1,4}\s*[页頁](?:\s*[，,/／]?\s*共\s*\d{1,4}\s*[页頁])?"
    r"|共\s*\d{1,4}\s*[页頁]\s*[，,]?\s*第\s*\d{1,4}\s*[页頁]"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}"
    r"|[Pp]age\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?",
    re.ASCII,
)
_BARE_NUMBER = re.compile(r"\d{1,3}", re.ASCII)

# A letterhead's 文件 that the page set apart from the organ's name.
_STRAY_LETTERHEAD = re.compile(r"文\s*件")

# A title may be set one character a line; anything else of that shape is debris of a seal (印章).
_VERTICAL_TITLES = frozenset(
    {"通知", "公告", "通告", "决定", "意见", "通报", "报告", "函", "批复", "纪要", "公报", "令"}
)

_RUNNING_HEAD_CHARACTERS = 40


def without_furniture(blocks: Sequence[RawBlock]) -> list[RawBlock]:
    """Return ``blocks`` without blank-page notes, page numbers, running heads and debris of seals."""
    dropped = _by_shape(blocks)
    dropped |= _bare_page_numbers(blocks)
    dropped |= _seal_debris(blocks)
    dropped |= _running_heads(blocks, dropped)
    return [block for at, block in enumerate(blocks) if at not in dropped] if dropped else list(blocks)


def _by_shape(blocks: Sequence[RawBlock]) -> set[int]:
    return {
        at
        for at, block in enumerate(blocks)
        if len(block.text) <= 24
        and not block.is_table_row
        and (
            _PAGE_NUMBER.fullmatch(block.text)
            or _BLANK_PAGE.fullmatch(block.text)
            or _STRAY_LETTERHEAD.fullmatch(block.text)
        )
    }


def _bare_page_numbers(blocks: Sequence[RawBlock]) -> set[int]:
    """Find lone figures that count the pages: they rise by one, or stand first or last on their page."""
    lone = [at for at, block in enumerate(blocks) if _BARE_NUMBER.fullmatch(block.text) and not block.is_table_row]
    found: set[int] = set()
    for at, following in zip(lone, lone[1:], strict=False):
        # Figures in neighbouring lines are a column of a table.
        if int(blocks[following].text) == int(blocks[at].text) + 1 and following - at > 2:
            found |= {at, following}
    for at in lone:
        page = blocks[at].page
        if page is not None and int(blocks[at].text) == page:
            edges = (at == 0 or blocks[at - 1].page != page, at + 1 == len(blocks) or blocks[at + 1].page != page)
            if any(edges):
                found.add(at)
    return found


def _seal_debris(blocks: Sequence[RawBlock]) -> set[int]:
    lone = [
        at
        for at, block in enumerate(blocks)
        if len(block.text) == 1 and not block.is_table_row and not block.text.isascii()
    ]
    found: set[int] = set()
    run: list[int] = []
    for at in [*lone, -1]:
        if run and at != run[-1] + 1:
            if "".join(blocks[i].text for i in run) not in _VERTICAL_TITLES or len(run) == 1:
                found.update(run)
            run = []
        run.append(at)
    return found


def _running_heads(blocks: Sequence[RawBlock], dropped: set[int]) -> set[int]:
    """Find short lines that stand first or last on at least three pages, or beside as many page numbers."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        if at not in dropped and not block.is_table_row and 2 < len(block.text) <= _RUNNING_HEAD_CHARACTERS:
            places[block.text].append(at)
    repeated = {text: where for text, where in places.items() if len(where) >= 3}
    if not repeated:
        return set()
    kept = [at for at in range(len(blocks)) if at not in dropped]
    edges: set[int] = set()
    for before, after in zip(kept, kept[1:], strict=False):
        if blocks[before].page != blocks[after].page or after - before > 1:
            edges |= {before, after}
    edges |= {kept[0], kept[-1]}
    found: set[int] = set()
    for where in repeated.values():
        if Counter(at in edges for at in where)[True] >= 3:
            # The first may be the title itself, of which the others are the running head.
            found.update(at for at in where[1:] if at in edges)
    return found
