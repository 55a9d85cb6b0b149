"""A day named with its year (2020年1月25日), held against texts that name the day alone.

News names the day and not the year. Where nothing around a sentence names another year, a text that names the very day
asked for is taken to speak of it, and the answer says that the year is the question's.
"""

from __future__ import annotations

import re

from rag.domain.answer import Answer
from rag.retrieval.question import Question
from rag.text import fold, squeeze

_WHOLE = re.compile(r"(?P<year>(?:19|20)\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_YEAR = re.compile(r"(?:19|20)\d{2}(?=年)")


def days_asked(question: Question) -> frozenset[str]:
    """Return the days, as 1月25日, that a question names with their years; none where it names another year by itself."""
    asked = squeeze(fold(question.text))
    whole = list(_WHOLE.finditer(asked))
    if len(_YEAR.findall(asked)) != len(whole):
        return frozenset()
    return frozenset(f"{int(m['month'])}月{int(m['day'])}" for m in whole)


def names_day(days: frozenset[str], text: str) -> bool:
    """Tell whether a text names one of ``days`` (from ``days_asked``) without a year."""
    plain = squeeze(fold(text))
    return any(re.search(rf"(?<![\d年]){re.escape(day)}[日号]", plain) for day in days)


def note_on_year(question: Question, answer: Answer) -> tuple[str, ...]:
    """Return what to say of an answer whose words name no year though the question names a day of one."""
    if not answer.citations or not days_asked(question):
        return ()
    for citation in answer.citations:
        document = citation.document
        said = f"{citation.quote} {document.title or ''} {document.document_number or ''}"
        if document.issued_on or document.printed_on or re.search(r"(?:19|20)\d{2}", said):
            return ()
    return ("原文只写月日，未写年份 (the document names the day and no year)",)
