"""Charts laid out: heights in proportion, nothing outside the drawing, all values in the table."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.charts import HEIGHT, WIDTH, Series, bar_chart, counts, curve_chart


def test_bars_stand_on_the_floor_in_proportion() -> None:
    chart = bar_chart("k", ("题", "title"), ["a", "b"], [Series("now", (4.0, 2.0)), Series("before", (0.0, 1.0))])
    heights = {(bar.series, bar.words): bar.height for bar in chart.bars}
    assert heights[0, "now: a: 4"] == pytest.approx(2 * heights[0, "now: b: 2"], abs=0.02)
    assert heights[1, "before: a: 0"] == 0
    assert {round(bar.y + bar.height, 1) for bar in chart.bars} == {chart.floor}
    assert [tick.label for tick in chart.y_ticks] == ["0", "1", "2", "3", "4"]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=12))
def test_bars_stay_inside_and_apart(values: list[tuple[int, int]]) -> None:
    series = [Series(name, tuple(float(pair[n]) for pair in values)) for n, name in enumerate(("a", "b"))]
    chart = bar_chart("k", ("题", "title"), [str(n) for n in range(len(values))], series)
    ordered = sorted(chart.bars, key=lambda bar: bar.x)
    for bar in ordered:
        assert chart.left <= bar.x
        assert bar.x + bar.width <= chart.right + 0.1
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT
    for one, other in pairwise(ordered):
        assert one.x + one.width <= other.x + 0.1


def test_a_curve_has_a_point_a_class() -> None:
    chart = curve_chart("k", ("题", "title"), ["1", "10"], [Series("now", (0.0, 1.0))])
    (line,) = chart.lines
    assert [y for _, y in line.dots] == [chart.floor, chart.y_ticks[-1].at]
    assert line.points.count(",") == 2
    assert all(0 < x < WIDTH for x, _ in line.dots)


def test_values_are_counted_by_class() -> None:
    assert counts([0, 1, 1, 7], [("0", lambda v: v == 0), ("> 0", lambda v: v > 0), ("> 9", lambda v: v > 9)]) == (
        1,
        3,
        0,
    )
