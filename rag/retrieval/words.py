"""Texts as their words are compared (分词): folded, and cut into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import rjieba

from rag.text import fold_all, squeeze


class Words(NamedTuple):
    """A text folded, without the blanks of page layout, and its different words of two characters or more."""

    folded: str
    words: tuple[str, ...]


def cut(texts: Sequence[str]) -> list[Words]:
    """Cut texts into words."""
    folded = [squeeze(text) for text in fold_all(texts)]
    return [Words(text, tuple({word: None for word in rjieba.cut(text) if len(word) > 1})) for text in folded]
