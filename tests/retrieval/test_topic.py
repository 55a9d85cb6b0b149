"""Words that carry a question, as a table."""

from __future__ import annotations

import pytest

from rag.retrieval.topic import INTERROGATIVE, without_courtesy
from tests.retrieval.asking import read


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("云岫市学生心理测评由谁牵头？", {"学生", "心理", "测评"}, {"云岫", "云岫市", "谁", "由"}),
        ("2024年云岫市有多少所中小学校？", {"中小学校"}, {"2024", "多少", "所", "年"}),
        ("北岭那几个村的路", {"北岭", "路"}, {"个村"}),
        ("护士几个人", {"护士"}, {"个人"}),
        ("请问加装电梯怎么补助", {"电梯", "补助"}, {"请问", "怎么"}),
        ("由市民政局牵头的任务", {"民政局", "任务"}, {"由市"}),
        ("三份文件里哪些答复是B类的", {"答复"}, {"份文件", "文件"}),
        ("方案中提到的养老服务", {"养老"}, {"方案"}),
        ("通知中心的电话", {"通知", "电话"}, set()),
        ("哪些镇用购买服务的办法开展助餐", {"购买", "助餐"}, {"办法"}),
        ("补贴办法是什么", {"补贴", "办法"}, set()),
        ("助餐从哪一年开始试点", {"助餐", "试点"}, {"开始", "一年"}),
        ("村里谁来照看精神病人", {"精神病人"}, {"村里"}),
        ("校里有没有心理咨询室", {"心理"}, {"校里"}),
        ("公路里程有多长", {"里程"}, set()),
        ("三年内要建成的助老队伍", {"队伍"}, {"内要", "内"}),
        ("热线何时开始", {"热线", "开始"}, set()),
        ("12356热线什么时候启用", {"12356", "热线", "启用"}, {"什么", "时候"}),
        ("岫建发〔2024〕27号的公开属性", {"公开", "属性"}, {"27", "2024", "岫"}),
        ("How many elevators does Yunxiu City have?", {"elevators"}, {"how", "many", "does", "have", "yunxiu"}),
        ("Which department leads waste sorting?", {"waste sorting", "leads"}, {"which", "waste"}),
    ],
)
def test_terms(text: str, present: set[str], absent: set[str]) -> None:
    words = {term.word for term in read(text).terms}
    assert present <= words
    assert not absent & words


def test_english_terms_carry_their_chinese_renderings() -> None:
    found = {term.word: term.alternatives for term in read("When was the hotline launched in March?").terms}
    assert found["hotline"][0] == "热线"
    assert found["march"] == ("3月",)


def test_verbs_and_lone_characters_are_counted_on_less() -> None:
    shares = {term.word: term.share for term in read("加装电梯的站").terms}
    assert shares["电梯"] == 1.0
    assert 0 < shares["站"] < shares["加装"] < 1.0


@pytest.mark.parametrize("word", ["多少名", "哪些部门", "什么时候", "由谁", "怎么", "有没有", "何时", "多久", "如何"])
def test_words_that_ask(word: str) -> None:
    assert INTERROGATIVE.search(word)


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("请问，加装电梯怎么补助？谢谢！", "加装电梯怎么补助"),
        ("您好，我想咨询一下，托位费是多少，麻烦告诉我一下，谢谢", "托位费是多少"),
        ("领导您好，请问一份合同要交多少印花税，盼复。", "一份合同要交多少印花税"),
        ("你好，想了解一下：公交几点收班", "公交几点收班"),
        # No courtesies: the words are the topic, or nothing else is there.
        ("咨询服务平台由谁建设", "咨询服务平台由谁建设"),
        ("感谢信怎么写", "感谢信怎么写"),
        ("谢谢", "谢谢"),
        ("您好", "您好"),
    ],
)
def test_greetings_and_thanks_are_left_out(text: str, core: str) -> None:
    assert without_courtesy(text) == core
    assert read(text).core == core
    assert read(text).text == text
