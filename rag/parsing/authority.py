"""The rank of a text among official texts (效力位阶) and the place it holds for.

After the Legislation Law (立法法, 2023) art. 98–102: constitution and laws stand above administrative regulations,
those above rules of ministries and texts of places; and a text of a place holds in that place alone. The name of a text tells:
art. 58 and the drafting rules (立法技术规范) have a text of a place open with the place's name, and only laws end in 法.

Read from names as they stand, such as::

    中华人民共和国食品安全法实施条例                          administrative regulation
    殡葬管理条例 第三条                                       administrative regulation: no place is named
    河南省实施《中华人民共和国水法》办法                      text of a place, 河南省
    深圳经济特区中医药条例                                    text of a place, 深圳
    最高人民法院关于审理工伤保险行政案件若干问题的规定        judicial interpretation
    关于印发《茂林镇秋冬季防火方案》的通知                    text of a place, 茂林镇
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rag.parsing.gazetteer import AUTONOMOUS, KNOWN, SUFFIX
from rag.parsing.places import is_national
from rag.text import simplify, squeeze


class Rank(IntEnum):
    """Rank of a text, highest first; ``UNKNOWN`` where its name does not tell."""

    LAW = 0  # 宪法、法律、全国人大及其常委会的决定
    REGULATION = 1  # 行政法规、国务院文件
    JUDICIAL = 2  # 司法解释、司法文件
    MINISTRY = 3  # 部门规章、部委文件
    LOCAL = 4  # 地方性法规、地方政府规章、地方文件
    UNKNOWN = 5


class Authority(NamedTuple):
    """Rank of a text and the place it holds for: ``None`` for the whole country, and for a place that is not told."""

    rank: Rank
    place: str | None = None


_ARTICLE = re.compile(r"(?<=\S)\s*第[〇零一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?$")
_VERSION = re.compile(
    r"\s*[（(\[〔](?:\d{4}年?)?[^（）()〔〕\[\]]{0,12}?(?:修订|修正|试行|暂行|草案|节录|废止|失效|[\d年月日\-.]+)[^（）()〔〕\[\]]{0,6}[）)\]〕]$"
)

# What is said about another text is about that text's place: 解读《…》, 关于印发《…》的通知.
_WRAPPED = re.compile(
    r"^[^《]{0,40}?(?:印发|发布|公布|下发|转发|解读|修订|修改)[^《]{0,6}《([^《》]{4,60})|^《([^《》]{4,60})》[^《]{0,12}(?:解读|政策问答|说明)"
)
_PARTY = re.compile(r"^(?:中国共产党|中共|共青团|中国共产主义青年团)(?!中央)")
_FREE_TRADE_ZONE = re.compile(r"^中国[（(]([\u4e00-\u9fff]{2,3})[）)]自由贸易")

# Names that are words too stand for a place with 市 only: 来宾接待, 长治久安, 安康工程, 中山装.
_WORDS_TOO = frozenset(
    "来宾 长治 安康 白银 黄山 中山 兴安 北海 阿里 中卫 广安 朝阳 大同 山南 凉山 红河 怒江 海东 海北 海西 黄南 泰安 平潭"
    " 德州 天门 南平 常德 三明 永州 保定".split()
)
_KNOWN = re.compile(rf"(?P<name>{KNOWN})(?:(?P<suffix>{SUFFIX})|(?!铁路局|海事法院|海关|银行|[铁高]路))")
# 重庆市渝北区: what goes on after a place that is known.
_BELOW_KNOWN = re.compile(
    rf"[\u4e00-\u9fff]{{1,6}}?{AUTONOMOUS}|[\u4e00-\u9fff]{{2,4}}?(?:街道|乡(?!村|镇))"
    r"|[^\W委和]{1,4}?(?:市(?![场政委区级直])|县(?![级委直域])|区(?![域委级直划])|旗(?![渠帜袍舰下])|新区|镇(?![区级]))"
)
# A place that the table does not have, told by its last character; what stands before it must be no common word.
_UNKNOWN = re.compile(
    rf"[\u4e00-\u9fff]{{1,6}}?{AUTONOMOUS}"
    r"|[\u4e00-\u9fff]{2,3}(?:市(?![场政级值])|县(?![级域])|区(?![域划级间])|(?<!城)镇(?![级区])|街道)"
)
_NO_PLACE = re.compile(
    r"^(?:关于|对|在|国|全|各|中华|中央|中国|人民|最高|本|我|实施|城市|农村|社会|行政|保税|开发|自然|工业|高新|经济|民族|特别|出口|乡镇|集镇|县级|市级|省级|地级)"
    r"|(?:示范|试点|重点|贫困|先进|特大|中小|中心|试验|保护|功能|名胜|加工|合作|度假|居住|住宅|涵养|荣誉)[市县区镇]$"
    r"|[社小校园景城灾库矿牧林辖直洪油老街住]区$|[古大]县$|[村集乡城]镇$|[地慧致范明生林能型]城市$|^市|上市|推进|促进|民用|村庄"
)
# 省教育厅关于…, 全县…: of some place, which the name does not tell.
_SOME_PLACE = re.compile(
    r"^(?:(?:关于(?:开展|做好|印发)?)?(?:\d{4}年度?)?[全本我](?:省|市|县|区|自治区|州)|(?:省|市|县|区|自治区|州)(?=\S{2,10}[厅局委会办]))(?![场])"
)
_YEAR = re.compile(r"^\d{4}年度?")
_STATE = re.compile(r"^(?:中华人民共和国|中国|中央|全国|国家)")
_OF_THE_STATE = re.compile(r"^(?:中华人民共和国|国务院|最高人民)")
_ORDER = re.compile(r"^中华人民共和国(?P<council>国务院)?[\u4e00-\u9fff]{0,12}令")
_NAME_OF_LAW = re.compile(r"(?:(?<!办)法|法典|宪法|通则)$|(?:宪法|刑法)修正案(?:[（(][一二三四五六七八九十]+[）)])?$")
_NOT_NAME_OF_LAW = re.compile(r"(?:方|看|说|做|想|用|司|执|普|立|守|违|合|无|书|疗|语|算|魔)法$")
_CONGRESS = re.compile(r"^(?:中华人民共和国)?(?:第.{1,3}届)?全国人民代表大会|^全国人大")
_COURT = re.compile(
    r"^(?:最高人民|人民法院|人民检察院|两高|最高法|最高检)"
    r"|(?:审理|办理|审判).{2,60}(?:案件|纠纷).{0,30}(?:解释|规定|批复|意见|纪要)(?:[（(][一二三四五六七八九十]+[）)])?$|适用法律.{0,20}(?:解释|规定|批复)"
)
_COUNCIL = re.compile(
    r"^(?:国务院(?!国资|国有资产|扶贫|侨务|港澳|台湾事务|发展研究|联防|应对|安委|安全生产|食品安全)|中共中央(?!\S{2,4}部)|中央军委|党中央)"
)
_STATUTE = re.compile(r"(?:条例|办法|规定|细则|规则|规范)$")
_NOTICE = re.compile(r"^(?:关于|印发|转发|解读|对(?!外)|《)|(?:通知|公告|通告|意见|函|批复|答复|方案|解读|报告|决定)$")


def name_of(title: str) -> str:
    """Return the name of the text that a title names, simplified: without 第…条 at its end and （2018年修正）."""
    return _name(_ARTICLE.sub("", title.strip()))


@lru_cache(maxsize=4096)
def _name(title: str) -> str:
    name = squeeze(simplify(title))
    while (shorter := _VERSION.sub("", name)) != name:
        name = shorter
    return name


def authority_of(title: str | None, issuer: str | None = None, place: str | None = None) -> Authority:
    """Return the rank and the place of a text.

    Args:
        title: Its title, an article's number aside.
        issuer: The organ that issued it.
        place: The place that the organ's name opens with.
    """
    name = name_of(title) if title else ""
    by_name = _by_name(name)
    # Whoever put it on a page of his own, a text of the state stays what its name says.
    if by_name.rank is Rank.LAW or (by_name.place is None and _OF_THE_STATE.match(name)):
        return by_name
    if place:
        return Authority(Rank.LOCAL, place)
    if by_name.rank is Rank.LOCAL:
        return by_name
    if issuer and is_national(issuer):
        return Authority(Rank.REGULATION if _COUNCIL.match(simplify(issuer)) else Rank.MINISTRY)
    if by_name.rank is Rank.REGULATION and issuer and not name.startswith("国务院"):
        return Authority(Rank.UNKNOWN)  # rules of an organ whose place is not told
    return by_name


@lru_cache(maxsize=4096)
def _by_name(name: str) -> Authority:
    """Read a simplified name."""
    order = _ORDER.match(name)
    if not name or order:
        return Authority(Rank.UNKNOWN if not order else Rank.REGULATION if order["council"] else Rank.MINISTRY)
    place = opening_place(_PARTY.sub("", _YEAR.sub("", name)))
    if place is None and (wrapped := _WRAPPED.match(name)) and not is_national(name):
        place = opening_place(_PARTY.sub("", wrapped[1] or wrapped[2]))
    if place is not None or _SOME_PLACE.match(name):
        return Authority(Rank.LOCAL, place)
    return Authority(next((rank for rank, holds in _TESTS if holds(name)), Rank.UNKNOWN))


def _is_law(name: str) -> bool:
    if _CONGRESS.match(name):
        return True
    is_named_so = _NAME_OF_LAW.search(name) and not _NOTICE.search(name)
    return bool(is_named_so and (_STATE.match(name) or not _NOT_NAME_OF_LAW.search(name)))


def _is_regulation(name: str) -> bool:
    is_bare = _STATUTE.search(name) and not _NOTICE.search(name)
    return bool(_COUNCIL.match(name) or (is_bare and (_STATE.match(name) or not is_national(name))))


# The first that holds decides.
_TESTS: tuple[tuple[Rank, Callable[[str], bool]], ...] = (
    (Rank.JUDICIAL, lambda name: _COURT.search(name) is not None),
    (Rank.LAW, _is_law),
    (Rank.REGULATION, _is_regulation),
    (Rank.MINISTRY, is_national),
)


def opening_place(name: str) -> str | None:
    """Return the place that a text's or an organ's name opens with, ``None`` for one that opens with none."""
    if zone := _FREE_TRADE_ZONE.match(name):
        return zone[1]
    known = _KNOWN.match(name)
    if known and (known["suffix"] or known["name"] not in _WORDS_TOO):
        end = known.end()
        # 重庆市渝北区: the second part needs its suffix; without one on the first it is a thing's name (上海港区).
        if known["suffix"]:
            while (below := _BELOW_KNOWN.match(name, end)) and not _NO_PLACE.search(below[0]):
                end = below.end()
        return name[:end]
    unknown = _UNKNOWN.match(name)
    return unknown[0] if unknown and not _NO_PLACE.search(unknown[0]) and not is_national(name) else None
