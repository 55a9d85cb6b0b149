"""What is to become of a file: read, or refused for a true reason."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import SourceError

READ = "read"
"""Its words are taken in."""


@dataclass(frozen=True)
class Hostile:
    """A file and what is to become of it.

    Attributes:
        name: Of the file; its suffix matters.
        outcome: ``READ``, the errors allowed, or ``None`` where it may be read or refused.
        reason: Pattern that the reason must hold when it is refused; ``""`` for any.
        words: What the text must hold when it is read.
    """

    name: str
    data: bytes
    outcome: str | type[SourceError] | tuple[type[SourceError], ...] | None = None
    reason: str = ""
    words: str = ""
