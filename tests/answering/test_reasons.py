"""A refusal names the constraint that failed."""

from __future__ import annotations

import pytest

from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Status

ALL = Scope.everything()


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("岫教函〔2024〕34号说了什么？", "库中没有文号为岫教函〔2024〕34号的文件。"),
        ("霁川市第177号提案的答复由哪些部门协办？", "库中没有答复第177号提案或建议的文件。"),
        ("澄山市学生心理健康由哪个部门牵头？", "现有文件没有提到澄山市。"),
        ("云岫市2018年改造了多少户特殊困难老年人家庭？", "有云岫市的文件，但没有提到2018年。"),
        ("望舒县民政局在12356热线工作中负责什么？", "有望舒县的文件，但没有提到县民政局。"),
        ("霁川市硕士毕业生购房补贴多少钱？", "有霁川市的文件，但没有提到“购房”。"),
        ("月球基地的垃圾分类由谁负责？", "现有文件没有提到“月球”。"),
    ],
)
def test_the_constraint_that_failed_is_said(sample: Reader, question: str, says: str) -> None:
    answer = sample.answerer.answer(question, scope=ALL)
    assert (answer.status, answer.text) == (Status.NO_EVIDENCE, says)


def test_what_is_out_of_scope_is_not_given_away(sample: Reader) -> None:
    """The one document of 砚溪区 is internal: to the public it is as if there were none."""
    answer = sample.answerer.answer("砚溪区在校学生的心理服务归哪个部门负责？", scope=Scope.public())
    assert answer.status is Status.NO_EVIDENCE
    assert "区教育局" not in answer.text
    assert "有砚溪区的文件" not in answer.text
