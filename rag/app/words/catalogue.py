"""All words of the interface in one catalogue (文字总表)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from rag.app.words import admin, ask, document, documents, elements, errors, facts, precedents, printing, signin, site
from rag.app.words.message import Language, Message

PARTS = (
    site.WORDS,
    ask.WORDS,
    precedents.WORDS,
    facts.WORDS,
    documents.WORDS,
    document.WORDS,
    elements.WORDS,
    errors.WORDS,
    admin.WORDS,
    signin.WORDS,
    printing.WORDS,
)
"""One for each page, and what several share. A page adds its own."""

CATALOGUE: Mapping[str, Message] = MappingProxyType({key: message for part in PARTS for key, message in part.items()})


@dataclass(frozen=True, slots=True)
class Texts:
    """The catalogue in one language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under a key with its values filled in.

        Raises:
            KeyError: There is no such key, or a value is missing.
        """
        message = CATALOGUE[key]
        return (message.zh if self.language is Language.ZH else message.en).format(**values)

    def day(self, day: date) -> str:
        """Return a date as documents write it (GB/T 9704-2012, 7.3.5.4: Arabic figures, no leading zeros), or ISO."""
        return self("date", year=day.year, month=day.month, day=day.day)
