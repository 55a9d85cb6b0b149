"""One search for all that ask the same within one answer (检索共享).

An answer is made by several answerers, and most of them look through the same ranking. What was found is kept while one
answer is being made and no longer: the next question sees the index as it is then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.retrieval.question import Question

Asked = tuple[Question, Scope, Filters]

AT_LEAST = 40
"""Passages that a kept search brings at least: so many the answerer with the widest look at one ranking asks for."""


@dataclass(frozen=True, slots=True)
class _Found:
    hits: list[Hit]
    top_k: int

    def has(self, top_k: int) -> bool:
        """Whether the best ``top_k`` are among these, or these are all there are."""
        return top_k <= self.top_k or len(self.hits) < self.top_k


class SharedSearches:
    """What one searcher found, for the answer that is being made in this thread."""

    def __init__(self) -> None:
        self._kept: ContextVar[dict[Asked, _Found] | None] = ContextVar("shared searches", default=None)

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Keep what is found until the end; within another it joins that one."""
        if self._kept.get() is not None:
            yield
            return
        token = self._kept.set({})
        try:
            yield
        finally:
            self._kept.reset(token)

    def get(self, asked: Asked, top_k: int, find: Callable[[int], list[Hit]]) -> list[Hit]:
        """Return the best ``top_k``, of what is kept where it has them, else as ``find`` gives the best so many."""
        kept = self._kept.get()
        if kept is None:
            return find(top_k)
        known = kept.get(asked)
        if known is None or not known.has(top_k):
            most = max(top_k, AT_LEAST)
            known = kept[asked] = _Found(find(most), most)
        return known.hits[:top_k]
