"""What a document's styles say of its paragraphs and runs (样式), with what they inherit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rag.loaders.docx.names import VAL, W, number, switch, value

_T = TypeVar("_T")

BODY_LEVEL = 0
_BODY_OUTLINE = 9
_MOST_ANCESTORS = 30  # Word follows about a dozen
_WIDEST_INDENT = 100.0
_DEFAULT_SIZE = 20.0  # half-points, where nothing says otherwise


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph or character style with everything it inherits.

    Attributes:
        level: Heading level, 1 for the outermost, 0 for body text, ``None`` where it does not say.
        list_id: ``w:numId`` of the list its paragraphs belong to, ``None`` where it does not say.
        list_level: ``w:ilvl`` in that list.
        hides: Whether its text is hidden, ``None`` where it does not say.
        alignment: ``w:jc``.
        indent: Attributes of ``w:ind``.
        size: Of type, in half-points.
        is_bold: Whether its type is bold, ``None`` where it does not say.
    """

    level: int | None = None
    list_id: str | None = None
    list_level: int | None = None
    hides: bool | None = None
    alignment: str | None = None
    indent: Mapping[str, str] = field(default_factory=dict)
    size: float | None = None
    is_bold: bool | None = None

    def over(self, base: Style) -> Style:
        """Return this style with what it does not say taken from ``base``."""
        return Style(
            _first(self.level, base.level),
            _first(self.list_id, base.list_id),
            _first(self.list_level, base.list_level),
            _first(self.hides, base.hides),
            _first(self.alignment, base.alignment),
            {**base.indent, **self.indent} if self.indent else base.indent,
            _first(self.size, base.size),
            _first(self.is_bold, base.is_bold),
        )


def style_of(element: Any | None, run_properties: Any | None = None) -> Style:
    """Return what a ``w:pPr`` (and the ``w:rPr`` that goes with it) says by itself."""
    level = list_id = list_level = alignment = None
    indent: Mapping[str, str] = {}
    if element is not None:
        level = _level(element)
        if (listed := element.find(W + "numPr")) is not None:
            list_id, list_level = value(listed, "numId"), number(value(listed, "ilvl"))
        alignment = value(element, "jc")
        indent = indent_of(element)
    hides = size = is_bold = None
    if run_properties is not None:
        hides, is_bold = switch(run_properties, "vanish"), switch(run_properties, "b")
        size = _float(value(run_properties, "sz"))
    return Style(level, list_id, list_level, hides, alignment, indent, size, is_bold)


def indent_of(element: Any) -> Mapping[str, str]:
    """Return the attributes of a ``w:pPr``'s ``w:ind``, by the names of usual files."""
    found = element.find(W + "ind")
    if found is None:
        return {}
    names = {"start": "left", "startChars": "leftChars"}
    return {names.get(name.removeprefix(W), name.removeprefix(W)): text for name, text in found.attrib.items()}


class Styles:
    """A document's styles by their ids."""

    def __init__(self, root: Any | None) -> None:
        elements = () if root is None else root.findall(W + "style")
        self._elements: dict[str, Any] = {element.get(f"{W}styleId", ""): element for element in elements}
        self._resolved: dict[str, Style] = {}
        self._default = Style()
        self._default_paragraph = ""
        if root is not None:
            self._default = style_of(
                root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr"), root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
            )
        for identity, element in self._elements.items():
            if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in ("1", "true", "on"):
                self._default_paragraph = identity

    def paragraph(self, identity: str | None) -> Style:
        """Return a paragraph style, the document's default where there is none of that id."""
        found = identity if identity in self._elements else self._default_paragraph
        return self.character(found).over(self._default)

    def character(self, identity: str | None) -> Style:
        """Return a style without the document's defaults; one that says nothing where there is none of that id."""
        if not identity:
            return Style()
        if identity not in self._resolved:
            resolved = Style()
            for ancestor in reversed(self._line(identity)):
                resolved = _own(self._elements[ancestor]).over(resolved)
            self._resolved[identity] = resolved
        return self._resolved[identity]

    def list_of(self, identity: str | None) -> str | None:
        """Return the ``w:numId`` of a list style."""
        element = self._elements.get(identity or "")
        return None if element is None else _own(element).list_id

    def has_borders(self, identity: str | None) -> bool:
        """Return whether a table style draws lines."""
        return any(
            draws_lines(self._elements[ancestor].find(f"{W}tblPr/{W}tblBorders"))
            for ancestor in self._line(identity or "")
        )

    def _line(self, identity: str) -> list[str]:
        """Return a style and its ancestors, nearest first."""
        found: list[str] = []
        while identity in self._elements and identity not in found and len(found) < _MOST_ANCESTORS:
            found.append(identity)
            identity = value(self._elements[identity], "basedOn") or ""
        return found


def draws_lines(borders: Any | None) -> bool:
    """Return whether any side of a ``w:tblBorders`` or ``w:tcBorders`` is drawn."""
    return borders is not None and any(side.get(VAL) not in (None, "nil", "none") for side in borders)


def indent_in_characters(indent: Mapping[str, str], size: float | None) -> float:
    """Return the blank before a paragraph's first character, in characters of ``size`` half-points."""
    points = (size or _DEFAULT_SIZE) / 2
    left = _measure(indent, "left", points)
    first = _measure(indent, "firstLine", points)
    hanging = _measure(indent, "hanging", points)
    return round(min(_WIDEST_INDENT, max(0.0, left + (first or -hanging))), 2)


def _measure(indent: Mapping[str, str], name: str, points: float) -> float:
    # Hundredths of a character go before twips, unless they are zero.
    if characters := _float(indent.get(f"{name}Chars")):
        return characters / 100
    text = indent.get(name, "0")
    # Strict files may write 12pt.
    length = _float(text.removesuffix("pt"))
    return (length or 0.0) / points / (1 if text.endswith("pt") else 20)


def _own(element: Any) -> Style:
    own = style_of(element.find(W + "pPr"), element.find(W + "rPr"))
    if own.level is None and (named := _level_by_name(value(element, "name") or "")):
        return Style(level=named).over(own)
    return own


def _level(element: Any) -> int | None:
    outline = number(value(element, "outlineLvl"))
    if outline is None:
        return None
    return outline + 1 if 0 <= outline < _BODY_OUTLINE else BODY_LEVEL


def _level_by_name(name: str) -> int | None:
    """Return the level of Word's own headings, which name it where a converter left the outline out."""
    word, _, level = name.strip().lower().rpartition(" ")
    return int(level) if word in ("heading", "标题") and level.isdecimal() and 1 <= int(level) <= 9 else None


def _first(own: _T | None, base: _T | None) -> _T | None:
    return base if own is None else own


def _float(text: str | None) -> float | None:
    try:
        found = None if text is None else float(text)
    except ValueError:
        return None
    return found if found is not None and math.isfinite(found) else None
