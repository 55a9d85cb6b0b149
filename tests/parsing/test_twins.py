"""What is one document in several files, and what only looks like it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from rag.domain.document import Elements, Proposal, ProposalBody
from rag.parsing.twins import Compared, agree, are_twins

WORDS = (
    "完善 建立 推进 落实 加强 健全 优化 开展 组织 引导 机制 平台 服务 网点 设施 队伍 制度 资金 监管 培训 社区 学校 医院 家庭 企业 "
    "居民 老人 儿童 教师 医生 志愿者 定期 逐步 全面 重点 统筹 协调 检查 评估 公示 宣传 走访 登记 核查 配备 改造 新建 扩建 维护"
).split()


def body(seed, sentences=45):
    choose = random.Random(seed)
    made = []
    for number in range(1, sentences + 1):
        words = "".join(choose.choices(WORDS, k=12))
        made.append(f"{words}，{number}月安排{choose.randint(100, 999)}处、{choose.randint(1000, 9999)}人次。")
    return "\n".join(made)


def misread(text, share, seed=0, letters="人入日曰未末土士己已干于"):
    choose = random.Random(seed)
    return "".join(choose.choice(letters) if c.strip() and choose.random() < share else c for c in text)


ELEMENTS = Elements(
    title="关于完善社区助餐网点的答复",
    document_number="岚民函〔2024〕31号",
    issuer="岚湾市民政局",
    proposal=Proposal(ProposalBody.CPPCC, "五届三次会议", "0412", "关于完善社区助餐网点的提案"),
    issued_on=date(2024, 6, 20),
)
TEXT = f"岚民函〔2024〕31号\n关于完善社区助餐网点的答复\n{body(1)}\n岚湾市民政局\n2024年6月20日"
PRINTED = Compared(TEXT, ELEMENTS, is_recognised=False)


def scanned(text, elements=ELEMENTS):
    return Compared(text, elements, is_recognised=True)


def other(text=TEXT, **elements):
    return Compared(text, replace(ELEMENTS, **elements), is_recognised=False)


def both(one, two):
    """Twins are twins either way round."""
    assert are_twins(one, two) == are_twins(two, one)
    return are_twins(one, two)


def test_the_same_text_laid_out_otherwise_is_a_twin():
    assert both(PRINTED, other(TEXT.replace("\n", " \n\n").replace("，", ",")))


def test_a_site_around_the_text_does_not_matter():
    page = f"当前位置：首页 > 政务公开\n发布时间：2024-06-28\n{TEXT}\n分享到：打印 关闭"
    assert both(PRINTED, other(page, title="关于完善社区助餐网点的答复_岚湾市民政局"))


def test_numbering_that_one_format_loses_does_not_matter():
    lines = TEXT.split("\n")
    assert both(
        PRINTED, other("\n".join([*lines[:2], *(f"{n}. {line}" for n, line in enumerate(lines[2:-2], 1)), *lines[-2:]]))
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_scan_with_two_percent_of_characters_misread_is_a_twin(seed):
    assert both(PRINTED, scanned(misread(TEXT, 0.02, seed)))


def test_a_written_text_that_differs_as_much_is_none():
    assert not both(PRINTED, other(misread(TEXT, 0.03)))


def test_one_misread_character_in_an_element_does_not_part_a_scan():
    assert both(PRINTED, scanned(misread(TEXT, 0.01), replace(ELEMENTS, document_number="岚民函〔2024〕37号")))
    assert both(PRINTED, scanned(misread(TEXT, 0.01), replace(ELEMENTS, title="关于完善社区助餐网占的答复")))
    assert not both(PRINTED, other(document_number="岚民函〔2024〕37号"))


@pytest.mark.parametrize(
    "differing",
    [
        {"document_number": "岚民函〔2024〕32号", "proposal": replace(ELEMENTS.proposal, number="0413")},
        {"document_number": "岚民函〔2024〕32号", "issued_on": date(2024, 6, 21)},
        {"issued_on": date(2023, 6, 19)},
        {"title": "关于完善社区日间照料的答复"},
        {"title": "2023年关于完善社区助餐网点的答复", "issued_on": date(2023, 6, 20)},
        {"issuer": "汐川县教育局"},
        {"proposal": Proposal(ProposalBody.NPC, "五届三次会议", "0412")},
    ],
)
@pytest.mark.parametrize("is_recognised", [False, True])
def test_the_same_words_under_other_elements_are_another_document(differing, is_recognised):
    assert not both(PRINTED, Compared(TEXT, replace(ELEMENTS, **differing), is_recognised))


def test_what_only_one_has_says_nothing():
    bare = Compared(TEXT, Elements(), is_recognised=False)
    assert both(PRINTED, bare)


def test_names_of_one_organ_agree():
    assert agree(other(issuer="岚湾市卫健委"), other(issuer="岚湾市卫生健康委员会"))
    assert agree(other(issuer="岚湾市民政局", co_issuers=("岚湾市财政局",)), other(issuer="岚湾市财政局"))


def test_two_replies_from_one_template_are_two():
    """Without elements to go by: what is asked and answered differs between the same courtesies."""
    opening, closing = body(2, 15), body(3, 15)
    one, two = (f"{opening}\n{body(seed, 10)}\n{closing}" for seed in (4, 5))
    assert not both(Compared(one, Elements(), False), Compared(two, Elements(), False))
    assert not both(Compared(one, Elements(), False), Compared(two, Elements(), True))


def test_the_notice_of_another_year_is_another_notice():
    """Only figures differ, and the parser found no element."""
    last_year = "".join(str((int(c) + 3) % 10) if c.isdigit() else c for c in TEXT)
    assert not both(Compared(TEXT, Elements(), False), Compared(last_year, Elements(), False))
    assert not both(Compared(TEXT, Elements(), False), Compared(last_year, Elements(), True))


LAW = "岚湾市市容条例\n（{})\n" + "\n".join(f"第{n}条 {body(n, 2)}" for n in range(10, 30))
PASSED = "2011年7月1日岚湾市第三届人民代表大会常务委员会第八次会议通过"
REVISED = "根据2019年9月26日岚湾市第五届人民代表大会常务委员会第十二次会议《关于修改市容条例的决定》修正"


@pytest.mark.parametrize("is_recognised", [False, True])
def test_a_law_and_its_revision_are_two(is_recognised):
    old = Compared(LAW.format(PASSED), Elements(title="岚湾市市容条例"), False)
    new = Compared(LAW.format(f"{PASSED} {REVISED}"), Elements(title="岚湾市市容条例"), is_recognised)
    assert not both(old, new)
    assert both(old, replace(old, is_recognised=is_recognised))


def test_a_revision_that_adds_an_article_is_another_law():
    old = LAW.format("")
    new = old + "\n第三十条 " + body(99, 9)
    assert not both(Compared(old, Elements(), False), Compared(new, Elements(), False))


def test_an_annex_that_one_lacks_parts_them():
    """Behind its twin it could not be found."""
    assert not both(PRINTED, other(TEXT + "\n附件\n" + body(6, 12)))
    assert not both(PRINTED, scanned(TEXT + "\n附件\n" + body(6, 12)))
