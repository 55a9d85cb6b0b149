"""Automatic numbering (自动编号) as text: 第一条, （二）, 1.1 are no characters of the file, yet words of the document.

A list is counted once however many ``w:num`` refer to it, unless one of them starts its own count (ISO/IEC
29500-1, 17.9); what Word does where the standard is silent was taken from Word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rag.loaders.docx.figures import written
from rag.loaders.docx.names import VAL, W, number, switch, value
from rag.loaders.docx.styles import Style, Styles, indent_of
from rag.loaders.docx.symbols import BULLET, bullet

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
# After these the words follow at once, as a clerk types them; Word sets a tab there that hangs the lines below.
_CLOSED = re.compile(r"[、．.）)〕\]】:：，,。①-⑳㉑-㉟㊱-㊿㈠-㈩⒈-⒛⑴-⒇㊀-㊉]$")
_LATIN_START = re.compile(r"[!-~]")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list.

    Attributes:
        start: Its first count.
        style: Number format, ``bullet`` for none.
        text: What is shown, ``%1`` for the count of the first level.
        suffix: What stands between it and the words: ``tab``, ``space`` or ``nothing``.
        restart: 1-based level from whose use on it counts afresh; 0 for never, ``None`` for any above it.
        is_legal: Whether all counts in it are shown in figures.
        is_hidden: Whether it is counted but not shown.
        font: Of a bullet.
        paragraph_style: Style whose paragraphs it numbers.
        indent: Attributes of its ``w:ind``.
    """

    start: int
    style: str
    text: str
    suffix: str
    restart: int | None
    is_legal: bool
    is_hidden: bool
    font: str
    paragraph_style: str | None
    indent: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """A number as shown.

    Attributes:
        text: ``""`` where nothing is shown.
        suffix: What stands between it and the words: ``tab``, ``space`` or ``nothing``.
        indent: What its list says of the paragraph's indent.
    """

    text: str
    suffix: str
    indent: Mapping[str, str]

    def before(self, words: str) -> str:
        """Return the number with ``words`` after it, as they are typed."""
        words = words.lstrip(" \u3000\t")
        if not self.text or self.suffix == "nothing" or not words:
            return self.text + words
        if self.suffix == "space":
            return f"{self.text} {words}"
        is_close = _CLOSED.search(self.text) and not _LATIN_START.match(words)
        return self.text + words if is_close else f"{self.text} {words}"


@dataclass(slots=True)
class _List:
    """A list (``w:num``).

    Attributes:
        abstract: What it shares its counts with.
        levels: By ``w:ilvl``.
        restarted: Levels that it counts afresh where it begins.
    """

    abstract: str
    levels: dict[int, Level]
    restarted: set[int]


class Numbering:
    """A document's lists; counts as its paragraphs are read in order."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        elements = () if root is None else root.findall(W + "abstractNum")
        self._abstracts: dict[str, Any] = {e.get(f"{W}abstractNumId", ""): e for e in elements}
        elements = () if root is None else root.findall(W + "num")
        self._nums: dict[str, Any] = {element.get(f"{W}numId", ""): element for element in elements}
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def label(self, own: Style, style: Style, style_id: str | None) -> Label | None:
        """Count a paragraph and return its number, ``None`` where it has none.

        Args:
            own: What the paragraph says itself.
            style: Its style.
            style_id: The style's id, by which a list's level may claim it.
        """
        list_id = own.list_id if own.list_id is not None else style.list_id
        if list_id is None or (found := self._list(list_id)) is None:
            return None
        at = own.list_level
        if at is None:
            claimed = (n for n, level in found.levels.items() if style_id and level.paragraph_style == style_id)
            at = next(claimed, style.list_level or 0)
        level = found.levels.get(at)
        if level is None:
            return None
        counts = self._count(list_id, found, at)
        return Label(_shown(found, at, counts), level.suffix, level.indent)

    def _count(self, list_id: str, found: _List, at: int) -> list[int | None]:
        counts = self._counts.setdefault(found.abstract, [None] * LEVELS)
        if list_id not in self._begun:
            self._begun.add(list_id)
            for level in found.restarted:
                counts[level] = None
        now = counts[at]
        counts[at] = found.levels[at].start if now is None else now + 1
        for below in range(at + 1, LEVELS):
            lower = found.levels.get(below)
            restart = below if lower is None or lower.restart is None else lower.restart
            if at < restart:
                counts[below] = None
        return counts

    def _list(self, list_id: str) -> _List | None:
        if list_id not in self._lists:
            self._lists[list_id] = self._read(list_id)
        return self._lists[list_id]

    def _read(self, list_id: str) -> _List | None:
        num = self._nums.get(list_id)
        if num is None:
            return None
        abstract_id = value(num, "abstractNumId") or ""
        abstract = self._abstracts.get(abstract_id)
        if abstract is not None and (linked := value(abstract, "numStyleLink")) is not None:
            # The list is another one's, by way of a list style.
            num_of_style = self._nums.get(self._styles.list_of(linked) or "")
            abstract_id = abstract_id if num_of_style is None else value(num_of_style, "abstractNumId") or ""
            abstract = self._abstracts.get(abstract_id)
        if abstract is None:
            return None
        levels = {n: level for n, level in map(_level, abstract.findall(W + "lvl")) if n is not None}
        restarted: set[int] = set()
        for override in num.findall(W + "lvlOverride"):
            at = number(override.get(f"{W}ilvl"))
            if at is None or not 0 <= at < LEVELS:
                continue
            if (replaced := override.find(W + "lvl")) is not None:
                levels[at] = _level(replaced)[1]
            if (start := number(value(override, "startOverride"))) is not None:
                restarted.add(at)
                if at in levels:
                    levels[at] = replace(levels[at], start=start)
        return _List(abstract_id, levels, restarted)


def _level(element: Any) -> tuple[int | None, Level]:
    at = number(element.get(f"{W}ilvl"))
    run, paragraph = element.find(W + "rPr"), element.find(W + "pPr")
    fonts = None if run is None else run.find(W + "rFonts")
    # A format of Word 2010 stands beside the one that older programs show.
    formats = [found.get(VAL, "decimal") for found in element.iter(W + "numFmt")]
    text = value(element, "lvlText") or ""
    if element.find(W + "lvlPicBulletId") is not None:
        text = BULLET
    return at if at is not None and 0 <= at < LEVELS else None, Level(
        start=number(value(element, "start")) or 0,
        style=next((name for name in formats if name != "custom"), "decimal"),
        text=text,
        suffix=value(element, "suff") or "tab",
        restart=number(value(element, "lvlRestart")),
        is_legal=switch(element, "isLgl") or False,
        is_hidden=run is not None and bool(switch(run, "vanish")),
        font="" if fonts is None else fonts.get(f"{W}ascii", ""),
        paragraph_style=value(element, "pStyle"),
        indent={} if paragraph is None else indent_of(paragraph),
    )


def _shown(found: _List, at: int, counts: list[int | None]) -> str:
    level = found.levels[at]
    if level.is_hidden:
        return ""
    if level.style == "bullet":
        return bullet(level.text, level.font)

    def figure(place: re.Match[str]) -> str:
        above = int(place[1]) - 1
        of = found.levels.get(above)
        if of is None:
            return ""
        count = counts[above]
        style = "decimal" if level.is_legal else of.style
        return written(of.start if count is None else count, style)

    return _PLACE.sub(figure, level.text)
