"""Documents found as one types, and counted, over HTTP: within the scope of who asks."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine

KEY = "a-key-of-this-test"


@pytest.fixture
def client(built):
    with Engine(built.model_copy(update={"api_keys": [KEY]})) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1")


def _titles(client, q, **headers) -> list[str]:
    found = client.get("/api/v1/documents/suggest", params={"q": q}, headers=headers)
    assert found.status_code == 200
    return [suggestion["title"] for suggestion in found.json()["suggestions"]]


def test_suggestions(client):
    assert _titles(client, "心理援助") == ["关于开通心理援助热线的通知"]
    assert _titles(client, "临卫发2025") == ["关于开通心理援助热线的通知"]
    assert _titles(client, "") == []


def test_hidden_documents_are_not_suggested(client):
    assert _titles(client, "校园餐") == _titles(client, "0077") == []
    assert _titles(client, "0077", **{"X-API-Key": KEY}) == ["关于市政协三届二次会议第0077号提案的答复"]


def test_facets_count_what_may_be_seen(client, documents, public):
    def labels(**headers) -> dict[str, int]:
        view = client.get("/api/v1/documents", params={"facets": "true", "limit": 1}, headers=headers).json()
        return {tally["value"]: tally["documents"] for tally in view["facets"]["disclosure"]}

    assert labels() == {"public": len(public)}
    assert sum(labels(**{"X-API-Key": KEY}).values()) == len(documents)


def test_a_list_has_none_unless_asked(client):
    assert client.get("/api/v1/documents").json()["facets"] is None


@pytest.mark.parametrize(
    ("query", "total"), [("q=热线", 1), ("q=临洲市", 3), ("q=临洲市&disclosure=internal", 0), ("q=临洲市&kind=plan", 1)]
)
def test_words_and_label_filter_the_list(client, query, total):
    assert client.get(f"/api/v1/documents?{query}").json()["total"] == total


@pytest.mark.parametrize("path", ["suggest?limit=0", "suggest?q=" + "长" * 201, "?disclosure=secret"])
def test_what_cannot_be_asked(client, path):
    assert client.get(f"/api/v1/documents{'/' if path[0] == 's' else ''}{path}").status_code == 422
