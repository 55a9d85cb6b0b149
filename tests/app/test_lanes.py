"""Bounded queues: what is slow holds up its like alone, and what is too much is sent away."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.app import problems
from rag.app.api import create_app
from rag.app.lanes import Kind, Lane, Lanes, kind_of, lanes_for
from rag.app.wiring import Engine
from tests.answering.drafting.chat_server import ChatServer, speak

QUESTION = {"question": "临洲市校园餐情况怎么样？"}
ABOUT = {"question": "临洲市心理援助热线首批配备多少名接线员？"}


@pytest.mark.parametrize(
    ("method", "target", "kind"),
    [
        ("POST", "/api/v1/ask", Kind.ANSWERING),
        ("POST", "/api/v1/ask/stream", Kind.ANSWERING),
        ("GET", "/?q=谁牵头", Kind.ANSWERING),
        ("GET", "/ask?q=谁牵头", Kind.ANSWERING),
        ("POST", "/", Kind.ANSWERING),
        ("POST", "/basket.docx", Kind.EXPORTING),
        ("GET", "/", Kind.READING),
        ("POST", "/api/v1/search", Kind.READING),
        ("GET", "/api/v1/documents", Kind.READING),
        ("GET", "/api/v1/documents/0123", Kind.READING),
        ("GET", "/documents/0123", Kind.READING),
        ("GET", "/api/v1/duties?q=&format=json", Kind.READING),
        ("GET", "/api/v1/duties?format=csv", Kind.EXPORTING),
        ("GET", "/api/v1/commitments?q=a&format=xlsx", Kind.EXPORTING),
        ("POST", "/api/v1/documents", Kind.CHANGING),
        ("DELETE", "/api/v1/documents/0123", Kind.CHANGING),
        ("GET", "/signin", Kind.READING),
        ("POST", "/signin", Kind.READING),
        ("GET", "/signin/begin", Kind.SIGNING_IN),
        ("GET", "/signin/callback?code=a", Kind.SIGNING_IN),
        # Told at any time, however busy the server is.
        ("GET", "/healthz", None),
        ("GET", "/readyz", None),
        ("GET", "/static/style.css", None),
    ],
)
def test_each_kind_of_work_has_a_lane(method, target, kind):
    path, _, query = target.partition("?")
    assert kind_of(method, path, lambda: parse_qs(query)) is kind


def test_slow_kinds_leave_most_threads_to_others():
    for cores in (None, 1, 2, 64):
        lanes = lanes_for(cores, drafts=8)
        assert set(lanes) == set(Kind)
        assert lanes[Kind.ANSWERING].at_once > 8  # drafts do not fill the lane of answers
        assert lanes_for(cores)[Kind.ANSWERING].at_once < lanes[Kind.READING].at_once  # nor answers the processors
        assert lanes[Kind.CHANGING].at_once + lanes[Kind.EXPORTING].at_once <= lanes[Kind.READING].at_once


def test_what_does_not_come_to_its_turn_is_sent_away():
    async def scenario():
        lane = Lane(at_once=1, waiting=1)
        assert await lane.enter(0.01)
        waiting = asyncio.create_task(lane.enter(60))
        await asyncio.sleep(0)
        assert not await lane.enter(60)  # the queue is full
        lane.leave()
        assert await waiting
        assert not await lane.enter(0.001)  # its turn did not come
        lane.leave()
        assert await lane.enter(0.01)

    asyncio.run(scenario())


def test_one_who_gives_up_waiting_leaves_no_hole():
    async def scenario():
        lane = Lane(at_once=1, waiting=1)
        await lane.enter(1)
        for _ in range(3):
            gone = asyncio.create_task(lane.enter(60))
            await asyncio.sleep(0)
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
        lane.leave()
        assert await lane.enter(0.01)

    asyncio.run(scenario())


def test_whoever_sends_slowly_holds_no_turn():
    """Two bodies are on their way, one turn is there: a third request, sent whole, is answered before them."""
    app = FastAPI()
    problems.install(app)

    @app.post("/api/v1/search")
    async def search(body: dict[str, str]) -> dict[str, str]:
        return body

    guarded = Lanes(app, lanes={kind: Lane(1, 1) for kind in Kind})

    async def call(receive):
        sent = []
        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/search", "query_string": b"", "app": app,
            "headers": [(b"content-type", b"application/json"), (b"content-length", b"9")],
        }  # fmt: skip

        async def send(message):
            sent.append(message)

        await guarded(scope, receive, send)
        return sent[0]["status"], json.loads(b"".join(m.get("body", b"") for m in sent[1:]))

    async def scenario():
        rest = asyncio.Event()

        def slowly(*parts):
            left = list(parts)

            async def receive():
                if len(left) == 1:
                    await rest.wait()
                return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

            return receive

        async def at_once():
            return {"type": "http.request", "body": b'{"a":"1"}', "more_body": False}

        slow = [asyncio.create_task(call(slowly(b'{"a"', b':"', b'2"}'))) for _ in range(2)]
        await asyncio.sleep(0)
        assert await asyncio.wait_for(call(at_once), 5) == (200, {"a": "1"})
        rest.set()
        assert await asyncio.gather(*slow) == [(200, {"a": "2"})] * 2

    asyncio.run(scenario())


@pytest.fixture
def slow_model():
    """A language model that answers when it is told to; the semaphore counts the questions it holds."""
    told, held = threading.Event(), threading.Semaphore(0)

    def dawdle(exchange):
        held.release()
        told.wait(60)
        speak("无")(exchange)

    with ChatServer() as server:
        server.behaviour = dawdle
        yield server, told, held
        told.set()


def test_a_slow_model_holds_up_no_search(built, slow_model):
    server, told, held = slow_model
    settings = built.model_copy(update={"llm_base_url": server.base_url, "llm_model": "m"})
    lanes = {kind: Lane(at_once=2, waiting=0) for kind in Kind}
    with (
        Engine(settings) as engine,
        TestClient(create_app(engine, lanes), base_url="http://127.0.0.1") as client,
        ThreadPoolExecutor(2) as askers,
    ):
        asked = [askers.submit(client.post, "/api/v1/ask", json=QUESTION) for _ in range(2)]
        try:
            for _ in asked:
                assert held.acquire(timeout=60)
            refused = client.post("/api/v1/ask", json=ABOUT)
            assert refused.status_code == 503
            assert int(refused.headers["Retry-After"]) > 0
            assert refused.headers["Content-Type"] == "application/problem+json"
            assert refused.json()["status"] == 503
            page = client.get("/", params={"q": "谁牵头？"}, headers={"Accept": "text/html"})
            assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
            for _ in range(3):
                assert client.post("/api/v1/search", json={"query": "热线"}).status_code == 200
            assert client.get("/healthz").status_code == 200
        finally:
            told.set()
        assert [answer.result().status_code for answer in asked] == [200, 200]
        assert client.post("/api/v1/ask", json=ABOUT).status_code == 200


def test_a_body_too_large_is_still_told_as_such(built):
    with Engine(built) as engine, TestClient(create_app(engine), base_url="http://127.0.0.1") as client:
        large = client.post("/api/v1/search", content=b" " * (1 << 20) + b" ")
    assert large.status_code == 413
