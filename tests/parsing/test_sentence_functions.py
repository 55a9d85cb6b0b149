"""What a sentence is for: real-looking sentences of replies, plans, notices and rules, and near misses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.sentence import SentenceFunction as F
from rag.parsing.sentence_functions import function_of

SENTENCES = [
    # Receipt: how a reply opens
    ("您提出的《关于缓解停车难的建议》（第0112号）收悉，现答复如下：", F.RECEIPT),
    ("您在市政协三届二次会议上提出的《关于校园餐的提案》已由我局承办。", F.RECEIPT),
    ("现将有关情况函复如下：", F.RECEIPT),
    ("贵单位来函收悉。", F.RECEIPT),
    ("现将有关事项通知如下：", F.RECEIPT),
    # Thanks
    ("首先，感谢您对我市养老工作的关心和支持。", F.THANKS),
    ("您的建议很有见地，对此我们表示衷心感谢！", F.THANKS),
    # Closing
    ("最后，再次感谢您对教育工作的关心。", F.CLOSING),
    ("特此函复。", F.CLOSING),
    ("此复。", F.CLOSING),
    ("感谢您的理解，欢迎继续监督。", F.CLOSING),
    ("对以上答复如有意见，请与我局联系。", F.CLOSING),
    ("妥否，请批示。", F.CLOSING),
    ("特此通知。", F.CLOSING),
    # Transmittal
    ("现将《临洲市托育行动方案》印发给你们，请认真贯彻执行。", F.TRANSMITTAL),
    ("请结合实际，抓好贯彻落实。", F.TRANSMITTAL),
    # Validity
    ("本办法自2025年3月1日起施行，有效期5年。", F.VALIDITY),
    ("《临洲市旧办法》（临政发〔2019〕3号）同时废止。", F.VALIDITY),
    ("本细则由市民政局负责解释。", F.VALIDITY),
    # Refusal
    ("目前我市暂不具备全面推行的条件。", F.REFUSAL),
    ("因此，该建议目前尚不能采纳，留作参考。", F.REFUSAL),
    ("您申请公开的信息不属于本机关负责公开的范围。", F.REFUSAL),
    ("提高标准的建议，尚无相关政策依据。", F.REFUSAL),
    ("经审查，决定不予公开。", F.REFUSAL),
    ("暂不实行全市统一票价。", F.REFUSAL),
    ("经测算，每年需增支2亿元，基金难以承受。", F.REFUSAL),
    # near misses: a kind of institution; a number of a report; a limit
    ("对暂不具备条件的医疗机构，鼓励通过医联体提供服务。", F.OTHER),
    ("在不予公开的9件中，属于内部事务信息的5件。", F.OTHER),
    # Problems
    ("但心理教师队伍仍存在数量不足、专业化不高的问题。", F.PROBLEM),
    ("基层力量还比较薄弱。", F.PROBLEM),
    ("服务水平有待进一步提高。", F.PROBLEM),
    # Next steps
    ("下一步，我局将会同市财政局研究提高补助标准。", F.NEXT_STEPS),
    ("我市将继续加大投入。", F.NEXT_STEPS),
    ("待省级政策明确后，我局将重新测算。", F.NEXT_STEPS),
    ("接下来，重点做好以下工作。", F.NEXT_STEPS),
    ("今后，将进一步加强部门协作。", F.NEXT_STEPS),
    # Targets
    ("到2026年，全市中小学专职心理教师配备率达到95%。", F.TARGET),
    ("力争2026年留用率达到45%。", F.TARGET),
    ("到2027年底，基本建成服务体系。", F.TARGET),
    # a date that is past and counted is a report
    ("到2025年6月底，我市共有托育机构83家。", F.STATUS),
    # Duties
    ("〔市教育局牵头，市财政局按职责分工负责〕", F.DUTY),
    ("（责任单位：市民政局）", F.DUTY),
    ("责任单位：县民政局", F.DUTY),
    ("此项工作由市教育局德育科负责。", F.DUTY),
    ("财政部门负责经费保障。", F.DUTY),
    ("市交通运输局牵头，市公安局配合。", F.DUTY),
    # Basis and purpose
    ("根据《中华人民共和国精神卫生法》有关规定，制定本办法。", F.BASIS),
    ("经市政府同意，开展试点。", F.BASIS),
    ("为贯彻落实省政府办公厅《关于托育的意见》，结合我市实际，制定本方案。", F.BASIS),
    ("为规范公交运营，制定本办法。", F.PURPOSE),
    ("为方便群众求助，设立热线。", F.PURPOSE),
    # Status
    ("截至目前，已建成心理服务站158个。", F.STATUS),
    ("全市现有执业医师243人。", F.STATUS),
    ("市教育局印发了工作方案。", F.STATUS),
    ("累计培训2000余人次。", F.STATUS),
    ("近年来，我市高度重视养老服务。", F.STATUS),
    ("全年培训护理员200人次。", F.STATUS),
    # near misses: a department that begins with 经; who is in charge
    ("经信部门支持科研攻关。", F.OTHER),
    ("建立联席会议，由市委主要负责同志召集。", F.MEASURE),
    # what remains undone is a problem though much is done
    ("通车率已达到100%，但仍有57个自然村未通硬化路。", F.PROBLEM),
    # figures of deeds
    ("开展拉网式检查4轮，整改隐患1376处。", F.STATUS),
    ("完成时限：2026年12月底", F.DUTY),  # a line of a table of tasks
    ("合计\t87\t12", F.OTHER),  # a row of a table
    # Measures
    ("每年培训护理员200人次。", F.MEASURE),
    ("基层医疗机构要有心理咨询室。", F.MEASURE),
    ("各学校要把心理课排进课表。", F.MEASURE),
    ("加强经费保障。", F.MEASURE),
    ("校车严禁超员。", F.MEASURE),
    ("建立健全联席会议制度。", F.MEASURE),
    # Headings
    ("（一）加强组织领导。", F.HEADING),
    ("一是健全网络。", F.HEADING),
    ("三、下一步工作打算", F.HEADING),
    # figures are said, not named
    ("三是在急弯路段安装护栏145公里。", F.OTHER),
    # an item that says something is no heading
    ("一是健全网络，已建成服务站158个。", F.STATUS),
    # Nothing of the kind
    ("每台补助15万元。", F.OTHER),
]


@pytest.mark.parametrize(("sentence", "function"), SENTENCES)
def test_by_its_words(sentence, function):
    assert function_of(sentence) == function


@pytest.mark.parametrize(
    ("sentence", "section", "function"),
    [
        ("中心城区三个街道的托位占71%。", ("二、存在困难", "（一）分布不均"), F.PROBLEM),
        ("完善居民心理问题的早期发现机制。", ("三、下一步打算", "三是多方协作"), F.NEXT_STEPS),
        ("极端案件明显下降。", ("三、工作目标",), F.TARGET),
        ("聘请专业团队开展讲座。", ("一、基本情况", "（四）拓展服务"), F.STATUS),
        ("每家补助2万元。", ("二、重点任务", "（四）助餐"), F.MEASURE),
        ("最后，再次感谢您的关心。", ("三、下一步打算",), F.CLOSING),  # its own words come first
        ("每台补助15万元。", ("第二章 补助",), F.OTHER),
        # a heading with a comma in it; the beginning of an item tells nothing of it
        ("一、统筹部署，把工作摆上日程。", ("一、统筹部署，把工作摆上日程",), F.HEADING),
        ("三是把开课情况列入考核，取消评优资格。", ("三是把开课情况列入考核",), F.OTHER),
        ("各建成1个托育点。", ("二、存在困难", "（三）补齐乡镇短板"), F.PROBLEM),
        ("各建成1个托育点。", ("二、下一步工作", "（三）补齐乡镇短板"), F.NEXT_STEPS),
        ("7.推行扫码入企，每年检查不超过2次。", ("7.推行扫码入企，每年检查不超过2次。",), F.MEASURE),
        ("新增护理员200人次。", ("二、重点任务",), F.MEASURE),
    ],
)
def test_by_the_heading_it_stands_under(sentence, section, function):
    assert function_of(sentence, section) == function


def test_script_width_and_layout_make_no_difference():
    assert (
        function_of("下一步，我委將會同市財政局研究。")
        == function_of("下 一 步， 我委将会同市财政局研究。")
        == F.NEXT_STEPS
    )


def test_every_function_has_a_sentence():
    assert {function for _, function in SENTENCES} == set(F)


@given(st.text(max_size=80), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_has_a_function(text, section):
    assert function_of(text, section) in F
