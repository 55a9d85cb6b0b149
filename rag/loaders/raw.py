"""What every loader gives: a file's blocks of text in reading order, with page and box where it has them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    """Kinds of file the loaders read (IANA media types)."""

    TEXT = "text/plain"
    MARKDOWN = "text/markdown"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a block stands on its page, in points from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One line or paragraph as the file has it, without its line end.

    Attributes:
        text: Words, without heading marks; the cells of a table row are separated by tabs.
        page: 1-based page, ``None`` where the file has no pages.
        level: Heading level from the file's own mark-up, 1 for the outermost, 0 for no heading.
        is_table_row: Whether the file marks it as a row of a table.
        indent: Width of the blank before its first character, in Chinese characters.
        follows_blank: Whether an empty line or other extra space stands above it.
        box: Place on the page, where the format tells.
    """

    text: str
    page: int | None = None
    level: int = 0
    is_table_row: bool = False
    indent: float = 0.0
    follows_blank: bool = False
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file's blocks in reading order.

    Attributes:
        pages: Number of pages, ``None`` where the file has none.
    """

    blocks: tuple[RawBlock, ...]
    media_type: MediaType
    pages: int | None = None
