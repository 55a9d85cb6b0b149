"""The recorder (记录器): takes records from the requests and writes them on a thread of its own.

Durability. A record is written within a tenth of a second, with those that came meanwhile, and then survives the end of
this process however it comes; it is on the disk within two seconds. Before the answer to a change is sent, its record is on the disk. When the log cannot
be written – a full disk – the recorder keeps what it has, tries again every second, and the server turns requests away
meanwhile: nothing is shown that leaves no trace.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from rag.app.audit.log import AuditLog
from rag.app.audit.record import Record

_logger = logging.getLogger(__name__)

_BATCH = 500
_GATHERING_SECONDS = 0.05
_RETRY_SECONDS = 1.0
_SYNC_SECONDS = 1.0
_FLUSH_SECONDS = 10.0


class Recorder:
    """Writes records in the order in which they come. Safe across threads; the thread starts with the first record."""

    def __init__(self, log: AuditLog, *, days: int, retry_seconds: float = _RETRY_SECONDS) -> None:
        """Write to a log.

        Args:
            log: Where to.
            days: How long its files are kept.
            retry_seconds: How long to wait when it cannot be written.
        """
        self._log = log
        self._days = days
        self._retry_seconds = retry_seconds
        self._waiting: queue.SimpleQueue[Record | Callable[[], None] | None] = queue.SimpleQueue()
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._failure: str | None = None
        self._pruned_on: date | None = None
        self._closing = False

    @property
    def failure(self) -> str | None:
        """Why the log cannot be written, ``None`` when it can."""
        return self._failure

    def record(self, record: Record) -> None:
        """Have a record written."""
        self._start()
        self._waiting.put(record)

    def flush(self, seconds: float = _FLUSH_SECONDS) -> bool:
        """Wait until all records so far are on the disk; ``False`` when that is not so after so many seconds."""
        if self._thread is None:
            return True
        done = threading.Event()
        self._waiting.put(done.set)
        return done.wait(seconds)

    def close(self) -> None:
        """Write what is waiting, and end."""
        with self._turn:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._closing = True
            self._waiting.put(None)
            thread.join(_FLUSH_SECONDS)
            self._closing = False

    def _start(self) -> None:
        if self._thread is None:
            with self._turn:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="audit log", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        is_dirty, synced_at = False, time.monotonic()
        while True:
            try:
                item = self._waiting.get(timeout=_SYNC_SECONDS if is_dirty else None)
            except queue.Empty:
                is_dirty = not self._synced()
                continue
            if isinstance(item, Record):
                time.sleep(_GATHERING_SECONDS)  # to lock, look and write costs the same for one and for twenty
            batch, signals, is_end = self._drained(item)
            self._written(batch)
            is_dirty = is_dirty or bool(batch)
            if is_dirty and (signals or is_end or time.monotonic() - synced_at >= _SYNC_SECONDS):
                is_dirty, synced_at = not self._synced(), time.monotonic()
            if not is_dirty:
                for signal in signals:
                    signal()
            if is_end:
                return

    def _drained(self, item: Record | Callable[[], None] | None) -> tuple[list[Record], list[Callable[[], None]], bool]:
        batch: list[Record] = []
        signals: list[Callable[[], None]] = []
        while True:
            if item is None:
                return batch, signals, True
            if isinstance(item, Record):
                batch.append(item)
            else:
                signals.append(item)
            if len(batch) >= _BATCH:
                return batch, signals, False
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return batch, signals, False

    def _written(self, batch: list[Record]) -> None:
        """Write a batch, trying until it works, or until the process ends."""
        entries = [record.entry() for record in batch]
        while entries:
            try:
                self._log.append(entries, durable=False)
            except OSError as error:
                if self._failure is None:
                    _logger.error("the audit log cannot be written: %s", error.strerror)
                self._failure = error.strerror or type(error).__name__
                if self._closing:
                    _logger.error("%d records of the audit log are lost", len(entries))
                    return
                time.sleep(self._retry_seconds)
            else:
                if self._failure is not None:
                    _logger.warning("the audit log can be written again")
                self._failure = None
                self._prune()
                return

    def _prune(self) -> None:
        today = datetime.now(UTC).date()
        if self._pruned_on != today:
            self._pruned_on = today
            try:
                self._log.prune(self._days)
            except OSError as error:
                _logger.error("old days of the audit log cannot be removed: %s", error.strerror)

    def _synced(self) -> bool:
        try:
            self._log.sync()
        except OSError as error:
            _logger.error("the audit log cannot be put on the disk: %s", error.strerror)
            return False
        return True
