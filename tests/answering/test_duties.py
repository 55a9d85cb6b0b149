"""Who is responsible: from extracted duties only, in the units' written names, with their own verb."""

from __future__ import annotations

import pytest

from rag.answering.duties import MOST_OF_A_UNIT, counts_units
from rag.answering.intent import Intent
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status
from rag.domain.filters import Filters
from rag.domain.obligation import DutyQuery

from .builders import ask as asked
from .conftest import IndexOf

ALL = Scope.everything()


def ask(reader: Reader, question: str, scope: Scope = ALL) -> Answer:
    return reader.answerer.answer(question, scope=scope)


@pytest.mark.parametrize(
    ("question", "lead", "cooperating"),
    [
        ("云岫市学生心理测评预警由哪个部门牵头？", ("市教育局",), ("市卫生健康委", "市公安局")),
        ("云岫市医校协作行动由谁牵头？", ("市卫生健康委",), ("市教育局", "市医保局")),
        (
            "云岫市净化环境行动由哪些单位牵头？",
            ("市委网信办", "市公安局"),
            ("市文化广电旅游局", "市市场监管局", "市教育局"),
        ),
        ("云岫市运动减压行动由谁负责？", ("市教育局", "市体育局"), ("团市委",)),
        ("棠湾市垃圾分类严格执法检查由谁负责", ("市城市管理局",), ()),
    ],
)  # fmt: skip
def test_units_are_those_of_the_bracket(
    sample: Reader, question: str, lead: tuple[str, ...], cooperating: tuple[str, ...]
) -> None:
    duties = ask(sample, question).duties
    assert (duties[0].lead, duties[0].cooperating) == (lead, cooperating)


def test_an_english_question_finds_the_chinese_duty(sample: Reader) -> None:
    answer = ask(sample, "Which department leads the student psychological assessment in Yunxiu City?")
    assert ("市教育局",) in [duty.lead for duty in answer.duties]
    assert {citation.document.place for citation in answer.citations} == {"云岫市"}


def test_only_the_lead_is_said_when_only_the_lead_is_asked_for(sample: Reader) -> None:
    answer = ask(sample, "云岫市家庭护航行动由谁牵头？")
    assert answer.statements[0].text.endswith("“家庭护航行动”由市妇联牵头。")
    assert answer.duties[0].cooperating == ("市教育局", "市民政局", "市关工委")  # given beside the text


def test_those_who_help_are_said_when_they_are_asked_for(sample: Reader) -> None:
    for question in ("云岫市家庭护航行动谁牵头、谁配合？", "云岫市家庭护航行动的配合单位有哪些？"):
        text = ask(sample, question).statements[0].text
        assert text.endswith("“家庭护航行动”由市妇联牵头，市教育局、市民政局、市关工委按职责分工负责。")


def test_a_unit_that_is_responsible_is_not_said_to_lead(sample: Reader) -> None:
    answer = ask(sample, "棠湾市垃圾分类严格执法检查由谁负责")
    assert "由市城市管理局负责" in answer.text
    assert "牵头" not in answer.text


def test_what_a_unit_answers_for_names_it_in_each_duty(sample: Reader) -> None:
    answer = ask(sample, "云岫市教育局在学生心理健康促进行动计划中负责哪些工作？")
    assert 1 < len(answer.duties) <= MOST_OF_A_UNIT
    assert all("市教育局" in {*duty.lead, *duty.cooperating} for duty in answer.duties)


@pytest.mark.parametrize(
    ("question", "lead", "cooperating"),
    [
        ("石狮市第0018号建议由谁主办、谁协办？", ("市卫健局",), ("市教育局", "市总工会", "市妇联")),
        ("岫教函〔2024〕33号提案的主办单位是谁？", ("市教育局",), ("市卫生健康委", "团市委", "市妇联")),
    ],
)
def test_who_handled_a_proposal(
    sample: Reader, question: str, lead: tuple[str, ...], cooperating: tuple[str, ...]
) -> None:
    answer = ask(sample, question)
    assert [(duty.lead, duty.cooperating) for duty in answer.duties] == [(lead, cooperating)]
    assert "主办" in answer.text


def test_a_main_handler_that_is_not_named_is_not_made_up(sample: Reader) -> None:
    answer = ask(sample, "霁川市第176号提案由哪些部门协办？")
    assert answer.duties[0].lead == ()
    assert answer.text.count("主办") == 0
    assert "由市公安局、市自然资源和规划局、市财政局协办。" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "澄山市学生心理测评由哪个部门牵头？",  # another place
        "云岫市2019年学生心理测评由哪个部门牵头？",  # another year
        "云岫市月球基地建设由谁牵头？",  # no such task
        "云岫市海洋渔业执法由谁负责？",
    ],
)
def test_a_task_that_is_not_there_has_nobody(sample: Reader, question: str) -> None:
    answer = ask(sample, question)
    assert answer.status is Status.NO_EVIDENCE
    assert answer.duties == ()


PLAN = """\
临洲市人民政府办公室关于印发《临洲市河湖治理方案》的通知

临政办发〔2024〕5号

各县（区）人民政府：

一、治理任务

（一）清理河道。清除河道垃圾和障碍物。{bracket}

（二）监测水质。每月公布监测结果。〔市生态环境局牵头，市水利局配合〕

临洲市人民政府办公室

2024年3月8日

公开属性：{label}
"""


@pytest.mark.parametrize(
    ("bracket", "said"),
    [
        ("〔市水利局牵头，市城管局、各县（区）人民政府按职责分工负责〕", "由市水利局牵头，市城管局、各县（区）人民政府按职责分工负责。"),
        ("（市水利局负责）", "由市水利局负责。"),
        ("〔责任单位：市水利局；配合单位：市城管局〕", "由市水利局负责，市城管局配合。"),
        ("〔市水利局、市城管局按职责分工负责〕", "由市水利局、市城管局按职责分工负责。"),
    ],
)  # fmt: skip
def test_each_form_of_a_bracket_is_said_in_its_own_words(index_of: IndexOf, bracket: str, said: str) -> None:
    reader = index_of({"plan.txt": PLAN.format(bracket=bracket, label="主动公开")})
    assert ask(reader, "清理河道由哪些部门负责？").statements[0].text.endswith(said)


def test_nobody_leads_a_task_whose_bracket_names_no_lead(index_of: IndexOf) -> None:
    reader = index_of({"plan.txt": PLAN.format(bracket="〔市水利局、市城管局按职责分工负责〕", label="主动公开")})
    answer = ask(reader, "清理河道由谁牵头？")
    assert all(duty.lead == () or duty.task != "清理河道" for duty in answer.duties)
    assert "市水利局牵头" not in answer.text
    assert "市水利局、市城管局牵头" not in answer.text


def test_a_hidden_duty_is_not_given(index_of: IndexOf) -> None:
    reader = index_of({"plan.txt": PLAN.format(bracket="〔市水利局牵头〕", label="不予公开")})
    question = "清理河道由谁牵头？"
    assert ask(reader, question).duties
    hidden = ask(reader, question, Scope.public())
    assert (hidden.status, hidden.duties, hidden.leads) == (Status.NO_EVIDENCE, (), ())


@pytest.mark.parametrize(
    ("query", "tasks"),
    [
        ("心理课程", 0),
        ("测评预警", 1),
        ("市卫健委 测评", 1),  # another name of 市卫生健康委
        ("测评预警 市水利局", 0),
    ],
)
def test_the_list_of_duties_is_searched_by_every_word(sample: Reader, query: str, tasks: int) -> None:
    filters = Filters(source="plans/2023-yunxiu-student-mental-health.txt")
    assert len(list(sample.catalog.duties(scope=ALL, filters=filters, query=DutyQuery(query)))) == tasks


def test_the_whole_list_is_given_for_no_words(sample: Reader) -> None:
    assert list(sample.catalog.duties(scope=ALL, query=DutyQuery("  "))) == list(sample.catalog.duties(scope=ALL))


def test_what_a_unit_leads_is_not_what_it_helps_with(sample: Reader) -> None:
    leads = ask(sample, "云岫市教育局牵头哪些工作？")
    assert leads.duties
    assert all("市教育局" in duty.lead for duty in leads.duties)
    helps = ask(sample, "云岫市教育局配合哪些工作？")
    assert helps.duties
    assert all("市教育局" in duty.cooperating for duty in helps.duties)


@pytest.mark.parametrize(
    ("question", "number"),
    [("优化营商环境行动方案里由市司法局牵头的任务有几项？", 2), ("霁川市残联牵头几项工作？", 1)],
)
def test_a_number_of_tasks_is_that_of_all(sample: Reader, question: str, number: int) -> None:
    answer = sample.answerer.answer(question, scope=Scope.everything())
    assert answer.count == number == len(answer.duties)
    assert answer.statements[0].text == f"共{number}项："


def test_units_named_by_an_earlier_clause_are_quoted_with_the_task(index_of: IndexOf) -> None:
    shared = "卫生健康、民政部门共同牵头河湖健康工作，制定方案，会同有关部门研究河湖制度建设。"
    reader = index_of({"plan.txt": PLAN.format(bracket=shared, label="主动公开")})
    answer = ask(reader, "河湖制度建设由谁牵头？")
    quotes = {citation.id: citation.quote for citation in answer.citations}
    assert answer.duties
    for duty in answer.duties:
        said = "".join(quotes[mark] for mark in duty.citations)
        assert all(unit in said for unit in (*duty.lead, *duty.cooperating))


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("云岫市、广汉市教育部门牵头多少项任务？", ["云岫市共5项：", "广汉市共3项："]),
        (
            "岫教发〔2023〕9号和广卫健发〔2023〕39号中教育部门牵头多少项任务？",
            ["岫教发〔2023〕9号共5项：", "广卫健发〔2023〕39号共3项："],
        ),
    ],
)
def test_duties_of_several_places_or_documents_are_counted_each_by_itself(
    sample: Reader, question: str, counts: list[str]
) -> None:
    answer = ask(sample, question)
    stated = [statement for statement in answer.statements if statement.count is not None]
    assert [statement.text for statement in stated] == counts
    assert len(answer.duties) == sum(statement.count or 0 for statement in stated)
    assert answer.count is None
    assert [row.text for row in answer.comparison] in ([], counts)


@pytest.mark.parametrize("asked", ["市水务局牵头几项工作？", "青禾市河道清理有多少项工作，由谁牵头？"])
def test_the_number_is_of_all_duties_however_many_are_listed(index_of: IndexOf, asked: str) -> None:
    many = MOST_OF_A_UNIT + 7
    tasks = "\n\n".join(f"第{n}项 开展第{n}段河道清理。〔市水务局牵头〕" for n in range(500, 500 + many))
    head = "青禾市水务局\n\n青水发〔2024〕7号\n\n青禾市河道清理工作方案\n\n一、工作任务"
    reader = index_of({"plan.txt": f"{head}\n\n{tasks}\n\n青禾市水务局\n\n2024年5月6日\n"})
    answer = ask(reader, asked)
    assert answer.count == many
    assert answer.statements[0].text == f"共{many}项，下面列出前{MOST_OF_A_UNIT}项："
    assert len(answer.duties) == MOST_OF_A_UNIT


@pytest.mark.parametrize(
    ("question", "number"),
    [
        # 市教育局, 市教体局: the department of the place, whatever it is called there.
        ("云岫市教育部门牵头多少项任务？", 5),
        ("云岫市教育主管部门牵头多少项任务？", 5),
        ("云岫市教育行政部门牵头多少项任务？", 5),
        ("有多少项任务由云岫市教育部门牵头？", 5),
        ("广汉市教育部门牵头多少项任务？", 3),
        ("云岫市公安部门牵头几项任务？", 1),
        ("云岫市公安部门参与的任务有几项？", 2),
        ("云岫市公安部门配合多少个任务？", 2),
        ("云岫市卫健部门参与几项工作？", 4),
        ("广汉市卫生健康部门牵头多少项任务？", 11),
        ("云岫市民政部门配合几项任务？", 1),
        ("云岫市市场监管部门配合几项任务？", 2),
        ("云岫市市场监督管理部门配合多少任务？", 2),
        # All that the plan's title or the paragraph holds, not only those whose task says it best.
        ("云岫市教育部门在心理健康方面牵头多少项任务？", 5),
        ("广汉市社会心理服务工作实施方案里市卫健部门牵头多少项任务？", 11),
        ("云岫市教育部门在心理测评方面牵头多少项任务？", 1),
    ],
)  # fmt: skip
def test_a_department_named_by_its_field_has_all_its_duties_counted(sample: Reader, question: str, number: int) -> None:
    answer = ask(sample, question)
    assert answer.count == number == len(answer.duties)


def test_a_department_named_by_its_field_has_what_its_office_has(sample: Reader) -> None:
    for department, office in (("教育部门", "教育局"), ("公安部门", "公安局"), ("卫健部门", "卫生健康委")):
        for asks in ("牵头哪些工作？", "配合哪些工作？", "牵头多少项任务？", "配合多少项任务？"):
            named, its_own = (ask(sample, f"云岫市{unit}{asks}") for unit in (department, office))
            assert named.duties == its_own.duties != ()
            assert named.count == its_own.count


@pytest.mark.parametrize(
    "question",
    [
        "广汉市卫健部门在服务网络建设中牵头多少项任务？",  # which of the networks are meant is not said
        "学生心理健康促进行动计划中教育部门牵头多少项任务？",  # another place has such a plan
        "云岫市净化环境行动的配合单位有多少个？",  # units are asked for, not tasks
    ],
)
def test_no_number_is_told_that_may_not_be_of_all(sample: Reader, question: str) -> None:
    answer = ask(sample, question)
    assert answer.duties
    assert (answer.count, [s.count for s in answer.statements if s.count is not None]) == (None, [])
    assert "共" not in answer.statements[0].text.partition("：")[0]


def test_tasks_that_nobody_leads_are_not_left_out_of_a_number(index_of: IndexOf) -> None:
    led = ask(
        index_of({"plan.txt": PLAN.format(bracket="〔市水利局牵头〕", label="主动公开")}),
        "河湖治理有多少项任务，由谁牵头？",
    )
    assert led.count == 2
    shared = PLAN.format(bracket="〔市水利局、市城管局按职责分工负责〕", label="主动公开")
    answer = ask(index_of({"plan.txt": shared}), "河湖治理有多少项任务，由谁牵头？")
    assert [duty.lead for duty in answer.duties] == [("市生态环境局",)]
    assert answer.count is None


WORK = """\
临洲市人民政府办公室关于印发《临洲市助餐工作方案》的通知

临政办发〔2024〕8号

各县（区）人民政府：

一、工作任务

（一）建设助餐点。每个街道建设一处。〔市民政局、市商务局牵头，市财政局、市残联配合〕

（二）培训助餐员。每年培训两次。〔市民政局牵头，市人社局配合〕

（三）开展满意度调查。每季度一次。〔市商务局牵头，市残联配合〕

（四）检查食品安全。市场监管部门负责抽检，财政部门负责经费。

二、参加单位

临洲市财政局

临洲市人民政府办公室

2024年3月8日

公开属性：主动公开
"""


@pytest.mark.parametrize(
    ("question", "tasks"),
    [
        ("哪些任务是市民政局和市商务局一起牵头的？", ["建设助餐点"]),
        ("哪些任务由市民政局和市商务局共同牵头？", ["建设助餐点"]),
        ("哪些任务由市民政局和市商务局牵头？", ["建设助餐点", "培训助餐员", "开展满意度调查"]),
        ("市残联在临洲方案里配合哪几件事？", ["建设助餐点", "开展满意度调查"]),
        ("市残联要参与哪些工作？", ["建设助餐点", "开展满意度调查"]),
        # What it does itself comes before what it helps with.
        ("临洲市财政部门负责什么？", ["经费", "建设助餐点"]),
    ],
)
def test_which_tasks_are_a_units(index_of: IndexOf, question: str, tasks: list[str]) -> None:
    assert [duty.task for duty in ask(index_of({"plan.txt": WORK}), question).duties] == tasks


def test_a_unit_that_leads_nothing_is_not_told_by_where_else_it_stands(index_of: IndexOf) -> None:
    answer = ask(index_of({"plan.txt": WORK}), "临洲方案里市财政局牵头哪项工作？")
    assert answer.status is Status.NO_EVIDENCE


@pytest.mark.parametrize(
    ("question", "tasks"),
    [
        # Who has one task is told of no other; where several are asked for, those that are near are told too.
        ("临洲市培训助餐员由谁牵头？", ["培训助餐员"]),
        ("临洲市建设助餐点归谁管？", ["建设助餐点"]),
    ],
)
def test_who_has_one_task(index_of: IndexOf, question: str, tasks: list[str]) -> None:
    assert [duty.task for duty in ask(index_of({"plan.txt": WORK}), question).duties] == tasks


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("云岫市净化环境行动有几个部门配合？", "（配合单位共3个）"),
        ("云岫市净化环境行动由几个部门牵头？", "（牵头单位共2个）"),
        ("云岫市净化环境行动的责任单位有多少个？", "（责任单位共5个）"),
        ("云岫市净化环境行动有几家配合单位？", "（配合单位共3个）"),
        ("云岫市净化环境行动由哪些部门配合？", None),  # no number is asked for
    ],
)
def test_the_number_of_units_is_told_where_it_is_asked_for(sample: Reader, question: str, told: str | None) -> None:
    answer = ask(sample, question)
    duty = answer.duties[0]
    assert (duty.lead, len(duty.cooperating)) == (("市委网信办", "市公安局"), 3)
    if told is None:
        assert "共" not in answer.text
    else:
        assert told in answer.statements[0].text


def test_units_that_are_not_named_one_by_one_are_not_counted(index_of: IndexOf) -> None:
    reader = index_of({"p.txt": PLAN.format(bracket="〔市水利局牵头，各县（区）人民政府配合〕", label="主动公开")})
    answer = ask(reader, "临洲市清理河道有几个部门配合？")
    assert answer.duties[0].cooperating == ("各县（区）人民政府",)
    assert "共" not in answer.text


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("由几个部门牵头？", Intent.LEADS),
        ("有多少单位参与？", Intent.COOPERATES),
        ("责任部门一共有几个？", Intent.RESPONSIBLE),
        ("几个部门联合印发？", None),
        ("配合单位完成了多少项工作？", None),
        ("培训了多少单位的负责人？", None),
        ("How many units cooperate?", None),
    ],
)
def test_which_units_are_counted(question: str, units: Intent | None) -> None:
    assert counts_units(asked(f"云岫市净化环境行动{question}" if "How" not in question else question)) is units
