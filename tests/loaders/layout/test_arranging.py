"""What holds for any page, however its words lie."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain.layout import Box, boxes_of, page_at
from rag.domain.span import Span
from rag.loaders.layout import arrange
from rag.loaders.page import Page, Rule, Run
from rag.loaders.raw import MediaType, RawDocument
from rag.parsing.canonical import canonicalize

from .sheets import BODY, HEIGHT, LEFT, PITCH, TOP, WIDTH, Sheet, blocks

words = st.text("的一是了我不人在他有这个上们0123abc，。 （）、", min_size=1, max_size=30)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    # Below the place of running heads and above that of running feet.
    left, top = draw(st.integers(0, 550)), draw(st.integers(120, 650))
    size = draw(st.sampled_from([0.0, 9.0, 12.0, 16.0, 22.0]))
    text = draw(words)
    width = (size or 10) * len(text)
    edges = tuple(left + width * at / len(text) for at in range(len(text) + 1)) if draw(st.booleans()) else ()
    return Run(text, Box(left, top, left + width, top + (size or 10)), edges, size, draw(st.booleans()))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    left, top, length = draw(st.integers(0, 500)), draw(st.integers(100, 700)), draw(st.integers(5, 400))
    return Rule(Box(left, top, left + length, top) if draw(st.booleans()) else Box(left, top, left, top + length))


@st.composite
def pages(draw: st.DrawFn) -> list[Page]:
    return [
        Page(
            number,
            WIDTH,
            HEIGHT,
            tuple(draw(st.lists(runs(), max_size=12))),
            tuple(draw(st.lists(rules(), max_size=10))),
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]


def signs(texts: list[str]) -> list[str]:
    return sorted(character for text in texts for character in text if not character.isspace())


@settings(max_examples=150, deadline=None)
@given(pages())
def test_fragments_fit_their_blocks(given_pages: list[Page]) -> None:
    for block in arrange(given_pages):
        assert block.text.strip()
        assert "\n" not in block.text
        assert "\t" not in block.text or block.is_table_row
        at = 0
        for part in block.fragments:
            assert at <= part.start < part.end <= len(block.text)
            assert len(part.edges) == part.end - part.start + 1
            assert list(part.edges) == sorted(part.edges)
            at = part.end
        assert block.page == block.fragments[0].page


@settings(max_examples=150, deadline=None)
@given(pages())
def test_no_word_is_lost_or_made(given_pages: list[Page]) -> None:
    drawn: list[str] = []
    for page in given_pages:
        places = {(run.text, run.box.left, run.box.top) for run in page.runs}
        drawn += [text for text, _, _ in places]
    read = signs([block.text for block in arrange(given_pages)])
    # The same words drawn almost on themselves are one.
    assert set(read) == set(signs(drawn))
    assert len(read) <= len(signs([run.text for page in given_pages for run in page.runs]))


@st.composite
def ruled(draw: st.DrawFn) -> Page:
    """A page of lines that meet anyhow, some a little out of line, and words between them, none the same."""
    steps = st.lists(st.sampled_from([6, 8, 30, 90]), min_size=2, max_size=7)
    xs = [60 + sum(own[:at]) for own in (draw(steps),) for at in range(len(own) + 1)]
    ys = [130 + sum(own[:at]) for own in (draw(steps),) for at in range(len(own) + 1)]
    drawn: list[Rule] = []
    for x in xs:
        first = draw(st.integers(0, len(ys) - 2))
        drawn.append(Rule(Box(x, ys[first], x, ys[draw(st.integers(first + 1, len(ys) - 1))])))
    for y in ys:
        first = draw(st.integers(0, len(xs) - 2))
        drawn.append(Rule(Box(xs[first], y, xs[draw(st.integers(first + 1, len(xs) - 1))], y)))
    placed: list[Run] = []
    for number in range(draw(st.integers(1, 25))):
        left, top = draw(st.sampled_from(xs)) + 1.0, draw(st.sampled_from(ys)) + 1.0
        text = chr(0x4E00 + number) * draw(st.integers(1, 6))
        edges = tuple(left + 10 * at for at in range(len(text) + 1))
        placed.append(Run(text, Box(left, top, edges[-1], top + 10), edges, 10.0))
    return Page(1, WIDTH, HEIGHT, tuple(placed), tuple(drawn))


@settings(max_examples=300, deadline=None)
@given(ruled())
def test_no_word_between_lines_is_lost_or_made(page: Page) -> None:
    read = signs([block.text for block in arrange([page])])
    assert read == signs([run.text for run in page.runs])


@settings(max_examples=50, deadline=None)
@given(pages(), st.randoms(use_true_random=False))
def test_order_of_drawing_does_not_matter(given_pages: list[Page], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = []
    for page in given_pages:
        drawn = list(page.runs)
        random.shuffle(drawn)
        shuffled.append(Page(page.number, page.width, page.height, tuple(drawn), page.rules))
    assert signs([block.text for block in arrange(shuffled)]) == signs([block.text for block in arrange(given_pages)])


def test_regions_hold_where_a_note_follows_a_line_of_the_next_page() -> None:
    first, second = Sheet(1), Sheet(2)
    first.line(BODY[:26], 2).line((BODY * 2)[:28])
    first.text(LEFT, 700, "① 指常住人口。", 9)
    second.line("不含某某区。")
    second.paragraph(f"甲{BODY}。")
    canonical = canonicalize(RawDocument(tuple(blocks(first, second)), MediaType.PDF, 2))
    expected = [
        (BODY[:26], 1, TOP),
        ((BODY * 2)[:28], 1, TOP + PITCH),
        ("不含某某区。", 2, TOP),
        ("① 指常住人口。", 1, 700.0),
        (f"甲{BODY}。"[:26], 2, TOP + PITCH),
    ]
    at = 0
    for words, page, top in expected:
        at = canonical.text.index(words, at)
        ((found, box),) = boxes_of(canonical.regions, Span(at, at + len(words)))
        assert (found, box.top) == (page, top)
        assert page_at(canonical.regions, at) == page_at(canonical.regions, at + len(words) - 1) == page
        at += len(words)
