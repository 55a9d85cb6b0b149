"""What every loader promises, asked of each with a real file whose words are known."""

from __future__ import annotations

import functools
import io
import shutil
from collections.abc import Callable
from itertools import pairwise

import pytest
from PIL import Image

from rag.chunking import cut
from rag.domain.document import OfficialDocument
from rag.loaders import MediaType, RawDocument, load
from rag.parsing.canonical import canonicalize
from rag.parsing.document import parse

from . import notices, scans

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")

PICTURED = "关于做好防汛工作的通知"


def pictured(kind: str) -> bytes:
    buffer = io.BytesIO()
    image: Image.Image = scans.draw(scans.body(PICTURED, "各县（区）人民政府：")).crop((0, 0, 1240, 500))
    image.save(buffer, kind, dpi=(150, 150))
    return buffer.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "notice.txt": notices.as_text,
    "notice.md": notices.as_markdown,
    "notice.html": notices.as_html,
    "notice.docx": notices.as_docx,
    "notice.rtf": notices.as_rtf,
    "notice.pdf": notices.as_pdf,
    "notice.ofd": notices.as_ofd,
    "notice.tiff": notices.as_tiff,
    "line.png": functools.partial(pictured, "PNG"),
    "line.jpg": functools.partial(pictured, "JPEG"),
}
PAGED = ("notice.pdf", "notice.ofd", "notice.tiff", "line.png", "line.jpg")
PICTURES = ("notice.tiff", "line.png", "line.jpg")


def _marks(name: str) -> list[pytest.MarkDecorator]:
    return [scans.needs_font] * (name in PICTURES) + [needs_office] * (name == "notice.rtf")


every_file = pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in FILES])
every_paged_file = pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in PAGED])


@functools.cache
def loaded(name: str) -> RawDocument:
    return load(FILES[name](), name)


@functools.cache
def parsed(name: str) -> OfficialDocument:
    return parse(loaded(name), source=name, sha256="0" * 64)


@every_file
def test_type_and_reading_are_told(name):
    raw = loaded(name)
    assert (
        raw.media_type
        is {
            "txt": MediaType.TEXT,
            "md": MediaType.MARKDOWN,
            "html": MediaType.HTML,
            "docx": MediaType.DOCX,
            "rtf": MediaType.RTF,
            "pdf": MediaType.PDF,
            "ofd": MediaType.OFD,
            "tiff": MediaType.TIFF,
            "png": MediaType.PNG,
            "jpg": MediaType.JPEG,
        }[name.rpartition(".")[2]]
    )
    assert parsed(name).reading.media_type == raw.media_type.value
    if name in PICTURES:
        assert raw.reading.ocr_pages == tuple(range(1, (raw.pages or 0) + 1))
        assert 0.5 < (raw.reading.confidence or 0) <= 1
    else:
        assert (raw.reading.ocr_pages, raw.reading.confidence) == ((), None)


@every_file
def test_blocks_hold_clean_words(name):
    for block in loaded(name).blocks:
        assert block.text.strip()
        assert not set(block.text) & set("\n\r\v\f\x85\u2028\u2029\0")
        if not block.is_table_row:
            assert "\t" not in block.text
        assert 0 <= block.level <= 9
        assert 0 <= block.indent <= 60


@every_file
def test_pages_count_upwards(name):
    raw = loaded(name)
    numbers = [block.page for block in raw.blocks]
    if name not in PAGED:
        assert raw.pages is None
        assert set(numbers) == {None}
        return
    assert raw.pages is not None
    assert None not in numbers
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    assert numbers[-1] == raw.pages


@every_file
def test_fragments_lie_in_their_text_in_order(name):
    for block in loaded(name).blocks:
        for part in block.fragments:
            assert 0 <= part.start < part.end <= len(block.text)
            assert 1 <= part.page <= (loaded(name).pages or 0)
        for one, other in pairwise(block.fragments):
            assert one.end <= other.start
            assert one.page <= other.page
        if block.fragments:
            assert block.fragments[0].page == block.page


@every_paged_file
def test_every_word_has_a_place_on_its_page(name):
    for block in loaded(name).blocks:
        covered = {at for part in block.fragments for at in range(part.start, part.end)}
        assert all(at in covered for at, character in enumerate(block.text) if not character.isspace())
        for part in block.fragments:
            box = part.box
            assert -1 <= box.left < box.right <= 596
            assert -1 <= box.top < box.bottom <= 843
            if part.edges:
                assert len(part.edges) == part.end - part.start + 1
                assert list(part.edges) == sorted(part.edges)
                assert part.edges[0] == pytest.approx(box.left, abs=1)
                assert part.edges[-1] == pytest.approx(box.right, abs=1)
            if part.confidence is not None:
                assert 0 <= part.confidence <= 1
            assert (part.confidence is not None) == (name in PICTURES)


# Not of the TIFF, whose pages take seconds each and go the way of the other pictures.
@pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in FILES if name != "notice.tiff"])
def test_loading_again_gives_the_same(name):
    assert load(FILES[name](), name) == loaded(name)


@every_file
def test_regions_lead_from_the_text_to_the_page(name):
    canonical = canonicalize(loaded(name))
    document = parsed(name)
    assert document.text == canonical.text
    assert bool(document.regions) == (name in PAGED)
    words = [block.text[part.start : part.end] for block in loaded(name).blocks for part in block.fragments]
    found = [document.text[region.span.start : region.span.end] for region in document.regions]
    # Cleaning takes furniture and blanks at line ends off; what is left is in the same order and nothing is new.
    rest = iter(word.strip() for word in words)
    assert all(any(region.strip() == word for word in rest) for region in found)
    for one, other in pairwise(document.regions):
        assert one.span.end <= other.span.start
        assert one.page <= other.page


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=_marks(name)) for name in PAGED if name.startswith("notice")]
)
def test_regions_stand_where_the_words_were_set(name):
    slack = 12 if name in PICTURES else 3  # a picture tells of ink, and brackets have little of it
    regions = parsed(name).regions
    for number, page in enumerate(notices.set_pages(), start=1):
        for words, left, top, size in page.words[:-1]:  # the last is the page's number
            middle = top + size / 2
            found = [
                region.box
                for region in regions
                if region.page == number and region.box and region.box.top <= middle <= region.box.bottom
            ]
            assert any(
                abs(box.left - left) <= slack and abs(box.right - left - notices.width_of(words, size)) <= 2 * slack
                for box in found
            ), words


@every_file
def test_spans_are_exact(name):
    document = parsed(name)
    for passage in cut(document):
        assert document.text[passage.span.start : passage.span.end] == passage.text
    for element, spans in document.elements.spans.items():
        for span in spans:
            assert 0 <= span.start < span.end <= len(document.text), element
    for clause in document.clauses:
        assert 0 <= clause.span.start < clause.span.end <= len(document.text)
    assert "".join(
        document.text[block.span.start : block.span.end] for block in document.blocks
    ) == document.text.replace("\n", "")


NOTICES = [
    pytest.param(name, marks=_marks(name)) for name in FILES if name.startswith("notice") and name not in PICTURES
]


@pytest.mark.parametrize("name", NOTICES)
def test_the_same_notice_is_the_same_text_in_every_format(name):
    assert parsed(name).text.split("\n") == notices.TEXT.split("\n")


@pytest.mark.parametrize("name", [*NOTICES, pytest.param("notice.tiff", marks=scans.needs_font)])
def test_the_same_notice_has_the_same_elements_in_every_format(name):
    document = parsed(name)
    elements = document.elements
    assert elements.title == notices.TITLE
    assert elements.document_number == notices.NUMBER
    assert elements.issuer == notices.ISSUER
    assert str(elements.issued_on) == "2024-05-20"
    assert elements.addressees == ("各县（区）人民政府", "市政府各部门")
    assert [clause.path for clause in document.clauses] == [clause.path for clause in parsed("notice.txt").clauses]
    assert [duty.lead for duty in document.duties] == [duty.lead for duty in parsed("notice.txt").duties]
    rows = [block.text.split("\t") for block in loaded(name).blocks if block.is_table_row]
    assert [len(row) for row in rows] == [3, 3, 3, 3]


@scans.needs_font
def test_a_scanned_notice_has_at_most_two_errors_in_a_hundred_characters():
    found, expected = parsed("notice.tiff").text, notices.TEXT
    assert len(found.split("\n")) == len(expected.split("\n"))
    assert distance("".join(found.split()), "".join(expected.split())) <= 0.02 * len(expected)


@pytest.mark.parametrize("name", [pytest.param(name, marks=_marks(name)) for name in ("line.png", "line.jpg")])
def test_a_picture_of_words_gives_them(name):
    assert parsed(name).text.split("\n")[0] == PICTURED


def distance(one: str, other: str) -> int:
    """Return the least number of characters to put in, take out or change."""
    row = list(range(len(other) + 1))
    for at, character in enumerate(one, start=1):
        corner, row[0] = row[0], at
        for place, wanted in enumerate(other, start=1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (character != wanted))
    return row[-1]
