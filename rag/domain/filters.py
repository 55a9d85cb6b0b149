"""Filters (筛选条件) that every read accepts beside its scope."""

from __future__ import annotations

from dataclasses import dataclass, fields

from rag.domain.document import Kind


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on documents; ``None`` means no condition. All given conditions must hold.

    Attributes:
        issuer: Words of the issuing organ (发文机关), matched as a part of its name.
        place: Words of the place (地区), matched as a part of its name.
        document_number: 发文字号 in any bracket style.
        kind: Kind of document (文种).
        year_from: First year of issue, inclusive.
        year_to: Last year of issue, inclusive.
        topic: Words found in the title or in a heading.
        source: Path of the file, or a folder above it.
    """

    issuer: str | None = None
    place: str | None = None
    document_number: str | None = None
    kind: Kind | None = None
    year_from: int | None = None
    year_to: int | None = None
    topic: str | None = None
    source: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no condition is given."""
        return all(getattr(self, field.name) is None for field in fields(self))
