"""The server process (服务进程): an address to listen on, and the server on it."""

from __future__ import annotations

import socket

import uvicorn

from rag.app.access import check_binding
from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.errors import ConfigurationError

_BACKLOG = 2048


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
        raise ConfigurationError(
            f"cannot listen on {host} port {port}: {error.strerror}", remedy="choose another with --host and --port"
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
    """Serve until told to stop."""
    # No line for each request: what is asked, and the names of files, are nobody's business.
    config = uvicorn.Config(create_app(engine), log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
