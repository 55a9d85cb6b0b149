"""Reading (拆读): a sentence or a quoted text taken apart into what can be compared.

Figures, dates, 文号, titles in 《》 and agencies are found first and blanked out; what is left is cut into words.
A clause is what stands between two commas or stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import rjieba

from rag.answering.quantities import Day, Quantity, comparable, days, quantities
from rag.domain.span import Span
from rag.parsing.agencies import mentions
from rag.text import DOCUMENT_NUMBER, normalize_document_number

_TITLE = re.compile(r"《([^《》]{2,80})》")
_CLAUSE_END = re.compile(r"[，；;。！？!?\n〔〕]|(?<!\d)[:：]|[:：](?!\d)|(?<!\d),|,(?!\d)|—{2}|\)(?=\()")
_NUMBER_OF_CLAUSE = re.compile(
    r"\([一二三四五六七八九十\d]{1,3}\)|(?<![\u4e00-\u9fff\d])[一二三四五六七八九十]{1,3}(?:、|[是要](?=[\u4e00-\u9fff]))"
)
_SENTENCE_END = "；;。！？!?\n〕"
_BLANK = " "


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name: an agency under its normal name, a 文号, or a title in 《》."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Word:
    """A word of what is left, with its tag."""

    word: str
    tag: str
    span: Span

    @property
    def is_noun(self) -> bool:
        """Whether it names something, as far as the tags can be trusted."""
        return self.tag.startswith(("n", "j", "l", "i", "s", "b", "eng")) or self.tag == "vn"

    @property
    def is_verb(self) -> bool:
        """Whether it says what is done."""
        return self.tag.startswith("v")


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands between two commas or stops.

    Attributes:
        sentence: Number of its sentence in the text.
        left: Its text with all but words blanked out.
    """

    number: int
    sentence: int
    span: Span
    text: str
    left: str
    words: tuple[Word, ...]
    quantities: tuple[Quantity, ...]
    days: tuple[Day, ...]
    agencies: tuple[Named, ...]
    titles: tuple[Named, ...]
    document_numbers: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text taken apart.

    Attributes:
        plain: As compared; all spans point into it.
        left: ``plain`` with all but words blanked out.
    """

    plain: str
    left: str
    clauses: tuple[Clause, ...]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All figures, in order."""
        return tuple(q for clause in self.clauses for q in clause.quantities)

    def clauses_of(self, sentence: int) -> tuple[Clause, ...]:
        """Return the clauses of one sentence."""
        return tuple(c for c in self.clauses if c.sentence == sentence)


def read(text: str) -> Text:
    """Take a text apart."""
    plain = comparable(text)
    left = _NUMBER_OF_CLAUSE.sub(lambda m: _BLANK * len(m[0]), plain)
    numbers = [
        Named(normalize_document_number(m[0]), Span(m.start(), m.end())) for m in DOCUMENT_NUMBER.finditer(plain)
    ]
    left = _blanked(left, (n.span for n in numbers))
    titles = [Named(m[1], Span(m.start(), m.end())) for m in _TITLE.finditer(left)]
    left = _blanked(left, (t.span for t in titles))
    dates = days(left)
    left = _blanked(left, (d.span for d in dates))
    agencies = [Named(name, span) for span, name in mentions(left)]
    left = _blanked(left, (a.span for a in agencies))
    figures = quantities(left)
    # A figure's unit belongs to it; the words around it are the reader's.
    left = _blanked(left, (q.span for q in figures))
    words = _words(left)
    clauses = []
    sentence = 0
    for number, span in enumerate(_clauses(plain, [named.span for named in (*titles, *numbers)])):
        clauses.append(
            Clause(
                number,
                sentence,
                span,
                span.of(plain),
                span.of(left),
                tuple(w for w in words if span.contains(w.span)),
                tuple(q for q in figures if span.contains(q.span)),
                tuple(d for d in dates if span.contains(d.span)),
                tuple(a for a in agencies if span.contains(a.span)),
                tuple(t for t in titles if span.contains(t.span)),
                tuple(n for n in numbers if span.contains(n.span)),
            )
        )
        sentence += plain[span.end - 1] in _SENTENCE_END
    return Text(plain, left, tuple(clauses))


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for span in spans:
        text = text[: span.start] + _BLANK * len(span) + text[span.end :]
    return text


def _words(left: str) -> list[Word]:
    found = []
    at = 0
    for word, tag in rjieba.tag(left):
        start = left.index(word, at)
        at = start + len(word)
        if word.strip() and tag != "x":
            found.append(Word(word, tag, Span(start, at)))
    return found


def _clauses(plain: str, whole: list[Span]) -> list[Span]:
    """Cut a text into clauses, each with the mark that ends it; marks inside 《》 and 文号 cut nothing."""
    found = []
    start = 0
    for match in _CLAUSE_END.finditer(plain):
        if any(w.start < match.start() < w.end for w in whole):
            continue
        if plain[start : match.start()].strip(" 、()"):
            found.append(Span(start, match.end()))
            start = match.end()
        elif found:  # a second mark: 。〔
            found[-1] = Span(found[-1].start, match.end()) if start == found[-1].end else found[-1]
            start = match.end()
    if plain[start:].strip():
        found.append(Span(start, len(plain)))
    return found
