"""Responses compared: what two servers say, without what differs from one moment to the next."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

_ELAPSED = re.compile(r'"elapsed_ms": ?[0-9.]+')
_SCORE_TOLERANCE = 0.02
"""How much a score may be off: it is divided by the mean length of a passage of the whole index; see SECURITY.md."""

_PASSING = frozenset({"elapsed_ms", "parts"})


class Seen(NamedTuple):
    """What a response says.

    Attributes:
        status: HTTP status.
        headers: By name, but for the date.
        body: Text, JSON or the members of an archive; hits by passage.
        scores: Of a search, in the order of ``body``; they are compared with a tolerance.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: object
    scores: tuple[float, ...] = ()

    def differs_from(self, other: Seen) -> str:
        """Return where two responses differ, nothing where they do not."""
        if self[:3] == other[:3]:
            far = [
                f"{a} and not {b}"
                for a, b in zip(self.scores, other.scores, strict=True)
                if abs(a - b) > _SCORE_TOLERANCE
            ]
            return ", ".join(far)
        if self[:2] != other[:2]:
            return f"{self[:2]} and not {other[:2]}"
        one, two = (
            (
                s.body if isinstance(s.body, str) else json.dumps(s.body, ensure_ascii=False, indent=1, default=repr)
            ).splitlines()
            for s in (self, other)
        )
        lines = [f"{a}   |   {b}" for a, b in zip(one, two, strict=False) if a != b]
        return "\n".join(lines)[:2_000] or f"{len(one)} lines and not {len(two)}"


def seen(response: Any) -> Seen:
    """Return what a response says."""
    passing = {"date"}
    kind = response.headers.get("content-type", "")
    body: object
    scores: tuple[float, ...] = ()
    if "json" in kind and response.content:
        said = response.json()
        if isinstance(said, dict) and "hits" in said:
            # Passages nearly equal may stand in another order for the same reason.
            said["hits"].sort(key=lambda hit: hit["passage_id"])
            scores = tuple(hit.pop("score") for hit in said["hits"])
        body = _steady(said)
        if scores or "elapsed_ms" in response.text:
            passing.add("content-length")
    elif "openxmlformats" in kind:  # the time when it was made is in it; HEAD has no more than its length
        body = tuple(_members(response.content)) if response.content else ""
        passing.add("content-length")
    elif response.content[:4] == b"\x89PNG":
        body = response.content.hex()
    else:
        body = _ELAPSED.sub("", response.text)
        passing |= {"content-length"} if "elapsed_ms" in response.text else set()
    headers = tuple(sorted((n, v) for n, v in response.headers.items() if n not in passing))
    return Seen(response.status_code, headers, body, scores)


def words_of(response: Any) -> str:
    """Return all that a response says, exports unpacked."""
    parts = [str(dict(response.headers))]
    if response.content[:2] == b"PK":
        parts += [data.decode("utf-8", "replace") for _, data in _members(response.content)]
    elif response.content[:4] != b"\x89PNG":
        parts.append(response.text)
        if "json" in response.headers.get("content-type", "") and response.content:
            parts.append(json.dumps(response.json(), ensure_ascii=False))  # escapes undone
    return "\n".join(parts)


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _steady(inner) for name, inner in value.items() if name not in _PASSING}
    return [_steady(inner) for inner in value] if isinstance(value, list) else value


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name != "docProps/core.xml":  # when it was made
                yield name, archive.read(name)
