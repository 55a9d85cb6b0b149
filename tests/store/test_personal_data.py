"""Personal data stands apart from the masked text, and is read by a scope that allows it alone."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from rag.domain.access import Disclosure, Scope
from rag.domain.personal import MASK, PersonalData, PersonalKind, masked
from rag.domain.span import Span
from rag.errors import NotFound

from .conftest import Maker

WORDS = "2600000"
TEXT = f"关于青溪市校园安全的复函\n联系电话：{WORDS}\n此件公开"
START = TEXT.index(WORDS)
DATA = PersonalData(Span(START, START + len(WORDS)), PersonalKind.PHONE, WORDS)
OPEN = Scope.everything(personal_data=True)


@pytest.fixture
def taken(maker: Maker):
    document = replace(maker.document(text=masked(TEXT, [DATA]), disclosure=Disclosure.INTERNAL), personal=(DATA,))
    maker.catalog.replace(document, maker.passages(document), size=1, mtime_ns=1)
    return document


def test_text_document_and_passages_are_masked_unless_the_scope_allows(catalog, taken):
    i = taken.document_id
    for scope, text, personal in (
        (Scope.everything(), TEXT.replace(WORDS, MASK * 7), ()),
        (OPEN, TEXT, (DATA,)),
    ):
        assert catalog.text(i, scope=scope) == text
        assert catalog.document(i, scope=scope).text == text
        assert catalog.document(i, scope=scope).personal == personal
        passages = catalog.passages_of(i, scope=scope)
        assert [p.text for p in passages] == text.split("\n")
        assert all(p.text == p.span.of(text) for p in passages)
        rows = catalog.passage_keys()[:, 0].tolist()
        assert [p.text for p in catalog.passages(rows, scope=scope).values()] == text.split("\n")


@pytest.mark.parametrize("length", [0, 5, START, START + 3, len(TEXT), 1_000])
def test_openings_are_how_texts_begin(catalog, taken, length):
    i = taken.document_id
    for scope in (Scope.everything(), OPEN):
        assert catalog.openings([i, "none"], length, scope=scope) == {i: catalog.text(i, scope=scope)[:length]}
    assert catalog.openings([i], length, scope=Scope.public()) == {}


def test_what_is_indexed_is_masked(catalog, taken):
    rows = catalog.passage_keys()[:, 0].tolist()
    assert not any(WORDS in passage.text for _, _, passage in catalog.titled_passages(rows))


def test_where_it_stands_is_told_within_the_scope_only(catalog, taken):
    i = taken.document_id
    assert catalog.personal_spans(i, scope=Scope.everything()) == [(DATA.span, PersonalKind.PHONE)]
    assert catalog.personal_spans(i, scope=Scope.public()) == []
    with pytest.raises(NotFound):
        catalog.text(i, scope=Scope(frozenset({Disclosure.PUBLIC}), personal_data=True))


def test_a_text_that_is_not_masked_is_refused(maker):
    document = replace(maker.document(text=TEXT), personal=(DATA,))
    with pytest.raises(ValueError, match="not masked"):
        maker.catalog.replace(document, maker.passages(document), size=1, mtime_ns=1)


def test_it_goes_with_its_document_and_with_a_new_reading(catalog, maker, taken, path):
    again = replace(taken, personal=(), text=taken.text)
    catalog.replace(again, maker.passages(again), size=1, mtime_ns=1)
    assert catalog.text(taken.document_id, scope=OPEN) == taken.text
    catalog.replace(taken, maker.passages(taken), size=1, mtime_ns=1)
    catalog.remove_source(taken.source)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM personal_data").fetchone() == (0,)
