"""Answers of the catalog that stay true until it changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """The last few answers by question, each good for one revision. Safe across threads.

    With the first answer for a new revision those for older ones are forgotten: while an ingest goes on the catalog
    changes twice a second, and answers that nobody will ask for again would fill the memory.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._turn = threading.Lock()
        self._answers: OrderedDict[tuple[int, K], V] = OrderedDict()

    def get(self, question: K, revision: int, find: Callable[[], V]) -> V:
        """Return the answer for this revision, finding it when it is not known."""
        key = (revision, question)
        with self._turn:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = find()
        with self._turn:
            for old in [known for known in self._answers if known[0] < revision]:
                del self._answers[old]
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer
