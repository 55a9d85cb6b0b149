"""Markdown to blocks, as people write it and as programs make it from PDF: tables in HTML, escapes, front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from rag.loaders.encoding import decode
from rag.loaders.html.blocks import read_blocks
from rag.loaders.html.tree import TooDeep, tree_of
from rag.loaders.markup import LINE_END, heading, indent_of, paged, row_or_text
from rag.loaders.raw import MediaType, RawBlock, RawDocument

_FRONT_MATTER_LINES = 200
_FRONT_TITLE = re.compile(r"title\s*:\s*(?P<title>.+)", re.IGNORECASE)

_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)

_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_BULLET = re.compile(r"[-*+•][ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_PAGE_NUMBER = re.compile(r"[-*]\s*\w{1,6}\s*[-*]")
_RULE = re.compile(r"(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=[= \t]*")
_UNDERLINE = re.compile(r"=+|-{3,}")
_LONGEST_UNDERLINED = 60
_DEFINITION = re.compile(r"\[(?!\^)[^\[\]]{1,80}\]:\s*\S+(?:\s+[\"'(].*)?")
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,40}\](?::[ \t]*)?")

_TABLE_ROW = re.compile(r"\|.*\|")
_CELL_END = re.compile(r"(?<!\\)\|")
_RULE_CELL = re.compile(r"\s*:?-+:?\s*")

# An address holds no Chinese character: 国发[2023](12号) is no link.
_ADDRESS = r"\([^()\s\u3000-\uffef]*(?:\([^()\s]*\)[^()\s]*)?(?:[ \t]+\"[^\"]*\")?\)"
_IMAGE = re.compile(rf"!\[[^\[\]]*\](?:{_ADDRESS}|\[[^\[\]]*\])")
_LINK = re.compile(rf"\[([^\[\]]*)\]{_ADDRESS}")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_TAG = re.compile(
    r"</?(?:a|b|body|br|center|code|div|em|font|h[1-6]|head|hr|html|i|img|kbd|li|mark|ol|p|page|pre|s|small|span|strong|sub|sup|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK_TAG = re.compile(r"<(?:br|hr)\s*/?>|</(?:p|div|li|h[1-6]|center)>", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*|__|~~|==)(?=\S)(.+?)(?<=\S)\1")
# Between letters or figures a star is a sign: 2*3*4.
_EMPHASIS = re.compile(
    r"(?<![0-9A-Za-z*])\*(?=[^\s*])([^*]+)(?<=\S)\*(?![0-9A-Za-z*])|(?<!\w)_(?=[^\s_])([^_]+)(?<=\S)_(?!\w)"
)
_MOST_MARKS = 400
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
# Figures that programs set as formulas: $30 \%$, $2\,023$.
_FIGURES = re.compile(r"\$([\d\s.,%\\~+×/:-]{1,40})\$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def load_markdown(data: bytes, source: str) -> RawDocument:
    """Read Markdown: headings, tables, lists, quotes, notes, emphasis and links become plain words.

    Numbers of lists are kept, bullets and pictures are not. Of front matter (YAML) the title is read where the text
    does not open with it.

    Raises:
        EmptyDocument: It holds no text.
        UnreadableSource: It is not text in an encoding in use for Chinese.
    """
    text = LINE_END.sub("\n", decode(data, source))
    title, text = _front_matter(text)
    raw = paged(_UNSEEN.sub("", _without_comments(text)), source, MediaType.MARKDOWN, _blocks)
    if title and not any("".join(title.split()) in "".join(block.text.split()) for block in raw.blocks[:8]):
        first = RawBlock(title, raw.blocks[0].page, level=1)
        return RawDocument((first, *raw.blocks), raw.media_type, raw.pages)
    return raw


# What a page would run or not show. The length keeps the search for the end of many beginnings short.
_UNSEEN = re.compile(
    r"<(?P<tag>script|style|iframe|template|noscript|object)\b[^<>]{0,500}>.{0,2000}?</(?P=tag)\s*>"
    r"|<(?P<hidden>p|div|span|b|i|font)\s[^<>]{0,200}?(?:display\s*:\s*none|visibility\s*:\s*hidden|\bhidden\b)[^<>]{0,200}>"
    r"[^<]{0,2000}</(?P=hidden)\s*>",
    re.IGNORECASE | re.DOTALL,
)


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    at = 0
    # By hand: a pattern would look for the end of each anew.
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces.append(text[at:start])
        at = end + 3
    return "".join((*pieces, text[at:]))


def _front_matter(text: str) -> tuple[str, str]:
    """Return the title that a block of settings above the text gives, and the text below it."""
    lines = text.split("\n", _FRONT_MATTER_LINES)
    if lines[0].rstrip() != "---":
        return "", text
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() in ("---", "...")), 0)
    settings = lines[1:end]
    # Settings have no blank lines and open with a name: a text between two rules is none.
    if not settings or not re.match(r"[\w-]+\s*:", settings[0]) or not all(map(str.strip, settings)):
        return "", text
    title = next((match["title"] for line in settings if (match := _FRONT_TITLE.match(line))), "")
    return title.strip().strip("\"'").strip(), "\n".join(lines[end + 1 :])


def _blocks(page_text: str, page: int | None) -> list[RawBlock]:
    found: list[RawBlock] = []
    follows_blank = False
    for line, is_code in _lines(page_text):
        if isinstance(line, list):
            found.extend(RawBlock(words, page, 0, is_row) for words, is_row in line if words.strip())
            follows_blank = False
            continue
        if not line.strip():
            follows_blank = True
            continue
        if is_code:
            words, is_row = row_or_text(line)
            found.append(RawBlock(words, page, is_table_row=is_row, follows_blank=follows_blank))
            follows_blank = False
            continue
        block = _block(line, page, follows_blank)
        if block is None:
            continue
        if block.text:
            found.append(block)
            follows_blank = False
        elif found and not follows_blank and not found[-1].level and not found[-1].is_table_row:
            # An underline makes a heading of the line above.
            level = 1 if line.strip().startswith("=") else 2
            if len(found[-1].text) <= _LONGEST_UNDERLINED and found[-1].text[-1] not in "。；，":
                above = found.pop()
                found.append(replace(above, level=level))
    return found


def _lines(text: str) -> Iterator[tuple[str | list[tuple[str, bool]], bool]]:
    """Yield the lines, whether each is code, and each HTML table as its rows."""
    fence = ""
    lines = iter(text.split("\n"))
    for line in lines:
        words = line.strip()
        if fence:
            if words.startswith(fence) and not words.strip(fence[0]):
                fence = ""
            else:
                yield line, True
        elif match := _FENCE.fullmatch(words):
            fence = match[1]
        elif (table := _TABLE.search(line)) is not None:
            yield line[: table.start()], False
            pieces = [line[table.start() :]]
            while _TABLE_END.search(pieces[-1]) is None and (more := next(lines, None)) is not None:
                pieces.append(more)
            end = _TABLE_END.search(pieces[-1])
            after = pieces[-1][end.end() :] if end else ""
            pieces[-1] = pieces[-1][: end.end()] if end else pieces[-1]
            yield _rows("\n".join(pieces)), False
            # What follows on the line may be the next table.
            yield (_rows(after) if _TABLE.search(after) else after), False
        else:
            yield from ((piece, False) for piece in _BREAK_TAG.split(line) if piece.strip() or piece is line)


def _rows(table: str) -> list[tuple[str, bool]]:
    try:
        root = tree_of(table)
    except TooDeep:
        return [(words, False) for line in table.split("\n") if (words := _TAG.sub(" ", line).strip())]
    rows = [] if root is None else read_blocks(root).blocks
    return [("\t".join(map(_inline, row.cells or (row.text,))), row.is_table_row) for row in rows]


def _block(line: str, page: int | None, follows_blank: bool) -> RawBlock | None:
    """Return a line's block, with no text where it is an underline, ``None`` where it says nothing."""
    text = line.strip()
    if quote := _QUOTE.match(text):
        text = line = text[quote.end() :]
        text = text.strip()
    if _UNDERLINE.fullmatch(text):
        return RawBlock("", page)
    if not text or _RULE.fullmatch(text) or _DEFINITION.fullmatch(text):
        return None
    level, words = heading(text)
    if level:
        return RawBlock(_inline(words), page, level, follows_blank=follows_blank) if words else None
    if _TABLE_ROW.fullmatch(text):
        cells = _CELL_END.split(text[1:-1])
        if all(_RULE_CELL.fullmatch(cell) for cell in cells):
            return None
        row = "\t".join(_inline(cell.strip()).replace("\t", " ") for cell in cells)
        return RawBlock(row, page, is_table_row=True, follows_blank=follows_blank) if row.strip() else None
    if (bullet := _BULLET.match(text)) and not _PAGE_NUMBER.fullmatch(text):
        text = line = text[bullet.end() :]
    words, is_row = row_or_text(line)
    words = _inline(words)
    return RawBlock(words, page, 0, is_row, indent_of(line), follows_blank) if words else None


def _inline(text: str) -> str:
    """Return a line's words without their marks."""
    if text.isalnum():
        return text
    text = _IMAGE.sub("", text)
    text = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = _NOTE.sub("", _TAG.sub("", text))
    text = _FIGURES.sub(lambda match: re.sub(r"[\\~\s]", "", match[1]), text)
    # Lines with more marks are no prose, and pairing theirs would take long.
    if sum(map(text.count, "*_~=`")) <= _MOST_MARKS:
        text = _CODE.sub(r"\2", text)
        text = _STRONG.sub(r"\2", text)
        text = _EMPHASIS.sub(lambda match: match[1] or match[2], text)
    return unescape(_ESCAPE.sub(r"\1", text)).strip(" \r\n").removesuffix("\\")
