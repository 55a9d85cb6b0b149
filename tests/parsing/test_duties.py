from __future__ import annotations

import pytest

from rag.domain.obligation import DutyForm

from .builders import document, needs_seeds, seed

PLAN = "关于印发某工作方案的通知\n各有关单位：\n现印发给你们。\n"


def duties(text):
    return [(duty.task, list(duty.lead), list(duty.cooperating)) for duty in document(PLAN + text).duties]


@pytest.mark.parametrize(
    ("text", "task"),
    [
        # a short label in front of the sentence
        ("培育社会工作队伍。探索设置有关岗位，鼓励参与。〔市民政局牵头〕", "培育社会工作队伍"),
        ("（一）健全服务网络。依托综治中心设立工作室。〔市民政局牵头〕", "健全服务网络"),
        ("1.开展筛查。每年一次。（市民政局牵头）", "开展筛查"),
        ("一是健全网络。设立工作室。（市民政局牵头）二是培训。", "健全网络"),
        # the title, when the paragraph is all there is under it
        ("（一）强化组织领导\n各镇建立协调机制，细化方案，抓好落实。〔市民政局牵头〕", "强化组织领导"),
        ("（一）强化组织领导\n〔市民政局牵头〕", "强化组织领导"),
        ("### 强化组织领导\n〔市民政局牵头〕", "强化组织领导"),
        # else the first sentence, without the phrase before it
        ("依托精神卫生医疗机构和镇卫生院等，统筹规划建设社区康复网络。〔市民政局牵头〕", "统筹规划建设社区康复网络"),
        ("对首次升规企业一次性奖励20万元。（市民政局牵头）", "对首次升规企业一次性奖励20万元"),
        (
            "建立台账，" + "定期开展督导检查并通报有关情况，" * 8 + "抓好整改。（市民政局牵头）",
            "建立台账" + "，定期开展督导检查并通报有关情况" * 4,
        ),
    ],
)
def test_tasks(text, task):
    assert duties(text) == [(task, ["市民政局"], [])]


@pytest.mark.parametrize("pair", ["〔〕", "（）", "()", "【】", "[]"])
def test_every_bracket(pair):
    text = f"健全网络。依托中心设立工作室。{pair[0]}牵头单位：市民政局；配合单位：市教育局{pair[1]}"
    assert duties(text) == [("健全网络", ["市民政局"], ["市教育局"])]


def test_several_brackets_in_a_paragraph():
    text = "健全网络，设立工作室。（市民政局牵头）加强培训，扩充队伍。（市教育局牵头，市财政局配合）"
    assert duties(text) == [
        ("健全网络，设立工作室", ["市民政局"], []),
        ("加强培训，扩充队伍", ["市教育局"], ["市财政局"]),
    ]


def test_a_bracket_left_open_does_not_hide_the_duty():
    text = "健全网络（以下简称网络。设立工作室。〔市民政局牵头，各镇（街道）人民政府按职责分工负责〕"
    assert duties(text) == [("健全网络（以下简称网络。设立工作室", ["市民政局"], ["各镇（街道）人民政府"])]


@pytest.mark.parametrize(
    "text",
    [
        "健全网络，设立工作室（或心理咨询室）。",
        "健全网络。（主要负责同志牵头）",
        "健全网络。（责任单位另行通知）",
    ],
)
def test_what_gives_no_duty(text):
    assert duties(text) == []


def test_spans_sections_and_normalised_names():
    doc = document(
        PLAN
        + "一、工作任务\n（一）健全网络\n健全基层网络。设立工作室。〔市卫健局牵头，市人社局等部门按职责分工负责〕\n其他。"
    )
    (duty,) = doc.duties
    assert duty.form is DutyForm.BRACKET
    assert duty.section == ("一、工作任务", "（一）健全网络")
    assert duty.task_span.of(doc.text) == "健全基层网络"
    assert duty.span.of(doc.text) == "〔市卫健局牵头，市人社局等部门按职责分工负责〕"
    assert duty.lead_normalized == ("市卫生健康委员会",)
    assert duty.cooperating_normalized == ("市人力资源和社会保障局",)


def test_layout_spaces_are_taken_out_of_names_and_tasks():
    assert duties("健全 网络。设立工作室。〔市民 政局牵头〕") == [("健全网络", ["市民政局"], [])]


def test_statements_have_their_sentence_for_a_span():
    doc = document(PLAN + "一、分工\n各部门要加强协作。教育部门负责课程，财政部门负责经费。（市民政局牵头）")
    found = [(duty.form, duty.task, duty.span.of(doc.text)) for duty in doc.duties]
    assert (DutyForm.STATEMENT, "课程", "教育部门负责课程") in found
    assert (DutyForm.STATEMENT, "经费", "财政部门负责经费。") in found
    assert {duty.section for duty in doc.duties} == {("一、分工",)}


def test_a_lead_without_words_of_its_own_takes_the_title():
    assert duties("一、源头治理\n问题突出。由市教育局牵头，市财政局配合。")[-1] == (
        "一、源头治理".removeprefix("一、"),
        ["市教育局"],
        ["市财政局"],
    )


def test_tables():
    text = (
        "序号\t重点任务\t牵头单位\t配合单位\n1\t建设服务中心\t市民政局\t市教育局、市财政局\n2\t开展培训工作\t市教育局\t\n3\t其他工作事项\t待定\t\n"
        "说明文字。\n4\t不在表内的行\t市教育局\t\n姓名\t职务\n某某\t组长"
    )
    assert duties(text) == [
        ("建设服务中心", ["市民政局"], ["市教育局", "市财政局"]),
        ("开展培训工作", ["市教育局"], []),
    ]


def test_units_on_lines_of_their_own_answer_for_the_paragraph_above():
    text = (
        "关于印发方案的通知\n\n各有关单位：\n\n现印发给你们。\n\n一、重点工作\n\n"
        "（一）制定服务清单。公布18项服务，每年调整。\n\n责任单位：县民政局\n配合单位：县发展改革局、县财政局\n完成时限：2025年6月底\n\n"
        "（二）推进医养结合。各镇卫生院设老年病科。\n\n责任单位：县卫生健康局\n\n二、保障措施\n\n加强组织领导。"
    )
    doc = document(text)
    found = [(d.task, d.lead, d.cooperating, d.span.of(doc.text)) for d in doc.duties]
    assert found == [
        (
            "制定服务清单",
            ("县民政局",),
            ("县发展改革局", "县财政局"),
            "责任单位：县民政局\n配合单位：县发展改革局、县财政局",
        ),
        ("推进医养结合", ("县卫生健康局",), (), "责任单位：县卫生健康局"),
    ]


def test_a_task_may_have_a_title_of_three_characters():
    (duty,) = document(
        "一、内容\n（一）基础类。包括供水。〔市城管局牵头，市水务局按职责分工负责〕\n（二）其他。"
    ).duties
    assert (duty.task, duty.lead) == ("基础类", ("市城管局",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a body that says it of itself, in the middle of a sentence too
        ("自试点工作以来，区卫生健康委作为体系建设工作牵头部门，加强协作。", [("体系建设工作", ["区卫生健康委"], [])]),
        # a task of its own with helpers
        (
            "民政部门负责社区康复工作，会同卫生健康部门共同推动队伍建设。",
            [("社区康复工作", ["民政部门"], []), ("推动队伍建设", ["民政部门"], ["卫生健康部门"])],
        ),
        ("镇（街道）指定科室负责心理服务工作。", [("心理服务工作", ["镇（街道）"], [])]),
        ("各镇建立综合管理小组，负责辖区管理工作。", [("辖区管理工作", ["综合管理小组"], [])]),
        ("成立由分管领导任组长的工作领导小组，统一负责组织实施。", [("组织实施", ["工作领导小组"], [])]),
        ("相关部门根据各自职责分工，共同做好管理和监督工作。", [("做好管理和监督工作", ["相关部门"], [])]),
        ("各镇建立协调机制，各部门根据职责范围落实关爱服务工作。", [("落实关爱服务工作", ["各部门"], [])]),
        ("镇（街道）、各行政主管部门负责指导检查工作。", [("指导检查工作", ["镇（街道）", "各行政主管部门"], [])]),
        ("各镇（街道）将心理援助纳入应急预案。", [("将心理援助纳入应急预案", ["各镇（街道）"], [])]),
        ("由市教育局牵头，市财政局、市妇联配合，开展课程建设。", [("开展课程建设", ["市教育局"], ["市财政局", "市妇联"])]),
        ("市教育局会同市财政局制定补助办法。", [("制定补助办法", ["市教育局"], ["市财政局"])]),
        # labels, bullets, the English way
        ("健全网络。依托中心设站。（责任单位：市民政局、市教育局）", [("健全网络", ["市民政局", "市教育局"], [])]),
        ("健全网络。依托中心设站。（主办：市民政局；协办：市教育局）", [("健全网络", ["市民政局"], ["市教育局"])]),
        ("健全网络，设立工作站。\n- 牵头单位：市民政局\n- 配合单位：市教育局、市财政局", [("健全网络，设立工作站", ["市民政局"], ["市教育局", "市财政局"])]),
        ("• 健全网络，设立工作站。(Lead: 市民政局; Supporting agencies: 市教育局, 市财政局)", [("健全网络，设立工作站", ["市民政局"], ["市教育局", "市财政局"])]),
        ("健全网络，设立工作站。\n* Lead agency: 市民政局\n* Supporting: 市教育局", [("健全网络，设立工作站", ["市民政局"], ["市教育局"])]),
        # not assigned
        ("市教育局联合市妇联印发了通知。", []),
        ("主要负责同志要亲自抓，明确专人负责。", []),
        ("媒体应当刊登公益广告，把心理健康纳入日常报道。", []),
    ],
)  # fmt: skip
def test_forms_of_a_responsibility(text, expected):
    assert duties(text) == expected


def test_handling_of_a_proposal():
    doc = document(
        "关于第3号建议的答复\n某某代表：\n《关于提升服务的建议》（第3号）收悉，该建议由市卫健局主办，市教育局、市妇联协办，现反馈如下：\n一、情况\n已完成。"
    )
    (duty,) = doc.duties
    assert (duty.form, duty.task) == (DutyForm.HANDLING, "关于提升服务的建议")
    assert (duty.lead, duty.cooperating) == (("市卫健局",), ("市教育局", "市妇联"))
    assert duty.span.of(doc.text) == "由市卫健局主办，市教育局、市妇联协办"
    without_title = document("关于第3号建议的答复\n某某代表：\n您提出的建议收悉，由市教育局承办。")
    assert [duty.task for duty in without_title.duties] == ["关于第3号建议的答复"]


def test_the_foot_states_no_duty():
    assert duties("一、分工\n抓好落实。\n抄送：市政府办公室。\n意见反馈。（市民政局牵头）") == []


def test_pages_are_kept():
    doc = document(PLAN + "\f健全网络。设立工作室。〔市民政局牵头〕")
    assert [duty.page for duty in doc.duties] == [2]


# ------------------------------------------------------------------------------- the real documents

TOWNS = "各镇（街道）人民政府"

BRACKETED = [
    ("建立健全长效工作机制", "", f"市级各相关部门 {TOWNS}"),
    (
        "建立健全基层社会心理服务网络",
        "市卫健委 市委政法委",
        f"市民政局 市公安局 市司法局 市人社局 市信访局 市总工会 团市委 市妇联 市残联 {TOWNS}",
    ),
    (
        "建立健全教育系统社会心理服务网络",
        "市教体局",
        f"市卫健委 市检察院 市总工会 团市委 市妇联 市残联 市委宣传部（市文明办） 各在广高校 {TOWNS}",
    ),
    ("建立健全机关企事业单位社会心理服务网络", "市总工会", f"各部门 {TOWNS}"),
    ("健全完善精神卫生专业服务网络", "市卫健局", f"市民政局 市公安局 市医保局 市残联 {TOWNS}"),
    ("统筹规划建设社区精神康复服务网络", "市民政局", f"市卫健局 市残联 {TOWNS}"),
    ("构建社会心理合作服务链", "市卫健局", "市民政局 市教体局 市市场监管局"),
    ("构建社会心理服务技术指导网络", "市卫健局", f"各在广高校 {TOWNS}"),
    ("构建心理危机干预与心理援助服务网络", "市卫健局", f"市教体局 市应急局 {TOWNS}"),
    ("培育社会工作专业队伍", "市民政局", "市人社局 市卫健局 市教体局 市市场监管局"),
    ("培育心理咨询人员队伍", "市卫健局", "市教体局 市民政局 市人社局"),
    ("培育社会心理服务志愿者队伍", "市委宣传部", "市应急局 市卫健委 市总工会 团市委 市妇联"),
    ("培育学校心理健康教师队伍", "市教体局", "市卫健委 市人社局"),
    ("培育精神卫生医疗专业队伍", "市卫健委", "市人社局等部门"),
    ("强化心理健康宣教工作", "市委宣传部", f"市级各部门 {TOWNS}"),
    (
        "开展基层社会心理服务",
        "市卫健委 市委政法委",
        "市公安局 市民政局 市司法局 市人社局 市信访局 市总工会 团市委 市妇联 市残联",
    ),
    ("开展学生心理健康教育及服务", "市教体局", "市检察院 市卫健委 市总工会 团市委 市妇联 市残联"),
    ("开展机关企事业单位职工社会心理服务", "市总工会", "各部门"),
    ("开展心理危机干预及心理援助服务", "市卫健委", f"市教体局 市应急局 {TOWNS}"),
    ("加强精神卫生综合管理", "市委政法委 市卫健委", TOWNS),
    (
        "广汉市第三人民医院（市精神病院）",
        "市卫健委",
        "市委宣传部 市委政法委 市教体局 市公安局 市民政局 市财政局 市人社局 市医保局 市总工会 团市委 市妇联 市残联",
    ),
    ("加强社会心理服务工作相关科学研究", "市经信科技局", "市教体局 市卫健委等相关部门"),
    ("强化组织领导", "", f"{TOWNS} 各相关部门"),
    ("强化经费保障", "", f"{TOWNS} 各相关部门"),
    ("强化部门联动", "", "各相关部门"),
    ("实施评价考核", "", "各相关部门"),
]


@needs_seeds
def test_the_26_brackets_of_the_real_plan():
    doc = seed("003")
    found = [duty for duty in doc.duties if duty.form is DutyForm.BRACKET]
    assert [(duty.lead, duty.cooperating) for duty in found] == [
        (tuple(lead.split()), tuple(cooperating.split())) for _, lead, cooperating in BRACKETED
    ]
    for duty, (task, _, _) in zip(found, BRACKETED, strict=True):
        assert duty.task.startswith(task)
        assert (duty.task == task) == (task != "广汉市第三人民医院（市精神病院）")
        assert duty.task_span.of(doc.text) == duty.task
        assert duty.span.of(doc.text)[0] == "〔"
        assert duty.span.of(doc.text)[-1] == "〕"
        assert len(duty.section) == 2


STATED = [
    ("各部门各行业", "做好本部门"),
    ("卫生健康 政法部门", "社会心理服务工作"),
    ("卫生健康 政法部门", "研究社会心理服务"),
    ("卫生健康部门", "制订"),
    ("政法部门", "将社会心理服务工作纳入综治"),
    ("宣传 卫生健康 文化 新闻出版 广播电视台部门", "协调新闻媒体"),
    ("发展改革部门", "将完善精神卫生服务体系"),
    ("教育部门", "加强心理健康教育教师"),
    ("经信科技部门", "加大"),
    ("公安 司法行政等部门", "完善系统内心理健康服务体系"),
    ("民政部门", "社区精神康复工作"),
    ("民政部门", "推动心理健康领域"),
    ("财政部门", "做好社会心理服务经费保障"),
    ("检察院 关工委 总工会 共青团 妇联 残联 老龄办等组织", "职业人群"),
    ("各相关部门", "要根据"),
]


@needs_seeds
def test_the_statements_of_the_real_plan():
    found = [
        duty
        for duty in seed("003").duties
        if duty.form is DutyForm.STATEMENT and duty.section[-1] == "（三）强化部门联动"
    ]
    assert [duty.lead for duty in found] == [tuple(lead.split()) for lead, _ in STATED]
    assert all(duty.task.startswith(task) for duty, (_, task) in zip(found, STATED, strict=True))


@needs_seeds
def test_a_reply_that_names_no_duty():
    assert seed("001").duties == ()


@needs_seeds
def test_handling_of_the_real_reply():
    duty, another = seed("002").duties
    assert another.lead == ("市卫健局",)
    assert (duty.lead, duty.cooperating) == (("市卫健局",), ("市教育局", "市总工会", "市妇联"))
    assert duty.lead_normalized == ("市卫生健康委员会",)
