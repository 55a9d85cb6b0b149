"""Errors as pages (错误页), for whoever wants pages; other callers get problem documents."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import FastAPI, Request, Response

from rag.app.pages.rendering import page
from rag.app.pages.security import SECURITY_HEADERS
from rag.app.words.catalogue import CATALOGUE

_Handler = Callable[[Request, Exception], Awaitable[Response]]
_PASSED_ON = ("Retry-After", "WWW-Authenticate", "Allow")
_NO_PAGES = ("/api/", "/static/", "/healthz", "/readyz", "/openapi.json")


def install(app: FastAPI) -> None:
    """Show what the handlers of errors say as a page. To be called after these are in place."""
    for kind, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _paged(cast(_Handler, handler)))


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
        shown = page(
            request,
            "error.html",
            status=response.status_code,
            code=code if f"error.{code}" in CATALOGUE else "other",
            # Starlette's own errors say no more than their status.
            detail="" if said["detail"] == said["title"] else said["detail"],
        )
        shown.headers.update({name: response.headers[name] for name in _PASSED_ON if name in response.headers})
        return shown

    return handle
