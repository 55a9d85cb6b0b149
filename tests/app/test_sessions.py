"""Signing in: with a key in a browser, by a trusted proxy; and what no cookie and no header gets."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.proxies import Proxies
from rag.app.sessions import COOKIE, SECRET_FILE, Sessions
from rag.app.wiring import Engine
from rag.domain.access import Principal, Role
from rag.errors import ConfigurationError

PAGE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
HOST = "http://127.0.0.1"


@pytest.fixture
def serve(built, tmp_path):
    """Start a server over the session's index with settings of one's own."""
    engines = []

    def start(address: str = "testclient", **update: object) -> tuple[TestClient, Engine]:
        engine = Engine(built.model_copy(update={"state_dir": tmp_path / "state", **update}))
        engines.append(engine)
        return TestClient(create_app(engine), base_url=HOST, follow_redirects=False, client=(address, 5000)), engine

    yield start
    for engine in engines:
        engine.close()


def sign_in(client: TestClient, secret: str, back: str = "/documents") -> object:
    return client.post("/signin", data={"key": secret, "back": back}, headers=PAGE)


def total(client: TestClient, **options: object) -> int:
    return client.get("/api/v1/documents", **options).json()["total"]


def test_a_browser_signs_in_sees_what_the_key_allows_and_signs_out(serve, public, documents):
    client, engine = serve()
    secret, _ = engine.keys.create("张处", Role.ADMIN)
    assert total(client) == len(public)
    assert "/signin" in client.get("/", headers=PAGE).text
    answer = sign_in(client, f" {secret}\n")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/documents")
    said = answer.headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=lax" in said
    assert "Secure" not in said
    assert secret not in said
    assert total(client) == len(documents)
    page = client.get("/", headers=PAGE).text
    assert "张处" in page
    assert "退出" in page
    assert client.post("/signout", headers=PAGE).headers["Location"] == "/"
    assert total(client) == len(public)
    assert engine.audit.flush()
    told = [(e["who"], e["did"]) for e in engine.audit_log.entries() if e["did"].startswith("sign")]
    assert told == [("张处", "signin"), ("张处", "signout")]
    assert secret not in str(list(engine.audit_log.entries()))


def test_a_session_ends_with_its_key(serve, public, documents):
    client, engine = serve(api_keys=["configured"])
    secret, _ = engine.keys.create("张处", Role.ADMIN)
    sign_in(client, secret)
    assert total(client) == len(documents)
    engine.keys.revoke("张处")
    assert total(client) == len(public)
    sign_in(client, "configured")
    assert total(client) == len(documents)


@pytest.mark.parametrize("key", ["rag_no", "", " ", "长" * 100])
def test_a_wrong_key_begins_nothing(serve, key):
    client, engine = serve()
    engine.keys.create("张处", Role.ADMIN)
    answer = sign_in(client, key)
    assert answer.status_code in {401, 422}
    assert "Set-Cookie" not in answer.headers


def test_who_tries_keys_in_the_form_is_held_back(serve):
    client, engine = serve()
    engine.keys.create("张处", Role.ADMIN)
    assert [sign_in(client, f"rag_{n}").status_code for n in range(12)] == [401] * 10 + [429] * 2


def test_a_cookie_that_was_changed_or_is_of_elsewhere_is_none(serve, public, tmp_path):
    client, engine = serve()
    secret, key = engine.keys.create("张处", Role.ADMIN)
    sign_in(client, secret)
    sound = client.cookies[COOKIE]
    client.cookies.clear()
    for cookie in [
        sound[:-2],
        sound.replace(".", ",", 1),
        "x",
        key.key_id,
        Sessions(tmp_path / "other").begun(key.principal(personal_data=False)),
    ]:
        assert total(client, headers={"Cookie": f"{COOKIE}={cookie}"}) == len(public), cookie
    assert total(client, headers={"Cookie": f"{COOKIE}={sound}"}) > len(public)


def test_a_cookie_grows_old(tmp_path):
    somebody = Principal.of_role("张处", Role.STAFF, key_id="ab")
    cookie = Sessions(tmp_path).begun(somebody)
    session = Sessions(tmp_path).read(cookie)
    assert (session.holder_id, session.account) == ("ab", None)
    assert Sessions(tmp_path, seconds=-1).read(cookie) is None
    (tmp_path / SECRET_FILE).write_bytes(b"short")
    with pytest.raises(ConfigurationError):
        Sessions(tmp_path).begun(somebody)


def test_a_cookie_of_a_version_before_is_none(tmp_path):
    sessions = Sessions(tmp_path)
    for said in ("ab", {"holder_id": "ab"}, ["ab"], None):
        assert sessions.read(sessions.signed(said, salt="rag session")) is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": HOST}, 404),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),  # nothing says where it comes from
    ],
)
def test_a_page_of_another_site_changes_nothing_with_the_cookie(serve, headers, status):
    client, engine = serve()
    secret, _ = engine.keys.create("张处", Role.ADMIN)
    sign_in(client, secret)
    assert client.delete("/api/v1/documents/0000000000000000", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("back", "gone_to"),
    [
        ("/?q=a&lang=en", "/?q=a&lang=en"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_nowhere_else(serve, back, gone_to):
    client, engine = serve()
    secret, _ = engine.keys.create("张处", Role.READER)
    assert sign_in(client, secret, back).headers["Location"] == gone_to


# ------------------------------------------------------------------------------------- proxies

PROXY = {
    "proxies": ["10.0.0.0/8"],
    "proxy_user_header": "X-User",
    "proxy_groups_header": "X-Groups",
    "proxy_roles": ["科室=staff", "领导=admin"],
}


def test_a_trusted_proxy_signs_in(serve, public, documents):
    client, engine = serve("10.1.2.3", **PROXY)
    name = "张三".encode()
    assert total(client) == len(public)  # nobody is the operator of a server that signs people in
    for groups, seen in [
        ("", len(public)),
        ("其他", len(public)),
        ("科室", len(public) + 2),
        ("科室;领导", len(documents)),
    ]:
        headers = {"X-User": name, "X-Groups": groups.encode()}
        assert total(client, headers=headers) == seen, groups
    assert engine.audit.flush()
    assert list(engine.audit_log.entries())[-1]["who"] == "proxy:张三"


def test_of_nobody_else_is_a_header_believed(serve, public):
    for address in ("192.0.2.1", "testclient", "127.0.0.1"):
        client, _ = serve(address, **PROXY)
        headers = {"X-User": "root", "X-Groups": "领导".encode(), "X-Forwarded-For": "10.0.0.1"}
        assert total(client, headers=headers) == len(public)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.1", "203.0.113.9, 192.0.2.7", "192.0.2.7"),  # the first may be made up
        ("10.0.0.1", "192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
    ],
)
def test_where_a_request_comes_from(serve, peer, forwarded, expected):
    client, engine = serve(peer, **PROXY)
    client.get("/api/v1/documents", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    assert engine.audit.flush()
    assert list(engine.audit_log.entries())[-1]["from"] == expected


def test_behind_https_the_cookie_is_secure(serve):
    client, engine = serve("10.0.0.1", **PROXY)
    secret, _ = engine.keys.create("张处", Role.READER)
    answer = client.post("/signin", data={"key": secret}, headers={**PAGE, "X-Forwarded-Proto": "https"})
    assert re.search(r"\bSecure\b", answer.headers["Set-Cookie"])


@pytest.mark.parametrize(
    "wrong",
    [
        (["nowhere"], None, []),
        ([], "X-User", []),
        (["10.0.0.1"], "X-User", ["a=root"]),
        (["10.0.0.1"], "X-User", ["a"]),
    ],
)
def test_settings_that_cannot_be(wrong):
    addresses, header, roles = wrong
    with pytest.raises(ConfigurationError):
        Proxies.of(addresses, header, "X-Groups", roles)
