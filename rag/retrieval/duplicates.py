"""Hits of nearly the same words (重复段落) shown once: templates that many replies repeat must not fill the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from rag.domain.passage import Hit
from rag.text import fold

SAME_PAIRS = 0.9
"""Passages are nearly the same when they share this part of their different pairs of characters (Jaccard), or more, and
have the same figures and negations: reports of two years may differ in nothing else."""

_TELLING = frozenset("〇零一二两三四五六七八九十百千万亿不未无非")


class _Words(NamedTuple):
    pairs: frozenset[str]
    telling: tuple[str, ...]


def without_repeats(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits, best first, without those that repeat a better one of another document.

    The better one names them in ``repeated_in``. Within one document nothing is taken together.
    """
    kept: list[tuple[_Words, Hit, list[Hit]]] = []
    for hit in hits:
        words = _words_of(hit.passage.text)
        for others, better, repeats in kept:
            if better.passage.document_id != hit.passage.document_id and _are_nearly_same(words, others):
                repeats.append(hit)
                break
        else:
            kept.append((words, hit, []))
    return [replace(hit, repeated_in=tuple(r.passage for r in repeats)) if repeats else hit for _, hit, repeats in kept]


def _words_of(text: str) -> _Words:
    characters = [c for c in fold(text) if c.isalnum()]
    pairs = frozenset(a + b for a, b in pairwise(characters))
    return _Words(pairs or frozenset(characters), tuple(c for c in characters if c.isdigit() or c in _TELLING))


def _are_nearly_same(one: _Words, other: _Words) -> bool:
    if one.telling != other.telling:
        return False
    shared = len(one.pairs & other.pairs)
    return shared > 0 and shared >= SAME_PAIRS * (len(one.pairs) + len(other.pairs) - shared)
