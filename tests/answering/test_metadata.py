"""Questions about a document itself: each element in several wordings, cited to the words it was read from."""

from __future__ import annotations

import pytest

from rag.answering import metadata
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status
from rag.domain.filters import Filters
from rag.text import squeeze

from .conftest import IndexOf

ALL = Scope.everything()


def ask(reader: Reader, question: str, scope: Scope = ALL, **filters: object) -> Answer:
    return reader.answerer.answer(question, scope=scope, filters=Filters(**filters))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        # 文号
        ("棠湾市第0058号人大建议答复的文号是什么？", "发文字号是棠教函〔2023〕41号。"),
        ("云岫市第0087号提案答复的发文字号？", "发文字号是岫教函〔2024〕33号。"),
        (
            "What is the document number of the reply to proposal 0087号提案 of Yunxiu City?",
            "its document number is 岫教函〔2024〕33号.",
        ),
        # 提案号、会议、题目
        ("岫教函〔2024〕33号答复的是第几号提案？", "答复的是第0087号提案。"),
        ("岫教函[2024]33号的提案编号是多少？", "答复的是第0087号提案。"),
        ("岫教函〔2024〕33号答复的是几届几次会议的提案？", "答复的提案出自五届三次会议。"),
        ("岫教函〔2024〕33号回应的是哪次会议的提案？", "答复的提案出自五届三次会议。"),
        ("岫教函〔2024〕33号答复的提案题目叫什么？", "题为《关于加强中小学生心理健康教育的提案》。"),
        ("岫教函〔2024〕33号对应的提案名称是什么？", "题为《关于加强中小学生心理健康教育的提案》。"),
        ("棠教函〔2023〕41号答复的是第几号建议？", "答复的是第0058号建议。"),
        ("棠教函〔2023〕41号答复的是政协提案还是人大建议？", "答复的是第0058号建议。"),
        # 公开属性
        ("霁政办发〔2024〕26号的公开属性是什么？", "公开属性标注为“依申请公开”。"),
        ("霁政办发〔2024〕26号是否公开？", "公开属性标注为“依申请公开”。"),
        ("岫教函〔2024〕33号属于主动公开还是依申请公开？", "公开属性标注为“主动公开”。"),
        ("霁政办发〔2024〕26号是主动公开的吗？", "公开属性标注为“依申请公开”。"),
        ("Is 岫教函〔2024〕33号 publicly available?", "its disclosure label reads “主动公开”."),
        # 抄送、主送
        ("岫教函〔2024〕33号抄送哪些单位？", "抄送市政协提案委员会、市政府办公室。"),
        ("岫教函〔2024〕33号还抄送给了谁？", "抄送市政协提案委员会、市政府办公室。"),
        ("岫教函〔2024〕33号主送给谁？", "主送提案委员。"),
        ("岫建发〔2024〕27号主送机关有哪些？", "主送各县（区）住房和城乡建设局、财政局。"),
        # 答复类别
        ("岫教函〔2024〕33号的答复类型是什么？", "答复类别标注为B类。"),
        ("岫教函〔2024〕33号属于哪类答复？", "答复类别标注为B类。"),
        ("岫教函〔2024〕33号是A类还是B类？", "答复类别标注为B类。"),
        # 附件
        ("岫建发〔2024〕27号有哪些附件？", "附件为云岫市既有住宅加装电梯补助申请表、加装电梯竣工验收资料清单。"),
        ("岫建发〔2024〕27号的附件叫什么？", "加装电梯竣工验收资料清单。"),
        # 发文机关, the joint ones too
        ("岫建发〔2024〕27号是哪个单位印发的？", "发文机关是云岫市住房和城乡建设局、云岫市财政局。"),
        ("谁发布了岫建发〔2024〕27号？", "发文机关是云岫市住房和城乡建设局、云岫市财政局。"),
        ("文号岫建发〔2024〕27号是谁发的？", "发文机关是云岫市住房和城乡建设局、云岫市财政局。"),
        ("Who issued 岫建发〔2024〕27号?", "it was issued by 云岫市住房和城乡建设局、云岫市财政局."),
        # 标题
        ("岫教函〔2024〕33号的标题是什么？", "标题是《关于市政协五届三次会议第0087号提案的答复》。"),
        ("请问岫教函〔2024〕33号全称叫什么？", "标题是《关于市政协五届三次会议第0087号提案的答复》。"),
        # 日期
        ("岫建发〔2024〕27号什么时候印发的？", "成文日期是2024年11月4日。"),
        ("岫建发〔2024〕27号哪天发布的？", "印发日期是2024年11月5日。"),
        ("云岫市第0087号提案是哪年哪月答复的？", "成文日期是2024年"),
        ("岫建发〔2024〕27号啥时候印发的", "成文日期是2024年11月4日。"),
        ("岫建发〔2024〕27号这份通知是什么时候的？", "成文日期是2024年11月4日。"),
        ("岫教函〔2024〕33号那份答复是哪天写的", "成文日期是2024年"),
        ("When was 岫建发〔2024〕27号 issued?", "it is dated 2024年11月4日."),
    ],
)
def test_an_element_is_said_and_cited(sample: Reader, question: str, said: str) -> None:
    answer = ask(sample, question)
    assert said in answer.text
    # One document was asked about, and each value stands in the words cited for it.
    assert len({citation.document.document_id for citation in answer.citations}) == 1
    assert all(squeeze(c.quote).removesuffix("印发") in answer.text for c in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "岫教函〔2024〕33号的签发人是谁？",  # it has none
        "岫教函〔2024〕33号有什么附件？",
        "岫教函〔2031〕33号的公开属性是什么？",  # no such document
        "澄山市第0087号提案答复的文号是什么？",  # of another place
    ],
)
def test_an_element_that_is_not_there_is_not_made_up(sample: Reader, question: str) -> None:
    answer = ask(sample, question)
    assert answer.status is Status.NO_EVIDENCE
    assert answer.statements == ()


REPLY = (
    "云岫市民政局\n\n岫民函〔2024〕9号\n\n关于市政协五届三次会议第0031号提案的答复\n\n提案委员：\n\n"
    "您提出的《关于发展老年助餐的提案》收悉，现答复如下：\n\n新建老年助餐点30个。\n\n云岫市民政局\n\n2024年3月8日\n"
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("云岫市第0031号提案的承办单位是哪家？", "答复第0031号提案的是云岫市民政局。"),
        ("第31号提案由谁办理？", "答复第0031号提案的是云岫市民政局。"),
        ("第31号提案的主办单位是谁？", "答复第0031号提案的是云岫市民政局。"),
        ("Which unit handled proposal No. 31?", "it is the reply to No. 0031, by 云岫市民政局."),
        # Who helped is not said, and no other proposal's reply will do.
        ("第31号提案的协办单位有哪些？", None),
        ("第32号提案由谁办理？", None),
        ("老年助餐由谁承办？", None),
    ],
)
def test_who_answered_a_proposal_handled_it(index_of: IndexOf, question: str, said: str | None) -> None:
    answer = ask(index_of({"a.txt": REPLY}), question)
    if said is None:
        assert not any("号提案的是" in statement.text for statement in answer.statements)
    else:
        assert said in answer.text
        assert [c.quote for c in answer.citations] == ["云岫市民政局", "关于市政协五届三次会议第0031号提案的答复"]


def test_a_number_that_no_document_has_is_named_in_the_refusal(sample: Reader) -> None:
    assert ask(sample, "岫教函〔2031〕33号的公开属性是什么？").text == "库中没有文号为岫教函〔2031〕33号的文件。"


def test_a_document_is_also_meant_by_the_words_of_its_title(sample: Reader) -> None:
    answer = ask(sample, "云岫市学生心理健康促进行动计划是哪些单位联合印发的？")
    for issuer in ("云岫市教育局", "云岫市卫生健康委员会", "共青团云岫市委员会", "云岫市妇女联合会"):
        assert issuer in answer.text
    assert {c.document.source for c in answer.citations} == {"plans/2023-yunxiu-student-mental-health.txt"}


def test_a_title_in_brackets_means_no_document_of_another(sample: Reader) -> None:
    named = "哪些部门联合印发了《{}》？"
    assert "发文机关是" in ask(sample, named.format("云岫市学生心理健康促进行动计划")).text
    assert "发文机关是" not in ask(sample, named.format("云岫市学生心理健康行动促进计划")).text


def test_documents_from_a_place_with_few_are_meant_without_a_title(index_of: IndexOf) -> None:
    reader = index_of(
        {
            "a.txt": "临洲市民政局文件\n\n临民发〔2024〕9号\n\n关于做好老年助餐工作的通知\n\n各县（区）民政局：\n\n"
            "新建老年助餐点30个。\n\n临洲市民政局\n\n2024年3月8日\n\n公开属性：依申请公开\n"
        }
    )
    assert "公开属性标注为“依申请公开”" in ask(reader, "临洲市的文件公开属性是什么？").text
    assert "临民发〔2024〕9号" in ask(reader, "临洲市老年助餐通知的文号是多少？").text


def test_in_a_large_collection_the_document_is_looked_for(sample: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "学生心理健康促进行动计划是哪些单位印发的？"
    whole = ask(sample, question)
    monkeypatch.setattr(metadata, "_SCANNED", 3)
    assert whole.status is Status.ANSWERED
    assert ask(sample, question).text == whole.text
