"""The six principals of the leak test, and what each may see: told here anew, on the test's own grounds."""

from __future__ import annotations

from typing import NamedTuple

from rag.domain.access import Role

from .documents import LABELS, Source


class Who(NamedTuple):
    """A principal of the test."""

    name: str
    labels: frozenset[str]
    place: str | None = None
    folder: str | None = None
    role: Role | None = None

    def files_of(self, document: Source, label: str) -> tuple[str, ...]:
        """Return which of a document's files the principal may know of, none when it is hidden as a whole."""
        if label not in self.labels or self.place not in (None, document.place):
            return ()
        return tuple(
            source for source in document.sources if self.folder is None or source.startswith(f"{self.folder}/")
        )


_STAFF = frozenset({"public", "on_request", "unlabelled"})
PRINCIPALS = (
    Who("anonymous", frozenset({"public"})),
    Who("reader", frozenset({"public"}), role=Role.READER),
    Who("staff", _STAFF, role=Role.STAFF),
    Who("staff of a folder", _STAFF, folder="replies", role=Role.STAFF),
    Who("admin of a place", frozenset(LABELS), place="汐川县", role=Role.ADMIN),
    Who("admin", frozenset(LABELS), role=Role.ADMIN),
)
ADMIN = PRINCIPALS[-1]
