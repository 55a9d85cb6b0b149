"""Personal data on its way through the product: masked for everybody, shown to the operator who says so."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.settings import Settings

MOBILE = "13900000000"
PHONE = "5200000"
IDENTITY = "510600199001010000"
OWN = (MOBILE, PHONE, IDENTITY, "李某某")
HOTLINE = "67100000"
TEXT = f"""青溪市教育局关于市政协六届四次会议第18号提案的答复

青教函〔2024〕18号

王委员：
您提出的关于加强校园心理服务的提案收悉。现答复如下：
一、工作情况
全市设立校园心理援助热线{HOTLINE}，全天开通。网格员：李某某，手机{MOBILE}，身份证号{IDENTITY}，负责校园心理服务登记。
二、下一步打算
2025年底前为每所学校配备一名专职心理教师。
                                    青溪市教育局
                                    2024年5月6日
联系人：李某某，联系电话：{PHONE}
（此件主动公开）
"""
QUESTION = "青溪市校园心理服务由谁负责登记？"
CONTACT = "青溪市教育局的联系电话是多少？"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("personal")
    (folder / "corpus").mkdir()
    (folder / "corpus/reply.txt").write_text(TEXT, encoding="utf-8")
    settings = Settings(index_dir=folder / "index", corpus_dir=folder / "corpus")
    with Engine(settings) as engine:
        engine.ingest([folder / "corpus"])
    return settings


def _client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), base_url="http://127.0.0.1")


def _everything_shown(client: TestClient, headers: dict[str, str]) -> str:
    (listed,) = client.get("/api/v1/documents", headers=headers).json()["documents"]
    path = f"/documents/{listed['document_id']}"
    pages = [
        client.get(f"/api/v1{path}", headers=headers),
        client.get(f"/api/v1{path}/text", headers=headers),
        client.get(path, headers=headers),
        client.post("/api/v1/search", json={"query": "校园心理服务登记"}, headers=headers),
        client.post("/api/v1/ask", json={"question": QUESTION}, headers=headers),
        client.post("/api/v1/ask", json={"question": CONTACT}, headers=headers),
        client.get("/", params={"q": QUESTION}, headers=headers),
        client.get("/api/v1/duties", params={"format": "csv"}, headers=headers),
    ]
    assert {page.status_code for page in pages} == {200}
    return "\n".join(page.text for page in pages)


@pytest.mark.parametrize(
    ("changes", "headers", "is_shown"),
    [
        ({}, {}, False),
        ({"show_personal": True}, {}, True),
        ({"api_keys": ["k"]}, {"X-API-Key": "k"}, False),
        ({"api_keys": ["k"], "show_personal": True}, {"X-API-Key": "k"}, True),
        ({"api_keys": ["k"], "show_personal": True}, {}, False),
    ],
)
def test_it_is_shown_to_full_scope_alone_and_only_if_so_set(settings, changes, headers, is_shown):
    with Engine(settings.model_copy(update=changes)) as engine:
        client = _client(engine)
        shown = _everything_shown(client, headers)
        assert [words in shown for words in OWN] == [is_shown] * len(OWN)
        assert HOTLINE in shown
        # The words quoted are those of the text as the same caller reads it.
        for question in (QUESTION, CONTACT):
            answer = client.post("/api/v1/ask", json={"question": question}, headers=headers).json()
            assert answer["status"] == "answered"
            for c in answer["citations"]:
                text = client.get(f"/api/v1/documents/{c['document_id']}/text", headers=headers).json()["text"]
                assert text[c["start"] : c["end"]] == c["quote"]
            assert any("个人信息" in note for note in answer.get("notes", [])) is not is_shown


def test_the_indexes_do_not_hold_it(settings):
    for path in settings.index_dir.rglob("*"):
        if path.is_file() and not path.name.startswith("catalog.db"):
            data = path.read_bytes()
            assert not any(words.encode() in data for words in OWN)


def test_no_word_of_a_passage_matches_a_guess_at_a_number(settings):
    with Engine(settings) as engine:
        client = _client(engine)
        for number, is_known in ((MOBILE, False), (HOTLINE, True)):
            hits = client.post("/api/v1/search", json={"query": number}).json()["hits"]
            assert any(hit["parts"].get("lexical", 0) > 0 for hit in hits) is is_known


def test_the_command_line_masks_too(settings, rag, monkeypatch):
    masked = rag("show", "reply.txt", "--index", settings.index_dir, "--json").out
    assert not any(words in masked for words in OWN)
    monkeypatch.setenv("RAG_SHOW_PERSONAL", "1")
    shown = rag("show", "reply.txt", "--index", settings.index_dir, "--json").out
    assert all(words in shown for words in OWN)


def test_nothing_of_it_is_logged(settings, caplog):
    caplog.set_level("DEBUG", logger="rag")
    with Engine(settings.model_copy(update={"show_personal": True})) as engine:
        _everything_shown(_client(engine), {})
        engine.ingest([settings.corpus_dir], reread=True)
    assert not any(words in record.getMessage() for record in caplog.records for words in OWN)
