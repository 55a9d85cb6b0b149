"""Commitments (承诺事项) found by words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.answering.listing import holding_all
from rag.domain.commitment import Commitment
from rag.domain.document import DocumentSummary
from rag.parsing.agencies import normalize


def search_commitments(
    commitments: Iterable[tuple[Commitment, DocumentSummary]], query: str
) -> list[tuple[Commitment, DocumentSummary]]:
    """Return the commitments whose words, headings, actor or title hold every word of ``query``, in the order given.

    Words are separated by blanks; an agency is also found by another of its names.
    """
    return holding_all(commitments, query, _words_of)


def _words_of(commitment: Commitment) -> Sequence[str]:
    actor = commitment.actor or ""
    return (commitment.text, *commitment.section, actor, normalize(actor))
