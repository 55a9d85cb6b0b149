"""The pages (网页): question box, list of documents, one document with the cited words marked.

Plain server-rendered HTML that needs no JavaScript. Every page has a permalink and reads within the scope of
its request, as the JSON interface does.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Connection

from rag.answering.answerer import QUESTION_CHARACTERS
from rag.app.access import request_scope
from rag.app.layout import contents, lay_out
from rag.app.messages import CATALOGUE, EXAMPLES, Language, Texts
from rag.app.page_views import Links, element_rows, group_citations, marks_of
from rag.app.reader import Reader
from rag.app.requests import FilterBody
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status
from rag.domain.document import Kind
from rag.domain.span import Span
from rag.errors import InvalidRequest

HERE = Path(__file__).parent

DOCUMENTS_A_PAGE = 25
_MOST_ISSUERS = 200
"""Most organs offered as completions of the filter."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

# What a page shows depends on who asks.
_NOT_KEPT = {"Cache-Control": "no-store"}

_NO_PAGES = ("/api/", "/static/", "/healthz", "/readyz", "/openapi.json")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ReadScope = Annotated[Scope, Depends(request_scope)]


def _reader(request: Request) -> Reader:
    reader: Reader = request.app.state.engine.reader()
    return reader


def _language(request: Request) -> Language:
    return Language.of(request.query_params.get("lang"))


ReaderHere = Annotated[Reader, Depends(_reader)]
LanguageHere = Annotated[Language, Depends(_language)]


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
    return _page(
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


@router.get("/documents")
def documents_page(
    request: Request,
    reader: ReaderHere,
    scope: ReadScope,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """List documents, newest first, under the filters of the query string."""
    given = {
        name: value.strip()
        for name, value in request.query_params.items()
        if name not in ("page", "lang") and value.strip()
    }
    try:
        filters = FilterBody.model_validate(given).to_domain()
    except ValidationError as error:
        wrong = "; ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())
        raise InvalidRequest(wrong) from error
    offset = (page - 1) * DOCUMENTS_A_PAGE
    found = reader.catalog.list_documents(scope=scope, filters=filters, limit=DOCUMENTS_A_PAGE, offset=offset)
    return _page(
        request,
        "documents.html",
        found=found,
        twins=reader.catalog.twins((d.document_id for d in found.documents), scope=scope),
        filters=given,
        page=page,
        pages=max(1, -(-found.total // DOCUMENTS_A_PAGE)),
        kinds=[kind.value for kind in Kind],
        places=reader.catalog.places(scope=scope),
        issuers=reader.catalog.issuers(scope=scope)[:_MOST_ISSUERS],
        is_public_only=not scope.is_unrestricted,
        json_url=f"/api/v1/documents?{urlencode({**given, 'limit': DOCUMENTS_A_PAGE, 'offset': offset})}",
    )


@router.get("/documents/{document_id}")
def document_page(
    request: Request,
    document_id: str,
    reader: ReaderHere,
    scope: ReadScope,
    language: LanguageHere,
    start: int | None = None,
    end: int | None = None,
) -> HTMLResponse:
    """Show one document, with the words at ``[start:end]`` marked."""
    document = reader.catalog.document(document_id, scope=scope)
    files = reader.files_of(document_id, scope=scope)
    marked = _span_within(start, end, len(document.text))
    return _page(
        request,
        "document.html",
        document=document,
        rows=element_rows(document, files.sources, Texts(language), Links(language)),
        twins=files.twins,
        contents=contents(document),
        parts=lay_out(document, marked),
        is_marked=marked is not None,
        is_astray=marked is None and (start, end) != (None, None),
        has_file=scope.is_unrestricted
        and any(record.path.is_file() for record in reader.catalog.sources_of(document_id, scope=scope)),
        is_public_only=not scope.is_unrestricted,
    )


def _span_within(start: int | None, end: int | None, length: int) -> Span | None:
    """Return the span that a link names, ``None`` when it is none or not within the text."""
    if start is None or end is None or not 0 <= start < end <= length:
        return None
    return Span(start, end)


# ---------------------------------------------------------------------------------------- rendering


def _page(request: Request, template: str, *, status: int = HTTPStatus.OK, **context: object) -> HTMLResponse:
    environment: Environment = request.app.state.templates
    language = _language(request)
    html = environment.get_template(template).render(
        t=Texts(language), language=language, links=Links(language), switch_url=_switched(request, language), **context
    )
    return HTMLResponse(html, status_code=status, headers={**SECURITY_HEADERS, **_NOT_KEPT})


def _switched(request: Request, language: Language) -> str:
    """Return the same page in the other language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    if language.other is not Language.ZH:
        kept.append(("lang", language.other.value))
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


# ------------------------------------------------------------------------------------------- errors

_Handler = Callable[[Request, Exception], Awaitable[Response]]
_PASSED_ON = ("Retry-After", "WWW-Authenticate", "Allow")


def _wants_page(request: Request) -> bool:
    is_page = not request.url.path.startswith(_NO_PAGES)
    return is_page and "text/html" in request.headers.get("Accept", "")


def _paged(handler: _Handler) -> _Handler:
    """Return a handler that shows what ``handler`` says as a page to whoever wants pages."""

    async def handle(request: Request, error: Exception) -> Response:
        response = await handler(request, error)
        if not _wants_page(request):
            response.headers.update(SECURITY_HEADERS)
            return response
        said: dict[str, Any] = json.loads(bytes(response.body))
        code = str(response.status_code)
        page = _page(
            request,
            "error.html",
            status=response.status_code,
            code=code if f"error.{code}" in CATALOGUE else "other",
            # Starlette's own errors say no more than their status.
            detail="" if said["detail"] == said["title"] else said["detail"],
        )
        page.headers.update({name: response.headers[name] for name in _PASSED_ON if name in response.headers})
        return page

    return handle


class _SecurityHeaders:
    """Sets the headers on every response that does not have them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def install(app: FastAPI) -> None:
    """Add the pages, show errors on them as pages, and set security headers on every response.

    To be called after the handlers of errors are in place.
    """
    app.state.templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for kind, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _paged(cast(_Handler, handler)))
    app.add_middleware(_SecurityHeaders)
