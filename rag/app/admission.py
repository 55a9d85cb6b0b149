"""Admission (准入): who asks, how often, and for how long – before any body is read and any route is looked for.

A request that may not change anything is turned away before its upload is taken in. Somebody who tries keys is held back
after a few. A request that takes too long is answered so, and what it began goes on behind it in its lane: the work of a
thread cannot be stopped, but nobody has to wait for it.
"""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.app.access import client_address, operator_scope, request_principal
from rag.app.keys import KeyRing
from rag.app.rate_limits import Buckets, network_of
from rag.app.request_kinds import FREE_PATHS, READING_METHODS, SIGN_IN_PATH
from rag.app.trail import UNTRACED
from rag.domain.access import Principal

_CHANGING = ("/api/v1/documents", "/admin")
_ATTEMPTS_PER_MINUTE = 10
_BUSY_SECONDS = 5


class Admission:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, keys: KeyRing, per_key: int, per_address: int, seconds: float) -> None:
        """Wrap an application.

        Args:
            app: What to guard.
            keys: Without any there are no limits: the operator is alone.
            per_key: Requests a minute for each key; 0 for no limit.
            per_address: Requests a minute for each address without a key.
            seconds: How long a request that changes nothing may take until its response begins.
        """
        self._app = app
        self._keys = keys
        self._per_key, self._per_address = Buckets(per_key), Buckets(per_address)
        self._attempts = Buckets(_ATTEMPTS_PER_MINUTE)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith(FREE_PATHS):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        is_change = scope["method"] not in READING_METHODS and scope["path"].startswith(_CHANGING)
        try:
            principal = await self._identified(request)
            self._limit(request, principal)
            if is_change:
                await operator_scope(request)
        except HTTPException as error:
            await _refuse(request, error, receive, send)
            return
        if is_change:  # has limits of its own: of the lane, and of the reading of files
            await self._app(scope, receive, send)
        else:
            await self._timed(request, receive, send)

    async def _identified(self, request: Request) -> Principal:
        address = network_of(client_address(request))
        if self._attempts.is_empty(address):
            raise _too_many(60 // _ATTEMPTS_PER_MINUTE)
        try:
            return await request_principal(request)
        except HTTPException as error:
            if error.status_code == 401:
                self._attempts.take(address)
            raise

    def _limit(self, request: Request, principal: Principal) -> None:
        if not self._keys.are_any:
            return
        if principal.is_anonymous:
            wait = self._per_address.take(network_of(client_address(request)))
        else:
            wait = self._per_key.take(principal.name)
        if wait:
            raise _too_many(wait)

    async def _timed(self, request: Request, receive: Receive, send: Send) -> None:
        has_started = is_over = False
        is_signing_in = request.method == "POST" and request.url.path == SIGN_IN_PATH

        async def sending(message: Message) -> None:
            nonlocal has_started
            if is_over:
                return
            has_started = True
            if is_signing_in and message.get("status") == 401:
                self._attempts.take(network_of(client_address(request)))
            await send(message)

        work = asyncio.ensure_future(self._app(request.scope, receive, sending))
        try:
            await asyncio.wait({work}, timeout=self._seconds)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if work.done() or has_started:
            await work
            return
        is_over = True
        work.add_done_callback(_forget)
        late = HTTPException(
            503, f"this took longer than {self._seconds:g} seconds", headers={"Retry-After": str(_BUSY_SECONDS)}
        )
        await _refuse(request, late, receive, send)


def _too_many(seconds: int) -> HTTPException:
    return HTTPException(429, "too many requests; wait a little", headers={"Retry-After": str(seconds)})


async def _refuse(request: Request, error: HTTPException, receive: Receive, send: Send) -> None:
    if error.status_code == 429:
        request.scope[UNTRACED] = True  # a flood must not fill the log
    handlers = request.scope["app"].exception_handlers
    handler = next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)
    response = await handler(request, error)
    await response(request.scope, receive, send)


def _forget(work: asyncio.Future[None]) -> None:
    if not work.cancelled():
        work.exception()  # told by nobody: the response is gone
