"""The whole way from a question to a verified answer or a refusal."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from rag.answering import answerer as module
from rag.answering.composing import Composer
from rag.answering.question_limits import QUESTION_CHARACTERS, check_question
from rag.answering.verification import problems
from rag.app.reader import Reader
from rag.domain.access import Disclosure, Scope
from rag.domain.answer import Answer, Status
from rag.domain.document import Kind
from rag.domain.filters import Filters
from rag.errors import InvalidRequest

from .conftest import IndexOf

ALL = Scope.everything()
PUBLIC = Scope.public()


def ask(reader: Reader, question: str, scope: Scope = ALL, **filters: object) -> Answer:
    return reader.answerer.answer(question, scope=scope, filters=Filters(**filters))


def cited(answer: Answer) -> set[str]:
    return {citation.document.source for citation in answer.citations}


# ------------------------------------------------------------------------------------ what is asked


@pytest.mark.parametrize("question", ["", "   ", "\n\u3000\t"])
def test_an_empty_question_is_refused(sample: Reader, question: str) -> None:
    with pytest.raises(InvalidRequest, match="empty"):
        ask(sample, question)


def test_a_document_is_no_question(sample: Reader) -> None:
    check_question("问" * QUESTION_CHARACTERS)
    with pytest.raises(InvalidRequest, match="100,000 characters"):
        ask(sample, "问" * 100_000)


@pytest.mark.parametrize(
    "question", ["？", "的", "🙂", "1", "〔2024〕", "' OR 1=1 --", "a" * 500, "zzzz", "谁" * 300, "\x00"]
)
def test_a_question_that_asks_nothing_has_no_answer(sample: Reader, question: str) -> None:
    assert ask(sample, question).status is Status.NO_EVIDENCE


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("云岫市有多少所中小学校？", "雲岫市有多少所中小學校？"),
        ("望舒县12356热线什么时候启用？", "望舒县１２３５６热线什么时候启用？"),
        ("云岫市学生心理测评预警由哪个部门牵头？", "云岫市 学生心理测评预警\n由哪个部门牵头？"),
    ],
)
def test_script_width_and_layout_make_no_difference(sample: Reader, question: str, other: str) -> None:
    assert ask(sample, other).text == ask(sample, question).text


def test_the_same_question_has_the_same_answer(sample: Reader) -> None:
    assert ask(sample, "各地对加装电梯怎么补助？") == ask(sample, "各地对加装电梯怎么补助？")


# ---------------------------------------------------------------------------------- what is answered


@pytest.mark.parametrize(
    ("question", "said", "not_said"),
    [
        # The figure of the place asked about, never that of another.
        ("鹭原县每千人口托位数现在是多少？", "3.6个", "4.1个"),
        ("棠湾市每千人口托位数是多少？", "4.1个", "3.6个"),
        ("梧桥区加装电梯每部财政补助多少？", "20万元", "15万元"),
        # Of the year asked about.
        ("棠湾市生活垃圾分类2023年覆盖率达到多少？", "95%", "85%"),
        # A row of a table under its head.
        ("岚汀县东塘镇投入了多少垃圾分类资金？", "96", "东渡"),
        # English.
        ("How many childcare places per thousand people does Luyuan County have?", "3.6个", "4.1个"),
        ("When was the 12356 hotline launched in Wangshu County?", "2025年3月1日", "4月"),
    ],
)
def test_the_right_figure_and_no_other(sample: Reader, question: str, said: str, not_said: str) -> None:
    answer = ask(sample, question)
    assert said in "".join(answer.text.split())
    assert not_said not in "".join(answer.text.split())


def test_several_places_are_each_answered_from_their_own_documents(sample: Reader) -> None:
    answer = ask(sample, "鹭原县和棠湾市每千人口托位数各是多少？")
    assert {citation.document.place for citation in answer.citations} == {"鹭原县", "棠湾市"}


def test_several_documents_named_by_number_are_each_answered(sample: Reader) -> None:
    answer = ask(sample, "岫建发〔2020〕15号和岫建发〔2024〕27号的标题是什么？")
    assert [citation.document.document_number for citation in answer.citations] == [
        "岫建发〔2020〕15号",
        "岫建发〔2024〕27号",
    ]


def test_a_number_that_only_another_document_cites_is_answered_from_that_one(sample: Reader) -> None:
    answer = ask(sample, "岫建发〔2020〕15号被哪个文件废止了？")
    assert "notices/2024-yunxiu-elevator-subsidy.txt" in cited(answer)


@pytest.mark.parametrize(
    "question", ["云岫市学生心理健康促进行动怎么做？", "石狮市心理服务有哪些做法？", "棠湾市托育下一步有什么打算？"]
)
def test_courtesies_are_never_stated(sample: Reader, question: str) -> None:
    text = ask(sample, question).text
    assert not any(words in text for words in ("感谢", "收悉", "答复如下", "特此"))


@pytest.mark.parametrize("top_k", [1, 2])
def test_no_more_sentences_than_asked_for(sample: Reader, top_k: int) -> None:
    answer = sample.answerer.answer("棠湾市垃圾分类怎么宣传教育？", scope=ALL, top_k=top_k)
    assert len(answer.statements) <= top_k


def test_filters_narrow_the_documents(sample: Reader) -> None:
    question = "加装电梯每部补助多少？"
    assert cited(ask(sample, question, place="梧桥")) == {"replies/2022-wuqiao-elevator.txt"}
    assert all("notices/" in source for source in cited(ask(sample, question, source="notices")))
    assert ask(sample, question, place="鹭原").status is Status.NO_EVIDENCE
    assert ask(sample, question, kind=Kind.REPORT, year_to=2019).status is Status.NO_EVIDENCE


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("澄山市学生心理健康由哪个部门牵头？", "现有文件没有提到澄山市。"),
        ("鹭原县加装电梯补助多少钱？", "有鹭原县的文件，但没有提到“电梯”。"),
        ("岫建发〔2031〕9号说了什么？", "库中没有文号为岫建发〔2031〕9号的文件。"),
        ("怎么做红烧肉？", "现有文件没有提到“红烧肉”。"),
    ],
)
def test_a_refusal_says_what_is_missing(sample: Reader, question: str, reason: str) -> None:
    answer = ask(sample, question)
    assert (answer.status, answer.text) == (Status.NO_EVIDENCE, reason)
    assert (answer.statements, answer.citations, answer.duties) == ((), (), ())


def test_a_refusal_names_the_nearest_documents(sample: Reader) -> None:
    leads = ask(sample, "鹭原县加装电梯补助多少钱？").leads
    assert 0 < len(leads) <= 5
    assert len({lead.document_id for lead in leads}) == len(leads)
    assert any("电梯" in (lead.title or "") for lead in leads)


def test_an_answer_that_fails_its_check_is_withheld(
    sample: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Careless(Composer):
        def answer(self) -> Answer:
            right = super().answer()
            wrong = replace(right.statements[0], text="补助99万元。")
            return replace(right, statements=(wrong,), text=wrong.text)

    monkeypatch.setattr(module, "Composer", Careless)
    with caplog.at_level(logging.ERROR, logger=module.__name__):
        answer = ask(sample, "云岫市有多少所中小学校？")
    assert answer.status is Status.NO_EVIDENCE
    assert "99" not in answer.text
    assert "answer withheld: 1 of" in caplog.text
    assert "99" not in caplog.text  # a figure may be somebody's own


# --------------------------------------------------------------------------------------------- scope

REPLY = """\
临洲市教育局

临教函〔2024〕{serial}号

关于市政协三届二次会议第{number}号提案的答复

提案委员：

您提出的提案收悉，现答复如下：

{fact}

临洲市教育局

2024年6月20日

公开属性：{label}
"""
HIDDEN = REPLY.format(serial=31, number="0077", fact="全市已建成自营食堂136所，人均餐标12元。", label="依申请公开")
SHOWN = REPLY.format(serial=32, number="0078", fact="全市已开设暑期托管点85个，每班不超过40人。", label="主动公开")


def test_an_answer_from_a_hidden_document_is_a_refusal_without_a_trace_of_it(index_of: IndexOf) -> None:
    reader = index_of({"hidden.txt": HIDDEN, "shown.txt": SHOWN})
    for question in (
        "临洲市建成自营食堂多少所？",
        "临洲市人均餐标是多少元？",
        "第0077号提案答复的文号是什么？",
        "临教函〔2024〕31号的公开属性是什么？",
        "哪些文件依申请公开？",
    ):
        assert ask(reader, question).status is Status.ANSWERED
        answer = ask(reader, question, PUBLIC)
        assert answer.status is Status.NO_EVIDENCE
        assert {lead.title for lead in answer.leads} <= {"关于市政协三届二次会议第0078号提案的答复"}
        assert "食堂" not in answer.text or "食堂" in question  # what the asker wrote gives nothing away
    assert "85个" in ask(reader, "临洲市开设暑期托管点多少个？", PUBLIC).text


def test_a_hidden_document_changes_nothing_in_what_is_answered_without_it(index_of: IndexOf) -> None:
    with_hidden, without = index_of({"hidden.txt": HIDDEN, "shown.txt": SHOWN}), index_of({"shown.txt": SHOWN})
    for question in ("临洲市开设暑期托管点多少个？", "临洲市建成自营食堂多少所？", "第0078号提案的公开属性是什么？"):
        assert ask(with_hidden, question, PUBLIC).text == ask(without, question, PUBLIC).text


def test_a_scope_without_labels_has_no_answer_and_no_leads(sample: Reader) -> None:
    answer = ask(sample, "云岫市有多少所中小学校？", Scope(frozenset()))
    assert (answer.status, answer.leads) == (Status.NO_EVIDENCE, ())


@pytest.mark.parametrize("label", list(Disclosure))
def test_each_scope_cites_only_what_it_admits(sample: Reader, label: Disclosure) -> None:
    scope = Scope(frozenset({label}))
    cited: set[Disclosure] = set()
    for question in ("各地怎么开展心理服务？", "加装电梯补助多少？", "有哪些文件主动公开？", "一共有几份文件？"):
        answer = ask(sample, question, scope)
        cited |= {citation.document.disclosure for citation in answer.citations}
        assert problems(answer, lambda d, scope=scope: sample.catalog.text(d, scope=scope)) == []
    assert cited == {label}


NEWS_OF_NO_PLACE = {
    "reply.txt": "澄江市民政局文件\n\n澄民函〔2024〕7号\n\n关于养老服务的答复\n\n张委员：\n我局建成养老服务中心9个。\n\n澄江市民政局\n2024年5月6日\n",
    "news.txt": "惠企政策落地\n据了解，澄江市对承租国有房屋的小微企业免收两个月租金，惠及商户六百余家。\n",
    "elsewhere.txt": "房租减免见成效\n近日，鹭原县对承租国有房屋的小微企业免收一个月租金，惠及商户百余家。\n",
}


def test_of_a_known_place_documents_that_come_from_none_are_read_where_they_name_it(index_of: IndexOf) -> None:
    reader = index_of(NEWS_OF_NO_PLACE)
    answer = reader.answerer.answer("澄江市对承租国有房屋的小微企业有什么优惠？", scope=Scope.everything())
    assert {citation.document.source for citation in answer.citations} == {"news.txt"}
    assert "两个月租金" in answer.text


RUNNING_NEWS = {
    "plan.txt": "澄江市交通运输局文件\n\n澄交发〔2024〕9号\n\n关于印发春运工作方案的通知\n\n各县（区）交通运输局：\n"
    "全市交通运输部门采取措施做好春运工作，已开行加班车30趟。\n\n澄江市交通运输局\n2024年1月6日\n",
    "news.txt": "错峰返程保畅通\n为方便旅客错峰返程，铁路部门采取了措施，延长免费退票时限，优化退票流程。\n"
    "各地铁路车站要做好候车室通风，安排专人测温。\n",
    "district.txt": "关于推行零见面审批的公告\n广大市民朋友：\n丰和区政务服务局推行零见面审批，自3月10日开始施行。\n",
}


@pytest.mark.parametrize(
    ("question", "source", "said"),
    [
        # What news tells is told in its own words, not as a list of what others did.
        ("为方便错峰返程，铁路部门采取了什么措施？", "news.txt", "延长免费退票时限"),
        # 各地…要 is no question for places side by side where one text tells of all.
        ("各地铁路车站要做好什么？", "news.txt", "候车室通风"),
        # A district behind a city that documents come from: the text may name it alone.
        ("澄江市丰和区的零见面审批何时开始？", "district.txt", "3月10日"),
    ],
)
def test_a_text_that_runs_on_is_answered_from_as_it_runs(
    index_of: IndexOf, question: str, source: str, said: str
) -> None:
    answer = index_of(RUNNING_NEWS).answerer.answer(question, scope=Scope.everything())
    assert [citation.document.source for citation in answer.citations] == [source]
    assert said in answer.text
    assert "【" not in answer.text


def test_a_filter_by_place_is_not_widened(index_of: IndexOf) -> None:
    reader = index_of(NEWS_OF_NO_PLACE)
    answer = reader.answerer.answer(
        "澄江市对承租国有房屋的小微企业有什么优惠？", scope=Scope.everything(), filters=Filters(place="澄江市")
    )
    assert answer.status is Status.NO_EVIDENCE


def test_another_subsidy_of_the_year_is_not_the_one_asked_for(sample: Reader) -> None:
    for question in ("云岫市2024年加装电梯补助的标准是多少？", "云岫市加装电梯补助2020年和2024年的标准分别是多少？"):
        answer = ask(sample, question)
        assert "15万元" in answer.text, question
        assert {c.document.title for c in answer.citations if "医疗保险" in c.quote} == set(), question
