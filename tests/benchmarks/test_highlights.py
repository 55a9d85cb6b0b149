"""Highlights: the short form of ``benchmarks/highlights.py``, and that it sees a highlight that is off."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from rag.domain.layout import Box
from tests.loaders.ofd_files import ofd, text_object
from tests.loaders.pdf_files import PdfFile, set_paragraphs

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

PARAGRAPHS = (
    "关于做好便民摊点管理工作的通知",
    "各县区人民政府：为方便群众生活，规范“便民摊点”设置，现就有关事项通知如下。" * 2,
    "一、总体要求。坚持疏堵结合、便民利民，到2026年底全市设置摊点1200处，占道经营投诉下降30%。" * 3,
    "二、重点任务。由市城市管理局牵头，市市场监督管理局、市公安局配合，每季度开展一次联合检查。" * 9,
)


@pytest.fixture
def highlights(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import highlights

    yield highlights
    sys.modules.pop("highlights", None)


def _ofd() -> bytes:
    lines = [text[at : at + 28] for text in PARAGRAPHS for at in range(0, len(text), 28)]
    pages = [lines[at : at + 20] for at in range(0, len(lines), 20)]
    return ofd(
        *("".join(text_object(line, 25, 30 + 11 * number) for number, line in enumerate(page)) for page in pages)
    )


@pytest.fixture
def sample(highlights, tmp_path):
    def make(name: str):
        data = {
            "a.pdf": lambda: set_paragraphs(PdfFile(), PARAGRAPHS).data(),
            "a.ofd": _ofd,
            "a.txt": lambda: "\n".join(PARAGRAPHS).encode(),
        }[name]()
        (tmp_path / name).write_bytes(data)
        return highlights.Sample(name, (tmp_path / name,))

    return make


@pytest.mark.parametrize("name", ["a.pdf", "a.ofd", "a.txt"])
def test_what_is_under_a_highlight_is_what_is_cited(highlights, sample, tmp_path, name):
    result = highlights.check(sample(name), tmp_path / "work", citations=25, chance=random.Random(7))
    assert result.wrong == []
    assert result.marked == result.citations == 25
    assert result.boxed == result.under_boxes == (0 if name == "a.txt" else 25)
    if result.boxed:
        assert result.over_lines > 5


def test_a_highlight_that_is_off_is_seen(highlights, sample, tmp_path, monkeypatch):
    places = highlights.boxes_of

    def off(regions, span):
        return [(page, Box(b.left + 9, b.top, b.right + 9, b.bottom)) for page, b in places(regions, span)]

    monkeypatch.setattr(highlights, "boxes_of", off)
    result = highlights.check(sample("a.pdf"), tmp_path / "work", citations=10, chance=random.Random(7))
    assert result.under_boxes == 0
    assert len(result.wrong) == 10
