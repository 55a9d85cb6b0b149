"""The endpoint (接口): one OpenAI-compatible server that writes drafts, and everything that can go wrong with it.

A call is made in the thread of the question and ends when its time is up, however the server dawdles. It is made
once: a call that failed is not repeated, and a server that names a time (``Retry-After``) is left alone until then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, NamedTuple

from rag.errors import DraftingFailed

if TYPE_CHECKING:
    import openai

MOST_CHARACTERS = 20_000
"""Longest draft read; a longer one is no answer to a question."""

CONNECT_SECONDS = 5.0
"""Longest time to reach the server."""

PAUSE_SECONDS = 10.0
"""How long a server that asks for a pause is left alone when it names no time that can be read."""

LONGEST_PAUSE_SECONDS = 600.0
"""How long at most, whatever it names."""

_NO_KEY = "none"  # servers without keys ignore it; the client insists on one


class Message(NamedTuple):
    """One message of a chat."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where the endpoint is, and how much of it may be used.

    Attributes:
        base_url: With its path, e.g. ``http://127.0.0.1:8080/v1``.
        key: Its key; never shown.
        seconds: Longest time of one call.
        tokens: Longest draft, in the model's tokens.
        calls: Most calls at once.
    """

    base_url: str
    model: str
    key: str | None = field(default=None, repr=False)
    seconds: float = 30.0
    tokens: int = 1024
    calls: int = 8


class ChatEndpoint:
    """Asks one endpoint for drafts. Safe across threads."""

    def __init__(self, address: Address, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self._places = threading.BoundedSemaphore(address.calls)
        self._rests_until = float("-inf")

    def complete(self, messages: Sequence[Message]) -> str:
        """Return what the model writes.

        Raises:
            DraftingFailed: It wrote nothing that can be used; the message says why, and holds no words of the server.
        """
        if self._clock() < self._rests_until:
            raise DraftingFailed("语言模型接口要求稍后再试 (the endpoint asked to be left alone for a while)")
        if not self._places.acquire(blocking=False):
            raise DraftingFailed("语言模型接口正忙 (as many drafts as allowed are being written)")
        import asyncio

        try:
            return asyncio.run(self._within_time(messages))
        finally:
            self._places.release()

    async def _within_time(self, messages: Sequence[Message]) -> str:
        import asyncio

        import httpx2
        import openai

        try:
            async with asyncio.timeout(self._address.seconds):
                return await self._ask(messages)
        except (TimeoutError, openai.APITimeoutError, httpx2.TimeoutException) as error:
            raise DraftingFailed(
                f"语言模型接口超过{self._address.seconds:g}秒未答完 (no draft within the time limit)"
            ) from error
        except openai.APIStatusError as error:
            raise self._refused(error) from error
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            if isinstance(error.__cause__, httpx2.ConnectError):
                raise DraftingFailed("语言模型接口无法连接 (the endpoint cannot be reached)") from error
            raise DraftingFailed("语言模型的回答中断 (the draft broke off)") from error
        except (openai.OpenAIError, ValueError) as error:
            raise DraftingFailed("语言模型接口返回的数据无法读取 (the endpoint sent what is no draft)") from error

    async def _ask(self, messages: Sequence[Message]) -> str:
        import httpx2
        import openai

        address = self._address
        async with openai.AsyncOpenAI(
            base_url=address.base_url,
            api_key=address.key or _NO_KEY,
            max_retries=0,
            # A redirection would carry evidence and key to a server that nobody named.
            http_client=httpx2.AsyncClient(
                follow_redirects=False, timeout=httpx2.Timeout(address.seconds, connect=CONNECT_SECONDS)
            ),
        ) as client:
            stream = await client.chat.completions.create(
                model=address.model,
                messages=[
                    {"role": "system", "content": m.content}
                    if m.role == "system"
                    else {"role": "user", "content": m.content}
                    for m in messages
                ],
                stream=True,
                temperature=0,
                max_tokens=address.tokens,
            )
            return await _read(stream)

    def _refused(self, error: openai.APIStatusError) -> DraftingFailed:
        status = error.status_code
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            self._rests_until = self._clock() + _pause(error.response.headers)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return DraftingFailed("语言模型接口限流 (the endpoint takes no more questions for now, 429)")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return DraftingFailed(f"语言模型接口出错 (the endpoint failed, {status})")
        if status == HTTPStatus.NOT_FOUND:
            return DraftingFailed("语言模型接口没有该地址或该模型 (no such address or model at the endpoint, 404)")
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return DraftingFailed(f"语言模型接口不接受密钥 (the endpoint does not accept the key, {status})")
        return DraftingFailed(f"语言模型接口不受理请求 (the endpoint does not take the request, {status})")


async def _read(stream: openai.AsyncStream[openai.types.chat.ChatCompletionChunk]) -> str:
    """Return a whole draft from its pieces.

    Raises:
        DraftingFailed: It is empty, cut off, declined, too long, or not in the form of the protocol.
    """
    written: list[str] = []
    length = 0
    finish: object = None
    has_declined = is_any = False
    async for chunk in stream:
        is_any = True
        piece = _piece(chunk)
        if piece is None:
            continue
        written.append(piece.text)
        length += len(piece.text)
        has_declined = has_declined or piece.is_refusal
        finish = piece.finish or finish
        if length > MOST_CHARACTERS:
            raise DraftingFailed("语言模型的回答过长 (the draft is too long)")
    text = "".join(written)
    if has_declined or finish == "content_filter":
        raise DraftingFailed("语言模型拒绝作答 (the model declined)")
    if not is_any:
        raise DraftingFailed("语言模型接口返回的数据无法读取 (the endpoint sent what is no draft)")
    if finish != "stop":
        raise DraftingFailed("语言模型的回答不完整 (the draft is cut off)")
    if not text.strip():
        raise DraftingFailed("语言模型的回答为空 (the draft is empty)")
    return text


class _Piece(NamedTuple):
    text: str
    finish: object
    is_refusal: bool


def _piece(chunk: object) -> _Piece | None:
    """Read one piece; the client checks nothing of what a server sends.

    Returns:
        ``None`` for a piece without words, as the one that tells what a draft cost.
    """
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list):
        raise ValueError("no choices")  # noqa: TRY004 - of the server's data, not of a caller's
    if not choices:
        return None
    delta = getattr(choices[0], "delta", None)
    content = getattr(delta, "content", None)
    if delta is None or not isinstance(content, str | None):
        raise ValueError("no delta")
    refusal = getattr(delta, "refusal", None)
    return _Piece(content or "", getattr(choices[0], "finish_reason", None), bool(refusal))


def _pause(headers: Mapping[str, str]) -> float:
    """Return how many seconds a server wants to be left alone (``Retry-After``, RFC 9110, 10.2.3)."""
    named = headers.get("retry-after", "")
    try:
        seconds = float(named)
    except ValueError:
        try:
            # Against the server's own clock, which may differ from ours.
            seconds = (parsedate_to_datetime(named) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
        except (ValueError, TypeError):
            seconds = PAUSE_SECONDS
    return min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS) if seconds == seconds else PAUSE_SECONDS  # noqa: PLR0124
