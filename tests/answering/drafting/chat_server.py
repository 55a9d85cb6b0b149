"""A real server on this machine that speaks the protocol of OpenAI's chat completions, honest and lying by turns."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Exchange:
    """One request, and the means to answer it wrongly."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], ended: threading.Event) -> None:
        self._handler = handler
        self.body = body
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.ended = ended
        """Set when the test is over."""

    def start(self, status: int = 200, content_type: str = "text/event-stream", **headers: str) -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", content_type)
        self._handler.send_header("Connection", "close")
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def send(self, data: str) -> None:
        self._handler.wfile.write(data.encode())
        self._handler.wfile.flush()

    def event(self, value: object) -> None:
        self.send(f"data: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}\n\n")

    def delta(self, content: str | None = None, finish: str | None = None, **more: object) -> None:
        delta = {} if content is None else {"content": content}
        choice = {"index": 0, "delta": delta | more, "finish_reason": finish}
        self.event({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})


Behaviour = Callable[[Exchange], None]


def speak(text: str) -> Behaviour:
    """Write ``text`` in small pieces and end as a server should."""

    def behave(exchange: Exchange) -> None:
        exchange.start()
        exchange.delta("", role="assistant")
        for at in range(0, len(text), 7):
            exchange.delta(text[at : at + 7])
        exchange.delta(finish="stop")
        exchange.event({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []})
        exchange.event("[DONE]")

    return behave


def fail(status: int, **headers: str) -> Behaviour:
    """Answer with a status alone."""

    def behave(exchange: Exchange) -> None:
        exchange.start(status, "application/json", **headers)
        exchange.send(json.dumps({"error": {"message": "secret words of the server", "type": "error"}}))

    return behave


def send_events(events: Iterable[object]) -> Behaviour:
    """Send events as they stand, and no end."""

    def behave(exchange: Exchange) -> None:
        exchange.start()
        for event in events:
            exchange.event(event)

    return behave


@dataclass
class ChatServer:
    """The server; ``behaviour`` may be changed between questions, or made from each."""

    behaviour: Behaviour = field(default_factory=lambda: speak("。"))
    exchanges: list[Exchange] = field(default_factory=list)

    def __enter__(self) -> Self:
        ended = self._ended = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                exchange = Exchange(self, json.loads(self.rfile.read(length)), ended)
                outer.exchanges.append(exchange)
                with suppress(OSError):  # the client has gone
                    outer.behaviour(exchange)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def asked(self) -> int:
        return len(self.exchanges)

    def words(self, number: int = -1) -> str:
        """All that was sent with one question."""
        return "\n".join(m["content"] for m in self.exchanges[number].body["messages"])
