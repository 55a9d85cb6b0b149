"""The trail (留痕): every request goes into the audit log, whatever route it takes.

Which documents were shown is read from the response as it leaves: a new page or route is in the log without a line of
its own. What cannot be read so – tables and Word files – the route tells with ``note_shown``; a test holds that none
forgets it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.app.access import client_address
from rag.app.audit.record import Record
from rag.app.audit.recorder import Recorder
from rag.app.request_kinds import FREE_PATHS, PROVIDER_PATHS, READING_METHODS, SIGN_IN_PATH
from rag.domain.access import Principal

# Their bodies ask; those of other methods' routes change something.
_ASKING = re.compile(r"/(?:api/v1/)?(?:ask|search|precedents|basket|duties|commitments)?(?:[/.].*)?")
_CALLBACK = f"{PROVIDER_PATHS}callback"
_SESSIONS = {SIGN_IN_PATH: "signin", "/signout": "signout", _CALLBACK: "signin"}
_BODY_BYTES = 65_536
_RETRY_SECONDS = 5
_READABLE = ("application/json", "text/")

_ID = re.compile(rb'(?:"document_id\\?":\s?\\?"|/documents/)([0-9a-f]{16})(?![0-9a-f])')
_LONGEST_MATCH = 64


UNTRACED = "rag.untraced"
"""Set in the scope of a request that leaves no trace."""


def note_shown(request: Request, document_ids: Iterable[str]) -> None:
    """Tell which documents a response shows that the trail cannot read: a table, a Word file."""
    shown: dict[str, None] = request.scope.setdefault("rag.shown", {})
    shown.update(dict.fromkeys(document_ids))


def note_changed(request: Request, names: Iterable[str]) -> None:
    """Tell the names of the files, or ids of the documents, that a request takes in or removes."""
    changed: dict[str, None] = request.scope.setdefault("rag.changed", {})
    changed.update(dict.fromkeys(names))


class Trail:
    """ASGI middleware that writes the audit log."""

    def __init__(self, app: ASGIApp, *, recorder: Recorder) -> None:
        """Wrap an application, and tell a recorder of its requests."""
        self._app = app
        self._recorder = recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith(FREE_PATHS):
            await self._app(scope, receive, send)
            return
        if self._recorder.failure is not None:
            await _refuse(scope, receive, send)
            return
        passage = _Passage(scope)
        is_told = False

        def tell() -> None:
            nonlocal is_told
            if not is_told and not scope.get(UNTRACED):
                is_told = True
                self._recorder.record(passage.record())

        async def receiving() -> Message:
            message = await receive()
            passage.received(message)
            return message

        async def sending(message: Message) -> None:
            passage.sent(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                tell()
                if passage.changes:
                    await run_in_threadpool(self._recorder.flush)
            await send(message)

        try:
            await self._app(scope, receiving, sending)
        finally:
            tell()


class _Passage:
    """One request on its way in, and its response on the way out."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        # The router and the routes write into what they are given, which a middleware between may have copied.
        self._shown: dict[str, None] = scope.setdefault("rag.shown", {})
        self._changed: dict[str, None] = scope.setdefault("rag.changed", {})
        self._state: dict[str, object] = scope.setdefault("state", {})
        self._started_at, self._started = time.time(), time.perf_counter()
        self._status = 0
        self._body = bytearray()
        self._keeps_body = Headers(scope=scope).get("Content-Type", "").startswith("application/json")
        self._is_readable = self._is_export = False
        self._tail = b""
        is_writing = scope["method"] not in READING_METHODS and not _ASKING.fullmatch(scope["path"])
        self.changes = is_writing or scope["path"] == _CALLBACK

    def received(self, message: Message) -> None:
        if self._keeps_body and len(self._body) < _BODY_BYTES:
            self._body += message.get("body", b"")

    def sent(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            self._status = message["status"]
            if self._status < 400:
                self._shown |= {match[1].decode(): None for match in _ID.finditer(self._scope["path"].encode())}
            self._is_readable = headers.get("Content-Type", "").startswith(_READABLE)
            self._is_export = headers.get("Content-Disposition", "").startswith("attachment")
        elif self._is_readable and self._status < 400:
            body = self._tail + message.get("body", b"")
            for match in _ID.finditer(body):
                self._shown[match[1].decode()] = None
            self._tail = body[-_LONGEST_MATCH:]

    def record(self) -> Record:
        principal = self._state.get("principal")
        known = principal if isinstance(principal, Principal) else None
        return Record(
            at=self._started_at,
            who=known.name if known else "",
            key_id=known.key_id if known else None,
            address=client_address(Request(self._scope)),
            did=self._did(),
            route=f"{self._scope['method']} {self._scope['path']}",
            asked={} if self._scope["path"].startswith(PROVIDER_PATHS) else _query(self._scope),
            body=bytes(self._body[:_BODY_BYTES]),
            shown=tuple(self._shown),
            changed=tuple(self._changed),
            status=self._status,
            milliseconds=(time.perf_counter() - self._started) * 1000,
        )

    def _did(self) -> str:
        if self._status in {401, 403, 429}:
            return "denied"
        if self._scope["path"] in _SESSIONS and self.changes:
            return _SESSIONS[self._scope["path"]]
        if self.changes:
            return "change"
        return "export" if self._is_export else "read"


def _query(scope: Scope) -> Mapping[str, object]:
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=False, max_num_fields=None)
    asked: dict[str, object] = {}
    for name, value in pairs:
        before = asked.get(name)
        asked[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return asked


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    error = HTTPException(
        503, "the audit log cannot be written; nothing is shown without it", {"Retry-After": str(_RETRY_SECONDS)}
    )
    response = await scope["app"].exception_handlers[HTTPException](request, error)
    await response(scope, receive, send)
