"""How many of generated numbers are masked in sentences of replies, and how much that is public is left alone.

The numbers cannot be real: mobiles and landlines with a run of zeros in the middle, identity numbers of a district
``00``, some with a check digit that is right and some with one that is wrong.
"""

from __future__ import annotations

import random

import pytest

from rag.domain.personal import MASK, masked
from rag.loaders import load
from rag.parsing.canonical import canonicalize
from rag.parsing.personal import find_personal_data

from .personal_frames import FIGURES, FRAMES, LATER_FRAMES, PUBLISHED, digits, filled

PHONE_FRAMES = [
    "联系人：李某某，联系电话：{}。",
    "（联系人：李某；电话：{}）",
    "(联系人：办公室李某，{})",
    "联系人及电话：王某某 {}",
    "承办人：王某\n联系电话：{}\n2024年5月6日",
    "分管领导：王某某\n经办人员：李某某\n联系电话：{}",
    "经办人：李某（{}）",
    "联 系 人：李 某    联 系 电 话：{}",
    "联系人\t李某\t电 话\t{}",
    "单位\t联系人\t联系电话\n市教育局\t李某某\t{}\n市民政局\t王某\t无",
    "姓名\t职务\t手机\n李某某\t科长\t{}",
    "如有疑问，请与我局李某某联系，联系方式：{}，谢谢支持。",
    "请联系市卫健委医政科李某（办公电话：{}）。",
    "您可以在工作时间与我单位联系，电话号码是{}，我们将及时答复。",
    "该同志的办公电话为{}，请代为转告。",
    "填表人：李某 电话：{} 日期：2024年5月",
    "反映人王某某，手机或座机：{}，反映小区噪声扰民。",
    "传真：{}    邮编：618300",
    "联系单位：市教育局基教科 电话：{}",
    "主办人：李某某；联系电话（办）：{}",
    "联络员：王某，联络电话：{}；",
    "Contact: Li Mou, Tel: {}",
]
MOBILE_FRAMES = [
    "来信人留下手机{}，希望尽快回复。",
    "李某某{}",
    "1.李某某，{}；2.王某某，无。",
    "群众王某（{}）来电反映，其所在村道路破损。",
    "微信同号{}，加好友请备注。",
    "紧急情况下直接拨打{}与李某联系。",
    "包村干部李某某{}，负责日常巡查。",
    "附件：报名表发至{}，逾期不再受理。",
    "服务热线12345之外，还可联系网格员王某{}。",
    "tel{}",
    "Tel.{}",
    "河长：王某某 {}",
]
IDENTITY_FRAMES = [
    "李某某，男，身份证号：{}，住本市。",
    "身份证号码{}",
    "申请人王某（公民身份号码：{}）",
    "当事人：李某某，{}。",
    "王某某（身份证：{}）经查属实",
    "姓名\t身份证号\t金额\n李某某\t{}\t500元",
    "有效证件号码为{}的申请人已通过审核。",
    "现将{}名下社保转移情况答复如下",
    "身份证件号码： {} ；户籍所在村",
    "证件号码（身份证）：{}",
]
HARMLESS = [
    "广教体函〔2023〕{n4}号",
    "对政协第九届三次会议第{n4}号提案的答复",
    "渝北卫健函〔2024〕{n2}号，第00{n2}号建议",
    "总投资{n8}元，已拨付{n7}元。",
    "合同金额为1380000{n4}元",
    "全年完成投资{n11}元，同比增长{n2}.{n2}%",
    "统一社会信用代码：9151068{n4}{n7}",
    "统一社会信用代码 12510681{n8}0X",
    "组织机构代码{n8}-{n1}",
    "注册号：510681{n9}",
    "成文日期：2024年{m}月{d}日",
    "2024-{m}-{d}至2025-{m}-{d}",
    "根据《中华人民共和国社会保险法》第{n2}条第{n1}款",
    "截至2023年底，全市共有学校{n3}所、学生{n6}人。",
    "覆盖人口{n7}人，服务{n8}人次",
    "ISBN 978-7-{n5}-{n3}-{n1}",
    "ISBN：9787{n9}",
    "ISSN 1000-{n4}",
    "GB/T 9704-2012，GB {n5}-2016",
    "邮政编码：{n6}",
    "备案编号：20240{n6}",
    "项目编号：5106812024{n7}",
    "项目代码：2024-510681-04-01-{n6}",
    "订单号{n11}",
    "流水号：138{n8}",
    "拨打12345或12356热线咨询",
    "全国统一客服400-{n3}-{n4}",
    "市心理援助热线{n8}全天开通",
    "举报电话：0838-{n7}，监督电话：{n7}",
    "咨询电话：（010）{n8}",
    "设立24小时心理援助热线（电话：{n8}）",
    "服务电话：{n8}",
    "监督举报电话 0717-{n7}",
    "固定电话用户{n7}户，移动电话用户{n7}户",
    "联系人：办公室",
    "市政府办公地址：青溪市人民路{n2}号",
    "投诉邮箱：qxs{n3}@163.com",
    "经度104.{n6}，纬度30.{n6}",
    "{n3}\t{n4}\t{n5}\t{n6}",
    "{n2}.{n2}万平方米，{n4}.{n2}公里",
    "批准文号：国药准字H{n8}",
    "第{n3}次常务会议，编号2023{n7}",
]
MOST_MISSED = 0.001
MOST_FALSE = 0.005


def _landline(chance: random.Random) -> str:
    area = chance.choice(["010", "023", "0838", "0717", "0599"])
    local = f"{chance.randint(2, 8)}{chance.randint(0, 99):02}0000{chance.randint(0, 9)}"
    if len(area) == 4:
        local = local[:7]
    return chance.choice(
        [
            f"{area}-{local}",
            f"({area}){local}",
            f"（{area}） {local}",
            f"{area} {local}",
            f"{area}－{local}",
            f"{area}—{local}",
            f"{area}{local}",
            local,
            f"{local[:-4]} {local[-4:]}",
            f"{local[:-4]}-{local[-4:]}",
            f"{area}-{local}-801",
            f"{area}-{local}转8012",
            f"{local}转801",
            f"{area}-{local}（分机8012）",
            f"+86-{area[1:]}-{local}",
            _wide(f"{area}-{local}"),
        ]
    )


def _mobile(chance: random.Random) -> str:
    head = chance.choice(["130", "135", "139", "147", "150", "166", "173", "188", "191", "199"])
    number = f"{head}0000{chance.randint(0, 9999):04}"
    return chance.choice(
        [
            number,
            f"{number[:3]} {number[3:7]} {number[7:]}",
            f"{number[:3]}-{number[3:7]}-{number[7:]}",
            f"{number[:3]}—{number[3:7]}—{number[7:]}",
            f"{number[:4]}-{number[4:7]}-{number[7:]}",
            f"{number[:3]} {number[3:]}",
            f"{number[:7]} {number[7:]}",
            f"{number[:3]}.{number[3:7]}.{number[7:]}",
            f"+86{number}",
            f"+86 {number}",
            f"(+86){number}",
            f"86-{number}",
            f"0086{number}",
            _wide(number),
            _wide(f"{number[:3]}-{number[3:7]}-{number[7:]}"),
        ]
    )


def _identity(chance: random.Random) -> str:
    region = chance.choice(["110100", "510600", "500100", "420500"])
    day = f"{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    if chance.random() < 0.25:
        return f"{region}{chance.randint(30, 99)}{day}{chance.randint(0, 999):03}"
    body = f"{region}{chance.randint(1930, 2020)}{day}{chance.randint(0, 999):03}"
    right = "10X98765432"[sum(int(c) * pow(2, 17 - at, 11) for at, c in enumerate(body)) % 11]
    number = body + (right if chance.random() < 0.5 else chance.choice("0123456789X"))
    return chance.choice(
        [number, number.lower(), _wide(number), f"{number[:6]} {number[6:14]} {number[14:]}", f"{number[:6]}-{number[6:14]}-{number[14:]}"]
    )  # fmt: skip


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _cases() -> list[tuple[str, str]]:
    chance = random.Random(20241122)
    cases = []
    for _ in range(60):
        cases += [(frame, _landline(chance) if chance.random() < 0.6 else _mobile(chance)) for frame in PHONE_FRAMES]
        cases += [(frame, _mobile(chance)) for frame in MOBILE_FRAMES]
        cases += [(frame, _identity(chance)) for frame in IDENTITY_FRAMES]
    return cases


def _is_masked(frame: str, number: str) -> bool:
    text = frame.format(number)
    at = frame.index("{}")
    shown = masked(text, find_personal_data(text))[at : at + len(number)]
    # A country code tells nothing of anybody, nor do the words 转 and 分机.
    return sum(c.isdigit() for c in shown) <= 2 + 2 * number.startswith("00") if "86" in number[:5] else not any(
        c.isdigit() for c in shown
    )  # fmt: skip


def test_generated_phones_and_identity_numbers_are_masked():
    cases = _cases()
    missed = [frame.format(number) for frame, number in cases if not _is_masked(frame, number)]
    assert len(cases) >= 2_000
    assert len(PHONE_FRAMES) + len(MOBILE_FRAMES) + len(IDENTITY_FRAMES) >= 40
    assert len(missed) <= MOST_MISSED * len(cases), missed[:20]


def test_what_is_public_or_no_number_of_anybody_is_left():
    chance = random.Random(5)
    texts = []
    for _ in range(50):
        values = {f"n{n}": str(chance.randint(10 ** (n - 1), 10**n - 1)) for n in range(1, 12)}
        values |= {"m": f"{chance.randint(1, 12):02}", "d": f"{chance.randint(1, 28):02}"}
        texts += [frame.format(**values) for frame in HARMLESS]
    wrong = [text for text in texts if find_personal_data(text)]
    assert len(texts) >= 2_000
    assert len(wrong) <= MOST_FALSE * len(texts), wrong[:20]


@pytest.mark.parametrize("frames", [FRAMES, LATER_FRAMES], ids=["first", "later"])
def test_numbers_written_in_any_way_are_masked_in_frames_that_the_rules_were_not_written_for(frames):
    chance = random.Random(7)
    numbers, missed = 0, []
    for frame in frames:
        for _ in range(8):
            text, kinds, left = filled(frame, chance)
            numbers += kinds.total()
            shown = canonicalize(load(text.encode(), "a.txt")).text
            if not left.fullmatch(digits(shown)):
                missed.append((text, shown))
    assert numbers >= 400
    assert missed == []


@pytest.mark.parametrize("text", [*PUBLISHED, *FIGURES])
def test_published_numbers_and_figures_are_left(text):
    assert find_personal_data(text) == ()


def test_no_published_number_is_lost_beside_a_personal_one():
    text = "联系人：李某，0717-6000000；监督电话：0717-6100000，心理援助热线67000000，也可拨打12345。"
    shown = masked(text, find_personal_data(text))
    assert digits(shown) == "0717610000067000000" + "12345"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a name on either side of somebody's own number, and through what a form says of him
        ("举报人王某某（0717-6000000）", f"举报人{MASK * 3}（{MASK * 4}-{MASK * 7}）"),
        ("市运管处李某（联系电话13900000000）", f"市运管处{MASK * 2}（联系电话{MASK * 11}）"),
        ("李某，男，汉族，1985年生，身份证号110100198501010000", f"{MASK * 2}，男，汉族，1985年生，身份证号{MASK * 18}"),
        ("13900000000（李某）", f"{MASK * 11}（{MASK * 2}）"),
        ("姓名\n李某\n电话\n13900000000", f"姓名\n{MASK * 2}\n电话\n{MASK * 11}"),
        ("可向镇党委书记李某咨询和反映，联系电话：0717-6000000", f"可向镇党委书记{MASK * 2}咨询和反映，联系电话：{MASK * 4}-{MASK * 7}"),
        # no name: an office, a place, a word
        ("副主任医师 13900000000", f"副主任医师 {MASK * 11}"),
        ("高新区 13900000000", f"高新区 {MASK * 11}"),
        ("如有问题可咨询和反映，联系电话：0717-6000000", f"如有问题可咨询和反映，联系电话：{MASK * 4}-{MASK * 7}"),
        ("周一至周五 13900000000", f"周一至周五 {MASK * 11}"),
        ("常州 13900000000", f"常州 {MASK * 11}"),
    ],
)  # fmt: skip
def test_a_name_beside_a_personal_number_is_masked(text, expected):
    assert masked(text, find_personal_data(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("家庭住址：青溪市人民路12号3栋2单元501室，电话无", "家庭住址：" + MASK * 18 + "，电话无"),
        ("王某某家住青溪镇和平村三组，反映道路问题", "王某某家住" + MASK * 8 + "，反映道路问题"),
        ("反映青溪小区3栋2单元501室漏水", MASK * 15 + "漏水"),
        ("邮箱：limou0000@qq.com", "邮箱：" + MASK * 16),
        ("银行卡号：6222 0000 0000 0000 000", f"银行卡号：{MASK * 4} {MASK * 4} {MASK * 4} {MASK * 4} {MASK * 3}"),
        ("护照号码：E00000000", f"护照号码：{MASK * 9}"),
    ],
)
def test_addresses_mailboxes_and_cards_are_masked(text, expected):
    assert masked(text, find_personal_data(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "本办法适用于居住在本市的老年人，户籍所在地的公安机关负责登记。",
        "办公地址：青溪市人民路12号行政中心3号楼501室",
        "新建住宅12栋、地下车库3座，改造老旧小区46个",
        "意见反馈邮箱：qingxi@163.com",
        "请发至edu@qingxi.gov.cn",
    ],
)
def test_what_is_no_home_and_no_private_mailbox_is_left(text):
    assert find_personal_data(text) == ()
