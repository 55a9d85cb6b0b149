"""The table of readings: what sounds alike, tones apart."""

from __future__ import annotations

import pytest

from rag.retrieval.readings import characters_by_reading, homophones, readings_of


@pytest.mark.parametrize(
    ("character", "readings"),
    [
        ("理", ("li",)),
        ("重", ("chong", "zhong")),
        ("长", ("chang", "zhang")),
        ("绿", ("lu", "lv")),
        ("A", ()),
        ("。", ()),
    ],
)
def test_readings(character: str, readings: tuple[str, ...]) -> None:
    assert readings_of(character) == readings


@pytest.mark.parametrize(("one", "other"), [("里", "理"), ("教", "较"), ("殴", "欧"), ("公", "工"), ("重", "中")])
def test_homophones_go_both_ways(one: str, other: str) -> None:
    assert other in homophones(one)
    assert one in homophones(other)
    assert one not in homophones(one)


def test_the_table_holds_the_characters_of_gb_2312() -> None:
    held = {character for characters in characters_by_reading().values() for character in characters}
    assert len(held) > 6_700
    assert len(characters_by_reading()) > 390
