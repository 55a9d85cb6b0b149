"""The basket (摘句篮): sentences that a user collects. It is in the address of the page; the server remembers nothing.

An item names words by document and span. They are read again within the scope of whoever opens the address, so an
address that is passed on shows nobody more than they may see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, Self

from rag.app.writing.draft import Draft, Paragraph
from rag.app.writing.sources import source_of
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.span import Span
from rag.store.repository import Catalog

MOST_PICKS = 60
"""Most sentences in a basket: addresses have an end."""

_MOST_CHARACTERS = 2_000
_PICK = re.compile(r"([0-9a-f]{1,64}):(\d{1,9})-(\d{1,9})", re.ASCII)


class Pick(NamedTuple):
    """Words of a document that were collected; as text ``<document_id>:<start>-<end>``."""

    document_id: str
    span: Span

    def __str__(self) -> str:
        return f"{self.document_id}:{self.span.start}-{self.span.end}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the pick that a text names, ``None`` where it names none."""
        match = _PICK.fullmatch(text)
        if match is None or not int(match[2]) < int(match[3]):
            return None
        return cls(match[1], Span(int(match[2]), int(match[3])))


class Collected(NamedTuple):
    """A sentence in the basket."""

    pick: Pick
    quote: str
    document: DocumentSummary


class Basket(NamedTuple):
    """What was collected.

    Attributes:
        collected: Sentences in the order of collecting.
        lost: How many more the address names that are not there, or that this scope may not see.
    """

    collected: tuple[Collected, ...]
    lost: int

    @classmethod
    def of(cls, texts: Iterable[str], catalog: Catalog, *, scope: Scope) -> Self:
        """Return the basket that an address names, each sentence once, at most ``MOST_PICKS``."""
        named = [Pick.read(text) for text in dict.fromkeys(texts)][:MOST_PICKS]
        picks = [pick for pick in named if pick is not None]
        ids = list(dict.fromkeys(pick.document_id for pick in picks))
        summaries = catalog.summaries(ids, scope=scope)
        texts_of = {document_id: catalog.text(document_id, scope=scope) for document_id in summaries}
        found = [
            Collected(pick, pick.span.of(texts_of[pick.document_id]), summaries[pick.document_id])
            for pick in picks
            if pick.document_id in summaries
            and len(pick.span) <= _MOST_CHARACTERS
            and pick.span.end <= len(texts_of[pick.document_id])
        ]
        return cls(tuple(found), len(named) - len(found))

    @property
    def picks(self) -> tuple[str, ...]:
        """What the address says of it."""
        return tuple(str(each.pick) for each in self.collected)

    def without(self, at: int) -> tuple[str, ...]:
        """Return the picks without the one at a place."""
        return self.picks[:at] + self.picks[at + 1 :]

    def earlier(self, at: int) -> tuple[str, ...]:
        """Return the picks with the one at a place moved before the one before it; the first stays."""
        picks = list(self.picks)
        if at:
            picks[at - 1], picks[at] = picks[at], picks[at - 1]
        return tuple(picks)

    def draft(self, title: str, sources_heading: str) -> Draft:
        """Return the sentences as a draft, a paragraph each, with their sources in footnotes."""
        paragraphs = (Paragraph.of(each.quote, source_of(each.document)) for each in self.collected)
        return Draft(title, tuple(paragraphs), sources_heading)
