from __future__ import annotations

import pytest

from rag.domain.layout import Box, Region, boxes_of, pack, page_at, unpack
from rag.domain.span import Span

BY_EDGES = Region(Span(0, 4), 1, Box(10, 100, 50, 112), (10.0, 20.0, 30.0, 45.0, 50.0))
BY_PROPORTION = Region(Span(4, 8), 2, Box(0, 5, 40, 17))
REGIONS = (BY_EDGES, BY_PROPORTION, Region(Span(9, 12), 2))


@pytest.mark.parametrize(
    ("span", "boxes"),
    [
        (Span(1, 3), [(1, Box(20.0, 100, 45.0, 112))]),
        (Span(2, 6), [(1, Box(30.0, 100, 50.0, 112)), (2, Box(0.0, 5, 20.0, 17))]),
        (Span(0, 12), [(1, Box(10.0, 100, 50.0, 112)), (2, Box(0.0, 5, 40.0, 17))]),
        (Span(8, 9), []),  # a line end
        (Span(9, 11), []),  # a page without places
        (Span(3, 3), []),
    ],
)
def test_boxes_of_a_span(span, boxes):
    assert boxes_of(REGIONS, span) == boxes


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (3, 1), (4, 2), (8, 2), (11, 2), (500, 2)])
def test_page_of_a_character(offset, page):
    assert page_at(REGIONS, offset) == page


def test_without_regions_there_are_neither_boxes_nor_pages():
    assert boxes_of((), Span(0, 9)) == []
    assert page_at((), 0) is None


def test_packed_regions_come_back_as_they_were():
    assert unpack(pack(REGIONS)) == REGIONS
    assert unpack(pack(())) == ()
