"""The operator's pages: who may use them, what they start, and corrections that stand in a file beside the document."""

from __future__ import annotations

import time
import tomllib

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.settings import Settings

PAGE = {"Accept": "text/html"}
PATIENCE_SECONDS = 30


@pytest.fixture
def client(own):
    with Engine(own) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE)


def _end_of_run(client):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        state = client.get("/admin/run.json").json()
        if state["run"] and state["run"]["is_done"]:
            return state
        time.sleep(0.05)
    raise AssertionError("the run does not end")


def _id_of(client, source):
    return client.get("/api/v1/documents", params={"source": source}).json()["documents"][0]["document_id"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/admin"),
        ("GET", "/admin/run.json"),
        ("POST", "/admin/run"),
        ("POST", "/admin/upload"),
        ("GET", "/admin/correct?which=x"),
        ("GET", "/admin/documents/0123456789abcdef"),
        ("POST", "/admin/documents/0123456789abcdef"),
    ],
)
def test_who_has_no_key_gets_nowhere(built, method, path):
    with Engine(built.model_copy(update={"api_keys": ["key-other"]})) as engine:
        client = TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE)
        assert client.request(method, path).status_code == 401
        assert 'href="/admin"' not in client.get("/").text


def test_the_state_of_the_index_is_told(client):
    page = client.get("/admin").text
    assert 'href="/admin"' in page
    assert "索引版次" in page
    assert "软件自带" in page
    assert "the one in the package" not in page
    assert "the one in the package" in client.get("/admin?lang=en").text
    assert "没有。" in page


def test_without_an_index_the_page_still_opens(tmp_path):
    with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")) as engine:
        client = TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE)
        page = client.get("/admin")
        assert page.status_code == 200
        assert "还没有可用的索引" in page.text
        sent = client.post(
            "/admin/upload", files=[("files", ("a.txt", "霁川市教育局\n\n关于校车的通知\n\n全市校车三十辆。"))]
        )
        assert sent.status_code == 200
        assert "新增 1" in sent.text


def test_sync_takes_in_what_is_new_and_removes_what_is_gone(client, own):
    (own.corpus_dir / "new.txt").write_text("临洲市教育局\n\n关于校车的通知\n\n全市校车三十辆。", encoding="utf-8")
    (own.corpus_dir / "notices/2021-xichuan-canteens.txt").unlink()
    (own.corpus_dir / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    started = client.post("/admin/run", data={"kind": "sync", "prune": "true"}, follow_redirects=False)
    assert (started.status_code, started.headers["location"]) == (303, "/admin#run")
    state = _end_of_run(client)
    report = state["run"]["report"]
    assert (report["added"], report["removed"], len(report["failed"])) == (1, 1, 1)
    assert "新增 1" in state["html"]
    assert "broken.pdf" in client.get("/admin").text


def test_a_check_finds_the_index_sound_or_says_what_is_wrong(client, own):
    client.post("/admin/run", data={"kind": "verify"})
    assert _end_of_run(client)["run"]["problems"] == []
    assert "索引完好" in client.get("/admin").text
    generation = next(own.index_dir.glob("gen-*"))
    damaged = next(path for path in sorted(generation.rglob("*")) if path.is_file() and path.name != "manifest.json")
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0\1")
    client.post("/admin/run", data={"kind": "verify"})
    assert _end_of_run(client)["run"]["problems"]
    assert "修复索引" in client.get("/admin").text


def test_the_index_is_rebuilt_with_another_encoder_while_the_server_serves(client, own, tiny_encoder):
    client.post("/admin/run", data={"kind": "rebuild", "encoder": str(tiny_encoder)})
    assert client.get("/", params={"q": "哪个部门牵头开齐心理课程？"}).status_code == 200
    assert _end_of_run(client)["run"]["failure"] is None
    assert str(tiny_encoder) in client.get("/admin").text


def test_a_failed_run_says_why(client):
    client.post("/admin/run", data={"kind": "rebuild", "encoder": "/no/such/model"})
    state = _end_of_run(client)
    assert state["run"]["failure"]
    assert "未完成" in state["html"]


@pytest.mark.parametrize("which", ["临卫发〔2025〕6号", "notices/2025-linzhou-hotline.txt"])
def test_a_document_to_correct_is_found(client, which):
    found = client.get("/admin/correct", params={"which": which}, follow_redirects=False)
    document_id = _id_of(client, "notices/2025-linzhou-hotline.txt")
    assert found.headers["location"] == f"/admin/documents/{document_id}"


def test_corrections_are_written_beside_the_file_and_taken_in(client, own):
    source = "notices/2025-linzhou-hotline.txt"
    path = f"/admin/documents/{_id_of(client, source)}"
    sidecar = own.corpus_dir / f"{source}.meta.toml"
    sidecar.write_text('# 经办人核对\nsignatory = "甲"\n', encoding="utf-8")
    saved = client.post(
        path,
        data={
            "title": "关于开通心理援助热线的通知",
            "issued_on": "2025-04-17",
            "disclosure": "internal",
            "addressees": "各县卫生健康局\r\n 各区卫生健康局 \r\n",
        },
        follow_redirects=False,
    )
    assert saved.status_code == 303
    stated = tomllib.loads(sidecar.read_text(encoding="utf-8"))
    # The title was as read, so that nothing is stated of it.
    assert stated.keys() == {"signatory", "issued_on", "disclosure", "addressees"}
    assert "# 经办人核对" in sidecar.read_text(encoding="utf-8")
    document = client.get(f"/api/v1/documents/{_id_of(client, source)}").json()
    assert (document["issued_on"], document["disclosure"]) == ("2025-04-17", "internal")
    assert document["addressees"] == ["各县卫生健康局", "各区卫生健康局"]
    client.post(path, data={"withdraw": ["issued_on", "disclosure"]})
    document = client.get(f"/api/v1/documents/{_id_of(client, source)}").json()
    assert (document["issued_on"], document["disclosure"]) == ("2025-04-16", "public")


@pytest.mark.parametrize(
    ("given", "words"), [({"issued_on": "2025-02-31"}, "issued_on"), ({"disclosure": "secret"}, "disclosure")]
)
def test_a_wrong_correction_is_told_and_nothing_is_written(client, own, given, words):
    source = "notices/2025-linzhou-hotline.txt"
    response = client.post(f"/admin/documents/{_id_of(client, source)}", data=given)
    assert response.status_code == 422
    assert words in response.text
    assert not (own.corpus_dir / f"{source}.meta.toml").exists()
