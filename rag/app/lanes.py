"""Lanes (分道排队): how many requests of a kind run at once, how many wait, and when one is sent away.

Each kind of work has a lane of its own, so that what is slow – a language model, a large upload, an export of
everything – waits for its like and never for a search. A lane that is full sends the next request away at once with
503 and ``Retry-After``: so much is promised as can be kept, and the queue, with it the memory, has an end.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.app.request_kinds import FREE_PATHS, PROVIDER_PATHS

RETRY_SECONDS = 2
WAIT_SECONDS = 10.0
"""Longest time in a queue; who waited so long is sent away, for by then nobody waits for the answer any more."""

_SPARE_THREADS = 8
_WAITING_READERS, _WAITING_ASKERS = 64, 32
_EXPORTED = frozenset({"csv", "xlsx", "docx"})


class Kind(Enum):
    """A kind of work."""

    READING = "reading"
    ANSWERING = "answering"
    EXPORTING = "exporting"
    CHANGING = "changing"
    SIGNING_IN = "signing in"


@dataclass(slots=True)
class Lane:
    """One queue.

    Attributes:
        at_once: Most requests that run.
        waiting: Most that wait for one of them to end.
    """

    at_once: int
    waiting: int
    _running: asyncio.Semaphore = field(init=False, repr=False)
    _queued: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._running = asyncio.Semaphore(self.at_once)

    async def enter(self, seconds: float) -> bool:
        """Wait for one's turn; ``False`` when the queue is full, or the turn has not come within so many seconds."""
        if not self._running.locked():
            await self._running.acquire()  # at once
            return True
        if self._queued >= self.waiting:
            return False
        self._queued += 1
        try:
            async with asyncio.timeout(seconds):
                await self._running.acquire()
        except TimeoutError:
            return False
        finally:
            self._queued -= 1
        return True

    def leave(self) -> None:
        """Let the next one run."""
        self._running.release()


def lanes_for(cores: int | None, *, drafts: int = 0) -> dict[Kind, Lane]:
    """Return the lanes of a machine.

    Args:
        cores: Of the machine; ``None`` where it cannot be told.
        drafts: Calls of a language model at once: questions that wait for one leave room for those that do not.
    """
    # Answers and searches are work for processors: more at once only take turns, and each then comes later. Few answers
    # run, so that a search, which is short, waits for few of them.
    working = cores or 1
    return {
        Kind.READING: Lane(at_once=max(4, 2 * working), waiting=_WAITING_READERS),
        Kind.ANSWERING: Lane(at_once=max(1, working // 2) + drafts, waiting=_WAITING_ASKERS),
        Kind.EXPORTING: Lane(at_once=2, waiting=8),
        # They take turns anyway, behind the writer's lock.
        Kind.CHANGING: Lane(at_once=2, waiting=8),
        # They wait for the OpenID Connect provider, and take no thread meanwhile.
        Kind.SIGNING_IN: Lane(at_once=8, waiting=32),
    }


def kind_of(method: str, path: str, query: Callable[[], Mapping[str, list[str]]]) -> Kind | None:
    """Return the lane of a request; ``None`` for what takes no time worth a queue."""
    if path.startswith((*FREE_PATHS, PROVIDER_PATHS)):
        return Kind.SIGNING_IN if path.startswith(PROVIDER_PATHS) else None
    route = path.removeprefix("/api/v1")
    if route == "/ask" or route.startswith("/ask/") or (route == "/" and method == "POST"):
        return Kind.ANSWERING
    if method in {"GET", "HEAD"}:
        asked = query()
        if route == "/" and "q" in asked:
            return Kind.ANSWERING
        return Kind.EXPORTING if _EXPORTED & set(asked.get("format", ())) else Kind.READING
    if route.endswith(tuple(f".{suffix}" for suffix in _EXPORTED)):
        return Kind.EXPORTING
    return Kind.CHANGING if path.startswith(("/api/v1/documents", "/admin/")) else Kind.READING


class Lanes:
    """ASGI middleware: every request goes through the lane of its kind."""

    def __init__(self, app: ASGIApp, *, lanes: Mapping[Kind, Lane]) -> None:
        """Wrap an application.

        Args:
            app: What does the work.
            lanes: By kind.
        """
        self._app = app
        self._lanes = lanes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            # A thread for each request that may run, so that no lane waits for the threads of another.
            threads = sum(lane.at_once for lane in self._lanes.values()) + _SPARE_THREADS
            limiter = anyio.to_thread.current_default_thread_limiter()
            limiter.total_tokens = max(limiter.total_tokens, threads)
        kind = None
        if scope["type"] == "http":
            kind = kind_of(scope["method"], scope["path"], lambda: _query_of(scope))
        if kind is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if not request.headers.get("Content-Type", "").startswith("multipart/"):
            # Whoever sends slowly holds nobody up: a turn begins when the request is there. The guard bounds its size.
            try:
                receive = await _received(request, receive)
            except HTTPException as error:  # too large
                await _refuse(request, error, receive, send)
                return
        lane = self._lanes[kind]
        if not await lane.enter(WAIT_SECONDS):
            busy = HTTPException(503, "the server is busy; try again", headers={"Retry-After": str(RETRY_SECONDS)})
            await _refuse(request, busy, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            lane.leave()


async def _refuse(request: Request, error: HTTPException, receive: Receive, send: Send) -> None:
    response = await request.scope["app"].exception_handlers[HTTPException](request, error)
    await response(request.scope, receive, send)


def _query_of(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"))


async def _received(request: Request, receive: Receive) -> Receive:
    """Wait for the whole body; return what hands it on."""
    if request.method in {"GET", "HEAD", "OPTIONS"} and "Content-Length" not in request.headers:
        return receive
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
    messages.reverse()

    async def handing_on() -> Message:
        return messages.pop() if messages else await receive()

    return handing_on


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
