"""Twins in the catalog: who is whose, which is read, and that no scope or filter is stepped over."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain.access import Disclosure, Scope
from rag.domain.filters import Filters
from rag.domain.reading import Reading
from rag.loaders.raw import MediaType
from rag.parsing.likeness import shingles, signature_of
from rag.store import families
from rag.store.repository import Catalog

from .conftest import Maker

ALL = Scope.everything()
PUBLIC = Scope.public()

LINES = [
    "关于青溪市校园安全的复函",
    "一、总体安排",
    "市教育局牵头，市公安局配合，对全市中小学校门前的道路逐一排查。",
    "二、保障措施",
    "每年检查两次，查出的隐患由学校所在街道记入台账，限期消除后销号。",
    "三、下一步打算",
    "把护学岗延伸到公交站点，请家长委员会推选代表参加上下学时段的值守。",
]
TEXT = "\n".join(LINES)


@pytest.fixture
def take(maker: Maker):
    """Take in a document with its signature; ``media_type`` and ``is_scan`` say how it was read."""

    def take_in(source, *, text=TEXT, media_type=MediaType.TEXT, is_scan=False, **changes):
        reading = Reading(media_type=media_type.value, ocr_pages=(1,) if is_scan else ())
        document = replace(maker.document(source, text=text, **changes), reading=reading)
        maker.catalog.replace(
            document, maker.passages(document), size=1, mtime_ns=1, signature=signature_of(shingles(text))
        )
        return document.document_id

    return take_in


def twins(catalog: Catalog, document_id, scope=ALL):
    return [twin.source for twin in catalog.twins([document_id], scope=scope).get(document_id, ())]


def listed(catalog: Catalog, scope=ALL, **filters):
    page = catalog.list_documents(scope=scope, filters=Filters(**filters), are_distinct=True)
    assert page.total == len(page.documents)
    return {document.source for document in page.documents}


def test_a_catalog_without_twins_admits_everything(take, catalog):
    take("甲.txt")
    take("乙.txt", text="\n".join(reversed(LINES)), number="青教函〔2024〕99号")
    assert catalog.admitted(scope=ALL) is None
    assert catalog.twins([], scope=ALL) == {}


def test_twins_are_mutual_and_the_typed_one_is_read(take, catalog):
    scan = take("b.png", media_type=MediaType.PNG, is_scan=True, text=TEXT.replace("隐患", "隐惠"))
    pdf = take("c.pdf", media_type=MediaType.PDF)
    docx = take("d.docx", media_type=MediaType.DOCX)
    take("别的.txt", text="\n".join(reversed(LINES)), number="青教函〔2024〕99号")
    assert twins(catalog, scan) == ["d.docx", "c.pdf"]
    assert twins(catalog, pdf) == ["d.docx", "b.png"]
    assert twins(catalog, docx) == ["c.pdf", "b.png"]
    assert listed(catalog) == {"d.docx", "别的.txt"}
    assert catalog.list_documents(scope=ALL).total == 4
    rows = catalog.admitted(scope=ALL)
    assert rows is not None
    assert len(rows) == 2


def test_of_two_as_good_the_first_by_name_is_read(take, catalog):
    take("乙/1.pdf", media_type=MediaType.PDF)
    take("丙/1.pdf", media_type=MediaType.PDF)
    assert listed(catalog) == {"丙/1.pdf"}


def test_what_the_scope_hides_is_neither_read_nor_named(take, catalog):
    hidden = take("a.docx", media_type=MediaType.DOCX, disclosure=Disclosure.INTERNAL)
    shown = take("b.pdf", media_type=MediaType.PDF)
    assert listed(catalog) == {"a.docx"}
    assert listed(catalog, PUBLIC) == {"b.pdf"}
    assert twins(catalog, shown, PUBLIC) == []
    assert twins(catalog, hidden, PUBLIC) == []
    rows = catalog.admitted(scope=PUBLIC)
    assert rows is not None
    assert len(rows) == 1


def test_filters_come_before_the_choice(take, catalog):
    take("a.docx", media_type=MediaType.DOCX, number=None)
    take("b.pdf", media_type=MediaType.PDF)
    assert listed(catalog) == {"a.docx"}
    assert listed(catalog, document_number="青教函〔2024〕12号") == {"b.pdf"}
    rows = catalog.admitted(scope=ALL, filters=Filters(document_number="青教函〔2024〕12号"))
    assert rows is not None
    assert len(rows) == 1


def test_duties_that_twins_state_are_counted_once(take, catalog):
    take("a.docx", media_type=MediaType.DOCX)
    take("b.pdf", media_type=MediaType.PDF)
    assert [document.source for _, document in catalog.duties(scope=ALL)] == ["a.docx"]
    assert [document.source for _, document in catalog.commitments(scope=ALL)] == ["a.docx"]
    assert catalog.counts(scope=ALL) == (2, 2 * len(LINES), 1)


def test_templates_are_not_twins(take, catalog):
    one = take("a.txt", number="青教函〔2024〕12号")
    take("b.txt", number="青教函〔2024〕13号")
    take("c.txt", issued_on=date(2023, 5, 6))
    assert twins(catalog, one) == []


def test_a_file_without_number_does_not_tie_two_with_different_ones(take, catalog):
    first = take("a.txt", number="青教函〔2024〕12号")
    take("b.txt", number="青教函〔2024〕13号")
    bare = take("c.txt", number=None)
    assert twins(catalog, bare) == ["a.txt"]
    assert twins(catalog, first) == ["c.txt"]
    assert listed(catalog) == {"a.txt", "b.txt"}


def test_two_poor_scans_are_joined_by_the_text_they_were_printed_from(take, catalog):
    choose = random.Random(7)
    text = "".join(choose.choice("春夏秋冬山川湖海桥路楼塔书画琴棋") for _ in range(900))

    def misread(every):
        return "".join("某" if n % every == 0 else c for n, c in enumerate(text, 1))

    one = take("a.png", is_scan=True, text=misread(41))
    two = take("b.png", is_scan=True, text=misread(43))
    assert twins(catalog, one) == []
    take("c.txt", text=text)
    assert twins(catalog, one) == ["c.txt", "b.png"]
    assert twins(catalog, two) == ["c.txt", "a.png"]


def test_a_family_of_one_is_none(take, catalog):
    kept = take("a.txt")
    take("b.md", media_type=MediaType.MARKDOWN)
    assert twins(catalog, kept) == ["b.md"]
    catalog.remove_source("b.md")
    assert twins(catalog, kept) == []
    assert catalog.admitted(scope=ALL) is None
    take("c.md", media_type=MediaType.MARKDOWN)
    assert twins(catalog, kept) == ["c.md"]


def test_a_document_taken_in_again_looks_for_its_twins_again(take, catalog):
    kept = take("a.txt")
    again = take("b.txt")
    take("b.txt", number="青教函〔2024〕13号")  # a hand correction: the same bytes
    assert twins(catalog, kept) == twins(catalog, again) == []
    take("b.txt")
    assert twins(catalog, kept) == ["b.txt"]


def test_a_document_is_not_compared_with_what_it_replaces(take, catalog, monkeypatch):
    compared = []
    real = families.are_twins
    monkeypatch.setattr(families, "are_twins", lambda one, other: compared.append(other.text) or real(one, other))
    take("a.txt")
    longer = f"{TEXT}\n另有补充。"
    document_id = take("a.txt", text=longer)
    assert compared == []
    take("b.pdf", text=longer, media_type=MediaType.PDF)
    assert compared == [longer]
    assert twins(catalog, document_id) == ["b.pdf"]


def test_a_family_is_not_mistaken_for_an_older_one(take, catalog):
    founder = take("a.txt")
    take("b.txt")
    take("c.txt")
    take("a.txt", number="青教函〔2024〕77号")
    newcomer = take("d.txt", number="青教函〔2024〕77号")
    assert twins(catalog, founder) == ["d.txt"]
    assert twins(catalog, newcomer) == ["a.txt"]


def test_one_taken_in_without_a_signature_is_made_good_later(take, maker, catalog):
    kept = take("a.txt")
    document = maker.take_in("b.txt", text=TEXT)
    assert catalog.unsigned() == [document.document_id]
    assert twins(catalog, kept) == []
    catalog.set_signature(document.document_id, signature_of(shingles(TEXT)))
    assert catalog.unsigned() == []
    assert twins(catalog, kept) == ["b.txt"]


def test_many_copies_are_one_family_of_which_some_are_named(take, catalog):
    for number in range(60):
        last = take(f"{number:02}.txt")
    assert len(catalog.twins([last], scope=ALL)[last]) == 20
    assert listed(catalog) == {"00.txt"}
    rows = catalog.admitted(scope=ALL)
    assert rows is not None
    assert len(rows) == 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.sampled_from([None, 1, 2])), max_size=12))
def test_families_have_members_and_agree(tmp_path_factory, steps):
    """Whatever comes and goes: no family of one, and never two 文号 in one."""
    with Catalog.open(tmp_path_factory.mktemp("families") / "catalog.db") as catalog:
        maker = Maker(catalog)
        for comes, name, number in steps:
            source = f"{name}.txt"
            if comes:
                written = f"青教函〔2024〕{number}号" if number else None
                document = maker.document(source, text=TEXT, number=written)
                signature = signature_of(shingles(TEXT))
                catalog.replace(document, maker.passages(document), size=1, mtime_ns=1, signature=signature)
            elif source in catalog.sources():
                catalog.remove_source(source)
        with catalog._database.reading() as connection:
            families = connection.execute(
                "SELECT count(*), count(DISTINCT d.number_key) FROM sketches AS s JOIN documents AS d ON d.id = s.document"
                " WHERE s.family IS NOT NULL GROUP BY s.family"
            ).fetchall()
        assert all(members > 1 and numbers <= 1 for members, numbers in families)
        assert catalog.problems() == []
