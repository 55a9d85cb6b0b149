"""Whether a document is of the year and of the agency that a question names (年份、发文机关): a preference, never a filter.

2023年的… wants what was issued in 2023, or says 2023年 in its title or a heading; 市教体局的… what that agency issued. Others
stay in the ranking: an answer about a year may stand in a document of the next, and an agency's duty in the government's plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.parsing.agencies import mentions, same_agency, take_apart
from rag.retrieval.question import Question
from rag.store.repository import Catalog

Rows = NDArray[np.int64]

# How much of a document's fitness the year, and the issuer, make up where the question names one.
_OF_YEAR = 0.4
_OF_ISSUER = 0.15

# A longer range of years is no year.
_MOST_YEARS = 10

# What tells the level of a body that is written without a place.
_ENDS_OF_LEVEL = ("总局", "部", "厅", "部门")

# An issuer of the catalogue that stands in the question letter by letter (国务院办公厅).
_LEAST_IN_FULL = 4


class Provenance:
    """Judges documents by what the catalogue says of them."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def weighed(
        self, fitness: NDArray[np.float64], documents: Rows, question: Question, *, scope: Scope, filters: Filters
    ) -> NDArray[np.float64]:
        """Return fitness with the year and the issuer in it; as it is where none is named, or no candidate is of it.

        Args:
            fitness: Of each document, 0..1.
            documents: Row numbers, in any order.
            question: As understood.
            scope: What the caller may see.
            filters: Conditions of the search; one that they state already is not weighed.
        """
        parts = ((_OF_YEAR, self._of_years(question)), (_OF_ISSUER, self._of_issuers(question, scope)))
        for share, wanted in parts:
            fits = np.isin(documents, self._rows(wanted, scope, filters)) if wanted else np.zeros(0, dtype=np.bool_)
            if fits.any():
                fitness = (1 - share) * fitness + share * fits
        return fitness

    def _of_years(self, question: Question) -> list[Filters]:
        if len(question.all_years) > _MOST_YEARS:
            return []
        years = sorted(question.all_years)
        return [
            *(Filters(year_from=year, year_to=year) for year in years),
            *(Filters(topic=f"{year}年") for year in years),
        ]

    def _of_issuers(self, question: Question, scope: Scope) -> list[Filters]:
        """Return the bodies among the issuers that the question may mean, each with the level it names."""
        if question.is_english:
            return []
        issuers = [tally.value for tally in self._catalog.issuers(scope=scope)]
        in_full = [issuer for issuer in issuers if len(issuer) >= _LEAST_IN_FULL and issuer in question.core]
        named = dict.fromkeys(name for _, name in mentions(question.core))
        words = dict.fromkeys([*in_full, *(body for name in named for body in _bodies(name, issuers))])
        return [Filters(issuer=word) for word in words]

    def _rows(self, wanted: Iterable[Filters], scope: Scope, filters: Filters) -> Rows:
        found = [np.zeros(0, dtype=np.int64)]
        for one in wanted:
            stated = {field.name: value for field in fields(one) if (value := getattr(one, field.name)) is not None}
            if any(getattr(filters, name) is not None for name in stated):
                continue
            rows = self._catalog.admitted(scope=scope, filters=replace(filters, **stated))
            if rows is not None:
                found.append(rows)
        return np.concatenate(found)


def _bodies(name: str, issuers: Iterable[str]) -> list[str]:
    """Return what stands in the names of the issuers that an agency's name may mean: 市教育局 → 市教育局, 市教育体育局."""
    asked = take_apart(name)
    found: dict[str, None] = {}
    for issuer in issuers:
        body = take_apart(issuer).body
        if same_agency(name, issuer) and (asked.place or _level(body) == _level(asked.body)):
            found.setdefault(asked.place + body)
    return sorted(found)


def _level(body: str) -> str:
    return next((end for end in _ENDS_OF_LEVEL if body.endswith(end)), "")
