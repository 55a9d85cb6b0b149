"""Families (同文): documents that are one text in several files, found by signature as each is taken in.

A family is a number that its members share, kept with their signatures; a document without twins has none. One
comparison stands for a whole family, so that ten thousand copies cost as much as one each.
"""

# ruff: noqa: S608 - what is put into the SQL is our own placeholders; values are bound.

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.domain.document import OfficialDocument
from rag.loaders.raw import MediaType
from rag.parsing.likeness import Signature, bands_of, resemblances
from rag.parsing.twins import LEAST_RESEMBLANCE_RECOGNISED, Compared, agree, are_twins
from rag.store.rows import elements_json, reading_json

# Of two files of one text the better: typed text before recognised, the author's format before what was made of it.
_FORMATS = (
    MediaType.DOCX,
    MediaType.DOC,
    MediaType.ODT,
    MediaType.RTF,
    MediaType.PDF,
    MediaType.OFD,
    MediaType.HTML,
    MediaType.MARKDOWN,
    MediaType.TEXT,
)
_RECOGNISED = 100

# Estimates below are off by more than three standard errors.
_LEAST_ESTIMATE = LEAST_RESEMBLANCE_RECOGNISED - 0.13
_MEMBERS_A_BAND = 16
_MOST_COMPARED = 12
_MEMBERS_ASKED = 4


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A document that may be a twin, and the family it is in, ``None`` when alone."""

    number: int
    family: int | None


def rank_of(document: OfficialDocument) -> int:
    """Return which twin is read first: the lower, the better."""
    kinds = [kind.value for kind in _FORMATS]
    media_type = document.reading.media_type
    place = kinds.index(media_type) if media_type in kinds else len(kinds)
    return place + (_RECOGNISED if document.reading.ocr_pages else 0)


def join(connection: sqlite3.Connection, number: int, document: OfficialDocument, signature: Signature) -> None:
    """Keep a document's signature, and make it one of the family of its twins, if it has any.

    Args:
        connection: Within a transaction; the document is stored, and in no family.
        number: Its row number.
        document: What was stored.
        signature: Of its text.
    """
    bands = bands_of(signature) if signature.any() else []
    mine = Compared(document.text, document.elements, is_recognised=bool(document.reading.ocr_pages))
    joined: list[_Candidate] = []
    relatives: list[Compared] = []
    for candidate in _candidates(connection, signature, bands):
        if not are_twins(mine, _compared(connection, candidate.number)):
            continue
        members = [_compared(connection, member) for member in _first_members(connection, candidate)]
        # A file without a 文号 may be like two that have different ones; these stay apart.
        if all(agree(one, other) for one in (mine, *relatives) for other in members):
            joined.append(candidate)
            relatives.extend(members)
    family = _new_family(connection) if joined else None
    for candidate in joined:
        if candidate.family is None:
            connection.execute("UPDATE sketches SET family = ? WHERE document = ?", (family, candidate.number))
        else:
            connection.execute("UPDATE sketches SET family = ? WHERE family = ?", (family, candidate.family))
    connection.execute(
        "INSERT INTO sketches VALUES (?, ?, ?, ?)",
        (number, family, rank_of(document), signature.astype("<u4").tobytes()),
    )
    connection.executemany("INSERT INTO bands VALUES (?, ?)", ((band, number) for band in bands))


def _new_family(connection: sqlite3.Connection) -> int:
    (last,) = connection.execute("SELECT max(family) FROM sketches WHERE family IS NOT NULL").fetchone()
    return (last or 0) + 1


def leave(connection: sqlite3.Connection, number: int) -> None:
    """Forget a document's signature; whoever then is alone has no family any more."""
    row = connection.execute("DELETE FROM sketches WHERE document = ? RETURNING family", (number,)).fetchone()
    connection.execute("DELETE FROM bands WHERE document = ?", (number,))
    if row is not None and row[0] is not None:
        connection.execute(
            "UPDATE sketches SET family = NULL WHERE family = ?1"
            " AND (SELECT count(*) FROM (SELECT 1 FROM sketches WHERE family = ?1 LIMIT 2)) = 1",
            row,
        )


def _candidates(connection: sqlite3.Connection, signature: Signature, bands: Sequence[int]) -> Iterator[_Candidate]:
    """Yield the documents whose signature is most alike, best first, one a family and few in all."""
    numbers = {
        number
        for band in bands
        for (number,) in connection.execute(
            f"SELECT document FROM bands WHERE band = ? LIMIT {_MEMBERS_A_BAND}", (band,)
        )
    }
    if not numbers:
        return
    rows = connection.execute(
        f"SELECT document, family, signature FROM sketches WHERE document IN ({', '.join('?' * len(numbers))})"
        " ORDER BY document",
        sorted(numbers),
    ).fetchall()
    estimates = resemblances(signature, np.array([np.frombuffer(row[2], dtype="<u4") for row in rows]))
    families: set[int] = set()
    compared = 0
    for at in np.argsort(-estimates, kind="stable"):
        number, family, _ = rows[at]
        if estimates[at] < _LEAST_ESTIMATE or compared == _MOST_COMPARED:
            return
        if family not in families:
            compared += 1
            yield _Candidate(number, family)
        if family is not None:
            families.add(family)


def _first_members(connection: sqlite3.Connection, candidate: _Candidate) -> list[int]:
    """Return a few members of a candidate's family, itself where it is alone."""
    if candidate.family is None:
        return [candidate.number]
    found = connection.execute(
        f"SELECT document FROM sketches WHERE family = ? ORDER BY rank, document LIMIT {_MEMBERS_ASKED}",
        (candidate.family,),
    )
    return [number for (number,) in found]


def _compared(connection: sqlite3.Connection, number: int) -> Compared:
    text, elements, reading = connection.execute(
        "SELECT text, elements, reading FROM contents WHERE document = ?", (number,)
    ).fetchone()
    is_recognised = bool(reading_json.validate_json(reading).ocr_pages)
    return Compared(text, elements_json.validate_json(elements), is_recognised)
