"""A run query by query (逐题结果): kept in a file, handed to other tools, compared with another run.

The file has one JSON object a query. Beside it a run file in TREC's format (query, ``Q0``, document, rank, score,
name of the run) is what trec_eval, ir-measures and ranx read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from rag.errors import InvalidRequest
from rag.evaluation.rows import read_rows, write_bytes, write_rows
from rag.evaluation.significance import Comparison, compare

MAIN_MEASURE = "nDCG@10"
"""The one that runs are told apart by."""


@dataclass(frozen=True, slots=True)
class RankedQuery:
    """What was found for one query.

    Attributes:
        id: Of the query.
        text: Its words.
        relevant: Grade by id of the documents judged; 1 and up is relevant.
        documents: Ids of those found, best first.
        measures: Value by name.
        seconds: That the search took.
    """

    id: str
    text: str
    relevant: Mapping[str, int]
    documents: tuple[str, ...]
    measures: Mapping[str, float]
    seconds: float

    @property
    def first_relevant(self) -> float:
        """Rank of the first relevant document, from 1; infinite when none was found."""
        return next((n for n, found in enumerate(self.documents, 1) if self.relevant.get(found, 0) > 0), math.inf)


_ranked: TypeAdapter[RankedQuery] = TypeAdapter(RankedQuery)


def read_run(path: Path) -> list[RankedQuery]:
    """Read a run that ``write_run`` wrote.

    Raises:
        InvalidRequest: It cannot be read, or is not such a file.
    """
    return read_rows(path, _ranked, lambda query: query.id, called="query")


def write_run(path: Path, queries: Iterable[RankedQuery]) -> None:
    """Write a run.

    Raises:
        InvalidRequest: The file cannot be written.
    """
    write_rows(path, _ranked, queries)


def write_trec(path: Path, queries: Iterable[RankedQuery], *, name: str) -> None:
    """Write a run in TREC's format. The score tells the rank alone: tools order by it, and ours may tie.

    Raises:
        InvalidRequest: An id holds a blank, which the format cannot say, or the file cannot be written.
    """
    lines = []
    tag = "-".join(name.split()) or "rag"
    for query in queries:
        for rank, document in enumerate(query.documents, 1):
            for written in (query.id, document):
                if len(written.split()) != 1:
                    raise InvalidRequest(f"{path}: the id {written!r} holds a blank, which a TREC run cannot say")
            lines.append(f"{query.id} Q0 {document} {rank} {len(query.documents) - rank + 1} {tag}\n")
    write_bytes(path, "".join(lines).encode())


def compare_runs(before: Sequence[RankedQuery], after: Sequence[RankedQuery]) -> dict[str, Comparison]:
    """Compare two runs by every measure that both have.

    Raises:
        InvalidRequest: They are not of the same queries, judged alike, or one lacks the main measure.
    """
    first, second = ({query.id: query for query in run} for run in (before, after))
    if first.keys() != second.keys():
        apart = sorted(first.keys() ^ second.keys())
        raise InvalidRequest(f"the runs are not of the same queries: {len(apart)} in one alone, such as {apart[0]}")
    for query_id, query in first.items():
        if query.relevant != second[query_id].relevant:
            raise InvalidRequest(f"the runs were judged otherwise: query {query_id}")
    shared = [name for name in after[0].measures if all(name in query.measures for query in before)]
    if MAIN_MEASURE not in shared:
        raise InvalidRequest(f"the runs do not both have {MAIN_MEASURE}")
    return {
        name: compare(*({query.id: query.measures[name] for query in run} for run in (before, after)))
        for name in shared
    }
