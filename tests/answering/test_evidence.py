"""Candidate sentences: where they come from, what is left out, and in which order."""

from __future__ import annotations

import pytest

from rag.answering.currency import Currency
from rag.answering.evidence import CANDIDATE_PASSAGES, COURTESY, Evidence, EvidenceFinder, is_formula
from rag.answering.intent import read_intent
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.filters import Filters

from .builders import summary

ALL = Scope.everything()


def find(reader: Reader, text: str, *, scope: Scope = ALL, **filters: object) -> list[Evidence]:
    question = reader.searcher.understand(text, scope=scope)
    finder = EvidenceFinder(reader.searcher, Currency(reader.searcher))
    return finder.find(question, read_intent(question), scope=scope, filters=Filters(**filters))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("云岫市心理辅导室建成多少所？", "207所学校建成心理辅导室"),
        ("霁川市梧桥区加装电梯每部财政补助多少？", "补助20万元"),
        ("望舒县12356热线什么时候启用？", "3月1日"),
        ("石狮市心理健康服务中心设在哪里？", "锦尚镇卫生院"),
    ],
)
def test_the_sentence_that_answers_comes_first(sample: Reader, question: str, words: str) -> None:
    best = find(sample, question)[0]
    assert words in "".join(best.text.split())
    assert best.fits


def test_candidates_are_sentences_of_their_passages_best_first(sample: Reader) -> None:
    found = find(sample, "加装电梯怎么补助")
    assert len({item.passage.passage_id for item in found}) <= CANDIDATE_PASSAGES
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)
    for item in found:
        assert item.passage.span.contains(item.span)
        assert item.span.shift(-item.passage.span.start).of(item.passage.text) == item.text
        assert 0 <= item.own <= item.coverage <= 1 + 1e-9
    assert found == find(sample, "加装电梯怎么补助")


def test_what_contradicts_the_question_is_left_out(sample: Reader) -> None:
    assert find(sample, "棠湾市生活垃圾分类2023年覆盖率是多少？")
    assert all(
        "2023" in item.passage.text or "2023" in (item.document.document_number or "") + str(item.document.issued_on)
        or "2022—2024" in (item.document.title or "")
        for item in find(sample, "棠湾市生活垃圾分类2023年覆盖率是多少？")
    )  # fmt: skip
    assert find(sample, "澄山市加装电梯怎么补助") == []


def test_a_sentence_that_counts_something_else_is_left_out(sample: Reader) -> None:
    assert find(sample, "棠湾市有多少名护士？", place="棠湾") == []
    # It speaks of them, but its figure is of money.
    (pay,) = find(sample, "岚汀县有多少名保洁员？", place="岚汀")
    assert "保洁员" in pay.text
    assert not pay.fits


def test_scope_and_filters_hold(sample: Reader) -> None:
    assert {item.document.place for item in find(sample, "怎么补助", place="鹭原")} == {"鹭原县"}
    public = find(sample, "加装电梯每部财政补助多少？", scope=Scope.public())
    assert public
    assert {item.document.disclosure for item in public} <= Scope.public().disclosures
    assert find(sample, "怎么补助", place="澄山") == []


@pytest.mark.parametrize(
    "text",
    [
        "感谢您对教育工作的关心支持！",
        "您提出的提案收悉。",
        "现将有关情况答复如下：",
        "特此函复。",
        "如有意见，请与我们联系。",
        "再次感谢您的宝贵建议。",
        "《云岫市燃气管理办法》已经市政府同意，现印发给你们，请遵照执行。",
        "《燃气管理办法（试行）》（岫建发〔2020〕15号）同时废止。",
        "附件：1.申请表",
    ],
)
def test_courtesies_are_known(text: str) -> None:
    assert COURTESY.search(text)


@pytest.mark.parametrize(
    "text",
    ["对热心公益的企业表示表彰。", "市教育局反馈整改情况。", "每季度汇报一次。", "支持企业用工。", "所附附件须盖章。"],
)
def test_plain_sentences_are_no_courtesies(text: str) -> None:
    assert not COURTESY.search(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云岫市燃气管理办法", True),
        ("云岫市燃气 管理办法", True),
        ("燃气管理", False),  # too short to be the name
        ("云岫市燃气管理办法由市住房城乡建设局解释。", False),
        ("特此函复。", True),
        ("〔市水利局牵头，市城管局、各县（区）人民政府按职责分工负责〕", True),  # who, and nothing of what
        ("（责任单位：市水利局；由市城管局配合）", True),
        ("清除河道垃圾。〔市水利局牵头，市城管局配合〕", False),
        ("市水利局负责清除河道垃圾", False),
    ],
)
def test_the_name_of_a_document_answers_nothing(text: str, expected: bool) -> None:
    assert is_formula(text, summary(title="关于印发《云岫市燃气管理办法》的通知")) is expected


def test_a_figure_counts_what_its_clause_names(index_of) -> None:
    reader = index_of(
        {"a.txt": "汉州市卫生健康局\n关于心理健康工作的通知\n市医院建立全市心理健康服务中心，22个镇街设立服务点。"}
    )
    assert not reader.answerer.answer("汉州市心理健康服务中心有多少个？", scope=Scope.everything()).citations
    other = index_of(
        {"a.txt": "汉州市卫生健康局\n关于心理健康工作的通知\n全市建立心理健康服务中心22个，镇街另设服务点。"}
    )
    assert "22个" in other.answerer.answer("汉州市心理健康服务中心有多少个？", scope=Scope.everything()).text


HEALTH = {
    "a.txt": "汉州市卫生健康局\n关于精神卫生工作的通知\n目前全市30家医疗机构开展精神卫生诊疗，5家医疗机构开设睡眠门诊。"
    "鼓励其他医师参加儿科医师培训，已组织3名医师参加儿科医师转岗培训。全市有护士46名。",
    "b.txt": "云岫市卫生健康局\n关于医疗机构的通知\n目前全市有医疗机构30家、医师120名。",
}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        # 医院 is told as 医疗机构 where the question says what of them; of all of them nothing is told.
        ("汉州市有几家医院开了睡眠门诊？", "5家"),
        ("汉州市有多少家医院？", None),
        ("云岫市有多少家医院？", "30家"),
        ("云岫市有多少名医生？", "120名"),
        # What tells a noun stands before it: those who take a course are not what it makes of them.
        ("汉州市有多少名儿科医师？", None),
        ("汉州市有多少名医师参加了儿科医师转岗培训？", "3名"),
    ],
)
def test_what_is_counted_is_what_was_asked_for(index_of, question: str, words: str | None) -> None:
    answer = index_of(HEALTH).answerer.answer(question, scope=Scope.everything())
    if words is None:
        assert not answer.citations
    else:
        assert words in answer.statements[0].text
