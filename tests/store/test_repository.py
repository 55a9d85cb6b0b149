"""The catalog gives back what it was given, and forgets what it was told to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.domain.access import Disclosure, Scope
from rag.domain.filters import Filters
from rag.domain.layout import Box, Region
from rag.domain.reading import Reading
from rag.domain.span import Span
from rag.errors import NotFound
from rag.store.records import Counts, Failure, SourceRecord
from rag.store.repository import Catalog

ALL = Scope.everything()


def test_a_document_comes_back_whole(maker):
    document = maker.take_in()
    assert maker.catalog.document(document.document_id, scope=ALL) == document
    assert maker.catalog.text(document.document_id, scope=ALL) == document.text
    assert maker.catalog.passages_of(document.document_id, scope=ALL) == maker.passages(document)


def test_a_document_without_elements_comes_back_whole(maker):
    document = maker.take_in(
        title=None, issuer=None, place=None, number=None, issued_on=None, disclosure=Disclosure.UNLABELLED, text="无"
    )
    assert maker.catalog.document(document.document_id, scope=ALL) == document
    assert maker.catalog.list_documents(scope=ALL).documents[0].issued_on is None


def test_regions_and_reading_come_back_as_they_were(maker):
    regions = (
        Region(Span(0, 3), 1, Box(72.1, 90.0, 118.4, 106.5), (72.1, 88.1, 100.0, 118.4)),
        Region(Span(3, 5), 2, Box(0.0, 0.1, 9.9, 12.3)),
        Region(Span(6, 9), 3),
    )
    reading = Reading(
        "application/pdf", ocr_pages=(2,), confidence=0.987, hidden_characters=4, attachments=("附件.xlsx",)
    )
    document = replace(maker.document(), regions=regions, reading=reading)
    maker.catalog.replace(document, maker.passages(document), size=1, mtime_ns=1)
    assert maker.catalog.document(document.document_id, scope=ALL) == replace(document, regions=())
    assert maker.catalog.regions(document.document_id, scope=ALL) == regions


@pytest.mark.parametrize("read", ["document", "text", "regions"])
def test_an_unknown_document_and_a_hidden_one_look_alike(maker, read):
    document = maker.take_in(disclosure=Disclosure.INTERNAL)
    messages = set()
    for document_id, scope in ((document.document_id, Scope.public()), ("0" * 16, ALL)):
        with pytest.raises(NotFound) as caught:
            getattr(maker.catalog, read)(document_id, scope=scope)
        messages.add(str(caught.value).replace(document_id, "…"))
    assert len(messages) == 1


def test_it_is_there_after_opening_again(path, maker):
    document = maker.take_in()
    maker.catalog.close()
    with Catalog.open(path, read_only=True) as reader:
        assert reader.document(document.document_id, scope=ALL) == document


def test_passages_come_in_the_order_asked(maker):
    document = maker.take_in()
    rows = maker.catalog.passage_keys()[:, 0].tolist()
    asked = [rows[3], 999, rows[0], rows[2]]
    found = maker.catalog.passages(asked, scope=ALL)
    assert list(found) == [rows[3], rows[0], rows[2]]
    assert [p.ordinal for p in found.values()] == [3, 0, 2]
    assert all(p.span.of(document.text) == p.text for p in found.values())
    titled = maker.catalog.titled_passages(asked)
    assert [(row, title, p.ordinal) for row, title, p in titled] == [
        (row, document.elements.title, ordinal) for row, ordinal in ((rows[3], 3), (rows[0], 0), (rows[2], 2))
    ]


def test_many_passages_at_once(maker):
    maker.take_in(text="\n".join(f"第{n}句。" for n in range(1300)))
    rows = maker.catalog.passage_keys()[::-1, 0].tolist()
    assert list(maker.catalog.passages(rows, scope=ALL)) == rows


def test_a_passage_that_is_not_the_text_at_its_span_is_refused(maker):
    document = maker.document()
    wrong = replace(maker.passages(document)[0], span=Span(1, 5))
    with pytest.raises(ValueError, match="not the text"):
        maker.catalog.replace(document, [wrong], size=0, mtime_ns=0)
    assert maker.catalog.sources() == {}


def test_taking_in_the_same_again_keeps_every_row_number(maker):
    maker.take_in()
    keys = maker.catalog.passage_keys()
    maker.take_in()
    assert maker.catalog.passage_keys().tolist() == keys.tolist()


def test_a_new_title_gives_new_passages_under_new_numbers(maker):
    maker.take_in(seed="same")
    before = maker.catalog.passage_keys()
    maker.take_in(seed="same", title="另一个标题")
    after = maker.catalog.passage_keys()
    assert set(after[:, 1]) == set(before[:, 1])  # the document's number stays
    assert not set(after[:, 0]) & set(before[:, 0])
    assert not set(after[:, 2]) & set(before[:, 2])


def test_a_changed_file_replaces_its_document(maker):
    old = maker.take_in("a.txt", seed="old")
    new = maker.take_in("a.txt", seed="new", text="新文")
    assert {d.document_id for d in maker.catalog.list_documents(scope=ALL).documents} == {new.document_id}
    with pytest.raises(NotFound):
        maker.catalog.document(old.document_id, scope=ALL)
    assert maker.catalog.counts(scope=ALL) == Counts(documents=1, passages=1, duties=0)


def test_files_of_the_same_bytes_share_a_document_until_the_last_is_gone(maker):
    catalog = maker.catalog
    document = maker.take_in("b.txt", seed="same")
    maker.take_in("c.txt", seed="same")
    catalog.add_source("a.txt", document.document_id, size=10, mtime_ns=30)
    assert catalog.counts(scope=ALL).documents == 1
    assert list(catalog.sources()) == ["a.txt", "b.txt", "c.txt"]
    assert catalog.list_documents(scope=ALL).documents[0].source == "a.txt"
    assert catalog.document(document.document_id, scope=ALL).source == "a.txt"
    for source, left in (("a.txt", 1), ("b.txt", 1), ("c.txt", 0)):
        catalog.remove_source(source)
        assert catalog.counts(scope=ALL).documents == left
    assert catalog.counts(scope=ALL) == Counts(0, 0, 0)
    assert catalog.problems() == []


def test_numbers_are_never_given_twice(maker):
    maker.take_in("a.txt")
    before = maker.catalog.passage_keys()
    maker.catalog.remove_source("a.txt")
    maker.take_in("a.txt")
    after = maker.catalog.passage_keys()
    assert before[:, :2].max(axis=0).tolist() < after[:, :2].min(axis=0).tolist()
    assert not set(before[:, 0]) & set(after[:, 0])
    assert not set(before[:, 1]) & set(after[:, 1])


def test_a_moved_file_keeps_its_document(maker):
    document = maker.take_in("旧/a.txt")
    gone = maker.take_in("新/a.txt", seed="other")
    maker.catalog.add_source("新/a.txt", document.document_id, size=0, mtime_ns=0)
    maker.catalog.remove_source("旧/a.txt")
    assert list(maker.catalog.sources()) == ["新/a.txt"]
    assert maker.catalog.document(document.document_id, scope=ALL).source == "新/a.txt"
    with pytest.raises(NotFound):
        maker.catalog.document(gone.document_id, scope=ALL)


def test_what_is_said_of_a_source_comes_back(maker):
    document = maker.take_in("a.txt")
    record = SourceRecord("a.txt", document.document_id, document.sha256, 10, 20, "1", "/corpus")
    assert maker.catalog.sources() == {"a.txt": record}
    assert maker.catalog.sources_of(document.document_id, scope=ALL) == [record]
    assert record.path.as_posix() == "/corpus/a.txt"


def test_unknown_sources_and_documents_are_not_found(maker):
    with pytest.raises(NotFound):
        maker.catalog.remove_source("a.txt")
    with pytest.raises(NotFound):
        maker.catalog.add_source("a.txt", "0" * 16, size=0, mtime_ns=0)
    assert maker.catalog.revision == 0


def test_every_change_has_a_revision_of_its_own(maker):
    seen = [maker.catalog.revision]
    document = maker.take_in("a.txt")
    seen.append(maker.catalog.revision)
    maker.catalog.add_source("b.txt", document.document_id, size=0, mtime_ns=0)
    seen.append(maker.catalog.revision)
    maker.catalog.remove_source("a.txt")
    seen.append(maker.catalog.revision)
    assert seen == sorted(set(seen))
    maker.catalog.list_documents(scope=ALL)
    assert maker.catalog.revision == seen[-1]


def test_failures_are_those_of_the_last_run(maker):
    maker.catalog.record_failures([Failure("b", "空"), Failure("a", "坏")])
    maker.catalog.record_failures([Failure("c", "不支持"), Failure("c", "不支持")])
    assert maker.catalog.failures() == [Failure("c", "不支持")]
    maker.catalog.record_failures([])
    assert maker.catalog.failures() == []


def test_pages_of_the_list_follow_on_each_other_newest_first(maker):
    for n, day in enumerate((date(2023, 1, 1), None, date(2025, 1, 1), date(2024, 1, 1), None)):
        maker.take_in(f"{n}.txt", issued_on=day)
    whole = maker.catalog.list_documents(scope=ALL)
    assert whole.total == 5
    assert [d.source for d in whole.documents][:3] == ["2.txt", "3.txt", "0.txt"]
    parts = [maker.catalog.list_documents(scope=ALL, limit=2, offset=at) for at in (0, 2, 4, 6)]
    assert [d for part in parts for d in part.documents] == list(whole.documents)
    assert {part.total for part in parts} == {5}


def test_documents_are_counted_as_they_are_listed(maker):
    for number in range(3):
        maker.take_in(f"{number}.txt", place="白河市" if number else "青溪市")
    for filters in (Filters(), Filters(place="白河市"), Filters(place="黑河市")):
        page = maker.catalog.list_documents(scope=ALL, filters=filters)
        assert maker.catalog.count_documents(scope=ALL, filters=filters) == page.total
        assert maker.catalog.all_if_few(page.total, scope=ALL, filters=filters) == page.documents
        assert page.total == 0 or maker.catalog.all_if_few(page.total - 1, scope=ALL, filters=filters) is None


def test_tallies(maker):
    maker.take_in("1.txt")
    maker.take_in("2.txt", issued_on=date(2020, 1, 1))
    maker.take_in("3.txt", place="白河市", issuer=None, issued_on=None, number=None)
    assert maker.catalog.places(scope=ALL) == [("青溪市", 2), ("白河市", 1)]
    assert maker.catalog.issuers(scope=ALL) == [("青溪市教育局", 2)]
    assert maker.catalog.years(scope=ALL) == [("2024", 1), ("2020", 1)]


def test_what_a_reader_remembers_ends_with_the_next_change(path, maker):
    maker.take_in("1.txt")
    with Catalog.open(path, read_only=True) as reader:
        for _ in range(2):
            assert reader.places(scope=ALL) == [("青溪市", 1)]
            assert reader.admitted(scope=Scope.public()).tolist() == [1]
        maker.take_in("2.txt")
        assert reader.places(scope=ALL) == [("青溪市", 2)]
        assert reader.admitted(scope=Scope.public()).tolist() == [1, 2]
        assert reader.admitted(scope=Scope(frozenset())).tolist() == []


def test_what_is_rolled_back_is_not_remembered(maker):
    def take_in_and_fail() -> None:
        with maker.catalog.transaction():
            maker.take_in("1.txt", disclosure=Disclosure.PUBLIC)
            assert len(maker.catalog.admitted(scope=Scope.public())) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_in_and_fail()
    maker.take_in("1.txt", disclosure=Disclosure.INTERNAL)
    assert len(maker.catalog.admitted(scope=Scope.public())) == 0


def test_summaries_come_in_the_order_asked(maker):
    ids = [maker.take_in(f"{n}.txt").document_id for n in range(3)]
    asked = [ids[2], "0" * 16, ids[0]]
    assert list(maker.catalog.summaries(asked, scope=ALL)) == [ids[2], ids[0]]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE contents SET text = '改' || substr(text, 2)", "is not the text at its span"),
        ('UPDATE passages SET start = start + 1, "end" = "end" + 1 WHERE ordinal = 1', "is not the text at its span"),
        ("UPDATE passages SET section = '[\"别处\"]' WHERE ordinal = 1", "is not what was indexed"),
        ("DELETE FROM sources", "has no source"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM documents", "broken reference"),
    ],
)  # fmt: skip
def test_damage_is_found(maker, damage, problem):
    maker.take_in()
    assert maker.catalog.problems() == []
    maker.catalog._database._idle[0].executescript(damage)
    assert any(problem in line for line in maker.catalog.problems())
