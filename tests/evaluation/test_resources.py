"""Memory and percentiles."""

from __future__ import annotations

import sys

import pytest

from rag.evaluation.resources import peak_memory_mb, percentile_ms


def test_memory_is_told_in_megabytes_and_grows_with_use() -> None:
    pytest.importorskip("resource")
    before = peak_memory_mb()
    held = bytearray(b"x" * 300_000_000)
    after = peak_memory_mb()
    assert before is not None
    assert after is not None
    # Those 300 MB and not much more: the unit is right, whatever the process held before.
    assert max(before, 300) <= after < before + 900
    assert len(held) == 300_000_000


def test_memory_is_unknown_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert peak_memory_mb() is None


@pytest.mark.parametrize(
    ("seconds", "percent", "expected"),
    [
        ([0.003, 0.001, 0.002], 50, 2.0),
        ([0.001, 0.002], 50, 1.5),
        ([n / 1000 for n in range(1, 102)], 95, 96.0),
        ([0.004], 95, 4.0),
        ([], 95, 0.0),
    ],
)
def test_percentiles(seconds: list[float], percent: float, expected: float) -> None:
    assert percentile_ms(seconds, percent) == pytest.approx(expected)
