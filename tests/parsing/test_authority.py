"""Rank and place of texts by their names (效力位阶): kinds of titles as official texts have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.parsing.authority import Authority, Rank, authority_of, name_of
from rag.parsing.gazetteer import PROVINCE_OF, PROVINCES, lie_together, parts


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("中华人民共和国宪法", Rank.LAW),
        ("中华人民共和国宪法修正案（2018年）", Rank.LAW),
        ("中华人民共和国民法典 第六百五十七条", Rank.LAW),
        ("中华人民共和国民法典第三百八十七条", Rank.LAW),
        ("中华人民共和国刑法修正案（十一）", Rank.LAW),
        ("中华人民共和国公司法（2023年修订）", Rank.LAW),  # 公司法 ends like 司法
        ("中华人民共和国预算法", Rank.LAW),  # and this like 算法
        ("中华人民共和国香港特别行政区驻军法", Rank.LAW),
        ("中華人民共和國勞動法", Rank.LAW),
        ("反分裂国家法", Rank.LAW),
        ("全国人民代表大会常务委员会关于加强网络信息保护的决定", Rank.LAW),
        ("中华人民共和国食品安全法实施条例", Rank.REGULATION),
        ("中华人民共和国海关行政处罚实施办法", Rank.REGULATION),  # 办法 is no 法
        ("殡葬管理条例", Rank.REGULATION),
        ("城市房地产开发经营管理条例 第三条", Rank.REGULATION),
        ("行政区域界线管理条例", Rank.REGULATION),
        ("保税区海关监管办法", Rank.REGULATION),
        ("村庄和集镇规划建设管理条例", Rank.REGULATION),
        ("对外承包工程管理条例", Rank.REGULATION),
        ("中国公民出国旅游管理办法", Rank.REGULATION),
        ("国务院关于职工工作时间的规定", Rank.REGULATION),
        ("国务院办公厅转发国家发展改革委关于清理规范收费意见的通知", Rank.REGULATION),
        ("中华人民共和国国务院令（第450号） 重大动物疫情应急条例", Rank.REGULATION),
        ("最高人民法院关于审理工伤保险行政案件若干问题的规定", Rank.JUDICIAL),
        ("最高人民法院 最高人民检察院关于办理盗窃刑事案件适用法律若干问题的解释", Rank.JUDICIAL),
        ("关于审理非法行医刑事案件具体应用法律若干问题的解释", Rank.JUDICIAL),
        ("人民检察院刑事诉讼规则（试行）", Rank.JUDICIAL),
        ("教育部办公厅关于做好普通高校招生工作的通知", Rank.MINISTRY),
        ("中华人民共和国卫生部令（第37号） 疫情信息报告管理办法", Rank.MINISTRY),
        ("国务院联防联控机制关于做好春节期间工作的通知", Rank.MINISTRY),
        ("关于加强外墙保温工程管理的通知", Rank.UNKNOWN),
        ("市民反映小区停车难的情况", Rank.UNKNOWN),
        ("推广网上办事的新方法", Rank.UNKNOWN),
        ("", Rank.UNKNOWN),
        (None, Rank.UNKNOWN),
    ],
)
def test_rank_of_a_text_that_names_no_place(title: str | None, rank: Rank) -> None:
    assert authority_of(title) == Authority(rank)


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("杭州市电梯安全管理条例", "杭州市"),
        ("河南省实施《中华人民共和国水法》办法", "河南省"),
        ("新疆维吾尔自治区公共安全条例", "新疆维吾尔自治区"),
        ("山东省铁路安全管理条例", "山东省"),
        ("安阳市红旗渠保护条例", "安阳市"),
        ("新疆生产建设兵团国有资产监督管理办法", "新疆生产建设兵团"),
        ("深圳经济特区中医药条例 第八条", "深圳经济特区"),
        ("景宁畲族自治县促进惠明茶产业发展条例", "景宁畲族自治县"),
        ("湘西土家族苗族自治州矿产资源条例", "湘西土家族苗族自治州"),
        ("重庆市渝北区人民政府关于加强养老服务的意见", "重庆市渝北区"),
        ("义乌市人民政府办公室关于印发燃气管理办法的通知", "义乌市"),
        ("中共北京市委关于深化改革的意见", "北京市"),
        ("中国（上海）自由贸易试验区条例", "上海"),
        ("绍兴黄酒保护和发展条例", "绍兴"),
        ("2025年云南省政府工作报告", "云南省"),
        ("关于印发《茂林镇秋冬季防火方案》的通知", "茂林镇"),
        ("解读《宁波市住宅物业管理条例》", "宁波市"),
        ("北京市高级人民法院关于审理劳动争议案件若干问题的解答", "北京市"),
        ("省教育厅关于公布评选结果的通知", None),
        ("关于开展2021年度全省质量自查的通知", None),
        ("市卫生健康委员会关于印发工作要点的通知", None),
    ],
)
def test_texts_of_a_place(title: str, place: str | None) -> None:
    assert authority_of(title) == Authority(Rank.LOCAL, place)


@pytest.mark.parametrize(
    ("title", "issuer", "place", "expected"),
    [
        ("关于加强养老服务的意见", "云岫市民政局", "云岫市", Authority(Rank.LOCAL, "云岫市")),
        ("关于加强养老服务的意见", "民政部", None, Authority(Rank.MINISTRY)),
        ("关于加强养老服务的意见", "国务院", None, Authority(Rank.REGULATION)),
        ("关于加强养老服务的意见", "某某集团", None, Authority(Rank.UNKNOWN)),
        ("财务管理办法", "某某集团", None, Authority(Rank.UNKNOWN)),
        ("关于办理行政复议案件若干问题的规定", "云岫市司法局", "云岫市", Authority(Rank.LOCAL, "云岫市")),
        # A text of the state stays one, whoever put it on a page of his own.
        (
            "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）",
            "云岫市司法局",
            "云岫市",
            Authority(Rank.JUDICIAL),
        ),
        ("中华人民共和国劳动合同法实施条例", "云岫市司法局", "云岫市", Authority(Rank.REGULATION)),
        ("中华人民共和国安全生产法", "云岫市应急管理局", "云岫市", Authority(Rank.LAW)),
        ("养老服务条例", "云岫市人大常委会", "云岫市", Authority(Rank.LOCAL, "云岫市")),
    ],
)
def test_what_the_issuer_adds(title: str, issuer: str, place: str | None, expected: Authority) -> None:
    assert authority_of(title, issuer, place) == expected


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("中华人民共和国民法典 第一千二百六十条", "中华人民共和国民法典"),
        ("中华人民共和国刑法 第一百七十五条之一", "中华人民共和国刑法"),
        ("中华人民共和国公司法（2023年修订）", "中华人民共和国公司法"),
        ("人民检察院刑事诉讼规则（试行）", "人民检察院刑事诉讼规则"),
        ("最高人民法院关于适用《中华人民共和国合同法》若干问题的解释（一）", "最高人民法院关于适用《中华人民共和国合同法》若干问题的解释（一）"),
    ],
)  # fmt: skip
def test_names_of_texts(title: str, name: str) -> None:
    assert name_of(title) == name


@given(st.text(st.sampled_from("中华人民共和国法条例关于省市县区杭州印发《》（）第一2024年 \n\t"), max_size=40))
def test_any_title_has_a_rank_and_only_local_ones_a_place(title: str) -> None:
    rank, place = authority_of(title)
    assert place is None or (rank is Rank.LOCAL and place)


# ------------------------------------------------------------------------------------------ places


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("杭州市", ("浙江", "杭州")),
        ("浙江省", ("浙江",)),
        ("浙江", ("浙江",)),
        ("重庆市渝北区", ("重庆", "渝北")),
        ("北京市朝阳区", ("北京", "朝阳")),  # another 朝阳 than that of 辽宁
        ("广西壮族自治区", ("广西",)),
        ("深圳经济特区", ("广东", "深圳")),
        ("湘西土家族苗族自治州", ("湖南", "湘西")),
        ("景宁畲族自治县", ("景宁",)),
        ("云岫市砚溪区", ("云岫", "砚溪")),
        ("云岫", ("云岫",)),
    ],
)
def test_parts_of_a_place(place: str, expected: tuple[str, ...]) -> None:
    assert parts(place) == expected


@pytest.mark.parametrize(
    ("place", "other", "together"),
    [
        ("杭州市", "浙江省", True),
        ("浙江省", "杭州市", True),
        ("杭州", "杭州市西湖区", True),
        ("重庆市渝北区", "渝北区", True),
        ("杭州市", "宁波市", False),
        ("杭州市", "江苏省", False),
        ("重庆市渝北区", "重庆市江北区", False),
        ("广西壮族自治区", "玉林", True),
    ],
)
def test_places_that_lie_together(place: str, other: str, together: bool) -> None:
    assert lie_together(place, other) is together
    assert lie_together(other, place) is together


def test_every_province_is_there_and_no_city_twice() -> None:
    cities = [city for under in PROVINCES.values() for city in under]
    assert len(PROVINCES) == 34
    assert len(cities) == len(set(cities)) == len(PROVINCE_OF)
