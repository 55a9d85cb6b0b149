"""What was worked out from texts, kept for the next question (文本备忘).

Reading a sentence (folding it, cutting it into words, encoding it) costs more than comparing it, and the next question
often meets the same ones. What is kept is a function of the text alone: whoever may not see the text never names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

V = TypeVar("V")


class TextMemory(Generic[V]):
    """Values by text, worked out many at once. Safe across threads."""

    def __init__(self, most: int, work: Callable[[Sequence[str]], Iterable[V]]) -> None:
        """Start with nothing.

        Args:
            most: Most texts kept; with one more all are forgotten.
            work: Gives the value of each text, in order.
        """
        self._most = most
        self._work = work
        self._known: dict[str, V] = {}

    def of(self, texts: Sequence[str]) -> list[V]:
        """Return the value of each text."""
        known = self._known
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if len(known) + len(new) > self._most:  # not emptied: another thread may be reading it
            known = self._known = {}
            new = list(dict.fromkeys(texts))
        if new:  # at once: a call a text costs more than the text does
            known.update(zip(new, self._work(new), strict=True))
        return [known[text] for text in texts]
