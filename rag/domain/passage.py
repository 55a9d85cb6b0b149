"""Clauses (条款), passages (段落) and hits (命中): the units of reading and of retrieval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.domain.span import Span


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered part of a document, e.g. 一、/（一）/1./（1）/一是, or 第三条.

    Attributes:
        span: From its number to the end of its last child.
        heading: Its number and title, e.g. ``四、工作任务``.
        level: 1 for the outermost.
        path: Headings from the outermost clause down to this one, inclusive.
    """

    span: Span
    heading: Span
    level: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of canonical text that is indexed and retrieved as one.

    Attributes:
        passage_id: ``<document_id>-<ordinal>``.
        ordinal: 0-based place in its document.
        section: Heading path (标题路径) it stands under; indexed with it, not part of its text.
        page: 1-based page it starts on, or ``None``.
        text: Equal to the document's text at ``span``.
    """

    passage_id: str
    document_id: str
    ordinal: int
    span: Span
    section: tuple[str, ...]
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage.

    Attributes:
        score: Fused score, 0..1, higher is better; comparable within one search only.
        parts: What each leg gave, by name, for ``--explain``.
        repeated_in: Passages of other documents with the same words that were left out for this one.
    """

    passage: Passage
    score: float
    parts: Mapping[str, float] = field(default_factory=dict)
    repeated_in: tuple[Passage, ...] = ()
