"""Places in questions as a table, and words that only look like places."""

from __future__ import annotations

import pytest

from rag.retrieval.places import short_names
from tests.retrieval.asking import read


@pytest.mark.parametrize(
    ("text", "places"),
    [
        # Of the catalogue: in full, shortened, nested, several, in traditional script.
        ("霁川市公交车有多少辆？", {"霁川市": ("霁川市",)}),
        ("在霁川坐公交要钱吗", {"霁川": ("霁川市",)}),
        ("鹭原加装电梯补助多少", {"鹭原": ("鹭原县",)}),
        ("砚溪区的心理服务站", {"砚溪区": ("云岫市砚溪区",)}),
        ("云岫市砚溪区的心理服务站", {"云岫市砚溪区": ("云岫市砚溪区",)}),
        ("渝北的社工", {"渝北": ("重庆市渝北区",)}),
        ("渝北区社区服务", {"渝北区": ("重庆市渝北区",)}),
        ("重庆市的社工站", {"重庆市": ("重庆市渝北区",)}),
        ("鹭原县和霁川市的托位数", {"鹭原县": ("鹭原县",), "霁川市": ("霁川市",)}),
        ("漢中市的熱線", {"汉中市": ("汉中市",)}),
        # A city stands for its districts too, itself first.
        ("云岫市学生心理测评由谁牵头？", {"云岫市": ("云岫市", "云岫市砚溪区")}),
        # Of no document: known to the dictionary, invented, nested.
        ("上海的电梯补助", {"上海": ()}),
        ("西藏有热线吗", {"西藏": ()}),
        ("新疆地区的轮休制度", {"新疆地区": ()}),
        ("丽江垃圾分类谁牵头", {"丽江": ()}),
        ("北京市朝阳区的托位数是多少", {"北京市朝阳区": ()}),
        ("澄山市学生心理健康由哪个部门牵头？", {"澄山市": ()}),
        ("霁川市和澄山市的托位数", {"霁川市": ("霁川市",), "澄山市": ()}),
        # No places, whatever they end in or a dictionary says.
        ("全市有多少社区", {}),
        ("社区上门服务怎么做", {}),
        ("我市老旧小区怎么改造", {}),
        ("本县农村道路谁养护", {}),
        ("各县区怎么落实", {}),
        ("各地怎么补助", {}),
        ("哪些地区推广了热线", {}),
        ("老旧小区改造由哪个区牵头", {}),
        ("示范区建设情况", {}),
        ("创建全国文明城市由谁牵头", {}),
        ("智慧城市建设情况", {}),
        ("老城区停车位新建多少个", {}),
        ("上岗培训怎么普及", {}),
        ("城镇职工中断缴费怎么办", {}),
        ("管理全市公园的是谁", {}),
        ("入户走访和上门服务", {}),
        ("境外人员怎么登记", {}),
        ("12356热线", {}),
        # English, by pinyin.
        ("What is the subsidy in Yunxiu City?", {"yunxiu city": ("云岫市",)}),
        ("Yubei District community services", {"yubei district": ("重庆市渝北区",)}),
        ("Hanzhong's hotline number", {"hanzhong's": ("汉中市",)}),
        ("the elevator subsidy in Beijing City", {"beijing": ()}),
        ("Which department leads waste sorting?", {}),
        # English, of no document: provinces and cities by name, others by their pinyin.
        ("How many nurses work in Chengdu schools?", {"chengdu": ()}),
        ("hotlines in Xi'an and Inner Mongolia", {"xi'an": (), "inner mongolia": ()}),
        ("Shaanxi's subsidy", {"shaanxi": ()}),
        ("How many buses run in Qingshui?", {"qingshui": ()}),
        ("bus routes in Rongcheng County", {"rongcheng": ()}),
        ("subsidies in case of illness and in line with the rules", {}),
        ("How is it said in Chinese, and how in Putonghua?", {}),
        ("What happened in June in China?", {}),
    ],
)
def test_places(text: str, places: dict[str, tuple[str, ...]]) -> None:
    assert {place.written: place.names for place in read(text).places} == places


def test_a_city_in_english_is_looked_for_by_its_chinese_name() -> None:
    assert [place.short for place in read("buses in Chengdu, Harbin and Qingshui").places[:2]] == ["成都", "哈尔滨"]


def test_a_place_in_full_filters_by_itself_and_a_city_by_what_its_districts_share() -> None:
    assert [place.key for place in read("砚溪区的服务站").places] == ["云岫市砚溪区"]
    assert [place.key for place in read("云岫市的服务站").places] == ["云岫"]


def test_places_come_in_the_order_in_which_they_are_named() -> None:
    assert [place.short for place in read("石狮市、汉中市与鹭原县的比较").places] == ["石狮", "汉中", "鹭原"]


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("重庆市渝北区", ("重庆市渝北区", "渝北区", "渝北", "重庆市", "重庆")),
        ("鹭原县", ("鹭原县", "鹭原")),
        ("内蒙古自治区", ("内蒙古自治区", "内蒙古")),
        ("滨海新区", ("滨海新区", "滨海")),
        ("四川省德阳市广汉市", ("四川省德阳市广汉市", "广汉市", "广汉", "德阳市", "德阳", "四川省", "四川")),
        ("兵团", ("兵团",)),
    ],
)
def test_short_names(place: str, names: tuple[str, ...]) -> None:
    assert short_names(place) == names
