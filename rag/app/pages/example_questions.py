"""Questions to begin with (示例问题), made from what the reader's documents hold and each tried before it is offered.

Nothing here names a place or a topic: a duty whose leads are named gives a question about who leads, a commitment
with a figure one about how many, a document with a 文号 one about its organ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from rag.app.reader import Reader
from rag.app.words.catalogue import Texts
from rag.app.words.message import Language
from rag.domain.access import Scope
from rag.domain.answer import Status
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.obligation import DutyForm

_MOST = 4
_PLACES = 4
_DOCUMENTS_A_PLACE = 12
_TRIES = 6
# A task that reads as a topic: a few Han characters, no figures, no punctuation.
_TASK = re.compile(r"[一-鿿]{4,12}")
_COUNTED = re.compile(r"[一-鿿]{2,8}")
_CLASSIFIERS = frozenset("个名所家户栋辆张座条处台部")


class _Candidate(NamedTuple):
    """A question, and words that an answer to it must hold."""

    question: str
    expected: str


def examples_of(reader: Reader, *, scope: Scope, language: Language) -> tuple[str, ...]:
    """Return questions that the documents within the scope answer, the same for the same index."""
    return reader.examples.get(
        (scope, language.value), reader.catalog.revision, lambda: _examples(reader, scope, Texts(language))
    )


def _examples(reader: Reader, scope: Scope, texts: Texts) -> tuple[str, ...]:
    documents = [document for document in _documents(reader, scope) if document.place]
    makers = (
        _of_duties(reader, documents, scope, texts),
        _of_figures(reader, documents, scope, texts),
        _of_numbers(documents, texts),
        _of_days(documents, texts),
        (_Candidate(texts("example.next", place=place), "") for place in dict.fromkeys(d.place for d in documents)),
    )
    found: list[str] = []
    for candidates in makers:
        found += islice(_answered(reader, islice(candidates, _TRIES), scope), 1)
    return tuple(found[:_MOST])


def _answered(reader: Reader, candidates: Iterable[_Candidate], scope: Scope) -> Iterator[str]:
    for candidate in candidates:
        answer = reader.answerer.answer(candidate.question, scope=scope)
        if answer.status is Status.ANSWERED and candidate.expected in answer.text:
            yield candidate.question


def _documents(reader: Reader, scope: Scope) -> Iterator[DocumentSummary]:
    """Yield documents of the places that most documents come from, newest first, the places taking turns."""
    lists = [
        reader.catalog.list_documents(
            scope=scope, filters=Filters(place=tally.value), limit=_DOCUMENTS_A_PLACE, are_distinct=True
        ).documents
        for tally in reader.catalog.places(scope=scope)[:_PLACES]
    ]
    for at in range(_DOCUMENTS_A_PLACE):
        yield from (documents[at] for documents in lists if at < len(documents))


def _of_duties(
    reader: Reader, documents: Iterable[DocumentSummary], scope: Scope, texts: Texts
) -> Iterator[_Candidate]:
    for document in documents:
        for duty, _ in reader.catalog.duties(scope=scope, filters=Filters(source=document.source)):
            if duty.lead and duty.form is DutyForm.BRACKET and _TASK.fullmatch(duty.task):
                yield _Candidate(texts("example.lead", place=document.place, task=duty.task), duty.lead[0])
                break  # one a document


def _of_figures(
    reader: Reader, documents: Iterable[DocumentSummary], scope: Scope, texts: Texts
) -> Iterator[_Candidate]:
    for document in documents:
        for commitment, _ in reader.catalog.commitments(scope=scope, filters=Filters(source=document.source)):
            for figure in commitment.figures:
                counted = figure.counted.removeprefix(figure.scope)
                if figure.unit in _CLASSIFIERS and _COUNTED.fullmatch(counted):
                    question = texts("example.figure", place=document.place, unit=figure.unit, counted=counted)
                    yield _Candidate(question, figure.text)


def _of_numbers(documents: Iterable[DocumentSummary], texts: Texts) -> Iterator[_Candidate]:
    for document in documents:
        if document.document_number and document.issuer:
            yield _Candidate(texts("example.number", number=document.document_number), document.issuer)


def _of_days(documents: Iterable[DocumentSummary], texts: Texts) -> Iterator[_Candidate]:
    for document in reversed(list(documents)):  # another one than the one before
        if document.document_number and document.issued_on:
            yield _Candidate(texts("example.dated", number=document.document_number), str(document.issued_on.year))
