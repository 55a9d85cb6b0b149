"""Which clause (条款) a place in the text stands in, for facts that are told with their section."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.parsing.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands.

    Attributes:
        section: Heading path, empty outside all clauses.
        clause: The innermost clause around it.
    """

    section: tuple[str, ...]
    clause: Clause | None


class ClauseFinder:
    """Finds the innermost clause around an offset."""

    def __init__(self, sheet: Sheet, clauses: Sequence[Clause]) -> None:
        self._sheet = sheet
        self._clauses = clauses
        self._starts = [clause.span.start for clause in clauses]
        self._line_starts = [line.span.start for line in sheet.lines]

    def at(self, offset: int) -> Place:
        """Return the section path and the clause around ``offset``."""
        index = bisect_right(self._starts, offset) - 1
        while index >= 0:
            clause = self._clauses[index]
            if offset < clause.span.end:
                return Place(clause.path, clause)
            # Only an ancestor of this clause can hold the offset as well.
            level = clause.level
            index -= 1
            while index >= 0 and self._clauses[index].level >= level:
                index -= 1
        return Place((), None)

    def is_only_body(self, clause: Clause, paragraph: Span) -> bool:
        """Tell whether ``paragraph`` is all that stands under the title of ``clause``."""
        first = bisect_right(self._line_starts, clause.span.start) - 1
        last = bisect_right(self._line_starts, clause.span.end - 1) - 1
        own = bisect_right(self._line_starts, paragraph.start) - 1
        return last - first == 1 and own == last
