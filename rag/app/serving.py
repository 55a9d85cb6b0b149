"""The server process (服务进程): an address to listen on, and the server on it."""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType
from typing import NoReturn

import uvicorn

from rag.app.access import check_binding
from rag.app.allocation import give_large_memory_back
from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.errors import ConfigurationError

_BACKLOG = 2048
# What runs when the server is told to stop may finish; a draft of a language model takes some tens of seconds.
_FINISHING_SECONDS = 60
# Open connections, most of them waiting; beyond, uvicorn itself answers 503.
_MOST_CONNECTIONS = 1024
# How long one thread computes before another may. A search hands the turn back some fifty times, to SQLite and to the
# indexes, and each time waits for it beside an answer or an export: at Python's 5 ms, 95 of 100 searches took a tenth longer.
_TURN_SECONDS = 0.0005


def listen(host: str, port: int, *, has_keys: bool) -> socket.socket:
    """Open the address to serve on.

    Raises:
        ConfigurationError: The address reaches beyond this machine and there are no keys, or it cannot be had.
    """
    check_binding(host, has_keys=has_keys)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # what follows says the address once more
        raise ConfigurationError(
            f"cannot listen on {host} port {port}: {reason}", remedy="choose another with --host and --port"
        ) from error
    # asyncio leaves Nagle's algorithm on where a socket does not say that it is TCP's, and with a client that
    # delays its acknowledgements each answer then waits 40 ms. Accepted connections inherit this.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the address a browser can open."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve_on(listening: socket.socket, engine: Engine) -> None:
    """Serve until told to stop (SIGTERM, Ctrl-C): no further request is taken then, and what runs is finished."""
    give_large_memory_back()
    sys.setswitchinterval(_TURN_SECONDS)
    # No line for each request: what is asked, and the names of files, are nobody's business.
    config = uvicorn.Config(
        create_app(engine),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # see rag.app.proxies: by default uvicorn believes whoever comes from this machine
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=max(_FINISHING_SECONDS, 2 * int(engine.settings.llm_seconds)),
    )
    # uvicorn, once it has finished, raises the signal again for whoever handled it before.
    before = signal.signal(signal.SIGTERM, _end)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End the process in order, with all that has to be closed closed, not by the signal's own force."""
    sys.exit(0)
