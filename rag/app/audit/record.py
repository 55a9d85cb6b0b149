"""One record (审计记录): what a request was, as the log tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rag.domain.personal import masked
from rag.parsing.personal import find_personal_data

_TEXT_CHARACTERS = 2_000
_MOST_IDS = 5_000
_DEEPEST = 6
_SECRET = re.compile(r"rag_[A-Za-z0-9_-]{16,}")


@dataclass(frozen=True, slots=True)
class Record:
    """What one request was. Made on the way of the request, and put into words off it.

    Attributes:
        at: When it came, seconds since 1970.
        who: Name of the key, of the account, or ``operator``; ``""`` for nobody known. A telephone number is masked.
        key_id: Id of the key, if it was one of the key file, or of the account.
        address: Where it came from.
        did: ``read``, ``export``, ``change`` or ``denied``; on the command line, the command.
        route: Method and path of the route.
        asked: What was asked: parameters of the path and of the query.
        body: What was asked in the body, as it came; JSON.
        shown: Ids of the documents that the response names.
        changed: Names of the files or ids of the documents that were taken in or removed.
        status: HTTP status.
        milliseconds: How long it took.
    """

    at: float
    who: str
    key_id: str | None
    address: str
    did: str
    route: str
    asked: Mapping[str, object]
    body: bytes
    shown: Sequence[str]
    changed: Sequence[str]
    status: int
    milliseconds: float

    def entry(self) -> dict[str, object]:
        """Return what the log holds of it: personal data in what was asked is masked, keys are left out."""
        asked = {**self.asked, **_parsed(self.body)}
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "who": cleaned(self.who),
        }
        if self.key_id is not None:
            told["key"] = self.key_id
        told |= {"from": self.address, "did": self.did, "route": cleaned(self.route), "status": self.status}
        if asked:
            told["asked"] = cleaned(asked)
        if self.shown:
            told["shown"] = list(self.shown[:_MOST_IDS])
            if len(self.shown) > _MOST_IDS:
                told["shown_in_all"] = len(self.shown)
        if self.changed:
            told["changed"] = cleaned(list(self.changed))
        told["ms"] = round(self.milliseconds, 1)
        return told


def cleaned(value: Any, depth: int = 0) -> Any:
    """Return a value as the log may hold it: personal data masked, keys and what goes on too long left out."""
    if isinstance(value, str):
        text = value[:_TEXT_CHARACTERS].encode("utf-8", "replace").decode()
        text = _SECRET.sub("rag_…", text)
        return masked(text, find_personal_data(text)) + ("…" if len(value) > _TEXT_CHARACTERS else "")
    if isinstance(value, bool | int | float) or value is None:
        return value
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {
            str(cleaned(str(name))): cleaned(inner, depth + 1) for name, inner in list(value.items())[:_TEXT_CHARACTERS]
        }
    return [cleaned(inner, depth + 1) for inner in list(value)[:_MOST_IDS]]


def _parsed(body: bytes) -> dict[str, object]:
    if not body:
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
