"""English to Chinese terms (术语对照): how English questions reach Chinese text.

The table is a statistical one trained with the shipped encoder (``training/``) and read from the package.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.errors import ConfigurationError

_SHIPPED = Path(__file__).parent.parent / "models" / "terms-en-zh.json.gz"


@dataclass(frozen=True, slots=True)
class TermTable:
    """English words and short phrases with their Chinese renderings, most likely first."""

    renderings: Mapping[str, tuple[str, ...]]

    def translate(self, phrase: str) -> tuple[str, ...]:
        """Return Chinese renderings of a lower-case word or phrase; empty when unknown.

        Plurals and common verb endings are tried without their ending when the form itself is unknown.
        """
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
            stored = json.load(file)["terms"]
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(f"{_SHIPPED.name}: cannot be read; the package is incomplete") from error
    return TermTable({english: tuple(chinese for chinese, _ in pairs) for english, pairs in stored.items()})


def _forms(phrase: str) -> list[str]:
    forms = [phrase]
    for ending, replacement in (
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
    ):
        if phrase.endswith(ending) and len(phrase) - len(ending) >= 3:
            forms.append(phrase[: -len(ending)] + replacement)
    return forms
