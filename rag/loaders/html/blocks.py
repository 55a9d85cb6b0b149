"""Elements of a web page to blocks of text, as a browser would set them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement as Element

from rag.loaders.html.names import is_chrome, is_hidden
from rag.loaders.raw import RawBlock

_BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul".split()
)
_UNSHOWN_TAGS = frozenset(
    "head script style noscript template iframe object embed svg canvas video audio map select textarea button input"
    " datalist meter progress rp rt math".split()
)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_INDENT_STYLE = re.compile(r"text-indent\s*:\s*([\d.]{1,8})\s*(em|px|pt)", re.IGNORECASE)
_POINTS_A_CHARACTER = 16.0

_WIDE = "\u2014-\u2026\u3000-\u9fff\uff00-\uffef"
# A line end in the source between Chinese characters is no blank in the text.
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\r]*\n[ \t\r\n\f]*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_EDGE = " \u3000\u00a0\u2002\u2003\u2009\u200b\ufeff"

_MOST_SPAN = 200
_MOST_CHROME = 8
_NUMBERED = re.compile(r"[（(【\[第]?\s*[\d一二三四五六七八九十①-⑳ⅰ-ⅻⅠ-Ⅻ]+\s*[、.．)）】\]条章节，,]")
_DIGITS = "一二三四五六七八九十"

_LAYOUT_CELL_CHARACTERS = 400
_LAYOUT_CELL_PARAGRAPHS = 3
_LAYOUT_CELL_SHARE = 0.8


@dataclass(slots=True)
class HtmlBlock:
    """A paragraph, heading, item or table row.

    Attributes:
        element: The element whose words it holds.
        cells: The cells of a table row.
        chrome: Elements around it, outermost first, that their template names as no part of a document.
        linked_characters: How many of its characters are links.
    """

    text: str
    element: Element
    level: int = 0
    cells: tuple[str, ...] = ()
    indent: float = 0.0
    follows_blank: bool = False
    chrome: tuple[Element, ...] = ()
    linked_characters: int = 0

    @property
    def is_table_row(self) -> bool:
        """Whether it is a row of a table that holds data."""
        return bool(self.cells)

    @property
    def is_linked(self) -> bool:
        """Whether nearly all of it is links."""
        return self.linked_characters >= 0.8 * len(self.text.replace(" ", ""))

    @property
    def raw(self) -> RawBlock:
        """The block without what only a page has."""
        return RawBlock(
            self.text,
            level=self.level,
            is_table_row=self.is_table_row,
            indent=self.indent,
            follows_blank=self.follows_blank,
        )


@dataclass(slots=True)
class HtmlText:
    """What a page shows.

    Attributes:
        hidden_characters: Characters that it holds but does not show.
    """

    blocks: list[HtmlBlock] = field(default_factory=list)
    hidden_characters: int = 0


def read_blocks(root: Element) -> HtmlText:
    """Return the blocks of an element in reading order."""
    return _Reader(in_cell=False).read(root)


class _Reader:
    """One walk over a tree; no recursion but into the cells of a table, which hold no tables."""

    def __init__(self, *, in_cell: bool) -> None:
        self._in_cell = in_cell
        self._found = HtmlText()
        self._pieces: list[str] = []
        self._owners: list[tuple[Element, int]] = []  # with the number of blocks before it
        self._chrome: list[Element] = []
        self._links = 0
        self._linked = 0
        self._preformatted = 0
        self._numbers: list[int | None] = []
        self._prefix = ""
        self._follows_blank = False
        self._skipped: Element | None = None

    def read(self, root: Element) -> HtmlText:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if self._is_skipped(element, root):
                    self._skipped = element
                    walk.skip_subtree()
                elif not self._in_cell and element.tag == "table" and _is_data_table(element):
                    self._flush()
                    self._read_table(element)
                    self._skipped = element
                    walk.skip_subtree()
                else:
                    self._start(element)
                continue
            if element is not self._skipped:
                self._end(element)
            if element is not root:
                self._keep(element.tail)
        return self._found

    def _is_skipped(self, element: Element, root: Element) -> bool:
        if not isinstance(element.tag, str) or element.tag in _UNSHOWN_TAGS:
            return True
        if element is not root and is_hidden(element):
            self._found.hidden_characters += _shown_characters(element)
            return True
        return False

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            if self._flush() == 0:
                self._follows_blank = True
            return
        if is_chrome(element):
            self._chrome.append(element)
        if _is_block(element) or not self._owners:
            self._flush()
            self._owners.append((element, len(self._found.blocks)))
        if tag == "a":
            self._links += 1
        elif tag == "pre":
            self._preformatted += 1
        elif tag in ("ol", "ul"):
            self._numbers.append(_first_number(element) if tag == "ol" else None)
        elif tag == "li":
            self._prefix = self._next_number(element)
        self._keep(element.text)

    def _end(self, element: Element) -> None:
        tag = element.tag
        if self._owners and self._owners[-1][0] is element:
            self._flush()
            _, before = self._owners.pop()
            if tag == "p" and before == len(self._found.blocks):
                self._follows_blank = True
        if self._chrome and self._chrome[-1] is element:
            self._chrome.pop()
        if tag == "a":
            self._links -= 1
        elif tag == "pre":
            self._preformatted -= 1
        elif tag in ("ol", "ul") and self._numbers:
            self._numbers.pop()

    def _keep(self, words: str | None) -> None:
        if words:
            self._pieces.append(words)
            if self._links:
                self._linked += len("".join(words.split()))

    def _flush(self) -> int:
        """End the line; return how many blocks it made."""
        raw = "".join(self._pieces)
        self._pieces.clear()
        linked, self._linked = self._linked, 0
        before = len(self._found.blocks)
        for line in raw.split("\n") if self._preformatted else [_SOURCE_BREAK.sub("", raw)]:
            text = _BLANKS.sub(" ", line)
            words = text.strip(_EDGE)
            if not words:
                continue
            if self._prefix and not _NUMBERED.match(words):
                words = self._prefix + words
            self._prefix = ""
            owner, _ = self._owners[-1]
            self._add(HtmlBlock(words, owner, _level(owner), indent=_indent(text, owner), linked_characters=linked))
        return len(self._found.blocks) - before

    def _add(self, block: HtmlBlock) -> None:
        block.chrome = tuple(self._chrome[:_MOST_CHROME])
        block.follows_blank = self._follows_blank
        self._found.blocks.append(block)
        self._follows_blank = False

    def _next_number(self, item: Element) -> str:
        if not self._numbers or self._numbers[-1] is None:
            return ""
        own = item.get("value", "")
        number = int(own) if own.isascii() and own.isdigit() and len(own) < 6 else self._numbers[-1]
        self._numbers[-1] = number + 1
        parent = item.getparent()
        return _number(number, parent) if parent is not None else ""

    def _read_table(self, table: Element) -> None:
        caption = next((child for child in table if child.tag == "caption"), None)
        if is_framed := is_chrome(table):
            self._chrome.append(table)
        if caption is not None and (words := _cell_words(caption, self._found)[0]):
            self._add(HtmlBlock(words, caption))
        # Columns taken by cells that reach down from rows above: column -> rows still to come.
        reaching: dict[int, int] = {}
        for row in _rows(table):
            if is_hidden(row):
                self._found.hidden_characters += _shown_characters(row)
                continue
            cells, linked = self._cells(row, reaching)
            if any(cells):
                self._add(HtmlBlock("\t".join(cells), row, cells=tuple(cells), linked_characters=linked))
        if is_framed:
            self._chrome.pop()

    def _cells(self, row: Element, reaching: dict[int, int]) -> tuple[list[str], int]:
        """Return a row's cells, a merged one's words in its first place only, and how many characters are links."""
        cells: list[str] = []
        linked = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            _fill_reached(cells, reaching)
            words, of_links = _cell_words(cell, self._found)
            linked += of_links
            height = _span(cell, "rowspan")
            for _ in range(min(_span(cell, "colspan"), _MOST_SPAN - len(cells))):
                if height > 1:
                    reaching[len(cells)] = height - 1
                cells.append(words)
                words = ""
        _fill_reached(cells, reaching)
        return cells, linked


def _fill_reached(cells: list[str], reaching: dict[int, int]) -> None:
    while reaching.get(len(cells), 0) > 0:
        reaching[len(cells)] -= 1
        cells.append("")


def _cell_words(cell: Element, found: HtmlText) -> tuple[str, int]:
    """Return the words of a cell on one line, and how many characters of them are links."""
    if is_hidden(cell):
        found.hidden_characters += _shown_characters(cell)
        return "", 0
    inner = _Reader(in_cell=True).read(cell)
    found.hidden_characters += inner.hidden_characters
    words = " ".join(" ".join(block.text.split()) for block in inner.blocks)
    return words, sum(block.linked_characters for block in inner.blocks)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _is_data_table(table: Element) -> bool:
    """Tell a table of data from one that only sets the page, as old templates do."""
    if next(table.iterdescendants("table", "h1"), None) is not None:
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _rows(table)]
    if not any(len(row) > 1 for row in rows):
        return False
    cells = [cell for row in rows for cell in row]
    sizes = [sum(map(len, cell.itertext())) for cell in cells]
    largest = max(range(len(cells)), key=sizes.__getitem__)
    return not (
        sizes[largest] >= max(_LAYOUT_CELL_CHARACTERS, _LAYOUT_CELL_SHARE * sum(sizes))
        and sum(1 for _ in cells[largest].iter("p", "div", "br")) >= _LAYOUT_CELL_PARAGRAPHS
    )


def _is_block(element: Element) -> bool:
    return element.tag in _BLOCK_TAGS or _BLOCK_STYLE.search(element.get("style", "")) is not None


def _shown_characters(element: Element) -> int:
    characters = 0
    for part in element.iter():
        if isinstance(part.tag, str) and part.tag not in _UNSHOWN_TAGS and part.text:
            characters += len("".join(part.text.split()))
        if part is not element and part.tail:
            characters += len("".join(part.tail.split()))
    return characters


def _level(element: Element) -> int:
    tag = element.tag
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0


def _indent(text: str, owner: Element) -> float:
    leading = text[: len(text) - len(text.lstrip(_EDGE))]
    blank = sum({"\u3000": 1.0, "\u2003": 1.0}.get(character, 0.5) for character in leading.lstrip(" "))
    style = _INDENT_STYLE.search(owner.get("style", ""))
    if style is None:
        return blank
    try:
        width = float(style[1])
    except ValueError:
        return blank
    return max(blank, min(10.0, width if style[2].lower() == "em" else width / _POINTS_A_CHARACTER))


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, min(_MOST_SPAN, int(value))) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def _first_number(element: Element) -> int | None:
    if "list-style" in (style := element.get("style", "")) and re.search(
        r"list-style(?:-type)?\s*:\s*none", style, re.IGNORECASE
    ):
        return None
    start = element.get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1


def _number(number: int, items: Element) -> str:
    kind = items.get("type", "1")
    style = items.get("style", "").lower()
    if "cjk-ideographic" in style or "simp-chinese" in style:
        return f"{_DIGITS[number - 1]}、" if 1 <= number <= len(_DIGITS) else f"{number}、"
    if (kind in ("a", "A") or "-alpha" in style or "-latin" in style) and 1 <= number <= 26:
        first = "A" if kind == "A" or "upper" in style else "a"
        return f"{chr(ord(first) + number - 1)}."
    return f"{number}."
