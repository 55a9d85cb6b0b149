"""Yes or no is said only when the words of the documents bear it."""

from __future__ import annotations

import pytest

from rag.answering.polarity import Polarity, asks_yes_or_no, polarity_of
from rag.app.reader import Reader
from rag.domain.access import Scope

ALL = Scope.everything()
YES, NO = Polarity.YES, Polarity.NO


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("65岁以上老人坐公交免费吗？", True),
        ("助餐场所用电是否执行居民价格？", True),
        ("能不能带宠物乘车？", True),
        ("Can children ride for free?", True),
        ("补助是多少，能不能叠加？", False),
        ("是公开还是不公开？", False),
        ("哪些人可以申请？", False),
        ("Is it open, and since when?", False),
        ("老人免费乘车", False),
    ],
)
def test_questions_for_yes_or_no(sample: Reader, question: str, asks: bool) -> None:
    assert asks_yes_or_no(sample.searcher.understand(question, scope=ALL)) is asks


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("助餐场所用水用电是否执行居民价格？", "助餐场所用水、用电、用气执行居民价格。", YES),
        ("助餐场所用水用电是否执行居民价格？", "助餐场所用水、用电不执行居民价格。", NO),
        ("扩大门诊限额的建议采纳了吗？", "因此，该建议目前尚不能采纳，留作参考。", None),  # 建议 may be another one
        ("幼儿园是否停止收费？", "幼儿园一律停止收费。", YES),
        ("校车是否超员？", "校车严禁超员。", NO),
        ("登记处还能办理结婚登记吗？", "登记处暂停办理结婚登记。", NO),
        ("企业要不要缴纳上市年费？", "免收企业应缴纳的上市年费。", None),  # not yes
        ("老人是否免费乘车？", "除节假日外，老人免费乘车。", None),  # not always
        ("老人是否免费乘车？", "老人原则上免费乘车。", None),
        ("老人是否免费乘车？", "公交票价1元。", None),  # another thing
        ("学校是否配备校医？", "学校配备校医，但村小未配备。", None),  # some do not
        # What is named exactly must be there exactly.
        ("22所乡镇医院都设了心理科吗？", "22所乡镇医院已有19所设了心理科。", None),  # not all
        ("乡镇医院都设了心理科吗？", "乡镇医院均设了心理科。", YES),
        ("热线是6月启用的吗？", "热线于4月启用。", None),  # another month
        ("热线是4月启用的吗？", "热线于4月启用。", YES),
        ("培训是三天吗？", "培训为期3天。", YES),
        ("培训是五天吗？", "培训为期3天。", None),
        ("有7家市级医院开设门诊吗？", "3家市级医院开设门诊，其他7家机构年内开设门诊。", None),  # 7 of another kind
        ("助餐点由市民政局建设吗？", "助餐点由市财政局建设。", None),  # another agency
        ("助餐点由市民政局建设吗？", "助餐点由市民政局建设。", YES),
        ("梧桐区的助餐点比云岫市多吗？", "梧桐区有助餐点30个。", None),  # one of two
        ("助餐场所不执行居民价格吗？", "助餐场所执行居民价格。", None),  # 是 and 否 would both mislead
        ("热线没有开通吗？", "热线已开通。", None),
        ("心理援助热线收费吗？", "心理援助热线免费。", None),  # told by its opposite: no 是
    ],
)
def test_what_a_sentence_bears(sample: Reader, question: str, sentence: str, expected: Polarity | None) -> None:
    read = sample.searcher.understand(question, scope=ALL)
    assert polarity_of(read, sentence, sample.searcher) is expected


@pytest.mark.parametrize(
    ("question", "opens"),
    [
        ("棠湾市助餐场所用水用电是否执行居民价格？", "是。棠湾市民政局"),
        ("坐霁川市的公交车能不能带宠物狗？", "霁川市人民政府"),
        ("棠湾市助餐场所用水用电有没有执行居民价格？", "有。棠湾市民政局"),
        ("望舒县的建制村是否都通了硬化路？", "望舒县交通运输局"),
        ("鹭原县每千人口托位数是多少？", "鹭原县卫生健康局"),
        ("云岫市医校协作行动由市教育局牵头吗？", "否。云岫市"),
        ("云岫市医校协作行动的牵头单位是市卫生健康委吗？", "是。云岫市"),
        ("云岫市医校协作行动由谁牵头？", "云岫市"),
    ],
)
def test_an_answer_opens_with_it(sample: Reader, question: str, opens: str) -> None:
    assert sample.answerer.answer(question, scope=ALL).text.startswith(opens)
