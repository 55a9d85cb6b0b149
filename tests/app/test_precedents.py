"""Precedents over HTTP and on the command line."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine

KEY = "key-7d1e"


@pytest.fixture(scope="module")
def client(built):
    with Engine(built.model_copy(update={"api_keys": [KEY]})) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1", headers={"X-API-Key": KEY})


@pytest.fixture(scope="module")
def stranger(client):
    return TestClient(client.app, base_url="http://127.0.0.1")


def get(client, **parameters):
    response = client.get("/api/v1/precedents", params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def test_precedents_say_where_they_stand(client):
    body = get(client, q="您提出的《关于校园餐的提案》收悉，现答复如下：")
    best = body["precedents"][0]
    assert body["total"] == len(body["precedents"]) == sum(f["sentences"] for f in body["functions"])
    assert best["function"] == "receipt"
    assert (best["count"], best["documents"], best["years"], best["places"]) == (1, 1, [2024], ["临洲市"])
    (place,) = best["occurrences"]
    assert place["document_number"] == "临教函〔2024〕31号"
    text = client.get(f"/api/v1/documents/{place['document_id']}/text").json()["text"]
    assert text[place["start"] : place["end"]] == place["quote"] == best["text"]
    assert "".join(d["text"] for d in best["differences"] if d["change"] != "removed") == best["text"]
    assert {d["change"] for d in best["differences"]} == {"same", "added"}


def test_who_has_no_key_gets_sentences_of_public_documents(client, stranger):
    # in a reply that is 依申请公开
    said = "每学期开展两次食堂抽检"
    assert any(said in each["text"] for each in get(client, q=said)["precedents"])
    hidden = get(stranger, q=said)
    assert not any(said in each["text"] for each in hidden["precedents"])
    assert sum(f["sentences"] for f in hidden["functions"]) == hidden["total"]


def test_functions_and_filters(client):
    body = get(client, q="由市教育局牵头负责", function="duty", place="临洲")
    assert body["precedents"]
    assert {each["function"] for each in body["precedents"]} == {"duty"}
    assert {o["place"] for each in body["precedents"] for o in each["occurrences"]} == {"临洲市"}


@pytest.mark.parametrize(
    ("parameters", "status"),
    [({}, 422), ({"q": " "}, 422), ({"q": "x", "function": "joke"}, 422), ({"q": "x", "limit": 0}, 422)],
)
def test_what_cannot_be_asked(client, parameters, status):
    response = client.get("/api/v1/precedents", params=parameters)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_command_line_says_the_same(client, built, rag):
    ran = rag("precedents", "现答复如下", "--json", "--index", built.index_dir)
    assert ran.code == 0
    assert ran.json["precedents"] == get(client, q="现答复如下")["precedents"]
    printed = rag("precedents", "现答复如下", "--index", built.index_dir)
    assert "临教函〔2024〕31号" in printed.out
    assert f"共 {ran.json['total']} 句" in printed.out


def test_nothing_found_is_said(built, rag):
    assert "nothing found" in rag("precedents", "qqqq zzzz", "--index", built.index_dir).out
    assert rag("precedents", " ", "--index", built.index_dir).code == 2
