"""Web pages (HTML, and MHTML as Word and browsers save it): the document on them, without the site around it.

Nothing is fetched: frames, pictures and style sheets elsewhere stay there.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement as Element

from rag.domain.reading import Reading
from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.encoding import decode
from rag.loaders.html.blocks import HtmlBlock, read_blocks
from rag.loaders.html.main_content import main_content, without_chrome
from rag.loaders.html.page_labels import information, without_page_lines
from rag.loaders.html.tree import TooDeep, tree_of
from rag.loaders.html.web_archive import page_of_archive
from rag.loaders.raw import MediaType, RawBlock, RawDocument

_MOST_BYTES = 64 * 2**20
_MOST_TAGS = 1_000_000

_CHARSET_BYTES = 4096
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
# GB2312 and GBK are parts of GB18030 and are declared for pages that use more of it.
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
_BROKEN_SHARE = 0.001

_ATTACHMENT_SUFFIXES = frozenset(
    ".doc .docx .wps .xls .xlsx .et .ppt .pptx .pdf .ofd .ceb .txt .rtf .odt .zip .rar .7z".split()
)
_LONGEST_NAME = 200

_TITLE_LINES = 16
_TITLE_CHARACTERS = (4, 200)
_TITLE_META = ("articletitle", "og:title", "title")
_SITE_SEPARATOR = re.compile(r"\s*[-_|–—]+\s*|\s*[>»]\s*")
_REPRINT = re.compile(r"[（(【\[]\s*(?:转载|转发)\s*[】\])）]")


def load_html(data: bytes, source: str) -> RawDocument:
    """Read the document on a web page.

    Blocks are the page's table of information (索引号, 文号…), the title where the text does not open with it, and
    the text. Menus, footers, lines of buttons and hidden words are not among them.

    Raises:
        EmptyDocument: The page shows no text.
        UnreadableSource: It is too large or nested too deep, or in no known encoding.
    """
    if len(data) > _MOST_BYTES:
        raise UnreadableSource(source, f"网页超过 {_MOST_BYTES // 2**20} MB (the page is too large)")
    root = _parse(_page(data, source), source)
    body = root.find("body")
    body = root if body is None else body
    found = read_blocks(body)
    shown = without_chrome(found.blocks)
    if not shown:
        raise EmptyDocument(source, "网页中没有文字 (the page holds no text)")
    said = without_page_lines(shown)
    inside = set(main_content(body, said).iter())
    text = [block for block in said if block.element in inside]
    outside = [block for block in shown if block.element not in inside]
    title = _title(root, outside)
    rows, text = information(outside, text, is_reprint=_REPRINT.match(title) is not None)
    blocks = [RawBlock(row, is_table_row=True) for row in rows]
    if title and not _opens_with(text, title):
        blocks.append(RawBlock(title, level=1))
    blocks += (block.raw for block in text)
    reading = Reading(hidden_characters=found.hidden_characters, attachments=tuple(_attachments(shown)))
    return RawDocument(tuple(blocks), MediaType.HTML, reading=reading)


# --------------------------------------------------------------------------------------------- bytes


def _page(data: bytes, source: str) -> str:
    head = data[:_CHARSET_BYTES]
    if not head.lstrip().startswith(b"<") and re.search(rb"^mime-version:", head, re.IGNORECASE | re.MULTILINE):
        try:
            found = page_of_archive(data)
        except TooDeep as error:
            raise UnreadableSource(source, "网页归档嵌套过深 (the MHTML archive is nested too deep)") from error
        if found is None:
            raise UnreadableSource(source, "网页归档中没有网页 (no page in the MHTML archive)")
        data, charset = found
    else:
        match = _CHARSET.search(head)
        charset = match[1].decode("ascii").lower() if match else ""
    if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        for encoding in dict.fromkeys(("utf-8-sig", _CHINESE.get(charset, charset))):
            if (text := _decoded(data, encoding)) is not None:
                return text.replace("\0", "")
    return decode(data, source)


def _decoded(data: bytes, encoding: str) -> str | None:
    """Return a page in a declared encoding; a few broken characters are let pass."""
    try:
        if encoding.startswith(("utf-16", "utf-32", "iso-8859", "windows-125", "us-ascii")) or not encoding:
            return None  # declared by programs that know no better
        if encoding == "utf-8-sig":
            return data.decode(encoding)
        text = data.decode(encoding, "replace")
    except (UnicodeDecodeError, LookupError):
        return None
    return text if text.count("\ufffd") <= max(1, _BROKEN_SHARE * len(text)) else None


def _parse(page: str, source: str) -> Element:
    if page.count("<") > _MOST_TAGS:
        raise UnreadableSource(source, f"网页标记超过 {_MOST_TAGS} 个 (the page has too many tags)")
    try:
        root = tree_of(page)
    except TooDeep as error:
        raise UnreadableSource(source, "网页嵌套过深 (the page is nested too deep)") from error
    if root is None:
        raise EmptyDocument(source, "网页中没有文字 (the page holds no text)")
    return root


# --------------------------------------------------------------------------------------------- title


def _title(root: Element, outside: Sequence[HtmlBlock]) -> str:
    """Return the document's title: the page's heading, else what its head says, without the site's name."""
    named = {
        (meta.get("name") or meta.get("property") or "").lower(): " ".join(meta.get("content", "").split())
        for meta in root.iter("meta")
    }
    head = root.findtext(".//head/title") or root.findtext(".//title") or ""
    said = [title for name in _TITLE_META if (title := named.get(name, ""))]
    whole = " ".join(head.split())
    parts = _SITE_SEPARATOR.split(whole)
    candidates = [*said[:1], max(parts, key=len) if len(parts) > 1 and not said else whole]
    headings = [block.text for block in outside if 1 <= block.level <= 2 and _is_title_long(block.text)]
    for heading in headings:
        if any(_is_same(heading, title) for title in candidates):
            return heading
    if said or len(headings) != 1:
        return next((title for title in candidates if _is_title_long(title)), "")
    return headings[0]


def _is_same(heading: str, title: str) -> bool:
    """Whether a heading is the title, cut short or with more about it; the site's name within it is not."""
    one, other = _squeezed(heading), _squeezed(title)
    return bool(other) and (other in one or (one in other and len(one) > len(other) / 2))


def _is_title_long(title: str) -> bool:
    return _TITLE_CHARACTERS[0] <= len(title) <= _TITLE_CHARACTERS[1]


def _opens_with(text: Sequence[HtmlBlock], title: str) -> bool:
    """Tell whether the title stands in the first lines of the text, on one line or more."""
    opening = "".join(_squeezed(block.text) for block in text[:_TITLE_LINES])
    return _squeezed(_REPRINT.sub("", title)) in opening


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("〈", "《").replace("〉", "》")


# ----------------------------------------------------------------------------------------- the rest


def _attachments(blocks: Iterable[HtmlBlock]) -> Iterable[str]:
    """Return the names of the files that the page links to, in order, each once."""
    names: dict[str, None] = {}
    seen: set[Element] = set()
    for block in blocks:
        if not block.linked_characters or block.element in seen:
            continue
        seen.add(block.element)
        for link in block.element.iter("a"):
            try:
                path = PurePosixPath(unquote(urlsplit(link.get("href", "")).path))
            except ValueError:  # a broken address
                continue
            if path.suffix.lower() in _ATTACHMENT_SUFFIXES:
                name = " ".join("".join(link.itertext()).split()) or path.name
                names.setdefault(name[:_LONGEST_NAME])
    return names
