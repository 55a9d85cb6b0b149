"""The pages of duties and of commitments: filters, orders, pages, charts, links to the source, exports of the same rows."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from fastapi.testclient import TestClient
from lxml import html as html_parser

from rag.app.api import create_app
from rag.app.pages.charts import SHADES, Choice, bars_of, matrix_of, shortened
from rag.app.wiring import Engine

KEY = "key-90bc"


@pytest.fixture(scope="module")
def client(built):
    with Engine(built.model_copy(update={"api_keys": [KEY]})) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1", headers={"X-API-Key": KEY})


@pytest.fixture(scope="module")
def stranger(client):
    return TestClient(client.app, base_url="http://127.0.0.1")


def rows(response):
    """Return the text of the first cell of each row of the list."""
    assert response.status_code == 200, response.text
    page = html_parser.fromstring(response.text)
    return [" ".join(cell.text_content().split()) for cell in page.xpath("//tr[@data-result]/th")]


def links_of(response, label):
    page = html_parser.fromstring(response.text)
    return [a.get("href") for a in page.xpath("//a") if label in a.text_content()]


@pytest.mark.parametrize(
    ("path", "query", "count"),
    [
        ("/duties", {}, 2),
        ("/duties", {"agency": "市卫健委"}, 2),
        ("/duties", {"agency": "市卫健委", "role": "lead"}, 1),
        ("/duties", {"agency": "市卫健委", "role": "cooperating"}, 1),
        ("/duties", {"q": "心理课程"}, 1),
        ("/duties", {"place": "临洲"}, 2),
        ("/duties", {"kind": "law"}, 0),
        ("/duties", {"year_from": "2024", "year_to": "2024"}, 2),
        ("/commitments", {"status": "target"}, 1),
        ("/commitments", {"agency": "临洲市教育局"}, None),
        ("/commitments", {"due_from": "2026-01-01"}, 1),
        ("/commitments", {"due_to": "2020-01-01"}, 0),
    ],
)
def test_the_page_lists_what_the_api_lists(client, path, query, count):
    listed = rows(client.get(path, params=query))
    told = client.get(f"/api/v1{path}", params=query).json()
    facts = told[path[1:]]
    assert listed == [" ".join(fact.get("task", fact.get("text")).split()) for fact in facts]
    if count is None:
        assert told["total"] == len(facts) > 0
    else:
        assert told["total"] == count


@pytest.mark.parametrize("path", ["/duties", "/commitments"])
def test_each_row_is_one_click_from_its_words(client, path):
    response = client.get(path)
    page = html_parser.fromstring(response.text)
    listed = page.xpath("//tr[@data-result]")
    assert listed
    for row in listed:
        link = row.xpath("./th/a/@href")[0]
        asked = parse_qs(urlsplit(link).query)
        document_id = urlsplit(link).path.rpartition("/")[2]
        text = client.get(f"/api/v1/documents/{document_id}/text").json()["text"]
        words = text[int(asked["start"][0]) : int(asked["end"][0])]
        assert "".join(words.split()) == "".join(row.xpath("./th")[0].text_content().split())
        assert '<mark id="quote"' in client.get(link).text


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/duties", {"sort": "-task"}),
        ("/duties", {"place": "临洲", "sort": "lead"}),
        ("/commitments", {"status": "planned"}),
        ("/commitments", {"sort": "-deadline"}),
    ],
)
def test_exports_hold_the_rows_of_the_page_in_its_order(client, path, query):
    response = client.get(path, params=query)
    listed = rows(response)
    (csv_link,), (xlsx_link,) = links_of(response, "CSV"), links_of(response, "Excel")
    written = list(csv.reader(io.StringIO(client.get(csv_link).content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(xlsx_link).content)).active
    assert [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)] == written
    told = client.get(f"/api/v1{path}", params=query).json()[path[1:]]
    heading = written[0].index("原文 quote")
    assert [row[heading] for row in written[1:]] == [fact["quote"] for fact in told]
    assert len(written) - 1 == len(listed)


def test_columns_sort_both_ways(client):
    response = client.get("/duties", params={"sort": "task"})
    assert 'aria-sort="ascending"' in response.text
    (link,) = links_of(response, "任务")
    assert rows(client.get(link)) == rows(response)[::-1]


def test_pages_follow_each_other(client, monkeypatch):
    monkeypatch.setattr("rag.app.pages.fact_pages.ROWS_A_PAGE", 1)
    whole = [duty["task"] for duty in client.get("/api/v1/duties").json()["duties"]]
    first = client.get("/duties")
    (link,) = links_of(first, "下一页")
    second = client.get(unescape(link))
    assert rows(first) + rows(second) == whole
    assert "svg" in first.text
    assert "<svg" not in second.text  # charts stand on the first page, for all of the list
    assert f"共 {len(whole)} 条" in second.text


@pytest.mark.parametrize("path", ["/duties", "/commitments"])
def test_charts_count_all_and_say_so_in_a_table(client, path):
    response = client.get(path)
    page = html_parser.fromstring(response.text)
    figures = page.xpath("//figure")
    assert len(figures) == 2
    for figure in figures:
        if bars := figure.xpath(".//td[@class='length']//rect/@width"):  # a table already, a bar a row
            numbers = [int(cell.text_content()) for cell in figure.xpath(".//td[@class='num']")]
            assert [float(width) for width in bars] == [round(100 * each / max(numbers), 1) for each in numbers]
            continue
        assert figure.xpath(".//svg/@role") == ["img"]
        assert figure.xpath(".//svg/@aria-label")[0] in figure.xpath("./figcaption")[0].text_content()
        drawn = [
            t.text
            for t in figure.xpath(".//svg/text")
            if (t.text or "").isdigit() and "label" not in (t.get("class") or "")
        ]
        assert drawn == [t for td in figure.xpath(".//table//td") if (t := td.text_content().strip())]
    assert "style=" not in response.text  # the policy forbids it


def test_a_bar_is_a_link_to_what_it_counts(client):
    response = client.get("/duties")
    page = html_parser.fromstring(response.text)
    bars = page.xpath("//figure[1]//tbody/tr")
    assert bars
    for row in bars:
        link, number = row.xpath("./th/a/@href")[0], int(row.xpath("./td")[0].text_content())
        assert len(rows(client.get(link))) == number


def test_a_cell_is_a_link_to_what_it_counts(client):
    page = html_parser.fromstring(client.get("/commitments").text)
    cells = page.xpath("//figure//td/a")
    assert cells
    for cell in cells:
        assert len(rows(client.get(cell.get("href")))) == int(cell.text_content())


def test_the_statuses_are_counted_beside_each_other(client):
    html = client.get("/commitments", params={"status": "target"}).text
    counts = dict(re.findall(r'status=(\w+)[^>]*>[^<]*<span class="count">(\d+)', html))
    told = client.get("/api/v1/commitments").json()["commitments"]
    assert counts
    assert counts == {s: str(sum(c["status"] == s for c in told)) for s in {c["status"] for c in told}}


def test_who_has_no_key_sees_facts_of_public_documents_in_lists_and_charts(stranger):
    for path in ("/duties", "/commitments"):
        html = stranger.get(path).text
        assert "data-result" in html
        assert "汐川" not in html  # 不予公开 and unlabelled
        assert "食堂抽检" not in html


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "joke"},
        {"page": "0"},
        {"page": "x"},
        {"page": "²"},
        {"status": "lost"},
        {"due_from": "soon"},
        {"x": "1"},
    ],
)
def test_what_cannot_be_listed_is_an_error_page(client, query):
    response = client.get("/commitments", params=query, headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert "text/html" in response.headers["content-type"]


def test_nothing_to_list_is_said(client):
    assert 'class="empty"' in client.get("/duties", params={"q": "没有这样的词"}).text
    beyond = client.get("/duties", params={"page": "9"})
    assert beyond.status_code == 200
    assert links_of(beyond, "回到第一页")


# ---------------------------------------------------------------------------------------------- charts


def test_bars_are_as_long_as_their_numbers():
    chart = bars_of([(Choice("甲"), 8), (Choice("乙"), 4), (Choice("丙"), 1)], most=2)
    assert [bar.number for bar in chart.bars] == [8, 4]
    assert chart.bars[0].width == 2 * chart.bars[1].width
    assert chart.more == 1


def test_shades_grow_with_numbers_and_nothing_is_blank():
    counts = {("r", column): (column, None) for column in range(21)}
    chart = matrix_of([("r", Choice("r"))], [(c, Choice(str(c))) for c in range(21)], counts)
    shades = [cell.shade for cell in chart.cells[0]]
    assert shades == sorted(shades)
    assert (shades[0], shades[1], shades[-1]) == (0, 1, SHADES)
    assert chart.width >= chart.cells[0][-1].x + 44


def test_a_chart_of_nothing_is_no_error():
    assert bars_of([], most=5).bars == ()
    assert matrix_of([], [], {}).cells == ()


@pytest.mark.parametrize(("label", "short"), [("市教育局", "市教育局"), ("甲" * 20, "甲" * 13 + "…"), ("", "")])
def test_long_labels_are_cut(label, short):
    assert shortened(label) == short
