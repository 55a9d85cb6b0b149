"""A text in both languages (双语文字), and the languages there are."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language of the pages, as the query parameter ``lang`` names it."""

    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """The BCP 47 tag for HTML."""
        return "zh-CN" if self is Language.ZH else "en"

    @property
    def other(self) -> Language:
        """The language to switch to."""
        return Language.EN if self is Language.ZH else Language.ZH

    @classmethod
    def of(cls, name: str | None) -> Language:
        """Return the language of this name; Chinese for any other, so that a link always opens."""
        return cls.EN if name == cls.EN else cls.ZH


class Message(NamedTuple):
    """One text in both languages; ``{name}`` stands for a value."""

    zh: str
    en: str
