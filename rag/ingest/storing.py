"""Decisions of a run put into the catalog (写入), in transactions of many files; each is counted when it is there."""

from __future__ import annotations

import time
from dataclasses import dataclass

from rag.ingest.report import IngestReport
from rag.ingest.taking import Taken
from rag.store.records import SourceRecord
from rag.store.repository import Catalog

_FILES_A_TRANSACTION = 64


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A document to be stored; ``taken`` is ``None`` where only the look of its file is new."""

    record: SourceRecord
    taken: Taken | None
    is_new: bool = False


class Storing:
    """What waits to be stored, and the storing of it. Documents are stored in the order they are put."""

    def __init__(self, catalog: Catalog, report: IngestReport) -> None:
        self._catalog = catalog
        self._report = report
        self._waiting: list[_Waiting] = []
        self._stored_at = time.monotonic()
        self.pages = 0
        """Of the documents stored so far."""

    @property
    def waiting(self) -> int:
        """How many files wait to be stored."""
        return len(self._waiting)

    @property
    def idle_seconds(self) -> float:
        """How long ago something was last stored."""
        return time.monotonic() - self._stored_at

    def put(self, record: SourceRecord, taken: Taken, *, is_new: bool) -> None:
        """Have a document stored, in place of what its source held."""
        self._put(_Waiting(record, taken, is_new))

    def touch(self, record: SourceRecord) -> None:
        """Have it noted what the unchanged file of a source looks like now."""
        self._put(_Waiting(record, None))

    def point(self, record: SourceRecord, instead_of: SourceRecord | None = None) -> None:
        """Let a file stand for a document already stored: a copy of another file, or that file moved.

        What waits is stored before: the document may be among it.
        """
        self.store()
        with self._catalog.transaction():
            self._add_source(record)
            if instead_of is not None:
                self._catalog.remove_source(instead_of.source)

    def store(self) -> None:
        """Store what waits, all of it or nothing."""
        self._stored_at = time.monotonic()
        if not self._waiting:
            return
        with self._catalog.transaction():
            for waiting in self._waiting:
                if waiting.taken is None:
                    self._add_source(waiting.record)
                else:
                    self._replace(waiting.record, waiting.taken)
        for waiting in self._waiting:
            if waiting.taken is not None:
                self.pages += waiting.taken.document.pages or 0
                self._report.added += waiting.is_new
                self._report.updated += not waiting.is_new
        self._waiting.clear()

    def _put(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        if len(self._waiting) >= _FILES_A_TRANSACTION:
            self.store()

    def _replace(self, record: SourceRecord, taken: Taken) -> None:
        self._catalog.replace(
            taken.document,
            taken.passages,
            root=record.root,
            size=record.size,
            mtime_ns=record.mtime_ns,
            recipe=record.recipe,
            signature=taken.signature,
            regions=taken.regions,
        )

    def _add_source(self, record: SourceRecord) -> None:
        self._catalog.add_source(
            record.source,
            record.document_id,
            root=record.root,
            size=record.size,
            mtime_ns=record.mtime_ns,
            recipe=record.recipe,
        )
