"""Places and years side by side: each is answered by itself, and the rows say what the statements say."""

from __future__ import annotations

import pytest

from rag.answering.comparison import compares, sides_of
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.domain.filters import Filters
from rag.text import squeeze

ALL = Scope.everything()


def ask(reader: Reader, question: str) -> Answer:
    return reader.answerer.answer(question, scope=ALL)


@pytest.mark.parametrize(
    ("question", "places", "years"),
    [
        ("鹭原县和棠湾市每千人口托位数各是多少？", ["鹭原县", "棠湾市"], [None, None]),
        ("对比云岫市和梧桥区加装电梯的补助", ["云岫市", "霁川市梧桥区"], [None, None]),
        ("霁川市公交线路2022年和2023年分别有多少条？", ["霁川市", "霁川市"], [2022, 2023]),
        ("Compare childcare places in Luyuan and Tangwan.", ["鹭原县", "棠湾市"], [None, None]),
        ("鹭原县每千人口托位数是多少？", [], []),
        ("云岫市2024年专职心理教师有多少名？", [], []),
    ],
)
def test_sides(sample: Reader, question: str, places: list[str], years: list[int | None]) -> None:
    sides = sides_of(sample.searcher.understand(question, scope=ALL), Filters())
    assert [side.place for side in sides] == places
    assert [side.year for side in sides] == years


def test_a_filter_for_a_place_leaves_one_side(sample: Reader) -> None:
    question = sample.searcher.understand("鹭原县和棠湾市每千人口托位数各是多少？", scope=ALL)
    assert sides_of(question, Filters(place="鹭原县")) == []


@pytest.mark.parametrize(
    ("question", "is_comparison"),
    [
        ("两地标准相差多少？", True),
        ("哪个市的补贴更高？", True),
        ("2020年和2024年各是多少？", True),
        ("Which county pays more than Tangwan?", True),
        ("托位数是多少？", False),
    ],
)
def test_questions_that_compare(sample: Reader, question: str, is_comparison: bool) -> None:
    assert compares(sample.searcher.understand(question, scope=ALL)) is is_comparison


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("鹭原县和棠湾市每千人口托位数各是多少？", {("鹭原县", 2025, "3.6个"), ("棠湾市", 2025, "4.1个")}),
        ("霁川市公交线路2022年底和2023年9月底分别有多少条？", {("霁川市", 2022, "118"), ("霁川市", 2023, "122条")}),
        ("云岫市和梧桥区加装电梯每部补助相差多少？", {("云岫市", 2024, "15万元"), ("霁川市梧桥区", 2022, "20万元")}),
    ],
)
def test_a_row_a_document(sample: Reader, question: str, rows: set[tuple[str, int, str]]) -> None:
    answer = ask(sample, question)
    for place, year, words in rows:
        (row,) = [r for r in answer.comparison if (r.place, r.year) == (place, year)]
        assert words in squeeze(row.text)
    said = {statement.citations: statement.text for statement in answer.statements}
    for row in answer.comparison:
        assert said[row.citations].endswith(row.text)
    assert len({row.document.document_id for row in answer.comparison}) == len(answer.comparison)


def test_one_side_alone_is_no_comparison(sample: Reader) -> None:
    answer = ask(sample, "鹭原县和岚汀县每千人口托位数各是多少？")
    assert answer.comparison == ()
    assert "岚汀" not in answer.text


def test_other_answers_have_no_rows(sample: Reader) -> None:
    assert ask(sample, "鹭原县每千人口托位数现在是多少？").comparison == ()


def test_words_that_compare_are_no_topic(sample: Reader) -> None:
    answer = ask(sample, "云岫市和棠湾市在养老服务上的做法有什么不同？")
    assert "不同" not in answer.text.split("：")[0]
    hours = ask(sample, "望舒县和霁川市的12356热线服务时间有什么不同？")
    assert [row.place for row in hours.comparison] == ["望舒县", "霁川市"]
    assert "8时至24时" in hours.comparison[0].text


def test_rows_of_a_comparison_in_english_are_framed(sample: Reader) -> None:
    answer = ask(sample, "Compare the elevator subsidy in Yunxiu and Wuqiao")
    assert answer.comparison[0].place == "Yunxiu (云岫市)"
    assert all(row.text.startswith("“") for row in answer.comparison)
