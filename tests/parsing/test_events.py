from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .builders import document

REPLY = (
    "青溪市民政局\n青民函〔2024〕12号\n关于市政协五届三次会议第18号提案的答复\n某某委员：\n"
    "您提出的提案收悉，现答复如下：\n一、工作情况\n{}\n青溪市民政局\n2024年5月17日\n"
)
PLAN = "青溪市人民政府办公室\n青政办发〔2024〕7号\n关于印发青溪市养老服务工作实施方案的通知\n各有关单位：\n现印发给你们。\n{}\n青溪市人民政府办公室\n2024年3月11日\n"


def told(frame, text):
    return [(e.actor, e.act, e.period and e.period.in_chinese(), e.where) for e in document(frame.format(text)).events]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2023年8月，市民政局、市财政局联合印发了《老年助餐办法》。",
            [("市民政局、市财政局", "联合印发", "2023年8月", None)],
        ),
        ("我局于去年9月成立工作专班。", [("青溪市民政局", "成立", "2023年9月", None)]),
        ("老年服务热线于今年4月上旬正式启用。", [(None, "启用", "2024年4月1日至10日", None)]),
        (
            "2024年4月28日，在市委党校举办养老护理员培训班，100余人参加。",
            [("青溪市民政局", "举办", "2024年4月28日", "市委党校")],
        ),
        ("2022年、2023年已开展两期培训1000人。", [("青溪市民政局", "开展", "2022年至2023年", None)]),
        ("从2021年起将经费纳入年度预算。", [(None, "纳入", "2021年起", None)]),
        ("自2019年开展试点以来，各部门加强协作。", [("青溪市民政局", "开展", "2019年起", None)]),
        ("2023年，市财政投入98万元，更新设备。", [("市财政", "投入", "2023年", None)]),
        (
            "3月5日召开动员会；4月2日开展联合检查。",
            [("青溪市民政局", "召开", "2024年3月5日", None), ("青溪市民政局", "开展", "2024年4月2日", None)],
        ),
        ("养老服务中心占地3000平方米，于2021年6月28日建成。", [(None, "建成", "2021年6月28日", None)]),
        ("2023年7月，市民政局印发了方案，确保到2025年服务网络基本建成。", [("市民政局", "印发", "2023年7月", None)]),
    ],
)
def test_events_of_a_reply(text, expected):
    assert told(REPLY, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2025年将启动第二期改造。",  # to come
        "2024年9月举办助餐节。",  # after the document
        "2024年新建站点不少于20处。",  # a plan of the year that runs
        "截至2023年底，已建成站点30个。",  # a sum until then
        "2023年底，全市有床位1200张。",  # a level
        "根据2022年印发的《养老服务规划》，结合我市实际，制定本方案。",  # cited
        "每年10月开展敬老月活动。",  # a habit
        "比2019年增加30处。",  # compared with it
        "《青溪市养老服务规划（2021—2025年）》印发实施。",  # of the title
        "2000年以前建成的小区优先。",
        "2023年是全面推开试点的一年。",
        "去年没有完成任务。",
        "全市养老机构建成运营。",  # without a time
    ],
)
def test_no_events(text):
    assert told(REPLY, text) == []


def test_a_plan_tells_only_what_is_over():
    assert told(PLAN, "2024年，全市开展养老护理员培训1000人。") == []
    assert told(PLAN, "2023年全市开展培训1000人，2024年开展培训1500人。")[0][2] == "2023年"
    assert told(REPLY.replace("一、工作情况", "三、下一步工作"), "2024年5月，召开推进会。") == []


def test_without_a_date_of_the_document_a_relative_one_is_left_open():
    text = (
        REPLY.replace("青民函〔2024〕12号\n", "").replace("2024年5月17日\n", "").format("今年6月，市民政局印发了办法。")
    )
    (event,) = document(text).events
    assert (event.when, event.period) == ("今年6月", None)


@given(st.text(alphabet="2023年5月1日，。；市民政局于已召开会议印发《》了至到将 \n", max_size=80))
def test_spans_hold_the_words(text):
    found = document(REPLY.format(text))
    for event in found.events:
        assert event.span.contains(event.when_span)
        assert event.act in event.text.replace(" ", "") or event.act == "起"
