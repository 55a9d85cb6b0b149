"""What a run knows of the files taken in (已知来源), kept in step with what it decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rag.ingest.files import is_at_or_below
from rag.store.records import SourceRecord


class Sources:
    """Records of sources, found by source, by path and by the hash of their bytes."""

    def __init__(self, records: Iterable[SourceRecord]) -> None:
        self._records: dict[str, SourceRecord] = {}
        self._source_at: dict[str, str] = {}
        self._holders: dict[str, set[str]] = {}
        for record in records:
            self.note(record)

    def __contains__(self, source: str) -> bool:
        return source in self._records

    def get(self, source: str) -> SourceRecord | None:
        """Return what is known of a source."""
        return self._records.get(source)

    def at(self, path: Path) -> SourceRecord | None:
        """Return what is known of the file at a path."""
        return self._records.get(self._source_at.get(str(path), ""))

    def holders(self, sha256: str) -> list[SourceRecord]:
        """Return the files of these bytes, by source."""
        return [self._records[source] for source in sorted(self._holders.get(sha256, ()))]

    def within(self, places: Sequence[Path]) -> list[SourceRecord]:
        """Return the files that are at or below one of these places."""
        return [record for record in self._records.values() if any(is_at_or_below(record.path, p) for p in places)]

    def note(self, record: SourceRecord) -> None:
        """Take down what is decided of a source."""
        before = self._records.get(record.source)
        if before is not None:
            self.forget(before)
        self._records[record.source] = record
        self._source_at[str(record.path)] = record.source
        self._holders.setdefault(record.sha256, set()).add(record.source)

    def forget(self, record: SourceRecord) -> None:
        """Take down that a source is no more."""
        del self._records[record.source]
        self._source_at.pop(str(record.path), None)
        self._holders[record.sha256].discard(record.source)
