"""Follow-ups made whole from the question before, and whole questions that stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.answerer import Answerer
from rag.answering.conversation import MOST_BEFORE, resolve
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Status
from rag.errors import InvalidRequest
from rag.retrieval.question import understand
from rag.retrieval.terms import shipped_terms

PLACES = ["四川省广汉市", "湖北省宜昌市", "重庆市渝北区", "陕西省汉中市"]

LEADS = "广汉市哪些部门牵头学生心理工作？"
SCHOOLS = "广汉市有多少所学校？"
STEPS = "宜昌市心理服务有哪些措施？"
DUTIES = "广汉市教体局负责哪些工作？"
LEADS_EN = "Which departments lead student psychological work in Guanghan?"
SCHOOLS_EN = "How many schools are there in Guanghan?"

FOLLOW_UPS = [
    # another place
    (LEADS, "那宜昌呢？", "宜昌哪些部门牵头学生心理工作？"),
    (LEADS, "宜昌呢", "宜昌哪些部门牵头学生心理工作？"),
    (LEADS, "宜昌市呢？", "宜昌市哪些部门牵头学生心理工作？"),
    (LEADS, "那么汉中市的情况呢？", "汉中市哪些部门牵头学生心理工作？"),
    (LEADS, "渝北区怎么样？", "渝北区哪些部门牵头学生心理工作？"),
    (LEADS, "换成渝北区", "渝北区哪些部门牵头学生心理工作？"),
    (LEADS, "宜昌和汉中呢？", "宜昌和汉中哪些部门牵头学生心理工作？"),
    ("广汉市和宜昌市各有多少所学校？", "汉中呢？", "汉中各有多少所学校？"),
    ("哪些部门牵头学生心理工作？", "那广汉呢？", "广汉哪些部门牵头学生心理工作？"),
    ("学生心理工作在广汉由谁牵头？", "宜昌呢？", "学生心理工作在宜昌由谁牵头？"),
    # another year
    ("2023年广汉市有多少所学校？", "2024年呢？", "2024年广汉市有多少所学校？"),
    (SCHOOLS, "2024年呢", "2024年广汉市有多少所学校？"),
    (SCHOOLS, "那2022年的呢？", "2022年广汉市有多少所学校？"),
    (STEPS, "汉中市2022年的情况呢？", "2022年汉中市心理服务有哪些措施？"),
    # another agency, another document
    (DUTIES, "那公安局呢？", "广汉市公安局负责哪些工作？"),
    (DUTIES, "市民政局呢？", "广汉市民政局负责哪些工作？"),
    ("渝北区教委负责什么？", "区卫生健康委呢？", "渝北区卫生健康委负责什么？"),
    (
        "广府办发〔2023〕1号是哪个机关印发的？",
        "那渝北卫健函〔2024〕90号呢？",
        "渝北卫健函〔2024〕90号是哪个机关印发的？",
    ),
    # another thing asked of the same
    (LEADS, "谁配合？", "广汉市学生心理工作谁配合？"),
    (LEADS, "那谁配合呢？", "广汉市学生心理工作谁配合？"),
    (LEADS, "什么时候完成？", "广汉市学生心理工作什么时候完成？"),
    (LEADS, "哪些单位参与？", "广汉市学生心理工作哪些单位参与？"),
    (LEADS, "配合单位有哪些？", "广汉市学生心理工作配合单位有哪些？"),
    (LEADS, "请问何时完成？", "广汉市学生心理工作何时完成？"),
    (LEADS, "宜昌市由谁负责？", "宜昌市学生心理工作由谁负责？"),
    ("学生心理工作由哪个部门牵头？", "谁配合？", "学生心理工作谁配合？"),
    (STEPS, "目标是什么？", "宜昌市心理服务目标是什么？"),
    (STEPS, "谁负责落实？", "宜昌市心理服务谁负责落实？"),
    (STEPS, "经费是多少？", "宜昌市心理服务经费是多少？"),
    (SCHOOLS, "宜昌有多少所？", "宜昌学校有多少所？"),
    # words that point back
    ("广汉市建立心理服务平台由谁牵头？", "这项工作什么时候完成？", "广汉市建立心理服务平台什么时候完成？"),
    ("广汉市建立心理服务平台由谁牵头？", "它由谁配合？", "广汉市建立心理服务平台由谁配合？"),
    (DUTIES, "该市有多少所学校？", "广汉市有多少所学校？"),
    (LEADS, "当地有多少所中小学校？", "广汉市有多少所中小学校？"),
    # another topic
    ("广汉市谁负责学生心理工作？", "那教师培训呢？", "广汉市谁负责教师培训？"),
    ("广汉市哪些部门牵头学生心理工作？", "校园安全呢？", "广汉市哪些部门牵头校园安全？"),
    # English
    (LEADS_EN, "and Yichang?", "Which departments lead student psychological work in Yichang?"),
    (LEADS_EN, "What about Hanzhong?", "Which departments lead student psychological work in Hanzhong?"),
    (LEADS_EN, "And in Yubei District?", "Which departments lead student psychological work in Yubei District?"),
    ("Which departments lead student psychological work?", "And in Hanzhong?", "Which departments lead student psychological work in Hanzhong?"),
    (SCHOOLS_EN, "what about 2024?", "How many schools are there in Guanghan in 2024?"),
    ("How many schools did Guanghan have in 2022?", "How about 2023?", "How many schools did Guanghan have in 2023?"),
    (LEADS_EN, "Who cooperates?", "Who cooperates for student psychological work in Guanghan?"),
    (LEADS_EN, "When will it be completed?", "When will student psychological work be completed in Guanghan?"),
    ("Who is responsible for teacher training in Yichang?", "What about school safety?", "Who is responsible for school safety in Yichang?"),
]  # fmt: skip

WHOLE = [
    (LEADS, "宜昌市有多少所中小学校？"),
    (LEADS, "库里有多少份文件？"),
    (LEADS, "什么是社会心理服务？"),
    (LEADS, "12356是什么？"),
    (LEADS, "心理援助热线是多少？"),
    (LEADS, "宜昌市哪些部门配合学生心理工作？"),
    (LEADS, "渝北区建立了多少个心理咨询室？"),
    (LEADS, "教师培训由谁负责？"),
    (LEADS, "那宜昌市有多少所中小学校？"),
    (LEADS, "社会保险法第十六条是什么？"),
    (LEADS, "渝北卫健函〔2024〕90号是哪个机关印发的？"),
    (LEADS, "汉中市心理服务中心什么时候建成？"),
    (LEADS, "第454号提案由谁主办？"),
    (LEADS, "各地的养老服务有什么不同？"),
    (LEADS, "老旧小区加装电梯补助多少钱？"),
    (LEADS, "宜昌市建立心理服务平台后，它由谁管理？"),
    (LEADS, "你好"),
    (LEADS, "谢谢！"),
    (LEADS, LEADS),
    (LEADS, "How many schools are there in Yichang?"),
    (LEADS, "and Yichang?"),  # a follow-up in another language than the question before
    (LEADS_EN, "那宜昌呢？"),
    (LEADS_EN, "Who leads teacher training in Yichang?"),
    (LEADS_EN, "What is the psychological hotline?"),
    (LEADS_EN, "How many villages are there in Hanzhong?"),
    (SCHOOLS_EN, "When was the campus safety plan issued in Yichang?"),
    (SCHOOLS_EN, "Thanks!"),
]


def read(text):
    return understand(text, places=PLACES, load_terms=shipped_terms)


@pytest.mark.parametrize(("before", "asked", "whole"), FOLLOW_UPS)
def test_a_follow_up_takes_the_rest_from_the_question_before(before, asked, whole):
    assert resolve(asked, [before], read) == whole


@pytest.mark.parametrize(("before", "asked"), WHOLE)
def test_a_whole_question_stays(before, asked):
    assert resolve(asked, [before], read) == asked


def test_the_table_is_as_long_as_it_should_be():
    assert len(FOLLOW_UPS) + len(WHOLE) >= 60
    assert len(WHOLE) >= 20


@pytest.mark.parametrize("asked", sorted({asked for _, asked, _ in FOLLOW_UPS}))
def test_without_a_question_before_it_nothing_is_added(asked):
    assert resolve(asked, [], read) == asked


def test_follow_ups_build_on_one_another():
    assert resolve("谁配合？", [LEADS, "那宜昌呢？"], read) == "宜昌学生心理工作谁配合？"
    assert resolve("2024年呢？", [SCHOOLS, "那宜昌呢？"], read) == "2024年宜昌有多少所学校？"


@given(st.text(min_size=1, max_size=60), st.lists(st.text(min_size=1, max_size=60), max_size=3))
def test_any_words_are_taken(asked, history):
    assert resolve(asked, history, read)


def test_an_answer_says_how_a_follow_up_was_taken(sample):
    answerer: Answerer = sample.answerer
    scope = Scope.everything()
    first = "鹭原县每千人口托位数是多少？"
    whole = answerer.answer("棠湾市每千人口托位数是多少？", scope=scope)
    answer = answerer.answer("那棠湾市呢？", scope=scope, history=[first])
    assert answer.status is whole.status is Status.ANSWERED
    assert answer.interpreted == "棠湾市每千人口托位数是多少？"
    assert answer.question == "那棠湾市呢？"
    assert answer.notes[0] == "理解为：棠湾市每千人口托位数是多少？"
    assert (answer.text, answer.citations) == (whole.text, whole.citations)
    assert answerer.answer(first, scope=scope, history=["棠湾市有多少所学校？"]).interpreted is None


@pytest.mark.parametrize("history", [["问"] * (MOST_BEFORE + 1), ["长" * 2_001], [" "]])
def test_a_history_that_is_none_is_refused(sample, history):
    with pytest.raises(InvalidRequest):
        sample.answerer.answer("那棠湾市呢？", scope=Scope.everything(), history=history)


@pytest.mark.parametrize(
    ("history", "question", "taken", "said"),
    [
        (["云岫市有多少个老年助餐点？"], "家庭养老床位有多少张？", "云岫市家庭养老床位有多少张？", "540张"),
        (["霁川市有多少条公交线路？", "云岫市呢？"], "家庭养老床位有多少张？", "云岫市家庭养老床位有多少张？", "540张"),
        # nothing there: as it was asked
        (["云岫市有多少个老年助餐点？"], "共享单车投放了多少辆？", None, "3.2万辆"),
        # a place of its own, or of all
        (["云岫市有多少个老年助餐点？"], "鹭原县托位有多少个？", None, "1404个"),
        (["云岫市有多少个老年助餐点？"], "哪些地方有心理援助热线？", None, "望舒县"),
    ],
)
def test_a_topic_of_its_own_stays_in_the_place(
    sample: Reader, history: list[str], question: str, taken: str | None, said: str
) -> None:
    answer = sample.answerer.answer(question, scope=Scope.everything(), history=history)
    assert answer.interpreted == taken
    assert said in answer.text
