"""The words of one paragraph as printed: final text of tracked changes, results of fields, no hidden words."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rag.loaders.docx.fields import Fields
from rag.loaders.docx.mathematics import linear
from rag.loaders.docx.names import MC, M, O, R, V, W, switch, value
from rag.loaders.docx.package import Package
from rag.loaders.docx.shapes import Shape, diagram, diagram_of, shapes_in
from rag.loaders.docx.styles import Style, Styles
from rag.loaders.docx.symbols import symbol

LINE_BREAK = "\n"
_PRIVATE = re.compile("[\uf000-\uf0ff]")
_BLANKS = re.compile(r"[\t\n\r]+")

# What a paragraph holds beside words: properties, deletions, instructions, other programs' copies.
_SKIPPED = frozenset(
    {
        *(f"{W}{name}" for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rubyPr", "rt")),
        *(f"{W}{name}" for name in ("del", "moveFrom", "delText", "delInstrText", "tbl", "txbxContent")),
        f"{MC}Fallback",
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """How type is set: two paragraphs that look different are two.

    Attributes:
        size: In half-points, as written; ``""`` where the style says.
        is_bold: ``None`` where the style says.
        face: Of Chinese type, as written.
    """

    size: str = ""
    is_bold: bool | None = None
    face: str = ""


@dataclass(slots=True)
class Words:
    """What a paragraph holds.

    Attributes:
        text: Its words; lines broken by hand are separated by ``LINE_BREAK``.
        shapes: Text boxes and diagrams anchored in it, in the file's order.
        notes: Ids of the notes it refers to: ``footnotes`` or ``endnotes``, and ``w:id``.
        first: Look of its first words, ``None`` where it has none.
        last: Look of its last words.
        size: Of its first words, in half-points; ``None`` where the style says.
    """

    text: str = ""
    shapes: list[Shape] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    first: Look | None = None
    last: Look | None = None
    size: float | None = None

    def then(self, other: Words) -> Words:
        """Return this with ``other`` after it, as one paragraph."""
        return Words(
            self.text + other.text,
            self.shapes + other.shapes,
            self.notes + other.notes,
            self.first or other.first,
            other.last or self.last,
            other.size if self.first is None else self.size,
        )


class Reader:
    """Reads the words of paragraphs in the document's order.

    Attributes:
        hidden_characters: Characters left out because the file hides them.
        attachments: Names of the files embedded where they stand.
    """

    def __init__(self, package: Package, styles: Styles) -> None:
        self._package = package
        self._styles = styles
        self._fields = Fields()
        self._hides = False
        self._pieces: list[str] = []
        self._words = Words()
        self.hidden_characters = 0
        self.attachments: list[str] = []
        self._readers: dict[str, Callable[[Any], None]] = {
            f"{W}r": self._run,
            f"{W}t": self._text,
            f"{W}tab": lambda _: self._add("\t"),
            f"{W}ptab": lambda _: self._add("\t"),
            f"{W}br": lambda _: self._add(LINE_BREAK),
            f"{W}cr": lambda _: self._add(LINE_BREAK),
            f"{W}noBreakHyphen": lambda _: self._add("-"),
            f"{W}sym": self._symbol,
            f"{W}fldChar": lambda element: self._add(self._fields.mark(element)),
            f"{W}instrText": lambda element: self._fields.instruct(element.text or ""),
            f"{W}footnoteReference": lambda element: self._note("footnotes", element),
            f"{W}endnoteReference": lambda element: self._note("endnotes", element),
            f"{W}drawing": self._drawing,
            f"{W}pict": self._drawing,
            f"{W}object": self._object,
            f"{MC}AlternateContent": self._alternative,
            f"{M}oMath": lambda element: self._add(linear(element)),
        }

    def read(self, paragraph: Any, style: Style) -> Words:
        """Return what a ``w:p`` in a paragraph style holds."""
        self._pieces, self._words = [], Words()
        self._hides = bool(style.hides)
        self._children(paragraph)
        self._fields.end_paragraph()
        self._words.text = "".join(self._pieces)
        return self._words

    def hide(self, element: Any) -> None:
        """Count the characters of an element that the file hides as a whole."""
        self.hidden_characters += sum(len(text.text or "") for text in element.iter(f"{W}t"))

    def _children(self, element: Any) -> None:
        for child in element:
            tag = child.tag
            if (reader := self._readers.get(tag)) is not None:
                reader(child)
            elif isinstance(tag, str) and tag not in _SKIPPED:
                self._children(child)  # hyperlinks, smart tags, content controls and wrappers yet unknown

    def _add(self, text: str) -> None:
        if not text or self._fields.hide:
            return
        if self._hides:
            self.hidden_characters += len(text)
        else:
            self._pieces.append(text)

    def _run(self, run: Any) -> None:
        properties = run.find(f"{W}rPr")
        if properties is None:
            self._shown(run, Look(), None)
            return
        fonts = properties.find(f"{W}rFonts")
        size = value(properties, "sz") or ""
        look = Look(size, switch(properties, "b"), "" if fonts is None else fonts.get(f"{W}eastAsia", ""))
        before = self._hides
        hides = switch(properties, "vanish")
        if hides is None:
            hides = self._styles.character(value(properties, "rStyle")).hides
        self._hides = before if hides is None else hides
        self._shown(run, look, None if fonts is None else fonts)
        self._hides = before

    def _shown(self, run: Any, look: Look, fonts: Any | None) -> None:
        before = len(self._pieces)
        self._children(run)
        added = self._pieces[before:]
        if fonts is not None and any(map(_PRIVATE.search, added)):
            font = fonts.get(f"{W}ascii", "")
            self._pieces[before:] = [_PRIVATE.sub(lambda sign: symbol(ord(sign[0]), font), piece) for piece in added]
        if any(not piece.isspace() for piece in added):
            words = self._words
            if words.first is None:
                words.first, words.size = look, float(look.size) if look.size.isdecimal() else None
            words.last = look

    def _text(self, element: Any) -> None:
        self._add(_BLANKS.sub(" ", element.text or ""))

    def _symbol(self, element: Any) -> None:
        try:
            code = int(element.get(f"{W}char", ""), 16)
        except ValueError:
            return
        self._add(symbol(code, element.get(f"{W}font", "")))

    def _note(self, kind: str, element: Any) -> None:
        if not self._hides and not self._fields.hide:
            self._words.notes.append((kind, element.get(f"{W}id", "")))

    def _drawing(self, element: Any) -> None:
        if self._hides:
            self.hide(element)
            return
        self._words.shapes.extend(shapes_in(element))
        if (data := self._package.xml(diagram_of(element))) is not None:
            self._words.shapes.append(diagram(data))

    def _object(self, element: Any) -> None:
        self._drawing(element)
        for embedded in element.iter(f"{O}OLEObject"):
            related = self._package.related(embedded.get(f"{R}id"))
            if related is not None and not embedded.get("ProgID", "").startswith("Equation"):
                self.attachments.append(posixpath.basename(related.target))

    def _alternative(self, element: Any) -> None:
        """Read the choice that Word shows; the fallback says the same to older programs."""
        choices = [*element.findall(f"{MC}Choice"), *element.findall(f"{MC}Fallback")]
        for choice in [choice for choice in choices if _tells(choice)][:1] or choices[:1]:
            self._children(choice)


def _tells(element: Any) -> bool:
    return next(element.iter(f"{W}t", f"{V}textpath", f"{W}object", f"{M}t"), None) is not None
