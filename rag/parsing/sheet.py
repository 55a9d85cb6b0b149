"""A canonical text laid out for reading its elements: lines, their shapes, and where values go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.domain.layout import Region, page_at
from rag.domain.span import Span
from rag.parsing.canonical import Canonical, Line
from rag.text import simplify, squeeze


def value_of(text: str) -> str:
    """Return spanned words as an element's value: line ends and layout spaces taken out."""
    return squeeze(text.replace("\n", " ") if _needs_blank(text) else text.replace("\n", ""))


def _needs_blank(text: str) -> bool:
    return re.search(r"[A-Za-z]\n[A-Za-z]", text) is not None


@dataclass(slots=True)
class Sheet:
    """A document's lines with its text in simplified script, for matching; offsets are the same in both.

    Attributes:
        plain: The text in simplified script.
        contents: Lines of tables of contents (目录).
        foot: Lines that hold elements below the body.
        listed: Lines that list annexes (附件说明).
        spans: Where each found element stands, by its name.
    """

    text: str
    plain: str
    lines: tuple[Line, ...]
    regions: tuple[Region, ...] = ()
    contents: frozenset[int] = frozenset()
    foot: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, canonical: Canonical) -> Sheet:
        """Lay out a canonical text."""
        plain = simplify(canonical.text)
        if len(plain) != len(canonical.text):
            plain = canonical.text
        return cls(canonical.text, plain, canonical.lines, canonical.regions)

    def words(self, line: int) -> str:
        """Return the words of a line, in simplified script."""
        span = self.lines[line].span
        return self.plain[span.start : span.end]

    def page_at(self, offset: int) -> int | None:
        """Return the page that a character of the text stands on."""
        return page_at(self.regions, offset)

    def span(self, line: int, start: int, end: int) -> Span:
        """Return where characters ``start`` to ``end`` of a line stand in the text."""
        return Span(start, end).shift(self.lines[line].span.start)

    def record(self, name: str, *spans: Span) -> tuple[str, ...]:
        """Note where an element stands and return its values."""
        if spans:
            self.spans[name] = (*self.spans.get(name, ()), *spans)
        return tuple(value_of(span.of(self.text)) for span in spans)

    def record_one(self, name: str, span: Span) -> str:
        """Note where an element of one value stands and return the value; a second one is not noted."""
        return value_of(self.spans.setdefault(name, (span,))[0].of(self.text))

    def trimmed(self, start: int, end: int, blanks: str = " \t\u3000\n") -> Span:
        """Return the span without the blanks around it."""
        while start < end and self.text[start] in blanks:
            start += 1
        while end > start and self.text[end - 1] in blanks:
            end -= 1
        return Span(start, end)
