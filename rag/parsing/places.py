"""The place (地区) that an organ's name opens with."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.parsing.agency_names import DEPARTMENTS, ORGANS
from rag.text import simplify

_NATIONAL = re.compile(
    r"国务院|国家|中央|中共中央|中华|全国|最高|中国(?!共产党|共产主义青年团)|海关总署|审计署"
    r"|(?:外交|国防|教育|科学技术|科技|工业和信息化|公安|民政|司法|财政|人力资源和?社会保障|自然资源|生态环境|住房和?城乡建设|交通运输"
    r"|水利|农业农村|农业|商务|文化和旅游|卫生|卫生健康|退役军人事务?|应急管理|市场监管|税务|铁道|监察)(?:部|总局)"
)
_PARTY_PREFIX = re.compile(r"(?:中国共产党|中共|共青团|中国共产主义青年团)(?!中央)")
_END = re.compile(r"省|自治区|特别行政区|市|自治州|州|地区|盟|自治县|县|自治旗|旗|区|街道|镇|(?<!城)乡|兵团")
# 自治区人民政府, 市县人民政府, 高新区管委会: of some place of that kind, which the name does not tell. 全州县 is a county.
_KIND_ALONE = re.compile(
    r"(?:[我本各该省市县区州旗盟镇乡]|全(?!州)|自治[区州县旗]|特别行政区|地区|街道|市辖|城(?=镇)|社(?=区))+"
    r"|(?:高新|经济|技术|产业|工业|经开|开发|新|园)+区"
)
_BRACKET = re.compile(r"[（(〔\[]")
_LONGEST = 24


@lru_cache(maxsize=1)
def _rest() -> re.Pattern[str]:
    """Return how an organ's name goes on after its place, so that 住房和城乡 and 市场 are no places."""
    stems = {stem for department in DEPARTMENTS for stem in (department.stem, *department.short) if len(stem) > 1}
    organs = {name for organ in ORGANS for name in (organ.name, *organ.short)}
    starts = "|".join(sorted(stems | organs, key=len, reverse=True))
    return re.compile(
        # 广州市第十六届人民代表大会常务委员会: the note under a statute's title names the term.
        r"(?:第[一二三四五六七八九十]{1,4}届)?"
        rf"(?:{starts}|委(?!员会$)|人大|政协|人民|中级|政务|市政|市场|公共|社会|城乡|建设局|建委|建设委|管委|管理委|办事处|党政|档案|地方|房产|房屋|物价"
        r"|质量|安全|国土|国防|国动|人防|人武|供销|烟草|电力|供电|联席|领导|精神|预防|疫情|新冠|新型|防汛|防灾|应对|教委|党委|团委|工委|公路|港|口岸|知识"
        r"|监察|纪检|接待|研究|外事|侨|台|史志|融媒体|机构|参事|社科|医药|中医药|中医|地震|外国专家|航空|铁路|投资|经信|科工|经贸|经济|工商|信用)"
    )


def is_national(name: str) -> bool:
    """Tell whether ``name`` opens like a national organ (国务院…, 教育部, 全国…)."""
    return _NATIONAL.match(simplify(name)) is not None


def leading_place(name: str) -> str | None:
    """Return the place that an organ's name opens with, or ``None`` for a national organ or a bare 市卫健委.

    重庆市渝北区卫生健康委员会 gives 重庆市渝北区.

    Args:
        name: The organ's name without layout spaces.
    """
    plain = simplify(name)
    prefix = _PARTY_PREFIX.match(plain)
    start = prefix.end() if prefix else 0
    if _NATIONAL.match(plain, start):
        return None
    bracket = _BRACKET.search(plain, start, start + _LONGEST)  # what it holds is said of the organ
    last = bracket.start() if bracket else start + _LONGEST
    ends = [match.end() for match in _END.finditer(plain, start + 1, last)]
    for end in reversed(ends):
        if end - start >= 2 and _rest().match(plain, end):
            return name[start:end]
    return None


def place_of(organ: str) -> str | None:
    """Return the place that an organ's documents are of: ``leading_place``, but none for 自治区人民政府, which names no place."""
    place = leading_place(organ)
    return None if place is None or _KIND_ALONE.fullmatch(simplify(place)) else place
