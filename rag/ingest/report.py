"""What a run tells while it goes on, and at its end."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.store.records import Failure


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes:
        stage: ``files`` while they are read, ``index`` while passages are indexed; an evaluation goes on with
            ``queries`` or ``questions``.
        done: Files that are dealt with, and stored where they are documents, so that not even a power cut loses
            them; or passages indexed.
        total: How many there are to do.
        current: The file at hand, ``""`` while indexing.
        pages: Of the documents stored in this run, where their files have pages.
    """

    stage: str
    done: int
    total: int
    current: str = ""
    pages: int = 0


@dataclass(slots=True)
class IngestReport:
    """What a run did. ``moved`` files keep their document and are counted nowhere else."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    removed: int = 0
    failed: list[Failure] = field(default_factory=list)
    documents: int = 0
    passages: int = 0
    seconds: float = 0.0
