"""The answer's page: sent in pieces, in each form it can be had, and told when it fails on the way."""

from __future__ import annotations

import io
import json

import docx
import pytest
from fastapi.testclient import TestClient

from rag.answering.answerer import Answerer
from rag.app.api import create_app
from rag.app.pages.rendering import FLUSH
from rag.app.wiring import Engine

QUESTION = "哪个部门牵头开齐心理课程？"
FOLLOWING = {"q": "那畅通转介渠道呢？", "after": QUESTION}
PAGE = {"Accept": "text/html"}
WORDS = "words of a document"


@pytest.fixture(scope="module")
def client(built):
    with Engine(built) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def public_client(built):
    with Engine(built.model_copy(update={"api_keys": ["key-other"]})) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE)


def _events(text):
    """Read server-sent events (HTML Living Standard, 9.2.6)."""
    for block in text.split("\n\n"):
        fields = [line.partition(":")[::2] for line in block.splitlines()]
        if fields:
            yield (
                "".join(value.strip() for name, value in fields if name == "event"),
                "\n".join(value.removeprefix(" ") for name, value in fields if name == "data"),
            )


def test_the_frame_is_sent_before_the_answer_is_looked_for(client, monkeypatch):
    looked = []
    answer = Answerer.answer
    monkeypatch.setattr(Answerer, "answer", lambda *a, **k: looked.append(1) or answer(*a, **k))
    with client.stream("GET", "/", params={"q": QUESTION}) as response:
        pieces = list(response.iter_text())
    assert "".join(pieces).count("</html>") == 1
    assert FLUSH not in "".join(pieces)
    assert looked == [1]


@pytest.mark.parametrize("given", [{"q": QUESTION}, FOLLOWING, {"q": "火星移民补贴每人多少元？"}], ids=str)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_events_bring_what_the_page_holds(client, given, lang):
    page = client.get("/", params={**given, "lang": lang}).text
    events = list(_events(client.get("/ask/stream", params={**given, "lang": lang}).text))
    names = [name for name, _ in events]
    assert (names[0], names[-1]) == ("begin", "end")
    squeezed = "".join(page.split())
    for name, html in events:
        part = html.partition('<div class="statements"')[0] if name == "opening" else html  # they come on their own
        assert "".join(part.split()) in squeezed
    assert names.count("statement") == page.split('id="answer"')[1].split('class="toolbar')[0].count("<p data-result")


def test_json_twin(client):
    found = client.get("/ask/answer.json", params=FOLLOWING).json()
    asked = client.post("/api/v1/ask", json={"question": FOLLOWING["q"], "history": [QUESTION]}).json()
    asked.pop("elapsed_ms")
    assert found == asked
    assert found["interpreted"]


def test_word_file(client):
    response = client.get("/ask/answer.docx", params={"q": QUESTION})
    answer = client.get("/ask/answer.json", params={"q": QUESTION}).json()
    document = docx.Document(io.BytesIO(response.content))
    words = "\n".join(p.text for p in document.paragraphs)
    assert document.paragraphs[0].text == QUESTION
    for statement in answer["statements"]:
        assert statement["text"] in words
    for citation in answer["citations"]:
        assert citation["quote"] in words
        assert citation["document_number"] in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "、".join(answer["duties"][0]["lead"]) in cells


@pytest.mark.parametrize("path", ["/ask/stream", "/ask/answer.json", "/ask/answer.docx"])
@pytest.mark.parametrize(("query", "status"), [({}, 422), ({"q": " "}, 422), ({"q": "问" * 2001}, 422)], ids=str)
def test_a_wrong_question_is_refused(client, path, query, status):
    assert client.get(path, params=query).status_code == status


@pytest.mark.parametrize("path", ["/", "/ask/stream", "/ask/answer.json", "/ask/answer.docx"])
def test_each_form_keeps_to_the_scope(client, public_client, path):
    question = {"q": "汐川县储备冲锋舟多少艘？"}
    assert b"42" in client.get("/ask/answer.json", params=question).content
    response = public_client.get(path, params=question)
    content = response.content
    if path.endswith("docx"):
        content = "".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs).encode()
    assert "42艘".encode() not in content


@pytest.mark.parametrize("path", ["/", "/ask/stream"])
def test_a_failure_on_the_way_is_told_without_its_words(client, monkeypatch, caplog, path):
    def fail(*_, **__):
        raise RuntimeError(WORDS)

    monkeypatch.setattr(Answerer, "answer", fail)
    response = client.get(path, params={"q": QUESTION})
    assert "系统出错" in response.text
    assert WORDS not in response.text + caplog.text


def test_the_source_part_marks_the_words(client):
    citation = client.get("/ask/answer.json", params={"q": QUESTION}).json()["citations"][0]
    path = f"/documents/{citation['document_id']}/source"
    part = client.get(path, params={"start": citation["start"], "end": citation["end"], "citation": 1})
    marked = "".join(piece.split("</mark>")[0] for piece in part.text.split("<mark>")[1:])
    assert "".join(marked.replace("<b>", "").replace("</b>", "").split()) == "".join(citation["quote"].split())
    assert "<html" not in part.text


@pytest.mark.parametrize("span", [(5, 5), (9, 3), (0, 999_999), (-1, 4)], ids=str)
def test_a_source_part_of_no_words_is_refused(client, span):
    document_id = client.get("/api/v1/documents").json()["documents"][0]["document_id"]
    response = client.get(f"/documents/{document_id}/source", params={"start": span[0], "end": span[1]})
    assert response.status_code == 422


def test_a_hidden_documents_source_is_as_absent(client, public_client):
    listed = client.get("/api/v1/documents").json()["documents"]
    hidden = next(d["document_id"] for d in listed if d["disclosure"] == "internal")
    span = {"start": 0, "end": 4}
    told = public_client.get(f"/documents/{hidden}/source", params=span, headers={"Accept": "application/json"})
    absent = public_client.get(f"/documents/{'0' * 16}/source", params=span, headers={"Accept": "application/json"})
    assert (told.status_code, absent.status_code) == (404, 404)
    assert json.loads(told.text.replace(hidden, "0" * 16)) == absent.json()
