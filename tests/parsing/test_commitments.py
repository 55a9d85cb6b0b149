from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .builders import document

REPLY = (
    "青溪市民政局\n青民函〔2024〕12号\n关于市政协五届三次会议第18号提案的答复\n某某委员：\n"
    "您提出的提案收悉，现答复如下：\n{}\n青溪市民政局\n2024年5月17日\n"
)
PLAN = "青溪市人民政府办公室\n青政办发〔2024〕7号\n关于印发青溪市养老服务工作实施方案的通知\n各有关单位：\n现印发给你们。\n{}\n青溪市人民政府办公室\n2024年3月11日\n"


def read(frame, text):
    return document(frame.format(text)).commitments


def told(frame, text):
    return [
        (str(c.status), c.deadline and c.deadline.isoformat(), [f.text for f in c.figures]) for c in read(frame, text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # planned: words of future
        ("我局将继续完善助餐网络，扩大服务覆盖面。", [("planned", None, [])]),
        ("下一步，我们加强部门协作，健全工作机制。", [("planned", None, [])]),
        ("余下6个镇今年内建成服务站并投入运行。", [("planned", "2024-12-31", ["6个"])]),
        ("2025年至2027年投入300万元用于设施改造。", [("planned", "2027-12-31", ["300万元"])]),
        ("计划新建示范食堂12家，方便老人就餐。", [("planned", None, ["12家"])]),
        ("6月底前公布第一批名单，接受群众监督。", [("planned", "2024-06-30", [])]),
        ("拟在城区新增停车泊位500个，缓解停车难。", [("planned", None, ["500个"])]),
        # targets: a state by a date, a word of aim
        ("到2026年，全市老年助餐服务网络基本建成。", [("target", "2026-12-31", [])]),
        ("力争年底前覆盖率达到80%，群众满意度明显提升。", [("target", "2024-12-31", ["80%"])]),
        ("加强专业培训，争取在三年内打造一支稳定的队伍。", [("target", "2027-05-17", [])]),
        # done: told as carried out, with a figure
        ("截至目前，已开展宣传活动64场次，惠及群众2.4万人次。", [("done", None, ["64场次", "2.4万人次"])]),
        ("2023年，市财政安排专项资金200万元，用于设备购置。", [("done", None, ["200万元"])]),
        ("成立志愿者队伍，累计走访老人300多人次。", [("done", None, ["300多人次"])]),
        ("全市养老服务体系建设任务完成规划指标。", [("done", None, [])]),
        # one sentence, two of them
        (
            "目前已建成站点30个，其余8个将于今年内建成投用。",
            [("done", None, ["30个"]), ("planned", "2024-12-31", ["8个"])],
        ),
        (
            "市总工会将投入50万元用于补助，市民政局将组建专业服务团队。",
            [("planned", None, ["50万元"]), ("planned", None, [])],
        ),
        ("累计完工46部，2024年计划完工60部。", [("done", None, ["46部"]), ("planned", "2024-12-31", ["60部"])]),
    ],
)
def test_commitments_of_a_reply(text, expected):
    assert told(REPLY, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "感谢您对民政工作的关心，我们将继续努力。",
        "市里高度重视养老工作，多次召开会议研究部署。",
        "全市现有注册护士712人，执业医师243人。",  # a state
        "市民政局印发了《关于加强工作的通知》，明确了各级职责。",  # done, but no figure
        "同时拟定了建设标准，将其纳入年度工作重点。",  # 拟定; 将 for 把
        "要将工作任务落到实处，把好事办好。",
        "2023年6月，国家卫生健康委发文公布试点名单，共54个地区。",  # not the issuer's
        "由市民政局牵头，市财政局、市卫生健康局配合。",  # a duty
        "每年至少组织1次全员培训，提升服务水平。",  # a habit
        "联系人：某某，联系电话：12345678。",
        "“四进”是指进机关、进学校、进企业、进社区，累计4类场所。",
        "推动会议中心二期、新国展三期建设，提升服务能力。",
        "到2023年底，全市有养老床位1200张，其中护理型床位占六成。",
    ],
)
def test_what_is_no_commitment_in_a_reply(text):
    assert told(REPLY, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2025年底，护理型床位占比达到60%。", [("target", "2025-12-31", ["60%"])]),
        (
            "一、工作目标\n到2025年，服务体系基本建成。老年人满意度明显提升。\n二、主要任务\n健全服务网络，提升服务水平。",
            [("target", "2025-12-31", []), ("target", "2025-12-31", [])],
        ),
        ("每所学校至少配备1名专职教师，专职人员不足的逐步补齐。", [("target", None, ["1名"])]),
        ("按师生比不低于1:4000配备专职教师。", [("target", None, ["不低于1:4000"])]),
        ("我市将养老服务纳入经济和社会发展规划，定期考评。", [("planned", None, [])]),
        ("2024年10月底前建成厨余垃圾处理厂，总投资1.4亿元。", [("planned", "2024-10-31", ["1.4亿元"])]),
        ("健全服务网络，设立服务站。〔市民政局牵头，市财政局按职责分工负责〕", []),
        ("各镇（街道）将养老服务纳入应急预案，设置24小时热线。", []),
        ("对服务人数达到50人的机构，给予一次性补助。", []),
        ("居民同意率达到三分之二以上方可列入计划。", []),
        ("完成时限：2024年6月底", []),
    ],
)
def test_commitments_of_a_plan(text, expected):
    assert told(PLAN, text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("操作煅烧等设备，将矿渣高温煅烧制成吸音材料。", 0),  # of a handbook: 将 is 把
        ("号码：12345678，共4页第1页。", 0),  # of an invoice
        ("今年内建成服务站6个并投入运行。", 0),  # nobody says whose
        ("我市今年内建成服务站6个并投入运行。", 1),
        ("到2026年，全市建成服务站60个。", 1),
        ("市民政局将新建服务站6个。", 1),
    ],
)
def test_where_nobody_is_named_there_is_nobody_to_promise(text, count):
    named = document(f"一二三四\n\n{text}\n")
    assert named.elements.issuer is None
    assert len(named.commitments) == count


def test_a_law_promises_nothing():
    text = "青溪市养老服务条例\n第一章 总则\n第一条 到2025年，每个街道应当至少设立1个服务中心。\n第二条 本条例自2024年1月1日起施行。"
    assert document(text).commitments == ()


def test_a_section_of_what_comes_next():
    found = read(
        REPLY,
        "一、工作情况\n建立服务网络，完善服务机制。\n二、下一步工作打算\n一是健全服务网络。依托综治中心普遍设立服务站。推进医养结合。\n二是开展培训。组织养老护理员培训，提升服务能力。",
    )
    assert [(str(c.status), c.text) for c in found] == [
        ("planned", "依托综治中心普遍设立服务站。"),
        ("planned", "推进医养结合。"),
        ("planned", "组织养老护理员培训，提升服务能力。"),
    ]
    assert found[0].section == ("二、下一步工作打算", "一是健全服务网络")


REPORT = "2024年青溪市政府工作报告\n2024年1月18日在青溪市第五届人民代表大会第三次会议上\n青溪市人民政府市长 某某\n各位代表：\n{}\n"


@pytest.mark.parametrize(
    ("heading", "status"),
    [
        ("二、2024年工作安排", "planned"),
        ("二、2024年工作总体要求和重点任务", "planned"),
        ("二、2025年工作打算", "planned"),
        ("一、2023年工作回顾", "done"),
        ("一、2023年工作任务完成情况", "done"),
        ("二、2023年重点任务", "done"),
    ],
)
def test_a_heading_with_a_year_is_of_what_comes_next_or_of_the_past(heading, status):
    found = read(REPORT, f"{heading}\n建成养老服务中心12个，服务老人3万人次。")
    assert [str(c.status) for c in found] == [status]


def test_an_aim_of_the_past_keeps_its_date():
    assert told(PLAN, "一、工作目标\n到2023年，服务体系基本建成。") == [("target", "2023-12-31", [])]


@pytest.mark.parametrize(
    ("text", "actor", "action"),
    [
        ("我局将继续完善助餐网络。", "青溪市民政局", "继续完善助餐网络"),
        ("市财政局将安排专项资金50万元。", "市财政局", "安排专项资金50万元"),
        ("2025年，市教育局计划新建学校3所。", "市教育局", "计划新建学校3所"),
        ("近一年来市养老服务中心已开展讲座30余场。", "市养老服务中心", "已开展讲座30余场"),
        ("2023年，市政府安排200万元用于改造。", "市政府", "安排200万元用于改造"),
    ],
)
def test_who_does_what(text, actor, action):
    (commitment,) = read(REPLY, text)
    assert (commitment.actor, commitment.action) == (actor, action)


def test_spans_sections_and_the_words_of_the_deadline():
    doc = document(REPLY.format("二、打算\n其余8个站点将于今 年内建成。"))
    (commitment,) = doc.commitments
    assert commitment.span.of(doc.text) == "其余8个站点将于今 年内建成。"
    assert commitment.section == ("二、打算",)
    doc = document(REPLY.format("其余8个站点将于今年内建成。"))
    (commitment,) = doc.commitments
    assert (commitment.deadline_text, commitment.deadline) == ("今年内", date(2024, 12, 31))
    (figure,) = commitment.figures
    assert figure.span.of(doc.text) == "8个"


@given(st.text(alphabet="我局将拟计划于今年内已完成建成3个0万名。，；（）一是二年底前到2025力争共了下步", max_size=80))
def test_what_is_found_stands_in_the_text(words):
    doc = document(REPLY.format(words))
    for commitment in doc.commitments:
        assert commitment.span.of(doc.text).strip()
        assert all(commitment.span.contains(figure.span) for figure in commitment.figures)
