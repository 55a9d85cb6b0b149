"""Questions for the parts of a clause are answered by their headings, and by no other clause's."""

from __future__ import annotations

import pytest

from rag.answering.composing import Composer
from rag.answering.outline import OutlineAnswerer
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.domain.filters import Filters

from .conftest import IndexOf

ALL = Scope.everything()


def outline(reader: Reader, text: str, scope: Scope = ALL) -> Answer | None:
    question = reader.searcher.understand(text, scope=scope)
    composer = Composer(question.text)
    places = [place.key for place in question.places if place.names]
    filters = Filters(place=places[0]) if places else Filters()
    stated = OutlineAnswerer(reader.catalog, reader.searcher).state(question, composer, scope=scope, filters=filters)
    assert stated is not composer.is_empty
    return composer.answer() if stated else None


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        (
            "云岫市学生心理健康促进行动计划的重点行动有哪些？",
            [
                "（一）课程提质行动",
                "（二）队伍建设行动",
                "（三）测评预警行动",
                "（四）医校协作行动",
                "（五）家庭护航行动",
                "（六）热线关爱行动",
                "（七）净化环境行动",
                "（八）运动减压行动",
            ],
        ),
        (
            "云岫市学生心理健康促进行动计划有哪些保障措施？",
            ["（一）加强领导", "（二）落实经费", "（三）督导考核"],
        ),
    ],
)
def test_the_parts_of_the_clause_named_are_stated_in_order(sample: Reader, question: str, headings: list[str]) -> None:
    answer = outline(sample, question)
    assert answer is not None
    assert [citation.quote for citation in answer.citations] == headings
    assert answer.statements[0].text.endswith(f"：{headings[0]}")
    assert [statement.text for statement in answer.statements[1:]] == headings[1:]


@pytest.mark.parametrize(
    "question",
    [
        "云岫市学生心理测评多久做一次",  # no parts are asked for
        "云岫市学生心理健康促进行动计划有哪些历史沿革？",  # no clause of that name
        "鹭原县学生心理健康重点行动有哪些？",  # of another place
        "有哪些？",  # of nothing
        "红烧肉有哪些做法？",
    ],
)
def test_other_questions_are_left_to_others(sample: Reader, question: str) -> None:
    assert outline(sample, question) is None


PLAN = """\
临洲市人民政府关于印发《临洲市河湖治理方案》的通知

临政发〔2024〕5号

各县（区）人民政府：

一、基本原则

{parts}

二、治理任务

全面清理河道。

临洲市人民政府

2024年3月8日

公开属性：不予公开
"""


def test_a_clause_with_one_part_or_none_has_no_parts(index_of: IndexOf) -> None:
    question = "河湖治理的基本原则有哪些？"
    several = index_of({"a.txt": PLAN.format(parts="（一）生态优先。保护水质。\n\n（二）系统治理。统筹上下游。")})
    one = index_of({"a.txt": PLAN.format(parts="（一）生态优先。保护水质。")})
    answer = outline(several, question)
    assert answer is not None
    assert [citation.quote for citation in answer.citations] == ["（一）生态优先", "（二）系统治理"]
    assert outline(one, question) is None


def test_the_parts_of_a_hidden_document_are_not_given(index_of: IndexOf) -> None:
    reader = index_of({"a.txt": PLAN.format(parts="（一）生态优先。保护水质。\n\n（二）系统治理。统筹上下游。")})
    assert outline(reader, "河湖治理的基本原则有哪些？", scope=Scope.public()) is None


def test_of_two_headings_the_one_asked_for_is_taken(index_of: IndexOf) -> None:
    reader = index_of(
        {
            "a.txt": "云岫市教育局\n\n关于第12号提案的答复\n\n有关委员：\n\n二、工作开展情况\n\n"
            "（一）强化统筹。定期会商。\n\n（二）加强宣传。开展宣讲。\n\n"
            "三、下一步工作打算\n\n一是扩充队伍。每年培训。\n\n二是完善机制。建立台账。\n\n（此件公开发布）\n"
        }
    )
    answer = reader.answerer.answer("云岫市下一步工作打算是什么？", scope=Scope.everything())
    assert [statement.text.split("：")[-1] for statement in answer.statements] == ["一是扩充队伍", "二是完善机制"]


STATUTE = """\
临洲市听证条例
（2022年6月1日临洲市第十六届人民代表大会常务委员会第三次会议通过）
第一章　总则
第一条　为了规范听证，制定本条例。
第二章　应当听证的事项
第二条　收费听证。
第三条　规划听证，会前{days}公告。
"""


def test_articles_without_titles_are_stated_whole(index_of: IndexOf) -> None:
    reader = index_of({"hearing.txt": STATUTE.format(days="十日")})
    answer = outline(reader, "应当听证的事项有哪些？")
    assert answer is not None
    assert [c.quote for c in answer.citations] == ["第二条　收费听证。", "第三条　规划听证，会前十日公告。"]


def test_too_many_of_them_are_left_to_others(index_of: IndexOf) -> None:
    reader = index_of({"hearing.txt": STATUTE.format(days="十日" * 2000)})
    assert outline(reader, "应当听证的事项有哪些？") is None
