"""Scope and filters as SQL conditions over ``documents AS d``."""

# ruff: noqa: S608 - what is put into the SQL is our own conditions; values are bound.

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from rag.domain.access import Scope
from rag.domain.commitment import CommitmentQuery
from rag.domain.event import EventQuery
from rag.domain.filters import Filters
from rag.domain.obligation import DutyQuery
from rag.parsing.agencies import normalize
from rag.text import fold, normalize_document_number

CHUNK = 500
"""Most placeholders a statement: SQLite takes 32,766; fewer keep the statement cache useful."""


LEAD, COOPERATING = "json_extract(t.duty, '$.lead')", "json_extract(t.duty, '$.cooperating')"
UNITS = f"{LEAD} || {COOPERATING}"
"""Expressions of the units of a duty, and of both together."""

ACTOR = "json_extract(t.commitment, '$.actor')"
"""Expression of who commits."""


class Condition(NamedTuple):
    """A SQL expression and the values of its placeholders."""

    sql: str
    values: tuple[str | int, ...] = ()


_NOTHING = Condition("0")

# What names of places end with (行政区划通名).
_DIVISIONS = "省市区县州盟旗乡镇团"


def all_of(parts: Iterable[Condition]) -> Condition:
    """Return the condition that all ``parts`` hold."""
    joined = list(parts)
    return Condition(" AND ".join(p.sql for p in joined) or "1", tuple(v for p in joined for v in p.values))


def placeholders(values: Sequence[object]) -> str:
    """Return a placeholder for each value, separated by commas."""
    return ", ".join("?" * len(values))


def conditions(scope: Scope, filters: Filters) -> Condition:
    """Return the condition that a document must meet to be read.

    A filter that holds no word matches nothing, and so does a scope without labels.
    """
    parts = [
        *_scope(scope),
        *_name("issuer_key", issuer_keys(filters.issuer)),
        *_name("place_key", place_keys(filters.place)),
        *_topic(filters.topic),
        *_source(scope, filters.source),
    ]
    if filters.document_number is not None:
        parts.append(Condition("d.number_key = ?", (normalize_document_number(filters.document_number),)))
    if filters.kind is not None:
        parts.append(Condition("d.kind = ?", (filters.kind.value,)))
    if filters.year_from is not None:
        parts.append(Condition("d.year >= ?", (filters.year_from,)))
    if filters.year_to is not None:
        parts.append(Condition("d.year <= ?", (filters.year_to,)))
    return all_of(parts)


def distinct(scope: Scope, condition: Condition) -> Condition:
    """Return the condition of being the first of its twins among the documents that meet ``condition``.

    The first is the best to read; of two as good, the one whose source comes first.
    """
    source = source_of(scope)
    later = (
        "SELECT document FROM (SELECT s.document, row_number() OVER (PARTITION BY s.family ORDER BY s.rank,"
        f" {source.sql}) AS place FROM sketches AS s JOIN documents AS d ON d.id = s.document"
        f" WHERE s.family IS NOT NULL AND {condition.sql}) WHERE place > 1"
    )
    return Condition(
        f"{condition.sql} AND d.id NOT IN ({later})", (*condition.values, *source.values, *condition.values)
    )


def files_within(scope: Scope) -> Condition:
    """Return the condition that a file of ``sources AS f`` must meet to be known of."""
    if scope.collections is None:
        return Condition("1")
    return _any_of(_beneath(folder, "f.source") for folder in sorted(scope.collections))


def source_of(scope: Scope) -> Condition:
    """Return the expression of a document's source: the first by name of its files within the scope."""
    within = files_within(scope)
    return Condition(
        f"(SELECT min(f.source) FROM sources AS f WHERE f.document = d.id AND {within.sql})", within.values
    )


def duty_condition(query: DutyQuery) -> Condition:
    """Return the condition that a row of ``duties AS t`` must meet."""
    return all_of((_holding(query.words), _one_of(UNITS, query.units)))


def commitment_condition(query: CommitmentQuery) -> Condition:
    """Return the condition that a row of ``commitments AS t`` must meet."""
    parts = [_holding(query.words), _one_of(ACTOR, query.actors)]
    if query.status is not None:
        parts.append(Condition("t.status = ?", (query.status.value,)))
    if query.due_from is not None:
        parts.append(Condition("t.deadline >= ?", (query.due_from.isoformat(),)))
    if query.due_to is not None:
        parts.append(Condition("t.deadline <= ?", (query.due_to.isoformat(),)))
    return all_of(parts)


def event_condition(query: EventQuery) -> Condition:
    """Return the condition that a row of ``events AS t`` must meet."""
    parts = [_holding(query.words)]
    if query.date_from is not None:  # one that goes on has no last day
        parts.append(Condition("t.starts_on IS NOT NULL"))
        parts.append(Condition("(t.ends_on IS NULL OR t.ends_on >= ?)", (query.date_from.isoformat(),)))
    if query.date_to is not None:
        parts.append(Condition("t.starts_on <= ?", (query.date_to.isoformat(),)))
    return all_of(parts)


def among_documents(document_ids: Sequence[str] | None) -> Condition:
    """Return the condition of being one of these documents; of none where there are none, of any for ``None``."""
    if document_ids is None:
        return Condition("1")
    if not document_ids:
        return _NOTHING
    return Condition(f"d.document_id IN ({placeholders(document_ids)})", tuple(document_ids))


def issuer_keys(name: str | None) -> tuple[str, ...] | None:
    """Return the forms in which an organ's name is compared: as written and with aliases resolved, both folded."""
    if name is None:
        return None
    return tuple(sorted({key for key in (_name_key(name), _name_key(normalize(name))) if key}))


def place_keys(name: str | None) -> tuple[str, ...] | None:
    """Return the form in which a place's name is compared: folded, without blanks."""
    if name is None:
        return None
    key = _name_key(name)
    return (key,) if key else ()


def source_key(path: str) -> str:
    """Return a path as sources are written: ``/`` between parts, no ``./`` before and no ``/`` after."""
    path = path.replace("\\", "/")
    while path.startswith("./"):
        path = path[2:]
    return path.rstrip("/")


def _holding(words: str) -> Condition:
    """Return the condition that a fact ``t`` holds each of some words, which blanks separate; see ``rag.store.fact_words``."""
    return all_of(
        _any_of(Condition("instr(t.words, ?) > 0", (form,)) for form in dict.fromkeys((word, normalize(word))))
        for word in fold(words).split()
    )


def _one_of(expression: str, values: Collection[str] | None) -> Condition:
    """Return the condition that an expression has one of some values; ``None`` for any or none."""
    if values is None:
        return Condition("1")
    listed = json.dumps(sorted(values), ensure_ascii=False)
    return Condition(f"{expression} IN (SELECT value FROM json_each(?))", (listed,))


def _scope(scope: Scope) -> Iterator[Condition]:
    if scope.is_unrestricted:
        return
    labels = sorted(label.value for label in scope.disclosures)
    yield Condition(f"d.disclosure IN ({placeholders(labels)})", tuple(labels))
    if scope.places is not None:
        yield _any_of(_within_place(place) for place in sorted(scope.places))
    if scope.collections is not None:
        files = files_within(scope)
        yield Condition(f"d.id IN (SELECT f.document FROM sources AS f WHERE {files.sql})", files.values)


def _within_place(name: str) -> Condition:
    """Return the condition of being of a place or of one within it.

    Unlike a filter, which finds any part of a name, a grant holds for whole names: 渝北区 and 重庆市 are 重庆市渝北区,
    and 州市 is not 广州市.
    """
    key = _name_key(name)
    if not key:
        return _NOTHING
    at = "instr(d.place_key, ?)"
    # substr gives '' before the first character and after the last, and instr finds '' anywhere.
    starts = f"instr('{_DIVISIONS}', substr(d.place_key, {at} - 1, 1)) > 0"
    if key[-1] in _DIVISIONS:
        return Condition(f"({at} > 0 AND {starts})", (key, key))
    ends = f"instr('{_DIVISIONS}', substr(d.place_key, {at} + {len(key)}, 1)) > 0"
    return Condition(f"({at} > 0 AND {starts} AND {ends})", (key, key, key))


def _any_of(parts: Iterable[Condition]) -> Condition:
    joined = list(parts)
    if not joined:
        return _NOTHING
    return Condition(f"({' OR '.join(p.sql for p in joined)})", tuple(v for p in joined for v in p.values))


def _beneath(folder: str, column: str) -> Condition:
    """Return the condition of being a path or, if that is a folder, anything under it."""
    path = source_key(folder)
    if not path:
        return _NOTHING
    # "0" is the character after "/": the range is every path under the folder, and the index finds it.
    return Condition(f"({column} = ? OR ({column} >= ? AND {column} < ?))", (path, f"{path}/", f"{path}0"))


def _name(column: str, keys: tuple[str, ...] | None) -> list[Condition]:
    if keys is None:
        return []
    if not keys:
        return [_NOTHING]
    return [Condition(f"({' OR '.join([f'instr(d.{column}, ?) > 0'] * len(keys))})", keys)]


def _topic(topic: str | None) -> list[Condition]:
    if topic is None:
        return []
    return [Condition("instr(d.topic_key, ?) > 0", (word,)) for word in fold(topic).split()] or [_NOTHING]


def _source(scope: Scope, source: str | None) -> list[Condition]:
    if source is None:
        return []
    asked, within = _beneath(source, "f.source"), files_within(scope)
    return [
        Condition(
            f"d.id IN (SELECT f.document FROM sources AS f WHERE {asked.sql} AND {within.sql})",
            (*asked.values, *within.values),
        )
    ]


def _name_key(name: str) -> str:
    return "".join(fold(name).split())
