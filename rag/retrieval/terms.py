"""English to Chinese terms (术语对照): how English questions reach Chinese text.

The table is a statistical one trained with the shipped encoder (``training/``) and read from the package.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rag.errors import ConfigurationError

_SHIPPED = Path(__file__).parent.parent / "models" / "terms-en-zh.json.gz"


# Ways to undo an English ending, tried in order.
_ENDINGS = (
    ("'s", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("s", ""),
    ("es", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("ly", ""),
)


class _Renderings(Mapping[str, tuple[str, ...]]):
    """The table as it is stored, Chinese words with their likelihoods; those asked for are made tuples, not all 30,000."""

    def __init__(self, stored: Mapping[str, Sequence[tuple[str, float]]]) -> None:
        self._stored = stored

    def __getitem__(self, english: str) -> tuple[str, ...]:
        return tuple(chinese for chinese, _ in self._stored[english])

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __contains__(self, english: object) -> bool:
        return english in self._stored


@dataclass(frozen=True, slots=True)
class TermTable:
    """English words and terms of up to four words with their Chinese renderings, most likely first.

    Attributes:
        renderings: Chinese words by English term, lower case.
        aliases: Inflected forms that no ending rule undoes (children).
        stop_words: English words that name nothing to search for.
    """

    renderings: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()

    def translate(self, phrase: str) -> tuple[str, ...]:
        """Return Chinese renderings of a lower-case word or term; empty when unknown."""
        phrase = self.aliases.get(phrase, phrase)
        for form in _forms(phrase):
            if form in self.renderings:
                return self.renderings[form]
        return ()


@lru_cache(maxsize=1)
def shipped_terms() -> TermTable:
    """Return the table that comes with the package; it is read once.

    Raises:
        ConfigurationError: The package lacks it or it cannot be read.
    """
    try:
        with gzip.open(_SHIPPED, "rt", encoding="utf-8") as file:
            stored = json.load(file)
        return TermTable(
            _Renderings(stored["terms"]),
            stored["aliases"],
            frozenset(stored["stop_words"]),
        )
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(f"{_SHIPPED.name}: cannot be read; the package is incomplete") from error


def _forms(phrase: str) -> list[str]:
    forms = [phrase]
    for ending, replacement in _ENDINGS:
        if phrase.endswith(ending) and len(phrase) - len(ending) >= 3:
            stem = phrase[: -len(ending)]
            forms.append(stem + replacement)
            if not replacement and stem[-1] == stem[-2]:  # planning → plan
                forms.append(stem[:-1])
    return forms
