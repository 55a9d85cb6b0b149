"""Rendering (页面渲染): from a template and what it shows to a response, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from rag.app.access import is_anonymous, session_name
from rag.app.dependencies import ReadScope
from rag.app.pages.charts import shortened
from rag.app.pages.links import Links
from rag.app.pages.navigation import Entry
from rag.app.pages.security import SECURITY_HEADERS
from rag.app.reader import Reader
from rag.app.words.catalogue import Texts
from rag.app.words.message import Language
from rag.domain.access import Principal

FOLDER = Path(__file__).parents[1]
"""Of ``templates/`` and ``static/``."""

# What a page shows depends on who asks.
NOT_KEPT = {"Cache-Control": "no-store"}
"""Headers of what caches must not keep."""

_NOT_CANONICAL = frozenset({"lang"})


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return what renders the templates: all values escaped, an unknown name an error. One a process, with what it compiled."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["shortened"] = shortened
    return made


# Not a coroutine: opening a new generation takes a while, and the server must go on meanwhile.
def _reader(request: Request, scope: ReadScope) -> Reader:
    reader: Reader = request.app.state.engine.reader().within(scope)
    return reader


async def _language_here(request: Request) -> Language:
    return language_of(request)


def language_of(request: Request) -> Language:
    """Return the language that a request asks for; that of the page before, where a provider sends the browser back."""
    return Language.of(getattr(request.state, "lang", None) or request.query_params.get("lang"))


ReaderHere = Annotated[Reader, Depends(_reader)]
"""The reader of the live index, as the caller's scope knows it."""

LanguageHere = Annotated[Language, Depends(_language_here)]
"""The language of the page."""


FLUSH = Markup("<!-- -->")
"""Where a template of ``streamed_page`` says ``{{ flush }}``, what stands before it is sent at once."""


def fragment(request: Request, template: str, **context: object) -> str:
    """Return the HTML of a template, with the words and addresses of the request's language.

    Args:
        request: The request.
        template: Name in ``templates/``.
        context: What the template shows, beside ``t`` (texts), ``language`` and ``links``.
    """
    return _template(request, template).render(_common(request), **context)


def _template(request: Request, name: str) -> Template:
    templates: Environment = request.app.state.templates
    return templates.get_template(name)


def _common(request: Request) -> dict[str, object]:
    language = language_of(request)
    return {
        "t": Texts(language),
        "language": language,
        "links": Links(language),
        "switch_url": _switched(request, language),
        "canonical": _canonical(request),
        "navigation": _navigation(request),
        "may_change": _may_change(request),
        "signed_in_as": session_name(request),
        "may_sign_in": is_anonymous(request),
        "twin": None,
        "flush": FLUSH,
    }


def _may_change(request: Request) -> bool:
    # Nobody, where an error came before it was known who asks.
    principal: Principal | None = getattr(request.state, "principal", None)
    return principal is not None and principal.may_change


def _navigation(request: Request) -> list[Entry]:
    may_change = _may_change(request)
    return [entry for entry in request.app.state.navigation if may_change or not entry.is_for_operators]


def page(
    request: Request, template: str, *, status: int = HTTPStatus.OK, twin: str | None = None, **context: object
) -> HTMLResponse:
    """Return a page, with the headers that each bears.

    Args:
        request: The request.
        template: Name in ``templates/``; it extends ``base.html``.
        status: HTTP status.
        twin: Address of the same data as JSON, where a GET gives it.
        context: See ``fragment``.
    """
    html = fragment(request, template, twin=twin, **context)
    return HTMLResponse(html, status_code=status, headers={**SECURITY_HEADERS, **NOT_KEPT})


def streamed_page(request: Request, template: str, *, twin: str | None = None, **context: object) -> Response:
    """Return a page that is sent piece by piece, cut at ``{{ flush }}``; see ``page``.

    What a template calls is called when its place is reached, so what takes time goes after a ``flush``. An error
    there can no longer become an error page: what is called must not raise.
    """
    pieces = _template(request, template).generate(_common(request), twin=twin, **context)
    return StreamingResponse(
        _cut(pieces), media_type="text/html; charset=utf-8", headers={**SECURITY_HEADERS, **NOT_KEPT}
    )


def _cut(pieces: Iterable[str]) -> Iterator[str]:
    waiting: list[str] = []
    for piece in pieces:
        if piece == FLUSH:
            yield "".join(waiting)
            waiting.clear()
        else:
            waiting.append(piece)
    yield "".join(waiting)


def _switched(request: Request, language: Language) -> str:
    """Return the same page in the other language."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    if language.other is not Language.ZH:
        kept.append(("lang", language.other.value))
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def _canonical(request: Request) -> str:
    """Return the address under which this page is known: its parameters sorted, empty ones and the language left out."""
    kept = sorted((n, v) for n, v in request.query_params.multi_items() if v.strip() and n not in _NOT_CANONICAL)
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")
