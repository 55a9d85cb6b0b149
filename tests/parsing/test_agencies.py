from __future__ import annotations

import pytest

from rag.parsing.agencies import looks_like_agency, mentions, normalize, same_agency, split_units, take_apart

# Spellings of one body.
FAMILIES = [
    "市卫生健康委员会 市卫健委 市卫健局 市卫生健康局 市卫生健康委 市卫计委 市卫生和计划生育局 市卫生计生委 市衛生健康委員會 市卫健委等相关部门",
    "市教育体育局 市教体局 市教育和体育局 市教體局",
    "市人力资源和社会保障局 市人社局 市人力资源社会保障局 市人社局等部门 市人力社保局",
    "市市场监督管理局 市市场监管局",
    "市发展和改革委员会 市发改委 市发改局 市发展改革委 市发展和改革局",
    "市应急管理局 市应急局",
    "市经济和信息化局 市经信局 市经信委 市经济信息化局",
    "市经济信息化和科学技术局 市经信科技局",
    "市医疗保障局 市医保局",
    "市文化和旅游局 市文旅局",
    "市住房和城乡建设局 市住建局 市住房城乡建设局",
    "共青团市委 团市委 共青团市委员会",
    "市妇女联合会 市妇联",
    "市残疾人联合会 市残联",
    "市委政法委员会 市委政法委",
    "市委宣传部 市宣传部 市委宣传部（市文明办） 中共市委宣传部",
    "市委网络安全和信息化委员会办公室 市网信办 市委网信办",
    "市关心下一代工作委员会 市关工委",
    "市人民检察院 市检察院",
    "市红十字会",
    "教育部门 教育行政部门 教育主管部门",
    "司法行政部门 司法行政 司法行政等部门 司法部门",
    "卫生健康部门 卫健部门 卫生健康行政部门 卫生部门 卫生健康",
]


@pytest.mark.parametrize("names", FAMILIES, ids=lambda names: names.split()[0])
def test_spellings_of_one_body_meet(names):
    assert {normalize(name) for name in names.split()} == {names.split()[0]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("省卫健委", "市卫健委"),
        ("市卫健委", "区卫健局"),
        ("汉中市卫健委", "宜昌市卫健委"),
        ("市教育局", "市教体局"),  # two bodies of one field
        ("市教育局", "市教育委员会"),
        ("市民政局", "市财政局"),
        ("团市委", "团区委"),
        ("市人民政府", "市人民政府办公室"),
        ("市委办公室", "市政府办公室"),
        ("国家卫生健康委", "省卫生健康委"),
    ],
)
def test_different_bodies_never_meet(one, other):
    assert normalize(one) != normalize(other)


@pytest.mark.parametrize("name", ["各镇（街道）人民政府", "各在广高校", "市级各部门", "某某协会", "市铁路办", ""])
def test_unknown_names_come_back_as_they_are(name):
    assert normalize(name) == name


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("教育部门", "市教体局", True),
        ("教育部门", "市教育局", True),
        ("市教育局", "广汉市教育局", True),
        ("卫健局", "市卫健委", True),
        ("卫生健康部门", "市卫健局", True),
        ("公安", "市公安局", True),
        ("团市委", "共青团汉中市委", True),
        ("市民政局", "区民政局", False),
        ("教育部门", "市民政局", False),
        ("各部门", "各部门", True),
        ("各部门", "市民政局", False),
        ("市委政法委", "政法部门", True),
    ],
)
def test_same_agency(one, other, expected):
    assert same_agency(one, other) is expected
    assert same_agency(other, one) is expected


def test_taking_apart():
    name = take_apart("重庆市渝北区卫健委")
    assert (name.place, name.body) == ("重庆市渝北区", "卫生健康委员会")
    assert str(name) == "重庆市渝北区卫生健康委员会"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公安、司法行政部门在社会心理服务中负责什么？", [("公安", "公安部门"), ("司法行政部门", "司法行政部门")]),
        ("市教体局和卫健部门牵头哪些工作", [("市教体局", "市教育体育局"), ("卫健部门", "卫生健康部门")]),
        ("广汉市卫健局负责什么", [("市卫健局", "市卫生健康委员会")]),
        ("团市委、市委政法委怎么分工", [("团市委", "共青团市委"), ("市委政法委", "市委政法委员会")]),
        ("教育主管部门的职责", [("教育主管部门", "教育部门")]),
        # 市教育部门 is a department of the city, and no ministry.
        ("云岫市教育部门牵头多少项任务？", [("市教育部门", "市教育部门")]),
        ("云岫市市场监管部门配合几项", [("市市场监管部门", "市市场监管部门")]),
        ("渝北区教育主管部门负责什么", [("区教育主管部门", "区教育部门")]),
        ("省卫健行政部门、教育部管什么", [("省卫健行政部门", "省卫生健康部门"), ("教育部", "教育部")]),
        ("市公安、司法行政部门负责什么", [("市公安", "市公安部门"), ("司法行政部门", "市司法行政部门")]),
        ("城市民政部门和社区教育部门管什么", [("民政部门", "民政部门"), ("教育部门", "教育部门")]),
        ("市場監管局管什么", [("市場監管局", "市场监督管理局")]),
        ("各镇（街道）人民政府负责什么", [("各镇（街道）人民政府", "各镇（街道）人民政府")]),
        ("市铁路建设办公室负责什么", [("市铁路建设办公室", "市铁路建设办公室")]),
        ("社保中心什么时候开始对外办公", []),
        ("市外办负责什么", [("市外办", "市人民政府外事办公室")]),
        ("哪些部门牵头学生心理工作？", []),
        ("市场上有多少家医院", []),
        ("", []),
    ],
)
def test_mentions(text, expected):
    assert [(span.of(text), name) for span, name in mentions(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市公安局、市司法局", ["市公安局", "市司法局"]),
        ("市委宣传部（市文明办）、各镇（街道）人民政府", ["市委宣传部（市文明办）", "各镇（街道）人民政府"]),
        ("市人力资源和社会保障局和市民政局", ["市人力资源和社会保障局", "市民政局"]),
        ("市教育局及市财政局", ["市教育局", "市财政局"]),
        ("发展和改革委员会", ["发展和改革委员会"]),
        ("各县（市、区）人民政府，市直各部门", ["各县（市、区）人民政府", "市直各部门"]),
        ("省、市、县人民政府", ["省、市、县人民政府"]),
        ("党委和人民政府", ["党委和人民政府"]),
        (" 市公安局 、\n市司法局；", ["市公安局", "市司法局"]),
        ("、，", []),
        ("", []),
    ],
)
def test_lists_are_cut(text, expected):
    assert [span.of(text) for span in split_units(text)] == expected


@pytest.mark.parametrize(
    "name",
    "市卫健委 各部门 各镇（街道）人民政府 各在广高校 市人社局等部门 公安 市供电公司 各相关单位 市委宣传部（市文明办） 县融媒体中心 村委会 人民银行".split(),
)
def test_names_of_agencies(name):
    assert looks_like_agency(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "加强组织领导机构",
            "主要负责同志",
            "各单位的部门",
            "局",
            "",
            "我市将推进工作",
            "建设",
            "详见附件",
            "市卫健委（市疾控局",
            "工作任务",
        ),
        *("通过购买服务的方式由单位", "人" * 60 + "局"),
    ],
)
def test_other_words_are_no_agencies(name):
    assert not looks_like_agency(name)
