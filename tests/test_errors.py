"""The tree of errors, and what each becomes at the edges."""

from __future__ import annotations

import inspect
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import rag.errors
from rag.app import problems
from rag.app.exits import exit_code
from rag.errors import RagError, SourceError

CLASSES = [
    cls
    for _, cls in inspect.getmembers(rag.errors, inspect.isclass)
    if issubclass(cls, RagError) and cls is not RagError
]


def made(cls):
    return cls("a.txt", "broken") if issubclass(cls, SourceError) else cls("broken", remedy="mend it")


def drawn():
    """The tree in the module's docstring: name, exit code and HTTP status where given; a child has its parent's."""
    edges, parents = {}, []
    for line in rag.errors.__doc__.splitlines():
        if match := re.match(r"    ([│ ]*)[├└]── (\w+)(.*)", line):
            depth = len(match[1]) // 4
            ends = re.search(r"exit (\d)", match[3]), re.search(r"HTTP (\d+)", match[3])
            own = tuple(int(end[1]) if end else None for end in ends)
            del parents[depth:]
            inherited = parents[-1] if parents else (None, None)
            parents.append(tuple(mine or theirs for mine, theirs in zip(own, inherited, strict=True)))
            edges[match[2]] = parents[-1]
    return edges


def test_every_error_is_in_the_drawing():
    assert drawn().keys() == {cls.__name__ for cls in CLASSES}


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_what_an_error_becomes(cls):
    code, status = drawn()[cls.__name__]
    error = made(cls)
    if code is not None:
        assert exit_code(error) == code
    app = FastAPI()
    problems.install(app)

    @app.get("/fail")
    def fail():
        raise error

    response = TestClient(app).get("/fail")
    assert response.status_code == (status or 422)
    assert response.headers["content-type"] == "application/problem+json"
    assert "broken" in response.json()["detail"]
    assert ("retry-after" in response.headers) is error.retryable
    if not issubclass(cls, SourceError):
        assert "mend it" in response.json()["detail"]
    assert response.json()["type"].startswith("urn:rag:")


def test_an_error_that_nobody_mapped_is_internal(caplog):
    app = FastAPI()
    problems.install(app)

    @app.get("/fail")
    def fail():
        raise RagError("inner words")

    response = TestClient(app).get("/fail")
    assert response.status_code == 500
    assert "inner words" not in response.text
    assert "RagError" in caplog.text


def test_a_source_error_names_file_and_reason():
    error = SourceError("a/b.txt", "is empty", remedy="fill it")
    assert (error.source, error.reason, error.remedy) == ("a/b.txt", "is empty", "fill it")
    assert str(error) == "a/b.txt: is empty"
