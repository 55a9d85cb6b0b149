"""How the wording of two sentences differs (措辞差异), word by word."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NamedTuple

import rjieba

from rag.text import fold, simplify


class Change(StrEnum):
    """What became of some words."""

    SAME = "same"
    ADDED = "added"  # only in the sentence found
    REMOVED = "removed"  # only in the sentence it is compared with


class Difference(NamedTuple):
    """Words that are the same in both sentences, or in one of them alone."""

    change: Change
    text: str


def differences(before: str, after: str) -> tuple[Difference, ...]:
    """Return how ``after`` is worded otherwise than ``before``, in the order of ``after``.

    Words are compared without regard to script and width; what is the same is given as ``after`` has it, so that the
    same and the added together are ``after``.
    """
    old, new = _words(before), _words(after)
    found: list[Difference] = []
    # Words of which there are many (的) must not be passed over: sentences are short.
    matcher = SequenceMatcher(a=[fold(word) for word in old], b=[fold(word) for word in new], autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            _add(found, Change.SAME, new[new_start:new_end])
        else:
            _add(found, Change.REMOVED, old[old_start:old_end])
            _add(found, Change.ADDED, new[new_start:new_end])
    return tuple(found)


def _words(text: str) -> list[str]:
    simplified = simplify(text)  # the dictionary is of simplified words
    if len(simplified) != len(text):
        return list(rjieba.cut(text))
    ends = list(accumulate(map(len, rjieba.cut(simplified)), initial=0))
    return [text[start:end] for start, end in pairwise(ends)]


def _add(found: list[Difference], change: Change, words: Sequence[str]) -> None:
    if words:
        found.append(Difference(change, "".join(words)))
