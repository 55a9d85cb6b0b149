"""Rendering (页面渲染): from a template and what it shows to a response, in the language of the request."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rag.app.access import request_scope
from rag.app.pages.links import Links
from rag.app.pages.security import SECURITY_HEADERS
from rag.app.reader import Reader
from rag.app.words.catalogue import Texts
from rag.app.words.message import Language
from rag.domain.access import Scope

FOLDER = Path(__file__).parents[1]
"""Of ``templates/`` and ``static/``."""

# What a page shows depends on who asks.
NOT_KEPT = {"Cache-Control": "no-store"}
"""Headers of what caches must not keep."""

_NOT_CANONICAL = frozenset({"lang"})


def environment() -> Environment:
    """Return what renders the templates: all values escaped, an unknown name an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


# Not a coroutine: opening a new generation takes a while, and the server must go on meanwhile.
def _reader(request: Request) -> Reader:
    reader: Reader = request.app.state.engine.reader()
    return reader


async def _language_here(request: Request) -> Language:
    return language_of(request)


def language_of(request: Request) -> Language:
    """Return the language that a request asks for."""
    return Language.of(request.query_params.get("lang"))


ReaderHere = Annotated[Reader, Depends(_reader)]
"""The reader of the live index."""

ReadScope = Annotated[Scope, Depends(request_scope)]
"""What the caller may see."""

LanguageHere = Annotated[Language, Depends(_language_here)]
"""The language of the page."""


def fragment(request: Request, template: str, **context: object) -> str:
    """Return the HTML of a template, with the words and addresses of the request's language.

    Args:
        request: The request.
        template: Name in ``templates/``.
        context: What the template shows, beside ``t`` (texts), ``language`` and ``links``.
    """
    templates: Environment = request.app.state.templates
    language = language_of(request)
    return templates.get_template(template).render(
        t=Texts(language),
        language=language,
        links=Links(language),
        switch_url=_switched(request, language),
        canonical=_canonical(request),
        navigation=request.app.state.navigation,
        **context,
    )


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
