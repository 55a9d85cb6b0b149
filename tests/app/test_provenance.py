"""How a file was read, its copies and its twins, on every surface and within every scope."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.provenance import page_ranges, reading_in_words
from rag.app.wiring import Engine
from rag.app.words.catalogue import Texts
from rag.app.words.message import Language
from rag.domain.access import Scope
from rag.domain.reading import Reading
from rag.settings import Settings
from rag.store.repository import Catalog

KEY = "a-key-of-this-test"
OPERATOR = {"X-API-Key": KEY}
ALL = Scope.everything()

TEXT = """\
鹤鸣市教育局文件

鹤教发〔2024〕5号

关于建立校园安全排查制度的通知

各县区教育局：

全市中小学校每学期排查两次，查出的隐患由所在学校记入台账并限期销号。

校门前的护学岗由学校、民警和家长一同值守，名单每月公布一次。

鹤鸣市教育局

2024年3月1日
"""
LABEL = "\n公开属性：主动公开\n"

SCANNED = Reading(
    media_type="application/pdf",
    ocr_pages=(1, 2, 4),
    confidence=0.98764,
    hidden_characters=12,
    attachments=("名单.xlsx",),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """``a.md`` and ``copy/a.md`` are the same bytes; ``b.txt`` is their text, released; ``c.txt`` another."""
    folder = tmp_path_factory.mktemp("twins")
    corpus = folder / "corpus"
    (corpus / "copy").mkdir(parents=True)
    for name in ("a.md", "copy/a.md"):
        (corpus / name).write_text(TEXT, encoding="utf-8")
    (corpus / "b.txt").write_text(TEXT + LABEL, encoding="utf-8")
    (corpus / "c.txt").write_text(TEXT.replace("5号", "6号").replace("校园安全", "校车") + LABEL, encoding="utf-8")
    (corpus / "c.txt.meta.toml").write_text('signatory = "某局长"\n', encoding="utf-8")
    settings = Settings(index_dir=folder / "index", corpus_dir=corpus, api_keys=[KEY])
    with Engine(settings) as engine:
        assert engine.ingest([corpus]).failed == []
    return settings


@pytest.fixture(scope="module")
def client(settings):
    with Engine(settings) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def ids(client):
    listed = client.get("/api/v1/documents", headers=OPERATOR).json()["documents"]
    return {document["source"]: document["document_id"] for document in listed}


def sources(twins):
    return [twin["source"] for twin in twins]


def test_the_list_holds_all_files_and_marks_twins(client, ids):
    listed = client.get("/api/v1/documents", headers=OPERATOR).json()
    assert listed["total"] == 3
    assert {d["source"]: sources(d["also_in"]) for d in listed["documents"]} == {
        "a.md": ["b.txt"],
        "b.txt": ["a.md"],
        "c.txt": [],
    }
    public = client.get("/api/v1/documents").json()
    assert {d["source"]: d["also_in"] for d in public["documents"]} == {"b.txt": [], "c.txt": []}


def test_a_document_names_its_copies_and_twins(client, ids):
    document = client.get(f"/api/v1/documents/{ids['a.md']}", headers=OPERATOR).json()
    assert document["sources"] == ["a.md", "copy/a.md"]
    assert document["also_in"] == [{"document_id": ids["b.txt"], "source": "b.txt"}]
    assert document["corrected"] == []
    assert document["reading"] == {
        "media_type": "text/markdown",
        "ocr_pages": [],
        "confidence": None,
        "hidden_characters": 0,
        "attachments": [],
    }
    assert client.get(f"/api/v1/documents/{ids['b.txt']}").json()["also_in"] == []


def test_what_was_stated_by_hand_is_named(client, ids):
    document = client.get(f"/api/v1/documents/{ids['c.txt']}", headers=OPERATOR).json()
    assert document["signatory"] == "某局长"
    assert document["corrected"] == ["signatory"]
    assert "signatory" not in document["spans"]


def test_hits_and_citations_name_the_other_files_within_the_scope(client):
    for headers, read, others in ((OPERATOR, "a.md", ["b.txt"]), ({}, "b.txt", [])):
        hits = client.post("/api/v1/search", json={"query": "校园安全排查"}, headers=headers).json()["hits"]
        # The measures of c.txt are word for word those of the others, and shown once.
        assert [(h["source"], sources(h["also_in"]), sources(h["repeated_in"])) for h in hits] == [
            (read, others, ["c.txt"])
        ]
        asked = {"question": "校园安全排查中护学岗由谁值守？"}
        answer = client.post("/api/v1/ask", json=asked, headers=headers).json()
        assert {c["source"]: sources(c["also_in"]) for c in answer["citations"]}[read] == others


def test_the_page_of_a_document_links_to_its_twins(client, ids):
    page = client.get(f"/documents/{ids['a.md']}", headers=OPERATOR).text
    assert f'href="/documents/{ids["b.txt"]}"' in page
    assert "同文文件：b.txt" in page
    assert "copy/a.md" in page
    assert "同文" not in client.get(f"/documents/{ids['b.txt']}").text
    assert "人工更正" in client.get(f"/documents/{ids['c.txt']}").text
    assert "另有 1 份同文文件" in client.get("/documents", headers=OPERATOR).text
    assert "同文" not in client.get("/documents").text


@pytest.fixture
def scanned(own):
    """The flood notice as if it had been read from a scan of five pages."""
    with Catalog.open(own.index_dir / "catalog.db") as catalog:
        (summary,) = [d for d in catalog.list_documents(scope=ALL).documents if "flood" in d.source]
        document = replace(catalog.document(summary.document_id, scope=ALL), reading=SCANNED, pages=5)
        catalog.replace(document, catalog.passages_of(document.document_id, scope=ALL), size=1, mtime_ns=1)
    return own, document.document_id


def test_a_scan_says_so_in_the_interface_and_on_the_page(scanned):
    settings, document_id = scanned
    with Engine(settings) as engine:
        client = TestClient(create_app(engine), base_url="http://127.0.0.1")
        assert client.get(f"/api/v1/documents/{document_id}").json()["reading"] == {
            "media_type": "application/pdf",
            "ocr_pages": [1, 2, 4],
            "confidence": 0.9876,
            "hidden_characters": 12,
            "attachments": ["名单.xlsx"],
        }
        page = client.get(f"/documents/{document_id}").text
        for words in ("扫描识别，平均置信度 98.7%", "识别的页：1–2、4", "12 个不显示的字符", "名单.xlsx"):
            assert words in page
        assert "mean confidence 98.7%" in client.get(f"/documents/{document_id}?lang=en").text


def test_a_scan_says_so_on_the_terminal(scanned, rag):
    settings, document_id = scanned
    ran = rag("show", document_id, "--index", settings.index_dir)
    assert "reading: application/pdf；扫描识别，平均置信度 98.7%；识别的页：1–2、4；" in ran.out
    assert "packed: 名单.xlsx" in ran.out


def test_the_terminal_names_copies_and_twins(settings, rag):
    index = ["--index", settings.index_dir]
    ran = rag("show", "a.md", *index)
    assert "sources: a.md、copy/a.md" in ran.out
    assert "also_in: b.txt" in ran.out
    assert "reading: text/markdown\n" in ran.out
    assert "同文：b.txt" in rag("search", "校园安全排查", *index).out
    assert "同文：b.txt" in rag("ask", "校园安全排查中护学岗由谁值守？", *index).out
    assert rag("documents", *index).out.count("同文 1") == 2


def test_a_number_that_twins_bear_shows_the_better(settings, rag):
    assert rag("show", "鹤教发〔2024〕5号", "--json", "--index", settings.index_dir).json["source"] == "a.md"


# ------------------------------------------------------------------------------------------------ words

ZH, EN = Texts(Language.ZH), Texts(Language.EN)


@pytest.mark.parametrize(
    ("reading", "pages", "texts", "said"),
    [
        (Reading("text/plain"), None, ZH, []),
        (Reading("image/png", ocr_pages=(1,), confidence=0.9999), 1, ZH, ["扫描识别，平均置信度 99.9%"]),
        (Reading("image/png", ocr_pages=(1,), confidence=1.0), None, ZH, ["扫描识别，平均置信度 100.0%"]),
        (Reading("application/pdf", ocr_pages=(1, 2)), 2, ZH, ["扫描识别"]),
        (Reading("application/pdf", ocr_pages=(2,), confidence=0.5), 2, EN, ["Recognised from a scan, mean confidence 50.0%", "Pages recognised: 2"]),
        (Reading("application/pdf", hidden_characters=3), 2, ZH, ["文件中有 3 个不显示的字符，未收入正文"]),
    ],
)  # fmt: skip
def test_readings_in_words(reading, pages, texts, said):
    assert reading_in_words(reading, pages, texts) == said


@pytest.mark.parametrize(
    ("pages", "written"), [((), ""), ((3,), "3"), ((1, 2, 3), "1–3"), ((9, 1, 3, 4, 4), "1、3–4、9")]
)
def test_pages_as_ranges(pages, written):
    assert page_ranges(pages, "、") == written
