"""A day named with its year (2020年1月25日), held against texts that name the day alone.

News names the day and not the year. Where nothing around a sentence names another year, a text that names the very day
asked for is taken to speak of it, and the answer says that the year is the question's.
"""

from __future__ import annotations

import re

from rag.answering.quantities import comparable, days
from rag.domain.answer import Answer
from rag.parsing.dates import date_of
from rag.retrieval.question import Question

MonthAndDay = tuple[int | None, int | None]


def days_asked(question: Question) -> frozenset[MonthAndDay]:
    """Return the days, by month and day, that a question names with their years; none where it names a year by itself."""
    dated = [day for day in days(comparable(question.text)) if day.year is not None]
    return frozenset((day.month, day.day) for day in dated) if all(day.day for day in dated) else frozenset()


def names_day(asked: frozenset[MonthAndDay], text: str) -> bool:
    """Tell whether a text names one of the days asked for (``days_asked``) without a year."""
    return any(day.year is None and (day.month, day.day) in asked for day in days(comparable(text)))


def note_on_year(question: Question, answer: Answer) -> tuple[str, ...]:
    """Return what to say of an answer whose words name no year though the question names a day of one."""
    if not answer.citations or not days_asked(question):
        return ()
    for citation in answer.citations:
        document = citation.document
        said = f"{citation.quote} {document.title or ''} {document.document_number or ''}"
        if date_of(document).year or re.search(r"(?:19|20)\d{2}", said):
            return ()
    return ("原文只写月日，未写年份 (the document names the day and no year)",)
