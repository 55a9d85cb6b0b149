"""A citation opened: the words marked in the text and under the boxes on the page are the words cited, in every format."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import expect

from rag.domain.access import Scope
from rag.domain.layout import Box
from rag.domain.span import Span
from rag.settings import Settings
from tests.browser.axe import violations
from tests.browser.conftest import Server, serving

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SCOPE = Scope.everything()

# Files of the shared folder, and words that a citation of each begins and ends with; over lines where there are any.
FILES = {
    "txt": ("seeds", "*.txt"),
    "docx": ("samples/docx", "*.docx"),
    "pdf": ("samples/scan", "*born_digital.pdf"),
    "scan": ("samples/scan", "*image_only.pdf"),
    "ofd": ("samples/ofd", "*__y.ofd"),
}


@pytest.fixture(scope="module")
def samples(browser, shared, tmp_path_factory) -> Iterator[Server]:
    """A server over one file of each format. Of the scan one page is enough: recognition takes seconds a page."""
    corpus = tmp_path_factory.mktemp("samples")
    for name, (folder, pattern) in FILES.items():
        found = sorted((shared / folder).glob(pattern))
        if not found:
            continue
        if name == "scan":
            source, page = pdfium.PdfDocument(found[0].read_bytes()), pdfium.PdfDocument.new()
            page.import_pages(source, [1])
            page.save(corpus / "scan.pdf")
            source.close()
            page.close()
        else:
            (corpus / f"{name}{found[0].suffix}").write_bytes(found[0].read_bytes())
    settings = Settings(index_dir=tmp_path_factory.mktemp("samples-index"), corpus_dir=corpus)
    yield from serving(settings, [corpus])


@pytest.fixture(scope="module")
def highlights() -> Iterator[object]:
    """The functions that read files again, of ``benchmarks/highlights.py``."""
    sys.path.insert(0, str(BENCHMARKS))
    import highlights

    yield highlights
    sys.path.remove(str(BENCHMARKS))
    sys.modules.pop("highlights", None)


def _citation(server: Server, source: str):
    """Return a document and a long stretch of it over several lines, with “ ” in it where it has some."""
    catalog = server.engine.reader().catalog
    found = [d for d in catalog.list_documents(scope=SCOPE).documents if Path(d.source).stem == source]
    if not found:
        pytest.skip(f"no {source} among the shared files")
    document = catalog.document(found[0].document_id, scope=SCOPE)
    passages = [p.span for p in catalog.passages_of(document.document_id, scope=SCOPE) if len(p.span) > 60]
    quoted = [span for span in passages if "“" in span.of(document.text)]
    span = (quoted or passages)[0]
    return document, Span(span.start + 3, span.end - 2)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("source", FILES)
def test_the_words_marked_are_the_words_cited(open_page, samples, source, script):
    document, span = _citation(samples, source)
    page = open_page(f"/documents/{document.document_id}?start={span.start}&end={span.end}", on=samples, script=script)
    marked = "".join("".join(page.locator("#text mark").all_text_contents()).split())
    assert marked == "".join(span.of(document.text).split())


@pytest.mark.parametrize("source", ["pdf", "scan", "ofd"])
def test_the_words_under_the_boxes_are_the_words_cited(open_page, samples, highlights, source):
    document, span = _citation(samples, source)
    page = open_page(f"/documents/{document.document_id}?start={span.start}&end={span.end}", on=samples)
    picture, layer = page.locator(".page-picture img"), page.locator(".page-picture svg")
    expect(page.locator(".page-picture img")).to_have_js_property("complete", value=True)
    shown = [
        element.evaluate("e => Object.values(e.getBoundingClientRect().toJSON()).map(Math.round)")
        for element in (picture, layer)
    ]
    assert shown[0] == shown[1]
    number = int(page.locator("[data-page-pane]").get_attribute("data-number"))
    boxes = [
        Box(x, y, x + width, y + height)
        for x, y, width, height in page.locator("rect.cited").evaluate_all(
            "all => all.map(r => ['x', 'y', 'width', 'height'].map(n => Number(r.getAttribute(n))))"
        )
    ]
    assert len(boxes) > 1
    data = (samples.engine.settings.corpus_dir / document.source).read_bytes()
    again = highlights.Again.of(document, data)
    words = "".join(highlights.under([box], again.glyphs(number)) for box in boxes)
    assert highlights.bare(words) == highlights.bare(span.of(document.text))


def test_pages_are_turned_beside_the_text(open_page, samples):
    document, span = _citation(samples, "pdf")
    page = open_page(f"/documents/{document.document_id}?start={span.start}&end={span.end}&page=1", on=samples)
    label = page.locator("[data-page-label]")
    first = label.text_content()
    page.locator("#text").evaluate("e => { e.dataset.here = 'yes' }")
    page.locator("[data-page-step='1']").click()
    label.filter(has_not_text=first).wait_for()
    assert page.locator("[data-page-pane]").get_attribute("data-number") == "2"
    assert "/pages/2.png" in page.locator(".page-picture img").get_attribute("src")
    assert page.locator("#text").get_attribute("data-here") == "yes"  # the page was not loaded anew
    page.locator("[data-page-step='-1']").click()
    label.filter(has_text=first).wait_for()
    assert page.locator("rect.cited").count() >= 1
    assert not page.locator("[data-page-step='-1']").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_beside_the_text_breaks_no_rule(open_page, samples, scheme):
    document, span = _citation(samples, "pdf")
    address = f"/documents/{document.document_id}?start={span.start}&end={span.end}"
    assert violations(open_page(address, on=samples, scheme=scheme)) == []
