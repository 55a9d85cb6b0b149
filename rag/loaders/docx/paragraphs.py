"""A paragraph's words as blocks: where a line broken by hand ends a line, and what tells it from the one above."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.loaders.docx.numbering import Label
from rag.loaders.docx.styles import Style, indent_in_characters
from rag.loaders.docx.words import LINE_BREAK, Look, Words
from rag.loaders.raw import RawBlock

_BLANK = " \t\u3000\u00a0\u2002\u2003"
_WIDTHS = {"\u3000": 1.0, "\u2003": 1.0, "\t": 2.0}
_CENTRED = frozenset({"center", "distribute"})
_SET_APART = _CENTRED | {"right", "end"}
_OPENERS = "（(〔[【"
_STOPS = "。！？；：!?;:…"
_BRACKETS = tuple(zip("（(《“〔[【", "）)》”〕]】", strict=True))
_SHORTEST_LINE = 22.0
"""Full widths; a line of official print has 28 (GB/T 9704-2012, 5.2.2), less an indent and some room."""
_NARROW = "\u2000"

# A heading is short; whoever gives a whole page the style of one does not mean its paragraphs to be headings.
_LONGEST_HEADING = 80
_SENTENCES = re.compile(r"[。！？；].*[。！？；]", re.DOTALL)

# What stands on a line of its own below a title: （试行）, ——副标题, a 文号, a date.
_OWN_LINE = re.compile(
    r"[（(〔\[【—]"
    r"|[^，。]{1,20}[〔\[（(]\s*\d{4}\s*[〕\])）]\s*第?\s*\d+\s*号$"
    r"|(?:\d{4}|[一二][〇○零一二三四五六七八九]{3})\s*年.{2,8}日$"
)


@dataclass(frozen=True, slots=True)
class Setting:
    """How the paragraph before was set, so far as two paragraphs set differently are two.

    Attributes:
        style_id: Of its paragraph style.
        alignment: ``w:jc``.
        look: Of its last words.
        line: Its last line.
        above: The last line of the paragraph above it.
    """

    style_id: str
    alignment: str
    look: Look | None
    line: str
    above: str


def setting_of(style_id: str | None, style: Style, words: Words, before: Setting | None) -> Setting:
    """Return how a paragraph is set, ``before`` being the one above it."""
    line = words.text.rpartition(LINE_BREAK)[2].strip(_BLANK)
    return Setting(style_id or "", style.alignment or "", words.last, line, "" if before is None else before.line)


def blocks_of(words: Words, style: Style, label: Label | None, before: Setting | None, own: Setting) -> list[RawBlock]:
    """Return the lines of a paragraph as blocks.

    Args:
        words: What it holds.
        style: How it is set, its own wishes included.
        label: Its number.
        before: How the paragraph right above it is set, ``None`` where something else stands there.
        own: How it is set itself.
    """
    lines = words.text.split(LINE_BREAK)
    level = style.level or 0
    if level and (len(words.text) > _LONGEST_HEADING or _SENTENCES.search(words.text)):
        level = 0
    is_apart = own.alignment in _SET_APART
    if level or (own.alignment in _CENTRED and len(words.text) <= _LONGEST_HEADING and "。" not in words.text):
        lines = _title_lines(lines)
    margin = 0.0 if is_apart else indent_in_characters(style.indent, words.size or style.size)
    found: list[RawBlock] = []
    for line in lines:
        text = line.strip(_BLANK)
        if label is not None and not found:
            text = label.before(text)
        if not text:
            continue
        indent = margin + sum(_WIDTHS.get(blank, 0.5) for blank in line[: len(line) - len(line.lstrip(_BLANK))])
        if found:  # a line broken by hand, or by the program that made the file of a page's lines
            continues = False if is_apart or level else None
            found.append(RawBlock(text, level=level, indent=indent, continues=continues))
            continue
        is_new = bool(level) or label is not None or _is_new(before, words, own, text)
        found.append(RawBlock(text, level=level, indent=indent, continues=False if is_new else None))
    return found


def joined(pieces: list[str]) -> str:
    """Return the paragraphs of a table's cell on one line."""
    # A head may be set one character a line.
    glue = "" if len(pieces) > 1 and all(len(piece) == 1 for piece in pieces) else " "
    return glue.join(piece.replace("\t", " ") for piece in pieces)


def _is_new(before: Setting | None, words: Words, own: Setting, text: str) -> bool:
    """Whether this is another paragraph than the one above, whatever the words say."""
    if before is None or own.alignment in _SET_APART:
        return True
    if text[0] in _OPENERS:  # who is responsible may stand in a bracket of its own below the task it belongs to
        return False
    if (before.style_id, before.alignment, before.look) != (own.style_id, own.alignment, words.first):
        return True
    return not _is_cut(before, text)


def _is_cut(before: Setting, text: str) -> bool:
    """Whether the line above may be one of a printed page's lines, of which a converter made a paragraph each.

    It stops amid the words: at a comma, in an open bracket, or without a stop at the width of the lines beside it.
    A long heading or entry of a list is of a width of its own.
    """
    line = before.line
    if not line or line[-1] in _STOPS:
        return False
    if line[-1] in "，,、" or any(line.count(opener) > line.count(closer) for opener, closer in _BRACKETS):
        return True
    width = _width(line)
    return width >= _SHORTEST_LINE and any(abs(width - _width(beside)) <= 1 for beside in (before.above, text))


def _width(line: str) -> float:
    return sum(0.5 if character < _NARROW else 1.0 for character in line)


def _title_lines(lines: list[str]) -> list[str]:
    """Join the lines of a title, which are broken by sense; what belongs under a title stays under it."""
    found: list[str] = []
    for line in lines:
        text = line.strip(_BLANK)
        if found and text and found[-1] and not _OWN_LINE.match(text) and not _OWN_LINE.match(found[-1].strip(_BLANK)):
            is_latin = found[-1][-1].isascii() and found[-1][-1].isalnum() and text[0].isascii() and text[0].isalnum()
            found[-1] += f" {text}" if is_latin else text
        elif text:
            found.append(line.rstrip(_BLANK))
    return found
