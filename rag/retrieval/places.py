"""Places that a question names (问题中的地名): those the catalogue knows, others by their form, in English by their pinyin."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import rjieba

from rag.parsing.gazetteer import PROVINCE_OF, PROVINCES
from rag.retrieval.readings import homophones
from rag.retrieval.terms import TermTable
from rag.retrieval.topic import ENGLISH_STOP, INTERROGATIVE
from rag.text import fold

# Words that the segmenter's dictionary takes for names of places.
_NOT_PLACES = frozenset(
    "上门 下乡 入户 到位 入学 出境 入境 境外 国内 国外 我国 全国 中国 城乡 农村 乡村 中央 省级 华侨"
    " 新建 新城 大省 西南 西北 东南 东北 中南 商城 天桥 青山".split()
)
# Places that no dictionary has with 市, 县… at the end.
_BARE_PLACES = frozenset("西藏 内蒙古 香港 澳门 浦东 海东".split())
# 文明城市 is an honour, and any place may hold it.
_KIND_OF_TOWN = re.compile(
    r"(?:文明|智慧|海绵|卫生|园林|森林|宜居|健康|韧性|低碳|试点|示范|创新|旅游|文化|友好|中心|大型|特大|大|中小|型|模范|食品安全)(?:城市|县城|城区|城镇|社区)$"
)
# 全市, 小区 at the end of a run of words that only looks like a name (管理全市).
_NO_NAME_AT_END = re.compile(r"(?:[全我本各](?:市|县|区|州)|[社小校辖地灾功能]区|县区|市县|城市)$")
_PLACE_SUFFIX = re.compile(
    r"^(?P<short>[\u4e00-\u9fff]{2,}?)(?:省|市|自治区|自治州|特别行政区|地区|区|县|州|盟|旗|新区|镇|乡|街道)$"
)
_NAMED_PLACE = re.compile(
    r"(?:^|[，。？、；：“（\s和与或及跟比])([\u4e00-\u9fff]{2,4}?(?:市|县|区|州))(?=的|有|在|是|[\u4e00-\u9fff]|$)"
)
_SHORTEST_PINYIN = 3
_COMMON_SUFFIXED = frozenset(
    """
    全市 我市 本市 各市 城市 都市 全县 我县 本县 各县 全区 我区 本区 各区 社区 小区 校区 辖区 城区 地区
    山区 园区 景区 片区 市区 郊区 库区 牧区 林区 灾区 农区 厂区 院区 病区 街区 学区 行政区 开发区 示范区
    试验区 保护区 服务区 功能区 老旧小区 超市 门市 上市 夜市 股市 菜市 哪些市 哪个市 哪些县 哪个县 哪些区
    哪个区 几个市 几个县 几个区 各州 免疫区 居住区 住宅区 农村社区 城市社区 县区 市县 州市
    老城区 主城区 新城区 中心城区 公共区 经开区 高新区 新区 乡镇 村镇 集镇 圩镇 古镇 建制镇 中心镇 城镇
    """.split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a question names.

    Attributes:
        written: As written in the question.
        names: Places of the catalogue it stands for, the one named in full first; empty when no document there
            comes from it.
        short: The name without 市/区/县, to look for in text.
    """

    written: str
    names: tuple[str, ...]
    short: str

    @property
    def key(self) -> str:
        """What a filter looks for: the words that all of ``names`` hold."""
        return self.names[0] if len(self.names) == 1 else self.short


@lru_cache(maxsize=4096)
def short_names(place: str) -> tuple[str, ...]:
    """Return the ways a place name is shortened, longest first: 重庆市渝北区 → 重庆市渝北区, 渝北区, 渝北, 重庆市, 重庆."""
    parts = re.findall(r".+?(?:省|自治区|特别行政区|自治州|市|州|盟|地区|新区|区|县|旗|镇|乡|街道)", place) or [place]
    names = [place]
    for part in reversed(parts):
        names.append(part)
        match = _PLACE_SUFFIX.match(part)
        if match:
            names.append(match["short"])
    return tuple(dict.fromkeys(names))


def chinese_places(text: str, places: Sequence[str]) -> tuple[Place, ...]:
    """Find places in Chinese text, in order.

    Args:
        text: Folded.
        places: Names of the catalogue.
    """
    known: dict[str, list[str]] = {}
    for place in places:
        for name in short_names(place):
            known.setdefault(fold(name), []).append(place)
    found: list[tuple[int, Place]] = []
    taken = [False] * len(text)
    for name in sorted(known, key=lambda n: (-len(n), n)):
        for match in re.finditer(re.escape(name), text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * len(match[0])
                written = match[0]
                following = text[match.end() : match.end() + 1]
                after = text[match.end() + 1 : match.end() + 2]
                # 渝北 in 渝北区 when only the short name is known; not 望舒县省道
                if (
                    following
                    and following in "市区县省"
                    and written[-1] not in "市区县省州"
                    and after not in ("道", "级")
                ):
                    written += following
                in_full = sorted(known[name], key=lambda place: (fold(place) != name, place))
                found.append((match.start(), Place(written, tuple(in_full), _short(name))))
    for start, written in _unknown_places(text):
        if not any(taken[start : start + len(written)]):
            taken[start : start + len(written)] = [True] * len(written)
            found.append((start, Place(written, (), _short(written))))
    return tuple(place for _, place in sorted(found, key=lambda item: item[0]))


def misspelt(place: Place, places: Sequence[str]) -> Place | None:
    """Return the place of the catalogue that a name without documents was probably meant for, ``None`` where it cannot be told.

    It sounds like that one and no other of the catalogue, but for one character is written like it, and is in no dictionary:
    台州 is not meant for 泰州.
    """
    written = place.written
    if place.names or rjieba.has_word(written) or rjieba.has_word(place.short) or place.short in PROVINCE_OF:
        return None
    meant = {name: known for known in places for name in short_names(known) if _sounds_like(written, name)}
    if len(meant) != 1:
        return None
    (name, known), *_ = meant.items()
    return Place(written, (known,), _short(name))


def _sounds_like(written: str, name: str) -> bool:
    """Whether a name differs from another by one character, its last left out, of the same sound."""
    differing = [(one, other) for one, other in zip(written, name, strict=False) if one != other]
    is_alike = len(written) == len(name) and written[-1] == name[-1] and len(differing) == 1
    return is_alike and differing[0][1] in homophones(differing[0][0])


def _unknown_places(text: str) -> list[tuple[int, str]]:
    """Return names of places with where they start; neighbours are one place (北京市朝阳区)."""
    found: list[tuple[int, str]] = []
    at = 0
    for word, tag in rjieba.tag(text):
        if tag == "ns" and _is_place(word):
            if found and found[-1][0] + len(found[-1][1]) == at:
                word = found[-1][1] + word  # noqa: PLW2901
                at = found.pop()[0]
            found.append((at, word))
        at += len(word)
    found.extend((match.start(1), match[1]) for match in _NAMED_PLACE.finditer(text) if _may_be_name(match[1]))
    return found


@lru_cache(maxsize=4096)
def _is_place(word: str) -> bool:
    """Tell whether what the segmenter calls a place is one: it says so of 普及 and 上岗 too.

    A name without 市, 县… must be in its dictionary with one.
    """
    if word in _COMMON_SUFFIXED or word in _NOT_PLACES or word.startswith("各") or _KIND_OF_TOWN.search(word):
        return False
    if word in _BARE_PLACES or _PLACE_SUFFIX.match(word):
        return True
    return len(word) > 1 and any(rjieba.tag(word + suffix) == [(word + suffix, "ns")] for suffix in "省市县区州")


def _may_be_name(words: str) -> bool:
    """Tell whether words that end in 市, 县… may be a name that no dictionary has."""
    if words in _COMMON_SUFFIXED or words[0] in "各全我本该" or INTERROGATIVE.search(words):
        return False
    first, tag = rjieba.tag(words)[0]
    is_said = len(first) > 1 and tag.startswith(("v", "d", "m", "r", "p", "c"))  # 请求市, 反映某市
    return not is_said and not _NO_NAME_AT_END.search(words)


def _short(name: str) -> str:
    """Return the last part of a place name without its suffix: 北京市朝阳区 → 朝阳."""
    return short_names(name)[1:3][-1] if len(short_names(name)) > 1 else name


def may_name_a_place(asked: str, table: TermTable) -> bool:
    """Whether an English question has a word that may be a place's pinyin: a proper noun, or one not in the table.

    The dictionaries that spell Chinese names take .3 s to load, and most questions name no place.
    """
    words = re.findall(r"[A-Za-z]{4,}", asked)
    telling = [word for word in words if word.lower() not in ENGLISH_STOP and word.lower() not in table.stop_words]
    return any(word[0].isupper() or not table.translate(word.lower()) for word in telling)


def english_places(text: str, places: Sequence[str], capitalised: Collection[str] = ()) -> tuple[Place, ...]:
    """Find places by their pinyin (Hanzhong, Yubei District), one word a name.

    Args:
        text: Folded.
        places: Names of the catalogue. Provinces and cities that are not among them are places too, without documents, and
            so is whatever else is spelt in pinyin after "in".
        capitalised: Words that were written with a capital, folded; another is no name in pinyin.
    """
    from pypinyin import lazy_pinyin

    found: list[tuple[int, Place]] = []
    for place in places:
        for name in short_names(place):
            spelt = "".join(lazy_pinyin(_short(name)))
            match = re.search(rf"\b{re.escape(spelt)}\b(?:\s+(?:city|district|county|province|town))?(?:'s)?", text)
            if match and len(spelt) > 3:
                if not any(at == match.start() for at, _ in found):
                    found.append((match.start(), Place(match[0], (place,), _short(name))))
                break
    for match in _LATIN_NAME.finditer(text):
        short = _by_english_name().get(match["name"].replace("'", "")) or _name_in_pinyin(match, capitalised)
        if short and not any(at == match.start("name") for at, _ in found):
            found.append((match.start("name"), Place(match["name"], (), short)))
    return tuple(place for _, place in sorted(found, key=lambda item: item[0]))


# Words that only look like pinyin after "in", and words that are no names of places.
_NOT_IN_PINYIN = frozenset("china chinese june mandarin putonghua renminbi pinyin hanzi guanxi hukou yuan".split())
_SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|ia|ie|in|iu|ou"
    r"|ua|ue|ui|un|uo|[aeiou])"
)
_PINYIN = re.compile(rf"{_SYLLABLE}(?:{_SYLLABLE}|(?:ang|an|ai|ao|en|er|e)(?![a-z]))+")
_LATIN_NAME = re.compile(
    r"\b(?:(?P<in>in )(?=[a-z]{4}))?(?P<name>inner mongolia|hong kong|[a-z]{2,}'?[a-z]{2,})\b(?P<level> (?:city|district|county|province)\b)?"
)
_ENGLISH_NAMES = {
    "inner mongolia": "内蒙古", "tibet": "西藏", "hong kong": "香港", "macau": "澳门", "macao": "澳门", "taiwan": "台湾",
    "shaanxi": "陕西", "shanxi": "山西", "harbin": "哈尔滨", "urumqi": "乌鲁木齐", "hohhot": "呼和浩特", "lhasa": "拉萨",
    "kashgar": "喀什", "taipei": "台北",
}  # fmt: skip


@cache
def _by_english_name() -> dict[str, str]:
    """Return provinces and cities by what they are called in English: pinyin, but for a few. Two may be called alike."""
    from pypinyin import lazy_pinyin

    spelt = {"".join(lazy_pinyin(name)): name for name in reversed([*PROVINCES, *PROVINCE_OF])}
    return {name: short for name, short in (spelt | _ENGLISH_NAMES).items() if len(name) > _SHORTEST_PINYIN}


def _name_in_pinyin(match: re.Match[str], capitalised: Collection[str]) -> str | None:
    """Return the name itself where it must be a place's: spelt in pinyin after "in", or "in … county"."""
    name = match["name"]
    is_spelt = name in capitalised and _PINYIN.fullmatch(name) is not None and name not in _NOT_IN_PINYIN
    return name if match["in"] and name not in ENGLISH_STOP and (is_spelt or match["level"]) else None
