"""Candidates (候选): what the legs of a search bring, with what each says of every one of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from rag.indexes.generation import Generation
from rag.indexes.scored import Ranking
from rag.retrieval.fusion import Candidates

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]

# Meaning is looked for on a thread of its own while words are: neither holds the interpreter. More threads than cores would
# wait for each other.
_SIDE = ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="dense leg")


def find_candidates(
    generation: Generation,
    terms: Sequence[str],
    vector: NDArray[np.float32],
    wanted: int,
    *,
    admitted: Rows | None,
    named: Rows,
    with_documents: bool,
) -> Candidates:
    """Return the passages that words or meaning bring, without their authority.

    A passage that one leg alone found has its score in the other all the same, where that is cheap: its cosine. Words that
    it does not share with the question it has not.

    Args:
        generation: To search.
        terms: Of the question, through ``rag.text.tokens``.
        vector: Of the question.
        wanted: Most passages a leg brings.
        admitted: Row numbers of documents that may be found, ascending; ``None`` for all.
        named: Of documents all of whose passages come, ascending.
        with_documents: Look for whole documents too; else ``document`` is 0.
    """
    meant = _SIDE.submit(generation.search_dense, vector, wanted, admitted=admitted)
    lexical = generation.search_lexical(terms, wanted, admitted=admitted)
    documents = Ranking.nothing()
    if with_documents:
        documents = generation.search_documents(terms, wanted, admitted=admitted)
    dense = meant.result()
    brought = [lexical.rows, dense.rows]
    if len(named):
        brought.append(generation.search_dense(vector, wanted, admitted=named).rows)
    rows = np.unique(np.concatenate(brought))
    cosines = _column(rows, dense, absent=np.nan)
    unknown = np.isnan(cosines)
    if unknown.any():
        cosines[unknown] = generation.vectors.scores(vector, rows[unknown])
    owners = generation.documents_of(rows)
    return Candidates(
        rows=rows,
        owners=owners,
        lexical=_column(rows, lexical),
        dense=cosines,
        document=_of_owners(owners, documents),
        authority=np.zeros(len(rows)),
    )


def _column(rows: Rows, found: Ranking, *, absent: float = 0.0) -> Scores:
    """Return the score of each row; every row found is among ``rows``, which ascend."""
    column: Scores = np.full(len(rows), absent)
    column[np.searchsorted(rows, found.rows)] = found.scores
    return column


def _of_owners(owners: Rows, documents: Ranking) -> Scores:
    """Return the score of the document of each passage, 0 of one that was not found."""
    order = np.argsort(documents.rows)
    known, scores = documents.rows[order], documents.scores[order]
    if not len(known):
        return np.zeros(len(owners))
    at = np.minimum(np.searchsorted(known, owners), len(known) - 1)
    column: Scores = np.where(known[at] == owners, scores[at], 0.0)
    return column
