"""Numbered evidence (编号证据): the exact words of documents that a draft may rest on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from rag.answering.drafting.reading import Text, read
from rag.answering.quantities import Day, comparable, days
from rag.domain.document import DocumentSummary
from rag.domain.span import Span

_OURSELVES = re.compile(r"[我本](?:局|委|厅|办|院|部)(?!员|门|分|公|长|署|落)")


@dataclass(frozen=True)
class NumberedEvidence:
    """One piece of evidence.

    Attributes:
        number: As the draft cites it, from 1.
        span: Where the words stand in the document's canonical text.
        text: The words at ``span``, personal data masked.
        quote: The words as the asker may see them.
    """

    number: int
    document: DocumentSummary
    section: tuple[str, ...]
    span: Span
    text: str
    page: int | None = None
    quote: str = ""

    @cached_property
    def read(self) -> Text:
        """Its words, taken apart."""
        return read(self.text)

    @cached_property
    def with_issuer(self) -> Text:
        """Its words with the issuer named where they say 我局, to tell who does what."""
        return read(_OURSELVES.sub(self.document.issuer, self.text)) if self.document.issuer else self.read

    @cached_property
    def about(self) -> Text:
        """What is known of the document beside its words: issuer, title, 文号, headings; taken apart."""
        document = self.document
        title = f"《{document.title}》{document.title}" if document.title else ""
        parts = (document.issuer, document.document_number, document.place, title, *self.section)
        return read("。".join(part for part in parts if part))

    @cached_property
    def own_days(self) -> tuple[Day, ...]:
        """The document's date, and the years that 今年, 去年 and 明年 mean in it."""
        issued = self.document.issued_on
        if issued is None:
            return ()
        said = self.read.plain
        years = {0} | {
            shift
            for shift, words in ((0, ("今年", "本年")), (-1, ("去年", "上年", "上一年")), (1, ("明年", "下一年")))
            if any(word in said for word in words)
        }
        nowhere = Span(0, 0)
        whole = days(comparable(f"{issued.year}年{issued.month}月{issued.day}日"))[0]
        # 3月1日 is of the year of its document, unless another is named.
        dated = [Day(issued.year, d.month, d.day, d.bound, d.span) for d in days(said) if d.year is None]
        return (whole, *dated, *(Day(issued.year + shift, None, None, whole.bound, nowhere) for shift in sorted(years)))
