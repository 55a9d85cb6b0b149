"""The page of one document: text and page side by side, its place among others, and what it says where it cannot show."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.settings import Settings
from tests.loaders.pdf_files import PdfFile, set_paragraphs

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("document-page")
    (folder / "corpus").mkdir()
    file = PdfFile()
    lines = ("棠湾市城市管理局", "棠城管函〔2024〕18号", "关于市政协三届三次会议第18号提案的答复", "提案委员：")
    page = file.page()
    for number, line in enumerate(lines):
        page.text(100, 100 + 40 * number, line)
    file.page().text(100, 100, "全市已设置便民摊点三十处。").text(100, 140, "2024年5月6日").text(
        100, 180, "（此件主动公开）"
    )
    (folder / "corpus/reply.pdf").write_bytes(file.data())
    text = "棠湾市2025年工作总结\n\n按照棠城管函〔2024〕18号，便民摊点增至四十处。\n\n（此件主动公开）"
    (folder / "corpus/report.txt").write_text(text, encoding="utf-8")
    text = (
        "棠湾市城市管理局文件\n\n棠城管发〔2025〕3号\n\n关于清理文件的通知\n\n各区：\n\n棠城管函〔2024〕18号同时废止。\n\n"
        "棠湾市城市管理局\n\n2025年3月1日\n\n（此件主动公开）"
    )
    (folder / "corpus/repeal.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def client(corpus):
    with Engine(Settings(index_dir=corpus / "index", corpus_dir=corpus / "corpus")) as engine:
        engine.ingest([corpus / "corpus"])
        yield TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE)


def _document(client, source):
    catalog = client.app.state.engine.reader().catalog
    found = catalog.list_documents(scope=Scope.everything()).documents
    document_id = next(d.document_id for d in found if d.source == source)
    return document_id, catalog.text(document_id, scope=Scope.everything())


def test_the_page_that_the_cited_words_stand_on_is_shown(client):
    document_id, text = _document(client, "reply.pdf")
    start = text.index("便民摊点")
    html = client.get(f"/documents/{document_id}?start={start}&end={start + 4}").text
    assert f'src="/documents/{document_id}/pages/2.png"' in html
    assert html.count('<rect class="cited"') == 1
    assert '<rect class="cited" x="180.0" y="' in html
    assert 'viewBox="0 0 595.0 842.0"' in html


def test_the_source_beside_an_answer_knows_that_page_though_the_paragraph_begins_before(tmp_path):
    (tmp_path / "corpus").mkdir()
    sentence = "全市已设置便民摊点三十处，占道经营投诉逐年下降，群众满意度稳步提升。"
    data = set_paragraphs(
        PdfFile(), ["关于便民摊点管理工作的通知", sentence * 20, "2024年5月6日（此件主动公开）"]
    ).data()
    (tmp_path / "corpus/long.pdf").write_bytes(data)
    with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")) as engine:
        engine.ingest([tmp_path / "corpus"])
        client = TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE)
        document_id, text = _document(client, "long.pdf")
        end = text.rindex(sentence) + len(sentence)
        shown = client.get(f"/documents/{document_id}/source?start={end - 8}&end={end}").text
    assert f"/documents/{document_id}/pages/2.json?start={end - 8}" in shown


def test_another_page_without_script(client):
    document_id, _ = _document(client, "reply.pdf")
    html = client.get(f"/documents/{document_id}").text
    assert f'src="/documents/{document_id}/pages/1.png"' in html
    assert f'href="/documents/{document_id}?page=2#page"' in html
    second = client.get(f"/documents/{document_id}?page=2").text
    assert f'src="/documents/{document_id}/pages/2.png"' in second
    assert client.get(f"/documents/{document_id}?page=99").status_code == 200


def test_a_format_without_pages_has_no_pane(client):
    document_id, _ = _document(client, "report.txt")
    html = client.get(f"/documents/{document_id}").text
    assert 'id="page"' not in html
    assert "data-copy" in html


def test_documents_lead_to_each_other(client):
    reply, _ = _document(client, "reply.pdf")
    report, text = _document(client, "report.txt")
    assert f'href="/documents/{reply}"' in client.get(f"/documents/{report}").text
    start = text.index("按照")
    assert f'href="/documents/{report}?start={start}&amp;' in client.get(f"/documents/{reply}").text


def test_that_it_is_repealed_is_said_first(client):
    reply, _ = _document(client, "reply.pdf")
    repealing, _ = _document(client, "repeal.txt")
    html = client.get(f"/documents/{reply}").text
    notice = html[html.index("本文已被废止") :]
    assert notice[: notice.index("</p>")].count(f'href="/documents/{repealing}"') == 1
    assert "予以废止" in client.get(f"/documents/{repealing}").text


def test_what_changed_is_said(client, corpus):
    document_id, _ = _document(client, "reply.pdf")
    file = corpus / "corpus/reply.pdf"
    before = file.read_bytes()
    file.write_bytes(before + b"\n")
    try:
        html = client.get(f"/documents/{document_id}").text
    finally:
        file.write_bytes(before)
    assert "原文件入库后已改动" in html
    assert ".png" not in html
