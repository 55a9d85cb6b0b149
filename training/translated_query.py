"""Puts an English question into weighted Chinese index terms, the reference way to use the term table."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path

from train_terms import Terms, read_terms, stem_candidates

from rag.text import fold, tokens

_LONGEST_TERM = 4
# What stays in English may be a name or an abbreviation that the documents write in Latin letters too.
_AS_WRITTEN = 0.5
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|[^\W_]+")


@dataclass(frozen=True, slots=True)
class TermTable:
    """The written table: terms, inflected forms, and words to skip."""

    terms: Terms
    aliases: dict[str, str]
    stop_words: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> TermTable:
        """Read the table at ``path``."""
        value = json.loads(gzip.decompress(path.read_bytes()))
        return cls(read_terms(path), value["aliases"], frozenset(value["stop_words"]))

    def find(self, words: list[str]) -> list[tuple[str, float]]:
        """Return the Chinese terms for a word or term; empty when there are none."""
        *first, last = words
        if not first and last in self.aliases:
            last = self.aliases[last]
        for candidate in stem_candidates(last):
            found = self.terms.get(" ".join([*first, candidate]))
            if found:
                return found
        return []

    def index_terms(self, question: str) -> dict[str, float]:
        """Return index terms of ``rag.text.tokens`` with weights: probabilities of the Chinese terms."""
        words = _WORD.findall(fold(question))
        weights: dict[str, float] = {}

        def add(text: str, weight: float) -> None:
            for term in tokens(text):
                weights[term] = weights.get(term, 0.0) + weight

        at = 0
        while at < len(words):
            length = next(
                (n for n in range(min(_LONGEST_TERM, len(words) - at), 1, -1) if self.find(words[at : at + n])), 1
            )
            chosen = words[at : at + length]
            if length > 1 or chosen[0] not in self.stop_words:
                found = self.find(chosen)
                for chinese, share in found:
                    add(chinese, share)
                add(" ".join(chosen), _AS_WRITTEN if found else 1.0)
            at += length
        return weights
