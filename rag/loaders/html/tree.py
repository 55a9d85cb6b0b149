"""HTML text to a tree, whole or not at all: what is nested deeper than the parser goes is an error, not a loss."""

from __future__ import annotations

from lxml import etree, html
from lxml.html import HtmlElement as Element

_TOO_DEEP = "Excessive depth"


class TooDeep(ValueError):
    """Tags, or the parts of a web archive, are nested deeper than the parser goes."""


def tree_of(markup: str) -> Element | None:
    """Return the root of a page or a piece of one, ``None`` where there is nothing in it.

    Comments and processing instructions are left out; nothing is fetched.

    Raises:
        TooDeep: The tags are nested too deep.
    """
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    # Only the parser's log tells that it dropped something.
    if any(_TOO_DEEP in entry.message for entry in parser.error_log):
        raise TooDeep
    return root
