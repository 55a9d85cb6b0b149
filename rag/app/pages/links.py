"""Addresses of pages (网址), in the language of the page that links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from rag.app.words.message import Language
from rag.domain.span import Span

QUOTE_ANCHOR = "quote"
"""Fragment of the first of the cited words on a document's page."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages, in the language of the page that links."""

    language: Language

    def to(self, path: str, **parameters: str | int | Sequence[str] | None) -> str:
        """Return the address of a page; parameters that are ``None`` or empty are left out, lists come item by item."""
        given = {name: value for name, value in parameters.items() if value not in (None, "")}
        if self.language is not Language.ZH:
            given["lang"] = self.language.value
        return path + (f"?{urlencode(given, doseq=True)}" if given else "")

    def document(self, document_id: str, span: Span | None = None) -> str:
        """Return the address of a document, or of words in it."""
        path = f"/documents/{quote(document_id, safe='')}"
        return self.to(path, start=span.start, end=span.end) + f"#{QUOTE_ANCHOR}" if span else self.to(path)

    def source(self, document_id: str, span: Span, citation: int | None = None) -> str:
        """Return the address of cited words with what stands around them: a part of a page, for the pane."""
        path = f"/documents/{quote(document_id, safe='')}/source"
        return self.to(path, start=span.start, end=span.end, citation=citation)
