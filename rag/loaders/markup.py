"""Plain text to blocks; a form feed is a page break."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.errors import EmptyDocument
from rag.loaders.encoding import decode
from rag.loaders.raw import MediaType, RawBlock, RawDocument

LINE_END = re.compile(r"\r\n|[\n\r\v\x85\u2028\u2029]")
_BLANK = " \t\u3000\u00a0\u2002\u2003"

# A mark of one to six #. Without the space it counts only before Chinese text or its numbering: “#1 机组” is none.
_HEADING = re.compile(r"(#{1,6})(?:[ \t\u3000]+|(?=[（(《\u4e00-\u9fff]))(.*)")


def load_text(data: bytes, source: str) -> RawDocument:
    """Read plain text; ``#`` marks are read as headings here too, as converted documents carry them.

    Raises:
        EmptyDocument: It holds no text.
        UnreadableSource: It is not text in an encoding in use for Chinese.
    """
    return paged(decode(data, source), source, MediaType.TEXT, _blocks)


def paged(
    text: str, source: str, media_type: MediaType, blocks_of: Callable[[str, int | None], list[RawBlock]]
) -> RawDocument:
    """Cut a text at its form feeds and read each page.

    Args:
        text: The whole of it.
        source: Its path, for errors.
        media_type: What it is.
        blocks_of: Reads the blocks of one page, given its number where there are pages.

    Raises:
        EmptyDocument: It holds no text.
    """
    pages = text.split("\f")
    while pages and not pages[-1].strip():  # a form feed at the very end closes the last page
        pages.pop()
    blocks: list[RawBlock] = []
    for number, page in enumerate(pages, start=1):
        blocks.extend(blocks_of(page, number if "\f" in text else None))
    if not blocks:
        raise EmptyDocument(source, "文件中没有文字 (the file holds no text)")
    return RawDocument(tuple(blocks), media_type, len(pages) if "\f" in text else None)


def heading(line: str) -> tuple[int, str]:
    """Return level and words of a line that ``#`` marks make a heading; level 0 where it is none."""
    if match := _HEADING.match(line):
        # Marks may also close it; taken off by hand, for a pattern would try every blank before them.
        words = match[2].rstrip()
        bare = words.rstrip("#")
        words = bare if not bare or bare[-1] in " \t" else words
        return len(match[1]), words.replace("\t", " ").strip()
    return 0, line


def row_or_text(line: str) -> tuple[str, bool]:
    """Return the words of a line and whether tabs make a table row of it."""
    # A row may open with an empty cell, whose tab is not an indent.
    text = line.strip(_BLANK.replace("\t", "") + "\r") if not line.startswith("\t\t") else line.strip()
    return (text, True) if "\t" in text.strip(_BLANK) else (text.strip(), False)


def indent_of(line: str) -> float:
    """Return the width of the blank a line begins with, in Chinese characters."""
    blank = line[: len(line) - len(line.lstrip(_BLANK))]
    return sum({"\u3000": 1.0, "\u2003": 1.0, "\t": 2.0}.get(character, 0.5) for character in blank)


def _blocks(page_text: str, page: int | None) -> list[RawBlock]:
    found: list[RawBlock] = []
    follows_blank = False
    for line in LINE_END.split(page_text):
        text = line.strip()
        if not text:
            follows_blank = True
            continue
        level, words = heading(text)
        if not words:
            continue
        words, is_table_row = (words, False) if level else row_or_text(line)
        found.append(RawBlock(words, page, level, is_table_row, indent_of(line), follows_blank))
        follows_blank = False
    return found
