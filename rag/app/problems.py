"""Errors as callers see them: RFC 9457 problem documents, one shape on every route."""

from __future__ import annotations

import logging
import traceback
from dataclasses import fields
from http import HTTPStatus
from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from rag.app.description import MEDIA_TYPE
from rag.domain.filters import Filters
from rag.errors import (
    ConfigurationError,
    DraftingFailed,
    IndexLocked,
    IndexUnavailable,
    InvalidRequest,
    NotFound,
    RagError,
    SignInFailed,
    SourceError,
    StorageFailed,
)

_logger = logging.getLogger(__name__)

_RETRY_SECONDS = 5
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_DETAIL_CHARACTERS = 1_000

# Most special first; the first that fits decides.
_STATUS: tuple[tuple[type[RagError], HTTPStatus, str], ...] = (
    (InvalidRequest, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request"),
    (NotFound, HTTPStatus.NOT_FOUND, "not-found"),
    (SourceError, HTTPStatus.UNPROCESSABLE_ENTITY, "document-refused"),
    (IndexLocked, HTTPStatus.SERVICE_UNAVAILABLE, "index-busy"),
    (StorageFailed, HTTPStatus.SERVICE_UNAVAILABLE, "storage-failed"),
    (IndexUnavailable, HTTPStatus.SERVICE_UNAVAILABLE, "index-unavailable"),
    (ConfigurationError, HTTPStatus.INTERNAL_SERVER_ERROR, "configuration"),
    (DraftingFailed, HTTPStatus.BAD_GATEWAY, "no-draft"),
    (SignInFailed, HTTPStatus.BAD_GATEWAY, "no-sign-in"),
)

_FILTER_NAMES = ", ".join(field.name for field in fields(Filters))


def problem(
    request: Request, status: int, detail: str, *, kind: str = "about:blank", headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return one problem document (RFC 9457)."""
    if len(detail) > _DETAIL_CHARACTERS:
        detail = detail[:_DETAIL_CHARACTERS] + "…"
    body = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        # What a caller sent may hold half characters, which UTF-8 cannot carry.
        "detail": detail.encode("utf-8", "backslashreplace").decode(),
        "instance": request.url.path,
    }
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""

    @app.exception_handler(RagError)
    async def on_rag_error(request: Request, error: RagError) -> JSONResponse:
        return _of(request, error)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        if (faulty := _body_fault(request, error)) is not None:
            return problem(request, 422, faulty, kind="urn:rag:invalid-request")
        wrong = "; ".join(_described(tuple(e["loc"]), str(e["type"]), str(e["msg"])) for e in error.errors())
        return problem(request, 422, wrong, kind="urn:rag:invalid-request")

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers) if error.headers else {}
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (allowed := _allowed(app, request)):
            headers["Allow"] = ", ".join(allowed)
        return problem(request, error.status_code, _unreadable(error) or str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def on_unexpected(request: Request, error: Exception) -> JSONResponse:
        return _of(request, error)


def _allowed(app: FastAPI, request: Request) -> list[str]:
    """Return the methods that a path has, over all its routes; the router tells those of the first alone."""
    routes = [route for route in app.router.routes if not isinstance(route, Mount)]
    allowed = [m for m in _METHODS if any(r.matches({**request.scope, "method": m})[0] is Match.FULL for r in routes)]
    return ["GET", "HEAD", *allowed[1:]] if allowed[:1] == ["GET"] else allowed


class Explanation(NamedTuple):
    """What a caller is told of an error.

    Attributes:
        kind: URN of the kind of problem; about:blank when the status says it all.
    """

    status: int
    detail: str
    kind: str = "about:blank"
    retry_seconds: int | None = None


def explain(request: Request, error: Exception) -> Explanation:
    """Return what a caller is told of an error of ours; of any other, that the server's log says more."""
    if isinstance(error, RagError):
        for kind, status, name in _STATUS:
            if isinstance(error, kind):
                detail = f"{error} — {error.remedy}" if error.remedy else str(error)
                return Explanation(status, detail, f"urn:rag:{name}", _RETRY_SECONDS if error.retryable else None)
        _logger.error("unmapped error %s", type(error).__name__)
    else:
        # The error's own words may be a document's, so only where it happened is logged.
        frames = "".join(traceback.format_tb(error.__traceback__))
        _logger.error("%s on %s %r\n%s", type(error).__name__, request.method, request.url.path, frames)
    return Explanation(HTTPStatus.INTERNAL_SERVER_ERROR, "internal error; the server's log says more")


def _of(request: Request, error: Exception) -> JSONResponse:
    said = explain(request, error)
    headers = {"Retry-After": str(said.retry_seconds)} if said.retry_seconds is not None else None
    return problem(request, said.status, said.detail, kind=said.kind, headers=headers)


def _body_fault(request: Request, error: RequestValidationError) -> str | None:
    """Say what is wrong with a body as a whole, ``None`` where the fault is within it or elsewhere."""
    if all(tuple(e["loc"]) != ("body",) for e in error.errors()):
        return None
    if error.body in (None, b""):
        return "the body is empty; send a JSON object"
    if isinstance(error.body, bytes):
        sent = request.headers.get("Content-Type") or "no kind at all"
        return f"the body was sent as {sent}; send JSON, with Content-Type: application/json"
    return "the body must be a JSON object"


def _unreadable(error: HTTPException) -> str | None:
    """Say why a body could not be read, where the framework says only that it could not."""
    if error.detail != "There was an error parsing the body":
        return None
    match error.__cause__:
        case UnicodeDecodeError():
            return "the body is not UTF-8 (请求须用 UTF-8 编码)"
        case RecursionError():
            return "the body is nested too deeply"
        case ValueError():
            return "the body holds a number that is too long"
    return None


def _described(location: tuple[int | str, ...], kind: str, message: str) -> str:
    if kind == "json_invalid":
        return f"the body is not JSON, at character {location[-1]}"
    name = ".".join(map(str, location[1:]))  # the first is where it stood: body, query or path
    if kind == "extra_forbidden" and ("filters" in location or location[0] == "query"):
        return f"{name}: no such filter; the filters are {_FILTER_NAMES}"
    if kind == "extra_forbidden":
        return f"{name}: no such field"
    if "UploadFile" in message:
        return f"{name}: not a file; send each with its name, as multipart field files"
    return f"{name}: {message}" if name else message
