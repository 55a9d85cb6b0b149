"""Errors as callers see them: RFC 9457 problem documents."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from rag.errors import (
    ConfigurationError,
    IndexLocked,
    IndexUnavailable,
    InvalidRequest,
    NotFound,
    RagError,
    SourceError,
)

_logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 5

# Most special first; the first that fits decides.
_STATUS: tuple[tuple[type[RagError], HTTPStatus, str], ...] = (
    (InvalidRequest, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request"),
    (NotFound, HTTPStatus.NOT_FOUND, "not-found"),
    (SourceError, HTTPStatus.UNPROCESSABLE_ENTITY, "document-refused"),
    (IndexLocked, HTTPStatus.SERVICE_UNAVAILABLE, "index-busy"),
    (IndexUnavailable, HTTPStatus.SERVICE_UNAVAILABLE, "index-unavailable"),
    (ConfigurationError, HTTPStatus.INTERNAL_SERVER_ERROR, "configuration"),
)


def problem(
    request: Request, status: int, detail: str, *, kind: str = "about:blank", headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return one problem document (RFC 9457)."""
    body = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    }
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""

    @app.exception_handler(RagError)
    async def on_rag_error(request: Request, error: RagError) -> JSONResponse:
        for kind, status, name in _STATUS:
            if isinstance(error, kind):
                detail = f"{error} — {error.remedy}" if error.remedy else str(error)
                headers = {"Retry-After": str(_RETRY_SECONDS)} if error.retryable else None
                return problem(request, status, detail, kind=f"urn:rag:{name}", headers=headers)
        _logger.error("unmapped error %s", type(error).__name__)
        return problem(request, 500, "internal error")

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in e['loc'] if part not in ('body', 'query'))}: {e['msg']}"
            for e in error.errors()
        )
        return problem(request, 422, wrong, kind="urn:rag:invalid-request")

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers) if error.headers else None
        return problem(request, error.status_code, str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def on_unexpected(request: Request, error: Exception) -> JSONResponse:
        _logger.error("unexpected error on %s", request.url.path, exc_info=error)
        return problem(request, 500, "internal error; the server's log says more")
