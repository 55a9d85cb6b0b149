"""Agency names (机关名称): what is one, where a list of them is cut, and which names mean the same body.

A name has a level (省, 市, 区…) and a body (卫健委). Bodies of one level that are written in different ways are
one; bodies of different levels never are. Traditional script is read as simplified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.domain.span import Span
from rag.parsing.agency_names import COMMISSION, DEPARTMENTS, ORGANS
from rag.text import simplify, squeeze

_HAN = "\u4e00-\u9fff"

# ------------------------------------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class _Body:
    """What a written body stands for.

    Attributes:
        name: Normalised name without level.
        families: Fields it answers for; two bodies may be the same when they share one.
    """

    name: str
    families: frozenset[str]
    is_party: bool = False


@dataclass(frozen=True, slots=True)
class _Tables:
    bodies: dict[str, _Body]
    words: dict[str, tuple[str, str]]
    """What stands before 部门 → family, and the word that its spellings meet under (卫健 → 卫生健康)."""
    mention: re.Pattern[str]
    by_length: tuple[int, ...]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    bodies: dict[str, _Body] = {}
    words: dict[str, tuple[str, str]] = {}
    for department in DEPARTMENTS:
        families = frozenset((department.stem, *department.family))
        for stem in (department.stem, *department.short):
            for kind in ("局", "委", COMMISSION, "厅", "厅局", "总局", "部"):
                if len(stem) == 1 and kind != "委":
                    continue  # 教委, but 教局 is nothing
                merged = department.body and kind in ("局", "委", COMMISSION)
                full = department.body if merged else (COMMISSION if kind == "委" else kind)
                bodies.setdefault(stem + kind, _Body(department.stem + full, families))
        _add_words(words, department.words, department.stem)
    for organ in ORGANS:
        body = _Body(organ.name, frozenset({organ.name}), organ.is_party)
        for name in (organ.name, *organ.short):
            bodies[name] = body
        _add_words(words, organ.words, organ.name)
    longest_first = sorted(bodies, key=len, reverse=True)
    fields = "|".join(sorted(words, key=len, reverse=True))
    mention = re.compile(
        # 公安、司法行政部门; 教育主管部门: fields, of which only the last has 部门 written out.
        rf"(?P<fields>(?:(?:{fields})、)*(?:{fields})(?:、(?:{fields}))*)(?:行政|主管|行政主管)?(?:等(?:相关|有关)?)?部门"
        r"|(?P<youth>(?:共青)?团(?:省|市|州|县|区|旗)委|共青团(?:中央)?)"
        r"|(?P<level>国家|全国|省|自治区|市|州|县|区|旗|盟|镇|乡)?(?P<committee>委)?"
        # 对外办公, 市外办理: 办 of 办公 and 办理 ends no 外办.
        rf"(?P<body>{'|'.join(longest_first)})(?!(?<=办)[公理])"
        r"|各?镇(?:[（(]街道[）)]|街|街道)?(?:人民政府|政府)"
        rf"|(?:省|市|州|县|区|旗)(?!场)[{_HAN}]{{2,8}}?(?:局|厅|委员会|办公室)"
    )
    return _Tables(bodies, words, mention, tuple(sorted({len(body) for body in bodies}, reverse=True)))


def _add_words(words: dict[str, tuple[str, str]], spellings: tuple[str, ...], family: str) -> None:
    for word in spellings:
        words[word] = (family, spellings[0])


# ---------------------------------------------------------------------------------------- one name

_AND_OTHERS = re.compile(r"等(?:(?:相关|有关|其他|各)?(?:成员)?(?:部门|单位|组织|机构|地方|方面)?)$")
_ALIAS_IN_BRACKETS = re.compile(r"[（(][^（）()]{1,30}[）)]$")
_YOUTH_LEAGUE = re.compile(rf"(?:共青)?团(?P<place>[{_HAN}]*?(?:省|自治区|市|州|县|区|旗|镇|乡))委(?:员会)?")
_LEVEL_END = re.compile(r"(?:省|自治区|市|州|地区|盟|县|旗|区|镇|乡|街道|国家|全国|中央|兵团|新区)(?:委)?$")
_NOT_IN_PLACE = re.compile(
    r"[局厅部处科、，,；;：（）()]|委(?!$)|.[及与]|(?<=[会府院])和|^.{16}"
)  # two agencies, not a place


@dataclass(frozen=True, slots=True)
class AgencyName:
    """A name taken apart.

    Attributes:
        place: Place and level as written, ``""`` when there is none: ``市``, ``重庆市渝北区``.
        body: Normalised body: ``卫生健康委员会``.
        families: Fields the body answers for, empty for a body that the tables do not know.
    """

    place: str
    body: str
    families: frozenset[str]

    def __str__(self) -> str:
        return self.place + self.body


def take_apart(name: str) -> AgencyName:
    """Take an agency's name apart, aliases resolved (市卫健局 → 市 + 卫生健康委员会)."""
    return _taken_apart(name) if len(name) <= _LONGEST_REMEMBERED else _taken_apart.__wrapped__(name)


# A document names the same agencies over and over; only short names are kept, so that memory is bounded.
_LONGEST_REMEMBERED = 60
_REMEMBERED_NAMES = 4096


@lru_cache(maxsize=_REMEMBERED_NAMES)
def _taken_apart(name: str) -> AgencyName:
    plain = squeeze(simplify(name)).replace(" ", "")
    plain = _AND_OTHERS.sub("", plain) or plain
    if not plain.startswith("各"):
        plain = _ALIAS_IN_BRACKETS.sub("", plain) or plain
    return _youth_league(plain) or _field(plain) or _body(plain) or AgencyName("", plain, frozenset())


def _youth_league(plain: str) -> AgencyName | None:
    family = frozenset({"共青团"})
    if league := _YOUTH_LEAGUE.fullmatch(plain):
        return AgencyName("共青团" + league["place"], "委", family)
    return AgencyName("", "共青团", family) if plain in ("共青团", "团委") else None


_DEPARTMENT_END = re.compile(r"(?:行政主管|主管|行政)?部门$")


def _field(plain: str) -> AgencyName | None:
    """Read 教育部门, 市教育主管部门, 公安: a field of government that stands for its department."""
    words = _tables().words
    field = _DEPARTMENT_END.sub("", plain)
    if field == plain and plain not in words:
        return None
    for level in ("", field[:1] if field[:1] in frozenset("省市县区州旗") else ""):
        word = field.removeprefix(level)
        found = words.get(word) or words.get(word.removesuffix("行政"))
        if found is not None:
            return AgencyName(level, f"{found[1]}部门", frozenset({found[0]}))
    return None


def _body(plain: str) -> AgencyName | None:
    """Read a known body with a place or level before it."""
    tables = _tables()
    for length in tables.by_length:
        body = tables.bodies.get(plain[-length:]) if length <= len(plain) else None
        if body is None:
            continue
        place = plain[:-length]
        if place and (not _LEVEL_END.search(place) or _NOT_IN_PLACE.search(place)):
            continue
        if body.is_party:
            place = place.removeprefix("中共")
            return AgencyName(place + "委" if place and not place.endswith("委") else place, body.name, body.families)
        if not place.endswith("委"):  # 市委 + 办公室 is no department
            return AgencyName(place, body.name, body.families)
    return None


def normalize(name: str) -> str:
    """Return the name under which all spellings of an agency meet (市卫健局 → 市卫生健康委员会).

    A trailing 等部门 and a second name in brackets are dropped; the level is kept, so that 省, 市 and 区
    never meet. A name that the tables do not know comes back in simplified script.
    """
    return str(take_apart(name))


def same_agency(one: str, other: str) -> bool:
    """Tell whether two names may mean one body.

    A name without a level (教育部门, 卫健局) agrees with any level; 教育部门 agrees with 教育体育局. 市
    agrees with 汉中市, but with no other level.
    """
    a, b = take_apart(one), take_apart(other)
    if a.families and b.families:
        if not a.families & b.families:
            return False
    elif a.body != b.body:
        return False
    first, second = (part.place.removeprefix("共青团").removesuffix("委") for part in (a, b))
    return not first or not second or first.endswith(second) or second.endswith(first)


def mentions(text: str) -> list[tuple[Span, str]]:
    """Find agencies in a question or sentence.

    Returns:
        Where each stands and its normalised name, in order. The place before a level is left out
        (广汉市教体局 gives 市教体局); fields named for departments give one mention each
        (公安、司法行政部门 gives 公安部门 and 司法行政部门), with the level before them (市教育主管部门 gives 市教育部门).
    """
    plain = simplify(text)
    if len(plain) != len(text):
        plain = text
    found: list[tuple[Span, str]] = []
    for match in _tables().mention.finditer(plain):
        if match["fields"]:
            found.extend(_fields(plain, match.start(), match.end(), match["fields"]))
        elif (field := _field_for_ministry(plain, match)) is not None:
            found.extend(_fields(plain, match.start("body"), match.end() + 1, field))
        else:
            found.append((Span(match.start(), match.end()), normalize(match[0])))
    return found


def leading_mention(plain: str, start: int, end: int) -> int | None:
    """Return where the agency ends that ``plain[start:end]`` opens with, or ``None``.

    Args:
        plain: Text in simplified script.
        start: Where its name must begin.
        end: Where the part of the text ends.
    """
    match = _tables().mention.match(plain, start, end)
    return match.end() if match else None


# 城市, 社区, 园区: the last character is no level.
_LEVEL_BEFORE = re.compile(r"(?<![城都夜社地园校景城小辖灾山郊牧库新治])[省市州县区旗]$")


def _field_for_ministry(plain: str, match: re.Match[str]) -> str | None:
    """Return the field where what reads as a ministry is a department (市教育部门 is no 市教育部)."""
    body = match["body"]
    if not body or match["committee"] or not body.endswith("部") or not plain.startswith("门", match.end()):
        return None
    return body[:-1] if is_field(body[:-1]) else None


def _fields(plain: str, start: int, end: int, fields: str) -> Iterator[tuple[Span, str]]:
    """Yield a mention for each field of ``plain[start:end]``, the first with the level that stands before it."""
    before = _LEVEL_BEFORE.search(plain, max(0, start - 2), start)
    level = before[0] if before else ""
    at = start
    words = fields.split("、")
    for number, word in enumerate(words, start=1):
        begins = at - len(level) if number == 1 else at
        yield Span(begins, end if number == len(words) else at + len(word)), normalize(f"{level}{word}部门")
        at += len(word) + 1


# ------------------------------------------------------------------------------------------- lists

_BODY_END = re.compile(
    r"(?:委员会|委|局|厅|部|办公室|办公厅|办|院|会|政府|中心|站|所|署|司|处|科|室|公司|集团|银行|支行|分行|妇联|残联|文联|科协|工商联|侨联"
    r"|大队|支队|总队|街道|镇|乡|区|县|市|州|部门|单位|机构|机关|高校|学校|院校|医院|监狱|组织|团体|企业|协会|党校|兵团|指挥部|工作专班|专班|领导小组"
    r"|共青团|团委|联社|总社|供销社|报社|电视台|融媒体|平台|基地|园区|开发区|景区|军区|人武部|行业|地方|地区|基金会|卫生院|村|社区|联防联控机制|联席会议|联盟|[一二三四五六七八九十]?组)"
    r"(?:[（(][^（）()]{1,40}[）)])?$"
)
# A list of duties names bodies; these words are of sentences.
_SENTENCE_WORD = re.compile(
    r"[。！？；;：:，,“”《》？\n]|加强|推进|推动|开展|建立|健全|完善|提升|强化|落实(?!办)|组织实施|做好|制定|提供|支持|鼓励|引导|确保|促进"
    r"|同志|领导干部|人员(?!会)|群众|的|了|要|应当|应该|可以|不得|必须|通过|按照|根据|以及其他|是|已|(?<!自)由|将(?!军)|向|把|(?<!应)对(?!外)"
)


def looks_like_agency(name: str) -> bool:
    """Tell whether ``name`` is written like the name of an agency or of a group of them (各部门)."""
    return len(name) <= _LONGEST_WITH_BLANKS and _looks_like_agency(name)


_LONGEST_WITH_BLANKS = 200


@lru_cache(maxsize=_REMEMBERED_NAMES)
def _looks_like_agency(name: str) -> bool:
    plain = squeeze(simplify(name))
    if not 2 <= len(plain) <= 48 or _SENTENCE_WORD.search(plain) or not _is_balanced(plain):
        return False
    bare = _AND_OTHERS.sub("", plain)
    return bool(bare) and (_BODY_END.search(bare) is not None or is_field(bare))


def _is_balanced(name: str) -> bool:
    return sum(character in _OPENING for character in name) == sum(character in _CLOSING for character in name)


def is_field(word: str) -> bool:
    """Tell whether ``word`` names a field of government that stands for its department (公安, 卫生健康)."""
    return simplify(word) in _tables().words


_SEPARATORS = frozenset("、，,；;\n")
_OPENING = frozenset("（(〔[【")
_CLOSING = frozenset("）)〕]】")
_AND = re.compile(r"(?:以及|和|及|与)")


_LEVEL = re.compile(
    r"(?:[^、，,；;]*、)?\s*(?:各|本)?(?:级)?(?:设区的)?(?:省|自治区|直辖市|市|城市|县|区|自治县|自治州|州|旗|盟|乡|镇|街道|计划单列市)(?:级)?(?:[（(][^（）()]{1,12}[）)])?\s*"
)


# 镇（街道）、各行政主管部门 are two.
_BEGINS_ANOTHER = re.compile(r"\s*(?:各(?!级|省|市|县|区|乡|镇|街)|有关|相关)")


def split_units(text: str, *, separators: frozenset[str] = _SEPARATORS) -> list[Span]:
    """Cut a list of agencies into its items, brackets respected.

    和, 及, 与 cut only where an agency stands on both sides (人力资源和社会保障局 is one), and a bare level goes with
    what follows it (省、市人民政府 is one).
    """
    found: list[Span] = []
    depth = start = 0
    for at, character in enumerate(text + "、"):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif at == len(text) or (depth == 0 and character in separators):
            if (
                at < len(text)
                and character == "、"
                and _LEVEL.fullmatch(text, start, at)
                and not _BEGINS_ANOTHER.match(text, at + 1)
            ):
                continue
            found.extend(_split_at_and(text, start, min(at, len(text))))
            start = at + 1
    return found


_LEVELS_ALONE = ("、自治区", "、直辖市", "、自治州", "、自治县", "、市辖区", "、县", "、区", "、旗")
_NO_AGENCY_ALONE = frozenset(("人民政府", "政府", "单位", "部门", "机构", "街道", "办公室", "企业", "有关单位", "组织"))


def _split_at_and(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return
    if not _known(text[start:end]):
        for match in _AND.finditer(text, start + 2, end - 2):
            left, right = text[start : match.start()], text[match.end() : end]
            if text[start : match.start()].count("（") != text[start : match.start()].count("）"):
                continue
            if right.strip() in _NO_AGENCY_ALONE or left.endswith(_LEVELS_ALONE):
                continue  # 党委和人民政府; 各省、自治区、直辖市和计划单列市税务局
            if looks_like_agency(left) and looks_like_agency(right) and (_known(left) or _known(right)):
                yield Span(start, match.start())
                yield from _split_at_and(text, match.end(), end)
                return
    yield Span(start, end)


def _known(name: str) -> bool:
    return bool(take_apart(name).families)
