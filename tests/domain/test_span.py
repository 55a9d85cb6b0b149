"""Spans: half-open ranges whose algebra the whole product rests on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.span import Span

SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda ends: Span(min(ends), max(ends)))
TEXT = "".join(chr(0x4E00 + n) for n in range(40))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 4), (-2, -1)])
def test_what_is_no_range_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@given(SPANS)
def test_a_span_is_as_long_as_its_words(span: Span) -> None:
    assert len(span.of(TEXT)) == len(span)


@given(SPANS, st.integers(0, 9))
def test_shifting_keeps_the_words(span: Span, offset: int) -> None:
    assert span.shift(offset).of("市" * offset + TEXT) == span.of(TEXT)


@given(SPANS, SPANS)
def test_overlap_and_containment_are_those_of_character_positions(one: Span, other: Span) -> None:
    mine, theirs = set(range(one.start, one.end)), set(range(other.start, other.end))
    if mine and theirs:
        assert one.overlaps(other) == other.overlaps(one) == bool(mine & theirs)
        assert one.contains(other) == (theirs <= mine)


def test_spans_sort_by_place() -> None:
    assert sorted([Span(3, 4), Span(0, 9), Span(0, 2)]) == [Span(0, 2), Span(0, 9), Span(3, 4)]
