"""Looking around: words, filters, and counts over the whole of what a scope sees."""

from __future__ import annotations

from datetime import date

import pytest

from rag.domain.access import Disclosure, Scope
from rag.domain.document import Kind
from rag.domain.filters import Filters
from rag.store.browsing import Browse, Facet

EVERYTHING, PUBLIC = Scope.everything(), Scope.public()

DOCUMENTS = (
    ("甲/1.txt", "关于校园安全的复函", "青溪市教育局", "青溪市", Kind.REPLY, date(2024, 5, 6), Disclosure.PUBLIC),
    ("甲/2.txt", "关于校园餐的复函", "青溪市教育局", "青溪市", Kind.REPLY, date(2023, 5, 6), Disclosure.INTERNAL),
    ("甲/3.txt", "校园周边交通方案", "青溪市公安局", "青溪市", Kind.PLAN, date(2024, 1, 2), Disclosure.PUBLIC),
    (
        "乙/4.txt",
        "关于加装电梯的通知",
        "川岭省青溪市人民政府",
        "川岭省青溪市",
        Kind.NOTICE,
        None,
        Disclosure.UNLABELLED,
    ),
    ("乙/5.txt", "关于公园管护的通知", "棠湾市人民政府", "棠湾市", Kind.NOTICE, date(2022, 3, 3), Disclosure.PUBLIC),
)


@pytest.fixture
def catalog(maker):
    for number, (source, title, issuer, place, kind, day, label) in enumerate(DOCUMENTS):
        maker.take_in(
            source, title=title, issuer=issuer, place=place, kind=kind, issued_on=day, disclosure=label,
            number=f"青函〔{day.year}〕{number}号" if day else None, text=f"{title}\n一、总体安排\n第{number}项。",
        )  # fmt: skip
    return maker.catalog


def _sources(found) -> list[str]:
    return [d.source[2:3] for d in found]


@pytest.mark.parametrize(
    ("wanted", "scope", "sources"),
    [
        (Browse(), EVERYTHING, "13254"),  # newest first, without a date last
        (Browse(), PUBLIC, "135"),
        (Browse("校园"), EVERYTHING, "132"),
        (Browse("校园"), PUBLIC, "13"),
        (Browse("校园", disclosure=Disclosure.INTERNAL), EVERYTHING, "2"),
        (Browse("校园", disclosure=Disclosure.INTERNAL), PUBLIC, ""),
        (Browse("校园", Filters(kind=Kind.PLAN)), EVERYTHING, "3"),
        (Browse("没有这样的词"), EVERYTHING, ""),
        (Browse(filters=Filters(place="青溪市")), EVERYTHING, "1324"),
    ],
)
def test_what_is_listed(catalog, wanted, scope, sources):
    page = catalog.browse(wanted, scope=scope, limit=10)
    assert _sources(page.documents) == list(sources)
    assert page.total == len(sources)


def test_suggestions_keep_to_the_scope(catalog):
    assert _sources(catalog.suggest("校园", scope=EVERYTHING, limit=10)) == ["3", "1", "2"]
    assert _sources(catalog.suggest("校园", scope=PUBLIC, limit=10)) == ["3", "1"]
    assert _sources(catalog.suggest("校园餐", scope=PUBLIC, limit=10)) == []
    assert _sources(catalog.suggest("校园", scope=Scope(frozenset()), limit=10)) == []


def _facet(catalog, facet, wanted=Browse(), scope=EVERYTHING):  # noqa: B008 - it is frozen
    return [tuple(tally) for tally in catalog.facets(wanted, scope=scope)[facet]]


class TestFacets:
    def test_all_documents_count(self, catalog):
        assert _facet(catalog, Facet.KIND) == [("notice", 2), ("reply", 2), ("plan", 1)]
        assert _facet(catalog, Facet.YEAR) == [("2024", 2), ("2023", 1), ("2022", 1)]
        assert _facet(catalog, Facet.DISCLOSURE) == [("public", 3), ("internal", 1), ("unlabelled", 1)]

    def test_hidden_ones_do_not(self, catalog):
        assert _facet(catalog, Facet.KIND, scope=PUBLIC) == [("notice", 1), ("plan", 1), ("reply", 1)]
        assert _facet(catalog, Facet.DISCLOSURE, scope=PUBLIC) == [("public", 3)]
        assert ("青溪市教育局", 1) in _facet(catalog, Facet.ISSUER, scope=PUBLIC)

    def test_a_choice_narrows_the_others_and_not_its_own(self, catalog):
        wanted = Browse(filters=Filters(kind=Kind.REPLY))
        assert _facet(catalog, Facet.KIND, wanted) == _facet(catalog, Facet.KIND)
        assert _facet(catalog, Facet.YEAR, wanted) == [("2024", 1), ("2023", 1)]

    def test_words_narrow_them_all(self, catalog):
        assert _facet(catalog, Facet.KIND, Browse("校园")) == [("reply", 2), ("plan", 1)]

    @pytest.mark.parametrize("scope", [EVERYTHING, PUBLIC])
    @pytest.mark.parametrize("wanted", [Browse(), Browse("校园"), Browse(filters=Filters(year_from=2024))])
    def test_the_number_is_what_choosing_shows(self, catalog, wanted, scope):
        for facet, tallies in catalog.facets(wanted, scope=scope).items():
            for value, documents in tallies:
                assert catalog.browse(_chosen(wanted, facet, value), scope=scope, limit=1).total == documents > 0


def _chosen(wanted: Browse, facet: Facet, value: str) -> Browse:
    filters = {
        Facet.PLACE: {"place": value},
        Facet.ISSUER: {"issuer": value},
        Facet.KIND: {"kind": Kind(value)} if facet is Facet.KIND else {},
        Facet.YEAR: {"year_from": int(value), "year_to": int(value)} if facet is Facet.YEAR else {},
    }.get(facet, {})
    rest = wanted.without(facet)
    kept = {name: getattr(rest.filters, name) for name in ("place", "issuer", "kind", "year_from", "year_to")}
    label = Disclosure(value) if facet is Facet.DISCLOSURE else rest.disclosure
    return Browse(rest.words, Filters(**(kept | filters)), label)
