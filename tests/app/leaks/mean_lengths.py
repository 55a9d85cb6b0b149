"""The mean length of an entry in the lexical indexes (平均长度): read from one server, and given to another."""

from __future__ import annotations

import json
from typing import Any

import tantivy

from rag.app.wiring import Engine
from rag.indexes.lexical import TERMS, LexicalEntry, LexicalIndex

_FILLER = "\N{REPLACEMENT CHARACTER}"
_FILLER_ROW = 1_000_000_000
_MOST_ENTRIES = 400
_COMMON_TERM = "年"


def mean_lengths_of(engine: Engine) -> tuple[float, float]:
    """Return the mean lengths of an engine's passages and documents, in terms."""
    generation = engine.reader().generation
    return _explained(generation.lexical)[0], _explained(generation.documents)[0]


def give_mean_lengths(engine: Engine, mean_lengths: tuple[float, float]) -> None:
    """Make them the mean lengths of an engine, by entries that are of no document and hold no word."""
    reader = engine.reader()
    for index, mean in zip((reader.generation.lexical, reader.generation.documents), mean_lengths, strict=True):
        index.update(_fillers(index, mean))
    for remembered in (reader._views, reader._readable):  # made of the indexes as they were
        remembered._answers.clear()


def _fillers(index: LexicalIndex, wanted: float) -> list[LexicalEntry]:
    """Return entries that bring the mean length as near to ``wanted`` as whole terms can."""
    mean, entries = _explained(index)
    lacking = {count: wanted * (entries + count) - mean * entries for count in range(1, _MOST_ENTRIES)}
    count = min(
        (count for count in lacking if lacking[count] >= 0),
        key=lambda c: abs(lacking[c] - round(lacking[c])) / (entries + c),
    )
    lengths = [round(lacking[count]), *[0] * (count - 1)]
    return [LexicalEntry(_FILLER_ROW + at, _FILLER_ROW + at, [_FILLER] * length) for at, length in enumerate(lengths)]


def _explained(index: LexicalIndex) -> tuple[float, int]:
    """Return the mean length and the number of the entries as tantivy's scores go by."""
    query = tantivy.Query.term_query(index._schema, TERMS, _COMMON_TERM, index_option="freq")
    ((_, address),) = index._searcher.search(query, 1, count=False).hits
    said: dict[str, float] = {}

    def read(part: dict[str, Any]) -> None:
        said[part["description"].partition(",")[0]] = part["value"]
        for inner in part.get("details", ()):
            read(inner)

    read(json.loads(query.explain(index._searcher, address).to_json()))
    return said["avgdl"], round(said["N"])
