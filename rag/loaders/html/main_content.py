"""Which part of a web page is the document (正文区域): the frame around it is left out, nothing of it is lost."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement as Element

from rag.loaders.html.blocks import HtmlBlock
from rag.loaders.html.names import is_editor

_LEAST_EDITOR_SHARE = 0.25
_OTHER_EDITOR_SHARE = 0.1
_SAME_SHARE = 0.95

_PROSE = re.compile(r"[，。；、：！？]")
_PROSE_CHARACTERS = 20
_CONTAINER_SHARE = 0.9
_REAL_CHROME_SHARE = 0.5
_REAL_FOOTER_SHARE = 0.9  # the words on a page with a short notice are mostly its footer's
_LONGEST_FOOTER = 400
_LEAST_KEPT_CHARACTERS = 100
_LONGEST_FOR_LIBRARY = 5_000_000
_DEEPEST_FOR_LIBRARY = 200

_FOOTER = re.compile(r"版权所有|ICP备|公网安备|网站标识码|All\s+Rights\s+Reserved|建议使用.{0,20}分辨率", re.IGNORECASE)


def without_chrome(blocks: Sequence[HtmlBlock]) -> list[HtmlBlock]:
    """Return the blocks that stand in no menu, footer or the like.

    What a template calls so may still hold the document (``class="print"``): where most words are in it, it stays.
    """
    total = sum(map(_weight, blocks)) or 1
    weights: dict[Element, int] = defaultdict(int)
    footers: set[Element] = set()
    for block in blocks:
        is_footer = _is_footer(block)
        for element in block.chrome:
            weights[element] += _weight(block)
            if is_footer:
                footers.add(element)
    real = {
        element
        for element, weight in weights.items()
        if weight <= (_REAL_FOOTER_SHARE if element in footers else _REAL_CHROME_SHARE) * total
    }
    return [block for block in blocks if real.isdisjoint(block.chrome) and not _is_footer(block)]


def _is_footer(block: HtmlBlock) -> bool:
    return len(block.text) < _LONGEST_FOOTER and _FOOTER.search(block.text) is not None


def main_content(root: Element, blocks: Sequence[HtmlBlock]) -> Element:
    """Return the element that holds the document.

    Args:
        root: The page.
        blocks: Its blocks, without chrome.
    """
    weights = _weights(root, [(block.element, _weight(block)) for block in blocks])
    if (editor := _editor(root, weights)) is not None:
        return editor
    prose = _deepest(root, weights)
    if _is_bare(root, blocks, set(prose.iter())):
        return root
    kept = _kept_by_library(root, blocks)
    return prose if kept is None else _common_ancestor(prose, kept)


def _weight(block: HtmlBlock) -> int:
    """Return how many characters of a block read like a document's."""
    characters = len(block.text) - block.linked_characters
    if block.is_table_row or len(block.text) >= _PROSE_CHARACTERS or _PROSE.search(block.text):
        return max(0, characters)
    return 0


def _weights(root: Element, of_elements: Sequence[tuple[Element, int]]) -> dict[Element, int]:
    """Return for each element what it and all below it weigh."""
    weights: dict[Element, int] = defaultdict(int)
    for element, weight in of_elements:
        weights[element] += weight
    for element in reversed(list(root.iter())):  # children before parents
        parent = element.getparent()
        if element is not root and parent is not None and weights[element]:
            weights[parent] += weights[element]
    return weights


def _editor(root: Element, weights: dict[Element, int]) -> Element | None:
    named = [
        element for element in root.iter() if isinstance(element.tag, str) and weights[element] and is_editor(element)
    ]
    most = max((weights[element] for element in named), default=0)
    if not most or most < _LEAST_EDITOR_SHARE * weights[root]:
        return None
    # The innermost of those that hold as much.
    chosen = [element for element in named if weights[element] >= _SAME_SHARE * most][-1]
    around = set(chosen.iterancestors())
    for element in named:
        is_inside = element is chosen or any(parent is chosen for parent in element.iterancestors())
        if not is_inside and element not in around and weights[element] >= _OTHER_EDITOR_SHARE * most:
            chosen = _common_ancestor(chosen, element)
            around = set(chosen.iterancestors())
    return chosen


def _is_bare(root: Element, blocks: Sequence[HtmlBlock], inside: set[Element]) -> bool:
    """Whether a page has no frame: saved by an office program, or written by hand."""
    outside = (block for block in blocks if block.element not in inside)
    return next(root.iter("script"), None) is None and not any(block.linked_characters for block in outside)


def _deepest(root: Element, weights: dict[Element, int]) -> Element:
    at = root
    while weights[root] and (heaviest := max(at, key=lambda child: weights[child], default=None)) is not None:
        if weights[heaviest] < _CONTAINER_SHARE * weights[root] or heaviest.tag in ("p", "tr", "li", "table", "tbody"):
            break
        at = heaviest
    return at


def _kept_by_library(root: Element, blocks: Sequence[HtmlBlock]) -> Element | None:
    """Return the element that holds what trafilatura takes for the text, ``None`` where it finds too little.

    Its own output is not used: it drops rows, blanks and the names of attachments.
    """
    page = html.tostring(root, encoding="unicode")
    if len(page) > _LONGEST_FOR_LIBRARY or _is_deep(root):
        return None
    words = trafilatura.extract(page, include_comments=False, include_tables=True, deduplicate=False) or ""
    kept = "".join(words.split())
    if len(kept) < _LEAST_KEPT_CHARACTERS:
        return None
    found = [
        (block.element, len(block.text)) for block in blocks if _weight(block) and "".join(block.text.split()) in kept
    ]
    return _deepest(root, _weights(root, found)) if found else None


def _is_deep(root: Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST_FOR_LIBRARY:
            return True
    return False


def _common_ancestor(one: Element, other: Element) -> Element:
    around = {one, *one.iterancestors()}
    at = other
    while at not in around and (parent := at.getparent()) is not None:
        at = parent
    return at
