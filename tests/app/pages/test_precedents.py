"""The page of precedents: sentences, wording, facets, the basket in the address, its Word file, and scope."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from urllib.parse import parse_qs, urlsplit

import docx
import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.pages.basket import MOST_PICKS, Basket, Pick
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.span import Span

KEY = "key-31aa"
SAID = "您提出的提案收悉，现答复如下："


@pytest.fixture(scope="module")
def engine(built):
    with Engine(built.model_copy(update={"api_keys": [KEY]})) as engine:
        yield engine


@pytest.fixture(scope="module")
def client(engine):
    return TestClient(create_app(engine), base_url="http://127.0.0.1", headers={"X-API-Key": KEY})


@pytest.fixture(scope="module")
def stranger(client):
    return TestClient(client.app, base_url="http://127.0.0.1")


def picks_on(html):
    return re.findall(r'type="checkbox" name="pick" value="([^"]+)"', html)


def pick_of(client, words):
    """Return a pick of words that stand in one document."""
    best = client.get("/api/v1/precedents", params={"q": words}).json()["precedents"][0]
    place = best["occurrences"][0]
    return f"{place['document_id']}:{place['start']}-{place['end']}", best["text"]


def test_a_sentence_shows_its_source_its_use_and_how_it_differs(client):
    html = client.get("/precedents", params={"q": SAID}).text
    assert "临教函〔2024〕31号" in html
    assert "来文收悉" in html
    assert re.search(r"<ins>.*?</ins>", html, re.DOTALL)
    link = unescape(re.search(r'href="(/documents/[^"]+)" data-open', html)[1])
    assert client.get(link).status_code == 200
    assert {"start", "end"} <= parse_qs(urlsplit(link).query).keys()


def test_without_words_the_page_says_what_it_is_for(client):
    response = client.get("/precedents")
    assert response.status_code == 200
    assert 'class="empty"' in response.text


@pytest.mark.parametrize("query", [{"q": "。，"}, {"q": "x" * 2001}, {"q": "心理", "year_from": "soon"}])
def test_what_cannot_be_looked_for_is_said(client, query):
    response = client.get("/precedents", params=query)
    assert response.status_code == 422
    assert 'role="alert"' in response.text


def test_nothing_found_is_said_with_advice(client):
    response = client.get("/precedents", params={"q": "qqqq wwww", "place": "临洲"})
    assert response.status_code == 200
    assert 'class="empty"' in response.text


def test_a_facet_is_a_link_that_narrows(client):
    html = client.get("/precedents", params={"q": "由市教育局牵头"}).text
    link = unescape(re.search(r'href="(/precedents\?[^"]*function=duty[^"]*)"', html)[1])
    narrowed = client.get(link).text
    assert "职责分工" in narrowed
    assert len(picks_on(narrowed)) <= len(picks_on(html))


def test_what_is_collected_stays_while_one_looks_on(client):
    first = picks_on(client.get("/precedents", params={"q": SAID}).text)[0]
    html = client.get("/precedents", params={"q": "心理援助热线", "pick": first}).text
    assert "临教函〔2024〕31号" in html[html.index('id="basket"') :]
    links = [unescape(link) for link in re.findall(r'href="(/precedents\?[^"]+)"', html)]
    kept = [link for link in links if f"pick={first.replace(':', '%3A')}" in link]
    assert kept  # facets and pages take the basket along
    assert html.count(f'type="hidden" name="pick" value="{first}"') == 3  # so do both forms, and the export


def test_the_basket_becomes_a_word_document_with_sources_in_footnotes(client):
    one, said = pick_of(client, SAID)
    other, hotline = pick_of(client, "热线由市精神卫生中心承办")
    response = client.get("/precedents/export.docx", params={"pick": [one, other], "title": "摘句 初稿"})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert "UTF-8''%E6%91%98%E5%8F%A5%20%E5%88%9D%E7%A8%BF.docx" in response.headers["content-disposition"]
    paragraphs = [p.text for p in docx.Document(io.BytesIO(response.content)).paragraphs]
    assert paragraphs[:3] == ["摘句 初稿", said, hotline]
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        notes = package.read("word/footnotes.xml").decode()
    assert "临教函〔2024〕31号" in notes
    assert "临卫发〔2025〕6号" in notes


@pytest.mark.parametrize("picks", [[], ["nothing"], ["0000000000000000:1-5"]])
def test_an_empty_basket_is_no_document(client, picks):
    assert client.get("/precedents/export.docx", params={"pick": picks}).status_code == 422


def test_who_may_not_see_a_document_gets_none_of_it_by_its_address(client, stranger):
    hidden, words = pick_of(client, "每学期开展两次食堂抽检")
    assert words in client.get("/precedents", params={"pick": hidden}).text
    html = stranger.get("/precedents", params={"pick": hidden}).text
    assert words not in html
    assert "临教函" not in html
    there, nowhere = hidden.partition(":")[0], "0" * 16
    absent = stranger.get("/precedents", params={"pick": hidden.replace(there, nowhere)}).text
    assert html.replace(there, nowhere) == absent  # nothing tells a hidden document from one that is not there
    assert stranger.get("/precedents/export.docx", params={"pick": hidden}).status_code == 422


@pytest.mark.parametrize(
    ("text", "pick"),
    [
        ("0a1b:3-9", Pick("0a1b", Span(3, 9))),
        ("0a1b:9-3", None),
        ("0a1b:3-3", None),
        ("../x:3-9", None),
        ("0a1b:-3-9", None),
        ("0a1b:3-9999999999", None),
        ("0a1b:٣-٩", None),
        ("", None),
    ],
)
def test_picks_are_read_strictly(text, pick):
    assert Pick.read(text) == pick
    if pick is not None:
        assert str(pick) == text


def test_a_basket_has_an_order_and_an_end(client, engine):
    catalog, scope = engine.reader().catalog, Scope.everything()
    (document, *_) = catalog.list_documents(scope=scope).documents
    texts = [f"{document.document_id}:{at}-{at + 3}" for at in range(MOST_PICKS + 5)]
    basket = Basket.of([*texts[:3], texts[0], "broken"], catalog, scope=scope)
    assert basket.picks == tuple(texts[:3])
    assert basket.lost == 1
    assert basket.without(1) == (texts[0], texts[2])
    assert basket.earlier(2) == (texts[0], texts[2], texts[1])
    assert basket.earlier(0) == basket.picks
    assert len(Basket.of(texts, catalog, scope=scope).picks) == MOST_PICKS
    long = Basket.of([f"{document.document_id}:0-999999"], catalog, scope=scope)
    assert (long.picks, long.lost) == ((), 1)
