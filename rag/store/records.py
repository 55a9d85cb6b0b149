"""What the catalog says about itself: its sources, failures and tallies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from rag.domain.commitment import CommitmentStatus
from rag.domain.document import DocumentSummary

Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A file that was taken in; files of the same bytes share one document.

    Attributes:
        source: Path relative to the corpus folder, ``/`` between parts.
        document_id: The document it holds.
        sha256: Hash of its bytes, hex.
        size: Bytes.
        mtime_ns: Time of last change, nanoseconds since 1970.
        recipe: What besides the bytes decided the outcome (parser version, hash of hand corrections), in
            the words of whoever wrote it; ``""`` when nothing did.
        root: Absolute path of the folder that ``source`` is relative to; ``""`` when there is no file.
    """

    source: str
    document_id: str
    sha256: str
    size: int
    mtime_ns: int
    recipe: str = ""
    root: str = ""

    @property
    def path(self) -> Path:
        """Where the file is."""
        return Path(self.root) / self.source


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that the last ingest could not take in, and why."""

    source: str
    reason: str


class Twin(NamedTuple):
    """Another file of the same text, and the document it holds."""

    document_id: str
    source: str


class Tally(NamedTuple):
    """A value and the number of documents that bear it."""

    value: str
    documents: int


class Counts(NamedTuple):
    """How much a scope may see; a duty that twins state is counted once."""

    documents: int
    passages: int
    duties: int


class Page(NamedTuple):
    """One page of a list: how many there are in all, and those on this page."""

    total: int
    documents: Sequence[DocumentSummary]


class FactPage(NamedTuple, Generic[Fact]):
    """One page of a list of facts: how many there are in all, and those on this page, each with its document."""

    total: int
    facts: Sequence[tuple[Fact, DocumentSummary]]


class DutyGroup(NamedTuple):
    """Duties of one place's documents that name the same units.

    Attributes:
        place: ``None`` where the documents do not say it.
        lead: Units as written.
        cooperating: Likewise.
        key: By which the catalog finds them again.
        facts: How many there are.
    """

    place: str | None
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    key: str
    facts: int


class CommitmentGroup(NamedTuple):
    """Commitments alike in what they are counted by.

    Attributes:
        place: ``None`` where the documents do not say it.
        year: Of issue, or ``None``.
        actor: As written, or ``None``.
        status: How far they have come.
        due: Year of the deadline, or ``None``.
        facts: How many there are.
    """

    place: str | None
    year: int | None
    actor: str | None
    status: CommitmentStatus
    due: int | None
    facts: int
