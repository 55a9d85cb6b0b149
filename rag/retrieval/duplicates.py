"""Hits of the same words (重复段落) shown once: templates that many replies repeat must not fill the first page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.domain.passage import Hit, Passage
from rag.text import fold_all

# Two texts may differ in these: blanks, punctuation, and words of these characters. Any other character may be what they
# are told apart by: a place, a unit, a figure, 不.
_SAYING_NOTHING = re.compile(r"[\W_的地得了着和与及并也将会其]+")


def without_repeats(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits, best first, without those that repeat a better one of another document.

    The better one names them in ``repeated_in``. Texts are the same when script, width, punctuation, blanks and words
    that say nothing (的, 和, 将) are all they differ in. Within one document nothing is taken together.
    """
    kept: list[Hit] = []
    repeats: dict[int, list[Passage]] = {}
    first: dict[str, int] = {}
    texts = fold_all([hit.passage.text for hit in hits])
    for hit, text in zip(hits, texts, strict=True):
        words = _SAYING_NOTHING.sub("", text)
        at = first.setdefault(words, len(kept))
        if words and at < len(kept) and kept[at].passage.document_id != hit.passage.document_id:
            repeats.setdefault(at, []).append(hit.passage)
        else:
            kept.append(hit)
    return [replace(hit, repeated_in=tuple(repeats[at])) if at in repeats else hit for at, hit in enumerate(kept)]
