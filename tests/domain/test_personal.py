"""Masks are as long as what they cover, and come off exactly where they were put on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.domain.personal import MASK, PersonalData, PersonalKind, masked, revealed
from rag.domain.span import Span


@st.composite
def _texts(draw: st.DrawFn) -> tuple[str, tuple[PersonalData, ...]]:
    pieces = draw(st.lists(st.tuples(st.text(max_size=8), st.text(min_size=1, max_size=8)), max_size=6))
    text, found = "", []
    for open_words, own_words in pieces:
        text += open_words
        found.append(PersonalData(Span(len(text), len(text) + len(own_words)), PersonalKind.PHONE, own_words))
        text += own_words
    return text, tuple(found)


@given(_texts(), st.data())
def test_any_stretch_is_revealed_as_the_text_has_it(made, data):
    text, found = made
    stored = masked(text, found)
    assert len(stored) == len(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert revealed(stored[start:end], found, start=start) == text[start:end]


def test_what_parts_a_number_stays():
    text = "电话：（0838）520-0000，5200001"
    data = PersonalData(Span(3, len(text)), PersonalKind.PHONE, text[3:])
    assert masked(text, [data]) == f"电话：（{MASK * 4}）{MASK * 3}-{MASK * 4}，{MASK * 7}"
    assert masked(masked(text, [data]), [data]) == masked(text, [data])
