"""Extracted facts (摘录事项) found by words: duties and commitments alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rag.domain.document import DocumentSummary
from rag.parsing.agencies import normalize
from rag.text import fold

Fact = TypeVar("Fact")


def holding_all(
    facts: Iterable[tuple[Fact, DocumentSummary]], query: str, words_of: Callable[[Fact], Sequence[str]]
) -> list[tuple[Fact, DocumentSummary]]:
    """Return the facts that hold every word of ``query``, in the order given; all for a query without words.

    Args:
        facts: Each with its document, whose title counts as words of the fact.
        query: Words separated by blanks; an agency is also found by another of its names.
        words_of: Gives the words of a fact.
    """
    words = fold(query).split()
    if not words:
        return list(facts)
    found = []
    for fact, document in facts:
        held = fold(" ".join((*words_of(fact), document.title or "")))
        if all(word in held or normalize(word) in held for word in words):
            found.append((fact, document))
    return found
