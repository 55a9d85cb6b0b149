"""Signing in through a provider, in a browser: who sees what, what is not signed in, and what nobody writes down."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from rag.app.api import create_app
from rag.app.oidc import signing_in
from rag.app.sessions import COOKIE
from rag.app.wiring import Engine
from rag.domain.access import Role

from .openid_provider import CLIENT_ID, REDIRECT, SECRET, OpenIdProvider

PAGE = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
# The browser is sent back by the provider.
BACK = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

GRANTS = """\
[[grant]]
groups = ["实习"]
role = "reader"

[[grant]]
groups = ["卫健科", "教育科"]
role = "staff"

[[grant]]
subjects = ["u-9"]
role = "admin"

[[grant]]
groups = ["通知组"]
role = "admin"
collections = ["notices"]
"""


@pytest.fixture
def server():
    with OpenIdProvider() as running:
        yield running


@pytest.fixture
def serve(built, tmp_path, server):
    """Start a server that signs people in, over the session's index."""
    engines = []
    grants = tmp_path / "grants.toml"
    grants.write_text(GRANTS, "utf-8")

    def start(**update: object) -> tuple[TestClient, Engine]:
        openid = {
            "oidc_issuer": server.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": SecretStr(SECRET),
            "oidc_redirect_uri": REDIRECT, "oidc_grants": grants, "oidc_seconds": 5.0,
        }  # fmt: skip
        engine = Engine(built.model_copy(update={"state_dir": tmp_path / "state", **openid, **update}))
        engines.append(engine)
        return TestClient(create_app(engine), base_url="http://127.0.0.1", follow_redirects=False), engine

    yield start
    for engine in engines:
        engine.close()


def begin(client: TestClient, back: str = "/documents", **more: str) -> str:
    """Follow the link of the sign-in page; return where it leads."""
    answer = client.get("/signin/begin", params={"back": back, **more}, headers=PAGE)
    assert answer.status_code == 303
    return answer.headers["Location"]


def sign_in(client: TestClient, server: OpenIdProvider, **more: str):
    return client.get(server.back_to(server.authorize(begin(client, **more))), headers=BACK)


def total(client: TestClient) -> int:
    return client.get("/api/v1/documents").json()["total"]


def seen(client: TestClient) -> set[str]:
    return {document["source"] for document in client.get("/api/v1/documents").json()["documents"]}


def test_somebody_signs_in_sees_what_the_grants_allow_and_signs_out(serve, server, public, documents):
    client, engine = serve()
    assert total(client) == len(public)  # nobody is the operator of a server that signs people in
    page = client.get("/signin", params={"back": "/documents"}, headers=PAGE).text
    assert "用本单位账号登录" in page
    assert 'href="/signin/begin?back=%2Fdocuments"' in page
    assert 'name="key"' in page
    answer = sign_in(client, server)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/documents")
    for cookie in answer.headers.get_list("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert total(client) == len(public) + 2
    shown = client.get("/", headers=PAGE).text
    assert "zhang.san" in shown
    assert "oidc:" not in shown
    assert client.delete("/api/v1/documents/0000000000000000", headers=PAGE).status_code == 403  # staff change nothing
    assert client.post("/signout", headers=PAGE).headers["Location"] == "/"
    assert total(client) == len(public)
    assert engine.audit.flush()
    told = [(e["who"], e["did"]) for e in engine.audit_log.entries() if e["did"].startswith("sign")]
    assert told == [("oidc:zhang.san", "signin"), ("oidc:zhang.san", "signout")]


PEOPLE = [
    ({"groups": ["卫健科"]}, 2),
    ({"groups": "教育科"}, 2),  # some providers send one group as a string
    ({"groups": ["卫健科", "实习"]}, 0),  # the first entry that fits counts
    ({"groups": ["其他"]}, 0),
    ({"groups": []}, 0),
    ({}, 0),
    ({"groups": {"卫健科": True}}, 0),
    ({"groups": [["卫健科"], 7, None]}, 0),
    ({"groups": ["卫健科 "]}, 0),
    ({"roles": ["卫健科"]}, 0),
    ({"groups": ["u-9"]}, 0),  # a group that is called like a person
]


def test_a_group_opens_what_its_entry_says_and_nothing_else(serve, server, public):
    client, _ = serve()
    for person, more_than_public in PEOPLE:
        server.person = {"sub": "u-1", "preferred_username": "zhang.san", **person}
        sign_in(client, server)
        assert total(client) == len(public) + more_than_public, person


def test_whom_no_entry_fits_is_told_so(serve, server, public):
    client, _ = serve(oidc_grants=None)
    answer = sign_in(client, server, lang="en")
    assert answer.status_code == 200
    assert "you see only what is released to the public" in answer.text
    assert "zhang.san" in answer.text
    assert 'href="/documents"' in answer.text
    assert total(client) == len(public)


def test_an_administrator_and_one_of_a_folder(serve, server, documents):
    client, engine = serve()
    server.person = {"sub": "u-9", "preferred_username": "li.si"}
    sign_in(client, server)
    assert seen(client) == set(documents)
    assert client.delete("/api/v1/documents/0000000000000000", headers=PAGE).status_code == 404
    # With the cookie alone a page of another site changes nothing.
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {}):
        assert client.delete("/api/v1/documents/0000000000000000", headers=headers).status_code == 403
    server.person = {"sub": "u-5", "groups": ["通知组"]}
    sign_in(client, server)
    assert seen(client) == {source for source in documents if source.startswith("notices/")}
    assert client.delete("/api/v1/documents/0000000000000000", headers=PAGE).status_code == 403
    assert engine.audit.flush()
    assert list(engine.audit_log.entries())[-1]["who"] == "oidc:u-5"  # who has no name goes by the identifier


def test_the_claims_to_go_by_are_settings(serve, server, public):
    client, engine = serve(oidc_groups_claim="department", oidc_name_claim="sub")
    server.person = {"sub": "u-1", "preferred_username": "zhang.san", "department": ["卫健科"]}
    sign_in(client, server)
    assert total(client) == len(public) + 2
    assert engine.audit.flush()
    assert list(engine.audit_log.entries())[-1]["who"] == "oidc:u-1"


# ------------------------------------------------------------------------------ not signed in


def refused(client: TestClient, path: str, public, status: int, word: str) -> None:
    answer = client.get(path, headers=BACK)
    assert answer.status_code == status
    assert word in answer.text
    assert COOKIE not in answer.headers.get("Set-Cookie", "").replace(signing_in.COOKIE, "")
    assert total(client) == len(public)


def test_a_browser_that_did_not_begin_is_not_signed_in(serve, server, public):
    """Login CSRF: somebody has a browser open the end of a sign-in that was begun elsewhere."""
    attacker, engine = serve()
    brought = server.authorize(begin(attacker))
    victim = TestClient(create_app(engine), base_url="http://127.0.0.1", follow_redirects=False)
    refused(victim, server.back_to(brought), public, 401, "不是在这个浏览器里开始的")
    begin(victim)  # a sign-in of its own, and another's state
    refused(victim, server.back_to(brought), public, 401, "不是在这个浏览器里开始的")
    assert "/token" not in server.asked


def test_what_comes_back_changed_signs_nobody_in(serve, server, public):
    client, _ = serve()
    for change in ({"state": "x"}, {"state": ""}, {"code": ""}, {"code": "a" * 5_000}, {"code": "none"}):
        answer = client.get(server.back_to(server.authorize(begin(client)) | change), headers=BACK)
        assert answer.status_code in {401, 502}, change
        assert total(client) == len(public)


def test_a_sign_in_is_finished_once(serve, server, public):
    client, _ = serve()
    brought = server.authorize(begin(client))
    cookie = client.cookies[signing_in.COOKIE]
    assert client.get(server.back_to(brought), headers=BACK).status_code == 303
    assert signing_in.COOKIE not in client.cookies
    client.cookies.clear()
    client.cookies.set(signing_in.COOKIE, cookie, path="/signin")  # a copy
    refused(client, server.back_to(brought), public, 401, "已过期")
    assert server.asked.count("/token") == 1


def test_who_takes_too_long_begins_again(serve, server, public, monkeypatch):
    client, _ = serve()
    path = server.back_to(server.authorize(begin(client)))
    monkeypatch.setattr(signing_in, "SECONDS", -1)
    refused(client, path, public, 401, "已过期")


def test_a_provider_that_declines_signs_nobody_in(serve, server, public):
    client, _ = serve()
    state = server.authorize(begin(client, lang="en"))["state"]
    path = server.back_to({"error": "access_denied", "error_description": "<script>", "state": state})
    refused(client, path, public, 401, "did not sign you in")  # in the language of the page before


def test_a_provider_that_fails_or_lies_gives_a_page_that_says_so(serve, server, public):
    client, _ = serve()
    for answers, claims, status, word in [
        ({"/token": lambda: (500, b"{}")}, {}, 503, "暂时无法使用"),
        ({"/jwks": lambda: (200, b"<html>")}, {}, 502, "没有通过核验"),
        ({}, {"nonce": "of another"}, 502, "没有通过核验"),
        ({}, {"sub": None}, 502, "没有通过核验"),
    ]:
        path = server.back_to(server.authorize(begin(client)))
        server.answers, server.claims = answers, lambda honest, claims=claims: honest | claims
        refused(client, path, public, status, word)


def test_a_provider_that_is_down_gives_a_page_and_is_asked_again(serve, server, public):
    client, _ = serve()
    server.answers["/.well-known/openid-configuration"] = lambda: (503, b"")
    for language, word in ({}, "暂时无法使用"), ({"lang": "en"}, "cannot be reached"):
        answer = client.get("/signin/begin", params=language, headers=PAGE)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert word in answer.text
        assert 'name="key"' in answer.text  # a key still signs in
    server.answers.clear()
    assert sign_in(client, server).status_code == 303


def test_a_provider_that_is_slow_holds_up_nobody_else(serve, server):
    client, _ = serve(oidc_seconds=3.0)
    answering = threading.Event()

    def slow() -> tuple[int, bytes]:
        answering.set()
        server.ended.wait(20)
        return 200, b"{}"

    server.answers["/.well-known/openid-configuration"] = slow
    with client:  # one event loop for all, as a real server has
        answers = []
        waiting = [
            threading.Thread(target=lambda: answers.append(client.get("/signin/begin", headers=PAGE).status_code))
            for _ in range(3)
        ]
        for thread in waiting:
            thread.start()
        assert answering.wait(20)
        assert client.get("/api/v1/documents").status_code == 200
        assert client.post("/api/v1/search", json={"query": "热线"}).status_code == 200
        assert answers == []  # they still wait
        for thread in waiting:
            thread.join()
    assert answers == [503, 503, 503]


def test_signing_in_leads_nowhere_else(serve, server):
    client, _ = serve()
    for back, gone_to in [
        ("/?q=a&lang=en", "/?q=a&lang=en"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
        ("/" + "a" * 5_000, "/" + "a" * 1_499),
    ]:
        assert sign_in(client, server, back=back).headers["Location"] == gone_to


def test_without_a_provider_there_is_nothing(serve, server):
    client, _ = serve(oidc_issuer=None)
    assert client.get("/signin/begin", headers=PAGE).status_code == 404
    assert client.get("/signin/callback?code=a&state=b", headers=PAGE).status_code == 404
    assert "用本单位账号登录" not in client.get("/signin", headers=PAGE).text
    assert server.asked == []


# ----------------------------------------------------------------------------------- sessions


def test_sessions_of_a_person_are_ended_in_every_browser(serve, server, public):
    here, engine = serve()
    there = TestClient(create_app(engine), base_url="http://127.0.0.1", follow_redirects=False)
    key, _ = engine.keys.create("张处", Role.STAFF)
    with_key = TestClient(create_app(engine), base_url="http://127.0.0.1", follow_redirects=False)
    with_key.post("/signin", data={"key": key}, headers=PAGE)
    everybody = here, there, with_key

    def signed_in() -> list[bool]:
        return [total(client) > len(public) for client in everybody]

    sign_in(here, server)
    sign_in(there, server)
    assert signed_in() == [True, True, True]
    copy = there.cookies[COOKIE]
    there.post("/signout", headers=PAGE)
    there.cookies.set(COOKIE, copy)  # kept by somebody
    assert signed_in() == [False, False, True]
    sign_in(here, server)
    assert signed_in() == [True, False, True]
    engine.sessions.ended.end("oidc:zhang.san")
    assert signed_in() == [False, False, True]
    sign_in(here, server)
    engine.sessions.ended.end(None)
    assert signed_in() == [False, False, False]
    sign_in(here, server)
    with_key.post("/signin", data={"key": key}, headers=PAGE)
    engine.sessions.ended.end("张处")
    assert signed_in() == [True, False, False]
    assert with_key.get("/api/v1/documents", headers={"X-API-Key": key}).status_code == 200


def test_a_change_of_the_grants_ends_sessions_at_once(serve, server, public, tmp_path, caplog):
    client, _ = serve()
    sign_in(client, server)
    assert total(client) == len(public) + 2
    grants = tmp_path / "grants.toml"
    grants.write_text(GRANTS.replace("卫健科", "另一科"), "utf-8")
    assert total(client) == len(public)
    sign_in(client, server)
    assert total(client) == len(public)
    path = server.back_to(server.authorize(begin(client)))
    grants.write_text("[[grant]", "utf-8")
    answers = [client.get("/api/v1/documents")]
    del client.cookies[COOKIE]
    answers.append(client.get(path, headers=BACK))
    for answer in answers:
        assert answer.status_code == 500  # nobody knows who may see what
        assert str(tmp_path) not in answer.text
    assert total(client) == len(public)  # who is not signed in goes on
    assert "grants.toml" in caplog.text


def test_a_session_is_of_one_provider(serve, server, public):
    client, _ = serve()
    sign_in(client, server)
    cookie = client.cookies[COOKIE]
    for update in ({"oidc_client_id": "another"}, {"oidc_issuer": "http://localhost:1"}, {"oidc_issuer": None}):
        other, engine = serve(**update)
        if not engine.keys.are_any:
            engine.keys.create("张处", Role.STAFF)
        assert other.get("/api/v1/documents", headers={"Cookie": f"{COOKIE}={cookie}"}).json()["total"] == len(public)


def test_the_cookie_of_a_sign_in_is_none_of_a_session(serve, server, public):
    client, _ = serve()
    begin(client)
    cookie = client.cookies[signing_in.COOKIE]
    answer = client.get("/api/v1/documents", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert answer.json()["total"] == len(public)


def test_behind_https_the_cookies_are_secure(serve, server):
    client, _ = serve(oidc_redirect_uri="https://rag.example/signin/callback")
    said = client.get("/signin/begin", headers=PAGE).headers["Set-Cookie"]
    assert re.search(r"\bSecure\b", said)


# ------------------------------------------------------------------------------------- traces


def test_no_secret_code_or_token_is_written_down(serve, server, caplog):
    client, engine = serve()
    with caplog.at_level(logging.DEBUG):
        sign_in(client, server)
        session = client.cookies[COOKIE]
        client.get("/documents", headers=PAGE)
        url = begin(client)
        server.claims = lambda claims: claims | {"nonce": "x"}
        brought = server.authorize(url)
        client.get(server.back_to(brought), headers=BACK)
        sent_back = "rag_0123456789abcdefghij"
        server.answers["/token"] = lambda: (400, f'{{"error": "{sent_back}"}}'.encode())
        client.get(server.back_to(server.authorize(begin(client))), headers=BACK)
    assert engine.audit.flush()
    # What the test's own client logs is the test's.
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    ours = [
        r.getMessage()
        for r in caplog.records
        if r.name.startswith(("httpx2", "httpcore2")) and "/signin" not in r.getMessage()
    ]
    written = "\n".join(logged) + str(list(engine.audit_log.entries()))
    for secret in (SECRET, session, brought["state"], sent_back, *server.issued):
        assert secret not in written
        assert secret not in "\n".join(ours)
    assert "OpenID Connect" in "\n".join(logged)


def test_a_name_that_is_a_number_of_a_person_is_masked_in_the_log(serve, server):
    client, engine = serve()
    for name in ("13800138000", "138 0013 8000", "110101199003077774"):
        server.person |= {"preferred_username": name}
        sign_in(client, server)
        client.get("/documents", headers=PAGE)
        assert engine.audit.flush()
        entries = list(engine.audit_log.entries())
        assert name not in str(entries)
        assert entries[-1]["who"].startswith("oidc:")
        assert entries[-1]["key"].startswith("oidc-")  # still tells one person from another


def test_a_name_that_is_none_is_not_shown(serve, server):
    client, _ = serve()
    for name in ("", "  ", "a\nb", "x" * 200, 7, None, ["a"], "a\u202eb"):
        server.person |= {"preferred_username": name}
        assert sign_in(client, server).status_code == 303
        assert "u-1" in client.get("/", headers=PAGE).text


def test_nothing_is_asked_until_somebody_signs_in(serve, server):
    client, _ = serve()
    client.get("/signin", headers=PAGE)
    client.get("/api/v1/documents")
    assert server.asked == []


def test_nothing_is_loaded_until_somebody_signs_in(tmp_path):
    code = (
        "import sys; from rag.app.api import create_app; from rag.app.wiring import Engine; from rag.settings import Settings;"
        f"create_app(Engine(Settings(index_dir={str(tmp_path / 'index')!r}, oidc_issuer='https://id.example',"
        f"oidc_client_id='rag', oidc_redirect_uri={REDIRECT!r})));"
        "print([m for m in ('authlib', 'joserfc', 'cryptography', 'httpx2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("content", ["[[grant]", None], ids=["no TOML", "not there"])
def test_a_server_does_not_start_with_grants_that_cannot_be_read(rag, tmp_path, monkeypatch, content):
    grants = tmp_path / "grants.toml"
    if content is not None:
        grants.write_text(content, "utf-8")
    for name, value in {"ISSUER": "https://id.example", "CLIENT_ID": "rag", "REDIRECT_URI": REDIRECT}.items():
        monkeypatch.setenv(f"RAG_OIDC_{name}", value)
    monkeypatch.setenv("RAG_OIDC_GRANTS", str(grants))
    done = rag("serve", "--index", tmp_path / "index", "--port", "9")
    assert done.code == 2
    assert "grants.toml" in done.err
