"""Answers of the catalog that stay true until it changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """The last few answers by question, each good for one revision. Safe across threads."""

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
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer
