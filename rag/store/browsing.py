"""The list of documents for people who look around (浏览): by words of their names, with counts to narrow it by."""

# ruff: noqa: S608 - what is put into the SQL is our own column names and placeholders; values are bound.

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from rag.domain.access import Disclosure, Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.particulars import Particulars
from rag.store.conditions import CHUNK, Condition, all_of, conditions, issuer_keys, place_keys, placeholders, source_of
from rag.store.database import Database
from rag.store.listing import CatalogLists
from rag.store.names import Named, Names, words_of
from rag.store.reading import ALL, among, revision_of
from rag.store.records import Page, Tally
from rag.store.remembering import Remembered
from rag.store.rows import summary_columns, summary_from

MOST_VALUES = 12
"""Places and issuers told of in a facet."""

_ORDER = "coalesce(d.issued_on, d.printed_on) DESC NULLS LAST, d.title, d.document_id"


class Facet(StrEnum):
    """What a list can be narrowed by."""

    PLACE = "place"  # 地区
    ISSUER = "issuer"  # 发文机关
    KIND = "kind"  # 文种
    YEAR = "year"  # 年份
    DISCLOSURE = "disclosure"  # 公开属性


@dataclass(frozen=True, slots=True)
class Browse:
    """What is looked for.

    Attributes:
        words: Words of title, 发文字号 or 发文机关; all must be there.
        filters: Conditions.
        disclosure: Only documents of this label.
    """

    words: str = ""
    filters: Filters = ALL
    disclosure: Disclosure | None = None

    def without(self, facet: Facet) -> Browse:
        """Return it without what one facet chooses."""
        match facet:
            case Facet.DISCLOSURE:
                return replace(self, disclosure=None)
            case Facet.YEAR:
                return replace(self, filters=replace(self.filters, year_from=None, year_to=None))
            case Facet.PLACE:
                return replace(self, filters=replace(self.filters, place=None))
            case Facet.ISSUER:
                return replace(self, filters=replace(self.filters, issuer=None))
            case Facet.KIND:
                return replace(self, filters=replace(self.filters, kind=None))


class _Group(NamedTuple):
    """Documents alike in all facets, and how many."""

    place: str | None
    place_key: str | None
    issuer: str | None
    issuer_key: str | None
    kind: str
    year: int | None
    disclosure: str
    documents: int


class CatalogBrowsing(CatalogLists):
    """The reads, over a database that the subclass opens."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        most = 8 if database.read_only else 0
        self._names: Remembered[Scope, Names] = Remembered(most)
        self._groups: Remembered[tuple[Scope, Browse], tuple[_Group, ...]] = Remembered(4 * most)

    def suggest(self, words: str, *, scope: Scope, limit: int) -> list[DocumentSummary]:
        """Return documents whose title, 发文字号 or 发文机关 hold the words, titles that begin with them first.

        Args:
            words: As typed so far.
            scope: What may be seen.
            limit: Most documents.
        """
        rows = self._named(scope).beginning(words, limit)
        found = self.summaries_of_rows(rows, scope=scope)
        return [found[row] for row in rows if row in found]

    def browse(self, wanted: Browse, *, scope: Scope, limit: int, offset: int = 0) -> Page:
        """Return one page of the documents looked for, newest first."""
        return self.list_documents(
            scope=scope,
            filters=wanted.filters,
            particulars=Particulars(disclosure=wanted.disclosure),
            rows=self._rows(wanted, scope),
            limit=limit,
            offset=offset,
        )

    def facets(self, wanted: Browse, *, scope: Scope) -> Mapping[Facet, Sequence[Tally]]:
        """Return for each facet its values among all documents looked for, but for what it chooses itself.

        The number beside a value is that of the documents which choosing it shows. Places and issuers come with most
        documents first, at most ``MOST_VALUES``; years latest first; a value that no document bears is left out.
        """
        rows = self._rows(wanted, scope)
        narrowed = {facet: wanted.without(facet) for facet in Facet}
        groups = {browse: self._grouped(browse, rows, scope) for browse in set(narrowed.values())}
        return {facet: _tallies(facet, groups[browse]) for facet, browse in narrowed.items()}

    def numbered(self, numbers: Sequence[str], *, scope: Scope) -> dict[str, DocumentSummary]:
        """Return documents by 发文字号.

        Args:
            numbers: In standard form.
            scope: What may be seen.
        """
        condition, columns = conditions(scope, ALL), summary_columns(scope)
        found: dict[str, DocumentSummary] = {}
        with self._database.reading() as connection:
            for at in range(0, len(numbers), CHUNK):
                chunk = numbers[at : at + CHUNK]
                cursor = connection.execute(
                    f"SELECT d.number_key, {columns.sql} FROM documents AS d"
                    f" WHERE d.number_key IN ({placeholders(chunk)}) AND {condition.sql} ORDER BY {_ORDER}",
                    (*columns.values, *chunk, *condition.values),
                )
                for number, *row in cursor:
                    found.setdefault(number, summary_from(tuple(row)))
        return found

    def titled(self, titles: Iterable[str], *, scope: Scope) -> dict[str, DocumentSummary]:
        """Return documents by title as it is cited, which may lack the organ's name; of several the newest."""
        names = self._named(scope)
        rows = {title: row for title in titles if (row := names.titled(title)) is not None}
        summaries = self.summaries_of_rows(list(rows.values()), scope=scope)
        return {title: summaries[row] for title, row in rows.items() if row in summaries}

    def _named(self, scope: Scope) -> Names:
        condition, source = conditions(scope, ALL), source_of(scope)
        with self._database.reading() as connection:

            def read() -> Names:
                cursor = connection.execute(
                    f"SELECT d.id, CASE WHEN d.title IS NULL THEN {source.sql} ELSE d.title END, d.document_number,"
                    f" d.issuer FROM documents AS d WHERE {condition.sql} ORDER BY {_ORDER}",
                    (*source.values, *condition.values),
                )
                return Names(Named(row, names) for row, *names in cursor)

            return self._names.get(scope, revision_of(connection), read)

    def _rows(self, wanted: Browse, scope: Scope) -> Sequence[int] | None:
        return self._named(scope).holding(wanted.words) if words_of(wanted.words) else None

    def _grouped(self, wanted: Browse, rows: Sequence[int] | None, scope: Scope) -> tuple[_Group, ...]:
        parts = [conditions(scope, wanted.filters)]
        if wanted.disclosure is not None:
            parts.append(Condition("d.disclosure = ?", (wanted.disclosure.value,)))
        if rows is not None:
            parts.append(among(rows))
        condition = all_of(parts)
        with self._database.reading() as connection:

            def read() -> tuple[_Group, ...]:
                cursor = connection.execute(
                    "SELECT d.place, d.place_key, d.issuer, d.issuer_key, d.kind, d.year, d.disclosure, count(*)"
                    f" FROM documents AS d WHERE {condition.sql} GROUP BY 1, 2, 3, 4, 5, 6, 7",
                    condition.values,
                )
                return tuple(_Group(*row) for row in cursor)

            return self._groups.get((scope, wanted), revision_of(connection), read)


def _tallies(facet: Facet, groups: Sequence[_Group]) -> list[Tally]:
    match facet:
        case Facet.PLACE:
            return _by_name(((g.place, g.place_key, g.documents) for g in groups), place_keys)
        case Facet.ISSUER:
            return _by_name(((g.issuer, g.issuer_key, g.documents) for g in groups), issuer_keys)
        case Facet.KIND:
            counts = Counter[str]()
            for group in groups:
                counts[group.kind] += group.documents
        case Facet.DISCLOSURE:
            counts = Counter[str]()
            for group in groups:
                counts[group.disclosure] += group.documents
        case Facet.YEAR:
            years = Counter[int]()
            for group in groups:
                if group.year is not None:
                    years[group.year] += group.documents
            return [Tally(str(year), years[year]) for year in sorted(years, reverse=True)]
    return [Tally(value, counts[value]) for value in sorted(counts, key=lambda value: (-counts[value], value))]


def _by_name(
    rows: Iterable[tuple[str | None, str | None, int]], keys_of: Callable[[str], Sequence[str] | None]
) -> list[Tally]:
    """Count by names that are filtered by as parts: a document of 某省某市 is one of 某省 too."""
    own, by_key = Counter[str](), Counter[str]()
    for name, key, documents in rows:
        if name:
            own[name] += documents
        if key:
            by_key[key] += documents
    most = sorted(own, key=lambda name: (-own[name], name))[:MOST_VALUES]
    found = []
    for name in most:
        keys = keys_of(name) or ()
        found.append(Tally(name, sum(n for key, n in by_key.items() if any(part in key for part in keys))))
    return sorted(found, key=lambda tally: (-tally.documents, tally.value))
