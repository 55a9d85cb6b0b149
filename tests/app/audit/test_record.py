"""What the log holds of a request: what was asked, without personal data, keys, or what goes on too long."""

from __future__ import annotations

import json

import pytest

from rag.app.audit.record import Record, cleaned


def record(**changes: object) -> Record:
    given = {
        "at": 1_772_366_400.25, "who": "张处", "key_id": "0a1b2c3d", "address": "192.0.2.7", "did": "read",
        "route": "POST /api/v1/ask", "asked": {}, "body": b"", "shown": (), "changed": (), "status": 200,
        "milliseconds": 12.345, **changes,
    }  # fmt: skip
    return Record(**given)  # type: ignore[arg-type]


def test_an_entry_tells_who_when_what_and_which_documents():
    body = json.dumps({"question": "托位有多少？", "filters": {"place": "棠湾"}}).encode()
    assert record(body=body, shown=("d4181023d156cb45",)).entry() == {
        "at": "2026-03-01T12:00:00.250Z", "who": "张处", "key": "0a1b2c3d", "from": "192.0.2.7", "did": "read",
        "route": "POST /api/v1/ask", "status": 200, "asked": {"question": "托位有多少？", "filters": {"place": "棠湾"}},
        "shown": ["d4181023d156cb45"], "ms": 12.3,
    }  # fmt: skip


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b"\xff\xfe", b"[" * 60_000])
def test_a_body_that_is_no_object_asks_nothing(body):
    assert "asked" not in record(body=body).entry()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("网格员手机13900000000是谁的", "网格员手机＊＊＊＊＊＊＊＊＊＊＊是谁的"),
        ({"q": ["身份证号510600199001010000"]}, {"q": ["身份证号＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊"]}),
        ({"13900000000": 1}, {"＊＊＊＊＊＊＊＊＊＊＊": 1}),
        ("心理援助热线12356", "心理援助热线12356"),
        ("密钥 rag_tgJFjxkum3sjpbQBmkg2YBgZKsK0qvPz0KlnhXD5lpo", "密钥 rag_…"),
        ("长" * 2_001, "长" * 2_000 + "…"),
        ("半\ud800个", "半?个"),
        ({"a": {"b": {"c": {"d": {"e": {"f": {"g": "太深"}}}}}}}, {"a": {"b": {"c": {"d": {"e": {"f": "…"}}}}}}),
        ({"n": 3, "x": None, "y": True}, {"n": 3, "x": None, "y": True}),
    ],
)
def test_what_is_kept_of_what_was_asked(given, kept):
    assert cleaned(given) == kept


def test_many_documents_are_counted():
    entry = record(shown=tuple(f"{n:016x}" for n in range(5_001))).entry()
    assert len(entry["shown"]) == 5_000
    assert entry["shown_in_all"] == 5_001
