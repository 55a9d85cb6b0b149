"""Documents that give different figures for one thing are all shown, newest first, and that they differ is said."""

from __future__ import annotations

import pytest

from rag.answering.disagreement import SAYS_SO
from rag.app.reader import Reader
from rag.domain.access import Scope

from .conftest import IndexOf

ALL = Scope.everything()


def report(year: int, words: str, *, place: str = "青禾市") -> str:
    return (
        f"{place}教育局\n\n青教发〔{year}〕{year % 10 + 3}号\n\n关于{year}年学校工作情况的报告\n\n{place}人民政府：\n\n{words}\n\n"
        f"{place}教育局\n\n{year}年5月6日\n"
    )


@pytest.mark.parametrize(
    ("question", "newer", "older"),
    [
        ("云岫市专职心理健康教育教师有多少名？", "209名", "已配备198名"),
        ("霁川市公交线路有多少条？", "122条", "118条"),
    ],
)
def test_both_figures_are_given_newest_first(sample: Reader, question: str, newer: str, older: str) -> None:
    answer = sample.answerer.answer(question, scope=ALL)
    assert newer in answer.statements[0].text
    assert older in answer.statements[1].text
    assert answer.statements[-1].text == SAYS_SO
    assert set(answer.statements[-1].citations) == {c.id for c in answer.citations}


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        # The same figure twice.
        ("青禾市校车有多少辆？", {"a.txt": report(2023, "全市有校车86辆。"), "b.txt": report(2024, "全市有校车86辆。")}),
        # The same number, written otherwise.
        ("青禾市校车接送学生多少人次？", {"a.txt": report(2023, "全市校车接送学生2.48万人次。"), "b.txt": report(2024, "全市校车接送学生24,800人次。")}),
        # A target is no other count.
        ("青禾市校车有多少辆？", {"a.txt": report(2023, "到2025年底，全市校车达到120辆。"), "b.txt": report(2024, "全市有校车86辆。")}),
        # A year is asked for.
        ("青禾市2023年校车有多少辆？", {"a.txt": report(2023, "2023年，全市有校车80辆。"), "b.txt": report(2024, "2024年，全市有校车86辆。")}),
        # Two places may well differ.
        ("校车有多少辆？", {"a.txt": report(2023, "全市有校车80辆。"), "b.txt": report(2024, "全县有校车86辆。", place="临洲县")}),
    ],
)  # fmt: skip
def test_what_is_no_disagreement(index_of: IndexOf, question: str, documents: dict[str, str]) -> None:
    assert SAYS_SO not in index_of(documents).answerer.answer(question, scope=ALL).text


def test_a_document_out_of_scope_disagrees_with_nothing(sample: Reader) -> None:
    answer = sample.answerer.answer("云岫市专职心理健康教育教师有多少名？", scope=Scope.public())
    assert SAYS_SO not in answer.text
    assert "209名" not in answer.text
