"""Question understanding as a table: numbers, language and subject. Places, years and words have tests of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.question import understand
from rag.retrieval.terms import TermTable, shipped_terms
from tests.retrieval.asking import read


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("岫建发〔2024〕27号的公开属性", ("岫建发〔2024〕27号",)),
        ("岫建发[2024]27号是什么", ("岫建发〔2024〕27号",)),
        ("岫建发（2024）27号", ("岫建发〔2024〕27号",)),
        ("岫建發［２０２４］２７號", ("岫建发〔2024〕27号",)),
        ("岫建发〔2024〕27号、岫教函〔2024〕33号", ("岫建发〔2024〕27号", "岫教函〔2024〕33号")),
        ("岫建发〔2024〕27号，岫建发(2024)27号", ("岫建发〔2024〕27号",)),
        ("第27号提案", ()),
    ],
)
def test_document_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text).document_numbers == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("第0087号提案谁主办", ("87",)),
        ("0087号提案的答复", ("87",)),
        ("市政协第454号提案", ("454",)),
        ("第 18 号建议的答复", ("18",)),
        ("第0号建议", ("0",)),
        ("岫建发〔2024〕27号的答复", ()),  # a 文号 is no proposal
        ("12345热线", ()),
        ("Which unit handled proposal No. 454 in Hanzhong?", ("454",)),
        ("Who answered suggestion 0018?", ("18",)),
        ("What are the 3 proposals of 2024?", ()),
    ],
)
def test_proposal_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text).proposal_numbers == numbers


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("Which department leads?", True),
        ("What does 岫建发〔2024〕27号 say about elevators?", True),
        ("云岫市的WiFi覆盖率", False),
        ("12356", False),
        ("GDP", False),
        ("？", False),
    ],
)
def test_language(text: str, is_english: bool) -> None:
    assert read(text).is_english is is_english


def test_the_table_of_terms_is_loaded_for_english_only() -> None:
    def load() -> TermTable:
        raise AssertionError("a Chinese question needs no English terms")

    assert understand("谁牵头？", load_terms=load).terms


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("云岫市学生心理测评由哪个部门牵头？", "学生心理测评由部门牵头"),
        ("请问 2024 年补助标准是多少？", "补助标准"),
        ("哪里？", "哪里？"),  # nothing is left: the question itself
    ],
)
def test_subject(text: str, subject: str) -> None:
    assert read(text).subject == subject


@given(st.text(st.sampled_from("云岫市鹭原县区号第〔〕()2024年5多少谁a the in，。？ \n"), max_size=60))
def test_any_text_is_understood_the_same_every_time(text: str) -> None:
    first = read(text)
    assert read(text) == first
    assert all(place.written and place.short for place in first.places)
    assert all(1900 <= year < 2100 for year in first.years)
    assert len({term.word for term in first.terms}) == len(first.terms)


@pytest.mark.parametrize(
    ("text", "names", "notes"),
    [
        ("云锈市有多少所学校", ("云岫市",), 1),
        ("云秀市和鹭原县有多少所学校", ("云岫市", "鹭原县"), 1),
        ("云岫市有多少所学校", ("云岫市",), 0),
        ("云山市有多少所学校", (), 0),  # another sound
        ("台州市有多少所学校", (), 0),  # a place of its own, though it sounds like 泰州
    ],
)
def test_a_place_that_only_sounds_like_one_of_the_catalogue(text: str, names: tuple[str, ...], notes: int) -> None:
    read = understand(text, places=("云岫市", "鹭原县", "泰州市"), load_terms=shipped_terms)
    assert tuple(name for place in read.places for name in place.names) == names
    assert len(read.notes) == notes
