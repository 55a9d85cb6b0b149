"""Plain text and Markdown to blocks; a form feed is a page break."""

from __future__ import annotations

import codecs
import re
import unicodedata

import charset_normalizer

from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.raw import MediaType, RawBlock, RawDocument

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32's mark begins with UTF-16's, so it is tried first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Chinese office files only; a wider choice takes short GB18030 texts for Korean or Cyrillic. UTF-16 without a
# mark shows itself by the NUL bytes of its line ends and figures.
_LEGACY_ENCODINGS = ["gb18030", "big5"]
_WIDE_ENCODINGS = ["utf_16_le", "utf_16_be"]

# More characters than this share that no text has (controls, private use, unassigned) mean it is not text.
_STRANGE_SHARE = 0.02

_SHORT = 16

_LINE_END = re.compile(r"\r\n|[\n\r\v\x85\u2028\u2029]")
_BLANK = " \t\u3000\u00a0\u2002\u2003"

# A mark of one to six #. Without the space it counts only before Chinese text or its numbering: “#1 机组” is none.
_HEADING = re.compile(r"(#{1,6})(?:[ \t\u3000]+|(?=[（(《\u4e00-\u9fff]))(.*?)[ \t]*#*[ \t]*$")
_TABLE_ROW = re.compile(r"\|.*\|")
_TABLE_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def load_text(data: bytes, source: str) -> RawDocument:
    """Read plain text; ``#`` marks are read as headings here too, as converted documents carry them.

    Raises:
        EmptyDocument: It holds no text.
        UnreadableSource: It is not text in an encoding in use for Chinese.
    """
    return _document(_decode(data, source), source, MediaType.TEXT)


def load_markdown(data: bytes, source: str) -> RawDocument:
    """Read Markdown: headings, pipe tables and emphasis are understood, anything else is text.

    Raises:
        EmptyDocument: It holds no text.
        UnreadableSource: It is not text in an encoding in use for Chinese.
    """
    return _document(_decode(data, source), source, MediaType.MARKDOWN)


def _document(text: str, source: str, media_type: MediaType) -> RawDocument:
    pages = text.split("\f")
    while pages and not pages[-1].strip():  # a form feed at the very end closes the last page
        pages.pop()
    blocks: list[RawBlock] = []
    for number, page in enumerate(pages, start=1):
        blocks.extend(_blocks(page, number if "\f" in text else None, media_type))
    if not blocks:
        raise EmptyDocument(source, "文件中没有文字 (the file holds no text)")
    return RawDocument(tuple(blocks), media_type, len(pages) if "\f" in text else None)


def _blocks(page_text: str, page: int | None, media_type: MediaType) -> list[RawBlock]:
    found: list[RawBlock] = []
    follows_blank = False
    for line in _LINE_END.split(page_text):
        text = line.strip()
        if not text:
            follows_blank = True
            continue
        level, is_table_row = 0, False
        if heading := _HEADING.match(text):
            level, text = len(heading[1]), heading[2].strip()
        elif media_type is MediaType.MARKDOWN:
            if _TABLE_RULE.fullmatch(text):
                continue
            if _TABLE_ROW.fullmatch(text):
                text = "\t".join(cell.strip() for cell in text[1:-1].split("|"))
                is_table_row = True
        if media_type is MediaType.MARKDOWN:
            text = _EMPHASIS.sub(r"\2", text)
        if not text:
            continue
        # A row may open with an empty cell, whose tab is not an indent.
        if "\t" in text and not is_table_row:
            text = line.strip(" \u3000\u00a0\u2002\u2003\r") if not line.startswith("\t\t") else text
            is_table_row = "\t" in text.strip(_BLANK)
        found.append(RawBlock(text, page, level, is_table_row, _indent(line), follows_blank))
        follows_blank = False
    return found


def _indent(line: str) -> float:
    blank = line[: len(line) - len(line.lstrip(_BLANK))]
    return sum({"\u3000": 1.0, "\u2003": 1.0, "\t": 2.0}.get(character, 0.5) for character in blank)


def _decode(data: bytes, source: str) -> str:
    text = _decoded(data)
    if text is None:
        raise UnreadableSource(source, "不是文本或编码无法识别 (not text, or in no known encoding)")
    if "\0" in text:
        raise UnreadableSource(source, "含有 NUL 字符, 不是文本 (holds NUL characters: not text)")
    if sum(map(_is_strange, text)) > _STRANGE_SHARE * len(text):
        raise UnreadableSource(source, "是二进制文件, 不是文本 (a binary file, not text)")
    return text


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _try(data, encoding)
    if (text := _try(data, "utf-8")) is not None:
        other = _try(data, "gb18030") if len(text) <= _SHORT else None
        return text if other is None or not _is_misread(text, other) else other
    encodings = _WIDE_ENCODINGS if b"\0" in data else _LEGACY_ENCODINGS
    match = charset_normalizer.from_bytes(data, cp_isolation=encodings).best()
    # A short text gives the detector too little; GB18030 is the national standard.
    return str(match) if match is not None else _try(data, "gb18030")


def _is_misread(text: str, other: str) -> bool:
    """Whether UTF-8 made a short ``other`` in GB18030 (通知) into two-byte signs of scripts not in use here."""
    return all("\u0080" <= sign < "\u0800" for sign in text.strip()) and all(
        "\u4e00" <= c <= "\u9fff" for c in other.strip()
    )


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_strange(character: str) -> bool:
    if character >= " " and character.isprintable():
        return False
    return character not in "\t\n\v\f\r\x85" and unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
