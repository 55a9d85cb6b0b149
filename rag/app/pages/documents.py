"""The list of documents (文件库), newest first: found as one types, narrowed by facets that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from rag.app.dependencies import ReadScope
from rag.app.pages.links import Links
from rag.app.pages.navigation import Entry, Section
from rag.app.pages.query_string import given_in, pages_of, query_of
from rag.app.pages.rendering import LanguageHere, ReaderHere, page
from rag.app.requests import FilterBody, FilterQuery, Words
from rag.domain.access import Disclosure, Scope
from rag.store.browsing import Browse, Facet
from rag.store.records import Tally
from rag.store.repository import Catalog

DOCUMENTS_A_PAGE = 25
_MOST_YEARS = 12

_IN_ADDRESS = {
    Facet.PLACE: ("place",),
    Facet.ISSUER: ("issuer",),
    Facet.KIND: ("kind",),
    Facet.YEAR: ("year_from", "year_to"),
    Facet.DISCLOSURE: ("disclosure",),
}
"""The parameters that each facet sets."""

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("documents", "/documents"))


class _Given(FilterQuery):
    """What the address of the list may say, without the page."""

    q: Words = Field("", max_length=200)
    disclosure: Disclosure | None = None

    def to_browse(self) -> Browse:
        """Return what is looked for."""
        filters = FilterBody(**self.model_dump(include=set(FilterBody.model_fields))).to_domain()
        return Browse(self.q, filters, self.disclosure)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet.

    Attributes:
        value: As it is in the catalogue.
        documents: How many choosing it shows.
        url: Chooses it, or takes it back where it is chosen.
        is_chosen: Whether it is.
    """

    value: str
    documents: int
    url: str
    is_chosen: bool


@router.get("/documents")
def documents_page(
    request: Request,
    reader: ReaderHere,
    scope: ReadScope,
    language: LanguageHere,
    background: BackgroundTasks,
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> HTMLResponse:
    """List documents, newest first, under the words and filters of the query string."""
    given = given_in(request, beside=("page", "lang"))
    wanted = query_of(_Given, given).to_browse()
    offset = (number - 1) * DOCUMENTS_A_PAGE
    found = reader.catalog.browse(wanted, scope=scope, limit=DOCUMENTS_A_PAGE, offset=offset)
    tallies = reader.catalog.facets(wanted, scope=scope)
    links = Links(language)
    # Names are read once an index; by the time the first word is typed they are there.
    background.add_task(_read_names, reader.catalog, scope)
    shown = page(
        request,
        "documents.html",
        twin=f"/api/v1/documents?{urlencode({**given, 'limit': DOCUMENTS_A_PAGE, 'offset': offset, 'facets': 'true'})}",
        found=found,
        twins=reader.catalog.twins((d.document_id for d in found.documents), scope=scope),
        filters=given,
        facets={facet.value: _choices(facet, tallies[facet], given, links) for facet in Facet},
        hidden={name: value for name, value in given.items() if name != "q"},
        page=number,
        pages=pages_of(found.total, DOCUMENTS_A_PAGE),
        holds_any=bool(found.total or reader.catalog.counts(scope=scope).documents),
        is_public_only=not scope.is_unrestricted,
    )
    shown.background = background
    return shown


def _read_names(catalog: Catalog, scope: Scope) -> None:
    catalog.suggest("", scope=scope, limit=1)


def _choices(facet: Facet, tallies: Sequence[Tally], given: dict[str, str], links: Links) -> list[Choice]:
    names = _IN_ADDRESS[facet]
    rest = {name: value for name, value in given.items() if name not in names}
    chosen = {given.get(name) for name in names}
    found = []
    for value, documents in tallies if facet is not Facet.YEAR else tallies[:_MOST_YEARS]:
        is_chosen = chosen == {value}
        parameters = rest if is_chosen else rest | dict.fromkeys(names, value)
        found.append(Choice(value, documents, links.to("/documents", **parameters), is_chosen))
    if not any(choice.is_chosen for choice in found) and chosen != {None}:
        # Typed into the address: a part of a name, or a range of years.
        said = "–".join(dict.fromkeys(value for value in (given.get(name) for name in names) if value))
        found.insert(0, Choice(said, -1, links.to("/documents", **rest), is_chosen=True))
    return found
