"""Another thing's figure does not pass for that of the thing asked for."""

from __future__ import annotations

import pytest

from rag.answering.subject import asked_of_it, telling_nouns, unknown_nouns
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Status

from .conftest import IndexOf

ALL = Scope.everything()

LINES = {
    "a.txt": "青禾市交通运输局\n\n青交发〔2024〕3号\n\n关于轨道交通建设进度的通知\n\n各区：\n\n轨道交通1号线于2021年6月开通。\n\n"
    "轨道交通二号线2025年底建成。\n\n对首次参保的企业一次性奖励20万元。\n\n"
    "6月9日，在中心广场举办青禾市第八届乘车礼让大赛。\n\n首批示范站点由区政府挂牌。\n\n青禾市交通运输局\n\n2024年5月6日\n"
}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("青禾市轨道交通1号线什么时候开通？", "2021年6月"),
        ("青禾市轨道交通2号线什么时候建成？", "2025年底"),
        ("青禾市轨道交通3号线什么时候建成？", None),
        ("青禾市首次参保的企业奖励多少？", "20万元"),
        ("青禾市首次上市的企业奖励多少？", None),
        ("青禾市第八届乘车礼让大赛什么时候举办？", "6月9日"),
        ("青禾市第七届乘车礼让大赛什么时候举办？", None),
        ("青禾市第七届乘车礼让大赛在哪里举办？", None),
        ("青禾市首批示范站点由谁挂牌？", "区政府"),
        ("青禾市第一批示范站点由谁挂牌？", "区政府"),
        ("青禾市第二批示范站点由谁挂牌？", None),
    ],
)
def test_only_the_thing_asked_for_answers(index_of: IndexOf, question: str, words: str | None) -> None:
    answer = index_of(LINES).answerer.answer(question, scope=ALL)
    if words is None:
        assert answer.status is Status.NO_EVIDENCE
    else:
        assert words in answer.text


PARTS = {
    "a.txt": "青禾市住房和城乡建设局\n\n青住发〔2021〕3号\n\n关于老旧小区改造的通知\n\n各区：\n\n“十四五”期间全市改造老旧小区612个。"
    "其中2021年改造108个，2024年改造124个。\n\n青禾市住房和城乡建设局\n\n2021年5月6日\n"
}


def test_the_sum_does_not_pass_for_the_figure_of_a_year_named_after_it(index_of: IndexOf) -> None:
    assert "612" not in index_of(PARTS).answerer.answer("青禾市2024年改造老旧小区多少个？", scope=ALL).text
    assert "612个" in index_of(PARTS).answerer.answer("青禾市全市改造老旧小区多少个？", scope=ALL).text


HOTLINE = {
    "a.txt": "青禾市卫生健康局\n\n青卫发〔2024〕7号\n\n关于心理援助热线的通知\n\n各区：\n\n开通心理援助热线，全天有人接听。\n\n"
    "举办校园心理剧大赛，12所学校参加。\n\n全市有8家医疗机构开设心理门诊。\n\n在30所中小学建设心理咨询室。\n\n"
    "各镇街在社会工作站安排专职社会工作者46名。\n\n青禾市卫生健康局\n\n2024年5月6日\n",
    "b.txt": "白石市卫生健康局\n\n白卫发〔2024〕2号\n\n关于热线的通知\n\n各区：\n\n心理援助热线免费，青少年心理门诊有3家，接线员9名。\n\n"
    "白石市卫生健康局\n\n2024年5月6日\n",
}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("青禾市的心理援助热线免费吗？", None),  # said of another place's
        ("白石市的心理援助热线免费吗？", "免费"),
        ("白石市的心理援助热线要收费吗？", "免费"),
        ("青禾市的心理援助热线要收费吗？", None),
        ("青禾市心理援助电话晚上有人接听吗？", "全天"),
        ("青禾市的心理援助热线有人接听吗？", "接听"),
        ("青禾市校园心理剧大赛一等奖是哪个学校？", None),
        ("青禾市校园心理剧大赛有多少所学校参加？", "12所"),
        ("青禾市青少年心理门诊有几家？", None),  # 8家 are not for them
        ("青禾市心理门诊有几家？", "8家"),
        ("青禾市心理援助热线有多少名接线员？", None),
        ("青禾市有多少名专职社工？", "46名"),  # 社工 is short for 社会工作者
    ],
)
def test_what_is_asked_of_a_thing_must_be_said_of_it(index_of: IndexOf, question: str, words: str | None) -> None:
    answer = index_of(HOTLINE).answerer.answer(question, scope=ALL)
    if words is None:
        assert answer.status is Status.NO_EVIDENCE
    else:
        assert words in answer.text


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("热线是免费的吗？", "免费"),
        ("热线要不要收费？", "收费"),
        ("大赛一等奖是哪个学校？", "一等奖"),
        ("门诊在哪里？", "门诊"),
        ("热线怎么打？", None),
        ("开通热线的目的是什么？", None),  # 目的 only asks
        ("Is the hotline free?", None),
    ],
)
def test_what_is_asked_of_it(sample: Reader, question: str, word: str | None) -> None:
    found = asked_of_it(sample.searcher.understand(question, scope=ALL))
    assert (found.word if found else None) == word


def test_words_that_ask_are_no_unknown_nouns(sample: Reader) -> None:
    read = sample.searcher.understand
    assert unknown_nouns(read("霁川市硕士毕业生购房补贴多少钱？", scope=ALL), sample.searcher) == ("购房",)
    assert unknown_nouns(read("云岫市心理测评是什么意思？", scope=ALL), sample.searcher) == ()
    assert unknown_nouns(read("How much is the housing grant?", scope=ALL), sample.searcher) == ()


def test_a_road_of_another_level_is_another_road(sample: Reader) -> None:
    assert sample.answerer.answer("望舒县省道多少公里？", scope=Scope.everything()).status is Status.NO_EVIDENCE
    assert "县道312公里" in sample.answerer.answer("望舒县县道多少公里？", scope=Scope.everything()).text


OF_OTHERS = {
    "a.txt": "青禾市交通运输局\n\n青交发〔2023〕12号\n\n关于客运航班和轨道交通优待的通知\n\n各区：\n\n一、对新开的国际客运航班，每班次奖励2万元。\n\n"
    "二、年满65周岁的老年人凭优待证免费乘坐轨道交通。\n\n三、候机楼屋顶绿化面积占屋顶面积的比例不低于40%。\n\n"
    "四、客运企业二级资质的申请材料在政务服务平台提交，五个工作日内办结。\n\n青禾市交通运输局\n\n2023年5月6日\n",
    "b.txt": "白石市人民政府办公室\n\n白政办发〔2023〕8号\n\n关于印发货运物流发展方案的通知\n\n各区：\n\n一、支持货运航班和货运企业发展。\n\n"
    "二、残疾人就业按规定给予补贴。\n\n三、推广屋顶光伏。\n\n四、机构改革按计划推进，三级资质企业加强监管。\n\n五、方便市民，产生的费用由市财政承担。\n\n"
    "白石市人民政府办公室\n\n2023年6月1日\n",
}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("青禾市新开的国际客运航班每班次奖励多少万元？", "2万元"),
        ("青禾市新开的国际货运航班每班次奖励多少万元？", None),
        ("青禾市老年人怎么乘坐轨道交通？", "免费"),
        ("青禾市残疾人怎么乘坐轨道交通？", None),
        ("青禾市屋顶绿化面积比例不低于多少？", "40%"),
        ("青禾市屋顶光伏面积比例不低于多少？", None),
    ],
)
def test_what_tells_the_thing_apart_must_stand_in_the_document(
    index_of: IndexOf, question: str, words: str | None
) -> None:
    answer = index_of(OF_OTHERS).answerer.answer(question, scope=ALL)
    if words is None:
        assert answer.status is Status.NO_EVIDENCE
    else:
        assert words in answer.text


@pytest.mark.parametrize(
    ("question", "noun", "tells"),
    [
        ("青禾市国际货运航班每班次奖励多少？", "货运", True),
        ("青禾市残疾人乘坐轨道交通要带哪些材料？", "残疾人", True),
        ("青禾市残疾人乘坐轨道交通要带哪些材料？", "材料", False),  # what is asked for
        ("青禾市县级屋顶绿化有多少？", "县级", False),  # a county is said in other words
        ("航班取消了，残疾人补贴怎么申请？", "航班", False),  # not the clause that asks
        ("青禾市候车室怎么装光伏？", "光伏", True),
        ("青禾市候车室怎么装充电桩？", "充电桩", False),  # no document has it
        ("青禾市市民怎么乘坐轨道交通？", "市民", False),  # a city's people are those it serves
        ("青禾市屋顶绿化产生的钱怎么算？", "产生", False),
        ("How are the disabled treated?", "残疾人", False),
    ],
)
def test_the_nouns_that_tell_a_thing_apart(index_of: IndexOf, question: str, noun: str, tells: bool) -> None:
    searcher = index_of(OF_OTHERS).searcher
    found = {term.word for term in telling_nouns(searcher.understand(question, scope=ALL), searcher)}
    assert (noun in found) is tells


CLINICS = {
    "a.txt": "青禾市卫生健康局\n\n青卫函〔2024〕9号\n\n关于睡眠服务建议的答复\n\n代表：\n\n全市5家医疗机构开设睡眠门诊。"
    "在县中医院、妇幼保健院开设心理门诊。\n\n依托东塘镇卫生院成立市康复服务中心。推广12356心理援助热线，电话随时接听。"
    "在城西社区设立助餐配送站，站里有送餐热线0999-6543210。\n\n联系人：甲某，联系电话：0999-6540000\n\n"
    "青禾市卫生健康局\n\n2024年5月6日\n"
}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("青禾市心理门诊开设在哪几家医院？", "县中医院"),
        ("青禾市睡眠门诊开设在哪几家医院？", None),  # told how many, not which
        ("青禾市康复服务中心设在哪个卫生院？", "东塘镇卫生院"),
        # The number of a facility is neither another line nor that of who wrote the reply.
        ("青禾市康复服务中心的电话是多少？", None),
        ("What is the phone number of the Qinghe clinic?", None),
        ("青禾市心理援助热线的电话是多少？", "12356"),
    ],
)
def test_where_the_very_thing_is_and_its_number(index_of: IndexOf, question: str, words: str | None) -> None:
    answer = index_of(CLINICS).answerer.answer(question, scope=ALL)
    if words is None:
        assert answer.status is Status.NO_EVIDENCE
    else:
        assert words in answer.text
