"""The question page (问答): a box and, with a question, the answer with its citations.

The frame of a page is sent before the answer is looked for, so that a browser shows it at once. A browser with
JavaScript asks the next question without leaving the page: the same parts of the page then come as events.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from rag.answering.question_limits import QUESTION_CHARACTERS, check_history, check_question
from rag.app.dependencies import ReadScope
from rag.app.pages.answer_views import AnswerPage
from rag.app.pages.example_questions import examples_of
from rag.app.pages.exporting_answers import answer_docx
from rag.app.pages.links import Links
from rag.app.pages.navigation import Entry, Section
from rag.app.pages.rendering import (
    NOT_KEPT,
    LanguageHere,
    ReaderHere,
    fragment,
    page,
    streamed_page,
)
from rag.app.pages.source import Excerpt, excerpt
from rag.app.problems import Explanation, explain
from rag.app.reader import Reader
from rag.app.schemas import AnswerView
from rag.app.streaming import MEDIA_TYPE, event
from rag.app.trail import note_shown
from rag.app.wiring import Engine
from rag.app.words.catalogue import Texts
from rag.app.words.message import Language
from rag.app.writing import gongwen
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.errors import InvalidRequest

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("ask", "/"))

Before = Annotated[str | None, Query(description="The question before this one.")]


def _answer(reader: Reader, q: str, after: str | None, scope: Scope) -> Answer:
    return reader.answerer.answer(q, scope=scope, history=_history(after))


def _history(after: str | None) -> list[str]:
    return [after] if after and after.strip() else []


@router.get("/", response_model=None)
def ask_page(
    request: Request,
    reader: ReaderHere,
    scope: ReadScope,
    language: LanguageHere,
    q: str | None = None,
    after: Before = None,
) -> Response:
    """Show the question box and, with ``q``, the answer; ``after`` is the question before it."""
    shown: dict[str, Any] = {
        "question": (q or "")[:QUESTION_CHARACTERS],
        "longest": QUESTION_CHARACTERS,
        "is_public_only": not scope.is_unrestricted,
    }
    if q is None or not _is_right(q, after):
        engine: Engine = request.app.state.engine
        return page(
            request,
            "ask.html",
            status=HTTPStatus.OK if q is None else HTTPStatus.UNPROCESSABLE_ENTITY,
            is_wrong=q is not None,
            counts=reader.catalog.counts(scope=scope),
            corpus=engine.settings.corpus_dir,
            command=engine.ingest_command,
            examples=examples_of(reader, scope=scope, language=language),
            **shown,
        )
    return streamed_page(
        request,
        "answer.html",
        twin=_address("/ask/answer.json", q, after),
        look_up=partial(_look_up, request, reader, q, after, scope=scope, language=language),
        is_wrong=False,
        docx=_address("/ask/answer.docx", q, after, language),
        **shown,
    )


def _is_right(q: str, after: str | None) -> bool:
    try:
        check_question(q)
        check_history(_history(after))
    except InvalidRequest:
        return False
    return True


def _address(path: str, q: str, after: str | None, language: Language = Language.ZH) -> str:
    given = {"q": q} | ({"after": after} if _history(after) else {})
    return f"{path}?{urlencode(given | ({} if language is Language.ZH else {'lang': language.value}))}"


class Looked(NamedTuple):
    """What looking an answer up came to.

    Attributes:
        found: The answer, or refusal; ``None`` where looking it up failed.
        source: The words cited first, with what stands around them.
        failure: What is told of the failure.
    """

    found: AnswerPage | None
    source: Excerpt | None = None
    failure: Explanation | None = None


def _look_up(
    request: Request, reader: Reader, q: str, after: str | None, *, scope: Scope, language: Language
) -> Looked:
    try:
        answer = _answer(reader, q, after, scope)
        catalog = reader.catalog
        found = AnswerPage.of(answer, catalog, scope=scope, texts=Texts(language), links=Links(language))
        source = None
        if answer.citations:
            first = answer.citations[0]
            source = excerpt(catalog, first.document.document_id, first.span, scope=scope, citation=first.id)
    except Exception as error:  # noqa: BLE001 - the response has begun: no handler of errors is reached any more
        return Looked(None, failure=explain(request, error))
    return Looked(found, source)


@router.get("/ask/stream", response_class=StreamingResponse)
def ask_stream(
    request: Request, reader: ReaderHere, scope: ReadScope, language: LanguageHere, q: str, after: Before = None
) -> StreamingResponse:
    """Send the parts of the answer's page as events: ``opening``, a ``statement`` each, ``rest``, ``source``, ``end``."""
    check_question(q)
    check_history(_history(after))

    def events() -> Iterator[bytes]:
        yield event("begin", "")  # the browser knows that we are at it
        looked = _look_up(request, reader, q, after, scope=scope, language=language)
        shown = {"looked": looked, "docx": _address("/ask/answer.docx", q, after, language)}
        statements = looked.found.answer.statements if looked.found else ()
        if not statements:
            yield event("opening", fragment(request, "_found.html", **shown))
        else:
            yield event("opening", fragment(request, "_opening.html", **shown))
            for statement in statements:
                yield event("statement", fragment(request, "_statement.html", statement=statement, **shown))
            yield event("rest", fragment(request, "_rest.html", **shown))
        if looked.source is not None:
            yield event("source", fragment(request, "_source.html", source=looked.source))
        yield event("end", "")

    return StreamingResponse(events(), media_type=MEDIA_TYPE, headers=NOT_KEPT)


@router.get("/ask/answer.json", response_class=JSONResponse)
def ask_json(reader: ReaderHere, scope: ReadScope, q: str, after: Before = None) -> JSONResponse:
    """Return what the page shows as JSON, in the shape of ``POST /api/v1/ask`` but for the time it took."""
    answer = _answer(reader, q, after, scope)
    view = AnswerView.of(answer, elapsed_ms=0, twins=reader.twins_of(answer, scope=scope)).as_json()
    view.pop("elapsed_ms")
    return JSONResponse(view, headers=NOT_KEPT)


@router.get("/ask/answer.docx")
def ask_docx(
    request: Request, reader: ReaderHere, scope: ReadScope, language: LanguageHere, q: str, after: Before = None
) -> Response:
    """Return the answer as a Word document."""
    answer = _answer(reader, q, after, scope)
    note_shown(request, (citation.document.document_id for citation in answer.citations))
    content = answer_docx(answer, Texts(language))
    disposition = 'attachment; filename="answer.docx"'
    return Response(content, media_type=gongwen.MEDIA_TYPE, headers={"Content-Disposition": disposition, **NOT_KEPT})
