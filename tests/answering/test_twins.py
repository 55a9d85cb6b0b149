"""One text in several files: an answer rests on one of them, whichever the asker may see."""

from __future__ import annotations

import pytest

from rag.domain.access import Scope
from rag.domain.answer import Status
from rag.domain.filters import Filters

ALL = Scope.everything()
PUBLIC = Scope.public()

PLAN = """\
岚湾市人民政府办公室文件

岚政办发〔2024〕8号

岚湾市人民政府办公室关于印发《岚湾市护学行动方案》的通知

各县（区）人民政府，市政府各部门：

现将《岚湾市护学行动方案》印发给你们，请认真贯彻执行。

一、总体要求

到2026年，全市中小学校门前的护学岗达到412处。

二、重点任务

（一）设置护学岗。上下学时段由民警和家长一同值守。〔市公安局牵头，市教育局配合〕

（二）改造道路。学校周边的人行道逐条整修。〔市住房城乡建设局牵头，市财政局配合〕

岚湾市人民政府办公室

2024年3月8日

（此件公开发布）
"""
NOTICE = PLAN.replace("护学", "助老").replace("8号", "9号").replace("412", "93").replace("学校", "养老院")


@pytest.fixture(scope="module")
def twins(index_of):
    """The plan as Markdown without a label, and as plain text that is released; another plan from the same hand."""
    return index_of({"a.md": PLAN.replace("（此件公开发布）\n", ""), "b.txt": PLAN, "c.txt": NOTICE})


def cited(answer):
    return [citation.document.source for citation in answer.citations]


def quotes(answer):
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    "question",
    [
        "全市护学岗要达到多少处？",
        "岚湾市护学岗由谁牵头？",
        "市公安局负责哪些工作？",
        "护学行动方案的重点任务有哪些？",
        "护学行动方案的文号是什么？",
        "护学行动方案是什么时候印发的？",
    ],
)
def test_no_words_are_cited_twice(twins, question):
    everything, public = (twins.answerer.answer(question, scope=scope) for scope in (ALL, PUBLIC))
    assert everything.status is public.status is Status.ANSWERED
    assert "a.md" in cited(everything)
    assert "b.txt" not in cited(everything)
    assert "b.txt" in cited(public)
    assert "a.md" not in cited(public)
    for answer in (everything, public):
        assert len(set(quotes(answer))) == len(quotes(answer))
        assert len({statement.text for statement in answer.statements}) == len(answer.statements)


def test_results_hold_each_text_once_and_as_many_as_wanted(twins):
    hits = twins.searcher.search_text("护学岗 助老岗 人行道", scope=ALL, top_k=4)
    assert len(hits) == 4
    assert len({hit.passage.text for hit in hits}) == 4
    ids = {hit.passage.document_id for hit in hits}
    assert {d.source for d in twins.searcher.summaries(list(ids), scope=ALL).values()} <= {"a.md", "c.txt"}


def test_a_filter_chooses_among_what_it_leaves(twins):
    answer = twins.answerer.answer("全市护学岗要达到多少处？", scope=ALL, filters=Filters(source="b.txt"))
    assert set(cited(answer)) == {"b.txt"}


def test_lists_name_a_text_once(twins):
    answer = twins.answerer.answer("哪些文件是主动公开的？", scope=ALL)
    assert set(cited(answer)) == {"b.txt", "c.txt"}  # the other file of the first has no label


def test_an_element_that_one_file_lacks_is_taken_from_the_other(twins):
    answer = twins.answerer.answer("护学行动方案的公开属性是什么？", scope=ALL)
    assert answer.status is Status.ANSWERED
    assert cited(answer) == ["b.txt"]


def test_a_text_is_not_repealed_by_its_own_twin(index_of):
    """It says that it ends, and names its own 文号."""
    text = PLAN + "\n本方案（岚政办发〔2024〕8号）自2027年1月1日起失效。\n"
    reader = index_of({"a.md": text.replace("（此件公开发布）\n", ""), "b.txt": text})
    for filters in (Filters(), Filters(source="b.txt")):
        answer = reader.answerer.answer("全市护学岗要达到多少处？", scope=ALL, filters=filters)
        assert answer.status is Status.ANSWERED
