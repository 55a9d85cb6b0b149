"""Commitments (承诺事项) found by words."""

from __future__ import annotations

from collections.abc import Iterable

from rag.domain.commitment import Commitment
from rag.domain.document import DocumentSummary
from rag.parsing.agencies import normalize
from rag.text import fold


def search_commitments(
    commitments: Iterable[tuple[Commitment, DocumentSummary]], query: str
) -> list[tuple[Commitment, DocumentSummary]]:
    """Return the commitments whose words, headings, actor or title hold every word of ``query``, in the order given.

    Words are separated by blanks; an agency is also found by another of its names.
    """
    words = fold(query).split()
    if not words:
        return list(commitments)
    found = []
    for commitment, document in commitments:
        actor = commitment.actor or ""
        held = fold(" ".join((commitment.text, *commitment.section, actor, normalize(actor), document.title or "")))
        if all(word in held or normalize(word) in held for word in words):
            found.append((commitment, document))
    return found
