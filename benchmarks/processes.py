"""The product as its users start it (进程): the command, and a server of its own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from reporting import REPOSITORY

# The console command, whatever folder it was installed to.
RAG = (sys.executable, "-m", "rag")

STARTS_WITHIN_SECONDS = 120.0
ENDS_WITHIN_SECONDS = 60.0


class Served(NamedTuple):
    """A server that answers."""

    port: int
    pid: int


@contextmanager
def serving(*arguments: object, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Run ``rag serve`` on a free port until the end, from when its index is loaded.

    Args:
        arguments: Further ones.
        environment: Settings beside those of this process.

    Raises:
        SystemExit: It does not start.
    """
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*RAG, "serve", "--port", str(port), *map(str, arguments)],
        cwd=REPOSITORY, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while not _is_ready(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the server did not start")
            time.sleep(0.1)
        yield Served(port, server.pid)
    finally:
        server.terminate()
        server.wait(ENDS_WITHIN_SECONDS)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
