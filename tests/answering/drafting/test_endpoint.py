"""One endpoint, behaving and misbehaving over real HTTP."""

from __future__ import annotations

import socket
import threading

import pytest

from rag.answering.drafting.endpoint import (
    LONGEST_PAUSE_SECONDS,
    MOST_CHARACTERS,
    PAUSE_SECONDS,
    Address,
    ChatEndpoint,
    Message,
)
from rag.errors import DraftingFailed

from .chat_server import ChatServer, Exchange, fail, send_events, speak

ASKED = [Message("system", "只依据证据。"), Message("user", "问题")]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def endpoint(server: ChatServer, clock: Clock | None = None, **changes: object) -> ChatEndpoint:
    address = Address(**({"base_url": server.base_url, "model": "writer-1", "seconds": 20.0} | changes))
    return ChatEndpoint(address, clock=clock or Clock())


def test_the_pieces_of_a_draft_are_put_together(server: ChatServer) -> None:
    server.behaviour = speak("全市共有中小学186所。[1]\n在校学生21.4万人。[1]")
    assert endpoint(server).complete(ASKED) == "全市共有中小学186所。[1]\n在校学生21.4万人。[1]"


def test_the_request_is_the_protocols(server: ChatServer) -> None:
    server.behaviour = speak("好。")
    endpoint(server, key="s3cret", tokens=99).complete(ASKED)
    (sent,) = server.exchanges
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == "Bearer s3cret"
    assert sent.body == {
        "model": "writer-1",
        "messages": [{"role": "system", "content": "只依据证据。"}, {"role": "user", "content": "问题"}],
        "stream": True,
        "temperature": 0,
        "max_tokens": 99,
    }


def test_the_key_is_never_shown(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-another-program")
    assert "s3cret" not in repr(Address(server.base_url, "m", "s3cret"))
    server.behaviour = fail(401)
    with pytest.raises(DraftingFailed) as failed:
        endpoint(server, key="s3cret").complete(ASKED)
    assert "s3cret" not in str(failed.value)
    server.behaviour = speak("好。")
    endpoint(server).complete(ASKED)
    assert "of-another-program" not in server.exchanges[-1].headers["authorization"]


def choice(**delta: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


STOPPED = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def breaks_off(exchange: Exchange) -> None:
    exchange.start(Content_Length="5000")
    exchange.delta("全市共有")


def half_an_event(exchange: Exchange) -> None:
    exchange.start()
    exchange.delta("全市共有")
    exchange.send('data: {"choices": [{"ind')


def a_page(exchange: Exchange) -> None:
    exchange.start(content_type="text/html")
    exchange.send("<html><body>Login</body></html>")


def all_at_once(exchange: Exchange) -> None:
    exchange.start(content_type="application/json")
    exchange.send('{"choices": [{"message": {"content": "全市共有中小学186所。[1]"}, "finish_reason": "stop"}]}')


def cut_at_the_longest(exchange: Exchange) -> None:
    exchange.start()
    exchange.delta("全市共有中小学")
    exchange.delta(finish="length")
    exchange.event("[DONE]")


def filtered(exchange: Exchange) -> None:
    exchange.start()
    exchange.delta("全市")
    exchange.delta(finish="content_filter")


def declines(exchange: Exchange) -> None:
    exchange.start()
    exchange.delta(refusal="I cannot help with that.")
    exchange.delta(finish="stop")


def never_ends(exchange: Exchange) -> None:
    exchange.start()
    for _ in range(MOST_CHARACTERS):
        exchange.delta("好" * 50)


def dumb(exchange: Exchange) -> None:
    exchange.ended.wait(30)


def dawdles(exchange: Exchange) -> None:
    exchange.start()
    while not exchange.ended.wait(0.01):
        exchange.delta("好")


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (fail(429, Retry_After="30"), "429"),
        (fail(500), "500"),
        (fail(502), "502"),
        (fail(503), "503"),
        (fail(404), "no such address or model"),
        (fail(401), "does not accept the key"),
        (fail(403), "does not accept the key"),
        (fail(400), "400"),
        (fail(307, Location="http://127.0.0.1:9/v1/chat/completions"), "307"),
        (breaks_off, "broke off"),
        (half_an_event, "cut off|no draft"),
        (a_page, "no draft"),
        (all_at_once, "no draft"),
        (cut_at_the_longest, "cut off"),
        (send_events([choice(content="全市共有中小学186所。")]), "cut off"),
        (send_events(["[DONE]"]), "no draft"),
        (send_events(["{not json"]), "no draft"),
        (send_events(["null"]), "no draft"),
        (send_events(['"text"']), "no draft"),
        (send_events(["[1, 2]"]), "no draft"),
        (send_events([{"error": {"message": "secret words of the server"}}]), "no draft"),
        (send_events([{"choices": "好"}]), "no draft"),
        (send_events([{"choices": [7]}]), "no draft"),
        (send_events([{"choices": [{}]}]), "no draft"),
        (send_events([choice(content=7)]), "no draft"),
        (send_events([choice(content={"a": 1})]), "no draft"),
        (send_events([choice(content=""), STOPPED, "[DONE]"]), "empty"),
        (send_events([choice(content=" \n"), STOPPED, "[DONE]"]), "empty"),
        (send_events([STOPPED]), "empty"),
        (filtered, "declined"),
        (declines, "declined"),
        (never_ends, "too long"),
    ],
)
def test_what_is_no_draft_is_told_in_our_own_words(server: ChatServer, behaviour: object, told: str) -> None:
    server.behaviour = behaviour
    with pytest.raises(DraftingFailed, match=told) as failed:
        endpoint(server).complete(ASKED)
    assert "secret words" not in str(failed.value)
    assert server.asked == 1  # no second attempt


@pytest.mark.parametrize("behaviour", [dumb, dawdles])
def test_the_time_is_limited_however_a_server_dawdles(server: ChatServer, behaviour: object) -> None:
    server.behaviour = behaviour
    with pytest.raises(DraftingFailed, match="time limit"):
        endpoint(server, seconds=0.2).complete(ASKED)


def test_an_endpoint_that_is_down() -> None:
    with socket.socket() as taken:  # bound, and never listening
        taken.bind(("127.0.0.1", 0))
        address = Address(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", "m")
        with pytest.raises(DraftingFailed, match="cannot be reached"):
            ChatEndpoint(address).complete(ASKED)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "30"}, 30),
        ({"Retry_After": "0"}, 0),
        ({"Retry_After": "-5"}, 0),
        ({"Retry_After": "1e9"}, LONGEST_PAUSE_SECONDS),
        ({"Retry_After": "nan"}, PAUSE_SECONDS),
        ({"Retry_After": "soon"}, PAUSE_SECONDS),
        ({"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({}, PAUSE_SECONDS),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_a_pause_gets_it(
    server: ChatServer, status: int, headers: dict[str, str], seconds: float
) -> None:
    clock = Clock()
    asking = endpoint(server, clock)
    server.behaviour = fail(status, **headers)
    with pytest.raises(DraftingFailed):
        asking.complete(ASKED)
    server.behaviour = speak("好。")
    if seconds:
        clock.now = seconds - 0.001
        with pytest.raises(DraftingFailed, match="left alone"):
            asking.complete(ASKED)
        assert server.asked == 1
    clock.now = seconds
    assert asking.complete(ASKED) == "好。"


def test_no_more_calls_at_once_than_allowed(server: ChatServer) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def waits(exchange: Exchange) -> None:
        begun.set()
        go_on.wait(30)
        speak("好。")(exchange)

    server.behaviour = waits
    asking = endpoint(server, calls=1)
    written: list[str] = []
    first = threading.Thread(target=lambda: written.append(asking.complete(ASKED)))
    first.start()
    assert begun.wait(30)
    with pytest.raises(DraftingFailed, match="being written"):
        asking.complete(ASKED)
    go_on.set()
    first.join()
    assert written == ["好。"]
    assert asking.complete(ASKED) == "好。"  # its place is free again
