"""Small objects with defaults, and questions read as the product reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.domain.access import Disclosure
from rag.domain.answer import Citation
from rag.domain.document import DocumentSummary, Kind
from rag.domain.passage import Passage
from rag.domain.span import Span
from rag.retrieval.question import Question, understand
from rag.retrieval.terms import shipped_terms


def ask(text: str, places: Sequence[str] = ("云岫市", "鹭原县", "汉中市")) -> Question:
    return understand(text, places=places, load_terms=shipped_terms)


def summary(
    document_id: str = "d1",
    *,
    title: str | None = "关于校园安全的答复",
    number: str | None = "岫教函〔2024〕33号",
    issuer: str | None = "云岫市教育局",
    place: str | None = "云岫市",
    issued_on: date | None = date(2024, 7, 12),
    printed_on: date | None = None,
) -> DocumentSummary:
    return DocumentSummary(
        document_id, f"{document_id}.txt", title, number, issuer, place, Kind.REPLY, issued_on, printed_on, Disclosure.PUBLIC
    )  # fmt: skip


def passage(text: str, *, section: tuple[str, ...] = (), start: int = 0, document_id: str = "d1") -> Passage:
    return Passage(f"{document_id}-0", document_id, 0, Span(start, start + len(text)), section, None, text)


def citation(number: int, text: str, span: Span, document: DocumentSummary | None = None) -> Citation:
    return Citation(number, document or summary(), (), span, span.of(text), None)
