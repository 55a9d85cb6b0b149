"""Reads of the catalog that keep it and its indexes in step (维护): for ingestion and ``rag verify``.

They take no scope and see everything: nothing that answers a request may call them.
"""

# ruff: noqa: S608 - what is put into the SQL is our own column names and placeholders; values are bound.

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.domain.passage import Passage
from rag.store.conditions import CHUNK, placeholders
from rag.store.database import Database
from rag.store.records import Failure, SourceRecord
from rag.store.rows import PASSAGE_COLUMNS, SOURCE_COLUMNS, fingerprint, passage_from
from rag.store.seal import is_sealed


class CatalogUpkeep:
    """The reads, over a database that the subclass opens."""

    _database: Database

    def sources(self) -> dict[str, SourceRecord]:
        """Return every file taken in, by path."""
        with self._database.reading() as connection:
            cursor = connection.execute(
                f"SELECT {SOURCE_COLUMNS} FROM sources AS f JOIN documents AS d ON d.id = f.document ORDER BY f.source"
            )
            return {row[0]: SourceRecord(*row) for row in cursor}

    def failures(self) -> list[Failure]:
        """Return what the last ingest could not take in."""
        with self._database.reading() as connection:
            return [Failure(*row) for row in connection.execute("SELECT source, reason FROM failures ORDER BY source")]

    def unsigned(self) -> list[str]:
        """Return the ids of the documents whose twins were never looked for."""
        with self._database.reading() as connection:
            cursor = connection.execute(
                "SELECT document_id FROM documents WHERE id NOT IN (SELECT document FROM sketches) ORDER BY id"
            )
            return [document_id for (document_id,) in cursor]

    def passage_keys(self) -> NDArray[np.int64]:
        """Return ``(n, 3)``: row number of each passage, of its document, fingerprint; by row number."""
        with self._database.reading() as connection:
            cursor = connection.execute("SELECT id, document, fingerprint FROM passages ORDER BY document, ordinal")
            flat = np.fromiter((value for row in cursor for value in row), dtype=np.int64)
        keys = flat.reshape(-1, 3)
        return keys[np.argsort(keys[:, 0], kind="stable")]

    def titled_passages(self, rows: Sequence[int]) -> list[tuple[int, str | None, Passage]]:
        """Return row number, document title and passage for each row that still exists, in the order asked."""
        found: dict[int, tuple[int, str | None, Passage]] = {}
        with self._database.reading() as connection:
            for at in range(0, len(rows), CHUNK):
                chunk = [int(row) for row in rows[at : at + CHUNK]]
                cursor = connection.execute(
                    f"SELECT d.title, {PASSAGE_COLUMNS} FROM passages AS p JOIN documents AS d ON d.id = p.document"
                    f" WHERE p.id IN ({placeholders(chunk)})",
                    chunk,
                )
                found.update((row[1], (row[1], row[0], passage_from(row[1:]))) for row in cursor)
        return [found[row] for row in map(int, rows) if row in found]

    def document_names(self) -> list[tuple[int, str | None, str | None, str | None]]:
        """Return row number, title, issuer and place of every document, by row number."""
        with self._database.reading() as connection:
            return connection.execute("SELECT id, title, issuer, place FROM documents ORDER BY id").fetchall()

    def problems(self) -> list[str]:
        """Return what is wrong inside the catalog, empty when sound.

        Checks SQLite's own structure, references, that each passage is the document's text at its span, and
        that its fingerprint is that of its content; and, where it is sealed, that every byte is as it was written.
        """
        broken = self._database.seal_problem()
        if broken is not None:
            return [broken]  # what it holds cannot be relied on, and may be no values at all
        with self._database.reading() as connection:
            found = [f"catalog: {line}" for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
            found += [
                f"catalog: broken reference in {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")
            ]
            astray = connection.execute(
                "SELECT d.document_id, p.ordinal FROM passages AS p JOIN documents AS d ON d.id = p.document"
                " JOIN contents AS c ON c.document = d.id"
                ' WHERE p.text <> substr(c.text, p.start + 1, p."end" - p.start) ORDER BY 1, 2'
            )
            found += [f"passage {document_id}-{ordinal} is not the text at its span" for document_id, ordinal in astray]
            stored = connection.execute(
                f"SELECT d.title, p.fingerprint, {PASSAGE_COLUMNS}"
                " FROM passages AS p JOIN documents AS d ON d.id = p.document"
            )
            for title, written, *row in stored:
                try:
                    passage = passage_from((row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]))
                except ValueError:
                    found.append(f"passage {row[1]}-{row[2]} cannot be read")
                    continue
                if fingerprint(title, passage.section, passage.text) != written:
                    found.append(f"passage {passage.passage_id} is not what was indexed")
            orphans = connection.execute(
                "SELECT document_id FROM documents WHERE id NOT IN (SELECT document FROM sources)"
            )
            found += [f"document {document_id} has no source" for (document_id,) in orphans]
        return found

    def is_whole(self) -> bool:
        """Tell whether SQLite finds its own structure sound, so that the catalog can be mended in place."""
        with self._database.reading() as connection:
            return connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]

    @property
    def is_sealed(self) -> bool:
        """Whether its bytes can be checked: the last run came to its end."""
        return is_sealed(self._database.path)
