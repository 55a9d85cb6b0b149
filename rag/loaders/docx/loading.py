"""A Word document's paragraphs and tables in their order, as blocks.

What is kept, and where it stands, is what a careful clerk would type from the printed document: headers, footers and
comments are dropped, a text box is read where it is anchored, and a note stands below the paragraph that refers to
it, so that a definition stays with the words it defines and the foot of the document (落款, 版记) stays last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.docx.chunks import read_chunk
from rag.loaders.docx.names import MC, R, W, switch, value
from rag.loaders.docx.numbering import Numbering
from rag.loaders.docx.package import Package
from rag.loaders.docx.paragraphs import Setting, blocks_of, joined, setting_of
from rag.loaders.docx.scans import read_scans
from rag.loaders.docx.shapes import Shape, from_top
from rag.loaders.docx.styles import Style, Styles, style_of
from rag.loaders.docx.tables import Cell, Row, read_table
from rag.loaders.docx.words import Reader, Words
from rag.loaders.raw import MediaType, RawBlock, RawDocument

_PARAGRAPH, _TABLE, _CHUNK = f"{W}p", f"{W}tbl", f"{W}altChunk"
_CONTAINERS = frozenset(
    {
        *(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")),
        f"{MC}AlternateContent",
        f"{MC}Choice",
    }
)
_NOTE = "注："
_RULES_OF_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})

# With more headings than this, the outline levels are a slip: a document has words under its headings.
_FEWEST_HEADINGS = 8
_MOST_HEADINGS = 0.7

_MOST_PACKED = 3
"""Word documents packed one in another."""


def load_docx(data: bytes, source: str) -> RawDocument:
    """Read a Word document.

    It has no pages: where they end is decided by the program that shows it. One that holds pictures and not a word
    is a scan, and goes to recognition; then each picture is a page.

    Raises:
        EmptyDocument: It holds no words.
        UnreadableSource: It is damaged, encrypted or no Word document.
    """
    try:
        document = _Document(data, source)
        blocks = document.blocks()
    except RecursionError as error:  # the XML parser lets 256 elements nest; some take several calls each
        raise UnreadableSource(source, "文档嵌套过深 (the document is nested too deep)") from error
    raw = RawDocument(tuple(blocks), MediaType.DOCX) if blocks else document.scans()
    if raw is None:
        raise EmptyDocument(source, "文件中没有文字 (the file holds no text)")
    hidden, attachments = document.hidden_characters, tuple(document.attachments)
    return replace(raw, reading=replace(raw.reading, hidden_characters=hidden, attachments=attachments))


class _Document:
    """One reading of a document: lists count and fields open as its paragraphs pass."""

    def __init__(self, data: bytes, source: str, depth: int = 0) -> None:
        self._package = Package.open(data, source)
        self._source = source
        self._depth = depth
        self._body = self._package.document()
        self._styles = Styles(self._package.part("styles"))
        self._numbering = Numbering(self._package.part("numbering"), self._styles)
        self._reader = Reader(self._package, self._styles)
        self._notes = {
            (kind, note.get(f"{W}id", "")): note
            for kind in ("footnotes", "endnotes")
            if (root := self._package.part(kind)) is not None
            for note in root
            if note.get(f"{W}type") not in _RULES_OF_NOTES
        }
        self._called: list[tuple[str, str]] = []
        self._tables = 0
        self._before: Setting | None = None
        self._hidden_in_chunks = 0
        self._attachments_in_chunks: list[str] = []

    @property
    def hidden_characters(self) -> int:
        """Characters left out because the file hides them."""
        return self._reader.hidden_characters + self._hidden_in_chunks

    @property
    def attachments(self) -> list[str]:
        """Names of the files embedded in it."""
        return self._reader.attachments + self._attachments_in_chunks

    def blocks(self) -> list[RawBlock]:
        """Return the blocks of the body."""
        found = list(self._blocks(self._body))
        headings = sum(block.level > 0 for block in found)
        if headings >= _FEWEST_HEADINGS and headings > _MOST_HEADINGS * len(found):
            found = [replace(block, level=0) for block in found]
        return found

    def scans(self) -> RawDocument | None:
        """Return the words on its pictures, ``None`` where there are none."""
        return read_scans(self._package, self._body, self._source)

    def _blocks(self, container: Any) -> Iterator[RawBlock]:
        """Yield the blocks of a body, cell, text box or note."""
        carried: tuple[Any, Words] | None = None
        is_blank = False
        for element in _content(container):
            found: list[RawBlock]
            if element.tag == _PARAGRAPH:
                words = self._words(element)
                if carried is not None:
                    words = carried[1].then(words)
                carried = None
                if _runs_on(element):
                    carried = element, words
                    continue
                found = self._paragraph(element, words)
            else:
                found = [] if carried is None else self._paragraph(*carried)
                carried = None
                self._before = None
                found += self._table(element) if element.tag == _TABLE else self._chunk(element)
                self._before = None
            if found and is_blank:
                found[0] = replace(found[0], follows_blank=True, continues=False)
            is_blank = not found
            yield from found
        if carried is not None:
            yield from self._paragraph(*carried)

    # ------------------------------------------------------------------------------------- paragraphs

    def _style(self, paragraph: Any) -> tuple[str | None, Style, Style]:
        """Return a paragraph's style id, what that style says, and what the paragraph says itself."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None, self._styles.paragraph(None), Style()
        style_id = value(properties, "pStyle")
        return style_id, self._styles.paragraph(style_id), style_of(properties)

    def _words(self, paragraph: Any) -> Words:
        return self._reader.read(paragraph, self._style(paragraph)[1])

    def _paragraph(self, paragraph: Any, words: Words) -> list[RawBlock]:
        style_id, style, own = self._style(paragraph)
        label = self._numbering.label(own, style, style_id)
        if label is not None and label.indent:
            style = replace(style, indent={**style.indent, **label.indent})
        if not words.text.strip() and not self._tables:
            label = None  # counted; but a number without words says something in a table only
        self._called += words.notes
        style = own.over(style)
        before = self._before
        setting = self._before = setting_of(style_id, style, words, before)
        lines = blocks_of(words, style, label, before, setting)
        shapes = from_top(words.shapes)
        found = [block for shape in shapes if not lines or not shape.is_below for block in self._shape(shape)]
        if found and lines:
            lines[0] = replace(lines[0], continues=False)
        found += lines
        found += [block for shape in shapes if lines and shape.is_below for block in self._shape(shape)]
        found += self._notes_called()
        if len(found) > len(lines) or not lines:
            self._before = None
        return found

    def _shape(self, shape: Shape) -> list[RawBlock]:
        if shape.content is None:
            return [RawBlock(line, continues=False) for line in shape.lines]
        return self._apart(shape.content)

    def _notes_called(self) -> list[RawBlock]:
        """Return the notes that were referred to, each once; those of a table's cells wait for its end."""
        found: list[RawBlock] = []
        while self._called and not self._tables:
            note = self._notes.pop(self._called.pop(0), None)
            lines = [] if note is None else self._apart(note)
            if lines:
                text = lines[0].text
                lines[0] = replace(lines[0], text=text if text.startswith("注") else _NOTE + text, level=0)
            found += lines
        return found

    def _apart(self, element: Any) -> list[RawBlock]:
        """Return the blocks of a text that stands apart from the one around it."""
        before, self._before = self._before, None
        found = list(self._blocks(element))
        self._before = before
        return found

    # ----------------------------------------------------------------------------------------- tables

    def _table(self, element: Any) -> list[RawBlock]:
        table = read_table(element, self._styles)
        found: list[RawBlock] = []
        headers: set[str] = set()
        for row in table.rows:
            if row.is_hidden:
                for cell in row.cells:
                    self._reader.hide(cell.element)
            elif table.is_frame:
                for cell in row.cells:
                    self._before = None
                    found += [] if self._is_covered(cell) else self._blocks(cell.element)
            elif (text := self._row(row)) and not (row.is_header and text in headers):
                found.append(RawBlock(text, is_table_row=True))
                if row.is_header:
                    headers.add(text)
        return found + self._notes_called()

    def _row(self, row: Row) -> str:
        """Return the cells of a row separated by tabs, ``""`` where none holds words.

        A cell over several columns is followed by empty ones, so that each column has its own.
        """
        self._tables += 1
        cells: list[str] = []
        for cell in row.cells:
            cells += [""] * (cell.start - len(cells))
            cells.append("" if self._is_covered(cell) else joined([block.text for block in self._blocks(cell.element)]))
            cells += [""] * (cell.end - len(cells))
        self._tables -= 1
        return "\t".join(cells) if any(cells) else ""

    def _is_covered(self, cell: Cell) -> bool:
        """Whether a cell is part of the one above, whose words alone are shown."""
        if cell.goes_on:
            self._reader.hide(cell.element)
        return cell.goes_on

    # ----------------------------------------------------------------------------------- packed texts

    def _chunk(self, element: Any) -> list[RawBlock]:
        data = self._package.read(element.get(f"{R}id"))
        if data is None:
            raise UnreadableSource(self._source, "内嵌的正文缺失 (text packed into the file is missing)")
        if not data.startswith(b"PK"):
            blocks, hidden = read_chunk(data, self._source)
            self._hidden_in_chunks += hidden
            return blocks
        if self._depth >= _MOST_PACKED:
            raise UnreadableSource(self._source, "内嵌文档嵌套过深 (documents are packed one in another too deep)")
        packed = _Document(data, self._source, self._depth + 1)
        blocks = packed.blocks()
        self._hidden_in_chunks += packed.hidden_characters
        self._attachments_in_chunks += packed.attachments
        return blocks


def _content(container: Any) -> Iterator[Any]:
    """Yield the paragraphs, tables and packed texts of a container, in content controls and other wrappers too."""
    waiting = list(reversed(container))
    while waiting:
        element = waiting.pop()
        if element.tag in (_PARAGRAPH, _TABLE, _CHUNK):
            yield element
        elif element.tag in _CONTAINERS:
            waiting.extend(reversed(element))


def _runs_on(paragraph: Any) -> bool:
    """Whether a paragraph's end was deleted or is hidden, so that the next one goes on with it."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    if mark is None:
        return False
    return mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None or bool(switch(mark, "vanish"))
