"""The door (入口): what is turned away before any route sees it, and the last net under every route.

In front: names and pages that must not reach a server without keys, and bodies too large. Behind: errors
nobody expected, which the server would write to its log with their words, and those may be a document's.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.app.keys import KeyRing
from rag.app.problems import problem
from rag.app.request_kinds import READING_METHODS
from rag.errors import ConfigurationError

_logger = logging.getLogger(__name__)

JSON_BYTES = 1024 * 1024
"""Largest body that is not an upload."""

ADDRESS_BYTES = 49_152
"""Longest path and query; the longest question, with the one before, fits."""

_KEPT_HEADERS = ("Content-Range", "Retry-After", "Allow", "WWW-Authenticate")
"""Of an error that is told anew."""


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, keys: KeyRing, upload_bytes: int) -> None:
        """Wrap an application.

        Args:
            app: What to guard.
            keys: Without any, the server answers only to names of this machine.
            upload_bytes: Largest body of a multipart request.
        """
        self._app = app
        self._keys = keys
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            refusal = self._refusal(request, loopback_only=not self._keys.are_any)
        except ConfigurationError as error:  # nobody knows who may come in
            _logger.error("%s", error)
            refusal = problem(request, 500, "the server's keys cannot be read; its log says more")
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        has_started = is_over = False

        async def sending(message: Message) -> None:
            nonlocal has_started, is_over
            if is_over:
                return
            has_started = True
            if message["type"] == "http.response.start" and (told := _told_well(request, message)) is not None:
                await told(scope, receive, sending)
                is_over = True
                return
            if request.method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(_with_get_for_head(scope), self._limited(request, receive), sending)
        except Exception as error:  # noqa: BLE001 - this is the edge
            response = await scope["app"].exception_handlers[Exception](request, error)
            if has_started:
                raise ConnectionAbortedError("an error after the response had begun") from None
            await response(scope, receive, send)

    def _refusal(self, request: Request, *, loopback_only: bool) -> Response | None:
        if len(request.url.path) + len(request.scope["query_string"]) > ADDRESS_BYTES:
            return problem(request, 414, f"an address has at most {ADDRESS_BYTES:,} bytes")
        if loopback_only and not _is_this_machine(request.headers.get("Host", "")):
            # A page elsewhere may have its name point here (DNS rebinding).
            return problem(request, 400, "without keys the server answers to 127.0.0.1 and localhost only")
        if request.method not in READING_METHODS and _is_from_elsewhere(request, loopback_only=loopback_only):
            return problem(request, 403, "a page of another site may not change anything here")
        return None

    def _limited(self, request: Request, receive: Receive) -> Receive:
        is_upload = request.headers.get("Content-Type", "").startswith("multipart/")
        most = self._upload_bytes if is_upload else JSON_BYTES
        received = 0

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413, f"the request is larger than {most // 2**20} MB")
            return message

        return receiving


def _told_well(request: Request, start: Message) -> Response | None:
    """Return a problem document for an error that a library says in plain text, ``None`` for any other response."""
    headers = Headers(raw=start["headers"])
    if start["status"] < HTTPStatus.BAD_REQUEST or not headers.get("Content-Type", "text/plain").startswith(
        "text/plain"
    ):
        return None
    is_range = "Range" in request.headers
    detail = "the file has no such part as Range asks for" if is_range else HTTPStatus(start["status"]).phrase
    return problem(
        request, start["status"], detail, headers={name: headers[name] for name in _KEPT_HEADERS if name in headers}
    )


def _is_from_elsewhere(request: Request, *, loopback_only: bool) -> bool:
    """Whether a browser sends this for a page of another site (cross-site request forgery)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    # With keys a proxy may stand before us, whose name differs; there nothing is done without a key.
    return loopback_only and origin is not None and urlsplit(origin).netloc != request.headers.get("Host")


def _with_get_for_head(scope: Scope) -> Scope:
    # FastAPI's routes know no HEAD (RFC 9110, 9.3.2: like GET, without the content).
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _is_this_machine(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
        return name == "localhost" or (name is not None and ip_address(name).is_loopback)
    except ValueError:
        return False
