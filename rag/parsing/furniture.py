"""Page furniture (版面杂项): lines that belong to the sheet of paper, not to the document."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

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

# Cells of a flattened table, one a line, that say something.
_CELLS = frozenset("是否无有男女元个项优良中差甲乙丙丁")

_RUNNING_HEAD_CHARACTERS = 40
_LINES_ON_A_PAGE = 8
_UNFINISHED = 20
"""Characters from which a line without a stop at its end is a broken sentence."""
_STOPS = "。！？；：:;）)"


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
    """Find lone figures that count the pages.

    They stand first or last on the page they number, or break a sentence in two, or rise one by one with
    much text between. Figures close to each other are a column of a table.
    """
    lone = [at for at, block in enumerate(blocks) if _BARE_NUMBER.fullmatch(block.text) and not block.is_table_row]
    found = {at for at in lone if _breaks_sentence(blocks, at) or _numbers_its_page(blocks, at)}
    if len(lone) >= 2 and all(
        int(blocks[after].text) == int(blocks[before].text) + 1 and after - before > _LINES_ON_A_PAGE
        for before, after in pairwise(lone)
    ):
        found.update(lone)
    return found


def _breaks_sentence(blocks: Sequence[RawBlock], at: int) -> bool:
    if not 0 < at < len(blocks) - 1:
        return False
    before, after = blocks[at - 1], blocks[at + 1]
    return (
        len(before.text) >= 20
        and before.text[-1] not in "。！？；：:;）)"
        and not before.is_table_row
        and len(after.text) >= 4
    )


def _numbers_its_page(blocks: Sequence[RawBlock], at: int) -> bool:
    page = blocks[at].page
    if page is None or int(blocks[at].text) != page:
        return False
    return at == 0 or blocks[at - 1].page != page or at + 1 == len(blocks) or blocks[at + 1].page != page


def _seal_debris(blocks: Sequence[RawBlock]) -> set[int]:
    lone = [
        at
        for at, block in enumerate(blocks)
        if len(block.text) == 1
        and not block.is_table_row
        and "\u3400" <= block.text <= "\u9fff"
        and block.text not in _CELLS
        and not (at and len(blocks[at - 1].text) >= _UNFINISHED and blocks[at - 1].text[-1] not in _STOPS)
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
    for before, after in pairwise(kept):
        if blocks[before].page != blocks[after].page or after - before > 1:
            edges |= {before, after}
    edges |= {kept[0], kept[-1]}
    found: set[int] = set()
    for where in repeated.values():
        if Counter(at in edges for at in where)[True] >= 3:
            # The first may be the title itself, of which the others are the running head.
            found.update(at for at in where[1:] if at in edges)
    return found
