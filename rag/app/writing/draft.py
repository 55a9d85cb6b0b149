"""A draft (文稿): a title, paragraphs and tables, each sentence with the sources it was taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.app.writing.characters import one_line


@dataclass(frozen=True, slots=True)
class Source:
    """A document that words were taken from (出处).

    Attributes:
        title: Its title, without 《》; where it has none, the name of its file.
        document_number: Its 文号 as written.
        issued_on: Its 成文日期.
        issuer: Its 发文机关.
        is_titled: Whether ``title`` is a title, and not the name of a file.
    """

    title: str
    document_number: str | None = None
    issued_on: date | None = None
    issuer: str | None = None
    is_titled: bool = True

    @property
    def reference(self) -> str:
        """How official text names it: 《title》（文号）."""
        name = f"《{one_line(self.title)}》" if self.is_titled else one_line(self.title)
        return name + (f"（{one_line(self.document_number)}）" if self.document_number else "")

    @property
    def note(self) -> str:
        """What a footnote says: the organ unless its title opens with it, the reference, and the date."""
        issuer = one_line(self.issuer or "")
        before = "" if not issuer or one_line(self.title).startswith(issuer) else issuer
        day = self.issued_on
        dated = f"，{day.year}年{day.month}月{day.day}日" if day else ""
        return f"{before}{self.reference}{dated}。"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words, and what stands in the footnotes after them."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text, or a heading.

    Attributes:
        passages: Its words, in order.
        level: 0 for running text; 1 to 4 for headings, 一、/（一）/1./（1） (GB/T 9704-2012, 7.3.3).
    """

    passages: tuple[Passage, ...]
    level: int = 0

    @classmethod
    def of(cls, text: str, *sources: Source, level: int = 0) -> Paragraph:
        """Return a paragraph of one passage."""
        return cls((Passage(text, sources),), level)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: headings, and rows of as many cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Passage, ...], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft.

    Attributes:
        title: Stands above it, centred.
        parts: Paragraphs and tables in order.
        sources_heading: Heading of the list of all documents cited, at the end; without one there is no list.
    """

    title: str
    parts: tuple[Paragraph | Table, ...]
    sources_heading: str | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """All sources, each once, in the order of their first citation."""
        found: dict[Source, None] = {}
        for part in self.parts:
            rows = (part.passages,) if isinstance(part, Paragraph) else part.rows
            for passages in rows:
                for passage in passages:
                    found.update(dict.fromkeys(passage.sources))
        return tuple(found)
