"""Answers sent as they come about (流式回答): server-sent events (HTML Living Standard, 9.2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from fastapi import Request
from fastapi.sse import format_sse_event

from rag.app.problems import explain, problem
from rag.app.schemas import AnswerView

MEDIA_TYPE = "text/event-stream"


def event(name: str, data: str) -> bytes:
    """Return one event."""
    return format_sse_event(event=name, data_str=data)


def events_of(request: Request, answered: Callable[[], AnswerView]) -> Iterator[bytes]:
    """Yield ``begin`` at once, then each ``statement`` of an answer, then the whole as ``answer``.

    Args:
        request: The request.
        answered: Looks the answer up. What it raises is an event ``problem``, a problem document (RFC 9457): the
            response has begun, and its status stands.
    """
    yield event("begin", "")
    try:
        view = answered()
    except Exception as error:  # noqa: BLE001 - no handler of errors is reached any more
        said = explain(request, error)
        yield event("problem", bytes(problem(request, said.status, said.detail, kind=said.kind).body).decode())
        return
    for statement in view.statements:
        yield event("statement", statement.model_dump_json())
    yield event("answer", json.dumps(view.as_json(), ensure_ascii=False))
