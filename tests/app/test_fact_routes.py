"""Lists of facts over HTTP, over a real index: as JSON, CSV and workbook, filtered, paged and within the scope."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine


@pytest.fixture(scope="module")
def client(built):
    with Engine(built) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def keyed(built):
    """A server with keys."""
    with Engine(built.model_copy(update={"api_keys": ["a-key-of-this-test"]})) as engine:
        yield TestClient(create_app(engine), base_url="http://127.0.0.1")


# ------------------------------------------------------------------------------------------ duties


def test_duties_as_json_csv_and_workbook(client):
    body = client.get("/api/v1/duties", params={"q": "心理课程"}).json()
    (duty,) = body["duties"]
    assert (duty["lead"], duty["cooperating"]) == (["市教育局"], ["市卫生健康委", "团市委"])
    text = client.get(f"/api/v1/documents/{duty['document_id']}/text").json()["text"]
    assert text[duty["start"] : duty["end"]] == duty["quote"]

    response = client.get("/api/v1/duties", params={"q": "心理课程", "format": "csv"})
    assert response.headers["content-type"].startswith("text/csv")
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][1] == "市教育局"

    workbook = client.get("/api/v1/duties", params={"q": "心理课程", "format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.content)).active
    assert [cell.value for cell in sheet[2]][:3] == rows[1][:3]


@pytest.mark.parametrize("name", ["duties", "commitments", "events"])
def test_a_list_that_asks_for_no_page_is_whole(client, name):
    body = client.get(f"/api/v1/{name}").json()
    assert len(body[name]) == body["total"] > 0
    most = client.get("/openapi.json").json()["paths"][f"/api/v1/{name}"]["get"]["parameters"]
    assert next(each["schema"]["default"] for each in most if each["name"] == "limit") == 1000


def test_duties_are_paged_but_exports_are_whole(client):
    total = client.get("/api/v1/duties").json()["total"]
    assert total >= 2
    page = client.get("/api/v1/duties", params={"limit": 1, "offset": 1}).json()
    assert page["total"] == total
    assert len(page["duties"]) == 1

    def rows(**params):
        return len(client.get("/api/v1/duties", params={"format": "csv", **params}).text.splitlines()) - 1

    assert rows() == total
    assert rows(limit=1) == 1


# ------------------------------------------------------------------------------------------ commitments


def test_commitments_as_json_csv_and_workbook(client):
    body = client.get("/api/v1/commitments", params={"q": "配备率 临洲"}).json()
    (commitment,) = body["commitments"]
    assert (commitment["status"], commitment["deadline"]) == ("target", "2026-12-31")
    assert commitment["deadline_text"] == "到2026年"
    assert [(f["value"], f["unit"]) for f in commitment["figures"]] == [(95, "%")]
    text = client.get(f"/api/v1/documents/{commitment['document_id']}/text").json()["text"]
    assert text[commitment["start"] : commitment["end"]] == commitment["quote"]
    for figure in commitment["figures"]:
        assert text[figure["start"] : figure["end"]] == figure["text"]

    response = client.get("/api/v1/commitments", params={"q": "配备率", "format": "csv"})
    assert response.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][1:4] == ["target", commitment["actor"], "2026-12-31"]
    workbook = client.get("/api/v1/commitments", params={"q": "配备率", "format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.content)).active
    assert [cell.value for cell in sheet[2]][:4] == rows[1][:4]


def test_commitments_are_filtered_and_paged(client):
    def total(**params):
        return client.get("/api/v1/commitments", params=params).json()["total"]

    everything = total()
    assert everything >= 1
    assert sum(total(status=status) for status in ("done", "planned", "target")) == everything
    assert total(due_to="2026-12-31") >= 1
    assert total(due_from="2027-01-01") == 0
    assert total(kind="law") == 0
    page = client.get("/api/v1/commitments", params={"limit": 1, "offset": everything}).json()
    assert (page["total"], page["commitments"]) == (everything, [])


def test_commitments_hold_to_the_scope(keyed, public):
    found = keyed.get("/api/v1/commitments").json()
    assert set() < {c["source"] for c in found["commitments"]} <= public
    assert found["total"] == len(found["commitments"])


# ------------------------------------------------------------------------------------------ events


def test_events_as_json_csv_and_workbook(client):
    body = client.get("/api/v1/events").json()
    assert body["total"] == len(body["events"]) >= 1
    event = body["events"][0]
    text = client.get(f"/api/v1/documents/{event['document_id']}/text").json()["text"]
    assert text[event["start"] : event["end"]] == event["quote"]
    rows = list(csv.reader(io.StringIO(client.get("/api/v1/events?format=csv").content.decode("utf-8-sig"))))
    assert len(rows) == body["total"] + 1
    assert rows[1][:3] == [event["what"], event["actor"] or "", event["starts_on"] or ""]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/api/v1/events?format=xlsx").content)).active
    assert [cell.value or "" for cell in sheet[2]][:3] == rows[1][:3]


def test_events_are_filtered_and_paged(client):
    def total(**params):
        return client.get("/api/v1/events", params=params).json()["total"]

    assert total(date_to="1990-01-01") == total(kind="law") == 0
    assert total(date_from="2000-01-01") <= total()
    page = client.get("/api/v1/events", params={"limit": 1, "offset": total()}).json()
    assert (page["total"], page["events"]) == (total(), [])


def test_events_hold_to_the_scope(keyed, public):
    found = keyed.get("/api/v1/events").json()
    assert {e["source"] for e in found["events"]} <= public
    assert found["total"] == len(found["events"])
