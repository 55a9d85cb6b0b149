"""What an element's name and attributes say of it: part of the site's frame, hidden, or written by the editor."""

from __future__ import annotations

import re

from lxml.html import HtmlElement as Element

_CHROME_TAGS = frozenset({"nav", "footer", "aside", "menu"})

# Parts of the names that templates give to what is not the document; whole parts, so that footnote is no foot.
_CHROME_NAMES = frozenset(
    "nav navbar navigation mainnav menu mainmenu topmenu submenu crumb crumbs breadcrumb breadcrumbs curmb bread location"
    " footer foot copyright share sharing bshare bdshare jiathis shareicon print printer setfont fontsize toolbar pager"
    " pagination prenext prevnext related xgxw xglj xgyd xgwz ewm qrcode sidebar search banner login friendlink"
    " yqlj easybtn gotop totop jiucuo hotkey topbar".split()
)
# Whole names only: article-header holds the title.
_SITE_NAMES = frozenset({"header", "head", "top", "bottom", "links"})
_NAME_PART = re.compile(r"[A-Za-z]+")

_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0*\.?0+(?![.\d])"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{3,}",  # moved off the page
    re.IGNORECASE,
)

# Names that the content systems of government sites (TRS, UCAP, 开普, 大汉…), WeChat and Word give to what the editor
# wrote: class="TRS_Editor", id="UCAP-CONTENT", id="zoom", class="pages_content", class="article-content".
_EDITOR = re.compile(
    r"(?:view|trs)[-_]?trs[-_]?u?editor|trs[-_]?u?editor|ucap[-_]?content|zoom(?:con)?|pages?[-_]?content|con[-_]?zoom"
    r"|(?:article|news|detail|info|xxgk|art|text|xl|zw|wz)[-_]?(?:content|body|con|text|main)(?:[-_]?(?:body|main))?"
    r"|(?:content|con)[-_]?(?:article|body|text|txt|main)|rich_media_content|js_content|artibody|(?:word)?section\d"
)


def is_editor(element: Element) -> bool:
    """Tell whether a template names an element as the place of the text."""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return any(_EDITOR.fullmatch(name) for name in names.lower().split())


def is_hidden(element: Element) -> bool:
    """Tell whether an element is set not to be seen."""
    # Scripts show the page once it is there, and so the text of a WeChat article.
    if element.tag in ("body", "html") or is_editor(element):
        return False
    style = element.get("style")
    return (
        (style is not None and _HIDDEN_STYLE.search(style) is not None)
        or "hidden" in element.attrib
        or element.get("aria-hidden", "").strip().lower() == "true"
    )


def is_chrome(element: Element) -> bool:
    """Tell whether a template names an element as part of the site and not of a document."""
    if element.tag in ("body", "html"):
        return False
    if element.tag in _CHROME_TAGS or element.get("role") in ("navigation", "contentinfo", "search", "banner"):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return not _SITE_NAMES.isdisjoint(names.lower().split()) or any(
        part.lower() in _CHROME_NAMES for part in _NAME_PART.findall(names)
    )
