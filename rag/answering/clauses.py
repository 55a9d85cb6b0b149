"""What is read of a document for a run of clauses (候选小句): its best passages and what follows, cut at clause marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rag.domain.passage import Passage
from rag.domain.span import Span
from rag.text import sentences

MOST_PASSAGES = 6
"""Passages of the document that are read, the best ones."""

_READ_ON = 250
"""Characters read after each passage: the answer may stand below the passage that the search found."""

_CLAUSE_END = re.compile(r"[，；：;,:](?!\d)|\n|\s{2,}")
# The first words of a text up to a blank or the end of the line; 2020 年 begins a sentence.
_TITLE = re.compile(r"[^\n。！？；]{8,70}?(?<![0-9])(?=[ \u3000\xa0\n])")


class Sentence(NamedTuple):
    """A sentence that is read.

    Attributes:
        span: Where it stands in the document's text.
        clauses: What it is cut into, in order; the document's title is left out.
        passage: The best of the passages found that hold its first character, else the best of its stretch.
        score: The search's score of that passage, 0..1.
        rank: The place of that passage among those of the document, from 0.
        is_inside: It stands in that passage, not below it.
        region: The number of the stretch of text read that it stands in; runs do not cross stretches.
    """

    span: Span
    clauses: tuple[Span, ...]
    passage: Passage
    score: float
    rank: int
    is_inside: bool
    region: int


def read_sentences(found: Sequence[tuple[Passage, float]], text: str) -> list[Sentence]:
    """Return the sentences to read, in the document's order.

    Args:
        found: Passages of the document with the search's scores, 0..1, best first.
        text: The document's canonical text.
    """
    title_end = _title_end(text)
    read = []
    for number, region in enumerate(_regions(found[:MOST_PASSAGES], text)):
        for span in sentences(text, region.span):
            ranked, is_inside = region.nearest(span.start)
            clauses = _cut(text, span, title_end)
            read.append(Sentence(span, clauses, ranked.passage, ranked.score, ranked.rank, is_inside, number))
    return read


class _Ranked(NamedTuple):
    passage: Passage
    score: float
    rank: int


@dataclass(slots=True)
class _Region:
    span: Span
    passages: list[_Ranked]

    def nearest(self, place: int) -> tuple[_Ranked, bool]:
        """Return the best passage that holds a place, else the best of all; and whether it holds it."""
        holding = [ranked for ranked in self.passages if ranked.passage.span.start <= place < ranked.passage.span.end]
        return min(holding or self.passages, key=lambda ranked: ranked.rank), bool(holding)


def _regions(found: Sequence[tuple[Passage, float]], text: str) -> list[_Region]:
    """Return what to read: the passages with what follows them, those that meet together."""
    ranked = sorted(
        (_Ranked(passage, score, rank) for rank, (passage, score) in enumerate(found)),
        key=lambda each: (each.passage.span.start, each.rank),
    )
    regions: list[_Region] = []
    for each in ranked:
        span = Span(each.passage.span.start, min(len(text), each.passage.span.end + _READ_ON))
        if regions and span.start <= regions[-1].span.end:
            last = regions[-1]
            last.span = Span(last.span.start, max(last.span.end, span.end))
            last.passages.append(each)
        else:
            regions.append(_Region(span, [each]))
    return regions


def _title_end(text: str) -> int:
    """Return where the title ends that a text opens with, 0 where it has none: it says what the text tells of, no more."""
    title = _TITLE.match(text)
    return title.end() if title and text[title.end() :].strip() else 0


def _cut(text: str, sentence: Span, title_end: int) -> tuple[Span, ...]:
    """Cut what a sentence has behind the title at its clause marks; those in brackets and within figures cut nothing."""
    words = sentence.of(text)
    if sentence.end <= title_end:
        return ()
    edges = [max(0, title_end - sentence.start)]
    for match in _CLAUSE_END.finditer(words):
        before = words[: match.end()]
        if match.end() > edges[-1] and before.count("（") + before.count("(") <= before.count("）") + before.count(")"):
            edges.append(match.end())
    edges.append(len(words))
    return tuple(Span(a, b).shift(sentence.start) for a, b in pairwise(edges) if words[a:b].strip())
