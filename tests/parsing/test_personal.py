from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.personal import MASK, masked
from rag.parsing.personal import find_personal_data

from .builders import needs_seeds, seed

M = MASK


def mask_contacts(text):
    return masked(text, find_personal_data(text))


# Names here are made of a surname and 某; numbers are invented.
MASKED = [
    ("(联系人：李某某，电话：2600000)", f"(联系人：{M * 3}，电话：{M * 7})"),
    ("联系人\t李某某\t电 话\t13900000000", f"联系人\t{M * 3}\t电 话\t{M * 11}"),
    ("联系人：李某某，联系电话：67100000。", f"联系人：{M * 3}，联系电话：{M * 8}。"),
    ("责任领导：李某\n联系电话：6200000", f"责任领导：{M * 2}\n联系电话：{M * 7}"),
    ("分管领导：李某某\n经办人员：王某某", f"分管领导：{M * 3}\n经办人员：{M * 3}"),
    ("承办人：李某", f"承办人：{M * 2}"),
    ("联 系 人：李  某", f"联 系 人：{M}  {M}"),
    ("聯繫人：李某", "聯繫人：李某"),  # no such label in the documents at hand
    # a department before the names stays, and so do its separators
    ("联系人：某处远洋渔业处  李某、王某某", f"联系人：某处远洋渔业处  {M * 2}、{M * 3}"),
    ("联系人：办公室 李某，13900000000", f"联系人：办公室 {M * 2}，{M * 11}"),
    ("联系人：张某（市卫健委），2600000", f"联系人：{M * 2}（市卫健委），{M * 7}"),
    ("联系人：张某 2600000；李某 2600001", f"联系人：{M * 2} {M * 7}；{M * 2} {M * 7}"),
    ("联系人及联系电话：张某 2600000", f"联系人及联系电话：{M * 2} {M * 7}"),
    ("联系人：王主任 电话2600000", f"联系人：{M * 3} 电话{M * 7}"),
    ("联系人：欧阳某某", f"联系人：{M * 4}"),
    ("联系人：阿依·某某", f"联系人：{M * 5}"),
    ("联系人：\n李某某", f"联系人：\n{M * 3}"),
    ("联系人 李某 电话 2600000", f"联系人 {M * 2} 电话 {M * 7}"),
    # numbers with area codes and extensions, several at once, full width
    ("电话：010-59100000，59100001", f"电话：{M * 3}-{M * 8}，{M * 8}"),
    ("电话：（0838）5200000", f"电话：（{M * 4}）{M * 7}"),
    ("办公电话：0916-2600000转801", f"办公电话：{M * 4}-{M * 11}"),
    ("传真：2600000", f"传真：{M * 7}"),
    ("手机：１３９００００００００", f"手机：{M * 11}"),
    ("136 0000 0000 或 136-0000-0000", f"{M * 3} {M * 4} {M * 4} 或 {M * 3}-{M * 4}-{M * 4}"),
    ("微信同号+8613900000000。", f"微信同号+86{M * 11}。"),
    ("身份证号110101199001010000", f"身份证号{M * 18}"),
    ("身份证号11010119900101000X", f"身份证号{M * 18}"),
    # No month and day of a year: only the label tells, also one that follows a Chinese character at once.
    ("申请人ID：11010119900000000X", f"申请人ID：{M * 18}"),
    ("PAID 11010119900000000X", "PAID 11010119900000000X"),
    # the name right before a mobile, and what stands after a title
    ("1.李某某，13900000000；2.办公室", f"1.{M * 3}，{M * 11}；2.办公室"),
    ("网格员：王某（手机13900000000）", f"网格员：{M * 2}（手机{M * 11}）"),
    ("河长制办公室 13900000000", f"河长制办公室 {M * 11}"),
    ("请联系李科长：2600000", f"请联系李科长：{M * 7}"),
    ("联系单位及电话：市教育局，2600000", f"联系单位及电话：市教育局，{M * 7}"),
    # tables: the cells below a label
    (
        "姓名\t单位\t手机\n李某\t市卫健委\t13900000000\n王某某\t市教育局\t2600000",
        f"姓名\t单位\t手机\n{M * 2}\t市卫健委\t{M * 11}\n{M * 3}\t市教育局\t{M * 7}",
    ),
    ("单位\t联系人\t联系电话\n市卫健委\t李某\t2600000", f"单位\t联系人\t联系电话\n市卫健委\t{M * 2}\t{M * 7}"),
]


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_masks(text, expected):
    assert mask_contacts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "推广“12356”心理援助热线，联系电话：12345",
        "设立全区心理援助热线 67100000，提供 7×24 小时服务",
        "咨询电话：0838-5200000，监督电话：5200001",
        "服务热线电话67100000",
        "电话：400-600-0000",
        "心理援助热线（电话：67100000）",
        "青溪市人民医院 0838-5200000",
        "咨询电话：010-59100000、010-59100001",
        "签发人：李某某",
        "李某某委员：",
        "各地联系人要及时报送情况。负责人应当签字。",
        "联系人：办公室",
        "联系人：医政科",
        "责任人：各镇政府",
        "主要负责人：各单位主要领导",
        "姓名\t职务\n李某\t组长",  # a list of members is no contact data
        "全市652所学校，2018年安排200万元，邮政编码：443000",
        "统一社会信用代码12345678901234567A",
        "渝北卫健函〔2024〕90号，第0018号建议",
        "累计2000000000元",
        "没有数字也没有标签",
    ],
)
def test_leaves_what_is_public(text):
    assert mask_contacts(text) == text


_PIECES = st.lists(
    st.sampled_from(
        [
            "联系人：",
            "电话：",
            "李某",
            "2600000",
            "13900000000",
            "，",
            "\n",
            "\t",
            "（",
            "）",
            "姓名",
            "手机",
            " ",
            "办公室",
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(st.text(max_size=200), _PIECES))
def test_length_and_line_ends_hold(text):
    masked = mask_contacts(text)
    assert len(masked) == len(text)
    assert all(after in (before, MASK) for before, after in zip(text, masked, strict=True))
    assert masked.count("\n") == text.count("\n")
    assert masked.count("\t") == text.count("\t")


@needs_seeds
@pytest.mark.parametrize(
    ("number", "lines"),
    [
        ("000", [f"(联系人：{M * 3}，电话：{M * 7})", f"联系人\t{M * 3}\t电 话\t{M * 11}"]),
        (
            "001",
            [f"责任领导：{M * 3}", f"联系电话：{M * 7}", f"承办人：{M * 2}", f"联系电话：{M * 7}", "邮政编码：443000"],
        ),
        ("002", [f"分管领导：{M * 3}", f"经办人员：{M * 3}", f"联系电话：{M * 8}"]),
        ("003", []),
        ("004", [f"联系人：{M * 3}，联系电话：{M * 8}。"]),
    ],
)
def test_the_real_documents(number, lines):
    doc = seed(number)
    found = doc.text.split("\n")
    assert [line for line in found if MASK in line or line.startswith("邮政编码")] == lines


@needs_seeds
def test_hotlines_of_the_real_documents_stay():
    assert "12356" in seed("000").text
    assert "67319162" in seed("004").text
