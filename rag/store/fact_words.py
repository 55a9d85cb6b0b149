"""The words by which facts (摘录事项) are found, kept beside each: folded, its headings, agencies and document's title too."""

from __future__ import annotations

from collections.abc import Iterable

from rag.domain.commitment import Commitment
from rag.domain.event import Event
from rag.domain.obligation import Duty
from rag.parsing.agencies import normalize
from rag.text import fold


def words_of(fact: Duty | Commitment | Event, title: str | None) -> str:
    """Return the words of a fact, an agency under the names it is written with and normalised, and its document's title."""
    return fold(" ".join((*_own_words(fact), title or "")))


def _own_words(fact: Duty | Commitment | Event) -> Iterable[str]:
    if isinstance(fact, Duty):
        units = (*fact.lead, *fact.cooperating, *fact.lead_normalized, *fact.cooperating_normalized)
        return (fact.task, *fact.section, *dict.fromkeys(units))
    actor = fact.actor or ""
    return (fact.text, *fact.section, *dict.fromkeys((actor, normalize(actor))))
