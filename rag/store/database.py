"""Connections to the catalog: one writer, many readers, SQLite's errors in the program's words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import INGEST_REMEDY, REPAIR_REMEDY, IndexDamaged, IndexLocked, IndexMissing, StorageFailed
from rag.store.particulars import add_functions
from rag.store.schema import applied_migrations, is_current, migrate, require_current
from rag.store.seal import break_seal, is_sealed, seal_problem, set_seal

BUSY_TIMEOUT_SECONDS = 30.0
# A run touches pages all over the catalog, the bands of signatures above all; SQLite keeps 2 MiB by itself.
_WRITER_CACHE_KIBIBYTES = 32_768
SEAL_WAIT_SECONDS = 5.0
STORAGE_REMEDY = "make room, or see to the disk and to who may write to its folder; nothing is lost or damaged"

# What SQLite says when it is the disk that refuses; but a file that is too short is damaged.
_DISK_ERRORS = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
_DAMAGE = frozenset({"SQLITE_IOERR_SHORT_READ", "SQLITE_CANTOPEN_ISDIR"})


class Database:
    """One catalog file.

    Safe across threads: readers take a connection each from a pool; a writer has one connection that
    threads take in turns.
    """

    def __init__(self, path: Path, *, read_only: bool) -> None:
        """Open the file; a writer creates and migrates it, a reader checks it.

        Raises:
            IndexMissing: A reader finds no file.
            IndexMismatch: The file is another program's or another version's.
            IndexDamaged: The file is not a database.
            IndexLocked: A writer waited too long for another process.
        """
        self.path = path
        self.read_only = read_only
        self._turn = threading.RLock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._writing = False
        self._lent = threading.local()  # the connection of this thread's snapshot
        if read_only and not path.is_file():
            raise IndexMissing(f"no catalog at {path.name}", remedy=INGEST_REMEDY)
        with self._translated():
            connection = self._connect()
            try:
                if read_only:
                    require_current(connection)
                elif not is_current(connection):
                    self._break_seal()
                    migrate(connection)
            except BaseException:
                connection.close()
                raise
        self._idle.append(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection within one snapshot: every statement sees the same state."""
        if not self.read_only:
            with self._turn, self._translated():
                yield from self._reading_as_writer()
            return
        if (held := self._snapshot_here()) is not None:
            with self._translated():
                yield held
            return
        with self._turn:
            self._require_open()
            connection = self._idle.pop() if self._idle else None
        with self._translated():
            if connection is None:
                connection = self._connect()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                connection.rollback()
                with self._turn:
                    if self._closed:
                        connection.close()
                    else:
                        self._idle.append(connection)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all that this thread reads until the end see one state, whatever others write meanwhile.

        For work that is short: the log cannot be written back while a snapshot lasts. Does nothing within another one.
        """
        if not self.read_only or self._snapshot_here() is not None:
            yield
            return
        with self.reading() as connection:
            self._lent.connection = connection
            try:
                yield
            finally:
                self._lent.connection = None

    def _snapshot_here(self) -> sqlite3.Connection | None:
        connection: sqlite3.Connection | None = getattr(self._lent, "connection", None)
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the writer's connection within one transaction, rolled back on any error.

        Within a transaction of the same thread it joins that one; its own writes alone are undone by an error
        that the caller goes on from.
        """
        if self.read_only:
            raise RuntimeError("the catalog was opened read-only")
        with self._turn, self._translated():
            self._require_open()
            connection = self._idle[0]
            if connection.in_transaction and not self._writing:
                raise RuntimeError("a write was begun inside a read")
            yield from self._nested(connection) if self._writing else self._outermost(connection)

    def seal(self) -> None:
        """Write the log back into the file and seal its bytes; does nothing to a catalog that is sealed.

        A reader that clings to an old state for too long keeps it from being sealed; the next run will.
        """
        with self._turn, self._translated():
            self._require_open()
            if is_sealed(self.path):
                return
            connection = self._idle[0]
            connection.execute(f"PRAGMA busy_timeout = {int(SEAL_WAIT_SECONDS * 1000)}")
            try:
                (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_SECONDS * 1000)}")
            if not is_busy:
                set_seal(self.path)

    def seal_problem(self) -> str | None:
        """Return what is wrong with the file's bytes, ``None`` when they are as sealed or there is no seal."""
        return seal_problem(self.path)

    def close(self) -> None:
        """Close every idle connection now, and each lent one when it comes back."""
        with self._turn:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def _break_seal(self) -> None:
        if is_sealed(self.path):
            break_seal(self.path)

    def _outermost(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        self._break_seal()
        connection.execute("BEGIN IMMEDIATE")
        self._writing = True
        try:
            yield connection
            connection.execute("COMMIT")
        finally:
            self._writing = False
            connection.rollback()  # nothing to do after the commit

    @staticmethod
    def _nested(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        connection.execute("SAVEPOINT write")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:  # else SQLite has rolled it all back, as on a full disk
                connection.execute("ROLLBACK TO write")
                connection.execute("RELEASE write")
            raise
        connection.execute("RELEASE write")

    def _reading_as_writer(self) -> Iterator[sqlite3.Connection]:
        self._require_open()
        connection = self._idle[0]
        if connection.in_transaction:  # it sees what it has written so far
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.rollback()

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the catalog is closed")

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self.read_only else "rwc"
        # Even a reader writes the shared index of the log; where that cannot be, the file must stand for itself.
        if self.read_only and _is_read_only(self.path) and is_sealed(self.path):
            mode += "&immutable=1"
        connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_TIMEOUT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            add_functions(connection)
            connection.execute("PRAGMA foreign_keys = ON")
            if not self.read_only:
                applied_migrations(connection)  # raises: not a byte is changed of what is not ours, or is newer
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIBIBYTES}")
                # What is deleted is overwritten: a withdrawn document must not linger in free pages.
                connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname in {"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT"}:
                raise IndexLocked("another process is writing to the catalog") from error
            if error.sqlite_errorname.startswith(_DISK_ERRORS) and error.sqlite_errorname not in _DAMAGE:
                raise StorageFailed(f"the catalog cannot be written or read: {error}", remedy=STORAGE_REMEDY) from error
            raise IndexDamaged(f"the catalog cannot be read: {error}", remedy=REPAIR_REMEDY) from error
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a mistake of ours, not a state of the file
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(f"the catalog is damaged: {error}", remedy=REPAIR_REMEDY) from error


def _is_read_only(path: Path) -> bool:
    """Tell whether a file is on a disk that nobody can write to (Windows cannot tell)."""
    return hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)
