"""Foreign text packed into a Word document (``w:altChunk``): the web page or plain text that a site exported.

Legal databases make their DOCX files so: an empty document that holds a web archive, which Word reads on opening.
"""

from __future__ import annotations

import re

from rag.errors import UnreadableSource
from rag.loaders.encoding import decode
from rag.loaders.html.blocks import read_blocks
from rag.loaders.html.tree import TooDeep, tree_of
from rag.loaders.html.web_archive import page_of_archive
from rag.loaders.raw import RawBlock

_MIME = re.compile(rb"\s*(?:MIME-Version|Content-Type|From|Date|Subject)\s*:", re.IGNORECASE)
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|\?xml|html|head|body|meta|p|div|h[1-6]|table)\b", re.IGNORECASE
)
_RTF = b"{\\rtf"
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


def read_chunk(data: bytes, source: str) -> tuple[list[RawBlock], int]:
    """Return the blocks of a web page, web archive or plain text, and how many characters it hides.

    Raises:
        UnreadableSource: It is of another kind, damaged, or nested too deep.
    """
    if _MIME.match(data):
        data = _page(data, source)
    if data.startswith(_RTF):
        raise UnreadableSource(
            source,
            "正文是内嵌的 RTF (the body is RTF packed into the file)",
            remedy="在 Word 中打开后另存为 DOCX (open and save it in Word)",
        )
    text = decode(data, source)
    if not _MARKUP.match(data) and "</" not in text:
        return [RawBlock(line.strip()) for line in text.splitlines() if line.strip()], 0
    return _blocks(text, source)


def _page(data: bytes, source: str) -> bytes:
    """Return the page in a web archive."""
    try:
        found = page_of_archive(data, _PAGES)
    except TooDeep as error:
        raise _too_deep(source) from error
    if found is None:
        raise UnreadableSource(source, "内嵌网页中没有正文 (the packed page holds no text)")
    return found[0]


def _blocks(page: str, source: str) -> tuple[list[RawBlock], int]:
    try:
        root = tree_of(page)
    except TooDeep as error:
        raise _too_deep(source) from error
    if root is None:
        raise UnreadableSource(source, "内嵌网页损坏 (the packed page is damaged)")
    found = read_blocks(root)
    return [block.raw for block in found.blocks], found.hidden_characters


def _too_deep(source: str) -> UnreadableSource:
    return UnreadableSource(source, "内嵌网页嵌套过深 (the packed page is nested too deep)")
