"""The description of the interface: a client may be generated from it, and what it says holds."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from rag.app import problems
from rag.app.api import create_app
from rag.app.description import Tag
from rag.app.requests import AskBody, SearchBody
from rag.app.schemas import AnswerView, HitsView
from rag.app.wiring import Engine
from rag.domain.access import Role

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def client(built):
    with Engine(built) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def description(client):
    return client.get("/openapi.json").json()


@pytest.fixture(scope="module")
def operations(description):
    """Operations by id, with method and path."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_valid_openapi(description):
    validate(description)


def test_every_operation_is_described(description, operations):
    assert len(operations) == sum(len(methods) for methods in description["paths"].values())
    tags = [tag["name"] for tag in description["tags"]]
    assert tags == list(Tag)
    for method, path, operation in operations.values():
        assert operation["description"]
        assert _CHINESE.search(operation["summary"])
        assert operation["tags"][0] in tags
        for status, response in operation["responses"].items():
            assert response["description"] not in ("Successful Response", "")
            if status >= "400":
                problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
                assert response["content"] == {"application/problem+json": problem}
        if path.startswith("/api/"):
            assert {"400", "401", "414", "422", "429", "500", "503"} <= operation["responses"].keys()
        if "{document_id}" in path:
            assert "404" in operation["responses"]
        if method != "GET":
            assert "403" in operation["responses"]
        if method == "POST":
            assert "413" in operation["responses"]
        for parameter in operation.get("parameters", ()):
            assert parameter["description"]


def test_fields_may_be_added_to_what_is_answered_and_to_nothing_that_is_sent(description):
    closed = {name for name, schema in description["components"]["schemas"].items() if "additionalProperties" in schema}
    assert closed == {"AskBody", "SearchBody", "FilterBody"}


def test_kinds_of_problems_are_named(description):
    said = description["components"]["schemas"]["Problem"]["properties"]["type"]["description"]
    upstream = {"no-draft", "no-sign-in"}  # told on pages and in notes of an answer
    for _, _, name in problems._STATUS:
        assert (name in said) is (name not in upstream)


def test_errors_say_when_to_come_again_and_how_to_show_a_key(operations):
    for _, path, operation in operations.values():
        if path.startswith("/api/"):
            answers = operation["responses"]
            assert answers["401"]["headers"]["WWW-Authenticate"]["required"]
            assert answers["429"]["headers"]["Retry-After"]["required"]
            assert not answers["503"]["headers"]["Retry-After"]["required"]


@pytest.mark.parametrize(
    ("security", "names"),
    [
        ([], {"healthz", "readyz"}),
        ([{"bearer": []}, {"header": []}], {"upload", "delete", "document_file"}),
    ],
)
def test_who_needs_a_key_is_said(description, operations, security, names):
    assert {name for name, (_, _, operation) in operations.items() if operation["security"] == security} == names
    assert description["components"]["securitySchemes"].keys() == {"bearer", "header"}


def test_what_is_said_of_keys_holds(built, tmp_path, operations):
    with Engine(built.model_copy(update={"state_dir": tmp_path})) as engine:
        secret, _ = engine.keys.create("甲", Role.ADMIN)
        client = TestClient(create_app(engine), base_url="http://127.0.0.1")
        for method, path, operation in operations.values():
            url = path.replace("{document_id}", "0" * 16)
            without, given = (client.request(method, url, headers=h) for h in ({}, {"X-API-Key": secret}))
            is_optional = {} in operation["security"] or not operation["security"]
            assert (without.status_code == 401) is not is_optional
            assert given.status_code in (200, 404, 422)


def test_links_lead_to_operations_and_point_into_the_answer(description, operations):
    found = 0
    for _, _, operation in operations.values():
        for status, response in operation["responses"].items():
            for link in response.get("links", {}).values():
                found += 1
                method, path, _ = operations[link["operationId"]]
                assert "{document_id}" in path
                pointer = link["parameters"]["document_id"]
                if pointer == "$request.path.document_id":
                    continue
                schema = response["content"]["application/json"]["schema"]
                for part in pointer.removeprefix("$response.body#/").split("/"):
                    while "$ref" in schema:
                        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                    schema = schema["items"] if part == "0" else schema["properties"][part]
                assert schema["type"] == "string"
                assert status in ("200", "201")
                assert method in ("GET", "DELETE")
    assert found == 23


def test_examples_fit_what_they_show(description):
    schemas = description["components"]["schemas"]
    for model in (AskBody, SearchBody, AnswerView, HitsView):
        examples = schemas[model.__name__]["examples"]
        assert examples
        for example in examples:
            model.model_validate_json(json.dumps(example))
    for answer in schemas["AnswerView"]["examples"]:
        for citation in answer["citations"]:
            assert citation["end"] - citation["start"] == len(citation["quote"])
    assert {answer["status"] for answer in schemas["AnswerView"]["examples"]} == {"answered", "no_evidence"}
    for example in schemas["Problem"]["examples"]:
        assert example.keys() == set(schemas["Problem"]["required"])


def test_examples_are_taken(client, description, operations):
    sent = 0
    for method, path, operation in operations.values():
        query = {
            parameter["name"]: example
            for parameter in operation.get("parameters", ())
            for example in parameter["schema"].get("examples", ())
        }
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            model = content["schema"]["$ref"].rpartition("/")[2]
            for example in description["components"]["schemas"][model]["examples"]:
                sent += 1
                assert client.request(method, path, json=example).status_code == 200
        elif query:
            sent += 1
            assert client.request(method, path, params=query).status_code == 200
    assert sent == 3
