"""What every loader gives: a file's blocks of text in reading order, with page and place where it has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rag.domain.layout import Box
from rag.domain.reading import Reading


class MediaType(StrEnum):
    """Kinds of file the loaders read (IANA media types)."""

    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    HTML = "text/html"
    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    DOC = "application/msword"
    RTF = "application/rtf"
    ODT = "application/vnd.oasis.opendocument.text"
    OFD = "application/ofd"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TIFF = "image/tiff"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a block's text that stands on one line of one page.

    Attributes:
        start: Where it begins in the block's text. Fragments are in order and do not overlap.
        end: Where it ends, exclusive.
        page: 1-based.
        box: Its place.
        edges: Left edge of each of its characters and, last, the right edge of the last; ``()`` when unknown.
        confidence: Of recognition, 0..1; ``None`` for words that the file holds as text.
    """

    start: int
    end: int
    page: int
    box: Box
    edges: tuple[float, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class RawBlock:
    """One line or paragraph as the file has it, without its line end.

    Attributes:
        text: Words, without heading marks; the cells of a table row are separated by tabs.
        page: 1-based page it begins on, ``None`` where the file has no pages.
        level: Heading level from the file's own mark-up, 1 for the outermost, 0 for no heading.
        is_table_row: Whether the file marks it as a row of a table.
        indent: Width of the blank before its first character, in Chinese characters.
        follows_blank: Whether an empty line or other extra space stands above it.
        continues: Whether it goes on with the paragraph of the block above (a page or column ended in between);
            ``None`` where the file does not tell and the words must.
        fragments: Where its words stand, where the format tells.
    """

    text: str
    page: int | None = None
    level: int = 0
    is_table_row: bool = False
    indent: float = 0.0
    follows_blank: bool = False
    continues: bool | None = None
    fragments: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file's blocks in reading order.

    Attributes:
        pages: Number of pages, ``None`` where the file has none.
        reading: How it was read.
        furniture: What was left out of the blocks as furniture of the pages, a line each: it can still be seen there.
    """

    blocks: tuple[RawBlock, ...]
    media_type: MediaType
    pages: int | None = None
    reading: Reading = field(default_factory=Reading)
    furniture: tuple[RawBlock, ...] = ()
