"""The masked words of documents (个人信息), read only for scopes that allow them; see ``rag.domain.personal``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from rag.domain.passage import Passage
from rag.domain.personal import PersonalData, revealed
from rag.store.rows import personal_data_from


def personal_data_of(connection: sqlite3.Connection, document_id: str) -> tuple[PersonalData, ...]:
    """Return what is masked in a document, in order. For scopes that allow personal data."""
    cursor = connection.execute(
        'SELECT m.start, m."end", m.kind, m.words FROM personal_data AS m JOIN documents AS d ON d.id = m.document'
        " WHERE d.document_id = ? ORDER BY m.start",
        (document_id,),
    )
    return tuple(personal_data_from(row) for row in cursor)


def with_personal_data(connection: sqlite3.Connection, passages: Iterable[Passage]) -> list[Passage]:
    """Return passages with their personal data put back, for scopes that allow it."""
    by_document: dict[str, tuple[PersonalData, ...]] = {}
    found = []
    for passage in passages:
        if passage.document_id not in by_document:
            by_document[passage.document_id] = personal_data_of(connection, passage.document_id)
        text = revealed(passage.text, by_document[passage.document_id], start=passage.span.start)
        found.append(replace(passage, text=text))
    return found
