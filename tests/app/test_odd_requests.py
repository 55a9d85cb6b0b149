"""Requests that no client of ours sends: each is answered, as a problem document where it is refused, and never with 500."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine


@pytest.fixture(scope="module")
def client(built):
    with Engine(built) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def document_id(client):
    return client.get("/api/v1/documents").json()["documents"][0]["document_id"]


def assert_problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400),  # deeper than any reader goes
        (b'{"query": "x", "top_k": ' + b"9" * 5_000 + b"}", 400),
        (b'{"query": "\xff\xfe"}', 400),
        (b'{"query": NaN}', 422),
        (b'{"query": "x", "top_k": Infinity}', 422),
        (b'{"query": "x", "top_k": 1e400}', 422),
        (b'{"query": "\\ud800"}', 422),  # half a character
        (b'{"\\ud800": 1}', 422),
        (b"", 422),
        (b"null", 422),
        (b'{"query": "x", "filters": null}', 200),
        (b'{"query": "x"} {}', 422),
        # JSON tells numbers, text and truth apart.
        (b'{"query": "x", "top_k": "10"}', 422),
        (b'{"query": "x", "top_k": true}', 422),
        (b'{"query": "x", "clauses": 1}', 422),
        (b'{"query": "x", "clauses": "true"}', 422),
        (b'{"query": "x", "filters": {"year_from": "2024"}}', 422),
        (b'{"query": "x", "filters": {"year_from": 1899}}', 422),
        (b'{"query": "x", "top_k": 10.0}', 200),  # the same number
        (b'{"query": "x", "filters": {"year_from": 2024}}', 200),
        (b'{"query": "a\\u0000b"}', 200),
        (b'{"query": "x", "filters": {"place": "\\u0000", "source": "../../etc"}}', 200),
        (b'\xef\xbb\xbf{"query": "x"}', 200),
    ],
)
def test_bodies(client, body, status):
    response = client.post("/api/v1/search", content=body, headers={"Content-Type": "application/json"})
    if status == 200:
        assert response.status_code == 200, response.text
    else:
        assert_problem(response, status)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("commitments?due_to=0", 422),  # a day, not seconds since 1970
        ("commitments?due_to=2025", 422),
        ("commitments?due_from=2025-1-1", 422),
        ("commitments?due_from=2025-02-30", 422),
        ("commitments?due_from=2025-01-01T00:00:00", 422),
        ("commitments?due_from=２０２５-01-01", 422),
        ("commitments?due_from=2025-01-01", 200),
        ("events?date_from=0&date_to=2025-01-01", 422),
        ("commitments?sort=date%0a", 422),
        ("documents?limit=1&limit=2", 200),
        ("documents?limit=１０", 422),
        ("documents?offset=99999999999999999999", 422),
        ("documents?year_from=2024&year_to=2025", 200),
        ("documents?q=%ED%A0%80%00%ff", 200),
        ("documents?%ff=1", 422),
        ("duties?agency=%00&format=xlsx", 200),
        ("precedents?q=%3F%3F", 422),
    ],
)
def test_queries(client, query, status):
    response = client.get(f"/api/v1/{query}")
    if status == 200:
        assert response.status_code == 200, response.text
    else:
        assert_problem(response, status)


@pytest.mark.parametrize("name", ["%00", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%ff", "%0a", "a" * 40_000, "' OR 1=1--"])
@pytest.mark.parametrize("rest", ["", "/text", "/file"])
def test_names_that_are_no_document(client, name, rest):
    assert_problem(client.get(f"/api/v1/documents/{name}{rest}"), 404)


@pytest.mark.parametrize("number", ["0", "9" * 9, "9" * 5_000, "-1", "1.0"])
@pytest.mark.parametrize("kind", ["png", "json"])
def test_pages_that_are_not_there(client, document_id, number, kind):
    assert_problem(client.get(f"/documents/{document_id}/pages/{number}.{kind}"), 404)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-10", 206),
        ("bytes=-5", 206),
        ("bytes=0-0,5-9", 206),
        ("bytes=0-99999999999999999999999", 206),
        ("bytes=5-2", 400),
        ("bytes=a-b", 400),
        ("items=0-1", 400),
        ("bytes=999999-", 416),
    ],
)
def test_ranges_of_a_file(client, document_id, asked, status):
    response = client.get(f"/api/v1/documents/{document_id}/file", headers={"Range": asked})
    if status == 206:
        assert response.status_code == 206
        return
    assert_problem(response, status)
    assert "Range" in response.json()["detail"]
    assert ("Content-Range" in response.headers) is (status == 416)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/documents", "GET, HEAD, POST"),
        ("/api/v1/documents/0000000000000000", "GET, HEAD, DELETE"),
        ("/api/v1/ask", "POST"),
        ("/healthz", "GET, HEAD"),
        ("/", "GET, HEAD"),
        ("/static/style.css", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("method", ["OPTIONS", "PATCH", "TRACE", "FOO"])
def test_methods_that_a_path_does_not_have(client, method, path, allowed):
    response = client.request(method, path)
    assert_problem(response, 405)
    assert response.headers["Allow"] == allowed


@pytest.mark.parametrize("name", ["..", "con.txt", "长" * 100 + ".txt", "x.meta.toml", ".hidden"])
def test_files_with_no_name_for_a_document(client, name):
    assert_problem(client.post("/api/v1/documents", files=[("files", (name, b"a"))]), 422)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "", "?"])
@pytest.mark.parametrize("path", ["ask", "search", "documents"])
def test_bodies_of_another_kind(client, path, kind):
    response = client.post(f"/api/v1/{path}", content=b'{"query": "x"}', headers={"Content-Type": kind})
    assert_problem(response, response.status_code)
    assert response.status_code in (400, 422)
    if path != "documents":
        assert "application/json" in response.json()["detail"]


@pytest.mark.parametrize("sent", [{"data": {"files": "热线"}}, {"files": {"files": ("", b"x")}}])
def test_a_field_that_is_no_file(client, sent):
    response = client.post("/api/v1/documents", **sent)
    assert_problem(response, 422)
    assert "not a file" in response.json()["detail"]
