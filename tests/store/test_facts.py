"""Facts of documents: in order, by words, a page at a time, and never more than scope and filters allow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.access import Disclosure, Scope
from rag.domain.commitment import Commitment, CommitmentQuery, CommitmentStatus
from rag.domain.event import EventQuery, Period
from rag.domain.filters import Filters
from rag.domain.obligation import DutyQuery
from rag.domain.span import Span
from rag.store.conditions import duty_condition
from rag.store.fact_words import words_of
from rag.store.repository import Catalog

ALL = Scope.everything()
PUBLIC = Scope.public()
COMMITMENT = Commitment(
    Span(0, 4), "年内新建助餐点12家", "市卫健局", "新建助餐点12家", CommitmentStatus.PLANNED, None, None, (), ("二、任务",)
)  # fmt: skip


def test_duties_come_with_their_documents(maker):
    maker.take_in("b.txt")
    maker.take_in("a.txt", place="白河市")
    found = list(maker.catalog.duties(scope=ALL))
    assert [(duty.lead, document.source) for duty, document in found] == [
        (("市教育局",), "a.txt"),
        (("市教育局",), "b.txt"),
    ]
    assert [d.source for _, d in maker.catalog.duties(scope=ALL, filters=Filters(place="青溪"))] == ["b.txt"]


def test_commitments_come_with_their_documents(maker):
    maker.take_in("b.txt")
    document = maker.take_in("a.txt", place="白河市")
    found = list(maker.catalog.commitments(scope=ALL))
    assert [document.source for _, document in found] == ["a.txt", "b.txt"]
    assert found[0][0] == document.commitments[0]
    assert [d.source for _, d in maker.catalog.commitments(scope=ALL, filters=Filters(place="青溪"))] == ["b.txt"]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (CommitmentQuery(), 1),
        (CommitmentQuery(status=CommitmentStatus.PLANNED), 1),
        (CommitmentQuery(status=CommitmentStatus.DONE), 0),
        (CommitmentQuery(due_from=date(2024, 12, 31)), 1),
        (CommitmentQuery(due_from=date(2025, 1, 1)), 0),
        (CommitmentQuery(due_to=date(2024, 12, 31)), 1),
        (CommitmentQuery(due_to=date(2024, 12, 30)), 0),
        (CommitmentQuery(CommitmentStatus.PLANNED, date(2024, 1, 1), date(2024, 12, 31)), 1),
    ],
)
def test_commitments_by_status_and_date(maker, query, number):
    maker.take_in()
    assert len(list(maker.catalog.commitments(scope=ALL, query=query))) == number


@pytest.mark.parametrize(
    ("query", "number"),
    [
        (EventQuery(), 1),
        (EventQuery(date_from=date(2024, 3, 31)), 1),
        (EventQuery(date_from=date(2024, 4, 1)), 0),
        (EventQuery(date_to=date(2024, 3, 1)), 1),
        (EventQuery(date_to=date(2024, 2, 29)), 0),
        (EventQuery(date(2024, 3, 10), date(2024, 3, 20)), 1),
    ],
)
def test_events_by_date(maker, query, number):
    document = maker.take_in()
    found = list(maker.catalog.events(scope=ALL, query=query))
    assert [event for event, _ in found] == list(document.events)[:number]


def test_an_event_that_goes_on_is_found_later_and_one_without_date_only_where_none_is_asked(maker):
    document = maker.document()
    (event,) = document.events
    open_ended = replace(event, period=Period(date(2024, 3, 1), None))
    events = (open_ended, replace(event, period=None))
    document = replace(document, events=events)
    maker.catalog.replace(document, maker.passages(document), size=1, mtime_ns=1)
    found = [e for e, _ in maker.catalog.events(scope=ALL, query=EventQuery(date_from=date(2030, 1, 1)))]
    assert found == [open_ended]
    assert [e for e, _ in maker.catalog.events(scope=ALL)] == list(events)


def test_commitments_go_with_what_they_were_read_from(maker):
    maker.take_in("a.txt")
    maker.take_in("a.txt", text="关于青溪市校园安全的复函\n一、总体安排\n市教育局牵头。", seed="later")
    assert list(maker.catalog.commitments(scope=ALL)) == []


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("", True), ("助餐点", True), ("助餐点 任务", True), ("养老服务", True),  # text, heading, title
        ("市卫健委", True), ("市卫生健康委员会", True), ("助餐點", True),  # another name, other script
        ("托育", False), ("助餐点 托育", False), ("省卫健委", False), ("点1", True), ("家 市", True), ("%", False), ("_", False),
    ],
)  # fmt: skip
def test_every_word_must_be_held(maker, words, is_found):
    document = replace(maker.document(title="养老服务方案"), commitments=(COMMITMENT,))
    maker.catalog.replace(document, maker.passages(document), size=1, mtime_ns=1)
    query = CommitmentQuery(words=words)
    found = list(maker.catalog.commitments(scope=ALL, query=query))
    assert found == list(maker.catalog.commitments(scope=ALL)) * is_found
    assert maker.catalog.page_of_commitments(scope=ALL, query=query, limit=9).total == len(found)


def test_duties_and_events_are_found_by_their_agencies_and_titles(maker):
    maker.take_in()
    for words, number in (("市公安局 校园", 1), ("教体局", 0), ("水利局", 0), ("总体安排 复函", 1)):
        assert maker.catalog.page_of_duties(scope=ALL, query=DutyQuery(words), limit=9).total == number, words
    for words, number in (("检查 保障措施", 1), ("青溪市教育局 校园安全", 1), ("公安局", 0)):
        assert maker.catalog.page_of_events(scope=ALL, query=EventQuery(words=words), limit=9).total == number, words


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Return a catalog, opened to read, of twelve documents with none to three facts of a kind each."""
    from tests.store.conftest import Maker

    path = tmp_path_factory.mktemp("facts") / "catalog.db"
    with Catalog.open(path) as catalog:
        maker = Maker(catalog)
        for n in range(12):
            hidden = Disclosure.INTERNAL if n % 5 == 4 else Disclosure.PUBLIC
            document = maker.document(f"{n * 7 % 12:02}.txt", place=f"{'白青'[n % 2]}河市", disclosure=hidden)
            commitments = tuple(
                replace(
                    COMMITMENT,
                    text=f"第{k}项{'助餐' * (k % 2)}",
                    actor=[None, "市卫健局", '“甲”"局'][k % 3],
                    deadline=date(2025 + k, 6, 30) if k else None,
                )
                for k in range(n % 4)
            )
            document = replace(document, commitments=commitments)
            catalog.replace(document, maker.passages(document), size=1, mtime_ns=1)
    with Catalog.open(path, read_only=True) as catalog:
        yield catalog


@given(
    limit=st.integers(1, 30),
    offset=st.integers(0, 30),
    words=st.sampled_from(["", "助餐", "第2项", "没有"]),
    place=st.sampled_from([None, "白河"]),
    scope=st.sampled_from([ALL, PUBLIC]),
)
def test_a_page_is_that_part_of_the_whole_list(many, limit, offset, words, place, scope):
    filters, query = Filters(place=place), CommitmentQuery(words=words)
    whole = list(many.commitments(scope=scope, filters=filters, query=query))
    page = many.page_of_commitments(scope=scope, filters=filters, query=query, limit=limit, offset=offset)
    assert page.total == len(whole)
    assert list(page.facts) == whole[offset : offset + limit]
    assert [d.source for _, d in whole] == sorted(d.source for _, d in whole)


def test_a_page_counts_only_what_the_scope_may_see(many):
    hidden = [d for _, d in many.commitments(scope=ALL) if d.disclosure is Disclosure.INTERNAL]
    assert hidden
    everything, public = (many.page_of_commitments(scope=s, limit=1).total for s in (ALL, PUBLIC))
    assert everything - public == len(hidden)


def test_the_facts_of_named_documents_alone(many):
    ids = list(dict.fromkeys(d.document_id for _, d in many.commitments(scope=ALL)))[1:3]
    assert {d.document_id for _, d in many.commitments(scope=ALL, documents=ids)} == set(ids)
    assert list(many.commitments(scope=ALL, documents=[])) == []


@pytest.mark.parametrize("scope", [ALL, PUBLIC])
@pytest.mark.parametrize("words", ["", "校园", "没有"])
def test_groups_count_what_the_lists_hold(many, scope, words):
    query = DutyQuery(words)
    listed = Counter((d.place, duty.lead, duty.cooperating) for duty, d in many.duties(scope=scope, query=query))
    groups = many.duty_groups(scope=scope, query=query)
    assert {(g.place, g.lead, g.cooperating): g.facts for g in groups} == listed
    for group in groups:
        of_it = list(many.duties(scope=scope, query=replace(query, units=frozenset({group.key}))))
        assert {(duty.lead, duty.cooperating) for duty, _ in of_it} == {(group.lead, group.cooperating)}
    assert list(many.duties(scope=scope, query=DutyQuery(units=frozenset()))) == []


@pytest.mark.parametrize("scope", [ALL, PUBLIC])
@pytest.mark.parametrize("words", ["", "助餐"])
def test_groups_of_commitments_count_what_the_lists_hold(many, scope, words):
    query = CommitmentQuery(words=words)
    listed = Counter(
        (d.place, c.actor, c.status, c.deadline and c.deadline.year)
        for c, d in many.commitments(scope=scope, query=query)
    )
    groups = many.commitment_groups(scope=scope, query=query)
    assert {(g.place, g.actor, g.status, g.due): g.facts for g in groups} == listed
    assert {g.year for g in groups} == {2024}
    named = replace(query, actors=frozenset(g.actor for g in groups if g.actor))
    assert len(list(many.commitments(scope=scope, query=named))) == sum(g.facts for g in groups if g.actor)
    nobody = CommitmentQuery(actors=frozenset({"没有这个局"}))
    assert list(many.commitments(scope=scope, query=nobody)) == []


def test_a_catalog_from_before_the_words_is_searched_by_them(path: Path):
    from tests.store.conftest import Maker

    with Catalog.open(path) as catalog:
        Maker(catalog).take_in()
        with catalog._database.writing() as connection:  # as it was before the migration
            for table in ("duties", "commitments", "events"):
                connection.execute(f"ALTER TABLE {table} DROP COLUMN words")
            connection.execute("DELETE FROM migrations WHERE name = 'fact_words'")
    with Catalog.open(path) as catalog:
        ((duty, document),) = catalog.duties(scope=ALL, query=DutyQuery("市公安局 校园安全"))
        with catalog._database.reading() as connection:
            ((words,),) = connection.execute("SELECT words FROM duties")
        assert words == words_of(duty, document.title)
        assert catalog.page_of_events(scope=ALL, query=EventQuery(words="检查"), limit=1).total == 1


def test_no_words_are_no_condition():
    assert duty_condition(DutyQuery("  ")).values == ()
