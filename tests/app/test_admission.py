"""Admission: limits for keys and addresses, no guessing of keys, no upload without the right, an end to waiting."""

from __future__ import annotations

import logging
import threading

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.guard import ADDRESS_BYTES
from rag.app.wiring import Engine
from rag.domain.access import Role


@pytest.fixture
def serve(built, tmp_path):
    """Start a server over the session's index with settings of one's own."""
    engines = []

    def start(**update: object) -> tuple[TestClient, Engine]:
        engine = Engine(built.model_copy(update={"state_dir": tmp_path / "state", **update}))
        engines.append(engine)
        return TestClient(create_app(engine), base_url="http://127.0.0.1"), engine

    yield start
    for engine in engines:
        engine.close()


def test_a_key_has_so_many_requests_and_so_has_an_address(serve):
    client, engine = serve(requests_per_minute=4, anonymous_per_minute=2)
    one, other = (
        {"X-API-Key": engine.keys.create(name, Role.READER)[0]} for name in ("甲", "乙")
    )  # from now on there are keys
    for headers, allowed in [({}, 2), (one, 4), (other, 4)]:
        answers = [client.get("/api/v1/documents", headers=headers) for _ in range(allowed + 2)]
        assert [a.status_code for a in answers] == [200] * allowed + [429] * 2
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert answers[-1].headers["content-type"] == "application/problem+json"
    page = client.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 429
    assert "text/html" in page.headers["content-type"]
    assert client.get("/healthz").status_code == client.get("/static/style.css").status_code == 200


def test_the_operator_alone_has_no_limits(serve):
    client, _ = serve(requests_per_minute=1, anonymous_per_minute=1)
    assert {client.get("/api/v1/documents").status_code for _ in range(5)} == {200}


def test_who_tries_keys_is_held_back(serve):
    client, engine = serve()
    secret, _ = engine.keys.create("甲", Role.READER)
    tried = [client.get("/api/v1/documents", headers={"X-API-Key": f"rag_{n}"}).status_code for n in range(13)]
    assert tried == [401] * 10 + [429] * 3
    assert client.get("/api/v1/documents", headers={"X-API-Key": secret}).status_code == 429  # from there, for a while


def test_a_flood_does_not_fill_the_log(serve):
    client, engine = serve(anonymous_per_minute=2)
    engine.keys.create("甲", Role.READER)
    for _ in range(20):
        client.get("/api/v1/documents")
    assert engine.audit.flush()
    assert len(list(engine.audit_log.entries())) == 2


@pytest.mark.parametrize("path", ["/api/v1/documents", "/admin/upload"])
def test_an_upload_without_the_right_is_not_read(serve, path):
    client, engine = serve()
    reader = {"X-API-Key": engine.keys.create("甲", Role.READER)[0]}
    sent = 0

    def body():
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(64):
            sent += 1
            yield b"a" * 65_536
        yield b"\r\n--x--\r\n"

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    for headers, status in [({}, 401), (reader, 403)]:
        assert client.post(path, content=body(), headers={**kind, **headers}).status_code == status


def test_nobody_waits_for_ever(serve, monkeypatch):
    client, engine = serve(request_seconds=0.2)
    going_on, ended = threading.Event(), threading.Event()

    def slow(*_args: object, **_options: object):
        going_on.wait(20)
        ended.set()
        raise RuntimeError("nobody hears this")

    monkeypatch.setattr("rag.app.reader.Reader.find_passages", slow)
    with client:
        response = client.post("/api/v1/search", json={"query": "通知"})
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert "0.2 seconds" in response.json()["detail"]
        # Others go on; on a machine that is busy the short limit may meet one of them as well.
        assert any(client.get("/api/v1/documents").status_code == 200 for _ in range(50))
        going_on.set()
        assert ended.wait(20)
    assert engine.audit.flush()
    assert {entry["status"] for entry in engine.audit_log.entries()} == {200, 503}


def test_addresses_have_an_end(serve):
    client, _ = serve()
    assert client.get("/documents", params={"topic": "长" * 1_000}).status_code == 200
    assert client.get("/documents", params={"topic": "x" * ADDRESS_BYTES}).status_code == 414


@pytest.mark.parametrize("path", ["/", "/documents", "/api/v1/documents", "/nowhere", "/healthz", "/static/style.css"])
@pytest.mark.parametrize("host", ["127.0.0.1", "elsewhere.example"])
def test_every_response_bears_the_headers(serve, path, host):
    client, _ = serve()
    headers = client.get(path, headers={"Host": host}).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers
    if path != "/static/style.css":
        assert headers["Cache-Control"] == "no-store"


def test_no_key_is_ever_logged(serve, caplog):
    client, engine = serve(api_keys=["configured-secret-key"])
    secret, _ = engine.keys.create("甲", Role.ADMIN)
    with caplog.at_level(logging.DEBUG):
        for key in (secret, "configured-secret-key", "rag_wrongwrongwrongwrong"):
            client.get("/api/v1/documents", headers={"X-API-Key": key})
            client.get("/api/v1/documents", headers={"Authorization": f"Bearer {key}"})
            client.post("/api/v1/search", json={"query": key}, headers={"X-API-Key": key})
            client.get("/documents", params={"topic": key})
            client.get(f"/nowhere/{key}")
    assert engine.audit.flush()
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    written = "".join(logged) + str(list(engine.audit_log.entries()))
    for key in (secret, "rag_wrongwrongwrongwrong"):
        assert key not in written
    assert "configured-secret-key" not in "".join(logged)
