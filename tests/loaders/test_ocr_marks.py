"""What is printed over and around words: ruled lines are found and taken off, seals are bleached, words stay."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rag.loaders.ocr.ruling import find_rules, grey_of, without_rules
from rag.loaders.ocr.seals import lift_seals
from rag.loaders.ocr.upright import is_sideways, slope_of
from rag.loaders.page import Rule

from .scans import RED, Line, draw, needs_font, rule, stamp

DPI = 150
SCALE = 72 / DPI


def rules_of(image: Image.Image) -> tuple[Rule, ...]:
    return find_rules(grey_of(np.asarray(image)), SCALE)


def sheet() -> Image.Image:
    return draw([], dpi=DPI)


@pytest.mark.parametrize("width", [0.5, 1.0, 2.5])
def test_lines_across_and_down_are_found_where_they_lie(width: float) -> None:
    image = sheet()
    rule(image, (80, 200, 500, 200), dpi=DPI, width=width)
    rule(image, (80, 200, 80, 300), dpi=DPI, width=width)
    across, down = rules_of(image)
    assert across.is_horizontal
    assert (across.box.left, across.box.right) == pytest.approx((80, 500), abs=2)
    assert (across.box.top + across.box.bottom) / 2 == pytest.approx(200, abs=1)
    assert not down.is_horizontal
    assert (down.box.top, down.box.bottom) == pytest.approx((200, 300), abs=2)


def test_a_line_a_little_aslant_is_one() -> None:
    image = sheet()
    rule(image, (80, 200, 500, 201.5), dpi=DPI)
    (found,) = rules_of(image)
    assert (found.box.left, found.box.right) == pytest.approx((80, 500), abs=4)


def test_a_line_down_that_meets_no_other_is_no_rule() -> None:
    image = sheet()
    rule(image, (80, 100, 500, 100), dpi=DPI)
    rule(image, (300, 200, 300, 300), dpi=DPI)
    assert len(rules_of(image)) == 1


def test_short_lines_and_filled_areas_are_no_rules() -> None:
    image = sheet()
    rule(image, (80, 100, 120, 100), dpi=DPI)
    ImageDraw.Draw(image).rectangle((200, 400, 900, 600), fill="black")
    assert rules_of(image) == ()


def test_a_photograph_has_no_rules() -> None:
    noise = np.random.default_rng(1).integers(0, 60, (900, 900, 3), dtype=np.uint8)
    assert find_rules(grey_of(noise), SCALE) == ()


@needs_font
def test_strokes_of_large_letters_are_no_rules() -> None:
    assert rules_of(draw([Line("一二三市中王十", 60, 100, 50, RED), Line("一工二", 60, 200, 44)], dpi=DPI)) == ()


@needs_font
def test_words_stay_when_lines_are_taken_off() -> None:
    bare = draw([Line("河道整治", 90, 104, 16)], dpi=DPI)
    ruled = bare.copy()
    rule(ruled, (80, 98, 300, 98), dpi=DPI)
    found = rules_of(ruled)
    assert len(found) == 1
    assert np.array_equal(without_rules(np.asarray(ruled), found, SCALE), np.asarray(bare))


def dark(pixels: np.ndarray) -> np.ndarray:
    return grey_of(pixels) < 120


@needs_font
@pytest.mark.parametrize(
    "centres", [[(400, 500)], [(290, 500), (400, 500)], [(548, 500)]], ids=["one", "two that touch", "cut by the edge"]
)
def test_seals_are_bleached_and_the_words_under_them_stay(centres: list[tuple[float, float]]) -> None:
    plain = draw([Line("青云市水务局", 350, 480), Line("2023年7月5日", 340, 505)], dpi=DPI)
    stamped = plain.copy()
    for centre in centres:
        stamp(stamped, centre, dpi=DPI)
    lifted = lift_seals(np.asarray(stamped), SCALE)
    assert (dark(np.asarray(stamped)) != dark(np.asarray(plain))).mean() > 0.001
    assert (dark(lifted) != dark(np.asarray(plain))).mean() < 0.0005


@needs_font
@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([Line("青云市人民政府文件", 90, 80, 48, RED)], id="a letterhead"),
        pytest.param(
            [
                Line(t, 110, 60 + 52 * at, 46, RED)
                for at, t in enumerate(("青云市水务局", "青云市财政局", "青云市住建局"))
            ],
            id="of three organs",
        ),
        pytest.param([Line("河道整治工作方案" * 3, 60, 60 + 15 * at, 14, RED) for at in range(30)], id="red print"),
        pytest.param([Line("河道整治", 90, 80)], id="black print"),
    ],
)
def test_red_words_are_no_seals(lines: list[Line]) -> None:
    pixels = np.asarray(draw(lines, dpi=DPI))
    assert lift_seals(pixels, SCALE) is pixels


def quad(left: float, top: float, right: float, bottom: float, fall: float = 0.0) -> list[list[float]]:
    return [[left, top], [right, top + fall], [right, bottom + fall], [left, bottom]]


def test_print_down_the_picture_is_sideways() -> None:
    across, down = quad(0, 0, 300, 20), quad(0, 0, 20, 300)
    assert is_sideways(np.array([down, down, across]))
    assert not is_sideways(np.array([down, across, across]))
    assert not is_sideways(np.zeros((0, 4, 2)))


def test_the_slope_is_that_of_most_of_the_print() -> None:
    lines = [quad(0, 30 * at, 400, 30 * at + 20, fall=7) for at in range(5)]
    assert slope_of(np.array([*lines, quad(0, 300, 300, 320, fall=-60)])) == pytest.approx(1.0, abs=0.01)
    assert slope_of(np.array([quad(0, 0, 40, 20, fall=9)])) == 0
    assert slope_of(np.zeros((0, 4, 2))) == 0
