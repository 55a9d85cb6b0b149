"""Keys: shown once, kept as hashes, narrowed by role and grants, and dead the moment they are revoked."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.keys import KEY_FILE, KeyRing
from rag.app.wiring import Engine
from rag.domain.access import Disclosure, Role, Scope
from rag.errors import ConfigurationError, InvalidRequest, NotFound

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A time that tests set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ring(tmp_path, clock):
    return KeyRing(tmp_path / "state", now=clock)


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.READER, {Disclosure.PUBLIC}),
        (Role.STAFF, {Disclosure.PUBLIC, Disclosure.ON_REQUEST, Disclosure.UNLABELLED}),
        (Role.ADMIN, set(Disclosure)),
    ],
)
def test_a_role_sees_its_labels(ring, role, labels):
    secret, key = ring.create("张处", role)
    holder = ring.holder_of(secret.encode())
    assert holder.name == "张处"
    assert holder.key_id == key.key_id
    assert holder.scope == Scope(frozenset(labels))
    assert holder.may_change == (role is Role.ADMIN)
    assert not holder.is_anonymous


def test_limits_are_part_of_the_scope_and_take_the_right_to_change(ring):
    secret, _ = ring.create("广汉管理", Role.ADMIN, places=["广汉市"], collections=["plans/"])
    holder = ring.holder_of(secret.encode())
    assert holder.scope.places == {"广汉市"}
    assert holder.scope.collections == {"plans/"}
    assert not holder.scope.is_unrestricted
    assert not holder.may_change


def test_only_full_scope_may_see_personal_data(tmp_path):
    ring = KeyRing(tmp_path, ["configured"], personal_data=True)
    shown = {
        name: ring.holder_of(ring.create(name, role, places=places)[0].encode()).scope.personal_data
        for name, role, places in [("a", Role.ADMIN, None), ("b", Role.STAFF, None), ("c", Role.ADMIN, ["广汉市"])]
    }
    assert shown == {"a": True, "b": False, "c": False}
    assert ring.holder_of(b"configured").scope.personal_data


def test_a_key_is_kept_nowhere_and_opens_nothing_by_its_hash(ring, tmp_path):
    secret, key = ring.create("甲", Role.ADMIN)
    kept = (tmp_path / "state" / KEY_FILE).read_text(encoding="utf-8")
    assert secret not in kept
    assert secret.removeprefix("rag_") not in kept
    assert key.sha256 in kept
    for wrong in (key.sha256, key.key_id, secret[:-1], secret + " ", secret.upper(), "", "rag_"):
        assert ring.holder_of(wrong.encode()) is None


def test_keys_are_long_and_never_the_same(ring):
    made = [ring.create(f"第{n}人", Role.READER) for n in range(50)]
    assert len({secret for secret, _ in made}) == len({key.key_id for _, key in made}) == 50
    assert all(len(secret) >= 4 + 43 for secret, _ in made)  # 256 bits, six a character


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_may_read_the_file(ring, tmp_path):
    ring.create("甲", Role.READER)
    path = tmp_path / "state" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="others may read") as refused:
        KeyRing(tmp_path / "state").all()
    assert "chmod 600" in refused.value.remedy


def test_a_key_expires_after_its_last_day(ring, clock):
    secret, _ = ring.create("临时", Role.STAFF, expires_on=date(2026, 3, 2))
    for after, is_valid in [(0, True), (35.9, True), (36, False), (24 * 400, False)]:
        clock.now = NOON + timedelta(hours=after)
        assert (ring.holder_of(secret.encode()) is not None) == is_valid, after
    assert ring.are_any


def test_a_revoked_key_is_dead_at_once_in_other_processes_too(ring, tmp_path):
    secret, key = ring.create("甲", Role.STAFF)
    other = KeyRing(tmp_path / "state")
    assert other.holder_of(secret.encode()) is not None
    assert other.holder_of_id(key.key_id) is not None
    assert ring.revoke("甲").revoked_at == NOON
    assert other.holder_of(secret.encode()) is None
    assert other.holder_of_id(key.key_id) is None
    with pytest.raises(NotFound):
        ring.revoke("甲")
    second, _ = ring.create("甲", Role.READER)
    assert other.holder_of(second.encode()).scope == Scope.public()


def test_the_last_key_revoked_or_the_file_gone_opens_nothing(ring, tmp_path):
    assert not ring.are_any
    _, key = ring.create("甲", Role.ADMIN)
    ring.revoke(key.key_id)
    assert ring.are_any
    (tmp_path / "state" / KEY_FILE).unlink()
    assert ring.are_any  # this process knows that there were some
    assert not KeyRing(tmp_path / "state").are_any


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[{"key_id": "x"}]', b"\xff"])
def test_a_file_that_is_none_of_ours_is_an_error_and_never_no_keys(ring, tmp_path, content):
    ring.create("甲", Role.ADMIN)
    (tmp_path / "state" / KEY_FILE).write_bytes(content)
    with pytest.raises(ConfigurationError):
        ring.holder_of(b"rag_x")
    with pytest.raises(ConfigurationError):
        _ = ring.are_any


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "a\nb"},
        {"name": "x" * 101},
        {"places": []},
        {"places": ["", "广汉市"]},
        {"collections": ["./"]},
        {"collections": [str(n) for n in range(101)]},
        {"expires_on": date(2026, 2, 28)},
        {"name": "在用"},
    ],
)
def test_what_makes_no_key(ring, wrong):
    ring.create("在用", Role.READER)
    with pytest.raises(InvalidRequest):
        ring.create(**{"name": "新", "role": Role.STAFF, **wrong})
    assert [key.name for key in ring.all()] == ["在用"]


def test_keys_made_side_by_side_are_all_kept(tmp_path):
    def make(n: int) -> str:
        return KeyRing(tmp_path).create(f"第{n}人", Role.READER)[0]

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, range(12)))
    ring = KeyRing(tmp_path)
    assert len(ring.all()) == 12
    assert all(ring.holder_of(secret.encode()) for secret in made)


# ------------------------------------------------------------------------------------ the server


@pytest.fixture
def served(built, tmp_path):
    """A server over the session's index, with a ring of its own to change."""
    settings = built.model_copy(update={"state_dir": tmp_path / "state"})
    with Engine(settings) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1"), KeyRing(tmp_path / "state")


def seen(client, secret: str | None = None) -> set[str]:
    headers = {"X-API-Key": secret} if secret else {}
    listed = client.get("/api/v1/documents", headers=headers)
    assert listed.status_code == 200, listed.text
    assert listed.json()["total"] == len(listed.json()["documents"])
    return {document["source"] for document in listed.json()["documents"]}


def test_the_server_goes_by_the_key_that_is_given(served, documents, public):
    client, ring = served
    assert seen(client) == set(documents)  # no keys: the operator of this machine
    made = {
        "reader": ring.create("读者", Role.READER)[0],
        "staff": ring.create("科员", Role.STAFF)[0],
        "admin": ring.create("管理", Role.ADMIN)[0],
        "place": ring.create("汐川", Role.ADMIN, places=["汐川县"])[0],
        "folder": ring.create("答复", Role.STAFF, collections=["replies"])[0],
    }
    assert seen(client) == public  # from the first key on, at once
    assert seen(client, made["reader"]) == public
    assert seen(client, made["staff"]) == public | {
        "replies/2024-linzhou-meals.txt",
        "notices/2021-xichuan-canteens.txt",
    }
    assert seen(client, made["admin"]) == set(documents)
    assert seen(client, made["place"]) == {"notices/2023-xichuan-flood.txt", "notices/2021-xichuan-canteens.txt"}
    assert seen(client, made["folder"]) == {"replies/2024-linzhou-meals.txt"}
    ring.revoke("科员")
    assert client.get("/api/v1/documents", headers={"X-API-Key": made["staff"]}).status_code == 401
    ring.revoke("管理")
    assert seen(client) == public


def test_only_an_administrator_without_limits_may_change_anything(served):
    client, ring = served
    secrets = {
        "reader": ring.create("读者", Role.READER)[0],
        "staff": ring.create("科员", Role.STAFF)[0],
        "place": ring.create("汐川", Role.ADMIN, places=["汐川县"])[0],
    }
    sent = {"files": ("a.txt", b"x", "text/plain")}
    assert client.post("/api/v1/documents", files=sent).status_code == 401
    for secret in secrets.values():
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.post("/api/v1/documents", files=sent, headers=headers).status_code == 403
        listed = client.get("/api/v1/documents", headers=headers).json()["documents"][0]["document_id"]
        assert client.delete(f"/api/v1/documents/{listed}", headers=headers).status_code == 403
        assert client.get(f"/api/v1/documents/{listed}/file", headers=headers).status_code == 403


def test_a_key_file_that_cannot_be_read_lets_nobody_in(served, tmp_path, caplog):
    client, ring = served
    secret, _ = ring.create("管理", Role.ADMIN)
    (tmp_path / "state" / KEY_FILE).write_text("[", encoding="utf-8")
    for headers in ({}, {"X-API-Key": secret}):
        response = client.get("/api/v1/documents", headers=headers)
        assert response.status_code == 500
        assert str(tmp_path) not in response.text
    assert KEY_FILE in caplog.text


# ------------------------------------------------------------------------------ the command line


def test_the_command_line_makes_lists_and_revokes(rag, tmp_path):
    index = tmp_path / "index"
    made = rag("key", "create", "--role", "staff", "--name", "张处", "--places", "广汉市，宜昌市", "--places", "汉中市",
               "--collections", "plans", "--expires", "2999-12-31", "--index", index, "--json")  # fmt: skip
    assert made.code == 0
    secret = made.json["key"]
    assert made.json["places"] == ["宜昌市", "广汉市", "汉中市"]
    assert KeyRing(tmp_path / "state").holder_of(secret.encode()).name == "张处"
    plain = rag("key", "create", "--name", "李科", "--index", index)
    assert plain.out.startswith("rag_")
    assert len(plain.out.split()) == 1
    listed = rag("key", "list", "--index", index, "--json").json["keys"]
    assert [(key["name"], key["role"], key["state"]) for key in listed] == [
        ("张处", "staff", "valid"),
        ("李科", "reader", "valid"),
    ]
    shown = rag("key", "list", "--index", index).out
    assert "张处" in shown
    assert secret not in shown + json.dumps(listed)
    assert rag("key", "revoke", "张处", "--index", index, "--json").json["state"] == "revoked"
    assert rag("key", "revoke", "张处", "--index", index).code == 1
    assert "已吊销" in rag("key", "list", "--index", index).out
    assert rag("key", "create", "--name", "李科", "--index", index).code == 2
    assert rag("key", "create", "--name", "无权", "--role", "root", "--index", index).code == 2


def test_state_lies_beside_the_index_unless_set(rag, tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_STATE_DIR", str(tmp_path / "kept"))
    assert rag("key", "create", "--name", "甲", "--index", tmp_path / "index").code == 0
    assert (tmp_path / "kept" / KEY_FILE).is_file()
