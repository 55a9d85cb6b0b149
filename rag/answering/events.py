"""Events (事件) found by words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.answering.listing import holding_all
from rag.domain.document import DocumentSummary
from rag.domain.event import Event
from rag.parsing.agencies import normalize


def search_events(events: Iterable[tuple[Event, DocumentSummary]], query: str) -> list[tuple[Event, DocumentSummary]]:
    """Return the events whose words, headings, actor or title hold every word of ``query``, in the order given.

    Words are separated by blanks; an agency is also found by another of its names.
    """
    return holding_all(events, query, _words_of)


def _words_of(event: Event) -> Sequence[str]:
    actor = event.actor or ""
    return (event.text, *event.section, actor, normalize(actor))
