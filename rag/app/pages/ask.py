"""The question page (问答): a box and, with a question, the answer with its citations."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rag.answering.answerer import QUESTION_CHARACTERS
from rag.app.pages.answer_views import group_citations, marks_of
from rag.app.pages.links import Links
from rag.app.pages.navigation import Entry, Section
from rag.app.pages.rendering import LanguageHere, ReaderHere, ReadScope, page
from rag.app.words.ask import EXAMPLES
from rag.app.words.catalogue import Texts
from rag.domain.answer import Answer, Status
from rag.errors import InvalidRequest

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("ask", "/"))


@router.get("/")
def ask_page(
    request: Request,
    reader: ReaderHere,
    scope: ReadScope,
    language: LanguageHere,
    q: str | None = None,
    after: str | None = None,
) -> HTMLResponse:
    """Show the question box and, with ``q``, the answer; ``after`` is the question before it."""
    answer: Answer | None = None
    is_wrong = False
    if q is not None:
        try:
            answer = reader.answerer.answer(q, scope=scope, history=[after] if after and after.strip() else [])
        except InvalidRequest:
            is_wrong = True
    return page(
        request,
        "ask.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK,
        question=(q or "")[:QUESTION_CHARACTERS],
        longest=QUESTION_CHARACTERS,
        is_wrong=is_wrong,
        answer=answer,
        is_refused=answer is not None and answer.status is Status.NO_EVIDENCE,
        marks=marks_of(answer, Texts(language), Links(language)) if answer else {},
        groups=group_citations(answer) if answer else [],
        counts=reader.catalog.counts(scope=scope),
        examples=EXAMPLES[language],
        is_public_only=not scope.is_unrestricted,
    )
