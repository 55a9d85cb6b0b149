"""Scope and filters: what is outside them does not exist, and what cannot match matches nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.access import Disclosure, Scope
from rag.domain.document import Kind
from rag.domain.filters import Filters
from rag.store.conditions import source_key

ALL = Scope.everything()
EVERY = Filters()


@pytest.fixture
def corpus(maker):
    maker.take_in("甲/复函.txt")
    maker.take_in(
        "甲/方案.txt", kind=Kind.PLAN, title="石岭区托育服务實施方案", issuer="白河市石岭區卫生健康局", place="白河市石岭区",
        number="石卫发[2021]7号", issued_on=date(2021, 3, 1), disclosure=Disclosure.ON_REQUEST,
        text="石岭区托育服务實施方案\n一、建设普惠托位\n新增托位若干。",
    )  # fmt: skip
    maker.take_in(
        "乙/通知.txt", kind=Kind.NOTICE, title=None, issuer=None, place=None, number="发改办〔2019〕3号", issued_on=None,
        disclosure=Disclosure.UNLABELLED, text="无题",
    )  # fmt: skip
    maker.take_in(
        "乙二/联合.txt", kind=Kind.NOTICE, title="联合通知", issuer="青溪市财政局", co_issuers=("青溪市卫健委",),
        number=None, issued_on=None, printed_on=date(2022, 1, 9), disclosure=Disclosure.INTERNAL, text="联合通知",
    )  # fmt: skip
    return maker


def found(maker, filters: Filters = EVERY, scope: Scope = ALL) -> set[str]:
    return {d.source for d in maker.catalog.list_documents(scope=scope, filters=filters).documents}


REPLY, PLAN, NOTICE, JOINT = "甲/复函.txt", "甲/方案.txt", "乙/通知.txt", "乙二/联合.txt"

CASES = [
    (Filters(), {REPLY, PLAN, NOTICE, JOINT}),
    (Filters(place="石岭"), {PLAN}),  # a part of the name
    (Filters(place="石嶺區"), {PLAN}),  # in the other script
    (Filters(place=" 石 岭 区 "), {PLAN}),  # with blanks
    (Filters(place="青溪市"), {REPLY, JOINT}),
    (Filters(place="青溪市石岭区"), set()),
    (Filters(issuer="教育局"), {REPLY}),
    (Filters(issuer="石岭区卫健局"), {PLAN}),  # by alias
    (Filters(issuer="卫生健康委员会"), {PLAN, JOINT}),
    (Filters(issuer="青溪市卫生健康委员会"), {JOINT}),  # an organ that joins
    (Filters(document_number="青教函〔2024〕12号"), {REPLY}),
    (Filters(document_number="青教函[2024]12号"), {REPLY}),
    (Filters(document_number="青教函（2024） 12 号"), {REPLY}),
    (Filters(document_number="石卫发【2021】7号"), {PLAN}),
    (Filters(document_number="青教函〔2024〕1号"), set()),
    (Filters(document_number="〔2024〕12号"), set()),
    (Filters(document_number=""), set()),
    (Filters(kind=Kind.NOTICE), {NOTICE, JOINT}),
    (Filters(kind=Kind.LAW), set()),
    (Filters(year_from=2022), {REPLY, JOINT}),  # the joint one by its 印发日期
    (Filters(year_to=2019), {NOTICE}),  # by the year inside its number
    (Filters(year_from=2020, year_to=2022), {PLAN, JOINT}),
    (Filters(year_from=2025, year_to=2020), set()),
    (Filters(topic="校园 安全"), {REPLY}),
    (Filters(topic="实施方案"), {PLAN}),
    (Filters(topic="托位"), {PLAN}),  # in a heading
    (Filters(topic="托育 校园"), set()),  # all words must be there
    (Filters(topic="检查"), set()),  # in the text alone
    (Filters(source="甲"), {REPLY, PLAN}),
    (Filters(source="甲/"), {REPLY, PLAN}),
    (Filters(source="./甲/复函.txt"), {REPLY}),
    (Filters(source="甲\\复函.txt"), {REPLY}),
    (Filters(source="乙"), {NOTICE}),  # a folder, not the beginning of a name
    (Filters(source="甲/复"), set()),
    (Filters(source=""), set()),
    (Filters(topic="   "), set()),
    (Filters(place=""), set()),
    (Filters(issuer="\u3000"), set()),
    (Filters(topic="%"), set()),
    (Filters(place="市' OR 1=1 --"), set()),
    (Filters(kind=Kind.REPLY, place="青溪", year_from=2024, topic="安全"), {REPLY}),
    (Filters(kind=Kind.PLAN, place="青溪"), set()),
]


@pytest.mark.parametrize(("filters", "expected"), CASES)
def test_filters(corpus, filters, expected):
    assert found(corpus, filters) == expected


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({Disclosure.PUBLIC}, {REPLY}),
        ({Disclosure.PUBLIC, Disclosure.ON_REQUEST}, {REPLY, PLAN}),
        ({Disclosure.UNLABELLED}, {NOTICE}),
        (set(), set()),
    ],
)
def test_scope_denies_what_it_does_not_name(corpus, labels, expected):
    scope = Scope(frozenset(labels))
    catalog = corpus.catalog
    assert found(corpus, scope=scope) == expected
    assert catalog.counts(scope=scope).documents == len(expected)
    assert {d.source for _, d in catalog.duties(scope=scope)} == expected & {REPLY}
    held = {source for source, document in corpus.made.items() if document.commitments}
    assert {d.source for _, d in catalog.commitments(scope=scope)} == expected & held
    assert {d.source for _, d in catalog.events(scope=scope)} == expected & held
    assert sum(t.documents for t in catalog.issuers(scope=scope)) == len(expected - {NOTICE})
    ids = {source: document.document_id for source, document in corpus.made.items()}
    assert set(catalog.summaries(list(ids.values()), scope=scope)) == {ids[source] for source in expected}
    rows = catalog.passage_keys()[:, 0].tolist()
    assert {p.document_id for p in catalog.passages(rows, scope=scope).values()} == {ids[s] for s in expected}
    for source, document_id in ids.items():
        assert bool(catalog.passages_of(document_id, scope=scope)) == (source in expected)
        assert bool(catalog.sources_of(document_id, scope=scope)) == (source in expected)


def test_scope_and_filters_both_hold(corpus):
    assert found(corpus, Filters(source="甲"), Scope.public()) == {REPLY}


def test_admitted_rows_are_those_of_the_documents_found(corpus):
    catalog = corpus.catalog
    assert catalog.admitted(scope=ALL) is None
    rows = {source: n for n, source in enumerate((REPLY, PLAN, NOTICE, JOINT), start=1)}
    for filters, expected in CASES[1:]:
        admitted = catalog.admitted(scope=ALL, filters=filters)
        assert admitted.tolist() == sorted(rows[source] for source in expected)
    assert catalog.admitted(scope=Scope.public()).tolist() == [1]


@given(st.text())
def test_a_source_key_is_its_own_key(path):
    assert source_key(source_key(path)) == source_key(path)


def of_places(*names: str) -> Scope:
    return Scope(frozenset(Disclosure), places=frozenset(names))


def of_folders(*folders: str) -> Scope:
    return Scope(frozenset(Disclosure), collections=frozenset(folders))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (of_places("青溪市"), {REPLY, JOINT}),
        (of_places("青溪"), {REPLY, JOINT}),  # without its 市
        (of_places("白河市"), {PLAN}),  # what lies in it
        (of_places("白河市石岭区"), {PLAN}),
        (of_places("石嶺區"), {PLAN}),  # by the name of the district alone, in the other script
        (of_places("岭区"), set()),  # a part of a name is no place, unlike in a filter
        (of_places("白"), set()),
        (of_places("河市石岭区"), set()),
        (of_places("青溪市", "白河市"), {REPLY, PLAN, JOINT}),  # and never what is of no place
        (of_places(), set()),
        (of_places(""), set()),
        (of_places("%"), set()),
        (of_folders("甲"), {REPLY, PLAN}),
        (of_folders("甲/", "乙"), {REPLY, PLAN, NOTICE}),
        (of_folders("甲/复函.txt"), {REPLY}),
        (of_folders("甲/复"), set()),
        (of_folders(), set()),
        (of_folders(""), set()),
        (of_folders("."), set()),
        (Scope(frozenset({Disclosure.PUBLIC}), collections=frozenset({"甲"})), {REPLY}),
        (Scope(frozenset(Disclosure), places=frozenset({"白河市"}), collections=frozenset({"甲", "乙"})), {PLAN}),
    ],
)
def test_grants_narrow_what_is_seen(corpus, scope, expected):
    assert not scope.is_unrestricted
    assert found(corpus, scope=scope) == expected
    listed = corpus.catalog.list_documents(scope=scope)
    assert listed.total == len(expected)
    assert corpus.catalog.counts(scope=scope).documents == len(expected)
    assert sum(tally.documents for tally in corpus.catalog.years(scope=scope)) == len(expected)
    for source, document in corpus.made.items():
        assert bool(corpus.catalog.sources_of(document.document_id, scope=scope)) == (source in expected)


def test_of_a_document_in_two_folders_only_the_granted_one_is_known(maker):
    document = maker.take_in("X/同文.txt", seed="同")
    maker.catalog.add_source("B/密件.txt", document.document_id, size=1, mtime_ns=1)
    scope, document_id = of_folders("X"), document.document_id
    catalog = maker.catalog
    assert catalog.document(document_id, scope=ALL).source == "B/密件.txt"
    assert catalog.document(document_id, scope=scope).source == "X/同文.txt"
    assert [r.source for r in catalog.sources_of(document_id, scope=scope)] == ["X/同文.txt"]
    assert catalog.summaries([document_id], scope=scope)[document_id].source == "X/同文.txt"
    assert {d.source for _, d in catalog.duties(scope=scope)} == {"X/同文.txt"}
    assert {d.source for _, d in catalog.commitments(scope=scope)} == {"X/同文.txt"}
    assert found(maker, Filters(source="B"), scope=scope) == set()
    assert found(maker, Filters(source="B/密件.txt"), scope=scope) == set()
    assert found(maker, Filters(source="X"), scope=scope) == {"X/同文.txt"}
