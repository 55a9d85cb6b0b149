"""Conditions, steps and materials are given from under the heading that names them."""

from __future__ import annotations

import pytest

from rag.answering.composing import Composer
from rag.answering.headed import asked_heading, blocks_of, state_headed
from rag.answering.intent import read_intent
from rag.app.reader import Reader
from rag.domain.access import Scope

from .builders import ask
from .conftest import IndexOf

ALL = Scope.everything()

DOCUMENTS = {
    "notice.txt": "青禾市住房和城乡建设局\n\n青住建发〔2023〕21号\n\n关于物业服务企业信用备案的通知\n\n各区住房和城乡建设局：\n\n"
    "为规范物业服务企业信用备案，在过渡期内，物业服务企业信用备案按本通知要求办理。\n\n"
    "一、适用范围\n\n在本市从事物业服务的企业。\n\n"
    "二、所需条件\n\n1.有三名以上专职管理人员；\n\n2.两年内没有失信记录。\n\n"
    "三、办理程序\n\n企业登录政务服务网填写表格，经区级主管部门核对后，由市局在十日内办结。\n\n"
    "四、报送材料\n\n营业执照复印件和人员名册各一份。\n\n"
    "五、简化登记手续\n\n各区减少纸质文件。\n\n"
    "青禾市住房和城乡建设局\n\n2023年6月12日\n",
    "page.md": "# 白石市积分卡怎么领\n\n什么是积分卡\n\n积分卡是市民参加公益活动的凭证。\n\n申领条件\n\n在白石市参加公益活动满十小时的市民可以申领积分卡。\n\n"
    "申领方式\n\n有两种渠道。\n\n线上申领：\n\n打开市民云小程序填写信息。\n\n现场申领：\n\n到社区服务站出示身份证。\n\n怎么使用积分卡\n\n出示即可兑换。\n",
    "measures.txt": "云杉县人民政府\n\n云政发〔2022〕5号\n\n关于印发民宿管理办法的通知\n\n各乡镇：\n\n第一条 为规范民宿经营，制定本办法。\n\n"
    "第二条 经营民宿应当具备下列条件：\n\n（一）房屋结构安全；\n\n（二）配备灭火器。\n\n第三条 民宿登记的申请、核查程序如下：\n\n"
    "（一）申请。经营者到乡镇提出申请。\n\n（二）核查。乡镇在五日内上门核查。\n\n云杉县人民政府\n\n2022年3月1日\n",
}


@pytest.mark.parametrize(
    ("question", "said", "not_said"),
    [
        ("青禾市物业服务企业信用备案需要什么条件？", "三名以上专职管理人员", "政务服务网"),
        ("青禾市物业服务企业信用备案有哪些条件？", "没有失信记录", "政务服务网"),
        ("青禾市物业服务企业信用备案怎么办理？", "登录政务服务网", "按本通知要求"),
        ("青禾市物业服务企业信用备案的流程是什么？", "市局在十日内办结", "纸质文件"),
        ("青禾市物业服务企业信用备案要报送哪些材料？", "人员名册", "失信"),
        ("白石市积分卡怎么申领？", "社区服务站", "兑换"),
        ("白石市积分卡要什么条件？", "满十小时", "小程序"),
        ("云杉县经营民宿要具备哪些条件？", "配备灭火器", "上门核查"),
    ],
)
def test_what_stands_under_the_heading_answers(index_of: IndexOf, question: str, said: str, not_said: str) -> None:
    text = index_of(DOCUMENTS).answerer.answer(question, scope=ALL).text
    assert said in text
    assert not_said not in text


@pytest.mark.parametrize(
    ("question", "is_asked"),
    [
        ("云岫市申请补贴需要什么条件？", True),
        ("云岫市补贴怎么申请？", True),
        ("云岫市补贴在网上怎么申领？", True),
        ("云岫市办证要带哪些材料？", True),
        ("云岫市补贴停发了怎么办？", False),  # what to do, not how to apply
        ("云岫市补贴什么时候申请？", False),
        ("云岫市补贴可以网上办理吗？", False),
        ("How do I apply for the subsidy in Yunxiu City?", False),
    ],
)
def test_which_questions_ask_for_such_a_heading(question: str, is_asked: bool) -> None:
    asked = ask(question)
    assert (asked_heading(asked, read_intent(asked)) is not None) is is_asked


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("物业服务企业信用备案的手续有哪些？", "十日内办结"),  # 五、简化登记手续 is a task
        ("物业保险需要什么条件？", None),  # the title is of another thing
    ],
)
def test_a_heading_must_be_of_the_thing_asked_for(index_of: IndexOf, question: str, said: str | None) -> None:
    reader = index_of(DOCUMENTS)
    asked = reader.searcher.understand(question, scope=ALL)
    heading = asked_heading(asked, read_intent(asked))
    assert heading is not None
    composer = Composer(question)
    is_stated = state_headed(asked, heading, _document(reader, "notice.txt"), composer, reader.searcher)
    assert is_stated is (said is not None)
    assert said is None or said in composer.stated[0].text


def test_blocks_stand_in_the_text_under_their_headings(index_of: IndexOf) -> None:
    reader = index_of(DOCUMENTS)
    headings = []
    for name in DOCUMENTS:
        document = _document(reader, name)
        for block in blocks_of(document):
            words = block.span.of(document.text)
            assert words.startswith(block.heading)
            assert len(words) > len(block.heading)
            headings.append(block.heading)
    assert {"二、所需条件", "申领方式", "第三条 民宿登记的申请、核查程序如下："} <= set(headings)


def _document(reader: Reader, source: str):
    listed = reader.catalog.list_documents(scope=ALL, limit=10).documents
    document_id = next(each.document_id for each in listed if each.source == source)
    return reader.catalog.document(document_id, scope=ALL)
