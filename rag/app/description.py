"""The description of the interface (接口描述): what ``/openapi.json`` says beside what FastAPI reads from the routes.

Errors that every route may answer with come from the middleware and handlers around the routes, so they are stated
here, once: one shape, their headers, and who may call what. Links tell a client which answer leads where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from typing import Any

from fastapi import FastAPI

MEDIA_TYPE = "application/problem+json"

_SCHEME_NAMES = ("bearer", "header")

_SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key (密钥) made by `rag key create`."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same key."},
}

_KEY: list[dict[str, list[str]]] = [{name: []} for name in _SCHEME_NAMES]

WITHOUT_KEY: dict[str, Any] = {"security": []}
"""``openapi_extra`` of a route that asks for no key."""

OPTIONAL_KEY: dict[str, Any] = {"security": [{}, *_KEY]}
"""``openapi_extra`` of a route that shows public documents (主动公开) to whoever has no key."""

ADMINISTRATOR: dict[str, Any] = {"security": _KEY}
"""``openapi_extra`` of a route for administrators (管理员); where there are no keys at all, the operator is one."""

_INTRODUCTION = """\
Question answering over Chinese government documents (政府公文问答). Every `quote` equals the document's text at
`[start:end]`: 0-based offsets in characters, the end excluded. Days are ISO 8601. Fields may be added, none is renamed.

Without keys on the server its operator alone may call, from the same machine. With keys, a request without one sees
documents released to the public (主动公开) and no others; documents that a key may not see do not exist for it.

Every error is a problem document (RFC 9457). 429, and 503 where waiting helps, say with `Retry-After` when to try
again. `HEAD` works wherever `GET` does.
"""


_SCHEMA_PREFIX = "#/components/schemas/"


class Tag(StrEnum):
    """Groups of operations."""

    ANSWERS = "answers"
    DOCUMENTS = "documents"
    FACTS = "facts"
    HEALTH = "health"


_TAGS = [
    {"name": Tag.ANSWERS, "description": "问答、检索与先例: answers, passages and precedents, each with its place."},
    {
        "name": Tag.DOCUMENTS,
        "description": "文件库: documents with their elements (公文要素), text and original files.",
    },
    {"name": Tag.FACTS, "description": "职责、承诺与事件: what documents assign, promise and report, as lists."},
    {"name": Tag.HEALTH, "description": "运行状态: for whoever watches the server."},
]

_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (错误说明), RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Kind of problem: urn:rag:invalid-request, not-found, document-refused, index-busy, index-unavailable,"
            " storage-failed, configuration; about:blank when the status says it all. There may be more.",
        },
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status again."},
        "detail": {"type": "string", "description": "What is wrong, and what mends it."},
        "instance": {"type": "string", "description": "The path that was asked for."},
    },
    "examples": [
        {
            "type": "urn:rag:invalid-request",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "top_k: Input should be less than or equal to 100",
            "instance": "/api/v1/ask",
        }
    ],
}

_STATUSES = {
    400: "Cannot be read as a request, or is for a name that is not this server's (请求无法读取).",
    401: "The key is unknown, revoked or expired, or there must be one (密钥无效或缺少密钥).",
    403: "The key may not do this, or a page of another site asks (无权操作).",
    404: "There is nothing of this name that the caller may see (不存在).",
    413: "Too large (请求过大).",
    414: "The address is too long (地址过长).",
    416: "The file has no such part (超出文件范围).",
    422: "Understood, and cannot be done: `detail` names the field and what is wrong with it (请求有误).",
    429: "Too many requests from this key or address (请求过于频繁).",
    500: "A fault of the server; its log says more (服务器内部错误).",
    503: "Busy, too slow, or without an index at the moment; `detail` tells what to do (暂不可用).",
}


def _seconds(*, is_always_there: bool) -> dict[str, Any]:
    header: dict[str, Any] = {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}
    return {"Retry-After": header | {"required": is_always_there}}


_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "How to show a key.", "required": True, "schema": {"type": "string"}}},
    429: _seconds(is_always_there=True),
    # Not where waiting is of no use: an index that is damaged, or not there.
    503: _seconds(is_always_there=False),
}

FILE_HEADERS: dict[str, Any] = {
    "Content-Disposition": {"description": "`attachment`, with a name for the file.", "schema": {"type": "string"}}
}
"""``headers`` of a response that may be a file."""


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the entries of ``responses`` that describe errors, each a problem document."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        described[status] = {
            "description": _STATUSES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMA_PREFIX}Problem"}}},
        }
        if status in _HEADERS:
            described[status]["headers"] = _HEADERS[status]
    return described


ANY_ERRORS = errors(400, 401, 414, 422, 429, 500, 503)
"""What every route under ``/api/v1`` may answer with."""

BODY_ERRORS = errors(403, 413)
"""What a route that is sent something may answer with besides."""


def binary(*media_types: str) -> dict[str, Any]:
    """Return the ``content`` of a response that is a file."""
    return {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in media_types}


def text(media_type: str, description: str) -> dict[str, Any]:
    """Return the ``content`` of a response that is text but not JSON."""
    return {media_type: {"schema": {"type": "string", "description": description}}}


def links(document_id: str, *, changes: bool = False) -> dict[str, Any]:
    """Return the ``links`` of a response that names a document.

    Args:
        document_id: Where in the body its id stands, as a JSON pointer (RFC 6901), or ``""`` for that of the path.
        changes: Whether the caller may also have the original file, and remove the document.
    """
    given = f"$response.body#{document_id}" if document_id else "$request.path.document_id"
    operations = {"document": "Its elements."} if document_id else {}
    operations |= {"document_text": "Its canonical text, into which offsets point."}
    if changes:
        operations |= {"document_file": "Its original file.", "delete": "Removes it."}
    return {
        operation: {"operationId": operation, "parameters": {"document_id": given}, "description": description}
        for operation, description in operations.items()
    }


def install(app: FastAPI) -> None:
    """Make the application describe itself so."""
    app.description = _INTRODUCTION
    app.openapi_tags = [dict(tag) for tag in _TAGS]
    app.license_info = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
    app.openapi = partial(_described, app, app.openapi)  # type: ignore[method-assign]


def _described(app: FastAPI, as_read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    if app.openapi_schema is not None:
        return app.openapi_schema
    description: dict[str, Any] = as_read()
    components = description.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    sent = {
        name
        for path in description["paths"].values()
        for name in _named([o.get("requestBody") for o in path.values()], schemas)
    }
    for name in schemas.keys() - sent:
        # Fields may be added: a client that was generated from this must not refuse them.
        schemas[name].pop("additionalProperties", None)
    schemas["Problem"] = _PROBLEM
    components["securitySchemes"] = _SECURITY_SCHEMES
    return description


def _named(part: Any, schemas: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the schemas that a part of the description refers to, and those that these do."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for each in inner:
        if isinstance(each, str) and each.startswith(_SCHEMA_PREFIX):
            name = each.removeprefix(_SCHEMA_PREFIX)
            yield name
            yield from _named(schemas[name], schemas)
        else:
            yield from _named(each, schemas)
