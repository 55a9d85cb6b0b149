"""What kind of answer a question wants: one long table, and what goes with it."""

from __future__ import annotations

import pytest

from rag.answering.intent import DUTY_WORDS, Intent, duty_topic, read_intent

from .builders import ask

LEADS = Intent.LEADS
COOPERATES = Intent.COOPERATES
RESPONSIBLE = Intent.RESPONSIBLE
UNIT_DUTIES = Intent.UNIT_DUTIES
HANDLES = Intent.HANDLES
FIGURE = Intent.FIGURE
TIME = Intent.TIME
WHERE = Intent.WHERE
ACROSS = Intent.ACROSS
WHY = Intent.WHY
HOW = Intent.HOW
FACT = Intent.FACT


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        # Who leads.
        ("云岫市学生心理测评预警由哪个部门牵头？", LEADS),
        ("哪些部门牵头学生心理工作？", LEADS),
        ("学生心理工作的牵头单位是谁", LEADS),
        ("谁来牵头社会心理服务", LEADS),
        ("医校协作行动谁牵头、谁配合？", LEADS),
        ("哪个局主抓垃圾分类", LEADS),
        ("牵头部门是哪个？", LEADS),
        ("哪些工作由谁牵头", LEADS),
        ("宣传教育是由市教育局牵头吗？", LEADS),
        ("牵头单位是市民政局吗", LEADS),
        # Who cooperates.
        ("哪些部门配合市教育局做学生心理工作？", COOPERATES),
        ("家庭护航行动的配合单位有哪些", COOPERATES),
        ("谁协助开展心理危机干预", COOPERATES),
        ("哪几个单位参与联合审查", COOPERATES),
        # Who answers for it.
        ("食品安全归谁管？", RESPONSIBLE),
        ("养老服务由谁负责？", RESPONSIBLE),
        ("农村公路由哪个部门养护管理", RESPONSIBLE),
        ("哪个部门主管托育服务", RESPONSIBLE),
        ("由什么单位组织实施", RESPONSIBLE),
        ("责任单位是哪家", RESPONSIBLE),
        ("主管部门有哪些", RESPONSIBLE),
        # What a unit answers for.
        ("市教育局负责哪些工作？", UNIT_DUTIES),
        ("市卫健委在学生心理工作中承担什么职责", UNIT_DUTIES),
        ("市民政局的职责是什么", UNIT_DUTIES),
        ("公安部门负责什么", UNIT_DUTIES),
        ("公安部门配合多少个任务", UNIT_DUTIES),
        ("有多少项任务由市教育局牵头", UNIT_DUTIES),
        ("妇联牵头哪些事项", UNIT_DUTIES),
        ("哪些工作由市教育局牵头", UNIT_DUTIES),
        ("什么事归市司法局管", UNIT_DUTIES),
        ("市民政局牵头哪项工作", UNIT_DUTIES),
        ("市残联配合哪几件事", UNIT_DUTIES),
        ("市水利局负责哪一块", UNIT_DUTIES),
        # Who handled a proposal.
        ("第454号提案由谁主办", HANDLES),
        ("第454号提案的主办单位是市教育局吗？", HANDLES),
        ("该建议的协办单位有哪些", HANDLES),
        ("提案的主办单位是谁", HANDLES),
        ("这份答复由哪个局承办", HANDLES),
        ("第454号提案由谁办理？", HANDLES),
        ("该建议的办理单位是哪个？", HANDLES),
        # Figures.
        ("云岫市有多少所中小学校？", FIGURE),
        ("每部电梯补助多少钱？", FIGURE),
        ("专职教师师生比是多少", FIGURE),
        ("护理型床位占比是多少", FIGURE),
        ("接线员有几名", FIGURE),
        ("门诊多久开一次", FIGURE),
        ("市级财政安排资金多少万元", FIGURE),
        ("多高的孩子免票", FIGURE),
        ("What is the phone number of the hotline?", FIGURE),
        ("材料要保存几年？", FIGURE),
        # 哪几类 asks which, 近几年 and 好几家 ask nothing, and yes or no is no figure.
        ("补助对象有哪几类？", FACT),
        ("近几年有什么成效？", FACT),
        ("好几家单位共用一间办公室合适吗？", FACT),
        ("抽查比例有上限吗？", FACT),
        ("资金是否受比例的限制？", FACT),
        # Times.
        ("从几年开始施行？", TIME),
        ("12356热线什么时候启用？", TIME),
        ("两期培训分别在哪两年？", TIME),
        ("哪一年建成", TIME),
        ("办法从何时施行", TIME),
        ("几月份开始招生", TIME),
        ("补助资金哪天到账", TIME),
        ("村里的路啥时候修好？", TIME),
        # Places.
        ("心理健康服务中心设在哪里？", WHERE),
        ("定点医院是哪家", WHERE),
        ("到什么地方申请", WHERE),
        ("在哪儿办理", WHERE),
        ("经费用在哪些方面？", HOW),  # 在哪 is no place there
        ("助餐服务谁来挑头？", LEADS),
        ("助餐服务由哪个部门抓总？", LEADS),
        ("市民政局负责哪两项？", UNIT_DUTIES),
        ("高校承担哪些任务？", UNIT_DUTIES),
        ("擅自挖掘道路的，如何处理？", HOW),  # nor is 何处
        ("资金花在哪几个环节？", FACT),
        # Side by side.
        ("为什么没有采纳这条建议？", WHY),
        ("敬老院推迟开放是什么原因？", WHY),
        ("Why was the centre delayed?", WHY),
        ("Which places launched psychological assistance?", Intent.WHERE),
        ("哪些地方开通了12356热线？", ACROSS),
        ("汉中市与鹭原县相比热线有什么不同", ACROSS),
        # How.
        ("云岫市下一步怎么做？", HOW),
        ("如何申请加装电梯补助", HOW),
        ("采取了哪些措施", HOW),
        ("有什么打算", HOW),
        # The rest.
        ("为什么没有采纳该建议", WHY),
        ("四个100%指什么", FACT),
        ("公交车免票身高", FACT),
        ("补助对象包括哪些人", FACT),
        ("？", FACT),
        # In traditional script.
        ("學生心理測評由哪個部門牽頭？", LEADS),
        ("有多少所學校", FIGURE),
        # English.
        ("Which department leads the student psychological assessment?", LEADS),
        ("What is the lead agency for waste sorting?", LEADS),
        ("Which departments cooperate with the health commission?", COOPERATES),
        ("Who is in charge of food safety?", RESPONSIBLE),
        ("Which agency is responsible for rural roads?", RESPONSIBLE),
        ("Who runs the hotline?", RESPONSIBLE),
        ("What are the duties of the education bureau?", UNIT_DUTIES),
        ("What does the education bureau lead?", UNIT_DUTIES),
        ("Which unit handled proposal 454?", HANDLES),
        ("How many bus routes are there?", FIGURE),
        ("What is the ratio of counselors to students?", FIGURE),
        ("When was the hotline launched?", TIME),
        ("By what date must reports be submitted?", TIME),
        ("Where is the mental health center?", WHERE),
        ("Which hospital is designated?", WHERE),
        ("What measures were taken?", HOW),
        ("How do residents apply?", HOW),
        ("Which cities launched the hotline?", ACROSS),
        ("Compare elevator subsidies across cities", ACROSS),
        ("What is the elevator subsidy?", FACT),
    ],
)
def test_intent(text: str, intent: Intent) -> None:
    assert read_intent(ask(text)).intent is intent


@pytest.mark.parametrize(
    ("text", "across"),
    [
        ("各地对加装电梯怎么补助？", True),
        ("哪些地方开通了热线？", True),
        ("云岫市和鹭原县的托位数各是多少", True),
        ("2020年和2024年的标准分别是多少", True),
        ("云岫市的托位数是多少", False),
        # One place named twice, or one known and one that no document comes from, is not two.
        ("云岫市云岫的托位数", False),
        ("云岫市和澄山市的托位数", False),
    ],
)
def test_places_side_by_side(text: str, across: bool) -> None:
    assert read_intent(ask(text)).across is across


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("测评预警由哪个部门牵头？", False),
        ("测评预警由谁牵头、谁配合？", True),
        ("测评预警，市民政局是什么角色，牵头单位是谁？", True),
        ("牵头单位和协办单位是谁", True),
        ("测评预警由谁负责？", True),
        ("Which department leads the assessment?", False),
        ("Which department leads and which departments support?", True),
    ],
)
def test_cooperating_units_are_named_when_asked_for(text: str, names: bool) -> None:
    assert read_intent(ask(text)).names_cooperating is names


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("有多少名教师？", True),
        ("哪几个单位参与联合审查", True),  # 哪几 is one word
        ("有多少所学校？配了多少名教师？", False),
        ("什么时候建成，花了多少钱", False),
        ("How many schools are there?", True),
        ("How many schools are there and when were they built?", False),
    ],
)
def test_two_questions_in_one(text: str, once: bool) -> None:
    assert read_intent(ask(text)).asks_once is once


@pytest.mark.parametrize("word", ["牵头", "部门", "配合单位", "负责", "departments", "leads", "responsible", "bureau"])
def test_words_that_ask_for_a_duty(word: str) -> None:
    assert DUTY_WORDS.match(word)


@pytest.mark.parametrize("word", ["牵头人", "学生", "部门联动", "心理工作", "leadership", "bus"])
def test_words_of_a_topic_are_not_taken_for_them(word: str) -> None:
    assert not DUTY_WORDS.match(word)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("市民政局要参与哪些工作？", []),  # cut as 民政/局要
        ("市民政局在养老方案里配合哪几件事？", ["养老"]),
        ("市民政局配合方案中哪几项工作？", []),
        ("市民政局在国旗教育中负责什么？", ["国旗", "教育"]),
    ],
)
def test_the_topic_of_a_units_duties(text: str, topic: list[str]) -> None:
    assert [term.word for term in duty_topic(ask(text), UNIT_DUTIES)] == topic
