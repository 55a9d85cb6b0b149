"""Rank and place of every document of a generation (效力位阶), in arrays, so that a search asks no database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.errors import REPAIR_REMEDY, IndexDamaged
from rag.parsing.authority import Authority, Rank
from rag.parsing.gazetteer import lie_together

Rows = NDArray[np.int64]

RANKS_FILE = "authority.npy"
PLACES_FILE = "places.json"

NO_PLACE = -1


class Authorities:
    """Ranks and places by row number of the document.

    Attributes:
        places: Names of the places, each once; ``place_numbers`` points into it.
    """

    def __init__(self, table: NDArray[np.int64], places: list[str]) -> None:
        """Wrap a table.

        Args:
            table: ``(n, 3)``: row of the document, ascending; its ``Rank``; number of its place or ``NO_PLACE``.
            places: Names by number.
        """
        self._table = table
        # Columns of their own: a search in a column of the table would copy it first.
        self._rows, self._ranks, self._numbers = (np.ascontiguousarray(column) for column in table.T)
        self.places = places

    @classmethod
    def of(cls, documents: Iterable[tuple[int, Authority]]) -> Self:
        """Make the table of documents in any order."""
        numbers: dict[str, int] = {}
        table = [
            (row, int(rank), NO_PLACE if place is None else numbers.setdefault(place, len(numbers)))
            for row, (rank, place) in sorted(documents)
        ]
        return cls(np.array(table, dtype=np.int64).reshape(-1, 3), list(numbers))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote.

        Raises:
            IndexDamaged: It is missing or not readable.
        """
        try:
            table = np.load(folder / RANKS_FILE, allow_pickle=False)
            places = json.loads((folder / PLACES_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{folder.name}/{RANKS_FILE} cannot be read", remedy=REPAIR_REMEDY) from error
        if table.ndim != 2 or table.shape[1] != 3 or table.dtype != np.int64 or not isinstance(places, list):
            raise IndexDamaged(f"{folder.name}/{RANKS_FILE} is of another kind", remedy=REPAIR_REMEDY)
        return cls(table, places)

    def save(self, folder: Path) -> None:
        """Write the table into a folder."""
        np.save(folder / RANKS_FILE, self._table)
        (folder / PLACES_FILE).write_text(json.dumps(self.places, ensure_ascii=False) + "\n", encoding="utf-8")

    def are_as(self, other: Authorities) -> bool:
        """Tell whether another table says the same."""
        return np.array_equal(self._table, other._table) and self.places == other.places

    @property
    def rows(self) -> Rows:
        """Row numbers of all documents, ascending."""
        return self._rows

    def ranks(self, documents: Rows) -> NDArray[np.int64]:
        """Return the ``Rank`` of each document, in the order given."""
        found: NDArray[np.int64] = self._ranks[np.searchsorted(self._rows, documents)]
        return found

    def place_numbers(self, documents: Rows) -> NDArray[np.int64]:
        """Return the number of each document's place, ``NO_PLACE`` where it is not told or the whole country."""
        found: NDArray[np.int64] = self._numbers[np.searchsorted(self._rows, documents)]
        return found

    def within(self, documents: Rows) -> Authorities:
        """Return the part of the table that is of these documents; row numbers, ascending."""
        return Authorities(self._table[np.isin(self._rows, documents)], self.places)

    def home(self) -> str | None:
        """Return the place that at least half of the texts of places come from, or lie in or around it."""
        local = self._table[(self._table[:, 1] == Rank.LOCAL) & (self._table[:, 2] != NO_PLACE), 2]
        if not len(local):
            return None
        counts = Counter(local.tolist())
        most, _ = counts.most_common(1)[0]
        place = self.places[most]
        near = sum(count for number, count in counts.items() if lie_together(self.places[number], place))
        return place if 2 * near >= len(local) else None
