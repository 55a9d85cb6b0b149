"""What is planned, aimed at or done: from commitments and events, each with its status, its day and its words."""

from __future__ import annotations

import pytest

from rag.answering.intent import read_intent
from rag.answering.progress import asked_statuses
from rag.app.reader import Reader
from rag.domain.access import Disclosure, Scope
from rag.domain.answer import Answer, Status

ALL = Scope.everything()


def ask(reader: Reader, question: str, scope: Scope = ALL) -> Answer:
    return reader.answerer.answer(question, scope=scope)


@pytest.mark.parametrize(
    ("question", "statuses"),
    [
        ("广汉市下一步打算怎么做？", "planned target"),
        ("云岫市养老工作接下来怎么推进？", "planned target"),
        ("霁川市公交今后有什么安排？", "planned target"),
        ("鹭原县准备采取什么措施？", "planned target"),
        ("到2025年要达到什么目标？", "target"),
        ("霁川市2026年的工作目标是什么？", "target"),
        ("将实现哪些目标？", "target"),
        ("宜昌做了哪些工作？", "done"),
        ("棠湾市校园安全已经采取了哪些措施？", "done"),
        ("汉中开展了什么活动？", "done"),
        ("霁川市公交工作取得了哪些成效？", "done"),
        ("What will Yunxiu do next about elderly care?", "planned target"),
        ("What are the next steps in Luyuan?", "planned target"),
        ("What platform will Yunxiu build?", "planned target"),
        ("How did Yunxiu build the platform at will?", ""),
        ("What are the goals of Jichuan for 2026?", "target"),
        ("What has Tangwan done about campus safety?", "done"),
        # something else is asked
        ("棠湾市计划培训多少人？", ""),
        ("下一步由哪个部门牵头？", ""),
        ("2号线什么时候建成？", ""),
        ("云岫市加装电梯补助标准是多少？", ""),
        ("四进是指什么？", ""),
        ("棠湾市的助餐点设在哪里？", ""),
    ],
)
def test_the_status_asked_for(sample: Reader, question: str, statuses: str) -> None:
    understood = sample.searcher.understand(question, scope=ALL)
    assert [str(s) for s in asked_statuses(understood, read_intent(understood))] == statuses.split()


@pytest.mark.parametrize(
    ("question", "said", "count"),
    [
        ("鹭原县民政局2026年有什么打算？", ["【计划】", "新建村级幸福食堂57家", "每人每月690元", "未成年人保护中心"], None),
        ("云岫市养老下一步怎么做？", ["【计划】", "家庭养老床位800张", "（时限：2025年12月31日）"], None),
        ("霁川市2026年的工作目标是什么？", ["【目标】", "留霁率达到45%", "每10万人口精神科执业（助理）医师达到5.2名"], None),
        ("岚汀县垃圾分类下一步有哪些打算？", ["共4项：", "2022年覆盖全部178个行政村", "1000元"], 4),
        ("霁川市2023年做了哪些公交工作？", ["【已做】", "65周岁以上老年人", "调整线路14条"], 5),
        ("What are the goals of Jichuan for 2026?", ["Target: “", "留霁率达到45%"], 2),
    ],
)  # fmt: skip
def test_answers_say_the_status_and_the_day(sample: Reader, question: str, said: list[str], count: int | None) -> None:
    answer = ask(sample, question)
    for words in said:
        assert words in answer.text, answer.text
    assert answer.count == count
    if count is not None:
        assert len(answer.commitments) + len(answer.events) == count
    quotes = {c.id: c.quote for c in answer.citations}
    for finding in answer.commitments:
        assert finding.commitment.text[:4] in quotes[finding.citations[0]].replace(" ", "")


@pytest.mark.parametrize(
    "question",
    [
        "青溪市下一步打算怎么做？",  # no such place
        "霁川市教育局下一步打算怎么做？",  # nothing of that agency
        "霁川市2033年要达到什么目标？",  # nothing of that year
        "望舒县在航天发射方面做了哪些工作？",  # nor of that topic
    ],
)
def test_what_no_document_plans_is_refused(sample: Reader, question: str) -> None:
    assert ask(sample, question).status is Status.NO_EVIDENCE


def test_the_scope_holds(sample: Reader) -> None:
    public = Scope(frozenset({Disclosure.PUBLIC}))
    assert ask(sample, "鹭原县民政局2026年有什么打算？", public).status is Status.NO_EVIDENCE


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("汉中市12356热线什么时候启用的？", "（今年4月上旬即2025年4月1日至10日）"),
        ("石狮市校园心理情景剧大赛是哪天举办的？", "（5月25日即2025年5月25日）"),
        ("When was the 12356 hotline launched in Hanzhong?", "(“今年4月上旬” is 1–10 April 2025)"),
    ],
)
def test_a_date_told_by_the_documents_own_is_worked_out(sample: Reader, question: str, said: str) -> None:
    answer = ask(sample, question)
    assert said in answer.text
    assert answer.statements[0].worked_out is not None


def test_the_date_of_another_act_is_none(sample: Reader) -> None:
    answer = ask(sample, "宜昌市社会心理服务体系建设工作领导小组什么时候成立的？")
    assert answer.status is Status.NO_EVIDENCE  # that it was, is said; when, is not
