"""What a question or query says (问题理解): its language, its constraints, and the words that carry it.

A pure function of the text and of the place names the catalogue knows; every later step, from search to
refusal, reads from it. Words are cut by rjieba, whose tags tell names of places from other nouns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from rag.retrieval.terms import TermTable
from rag.text import DOCUMENT_NUMBER, chinese_number, fold, normalize_document_number, squeeze

# Words that ask rather than name; each alternative is one way to ask, longest first.
INTERROGATIVE = re.compile(
    r"请问|你好|您好|麻烦问一?下|我想(?:知道|问问?|了解)|想问问?|告诉我|帮我(?:查|找)一?下|"
    r"(?:都|总共|一共|大概|大约)?有多少(?=[家个名所场次项处户位人间座支条份件种类辆张]|万|元|$|，|？)[家个名所场次项处户位间座支条份件种类辆张]?|"
    r"(?:是|达到?|为|有)?多少[家个名所场次项处户位间座支条份件种类辆张]?|"
    r"(?:是|有|包括|包含|分别是|指|涉及|都有)?哪(?:几)?(?:些|个|家|所|种|项|类|位|里|儿|年|天|份|篇|几)?|"
    r"什么(?:时候|地方|样|时间)?|何时|何地|何处|怎么样?|怎样|如何|为何|为什么|几(?=[家个名所场次项处户位人月号年天届])|"
    r"多久|多长时间|多大|多高|吗[？?]?$|呢[？?]?$|么[？?]?$|是不是|有没有|能不能|可不可以|要不要|是否|由谁|是谁|谁来|归谁|谁"
)
_STOP_WORDS = frozenset(
    """
    是 有 为 要 会 能 可以 应 应该 请 请问 做 了 的 该 来 去 到 由 在 对 把 被 让 给 跟 和 与 及
    或 等 中 上 下 里 属于 进行 关于 目前 现在 具体 主要 相关 有关 情况 方面 方式 内容 问题 这份 这个
    那个 这些 这 那 其 一下 号 第 个 份 需要 想 知道 告诉 哪些 什么 多少 怎么 如何 哪里 一共 总共 分别
    各 都 也 就 吧 呢 吗 啊 呀 件 家 名 所 场 次 年 月 日 市 县 区 省 人 点有 没有 地方 地区 各地 打 帮 找 查 名字 直接 不用 不了 顺便 搞 干 看 跑 用 花 有事 指 称 叫 叫做
    包括 包含 涉及 提到 说 讲 写 发 文件 文 里面 当中 其中 今后 以后 准备 打算 下一步 接下来 设在 位于
    位于 达到 达
    """.split()
)
_CONTENT_TAGS = ("n", "v", "a", "eng", "j", "l", "i", "b", "s", "t", "z", "q")
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
# What asks for a number or a length of time, before it could be taken for words of the topic.
_ENGLISH_ASKING = re.compile(
    r"\b(?:how (?:many|much|often|long|large|big|far)|what (?:number|percentage|amount|proportion) of|the end|according to)\b"
)
_MONTHS = {
    name: (f"{number}月",)
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_SHARE_OF_VERB = 0.6
_SHARE_OF_LONE_CHARACTER = 0.3
_ENGLISH_STOP = frozenset(
    """
    a an the of in on at to for from by with and or is are was were be been being do does did has have had how
    what which who whom whose when where why many much long often there their they them it its this that these
    those i we you he she me my our your us can could should would will shall may might must not no yes any some
    all about into than then as if so such also please tell give show list say says said number kind get got under current currently now
    """.split()
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)(?=\s*(?:年|[-—~～至到]|$|[^\d号〕\]）)万亿元人家个所名场次项处]))")
_CHINESE_YEAR = re.compile(r"[一二][九〇零○][〇零○一二三四五六七八九]{2}(?=年)")
_YEAR_RANGE = re.compile(r"((?:19|20)\d{2})\s*年?\s*(?:[-—~～至到])+\s*((?:19|20)\d{2})\s*年?")
_PROPOSAL_NUMBER = re.compile(
    r"(?:第\s*)?(?<![\d〕\]）)])(\d{1,5})\s*号\s*(?:的)?(?=提案|建议|议案|代表|委员|$|的?答复|复函|是)"
)
_PLACE_SUFFIX = re.compile(
    r"^(?P<short>[\u4e00-\u9fff]{2,})(?:省|市|自治区|自治州|特别行政区|区|县|州|盟|旗|新区|镇|乡|街道)$"
)
_NAMED_PLACE = re.compile(
    r"(?:^|[，。？、；：“（\s和与或及跟比])([\u4e00-\u9fff]{2,4}?(?:市|县|区|州))(?=的|有|在|是|[\u4e00-\u9fff]|$)"
)
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
class Term:
    """A content word of a question.

    Attributes:
        word: The word, folded.
        alternatives: Words that count as the same; for an English word its Chinese renderings.
        share: How far the word can be counted on to return in an answer: verbs are often put otherwise.
    """

    word: str
    alternatives: tuple[str, ...]
    share: float = 1.0


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


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood.

    Attributes:
        text: As asked, with layout spaces taken out.
        is_english: Asked in English.
        places: Places named, in order.
        years: Years named, in order.
        all_years: Those, with the years between of 2023—2025.
        document_numbers: 发文字号 in standard form.
        proposal_numbers: Numbers of proposals, without leading zeros.
        terms: The words that carry the topic; places, years and asking words are not among them.
        subject: ``text`` without asking words and places: what to compare texts with.
    """

    text: str
    is_english: bool
    places: tuple[Place, ...]
    years: tuple[int, ...]
    all_years: frozenset[int]
    document_numbers: tuple[str, ...]
    proposal_numbers: tuple[str, ...]
    terms: tuple[Term, ...]
    subject: str


def understand(text: str, *, places: Sequence[str] = (), load_terms: Callable[[], TermTable]) -> Question:
    """Read a question.

    Args:
        text: The question as typed, in Chinese or English.
        places: Place names of the documents in scope (``地区``), e.g. ``重庆市渝北区``.
        load_terms: Gives the English–Chinese terms; called for English questions only.
    """
    asked = squeeze(" ".join(text.split()))
    letters = sum(c.isascii() and c.isalpha() for c in asked)
    han = sum("\u4e00" <= c <= "\u9fff" for c in asked)
    is_english = letters > 3 * han and letters > 3
    folded = fold(asked)
    numbers = tuple(dict.fromkeys(normalize_document_number(m[0]) for m in DOCUMENT_NUMBER.finditer(folded)))
    rest = _CHINESE_YEAR.sub(lambda match: str(chinese_number(match[0])), DOCUMENT_NUMBER.sub(" ", folded))
    proposals = tuple(dict.fromkeys(m[1].lstrip("0") or "0" for m in _PROPOSAL_NUMBER.finditer(rest)))
    rest = _PROPOSAL_NUMBER.sub(" ", rest)
    years = _years(rest)
    if is_english:
        found = _english_places(rest, places) if _may_name_a_place(asked, load_terms()) else ()
    else:
        found = _chinese_places(rest, places)
    topic = rest
    for place in found:
        topic = re.sub(re.escape(place.written), " ", topic, flags=re.IGNORECASE)
    topic = _YEAR_RANGE.sub(" ", topic)
    topic = re.sub(r"(?<!\d)(?:19|20)\d{2}\s*年?(?!\d)", " ", topic)
    terms = _english_terms(topic, load_terms()) if is_english else _chinese_terms(topic)
    if is_english:
        subject = " ".join(term.alternatives[0] if term.alternatives else term.word for term in terms)
    else:
        subject = squeeze(" ".join(INTERROGATIVE.sub(" ", topic).split())).strip("？?。！! ")
    return Question(
        asked, is_english, found, years, _with_years_between(years, rest), numbers, proposals, terms, subject or asked
    )


def _years(text: str) -> tuple[int, ...]:
    years: dict[int, None] = {}
    for match in _YEAR.finditer(text):
        years[int(match[1])] = None
    return tuple(years)


def _with_years_between(years: tuple[int, ...], text: str) -> frozenset[int]:
    between = (range(int(m[1]), int(m[2]) + 1) for m in _YEAR_RANGE.finditer(text))
    return frozenset(years).union(*between)


# ------------------------------------------------------------------------------------------- places


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


def _chinese_places(text: str, places: Sequence[str]) -> tuple[Place, ...]:
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
                if following in "市区县省" and following:  # 渝北 in 渝北区 when only the short name is known
                    written += following
                in_full = sorted(known[name], key=lambda place: (fold(place) != name, place))
                found.append((match.start(), Place(written, tuple(in_full), _short(name))))
    for start, written in _unknown_places(text):
        if not any(taken[start : start + len(written)]):
            taken[start : start + len(written)] = [True] * len(written)
            found.append((start, Place(written, (), _short(written))))
    return tuple(place for _, place in sorted(found, key=lambda item: item[0]))


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


def _may_name_a_place(asked: str, table: TermTable) -> bool:
    """Whether an English question has a word that may be a place's pinyin: a proper noun, or one not in the table.

    The dictionaries that spell Chinese names take .3 s to load, and most questions name no place.
    """
    words = re.findall(r"[A-Za-z]{4,}", asked)
    telling = [word for word in words if word.lower() not in _ENGLISH_STOP and word.lower() not in table.stop_words]
    return any(word[0].isupper() or not table.translate(word.lower()) for word in telling)


def _english_places(text: str, places: Sequence[str]) -> tuple[Place, ...]:
    """Find places by their pinyin (Hanzhong, Yubei District), one word a name."""
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
    for match in re.finditer(r"\bin ([a-z]{4,}) (?:city|district|county|province)\b", text):
        if not any(at == match.start(1) for at, _ in found):
            found.append((match.start(1), Place(match[1], (), match[1])))
    return tuple(place for _, place in sorted(found, key=lambda item: item[0]))


# -------------------------------------------------------------------------------------------- terms


def _chinese_terms(text: str) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    for word, tag in rjieba.tag(INTERROGATIVE.sub(" ", text)):
        is_number = any(c.isdigit() for c in word)
        if (
            word.strip()
            and word not in _STOP_WORDS
            and (is_number or tag.startswith(_CONTENT_TAGS))
            and (len(word) > 1 or tag.startswith("n") or tag == "v")
        ):
            share = _SHARE_OF_LONE_CHARACTER if len(word) == 1 else _SHARE_OF_VERB if tag == "v" else 1.0
            terms.setdefault(word, Term(word, (word,), share))
    return tuple(terms.values())


def _english_terms(text: str, table: TermTable) -> tuple[Term, ...]:
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[\u4e00-\u9fff]+", _ENGLISH_ASKING.sub(" ", text))
    terms: dict[str, Term] = {}
    at = 0
    while at < len(words):
        length = next(
            (n for n in (4, 3, 2) if at + n <= len(words) and table.translate(" ".join(words[at : at + n]))), 1
        )
        phrase = " ".join(words[at : at + length])
        at += length
        if length == 1 and (phrase in _ENGLISH_STOP or phrase in table.stop_words):
            continue
        chinese = _MONTHS.get(phrase, ()) or table.translate(phrase) or (phrase,)
        terms.setdefault(phrase, Term(phrase, tuple(chinese)))
    return tuple(terms.values())
