"""Foreign text packed into a Word document (``w:altChunk``): the web page or plain text that a site exported.

Legal databases make their DOCX files so: an empty document that holds a web archive, which Word reads on opening.
"""

from __future__ import annotations

import email
import re
from email import policy

from lxml import etree, html

from rag.errors import UnreadableSource
from rag.loaders.encoding import decode
from rag.loaders.html.blocks import read_blocks
from rag.loaders.raw import RawBlock

_MIME = re.compile(rb"\s*(?:MIME-Version|Content-Type|From|Date|Subject)\s*:", re.IGNORECASE)
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|\?xml|html|head|body|meta|p|div|h[1-6]|table)\b", re.IGNORECASE
)
_RTF = b"{\\rtf"
_TOO_DEEP = "Excessive depth"


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
    """Return the page in a web archive (RFC 2557)."""
    try:
        parts = list(email.message_from_bytes(data, policy=policy.compat32).walk())
    except RecursionError as error:  # the parser calls itself for every part in a part
        raise UnreadableSource(source, "内嵌网页嵌套过深 (the packed page is nested too deep)") from error
    for kind in ("text/html", "application/xhtml+xml", "text/plain"):
        for part in parts:
            if part.get_content_type() == kind:
                page = part.get_payload(decode=True)
                if isinstance(page, bytes) and page.strip():
                    return page
    raise UnreadableSource(source, "内嵌网页中没有正文 (the packed page holds no text)")


def _blocks(page: str, source: str) -> tuple[list[RawBlock], int]:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(source, "内嵌网页损坏 (the packed page is damaged)") from error
    # The parser drops what is nested deeper than it goes, and only its log says so.
    if any(_TOO_DEEP in entry.message for entry in parser.error_log):
        raise UnreadableSource(source, "内嵌网页嵌套过深 (the packed page is nested too deep)")
    found = read_blocks(root)
    blocks = [
        RawBlock(
            block.text,
            level=block.level,
            is_table_row=block.is_table_row,
            indent=block.indent,
            follows_blank=block.follows_blank,
        )
        for block in found.blocks
    ]
    return blocks, found.hidden_characters
