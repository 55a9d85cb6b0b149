"""The rig of the API fuzz: the real application, six callers, and schemathesis over its own description.

Every response must be what the description says: status, media type, headers, body; what the description calls wrong
is refused, what it calls right is taken; nothing is a server error.
"""

from __future__ import annotations

import copy
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.openapi import from_dict

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.domain.access import Role
from rag.settings import Settings

CALLERS = ("wrong key", "anonymous", "reader", "staff", "admin", "operator")
"""Who calls; the operator is alone on a server without keys. Those who may change something come last."""

PHASES = ("examples", "coverage", "fuzzing", "stateful")
"""Of schemathesis: the examples of the description, the borders of each schema, drawn requests, and chains by links."""

_ROLES = {"reader": Role.READER, "staff": Role.STAFF, "admin": Role.ADMIN}

# What the description cannot say, or schemathesis cannot know. Each is off for one operation, or one caller.
_OFF: dict[str, dict[str, str]] = {
    "upload": {
        "positive_data_acceptance": "no schema says which bytes are a document: 422 document-refused",
        "negative_data_rejection": "in multipart all is bytes: a number in the place of a file is a file that holds it",
    },
    "precedents": {"positive_data_acceptance": "no pattern says which characters are words: 422 without any"},
    "suggest": {"allow_header_conformance": "DELETE there is of a document called suggest, which never is: 404"},
}
_OFF_OF_OPERATOR = {"ignored_auth": "a server without keys has one operator, who shows none"}

_TEXT = """{issuer}文件

关于{topic}的通知

各有关单位：

一、到2027年，新增{topic}点位{number}个。

二、{topic}由{issuer}牵头，市财政局配合。

{issuer}

2026年3月8日
"""


class Failure(NamedTuple):
    """What a check found.

    Attributes:
        operation: Method and path.
        request: How to send it again.
    """

    check: str
    operation: str
    message: str
    request: str


class Outcome(NamedTuple):
    """What a run did.

    Attributes:
        checks: How many checks held or did not.
        errors: Of schemathesis itself, or in the description.
        answers: How many responses by operation and status.
    """

    checks: int
    failures: list[Failure]
    errors: list[str]
    answers: Counter[tuple[str, int]]


class Rig:
    """A server without keys and one with, over copies of one corpus and its index."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Copy an index and its corpus, which stay as they are."""
        self._closing = ExitStack()
        self._engines: dict[str, Engine] = {}
        shutil.copytree(settings.corpus_dir, folder / "corpus")
        ours = Settings(
            index_dir=folder / "index",
            corpus_dir=folder / "corpus",
            parse_workers=1,
            # Otherwise most would be 429.
            requests_per_minute=0,
            anonymous_per_minute=0,
        )
        for name in ("keyed", "keyless"):
            self._engines[name] = self._closing.enter_context(
                Engine(ours.model_copy(update={"state_dir": folder / name}))
            )
        self._engines["keyless"].ingest([ours.corpus_dir])
        self._keys = {name: self._engines["keyed"].keys.create(name, role)[0] for name, role in _ROLES.items()}

    def close(self) -> None:
        """End everything."""
        self._closing.close()

    def fuzz(
        self,
        caller: str,
        *,
        examples: int,
        seed: int = 1,
        phases: Sequence[str] = PHASES,
        operations: Sequence[str] = (),
    ) -> Outcome:
        """Send what schemathesis thinks of, as one caller.

        Args:
            caller: One of ``CALLERS``.
            examples: Requests drawn for each operation, and chains.
            seed: Another one draws others; the same one the same.
            phases: Some of ``PHASES``.
            operations: Only these, by their ids; by default all.
        """
        app = create_app(self._engines["keyless" if caller == "operator" else "keyed"])
        door = _Door(app)
        schema = from_dict(_closed(app.openapi()), config=self._config(caller, examples, seed, phases))
        schema.app = door
        schema.hook(_with_documents)
        if operations:
            schema = schema.include(operation_id=list(operations))
        checks, failures, errors = 0, [], []
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                for check in (each for case in event.recorder.checks.values() for each in case):
                    checks += 1
                    if (info := check.failure_info) is not None:
                        said = f"{info.failure.title}: {info.failure.message}"
                        failures.append(Failure(check.name, info.failure.operation, said, info.code_sample))
            elif isinstance(event, events.NonFatalError):
                errors.append(f"{event.label}: {event.value!r}")
            elif isinstance(event, events.FatalError):
                raise event.exception
        return Outcome(checks, failures, errors, door.answers)

    def _config(self, caller: str, examples: int, seed: int, phases: Sequence[str]) -> SchemathesisConfig:
        key = self._keys.get(caller, "rag_of_nobody" if caller == "wrong key" else None)
        return SchemathesisConfig.from_dict(
            {
                "seed": seed,
                "base-url": "http://127.0.0.1",
                "headers": {"X-API-Key": key} if key else {},
                "continue-on-failure": True,
                # How fast requests are drawn says more of the machine than of the interface.
                "suppress-health-check": ["all"],
                "generation": {
                    "max-examples": examples,
                    "deterministic": True,
                    "database": "none",
                    "no-shrink": True,
                    # Whose key it is, is the caller's to say.
                    "with-security-parameters": False,
                },
                "phases": {phase: {"enabled": phase in phases} for phase in PHASES}
                | {"coverage": {"enabled": "coverage" in phases, "generate-duplicate-query-parameters": True}},
                "checks": {check: {"enabled": False} for check in (_OFF_OF_OPERATOR if caller == "operator" else ())},
                "operations": [
                    {"include-operation-id": operation, "checks": {check: {"enabled": False} for check in checks}}
                    for operation, checks in _OFF.items()
                ],
            }
        )


def _closed(description: dict[str, Any]) -> dict[str, Any]:
    """Return a description in which nothing is answered but what it names; it lets later versions add fields."""
    closed = copy.deepcopy(description)
    for schema in closed["components"]["schemas"].values():
        if schema.get("type") == "object":
            schema.setdefault("additionalProperties", schema["title"].startswith("Body_"))
    return closed


def _with_documents(context: Any, strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Let most uploads hold documents; bytes drawn at random are hardly ever one."""
    if context.operation.definition.raw["operationId"] != "upload":
        return strategy
    documents = st.builds(
        lambda issuer, topic, number: _TEXT.format(issuer=issuer, topic=topic, number=number).encode(),
        st.sampled_from(["临洲市民政局", "汐川县教育局"]),
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=6),
        st.integers(1, 9_999),
    )
    return st.one_of(strategy, st.fixed_dictionaries({"files": st.lists(documents, min_size=1, max_size=2)}))


_with_documents.__name__ = "before_generate_body"  # schemathesis knows its hooks by name

_ID = re.compile(r"(?<=/documents/)(?!suggest$)[^/]+")
_NAME = re.compile(rb'filename="files"')


class _Door:
    """ASGI middleware before the application: counts what it answers, and lets no request be another's neighbour.

    Each request comes from an address of its own: after ten wrong keys from one all would be 429. Each uploaded file has
    a name of its own: one of the same name replaces the document before, which the checks would take for lost.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._requests = 0
        self.answers: Counter[tuple[str, int]] = Counter()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._requests += 1
        number = self._requests
        names = (f'filename="{number}-{n}.txt"'.encode() for n in range(1_000_000))

        async def receiving() -> Any:
            message = await receive()
            if "body" in message:
                message = {**message, "body": _NAME.sub(lambda _: next(names), message["body"])}
            return message

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                operation = f"{scope['method']} {_ID.sub('{document_id}', scope['path'])}"
                self.answers[operation, int(message["status"])] += 1
            await send(message)

        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        await self._app({**scope, "client": (address, 1)}, receiving, sending)


def told(outcome: Outcome) -> Iterator[str]:
    """Yield what there is to say of failures, each kind of an operation once."""
    seen: set[tuple[str, str]] = set()
    for failure in outcome.failures:
        if (failure.check, failure.operation) not in seen:
            seen.add((failure.check, failure.operation))
            yield f"{failure.operation}: {failure.check}: {failure.message}\n{failure.request[:500]}"
    yield from outcome.errors
