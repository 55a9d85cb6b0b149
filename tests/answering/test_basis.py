"""What a document is made under: whether a question asks for it, and the words that say so."""

from __future__ import annotations

import pytest

from rag.answering.basis import asks_basis
from rag.domain.access import Scope

from .builders import ask
from .conftest import IndexOf

ALL = Scope.everything()


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("岫民发〔2024〕9号是根据上级哪个文号的文件制定的？", True),
        ("云岫市助餐方案依据什么文件制定？", True),
        ("这份通知落实的是哪份文件？", True),
        ("助餐方案的上级文件文号是多少？", True),
        ("助餐方案的制定依据是什么？", True),
        ("Which document is the plan based on?", True),
        ("岫民发〔2024〕9号的文号是什么？", False),
        ("如何落实助餐补贴？", False),
        ("根据方案，助餐点建多少个？", False),
        ("按照什么标准补助？", False),
    ],
)
def test_questions_for_what_a_document_rests_on(question: str, asks: bool) -> None:
    assert asks_basis(ask(question)) is asks


HEAD = "云岫市民政局文件\n\n岫民发〔2024〕9号\n\n关于印发云岫市老年助餐实施方案的通知\n\n各县（区）民政局：\n\n"
END = "\n\n云岫市民政局\n\n2024年3月8日\n\n（此件公开发布）\n"
BY_NUMBER = "岫民发〔2024〕9号是根据上级哪个文号的文件制定的？"
BY_TITLE = "岫民发〔2024〕9号是依据什么文件制定的？"


@pytest.mark.parametrize(
    ("preamble", "question", "said"),
    [
        ("根据《省民政厅关于老年助餐的意见》（省民发〔2023〕14号）精神，制定本方案。", BY_NUMBER, "省民发〔2023〕14号"),
        ("按照省民发〔2023〕14号要求，制定本方案。", BY_NUMBER, "省民发〔2023〕14号"),
        ("为深入贯彻《养老服务规划》《老年助餐意见》，制定本方案。", BY_TITLE, "《养老服务规划》"),
        # Named without a number, named for something else, or itself: nothing is made up.
        ("根据《省民政厅关于老年助餐的意见》，制定本方案。", BY_NUMBER, None),
        ("会议通报，《助餐简报》（省民发〔2023〕14号）已印发。", BY_NUMBER, None),
        ("根据会议要求，《助餐简报》（省民发〔2023〕14号）已印发。", BY_NUMBER, None),
        ("根据岫民发〔2024〕9号，制定细则。", BY_NUMBER, None),
        ("新建助餐点30个。", BY_TITLE, None),
        # Of the place that the question names, though no document comes from it.
        (
            "根据《澄山市民政局关于老年助餐的意见》（澄民发〔2023〕14号），制定本方案。",
            "云岫市助餐方案是根据澄山市哪个文件制定的？",
            "澄民发〔2023〕14号",
        ),
        (
            "根据《省民政厅关于老年助餐的意见》（省民发〔2023〕14号），制定本方案。",
            "云岫市助餐方案是根据澄山市哪个文件制定的？",
            None,
        ),
    ],
)
def test_what_a_document_rests_on(index_of: IndexOf, preamble: str, question: str, said: str | None) -> None:
    answer = index_of({"a.txt": HEAD + preamble + END}).answerer.answer(question, scope=ALL)
    if said is None:
        assert "省民发" not in answer.text
    else:
        assert said in answer.text
        assert answer.citations[0].quote in preamble
        assert answer.citations[0].document.document_number == "岫民发〔2024〕9号"
