"""Comparisons (对比): the same thing asked of several places or years, answered for each by itself, a row a document.

Each place and each year gets a question of its own, so that one that is well documented does not crowd out another;
where only one of them is documented there is nothing to compare, and the question goes to the other answerers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answering.composing import label
from rag.answering.intent import Intent, Reading
from rag.domain.answer import ComparisonRow, Statement
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.parsing.dates import date_of
from rag.retrieval.question import Question
from rag.text import fold, squeeze

_COMPARES = re.compile(
    r"对比|比较|相比|区别|差别|差异|不同|异同|相差|差多少|差了?几|哪[个里家边]?(?:更|较|比较)?(?:高|低|多|少|大|小|长|短|早|晚|快|慢)|哪[^，。？?]{1,10}(?:更|较|比较)(?:高|低|多|少|大|小|长|短|早|晚|快|慢)|谁(?:更|较)?(?:高|低|多|少|大|小|早|晚)|"
    r"分别|各[是有为]?(?:多少|几)|各自|compare|comparison|differ\w*|versus|\bvs\b|higher|lower|more than|respectively"
)
# What compares is no part of what is compared.
COMPARING_WORD = re.compile(
    r"^(?:对比|比较|相比|区别|差别|差异|不同|异同|相差|分别|各自|做法|举措|情况|方面|时间|高|低|多|少|大|小|更高|更低|更多|月底|年底|compare\w*|comparison|differ\w*|versus|higher|lower|more|respectively)$"
)
# A question about the time of service wants hours, which the words 时间 or 时段 seldom go with.
_HOURS = re.compile(r"服务时间|开放时间|营业时间|接听时间|运营时间|工作时间")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared.

    Attributes:
        question: The question of this place or year alone.
        filters: With its place.
        place: As the catalogue names it, or ``None``.
        year: Or ``None``.
    """

    question: Question
    filters: Filters
    place: str | None
    year: int | None

    @property
    def name(self) -> str:
        """What tells it from the others."""
        return f"{self.year}年" if self.year is not None else self.place or ""


def compares(question: Question) -> bool:
    """Whether a question puts places or years side by side."""
    return _COMPARES.search(fold(question.text)) is not None


def sides_of(question: Question, filters: Filters) -> list[Side]:
    """Return what a question compares, in its order: places where it names several, else years; empty for neither."""
    topic = tuple(term for term in question.terms if not COMPARING_WORD.match(term.word)) or question.terms
    plain = replace(question, terms=topic)
    places = [place for place in question.places if place.names]
    if len({place.key for place in places}) > 1 and filters.place is None:
        return [
            Side(
                replace(plain, places=tuple(p for p in question.places if p is place or not p.names)),
                replace(filters, place=place.key),
                place.names[0],
                None,
            )
            for place in dict.fromkeys(places)
        ]
    place_name = places[0].names[0] if places else None
    narrowed = replace(filters, place=places[0].key) if places and filters.place is None else filters
    if len(question.years) > 1:
        return [
            Side(replace(plain, years=(year,), all_years=frozenset({year})), narrowed, place_name, year)
            for year in question.years
        ]
    return []


def reading_of(question: Question, reading: Reading) -> Reading:
    """Return how one side is to be read: by itself, and for hours where times of service are compared."""
    intent = Intent.TIME if _HOURS.search(question.text) and reading.intent is Intent.ACROSS else reading.intent
    return replace(reading, intent=Intent.FACT if intent is Intent.ACROSS else intent, across=False)


def rows_of(side: Side, stated: Sequence[Statement], documents: Mapping[int, DocumentSummary]) -> list[ComparisonRow]:
    """Return a row for each document of one side, what was stated of it first; one row where the side is counted.

    Args:
        side: The place or year.
        stated: Its statements.
        documents: By id of citation.
    """
    found: dict[str, ComparisonRow] = {}
    counts = [statement for statement in stated if statement.count is not None]
    for statement in counts or stated:
        document = documents[statement.citations[0]]
        text = statement.text.removeprefix(squeeze(f"{label(document)}："))
        year = side.year or date_of(document).year
        row = ComparisonRow(document, side.place or document.place, year, text, statement.citations)
        found.setdefault(document.document_id, row)
    return list(found.values())
