"""Precedents (先例): sentences of past documents, worded like one that is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.domain.document import DocumentSummary
from rag.domain.sentence import SentenceFunction
from rag.domain.span import Span


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a sentence stands.

    Attributes:
        span: Where in the document's text.
        quote: The text at ``span``.
        section: Heading path.
        page: 1-based page of its passage, or ``None``.
        year: Year of issue of the document, or ``None``.
    """

    document: DocumentSummary
    span: Span
    quote: str
    section: tuple[str, ...]
    page: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Precedent:
    """A sentence in the same words, with all the places where it stands.

    Attributes:
        text: As the newest document has it.
        like: The sentence of the text asked for that it is most like.
        wording: How much of the words is shared, 0..1.
        score: Of wording, meaning and function together, 0..1, higher is better.
        function: What it is for.
        occurrences: All within scope and filters, newest first; at least one.
    """

    text: str
    like: str
    wording: float
    score: float
    function: SentenceFunction
    occurrences: tuple[Occurrence, ...]

    @property
    def documents(self) -> int:
        """How many documents hold it."""
        return len({each.document.document_id for each in self.occurrences})

    @property
    def years(self) -> tuple[int, ...]:
        """Years of issue of these documents, ascending."""
        return tuple(sorted({each.year for each in self.occurrences if each.year is not None}))

    @property
    def places(self) -> tuple[str, ...]:
        """Places that they come from, in the order of ``occurrences``."""
        return tuple(dict.fromkeys(each.document.place for each in self.occurrences if each.document.place))


@dataclass(frozen=True, slots=True)
class Precedents:
    """What was found for a text.

    Attributes:
        total: How many different sentences there are, of the function asked for.
        functions: How many there are of each function, whichever was asked for; the most first.
        found: Those of the page asked for, best first.
    """

    total: int
    functions: Mapping[SentenceFunction, int]
    found: tuple[Precedent, ...]
