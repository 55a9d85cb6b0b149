"""The canonical document (规范文档)."""

from __future__ import annotations

import pytest

from rag.domain.document import Block, Elements, Kind, OfficialDocument
from rag.domain.span import Span


def paged(*blocks: tuple[int, int, int | None]) -> OfficialDocument:
    return OfficialDocument(
        document_id="0123456789abcdef",
        source="a.pdf",
        sha256="0123456789abcdef" * 4,
        kind=Kind.NOTICE,
        text="一二三四五\n六七八九\n十",
        elements=Elements(),
        blocks=tuple(Block(Span(start, end), page=page) for start, end, page in blocks),
        clauses=(),
        duties=(),
    )


@pytest.mark.parametrize(
    ("start", "end", "page"),
    [
        (0, 2, 1),
        (4, 5, 1),
        (3, 8, 1),  # it begins on the first
        (6, 10, 2),
        (5, 8, 2),  # begins with the line end between two paragraphs
        (11, 12, 3),
    ],
)
def test_words_stand_on_the_page_where_they_begin(start, end, page):
    assert paged((0, 5, 1), (6, 10, 2), (11, 12, 3)).page_of(Span(start, end)) == page


def test_a_format_without_pages_has_none():
    assert paged((0, 5, None), (6, 10, None), (11, 12, None)).page_of(Span(6, 7)) is None
