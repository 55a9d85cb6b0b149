"""The trail of requests: who, what was asked and which documents were shown, on every route; never a document's words."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.domain.access import Role

ID = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def served(own, tmp_path):
    with Engine(own.model_copy(update={"state_dir": tmp_path / "state"})) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1"), engine


def last(engine: Engine) -> dict:
    assert engine.audit.flush()
    return list(engine.audit_log.entries())[-1]


def ids(client) -> dict[str, str]:
    listed = client.get("/api/v1/documents").json()["documents"]
    return {document["source"]: document["document_id"] for document in listed}


def test_an_answer_leaves_who_asked_what_and_what_was_cited(served):
    client, engine = served
    secret, key = engine.keys.create("张处", Role.STAFF)
    body = client.post(
        "/api/v1/ask", json={"question": "哪个部门牵头开齐心理课程？"}, headers={"X-API-Key": secret}
    ).json()
    entry = last(engine)
    assert (entry["who"], entry["key"], entry["did"], entry["status"]) == ("张处", key.key_id, "read", 200)
    assert entry["route"] == "POST /api/v1/ask"
    assert entry["asked"] == {"question": "哪个部门牵头开齐心理课程？"}
    assert set(entry["shown"]) == {citation["document_id"] for citation in body["citations"]}
    assert secret not in json.dumps(entry)


def test_pages_tell_what_they_show_and_what_was_asked(served):
    client, engine = served
    known = ids(client)
    shown = client.get("/", params={"q": "哪个部门牵头开齐心理课程？"}).text
    entry = last(engine)
    assert entry["asked"] == {"q": "哪个部门牵头开齐心理课程？"}
    assert known["plans/2024-linzhou-psychology.txt"] in entry["shown"]
    assert set(entry["shown"]) == set(re.findall(r"/documents/([0-9a-f]{16})", shown))
    client.get("/documents", params={"place": "汐川"})
    assert set(last(engine)["shown"]) == {known[s] for s in known if "xichuan" in s}


@pytest.mark.parametrize("path", ["/api/v1/documents/{}", "/api/v1/documents/{}/text", "/documents/{}"])
def test_a_document_read_is_told(served, path):
    client, engine = served
    document_id = ids(client)["notices/2023-xichuan-flood.txt"]
    assert client.get(path.format(document_id)).status_code == 200
    entry = last(engine)
    assert entry["shown"] == [document_id]
    assert entry["who"] == "operator"


@pytest.mark.parametrize("name", ["duties", "commitments", "events"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_tells_all_that_is_in_it(served, name, form):
    client, engine = served
    listed = client.get(f"/api/v1/{name}", params={"limit": 1000}).json()[name]
    expected = {one["document_id"] for one in listed}
    assert expected
    client.get(f"/api/v1/{name}", params={"format": form})
    entry = last(engine)
    assert entry["did"] == "export"
    assert set(entry["shown"]) == expected


def test_an_original_file_is_an_export(served):
    client, engine = served
    document_id = ids(client)["notices/2023-xichuan-flood.txt"]
    assert client.get(f"/api/v1/documents/{document_id}/file").status_code == 200
    entry = last(engine)
    assert (entry["did"], entry["shown"]) == ("export", [document_id])


def test_changes_are_on_the_disk_before_their_answer(served):
    client, engine = served
    text = "青溪市教育局通知\n\n青教发〔2024〕3号\n\n各学校：\n\n请做好开学准备。\n\n青溪市教育局\n\n2024年8月1日\n"
    assert (
        client.post("/api/v1/documents", files={"files": ("开学.txt", text.encode(), "text/plain")}).status_code == 201
    )
    (entry,) = [e for e in engine.audit_log.entries() if e["did"] == "change"]  # nothing waited for here
    assert entry["changed"] == ["开学.txt"]
    document_id = ids(client)["开学.txt"]
    assert client.delete(f"/api/v1/documents/{document_id}").status_code == 200
    entry = [e for e in engine.audit_log.entries() if e["did"] == "change"][-1]
    assert entry["changed"] == [document_id]
    assert entry["route"] == f"DELETE /api/v1/documents/{document_id}"


def test_who_was_turned_away_is_told_too(served):
    client, engine = served
    secret, _ = engine.keys.create("读者", Role.READER)
    document_id = ids(client)["notices/2022-linzhou-elevators.md"]
    for headers, status, who in [
        ({}, 401, ""),
        ({"X-API-Key": "wrong"}, 401, ""),
        ({"X-API-Key": secret}, 403, "读者"),
    ]:
        assert client.delete(f"/api/v1/documents/{document_id}", headers=headers).status_code == status
        entry = last(engine)
        assert (entry["did"], entry["status"], entry["who"]) == ("denied", status, who)
        assert "shown" not in entry


def test_health_and_style_leave_no_trace(served, tmp_path):
    client, engine = served
    for path in ("/healthz", "/readyz", "/static/style.css", "/openapi.json"):
        assert client.get(path).status_code == 200
    assert engine.audit.flush()
    assert not (tmp_path / "state" / "audit").exists()


def test_no_document_says_a_word_in_the_log(served, documents, telling_words):
    client, engine = served
    for document_id in ids(client).values():
        client.get(f"/api/v1/documents/{document_id}")
        client.get(f"/documents/{document_id}")
    client.post("/api/v1/search", json={"query": "通知", "top_k": 50})
    client.get("/api/v1/duties", params={"format": "csv"})
    assert engine.audit.flush()
    written = json.dumps(list(engine.audit_log.entries()), ensure_ascii=False)
    assert len(engine.audit_log.verify().problems) == 0
    for words in telling_words.values():
        assert words not in written


def test_nothing_is_shown_while_the_log_cannot_be_written(own, tmp_path, caplog):
    state = tmp_path / "state"
    state.mkdir()
    (state / "audit").write_text("in the way", encoding="utf-8")
    with Engine(own.model_copy(update={"state_dir": state})) as engine:
        client = TestClient(create_app(engine), base_url="http://127.0.0.1")
        client.get("/api/v1/documents")
        engine.audit.flush(0.3)
        response = client.get("/api/v1/documents")
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert response.headers["content-type"] == "application/problem+json"
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 503
        assert client.get("/healthz").status_code == 200
        (state / "audit").unlink()
        assert engine.audit.flush()
        assert client.get("/api/v1/documents").status_code == 200
    assert "cannot be written" in caplog.text


def test_an_installation_may_go_without(own, tmp_path):
    with Engine(own.model_copy(update={"state_dir": tmp_path / "state", "audit": False})) as engine:
        assert TestClient(create_app(engine), base_url="http://127.0.0.1").get("/api/v1/documents").status_code == 200
    assert not (tmp_path / "state").exists()


# ------------------------------------------------------------------------------ the command line


def test_the_command_line_leaves_its_trace_and_reads_it(rag, built, tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_STATE_DIR", str(tmp_path / "state"))
    index = ("--index", built.index_dir)
    assert rag("search", "13900000000的通知", *index).code == 0
    assert rag("key", "create", "--name", "张处", *index).code == 0
    shown = rag("audit", "show", "--json", *index).json["entries"]
    assert [entry["did"] for entry in shown] == ["search", "key create"]
    assert shown[0]["asked"]["arguments"][0] == "＊＊＊＊＊＊＊＊＊＊＊的通知"
    assert shown[0]["who"].startswith("operator")
    verdict = rag("audit", "verify", "--json", *index).json
    assert (verdict["ok"], verdict["entries"], verdict["head"]) == (True, 2, shown[-1]["hash"])
    assert rag("audit", "verify", "--head", verdict["head"], *index).code == 0
    assert rag("audit", "export", *index).out.count("\n") == 2
    rag("audit", "export", "-o", tmp_path / "log.jsonl", *index)
    assert [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()] == shown
    assert "张处" in rag("audit", "show", *index).out
    assert rag("audit", "show", "--who", "nobody", "--json", *index).json["entries"] == []
    assert rag("audit", "show", "--since", "2999-01-01", "--json", *index).json["entries"] == []
    (path,) = (tmp_path / "state" / "audit").glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace("张处".encode(), "李处".encode()))
    ran = rag("audit", "verify", *index)
    assert ran.code == 1
    assert "not as it was written" in ran.out
