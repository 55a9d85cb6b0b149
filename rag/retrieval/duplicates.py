"""Hits of the same words (重复段落) shown once: templates that many replies repeat must not fill the first page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rag.domain.passage import Hit, Passage
from rag.text import fold_all

# Two texts may differ in these: blanks, punctuation, and words of these characters. Any other character may be what they
# are told apart by: a place, a unit, a figure, 不.
_SAYING_NOTHING = re.compile(r"[\W_的地得了着和与及并也将会其]+")

# Texts of the same words begin alike: to fold so much of each leaves few to be folded whole. Of what that gives, so much is
# compared: at the cut it may be folded otherwise, and what says nothing is taken out.
_BEGINNING = 64
_COMPARED = 16


def without_repeats(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits, best first, without those that repeat a better one of another document.

    The better one names them in ``repeated_in``. Texts are the same when script, width, punctuation, blanks and words
    that say nothing (的, 和, 将) are all they differ in. Within one document nothing is taken together.
    """
    kept: list[Hit] = []
    repeats: dict[int, list[Passage]] = {}
    first: dict[str, int] = {}
    for hit, words in zip(hits, _told_apart([hit.passage.text for hit in hits]), strict=True):
        at = first.setdefault(words, len(kept))
        if words and at < len(kept) and kept[at].passage.document_id != hit.passage.document_id:
            repeats.setdefault(at, []).append(hit.passage)
        else:
            kept.append(hit)
    return [replace(hit, repeated_in=tuple(repeats[at])) if at in repeats else hit for at, hit in enumerate(kept)]


def _told_apart(texts: Sequence[str]) -> list[str]:
    """Return for each text its words that say something, or no more of their beginning than tells it from all others."""
    begun = [_words(text) for text in fold_all([text[:_BEGINNING] for text in texts])]
    stems = [words[:_COMPARED] for words in begun]
    if min(map(len, stems), default=0) < _COMPARED:  # one is short, or blanks have left little of it
        alike = list(range(len(texts)))
    else:
        times = Counter(stems)
        alike = [at for at, stem in enumerate(stems) if times[stem] > 1]
    whole = dict(zip(alike, map(_words, fold_all([texts[at] for at in alike])), strict=True)) if alike else {}
    return [whole.get(at, stem) for at, stem in enumerate(stems)]


def _words(folded: str) -> str:
    return _SAYING_NOTHING.sub("", folded)
