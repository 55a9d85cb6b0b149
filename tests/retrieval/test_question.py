"""Question understanding as a table: what a question names, and what it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.question import INTERROGATIVE, Question, short_names, understand
from rag.retrieval.terms import TermTable, shipped_terms

PLACES = ("云岫市", "云岫市砚溪区", "霁川市", "重庆市渝北区", "汉中市", "鹭原县", "石狮市")


def read(text: str) -> Question:
    return understand(text, places=PLACES, load_terms=shipped_terms)


# ------------------------------------------------------------------------------------------- places


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
    ],
)
def test_places(text: str, places: dict[str, tuple[str, ...]]) -> None:
    assert {place.written: place.names for place in read(text).places} == places


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
        ("四川省德阳市广汉市", ("四川省德阳市广汉市", "广汉市", "广汉", "德阳市", "德阳", "四川省", "四川")),
        ("兵团", ("兵团",)),
    ],
)
def test_short_names(place: str, names: tuple[str, ...]) -> None:
    assert short_names(place) == names


# ---------------------------------------------------------------------------- years, numbers, scripts


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年补助多少", (2024,)),
        ("到2025年底的目标", (2025,)),
        ("2023—2025年的目标", (2023, 2025)),
        ("2023年至2025年每年多少", (2023, 2025)),
        ("2023-2025年计划", (2023, 2025)),
        ("2020年和2024年的标准分别是多少", (2020, 2024)),
        ("２０２４年", (2024,)),
        ("二〇二四年安排多少资金", (2024,)),
        ("二○一九年收到多少件申请", (2019,)),
        ("community services in 2024", (2024,)),
        ("How many routes at the end of September 2023?", (2023,)),
        # No years: a 文号's, a quantity, a telephone number.
        ("岫建发〔2024〕27号的公开属性", ()),
        ("补助12024元", ()),
        ("12356热线", ()),
        ("近三年的变化", ()),
    ],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    assert read(text).years == years


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("岫建发〔2024〕27号的公开属性", ("岫建发〔2024〕27号",)),
        ("岫建发[2024]27号是什么", ("岫建发〔2024〕27号",)),
        ("岫建发（2024）27号", ("岫建发〔2024〕27号",)),
        ("岫建發［２０２４］２７號", ("岫建发〔2024〕27号",)),
        ("岫建发〔2024〕27号、岫教函〔2024〕33号", ("岫建发〔2024〕27号", "岫教函〔2024〕33号")),
        ("岫建发〔2024〕27号，岫建发(2024)27号", ("岫建发〔2024〕27号",)),
        ("第27号提案", ()),
    ],
)
def test_document_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text).document_numbers == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("第0087号提案谁主办", ("87",)),
        ("0087号提案的答复", ("87",)),
        ("市政协第454号提案", ("454",)),
        ("第 18 号建议的答复", ("18",)),
        ("第0号建议", ("0",)),
        ("岫建发〔2024〕27号的答复", ()),  # a 文号 is no proposal
        ("12345热线", ()),
    ],
)
def test_proposal_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text).proposal_numbers == numbers


# -------------------------------------------------------------------------------------------- terms


@pytest.mark.parametrize(
    ("text", "present", "absent"),
    [
        ("云岫市学生心理测评由谁牵头？", {"学生", "心理", "测评"}, {"云岫", "云岫市", "谁", "由"}),
        ("2024年云岫市有多少所中小学校？", {"中小学校"}, {"2024", "多少", "所", "年"}),
        ("请问加装电梯怎么补助", {"电梯", "补助"}, {"请问", "怎么"}),
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


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("Which department leads?", True),
        ("What does 岫建发〔2024〕27号 say about elevators?", True),
        ("云岫市的WiFi覆盖率", False),
        ("12356", False),
        ("GDP", False),
        ("？", False),
    ],
)
def test_language(text: str, is_english: bool) -> None:
    assert read(text).is_english is is_english


def test_the_table_of_terms_is_loaded_for_english_only() -> None:
    def load() -> TermTable:
        raise AssertionError("a Chinese question needs no English terms")

    assert understand("谁牵头？", load_terms=load).terms


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("云岫市学生心理测评由哪个部门牵头？", "学生心理测评由部门牵头"),
        ("请问 2024 年补助标准是多少？", "补助标准"),
        ("哪里？", "哪里？"),  # nothing is left: the question itself
    ],
)
def test_subject(text: str, subject: str) -> None:
    assert read(text).subject == subject


@pytest.mark.parametrize("word", ["多少名", "哪些部门", "什么时候", "由谁", "怎么", "有没有", "何时", "多久", "如何"])
def test_words_that_ask(word: str) -> None:
    assert INTERROGATIVE.search(word)


@given(st.text(st.sampled_from("云岫市鹭原县区号第〔〕()2024年5多少谁a the in，。？ \n"), max_size=60))
def test_any_text_is_understood_the_same_every_time(text: str) -> None:
    first = read(text)
    assert read(text) == first
    assert all(place.written and place.short for place in first.places)
    assert all(1900 <= year < 2100 for year in first.years)
    assert len({term.word for term in first.terms}) == len(first.terms)
