"""Pages drawn with a font, turned and spoilt as scanners and copiers do, and read again."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import threading
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageFilter

from rag.loaders.ocr import recognize_page
from rag.loaders.page import Page, confidence_of

from .scans import A4, RED, Line, body, draw, needs_font, rule, stamp

pytestmark = needs_font

DPI = 120
SCAN = Path(__file__).parents[2].parent / "shared" / "samples" / "scan" / "397_image_only.pdf"

LETTER = [
    Line("关于河道整治的通知", 200, 90, 22),
    *body("各镇人民政府：", "　　安排资金1,250.6万元，占60%。", top=150),
    Line("青云市水务局", 380, 260),
    Line("2023年7月5日", 378, 288),
]
WORDS = ["关于河道整治的通知", "各镇人民政府：", "安排资金1,250.6万元，占60%。", "青云市水务局", "2023年7月5日"]


def words(page: Page) -> list[str]:
    return [run.text for run in sorted(page.runs, key=lambda run: run.box.top)]


@pytest.fixture(scope="module")
def letter() -> Image.Image:
    return draw(LETTER, dpi=DPI)


@pytest.fixture(scope="module")
def page(letter: Image.Image) -> Page:
    return recognize_page(letter, 3, *A4)


def test_words_are_read(page: Page) -> None:
    assert words(page) == WORDS
    assert (page.number, page.width, page.height) == (3, *A4)


def test_boxes_lie_where_the_words_stand(page: Page) -> None:
    for run, line in zip(page.runs, LETTER, strict=True):
        blank = (len(line.text) - len(line.text.lstrip("　"))) * line.size
        assert run.box.left == pytest.approx(line.left + blank, abs=3)
        assert run.box.top == pytest.approx(line.top, abs=3)
        assert run.size == pytest.approx(line.size, rel=0.2)


def test_edges_follow_the_characters(page: Page) -> None:
    run = page.runs[0]
    assert len(run.edges) == len(run.text) + 1
    assert (run.edges[0], run.edges[-1]) == (run.box.left, run.box.right)
    for at, edge in enumerate(run.edges):
        assert edge == pytest.approx(200 + 22 * at, abs=6)
    for other in page.runs:
        assert all(before <= after for before, after in pairwise(other.edges))


def test_plain_print_is_read_with_confidence(page: Page) -> None:
    assert all(0.8 < (run.confidence or 0) <= 1 for run in page.runs)
    assert 0.9 < (confidence_of([page]) or 0) <= 1


def test_confidence_is_the_mean_over_characters() -> None:
    assert confidence_of([]) is None
    assert confidence_of([Page(1, *A4, ())]) is None


def test_an_opening_bracket_does_not_indent_its_line() -> None:
    found = recognize_page(draw([Line("《河道管理办法》已经通过", 80, 100)], dpi=DPI), 1, *A4)
    assert found.runs[0].text == "《河道管理办法》已经通过"
    assert found.runs[0].box.left == pytest.approx(80, abs=4)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_set_upright(letter: Image.Image, turn: int) -> None:
    size = A4 if turn == 180 else A4[::-1]
    found = recognize_page(letter.rotate(turn, expand=True), 1, *size)
    assert words(found) == WORDS
    assert (found.width, found.height) == A4
    assert found.runs[0].box.left == pytest.approx(200, abs=5)


@pytest.mark.parametrize("slope", [-6, 1.5])
def test_a_page_laid_askew_is_straightened(letter: Image.Image, slope: float) -> None:
    askew = letter.rotate(slope, Image.Resampling.BICUBIC, fillcolor="white")
    found = recognize_page(askew, 1, *A4)
    assert words(found) == WORDS
    for run, line in zip(found.runs, LETTER, strict=True):
        assert run.box.top == pytest.approx(line.top, abs=5)
        assert run.box.bottom - run.box.top < 1.5 * line.size


def test_words_under_a_seal_are_read(letter: Image.Image) -> None:
    stamped = letter.copy()
    stamp(stamped, (430, 275), dpi=DPI)
    assert words(recognize_page(stamped, 1, *A4)) == WORDS


def test_red_letterheads_and_red_words_stay() -> None:
    lines = [Line("青云市水务局文件", 120, 80, 44, RED), Line("青水函〔2023〕18号", 220, 160, 16, RED)]
    assert words(recognize_page(draw(lines, dpi=DPI), 1, *A4)) == ["青云市水务局文件", "青水函〔2023〕18号"]


def test_cells_of_a_ruled_table_are_apart() -> None:
    rows = [("序号", "任务", "牵头单位"), ("1", "清淤", "市水务局"), ("2", "绿化", "")]
    cells = [Line(cell, 84 + 60 * at, 104 + 24 * row, 12) for row, r in enumerate(rows) for at, cell in enumerate(r)]
    image = draw(cells, dpi=DPI)
    for row in range(4):
        rule(image, (80, 98 + 24 * row, 280, 98 + 24 * row), dpi=DPI)
    for left in (80, 140, 200, 280):
        rule(image, (left, 98, left, 170), dpi=DPI)
    found = recognize_page(image, 1, *A4)
    assert {run.text for run in found.runs} == {cell for row in rows for cell in row if cell}
    assert sum(found_rule.is_horizontal for found_rule in found.rules) == 4
    assert sum(not found_rule.is_horizontal for found_rule in found.rules) == 4


def test_a_line_across_a_ruled_line_is_cut_there() -> None:
    image = draw([Line("清淤工程市水务局", 100, 100, 16)], dpi=DPI)
    for top in (90, 124):
        rule(image, (90, top, 240, top), dpi=DPI)
    rule(image, (164, 90, 164, 124), dpi=DPI)
    assert sorted(run.text for run in recognize_page(image, 1, *A4).runs) == ["市水务局", "清淤工程"]


def test_letters_below_each_other_are_read_downwards() -> None:
    column = [Line(letter, 500, 300 + 17 * at, 14) for at, letter in enumerate("密封线内不答题")]
    found = recognize_page(draw([*LETTER, *column], dpi=DPI), 1, *A4)
    assert "密封线内不答题" in [run.text for run in found.runs]


def test_a_lone_figure_is_not_taken_for_a_line_that_runs_down() -> None:
    figures = [Line(str(at), 90, 300 + 24 * at, 12) for at in range(1, 6)]
    found = recognize_page(draw([*LETTER, *figures], dpi=DPI), 1, *A4)
    assert [run.text for run in sorted(found.runs, key=lambda run: run.box.top) if run.box.top > 310] == list("12345")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda image: image.resize((496, 702)), id="60 dpi"),
        pytest.param(lambda image: image.filter(ImageFilter.GaussianBlur(1.5)), id="blurred"),
        pytest.param(lambda image: image.convert("L").point(lambda level: 150 + level // 4), id="faint on grey"),
        pytest.param(lambda image: image.convert("1"), id="black and white"),
    ],
)
def test_poor_copies_are_read(letter: Image.Image, spoil) -> None:
    assert words(recognize_page(spoil(letter), 1, *A4)) == WORDS


def test_a_picture_far_too_fine_is_read_at_a_sane_size(letter: Image.Image) -> None:
    found = recognize_page(letter.resize((4960, 7016)), 1, *A4)
    assert words(found) == WORDS
    assert found.runs[0].box.left == pytest.approx(200, abs=4)


@pytest.mark.parametrize("times", [0.3, 3.0])
def test_a_page_whose_size_is_wrong_is_read(letter: Image.Image, times: float) -> None:
    found = recognize_page(letter, 1, A4[0] * times, A4[1] * times)
    assert words(found) == WORDS
    assert (found.width, found.height) == pytest.approx((A4[0] * times, A4[1] * times))
    assert found.runs[0].box.left == pytest.approx(200 * times, abs=3 * times)
    assert found.runs[0].edges[-1] == found.runs[0].box.right
    assert found.runs[0].size == pytest.approx(22 * times, rel=0.2)


@pytest.mark.parametrize("colour", ["white", "black", (200, 30, 30)])
def test_a_page_without_words_has_no_runs(colour: str | tuple[int, int, int]) -> None:
    assert recognize_page(Image.new("RGB", (620, 877), colour), 1, *A4).runs == ()


@pytest.mark.parametrize("size", [(6000, 9), (9, 6000)])
def test_a_thread_of_paper_is_read_in_little_memory(size: tuple[int, int]) -> None:
    striped = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    striped[:: 4 if size[0] < size[1] else 1, :: 4 if size[0] > size[1] else 1] = 255
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    recognize_page(Image.fromarray(striped), 1, *size)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_a_line_that_fills_its_picture_is_read() -> None:
    line = draw([Line("关于河道整治的通知", 2, 2, 18)], size=(166, 22), dpi=DPI)
    assert words(recognize_page(line, 1, 166, 22)) == ["关于河道整治的通知"]


def test_specks_are_no_words() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (877, 620, 3), dtype=np.uint8)
    assert recognize_page(Image.fromarray(noise), 1, *A4).runs == ()


def test_threads_share_the_models(letter: Image.Image) -> None:
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(words(recognize_page(letter, 1, *A4)))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [WORDS, WORDS]


def test_a_fresh_process_reads_in_silence_and_without_a_network(letter: Image.Image, tmp_path: Path) -> None:
    letter.save(tmp_path / "letter.png")
    script = f"""
import socket
def refuse(*args, **kwargs): raise AssertionError("network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from PIL import Image
from rag.loaders.ocr import recognize_page, use_threads
use_threads(2)
with Image.open({str(tmp_path / "letter.png")!r}) as image:
    assert len(recognize_page(image, 1, 595, 842).runs) == 5
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not SCAN.exists(), reason="the shared samples are not here")
def test_a_scanned_notice_is_read_almost_without_error() -> None:
    """One page of it, words in the order of the lines; what is read of all of it is the PDF loader's to test."""
    truth = re.sub(r"\s", "", (SCAN.parent / "397_ground_truth.txt").read_text("utf-8"))
    with closing(pdfium.PdfDocument(SCAN)) as document, closing(document[1]) as opened:
        found = recognize_page(opened.render(scale=200 / 72).to_pil(), 2, *opened.get_size())
    lines = [text for text in words(found) if not text.startswith("—")]
    assert len(lines) == 23
    # The printed page lacks the stop at the end of its headings that the text on the web has.
    assert sum(line in truth for line in lines) >= 22
