"""Whether the words under a highlight are the words cited, one command; see README.md beside this file.

Citations are drawn at random from the passages of each document: a sentence, a part of one, or several over lines,
paragraphs and pages. What stands under the boxes is then read from the file again in another way, and compared with
the quote, blanks aside:

- PDF: the characters that PDFium finds with their middle in a box, by their tight places, which ingestion does not use;
- OFD: the glyphs that the page draws with their middle in a box;
- scans: the words that a new recognition of the page puts there, and what is read from the pixels of each box on the
  picture that people are shown;
- every format: the marked words on the document's page, as a browser gets it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image
from rapidfuzz.distance import LCSseq
from reporting import HERE, REPOSITORY, machine, sibling, table
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.layout import Box, boxes_of
from rag.domain.span import Span
from rag.loaders.characters import ORDINARY
from rag.loaders.ofd.loading import draw_page
from rag.loaders.ofd.package import Package
from rag.loaders.page import PageRequest
from rag.loaders.pdf.frame import Frame
from rag.loaders.raw import MediaType
from rag.loaders.rendering import render_page
from rag.settings import Settings

PAGE = HERE / "highlights.md"
SCOPE = Scope.everything(personal_data=True)
CITATIONS = 200
LONGEST = 240
_SHOWN_WIDTH = 1_800

Glyph = tuple[str, float, float]
"""A character and the middle of its place, in points on the upright page."""


class Sample(NamedTuple):
    """Files of one format."""

    name: str
    files: tuple[Path, ...]


@dataclass
class Result:
    """What came of one format's citations."""

    files: int = 0
    citations: int = 0
    over_lines: int = 0
    over_pages: int = 0
    marked: int = 0
    under_boxes: int = 0
    boxed: int = 0
    read_characters: int = 0
    read_right: int = 0
    wrong: list[str] = field(default_factory=list)


class Marked(HTMLParser):
    """The words of a page inside ``mark``."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, _: Sequence[tuple[str, str | None]]) -> None:
        """Note where marked words begin."""
        self._depth += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        """Note where they end."""
        self._depth -= tag == "mark"

    def handle_data(self, data: str) -> None:
        """Take the words."""
        if self._depth:
            self.text += data


def bare(text: str) -> str:
    """Return a text without blanks, and with ordinary characters for radicals and the like."""
    plain = "".join(ORDINARY.get(ord(character), character) for character in text)
    return "".join(plain.split())


def spans_of(document: OfficialDocument, passages: Sequence[Span], chance: random.Random) -> Iterator[Span]:
    """Yield citations of a document without end."""
    text = document.text
    while True:
        inside = chance.choice(passages)
        start = chance.randrange(inside.start, max(inside.start + 1, inside.end - 4))
        length = chance.choice((8, 20, 40, 80, LONGEST))
        end = min(len(text), start + chance.randint(4, length))
        span = Span(start, end)
        words = span.of(text)
        left = len(words) - len(words.lstrip())
        right = len(words) - len(words.rstrip())
        if bare(words):
            yield Span(start + left, end - right)


@lru_cache(maxsize=64)
def pdf_glyphs(data: bytes, number: int, turns: int) -> tuple[Glyph, ...]:
    """Return the characters that PDFium finds on a page, by their tight places."""
    document = pdfium.PdfDocument(data)
    page = document[number - 1]
    frame = Frame(*page.get_bbox()).turned(turns)
    text = page.get_textpage()
    found = []
    for at in range(text.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text.raw, at)
        character = chr(code)
        if character.isspace() or code < 0x20 or code == 0xFFFE:
            continue
        left, bottom, right, top = text.get_charbox(at)
        found.append((character, *frame.point((left + right) / 2, (bottom + top) / 2)))
    document.close()
    return tuple(found)


@lru_cache(maxsize=64)
def ofd_glyphs(data: bytes, number: int, turns: int) -> tuple[Glyph, ...]:
    """Return the glyphs that an OFD page draws."""
    drawing, pieces = draw_page(Package(data, "a.ofd"), number)
    found: dict[tuple[str, int, int], Glyph] = {}
    for piece in pieces:
        upright = piece.turned(-turns % 4, drawing.width, drawing.height)
        for character, (x, y) in zip(upright.text, upright.places, strict=True):
            if not character.isspace():
                width = upright.em * (0.5 if character.isascii() else 1.0)
                # Drawn twice to look bold, it is one.
                key = (character, round(x), round(y))
                found.setdefault(key, (character, x + 0.4 * width, y - 0.36 * upright.size))
    return tuple(found.values())


def under(boxes: Sequence[Box], glyphs: Sequence[Glyph]) -> str:
    """Return the characters with their middle in the boxes, box by box, from left to right."""
    words = ""
    for box in boxes:
        inside = [g for g in glyphs if box.left <= g[1] <= box.right and box.top <= g[2] <= box.bottom]
        words += "".join(g[0] for g in sorted(inside, key=lambda glyph: glyph[1]))
    return words


class Scan:
    """The pages of a scanned file, recognised anew, and as people are shown them."""

    def __init__(self, document: OfficialDocument, data: bytes, name: str) -> None:
        from rag.loaders.base import load

        raw = load(data, name)
        self._glyphs: dict[int, list[Glyph]] = {}
        for block in raw.blocks:
            for part in block.fragments:
                words = block.text[part.start : part.end]
                middle = (part.box.top + part.box.bottom) / 2
                for at, character in enumerate(words):
                    x = (part.edges[at] + part.edges[at + 1]) / 2 if part.edges else part.box.left
                    if not character.isspace():
                        self._glyphs.setdefault(part.page, []).append((character, x, middle))
        self._document, self._data, self._name = document, data, name

    def glyphs(self, number: int) -> Sequence[Glyph]:
        """Return the characters that were recognised on a page."""
        return self._glyphs.get(number, ())

    @lru_cache(maxsize=32)  # noqa: B019 - it lives as long as the run
    def shown(self, number: int) -> tuple[np.ndarray, float]:
        """Return a page as people are shown it, and its pixels to the point."""
        reading = self._document.reading
        geometry = reading.geometry[number - 1]
        assert geometry is not None
        wanted = PageRequest(number, geometry, _SHOWN_WIDTH, is_recognised=True)
        made = render_page(self._data, self._name, MediaType(reading.media_type), wanted)
        image = Image.open(BytesIO(made)).convert("RGB")
        return np.asarray(image), image.width / geometry.width

    def read(self, number: int, box: Box) -> str:
        """Read the pixels of a box on the page as it is shown."""
        from rag.loaders.ocr.engine import read_line

        pixels, scale = self.shown(number)
        margin = 0.12 * (box.bottom - box.top)
        top, bottom = int((box.top - margin) * scale), int((box.bottom + margin) * scale)
        left, right = int(box.left * scale), int(box.right * scale) + 1
        crop = pixels[max(0, top) : bottom, max(0, left) : right]
        return read_line(crop).text if crop.size else ""


def check(sample: Sample, folder: Path, *, citations: int, chance: random.Random, read_pixels: int = 0) -> Result:
    """Draw citations of a sample and compare.

    Args:
        sample: The files.
        folder: An empty one to work in.
        citations: How many to draw.
        chance: Draws them.
        read_pixels: Of how many citations of a scan the picture shown is read too.
    """
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number, file in enumerate(sample.files):
        (corpus / f"{number:02}-{file.name}").write_bytes(file.read_bytes())
    result = Result()
    settings = Settings(index_dir=folder / "index", corpus_dir=corpus, show_personal=True)
    with Engine(settings) as engine:
        engine.ingest([corpus])
        catalog = engine.reader().catalog
        client = TestClient(create_app(engine), base_url="http://127.0.0.1", headers={"Accept": "text/html"})
        found = sorted(catalog.list_documents(scope=SCOPE).documents, key=lambda d: d.source)
        result.files = len(found)
        draws = {}
        for summary in found:
            document = catalog.document(summary.document_id, scope=SCOPE)
            passages = [passage.span for passage in catalog.passages_of(summary.document_id, scope=SCOPE)]
            again = Again.of(document, (corpus / summary.source).read_bytes())
            draws[summary.document_id] = (document, spans_of(document, passages, chance), again)
        for number in range(citations):
            document, spans, again = draws[found[number % len(found)].document_id]
            _compare(result, document, next(spans), client, again, number < read_pixels)
    return result


@dataclass(frozen=True)
class Again:
    """A document's pages, read again in another way."""

    document: OfficialDocument
    data: bytes
    scan: Scan | None

    @classmethod
    def of(cls, document: OfficialDocument, data: bytes) -> Again:
        """Choose how a document is read again."""
        return cls(document, data, Scan(document, data, document.source) if document.reading.ocr_pages else None)

    def glyphs(self, number: int) -> Sequence[Glyph]:
        """Return the characters of a page."""
        reading = self.document.reading
        if self.scan is not None:
            return self.scan.glyphs(number)
        geometry = reading.geometry[number - 1]
        read = pdf_glyphs if reading.media_type == MediaType.PDF else ofd_glyphs
        return read(self.data, number, geometry.turns if geometry else 0)


def _compare(
    result: Result, document: OfficialDocument, span: Span, client: TestClient, again: Again, read_pixels: bool
) -> None:
    quote = bare(span.of(document.text))
    result.citations += 1
    page = client.get(f"/documents/{document.document_id}?start={span.start}&end={span.end}")
    if bare(Marked(page.text).text) == quote:
        result.marked += 1
    else:
        result.wrong.append(f"{document.source} {span.start}:{span.end} marked")
    if not document.reading.geometry:
        return
    result.boxed += 1
    places = boxes_of(client.app.state.engine.reader().catalog.regions(document.document_id, scope=SCOPE), span)  # type: ignore[attr-defined]
    result.over_lines += len(places) > 1
    result.over_pages += len({number for number, _ in places}) > 1
    if bare("".join(under([box], again.glyphs(number)) for number, box in places)) == quote:
        result.under_boxes += 1
    else:
        result.wrong.append(f"{document.source} {span.start}:{span.end} under boxes")
    if again.scan is not None and read_pixels:
        read = bare("".join(again.scan.read(number, box) for number, box in places))
        result.read_characters += len(quote)
        result.read_right += LCSseq.similarity(quote, read)


def posed(born: Path, folder: Path) -> tuple[Path, ...]:
    """Make pictures of pages of a PDF as a careless scanner gives them: aslant, and lying on the side."""
    document = pdfium.PdfDocument(born.read_bytes())
    made = []
    for number, turn in enumerate((1.3, 90.0)):
        image = document[number].render(scale=200 / 72).to_pil().convert("L")
        place = folder / f"{number}-{turn:.0f}.png"
        image.rotate(turn, Image.Resampling.BICUBIC, expand=turn == 90, fillcolor=255).save(place, dpi=(200, 200))
        made.append(place)
    document.close()
    return tuple(made)


def samples(shared: Path, corpus: Path, folder: Path) -> list[Sample]:
    """Return the formats with their files, those that are there; what is made of them is put into ``folder``."""

    def files(*patterns: str) -> tuple[Path, ...]:
        return tuple(sorted(path for pattern in patterns for path in shared.glob(pattern)))

    born = files("samples/scan/*born_digital.pdf", "samples/laws/*.pdf")
    aslant = posed(born[0], folder) if born else ()
    return [
        Sample("TXT", tuple(sorted(corpus.rglob("*.txt"))) + files("seeds/*.txt")),
        Sample("DOCX", files("samples/docx/*.docx", "samples/laws/*.docx")),
        Sample("PDF", born),
        Sample("scan", files("samples/scan/*image_only.pdf")),
        Sample("scan, aslant or on its side", aslant),
        Sample("OFD", files("samples/ofd/*.ofd")),
        Sample("HTML", files("samples/html/*.html")),
    ]


def page_of(results: Mapping[str, Result]) -> str:
    """Return the page of figures."""
    rows = []
    for name, r in results.items():
        share = f"{r.under_boxes} of {r.boxed}" if r.boxed else "–"
        pixels = f"{r.read_right / r.read_characters:.1%}" if r.read_characters else "–"
        rows.append(
            (
                name,
                r.files,
                r.citations,
                r.over_lines or "–",
                r.over_pages or "–",
                f"{r.marked} of {r.citations}",
                share,
                pixels,
            )
        )
    head = (
        "format",
        "files",
        "citations",
        "over lines",
        "over pages",
        "marked in the text",
        "under the boxes",
        "read from the picture",
    )
    return (
        "# Highlights\n\n"
        f"Written by `python benchmarks/highlights.py --update`; {machine()}. What is compared with what: README.md here.\n\n"
        f"{table(head, rows)}\n"
    )


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--shared", type=Path, default=sibling("samples").parent, help="folder of the documents handed out"
    )
    parser.add_argument("--citations", type=int, default=CITATIONS, help="drawn of each format")
    parser.add_argument("--pixels", type=int, default=40, help="of these, read from the picture of a scan as well")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", nargs="*", help="only these")
    parser.add_argument("--update", action="store_true", help="rewrite highlights.md")
    arguments = parser.parse_args()
    if arguments.update and arguments.formats:
        parser.error("the page is of all formats: --update goes without --formats")
    with tempfile.TemporaryDirectory() as made:
        results = _run(samples(arguments.shared, REPOSITORY / "corpus", Path(made)), arguments)
    page = page_of(results)
    print(page)
    if arguments.update:
        PAGE.write_text(page, encoding="utf-8")
    if any(r.marked < 0.99 * r.citations or r.under_boxes < 0.99 * r.boxed for r in results.values()):
        sys.exit(1)


def _run(wanted: Sequence[Sample], arguments: argparse.Namespace) -> dict[str, Result]:
    results: dict[str, Result] = {}
    for sample in wanted:
        if arguments.formats and sample.name not in arguments.formats:
            continue
        if not sample.files:
            print(f"{sample.name}: no files", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as folder:
            chance = random.Random(arguments.seed)
            results[sample.name] = result = check(
                sample, Path(folder), citations=arguments.citations, chance=chance, read_pixels=arguments.pixels
            )
        print(
            sample.name,
            result.citations,
            result.marked,
            result.under_boxes,
            *result.wrong[:10],
            sep="\n  ",
            file=sys.stderr,
        )
    return results


if __name__ == "__main__":
    main()
