"""The HTTP interface, over a real index."""

from __future__ import annotations

import itertools
import json
import logging
import re
import shutil
import sqlite3
from contextlib import closing
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from rag.answering.answerer import Answerer
from rag.app import api
from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.settings import Settings

KEY = "key-5f2c9a"
_ADDRESSES = itertools.count(1)
OPERATOR = {"Authorization": f"Bearer {KEY}"}


def client_of(settings):
    engine = Engine(settings)
    return TestClient(create_app(engine), base_url="http://127.0.0.1"), engine


@pytest.fixture(scope="module")
def client(built):
    client, engine = client_of(built)
    with engine:
        yield client


@pytest.fixture(scope="module")
def keyed(built):
    """A server with keys."""
    client, engine = client_of(built.model_copy(update={"api_keys": ["key-other", KEY]}))
    with engine:
        yield client


@pytest.fixture
def mine(own):
    """A server of one's own, to write to."""
    client, engine = client_of(own)
    with engine:
        yield client


def ids(client, **options):
    listed = client.get("/api/v1/documents", **options).json()["documents"]
    return {document["source"]: document["document_id"] for document in listed}


def assert_problem(response, status, *words):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body.keys() == {"type", "title", "status", "detail", "instance"}
    assert body["status"] == status
    assert body["instance"] == response.request.url.path
    for word in words:
        assert word in body["detail"]


# ----------------------------------------------------------------------------------------- answers


def test_an_answer_quotes_the_text_at_its_place(client):
    response = client.post("/api/v1/ask", json={"question": "哪个部门牵头开齐心理课程？"})
    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "answered"
    assert "市教育局" in body["answer"]
    assert "leads" not in body
    assert body["duties"][0]["lead"] == ["市教育局"]
    assert body["citations"]
    marks = {citation["id"] for citation in body["citations"]}
    for statement in body["statements"]:
        assert statement["citations"]
        assert set(statement["citations"]) <= marks
    for citation in body["citations"]:
        text = client.get(f"/api/v1/documents/{citation['document_id']}/text").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["disclosure"] == "public"


def test_a_question_without_evidence_gets_leads(client):
    body = client.post("/api/v1/ask", json={"question": "火星基地的氧气由谁供应？"}).json()
    assert body["status"] == "no_evidence"
    assert body["statements"] == body["citations"] == []
    assert "duties" not in body
    assert isinstance(body["leads"], list)


def test_filters_hold_for_answers_and_search(client):
    asked = {"question": "冲锋舟有多少艘？", "filters": {"place": "临洲"}}
    assert client.post("/api/v1/ask", json=asked).json()["status"] == "no_evidence"
    hits = client.post("/api/v1/search", json={"query": "通知", "filters": {"place": "汐川", "year_to": 2022}}).json()
    assert {hit["source"] for hit in hits["hits"]} == {"notices/2021-xichuan-canteens.txt"}


def test_hits_are_the_text_at_their_place(client):
    hits = client.post("/api/v1/search", json={"query": "心理援助热线", "top_k": 3}).json()["hits"]
    assert 0 < len(hits) <= 3
    assert hits[0]["source"] == "notices/2025-linzhou-hotline.txt"
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    for hit in hits:
        text = client.get(f"/api/v1/documents/{hit['document_id']}/text").json()["text"]
        assert text[hit["start"] : hit["end"]] == hit["text"]


def test_a_hit_comes_with_its_clause_where_asked_for(client):
    asked = {"query": "心理援助热线", "top_k": 5}
    assert all(hit["clause"] is None for hit in client.post("/api/v1/search", json=asked).json()["hits"])
    hits = client.post("/api/v1/search", json={**asked, "clauses": True}).json()["hits"]
    assert {hit["clause"] is not None for hit in hits if hit["section"]} == {True}
    assert all(hit["clause"] is None for hit in hits if not hit["section"])
    for hit in hits:
        clause = hit["clause"]
        if clause is not None:
            text = client.get(f"/api/v1/documents/{hit['document_id']}/text").json()["text"]
            assert text[clause["start"] : clause["end"]] == clause["text"]
            assert clause["start"] <= hit["start"] < hit["end"] <= clause["end"]


WORDS = "words of a document"


def _events(response):
    return [
        tuple(line.partition(": ")[2] for line in block.splitlines()) for block in response.text.split("\n\n") if block
    ]


def test_an_answer_may_come_as_events(client):
    asked = {"question": "哪个部门牵头开齐心理课程？"}
    response = client.post("/api/v1/ask", json=asked, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = _events(response)
    whole = client.post("/api/v1/ask", json=asked).json()
    assert [event[0] for event in events] == ["begin", *["statement"] * len(whole["statements"]), "answer"]
    assert [json.loads(event[1]) for event in events if event[0] == "statement"] == whole["statements"]
    assert {**json.loads(events[-1][1]), "elapsed_ms": 0} == {**whole, "elapsed_ms": 0}


def test_a_wrong_question_is_refused_before_any_event(client):
    response = client.post("/api/v1/ask", json={"question": " "}, headers={"Accept": "text/event-stream"})
    assert_problem(response, 422)


def test_a_failure_on_the_way_is_an_event_without_its_words(client, monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError(WORDS)

    monkeypatch.setattr(Answerer, "answer", fail)
    response = client.post("/api/v1/ask", json={"question": "谁牵头？"}, headers={"Accept": "text/event-stream"})
    begin, told = _events(response)
    assert (begin[0], told[0], json.loads(told[1])["status"]) == ("begin", "problem", 500)
    assert WORDS not in response.text + caplog.text


# --------------------------------------------------------------------------------------- documents


def test_documents_are_paged(client, documents):
    everything = client.get("/api/v1/documents").json()
    assert everything["total"] == len(documents) == len(everything["documents"])
    pages = [client.get(f"/api/v1/documents?limit=2&offset={at}").json()["documents"] for at in (0, 2, 4, 6)]
    assert [d for page in pages for d in page] == everything["documents"]
    assert pages[-1] == []
    days = [d["issued_on"] for d in everything["documents"]]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("kind=reply", {"replies/2024-linzhou-meals.txt"}),
        ("document_number=" + quote("临教函[2024]31号"), {"replies/2024-linzhou-meals.txt"}),
        ("issuer=" + quote("应急管理局"), {"notices/2023-xichuan-flood.txt"}),
        ("source=plans", {"plans/2024-linzhou-psychology.txt"}),
        ("topic=" + quote("加装电梯"), {"notices/2022-linzhou-elevators.md"}),
        ("year_from=2025", {"notices/2025-linzhou-hotline.txt"}),
        ("place=" + quote("无此地"), set()),
    ],
)
def test_filters_of_the_list(client, query, sources):
    assert {d["source"] for d in client.get(f"/api/v1/documents?{query}").json()["documents"]} == sources


def test_one_document(client, built, documents):
    source = "replies/2024-linzhou-meals.txt"
    document_id = ids(client)[source]
    document = client.get(f"/api/v1/documents/{document_id}").json()
    assert document["document_number"] == "临教函〔2024〕31号"
    assert document["disclosure"] == "on_request"
    assert document["signatory"] is None
    assert document["cc"] == []
    assert document["proposal"]["number"] == "0077"
    span = document["spans"]["document_number"][0]
    assert document["text"][span["start"] : span["end"]] == document["document_number"]
    file = client.get(f"/api/v1/documents/{document_id}/file")
    assert file.content == documents[source].encode()
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-type"] == "application/octet-stream"


def test_a_file_changed_since_is_not_served_as_the_document(mine, own):
    source = "replies/2024-linzhou-meals.txt"
    document_id = ids(mine)[source]
    (own.corpus_dir / source).write_text("另一份文件", encoding="utf-8")
    assert_problem(mine.get(f"/api/v1/documents/{document_id}/file"), 404, "as it was taken in")


# ------------------------------------------------------------------------------------------ access


def test_without_a_key_only_public_documents_exist(keyed, client, public, documents, telling_words):
    assert {d["source"] for d in keyed.get("/api/v1/documents").json()["documents"]} == public
    assert keyed.get("/api/v1/documents").json()["total"] == len(public)
    everything = ids(client)
    for source, document_id in everything.items():
        status = 200 if source in public else 404
        assert keyed.get(f"/api/v1/documents/{document_id}").status_code == status
        assert keyed.get(f"/api/v1/documents/{document_id}/text").status_code == status
        assert keyed.get(f"/api/v1/documents/{document_id}/file").status_code == 401
    hidden = {everything[source] for source in documents if source not in public}
    for source, words in telling_words.items():
        hits = keyed.post("/api/v1/search", json={"query": words, "top_k": 50}).json()["hits"]
        assert {hit["source"] for hit in hits} <= public
        answer = keyed.post("/api/v1/ask", json={"question": f"{words}的情况如何？"}).json()
        seen = {c["document_id"] for c in answer["citations"]} | {x["document_id"] for x in answer.get("leads", ())}
        assert not seen & hidden
        if source not in public:
            assert answer["status"] == "no_evidence"
    # Filters give nothing away either.
    by_number = keyed.get("/api/v1/documents", params={"document_number": "汐应急〔2023〕5号"}).json()
    assert by_number == {"total": 0, "limit": 50, "offset": 0, "documents": [], "facets": None}
    for place in ("汐川", None):
        duties = keyed.get("/api/v1/duties", params={"place": place} if place else {}).json()
        assert {d["source"] for d in duties["duties"]} <= public
        assert duties["total"] == len(duties["duties"])


def test_a_hidden_document_looks_like_none(keyed, client):
    hidden = ids(client)["notices/2023-xichuan-flood.txt"]
    of_hidden = keyed.get(f"/api/v1/documents/{hidden}").json()
    of_none = keyed.get("/api/v1/documents/0000000000000000").json()
    assert of_hidden["detail"].replace(hidden, "") == of_none["detail"].replace("0000000000000000", "")
    assert of_hidden["status"] == of_none["status"] == 404


@pytest.mark.parametrize("headers", [OPERATOR, {"X-API-Key": KEY}, {"Authorization": f"bearer  {KEY}"}])
def test_with_a_key_everything_is_seen(keyed, documents, headers):
    assert set(ids(keyed, headers=headers)) == set(documents)
    document_id = ids(keyed, headers=headers)["notices/2023-xichuan-flood.txt"]
    assert keyed.get(f"/api/v1/documents/{document_id}/file", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {KEY}"},
        {"X-API-Key": ""},
        {"X-API-Key": KEY[:-1]},
        {"X-API-Key": f"key-other,{KEY}"},
    ],
)
def test_a_wrong_key_is_refused_everywhere(keyed, headers):
    # From an address of its own: who tries many keys is held back, which is another test's matter.
    stranger = TestClient(keyed.app, base_url="http://127.0.0.1", client=(f"198.51.100.{next(_ADDRESSES)}", 1024))
    for method, path, options in (
        ("GET", "/api/v1/documents", {}),
        ("GET", "/api/v1/duties", {}),
        ("POST", "/api/v1/ask", {"json": {"question": "热线？"}}),
        ("POST", "/api/v1/search", {"json": {"query": "热线"}}),
    ):
        response = stranger.request(method, path, headers=headers, **options)
        assert_problem(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"


def test_changing_anything_needs_a_key(keyed, client, documents):
    upload = keyed.post("/api/v1/documents", files={"files": ("new.txt", "新文件".encode())})
    assert_problem(upload, 401, "key")
    public_id = ids(keyed)["notices/2025-linzhou-hotline.txt"]
    assert_problem(keyed.delete(f"/api/v1/documents/{public_id}"), 401, "key")
    assert set(ids(client)) == set(documents)


def test_a_server_with_keys_answers_to_any_name(keyed):
    assert keyed.get("/healthz", headers={"Host": "rag.example.org"}).status_code == 200


# ---------------------------------------------------------------------------- what comes and goes


def test_an_upload_is_found_and_deleted_again(mine, own):
    text = "临洲市文化广电旅游局\n\n关于开放市图书馆夜场的通知\n\n市图书馆夜场开放至22时30分。\n"
    response = mine.post("/api/v1/documents", files={"files": ("夜场.txt", text.encode())})
    assert response.status_code == 201
    assert response.json()["added"] == 1
    assert (own.corpus_dir / "夜场.txt").read_text(encoding="utf-8") == text
    (hit, *_) = mine.post("/api/v1/search", json={"query": "图书馆夜场开放"}).json()["hits"]
    assert response.json()["stored"] == [{"source": "夜场.txt", "document_id": hit["document_id"]}]
    assert hit["source"] == "夜场.txt"
    removed = mine.delete(f"/api/v1/documents/{hit['document_id']}")
    assert removed.status_code == 200
    assert removed.json()["removed"] == 1
    assert not (own.corpus_dir / "夜场.txt").exists()
    hits = mine.post("/api/v1/search", json={"query": "图书馆夜场开放"}).json()["hits"]
    assert hit["document_id"] not in {h["document_id"] for h in hits}
    for path in ("", "/text", "/file"):
        assert_problem(mine.get(f"/api/v1/documents/{hit['document_id']}{path}"), 404)
    assert_problem(mine.delete(f"/api/v1/documents/{hit['document_id']}"), 404)


def test_an_upload_of_a_known_name_replaces_it(mine):
    for figure in (30, 31):
        text = f"关于体检的通知\n\n体检名额{figure}人。\n"
        assert mine.post("/api/v1/documents", files={"files": ("体检.txt", text.encode())}).status_code == 201
    hits = mine.post("/api/v1/search", json={"query": "体检名额"}).json()["hits"]
    assert [h["text"] for h in hits if h["source"] == "体检.txt"] == ["体检名额31人。"]


def test_uploads_that_are_no_documents_are_listed_and_not_kept(mine, own):
    before = {path for path in own.corpus_dir.rglob("*") if path.is_file()}
    response = mine.post(
        "/api/v1/documents",
        files=[
            ("files", ("good.txt", "关于停水的通知\n\n周三停水4小时。\n".encode())),
            ("files", ("empty.txt", b"")),
            ("files", ("binary.txt", bytes(range(256)) * 20)),
        ],
    )
    assert response.status_code == 201
    body = response.json()
    assert body["added"] == 1
    assert {failure["source"] for failure in body["failed"]} == {"empty.txt", "binary.txt"}
    assert [file["source"] for file in body["stored"]] == ["good.txt"]
    assert all(failure["reason"] for failure in body["failed"])
    after = {path for path in own.corpus_dir.rglob("*") if path.is_file()}
    assert after - before == {own.corpus_dir / "good.txt"}


def test_an_upload_with_no_document_is_refused(mine, own):
    before = sorted(own.corpus_dir.rglob("*"))
    one = mine.post("/api/v1/documents", files={"files": ("empty.txt", b"")})
    assert_problem(one, 422, "empty.txt")
    two = mine.post("/api/v1/documents", files=[("files", ("a.txt", b"")), ("files", ("b.xyz", b"\x7fELF\x02\x01"))])
    assert_problem(two, 422, "a.txt", "b.xyz")
    assert sorted(own.corpus_dir.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../evil.txt", "evil.txt"),
        ("..\\..\\evil.txt", "evil.txt"),
        ("/etc/evil.txt", "evil.txt"),
        ("C:\\Windows\\evil.txt", "evil.txt"),
        ("a/../../evil.txt", "evil.txt"),
        ("..%2f..%2fevil.txt", "..%2f..%2fevil.txt"),
        ("..", None),
        ("../", None),
        (".ssh", None),
        ("CON.txt", None),
        ("README.md", None),
        ("答" * 100 + ".txt", None),
    ],
)
def test_an_upload_cannot_leave_the_corpus_folder(mine, own, tmp_path, name, kept):
    apart = (own.index_dir, own.state_folder)

    def files():
        return {p for p in tmp_path.rglob("*") if p.is_file() and not set(apart) & set(p.parents)}

    before = files()
    response = mine.post("/api/v1/documents", files={"files": (name, "关于演练的通知\n\n演练1次。\n".encode())})
    after = files()
    if kept is None or kept.startswith(".."):  # a hidden file is no document
        assert_problem(response, 422, "no name for a document")
        assert after == before
    else:
        assert response.status_code == 201
        assert after - before == {own.corpus_dir / kept}


def test_an_upload_may_not_name_a_file_twice(mine):
    files = [("files", ("a.txt", "通知一".encode())), ("files", ("x/a.txt", "通知二".encode()))]
    assert_problem(mine.post("/api/v1/documents", files=files), 422, "twice")


def test_an_upload_too_large_is_refused(own):
    client, engine = client_of(own.model_copy(update={"upload_megabytes": 1}))
    with engine:
        large = client.post("/api/v1/documents", files={"files": ("large.txt", b"a" * (1024 * 1024 + 1))})
        assert_problem(large, 413, "1 MB")
        assert not (own.corpus_dir / "large.txt").exists()


def test_deleting_leaves_files_of_elsewhere_and_later_versions(mine, own, tmp_path):
    elsewhere = tmp_path / "elsewhere/memo.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_text("关于值班的通知\n\n值班2人。\n", encoding="utf-8")
    with Engine(own) as engine:
        engine.ingest([elsewhere])
    assert mine.delete(f"/api/v1/documents/{ids(mine)['memo.txt']}").json()["removed"] == 1
    assert elsewhere.is_file()
    changed = "notices/2023-xichuan-flood.txt"
    document_id = ids(mine)[changed]
    (own.corpus_dir / changed).write_text("新的一版", encoding="utf-8")
    assert mine.delete(f"/api/v1/documents/{document_id}").status_code == 200
    assert (own.corpus_dir / changed).is_file()


def test_the_server_follows_what_others_write(mine, own, telling_words):
    source = "notices/2023-xichuan-flood.txt"
    words = telling_words[source]

    def sources():
        hits = mine.post("/api/v1/search", json={"query": words}).json()["hits"]
        return {hit["source"] for hit in hits if words in hit["text"]}

    assert sources() == {source}
    (own.corpus_dir / source).unlink()
    with Engine(own) as other:
        other.ingest([own.corpus_dir], prune=True)
    assert sources() == set()
    # The index is disposable: deleted and built again under a running server.
    shutil.rmtree(own.index_dir)
    assert_problem(mine.get("/readyz"), 503, "rag ingest")
    (own.corpus_dir / source).write_text(f"汐川县应急管理局\n\n关于防汛的通知\n\n现有{words}。\n", encoding="utf-8")
    with Engine(own) as other:
        other.ingest([own.corpus_dir])
    assert sources() == {source}
    assert mine.get("/api/v1/documents").json()["total"] == 6


# ---------------------------------------------------------------------------------------- problems

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/api/v1/ask", {"question": ""}, ["empty"]),
        ("/api/v1/ask", {"question": " \n\u3000"}, ["empty"]),
        ("/api/v1/ask", {"question": "问" * 34_000}, ["34,000", "2,000"]),  # 100 kB
        ("/api/v1/ask", {}, ["question", "required"]),
        ("/api/v1/ask", {"question": None}, ["question"]),
        ("/api/v1/ask", {"question": ["a"]}, ["question"]),
        ("/api/v1/ask", {"question": "热线", "top_k": 0}, ["top_k"]),
        ("/api/v1/ask", {"question": "热线", "topk": 3}, ["topk", "no such field"]),
        ("/api/v1/ask", {"question": "热线", "filters": {"issuers": "x"}}, ["issuers", "no such filter", "issuer,"]),
        ("/api/v1/ask", {"question": "热线", "filters": {"kind": "memo"}}, ["filters.kind", "reply"]),
        ("/api/v1/ask", {"question": "热线", "filters": {"year_from": "soon"}}, ["filters.year_from"]),
        ("/api/v1/ask", {"question": "热线", "filters": []}, ["filters"]),
        ("/api/v1/ask", {"question": "热线", "topk": None}, ["topk", "no such field"]),
        ("/api/v1/search", {"query": ""}, ["empty"]),
        ("/api/v1/search", {"query": "询" * 34_000}, ["34,000"]),
        ("/api/v1/search", {"query": "热线", "top_k": 100_000}, ["top_k"]),
        ("/api/v1/search", {"question": "热线"}, ["query"]),
    ],
)
def test_a_wrong_body_is_told_what_is_wrong(client, path, body, words):
    assert_problem(client.post(path, json=body), 422, *words)


@pytest.mark.parametrize(
    ("path", "body", "options"),
    [
        ("/api/v1/ask", {"question": "临州市心理援助热线"}, ("top_k", "filters", "history")),
        ("/api/v1/search", {"query": "热线"}, ("top_k", "filters", "clauses")),
    ],
)
def test_what_may_be_left_out_may_be_null(client, path, body, options):
    """Many clients write null for what is not set."""
    as_null, left_out = (client.post(path, json=sent) for sent in (body | dict.fromkeys(options), body))
    assert as_null.status_code == left_out.status_code == 200
    assert {**as_null.json(), "elapsed_ms": 0} == {**left_out.json(), "elapsed_ms": 0}
    stated = client.get("/openapi.json").json()["components"]["schemas"]
    schema = stated["AskBody" if path.endswith("ask") else "SearchBody"]["properties"]
    assert schema.keys() - {name for name, each in schema.items() if {"type": "null"} in each.get("anyOf", [])} == {
        next(iter(body))
    }


def test_filters_may_stand_in_the_address(client):
    def sources(address: str, **filters: str) -> set[str]:
        hits = client.post(f"/api/v1/search{address}", json={"query": "热线", "filters": filters}).json()["hits"]
        return {hit["source"] for hit in hits}

    assert sources("?kind=plan") == sources("", kind="plan") != sources("")
    assert sources("?kind=plan", kind="notice") == sources("", kind="notice")
    assert sources("?kind=plan", place="没有这地方") == set()
    asked = client.post("/api/v1/ask?place=没有这地方", json={"question": "心理援助热线有多少名接线员？"})
    assert asked.json()["status"] == "no_evidence"
    assert_problem(client.post("/api/v1/ask?topk=3", json={"question": "热线"}), 422, "topk", "no such filter")


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"{", 422, ["not JSON"]),
        (b"", 422, ["the body is empty"]),
        (b"[]", 422, ["must be a JSON object"]),
        (b"[1]", 422, ["must be a JSON object"]),
        (b'"x"', 422, ["must be a JSON object"]),
        (b"null", 422, ["a JSON object"]),
        (b"\xff", 400, ["not UTF-8"]),
        ('{"question": "热线"}'.encode("gbk"), 400, ["not UTF-8"]),  # as a Chinese Windows console sends it
        (b"[" * 100_000, 400, ["nested too deeply"]),
        (b'{"question": "a", "top_k": ' + b"9" * 5_000 + b"}", 400, ["a number that is too long"]),
        (rb'{"question": "\ud800"}', 422, ["question", "Unicode"]),
        (rb'{"question": "a", "\ud800": 1}', 422, []),
        (rb'{"question": "a", "filters": {"topic": "\udfff"}}', 422, ["filters.topic"]),
        (b'{"question": "a"' + b" " * 2**20 + b"}", 413, ["1 MB"]),
    ],
)
def test_a_body_that_is_hardly_one(client, content, status, words):
    assert_problem(client.post("/api/v1/ask", content=content, headers=JSON), status, *words)


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/api/v1/nowhere", 404, []),
        ("GET", "/api/v1/documents/0000000000000000", 404, ["0000000000000000"]),
        ("GET", "/api/v1/documents/..%2f..%2fetc%2fpasswd/text", 404, []),
        ("GET", "/api/v1/documents/%00/file", 404, []),
        ("GET", "/api/v1/documents?limit=0", 422, ["limit"]),
        ("GET", "/api/v1/documents?limit=1001", 422, ["limit"]),
        ("GET", "/api/v1/documents?offset=-1", 422, ["offset"]),
        ("GET", "/api/v1/documents?offset=" + "9" * 30, 422, ["offset"]),
        ("GET", "/api/v1/documents?author=x", 422, ["author", "no such filter"]),
        ("GET", "/api/v1/documents?kind=memo", 422, ["kind"]),
        ("GET", "/api/v1/duties?format=pdf", 422, ["format"]),
        ("GET", "/api/v1/duties?unit=x", 422, ["unit", "no such filter"]),
        ("GET", "/api/v1/commitments?status=late", 422, ["status"]),
        ("GET", "/api/v1/commitments?due_to=soon", 422, ["due_to"]),
        ("GET", "/api/v1/events?date_from=soon", 422, ["date_from"]),
        ("GET", "/api/v1/ask", 405, []),
        ("PUT", "/api/v1/documents", 405, []),
        ("DELETE", "/api/v1/search", 405, []),
        ("POST", "/api/v1/documents", 422, ["files"]),
    ],
)
def test_every_error_is_a_problem(client, method, path, status, words):
    response = client.request(method, path)
    assert_problem(response, status, *words)
    if status == 405:
        assert response.headers["allow"]


def test_names_that_point_here_from_elsewhere_are_refused_without_keys(client):
    for host in ("evil.example", "127.0.0.1.evil.example", "192.168.1.5", "0.0.0.0", "", "[::1", "localhost.evil"):
        assert_problem(client.get("/api/v1/documents", headers={"Host": host}), 400, "127.0.0.1")
    for host in ("127.0.0.1", "localhost:8000", "[::1]:8000", "127.0.0.1:1", "LOCALHOST"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(mine, headers, documents):
    upload = mine.post("/api/v1/documents", files={"files": ("a.txt", "通知".encode())}, headers=headers)
    assert_problem(upload, 403)
    document_id = ids(mine)["notices/2023-xichuan-flood.txt"]
    assert_problem(mine.delete(f"/api/v1/documents/{document_id}", headers=headers), 403)
    assert set(ids(mine)) == set(documents)


def test_our_own_page_may(mine):
    for headers in ({"Origin": "http://127.0.0.1"}, {"Sec-Fetch-Site": "same-origin"}):
        body = {"question": "哪个部门牵头开齐心理课程？"}
        assert mine.post("/api/v1/ask", json=body, headers=headers).status_code == 200


@pytest.mark.parametrize(("state", "word"), [("missing", "rag ingest"), ("foreign", "folder"), ("damaged", "--repair")])
def test_without_a_usable_index_every_route_says_what_mends_it(own, state, word):
    if state == "missing":
        shutil.rmtree(own.index_dir)
    elif state == "foreign":
        (own.index_dir / "catalog.db").unlink()
        with closing(sqlite3.connect(own.index_dir / "catalog.db")) as connection:
            connection.execute("CREATE TABLE photos (name TEXT)")
    else:
        next(own.index_dir.glob("gen-*/vectors.faiss")).write_bytes(b"not an index")
    client, engine = client_of(own)
    with engine:
        assert client.get("/healthz").status_code == 200
        for response in (
            client.get("/readyz"),
            client.get("/api/v1/documents"),
            client.get("/api/v1/documents/0000000000000000"),
            client.get("/api/v1/documents/0000000000000000/text"),
            client.get("/api/v1/documents/0000000000000000/file"),
            client.get("/api/v1/duties"),
            client.post("/api/v1/ask", json={"question": "热线？"}),
            client.post("/api/v1/search", json={"query": "热线"}),
            client.delete("/api/v1/documents/0000000000000000"),
        ):
            assert_problem(response, 503, word)


def test_documents_may_come_to_a_server_without_an_index(tmp_path):
    client, engine = client_of(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus"))
    with engine:
        assert client.get("/readyz").status_code == 503
        text = "关于停水的通知\n\n周三停水4小时。\n".encode()
        assert client.post("/api/v1/documents", files={"files": ("a.txt", text)}).status_code == 201
        assert client.get("/readyz").status_code == 200


def test_a_folder_that_cannot_be_written_to_is_a_problem_of_configuration(tmp_path):
    (tmp_path / "file").touch()
    for update in ({"corpus_dir": tmp_path / "file"}, {"index_dir": tmp_path / "file"}):
        settings = Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus").model_copy(update=update)
        client, engine = client_of(settings)
        with engine:
            response = client.post("/api/v1/documents", files={"files": ("a.txt", "关于停水的通知".encode())})
            assert_problem(response, 500, "cannot be written to")


def test_a_busy_index_is_worth_another_try(mine, own, monkeypatch):
    from rag.indexes.lock import writer_lock

    monkeypatch.setattr("rag.app.wiring._WRITER_WAIT_SECONDS", 0.1)
    document_id = ids(mine)["notices/2023-xichuan-flood.txt"]
    with writer_lock(own.index_dir):  # held by this thread; the server works in another
        response = mine.delete(f"/api/v1/documents/{document_id}")
    assert_problem(response, 503, "being written to by process")
    assert int(response.headers["retry-after"]) > 0
    assert mine.delete(f"/api/v1/documents/{document_id}").status_code == 200


def test_an_unexpected_error_says_nothing_of_documents(built, monkeypatch, caplog):
    """A fault of ours, injected: its words may be a document's."""
    words = "原文机密"

    def fail(*_):
        raise ValueError(words)

    monkeypatch.setattr(api, "HitsView", type("Broken", (), {"of": staticmethod(fail)}))
    client, engine = client_of(built)
    with engine, caplog.at_level(logging.DEBUG):
        response = client.post("/api/v1/search", json={"query": "热线"})
    assert_problem(response, 500, "internal error")
    assert words not in response.text
    assert words not in caplog.text
    assert "ValueError on POST '/api/v1/search'" in caplog.text


def test_what_is_asked_and_found_is_not_logged(client, caplog):
    with caplog.at_level(logging.DEBUG, logger="rag"):
        client.post("/api/v1/ask", json={"question": "哪个部门牵头开齐心理课程？"})
        client.post("/api/v1/search", json={"query": "冲锋舟42艘"})
        client.post("/api/v1/ask", json={"question": ""})
    assert not re.search("课程|冲锋舟|教育局", caplog.text)


# ---------------------------------------------------------------------------------- being polite


def test_head_is_get_without_the_content(client):
    for path in ("/healthz", "/readyz", "/api/v1/documents", "/api/v1/duties?format=csv"):
        head, get = client.head(path), client.get(path)
        assert head.status_code == get.status_code == 200
        assert head.content == b""
        assert head.headers["content-length"] == get.headers["content-length"]
    assert client.head("/api/v1/ask").status_code == 405
    assert client.head("/api/v1/nowhere").status_code == 404


def test_a_slash_at_the_end_leads_to_the_same_place(client):
    response = client.get("/api/v1/documents/", follow_redirects=False)
    assert response.status_code == 307
    assert response.headers["location"].endswith("/api/v1/documents")


def test_a_follow_up_is_answered_with_the_history_that_is_sent(client):
    first = "汐川县冲锋舟有多少艘？"
    asked = {"question": "那临洲市呢？", "history": [first]}
    answer = client.post("/api/v1/ask", json=asked).json()
    whole = client.post("/api/v1/ask", json={"question": answer["interpreted"]}).json()
    assert answer["interpreted"] == "临洲市冲锋舟有多少艘？"
    assert answer["notes"][0] == "理解为：临洲市冲锋舟有多少艘？"
    assert (answer["status"], answer["answer"]) == (whole["status"], whole["answer"])
    assert "interpreted" not in whole
    assert client.post("/api/v1/ask", json={**asked, "history": [first] * 11}).status_code == 422
