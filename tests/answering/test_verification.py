"""The last gate catches each way in which an answer can say what its documents do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering.verification import problems
from rag.domain.answer import Answer, Citation, Mode, Statement, Status
from rag.domain.span import Span

from .builders import citation, summary

TEXT = "全市有214所学校，配备198名教师。每部补助１５万元，占 92.5%。依据岫建发〔2020〕15号。"
FIRST, SECOND, THIRD = Span(0, 19), Span(19, 35), Span(35, len(TEXT))


def answer(*statements: Statement, citations: tuple[Citation, ...] | None = None) -> Answer:
    cited = citations or tuple(citation(n, TEXT, span) for n, span in enumerate((FIRST, SECOND, THIRD), 1))
    return Answer("问", Status.ANSWERED, "", statements, cited)


def found(checked: Answer) -> list[str]:
    return problems(checked, {"d1": TEXT, "d2": "别的文件。"}.__getitem__)


@pytest.mark.parametrize(
    "statement",
    [
        Statement("全市有214所学校。", (1,)),
        Statement("每部补助15万元，占92.5%。", (2,)),  # width and layout do not matter
        Statement("214所学校，每部15万元。", (1, 2)),
        Statement("没有数字的话。", (1,)),
        Statement("岫建发〔2020〕15号。", (3,)),
        # The name of the cited document may hold figures of its own.
        Statement("云岫市教育局（岫教函〔2024〕33号）：全市有214所学校。", (1,)),
        Statement("《关于校园安全的答复》有198名教师。", (1,)),
    ],
)
def test_a_sound_statement_passes(statement: Statement) -> None:
    assert found(answer(statement)) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (Statement("全市有214所学校。", ()), "statement 1: no citation"),
        (Statement("全市有214所学校。", (4,)), "statement 1: cites what is not there"),
        (Statement("全市有214所学校。", (1, 9)), "statement 1: cites what is not there"),
        (Statement("全市有215所学校。", (1,)), "statement 1: 215 is in none of its quotes"),
        (Statement("全市有214所学校。", (2,)), "statement 1: 214 is in none of its quotes"),  # of another quote
        (Statement("占92.6%。", (2,)), "statement 1: 92.6 is in none of its quotes"),
        (Statement("据岫建发〔2021〕15号。", (3,)), "statement 1: 2021 is in none of its quotes"),
        (Statement("其他局（岫教函〔2024〕34号）：214所。", (1,)), "statement 1: 2024 is in none of its quotes"),
    ],
)
def test_an_unsound_statement_is_caught(statement: Statement, problem: str) -> None:
    assert problem in found(answer(statement))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("每部补助150000元，占百分之九十二点五。", []),
        ("每部补助0.015亿元。", ["0.015"]),
        ("每部补助15元。", []),  # the literal figure stands there; its place is looked at before
        ("每部补助1500000元。", ["1500000"]),
        ("根据2024年7月12日的答复，每部补助15万元。", []),
        ("根据2023年7月12日的答复，每部补助15万元。", ["2023"]),
    ],
)
def test_what_a_language_model_writes_is_compared_by_value(text: str, wrong: list[str]) -> None:
    drafted = replace(answer(Statement(text, (2,))), mode=Mode.LLM)
    assert found(drafted) == [f"statement 1: {figure} is in none of its quotes" for figure in wrong]


def test_each_statement_is_checked() -> None:
    sound, unsound = Statement("214所。", (1,)), Statement("999所。", (1,))
    assert found(answer(sound, unsound, sound)) == ["statement 2: 999 is in none of its quotes"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("库中符合条件（年份：2024）的文件共256件：", []),
        ("库中符合条件（年份：2024）的文件共256件，下面列出前2件：", []),
        ("库中符合条件（年份：2024）的文件共257件：", ["257"]),
        ("库中符合条件（年份：2024）的文件共256件，下面列出前3件：", ["3"]),
        ("库中符合条件（年份：2023）的文件共256件：", ["2023"]),
    ],
)
def test_a_count_says_how_many_there_are_how_many_are_listed_and_what_was_asked(text: str, wrong: list[str]) -> None:
    other = "市水务局另有说明。"
    said = Statement(text, (1,), count=256, listed=2)
    counted = replace(answer(said, citations=(citation(1, other, Span(0, 9)),)), question="2024年有多少份文件？")
    assert problems(counted, lambda _: other) == [f"statement 1: {figure} is in none of its quotes" for figure in wrong]


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "全市有214所学校，配备198名教师。改"},
        {"quote": "全市有215所学校，配备198名教师。"},
        {"quote": ""},
        {"span": Span(1, 20)},
        {"span": Span(0, 0), "quote": ""},
        {"span": Span(0, 9_999)},
        {"document": summary("d2")},
    ],
)
def test_a_quote_that_is_not_the_text_at_its_place_is_caught(changed: dict[str, object]) -> None:
    wrong = replace(citation(1, TEXT, FIRST), **changed)
    (problem,) = found(answer(Statement("有学校。", (1,)), citations=(wrong,)))
    assert problem == "citation 1: the quote is not what the document says at its place"
