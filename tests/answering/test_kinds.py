"""The kind of thing asked for, and whether words hold it."""

from __future__ import annotations

import pytest

from rag.answering.intent import Intent, read_intent
from rag.answering.kinds import counted_noun, holds_kind, names_level

from .builders import ask


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        # A figure in the unit asked for, or in one that stands for it.
        ("有多少名医师？", "现有精神科医师243人。", True),
        ("有多少名医师？", "现有精神科医师243名。", True),
        ("有多少名医师？", "全市设床位1200张。", False),
        ("有多少家医院？", "建成心理门诊的医院有5所。", True),
        ("有多少所学校？", "全市有２０７所学校建成心理辅导室", True),
        ("有多少辆公交车？", "共有新能源公交车 1497 辆。", True),
        ("共多少张床位？", "新增护理型床位406张。", True),
        ("多少个部门参与？", "会同22部门联合印发。", True),  # right before the noun
        ("有多少件申请？", "收到申请八十七件", True),
        # Statutes write figures in Chinese.
        ("多少日内登记？", "应当自成立之日起三十日内申请登记。", True),
        ("多少个工作日内办结？", "五个工作日内办结。", True),
        ("累计缴费满多少年？", "累计缴费满十五年的，按月领取。", True),
        ("期限最长是多少个月？", "最长为二十四个月。", True),
        ("未满几岁？", "未满十八周岁的公民。", True),
        ("罚款多少元？", "处五百元以上三千元以下的罚款。", True),
        ("处多少倍的罚款？", "处一倍以上三倍以下的罚款。", True),
        ("有几种规格？", "规格定为如下五种。", True),
        ("多少日内登记？", "第三十条按照规定日期登记。", False),
        ("有多少种？", "统一格式，一般由经办人填写。", False),
        ("编码是多少？", "（1）分拣邮件；（2）封装邮袋。", False),  # numbers of items
        ("有多少所学校？", "全市学校全部建成心理辅导室。", False),
        # A year is no figure.
        ("有多少所学校？", "2024年全部建成。", False),
        # Money.
        ("每部电梯补助多少钱？", "每部补助15万元。", True),
        ("每部电梯补助多少钱？", "全市有214所学校。", False),
        ("投入多少资金？", "总投资1.46亿元。", True),
        ("安排资金多少万元？", "每年安排1200万元。", True),
        ("补贴多少？", "为30万人提供服务。", False),
        ("药品注册收费标准降低多少？", "收费标准分别降低30%。", True),
        ("收费标准降低多少元？", "收费标准分别降低30%。", False),
        # A number to call, not a count of calls.
        ("心理热线电话是多少？", "设立24小时心理援助热线8765 4321。", True),
        ("心理援助热线是多少？", "开通12356心理援助热线。", True),
        ("热线号码是什么？", "可拨打400-000-1234咨询。", True),
        ("What is the hotline number?", "热线电话：0999-6543210", True),
        ("心理热线电话是多少？", "共接听近3000名市民的热线电话。", False),
        ("心理热线电话是多少？", "热线投入2600万元，覆盖2024年全部学校。", False),
        ("有多少条热线？", "开通12356心理援助热线。", False),
        ("热线电话接听多少人次？", "热线接听3186人次。", True),
        # How often, how long.
        ("多久测评一次？", "每学年开展一次心理测评。", True),
        ("多久能接诊？", "3个工作日内接诊。", True),
        ("多久测评一次？", "测评学生18.6万人。", False),
        ("资格多久能延期？", "有效期顺延一个月。", True),
        ("培训多长时间？", "集中培训三天。", True),
        ("培训多长时间？", "第三天的培训改在礼堂。", False),
        # One that is masked is a number too, by itself or with its area code.
        ("登记科的联系方式是多少？", "登记科 ＊＊＊，电话：＊＊＊＊-＊＊＊＊＊＊＊", True),
        ("登记科的电话是多少？", "登记科：＊＊＊＊＊＊＊＊＊＊＊。", True),
        ("登记科的电话是多少？", "登记科联系人：＊＊＊。", False),
        # 一 counts what is asked for in its very unit.
        ("优惠能享受几次？", "只享受一次优惠。", True),
        ("优惠能享受几次？", "给予一次性优惠。", False),
        ("提前几年评职称？", "可提前一年申报。", True),
        ("提前几年评职称？", "第一年不得申报。", False),
        # Measure words for people and things.
        ("一间最多住几个人？", "每间不超过6人。", True),
        ("要打造多少个赛事？", "打造100项精品赛事。", True),
        ("要抽查多少项目？", "项目抽查率不少于20%。", True),
        # What is to be paid is money.
        ("参会费是多少？", "会议于2024年召开，会期3天。", False),
        ("工本费要收多少？", "每本收取20元。", True),
        ("担保费率是多少？", "费率不超过0.8%。", True),
        ("要发表几篇论文？", "职位分为二级五档。", False),
        ("要发表几篇论文？", "须公开发表3篇论文。", True),
        # Shares.
        ("贷款利率下调到多少？", "按每月1000元扣除。", False),
        ("贷款利率下调到多少？", "利率调整为3.1%。", True),
        ("发放利率是多少？", "为市场报价利率减250基点。", True),
        ("办公经费减了多少？", "办公经费减少4%。", True),
        ("师生比是多少？", "师生比不低于1:4000。", True),
        ("占比是多少？", "占比达到58.6%。", True),
        # English begins with a capital.
        ("How much does a visit cost?", "设立热线12处。", False),
        ("How much does a visit cost?", "每次收取20元。", True),
        ("How often is it checked?", "检查电梯12部。", False),
        ("How often is it checked?", "每年检查1次。", True),
        # Who is asked for as 几个 is told as 几名; how many there are is no 人次.
        ("护理人员有几个？", "共有护理人员50名。", True),
        ("护理人员有几个？", "培训护理人员等300余人次。", False),
        ("助餐点有几个？", "培训助餐人员50名。", False),
        ("覆盖率达到多少？", "覆盖率为百分之九十。", True),
        # A row of a table: the unit stands in its head.
        ("投入多少万元？", "东塘镇\t12\t96", True),
        ("投入多少万元？", "乡镇\t投放点\t投入", False),
        ("提供多少个岗位？", "3月8日\t县活动中心\t专场招聘\t720", True),
        ("提供多少个岗位？", "3月8日\t县活动中心\t专场招聘", False),  # its day is no figure
    ],
)
def test_figures(question: str, text: str, holds: bool) -> None:
    assert holds_kind(Intent.FIGURE, ask(question), text) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("自2025年3月1日起启用。", True),
        ("2025 年底前建成", True),
        ("10月底前投入使用", True),
        ("今年完成改造", True),
        ("验收后6个月内申请", True),
        ("“十四五”期间建成", True),
        ("三季度开工", True),
        ("本办法自印发之日起施行", True),
        ("收到申请后二十日内作出决定", True),
        ("疫情结束後办理。", True),  # by an event
        ("期限延长至疫情解除为止", True),
        ("安排在高考后举行。", True),
        ("每月7日前提交。", True),
        ("每周五中午前报送。", True),
        ("次月5日前汇总。", True),
        ("已经建成并投入使用。", False),
        ("社会后续服务跟上。", False),
        ("补助15万元。", False),
    ],
)
def test_times(text: str, holds: bool) -> None:
    assert holds_kind(Intent.TIME, ask("什么时候建成？"), text) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [("每天8:00—22:00接听。", True), ("晚上10点闭馆。", True), ("自2025年3月1日起接听。", False)],
)
def test_times_of_day(text: str, holds: bool) -> None:
    assert holds_kind(Intent.TIME, ask("热线几点接听？"), text) is holds


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("中心设在哪里？", "中心设在镇卫生院。", True),
        ("中心设在哪里？", "中心設在镇卫生院。", True),
        ("中心设在哪里？", "依托市第二人民医院建设。", True),
        ("中心设在哪里？", "位于文化路。", True),
        ("中心设在哪里？", "配备接线员12名。", False),
        ("基地在哪里？", "建成1个团辅基地和1个服务中心。", False),  # that it is there, not where
        ("招聘会在哪里？", "3月20日\t经济开发区\t专场", True),
        ("中心地址在哪里？", "依托市第二人民医院建设。", False),
        ("中心地址在哪里？", "地址为文化路8号。", True),
        ("由哪家医院承担？", "由市第二人民医院承担。", True),
        # Where to look something up.
        ("补贴政策在哪里查询？", "可登录市民政局官网查阅。", True),
        ("在哪儿能够看到名单？", "名单在微信公众号发布。", True),
        ("在哪里查询补贴政策？", "印发《云岫市就业补贴办事指南》。", True),
        ("在哪里查询补贴政策？", "补贴标准为每人500元。", False),
        ("中心设在哪里？", "印发《云岫市就业补贴办事指南》。", False),
    ],
)
def test_places(question: str, text: str, holds: bool) -> None:
    assert holds_kind(Intent.WHERE, ask(question), text) is holds


def test_other_questions_ask_for_no_kind() -> None:
    for intent in Intent:
        if intent not in {Intent.FIGURE, Intent.TIME, Intent.WHERE}:
            assert not holds_kind(intent, ask("怎么做？"), "2024年在市医院投入12万元。")


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("云岫市有多少所中小学校？", ["中小学校"]),  # after the asking word
        ("全市有多少家医疗机构开设门诊", ["医疗机构"]),
        ("有多少名志愿服务专家", ["志愿", "服务", "专家"]),  # its head is 专家
        ("精神科执业护士有多少人", ["精神科", "执业", "护士"]),  # else the last before it
        ("青少年心理门诊一共有几家", ["青少年", "心理", "门诊"]),
        ("中小学心理辅导室建成多少所", ["辅导室"]),  # of what it is may be told otherwise
        ("高校专职教师师生比是多少", ["师生比"]),
        ("电梯完工了多少部", ["电梯"]),
        ("每部电梯补助多少钱", []),  # money is not counted
        ("财政安排多少经费", []),
        ("贷款贴息比率是多少", ["贷款"]),  # a sentence need not say 比率
        ("学生心理测评怎么做", []),  # nothing is counted
        ("How many schools are there?", []),
    ],
)
def test_the_noun_that_is_counted(question: str, noun: list[str]) -> None:
    assert [term.word for term in counted_noun(ask(question))] == noun


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("热线接听了多少来电？", "设立心理援助热线87654321。", False),  # a number to call
        ("热线接听了多少来电？", "热线87654321接听来电711次。", True),
        ("热线有多少名接线员？", "“12356”热线服务711人次。", False),  # 人次 are not people
        ("热线号码是多少？", "设立心理援助热线87654321。", True),
        ("培训了多少人？", "培训教师300人次。", True),
        ("有多少名心理教师？", "培训教师300人次。", False),
        ("中心有几层楼？", "已建成服务点4处。", False),
        ("中心有几层楼？", "大楼共6层。", True),
    ],
)
def test_figures_of_the_thing_asked_for(question: str, text: str, holds: bool) -> None:
    assert holds_kind(Intent.FIGURE, ask(question), text) is holds


@pytest.mark.parametrize("question", ["有多少名医师？", "什么时候建成？", "中心设在哪里？"])
def test_a_kind_is_asked_for_by_the_intent_that_reads_it(question: str) -> None:
    intent = read_intent(ask(question)).intent
    assert holds_kind(intent, ask(question), "2024年在市医院建成，有医师12名。")


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("什么是助餐点？", "第二条　本办法所称助餐点，是指提供助餐服务的场所。", True),
        ("几岁以下是未成年人？", "本法所称未成年人是指未满十八周岁的公民。", True),
        ("密切接触未成年人的单位是指什么？", "（一）密切接触未成年人的单位，是指学校等机构。", True),
        ("什么是助餐点？", "本办法所称老年人，是指年满六十周岁的公民。", False),
        ("什么是助餐点？", "助餐点应当公布菜价。", False),
    ],
)
def test_definitions(question: str, text: str, holds: bool) -> None:
    assert read_intent(ask(question)).intent is Intent.DEFINITION
    assert holds_kind(Intent.DEFINITION, ask(question), text) is holds


@pytest.mark.parametrize(
    ("asked", "text", "is_named"),
    [
        ("村（社区）级心理咨询室有多少个", "在652所中小学设立心理咨询室", False),
        ("村（社区）级心理咨询室有多少个", "356个村（居）设立心理咨询室", True),
        ("乡镇卫生站有几个", "全市有30个卫生站", False),
        ("乡镇卫生站有几个", "22个镇设有卫生站", True),
        ("心理咨询室有多少个", "在652所中小学设立心理咨询室", True),
    ],
)
def test_the_level_whose_things_are_counted(asked: str, text: str, is_named: bool) -> None:
    assert names_level(ask(asked), text) == is_named
