"""What the pages of facts share (清单页): the query in the address, pages, orders, and links that keep the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Request

from rag.app.pages.links import Links
from rag.app.pages.query_string import given_in, pages_of, query_of
from rag.app.requests import FactQuery
from rag.errors import InvalidRequest

ROWS_A_PAGE = 25
_MOST_PAGES = 100_000

_Query = TypeVar("_Query", bound=FactQuery)


@dataclass(frozen=True, slots=True)
class FactList:
    """A list of facts as its address asks for it.

    Attributes:
        name: Path of the page, and of the API under ``/api/v1``, without ``/``.
        given: What the address says, beside page and language; empty values are left out.
        page: Number of the page, from 1.
        total: Rows on all pages.
        links: Addresses in the language of the page.
    """

    name: str
    given: Mapping[str, str]
    page: int
    total: int
    links: Links

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total, ROWS_A_PAGE)

    @property
    def conditions(self) -> dict[str, str]:
        """What is given, without the order."""
        return {name: value for name, value in self.given.items() if name != "sort"}

    def url(self, **changed: str | int | None) -> str:
        """Return the address of the list with some of what is given changed; it starts at the first page."""
        return self.links.to(f"/{self.name}", **{**self.given, **changed})

    def at(self, page: int) -> str:
        """Return the address of a page."""
        return self.url(page=page if page > 1 else None)

    def sorted_by(self, order: str) -> str:
        """Return the address of the list in an order, the other way round where it is in that order already."""
        return self.url(sort=f"-{order}" if self.given.get("sort") == order else order)

    def direction(self, order: str) -> str | None:
        """Return the ``aria-sort`` of a column, ``None`` when the list is not in its order."""
        sort = self.given.get("sort", "")
        return None if sort.removeprefix("-") != order else "descending" if sort.startswith("-") else "ascending"

    def api(self, **changed: str | int) -> str:
        """Return the address of the same list in the API."""
        return f"/api/v1/{self.name}?{urlencode({**self.given, **changed})}"

    @property
    def twin(self) -> str:
        """The address of this page as JSON."""
        return self.api(limit=ROWS_A_PAGE, offset=(self.page - 1) * ROWS_A_PAGE)


def read_query(request: Request, kind: type[_Query]) -> tuple[_Query, dict[str, str], int]:
    """Return the query that an address says, what is given in it, and the number of the page.

    Raises:
        InvalidRequest: A condition is none, or the page is no number.
    """
    given = given_in(request, beside=("page", "lang", "limit", "offset", "format"))
    number = request.query_params.get("page", "1")
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:9]) <= _MOST_PAGES):
        raise InvalidRequest(f"page: no such page: {number[:20]}")
    page = int(number[:9])
    asked = {**given, "limit": ROWS_A_PAGE, "offset": (page - 1) * ROWS_A_PAGE}
    return query_of(kind, asked), given, page
