"""Contact persons (联系人) and their numbers, found by the label before them or the head of their column.

What is no personal data: names in office (签发人, addressees), and numbers the public is to call (12356, 咨询电话, 热线).
"""

from __future__ import annotations

import re
from functools import cache

from rag.domain.personal import PersonalKind
from rag.parsing.names import han_name, is_name
from rag.parsing.phones import EXTENSION, is_introduced_as_public, mobile

Found = tuple[int, int, PersonalKind]
"""Start, end and kind of personal data."""

# ------------------------------------------------------------------------- after a label

_GAP = r"[ \t\u3000]{0,4}"


def _spaced(word: str) -> str:
    """Return a pattern of ``word`` with the blanks that layout puts into labels (联 系 人)."""
    return _GAP.join(word)


_PERSON_LABELS = (
    *(
        "联系人员",
        "联系人",
        "联络人",
        "联络员",
        "经办人员",
        "经办人",
        "承办人员",
        "承办人",
        "责任领导",
        "分管领导",
        "主管领导",
    ),
    *(
        "包案领导",
        "主办人",
        "协办人",
        "填表人",
        "填报人",
        "审核人",
        "责任人",
        "单位负责人",
        "统计负责人",
        "项目负责人",
        "技术负责人",
        "主要负责人",
        "负责人",
        "咨询人",
        "起草人",
        "校对人",
    ),
)
_PHONE_LABELS = (
    *(
        "联系电话",
        "联系方式",
        "联络电话",
        "办公电话",
        "移动电话",
        "手机号码",
        "手机号",
        "手机",
        "电话号码",
        "电话",
        "传真",
        "座机",
        "联系号码",
        "联系方法",
        "Tel",
        "TEL",
        "tel",
        "Phone",
        "phone",
        "Fax",
        "电传",
        "分机",
    ),
)
_PERSON = "|".join(map(_spaced, _PERSON_LABELS))
_PHONE = "|".join(map(_spaced, _PHONE_LABELS))

# The numbers after these words are for the public.
_PUBLIC = r"(?<!热线)(?<!咨询)(?<!举报)(?<!投诉)(?<!监督)(?<!报警)(?<!急救)(?<!救援)(?<!服务)(?<!值班)(?<!援助)(?<!预约)(?<!报名)(?<!公开)"


@cache
def _person_label() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_PERSON})(?:(?:及|和|、|/|与)?{_GAP}(?:{_PHONE}))?{_GAP}(?:[（(][^（）()\n]{{1,12}}[)）])?(?:[:：][ \t\u3000]*\n?|(?P<bare>[ \t\u3000]+))"
    )


# 电话是5200000 may stand in a sentence; a label with only a blank after it must stand in a form.


@cache
def _phone_label() -> re.Pattern[str]:
    return re.compile(
        rf"(?=[联办移手电传座分TtPpF]){_PUBLIC}(?:{_PHONE})(?:[、/及和]{_GAP}(?:{_PHONE}))?{_GAP}(?:[（(][^（）()\n]{{1,12}}[)）])?(?:[:：][ \t\u3000]*\n?|[为是]?[ \t\u3000]{{0,2}}(?=[(+\d])|(?P<bare>[ \t\u3000]+))"
    )


# 王科长：2600000, 王老师（2600000）
_TITLED = re.compile(
    r"(?:老师|科长|股长|主任|同志|先生|女士|处长|医生|局长|书记|校长|警官|院长)[ \u3000]?(?:[(（：:，,]|(?=\d))[ \u3000]?(?=[\d(（])"
)
_UNIT_BEFORE = re.compile(r"[\u4e00-\u9fff]{2,16}[，, \u3000]{1,2}(?=[\d(（])")


@cache
def _any_label() -> re.Pattern[str]:
    return re.compile(rf"{_PERSON}|{_PHONE}|邮\s*编|邮政编码|邮\s*箱|地\s*址|单\s*位|部\s*门|职\s*务")


# A cheap test that spares most texts the rest.
_HAS_LABEL = re.compile(
    r"[师长任志生士官记][ \u3000]?[(（：:，,]?[ \u3000]?[(（]?\d{3}|[Tt][Ee][Ll]|[Pp]hone|[Ff]ax|[系络办责管案填审咨起校手电传座联分][ \t\u3000]{0,4}[系络办任管导案表报核询草对机话真传员人领]"
)

# Numbers with their area codes and extensions; short codes (12356, 110, 95598) and 400 numbers are public.
_NUMBERS = re.compile(
    r"[ \t\u3000]*(?P<number>(?:\+?86[- ]{1,2})?[(\[【]?0\d{2,3}[)\]】]?[-/._· \u3000~]{0,3}\d{3,4}[- ]?\d{4}|[(（]?\d{3,4}[)）]?[- ~]{0,2}\d{7,8}"
    r"|\+?86[- ]\d{2,3}[- ]\d{3,4}[- ]?\d{4}|\d{7,8}|1[3-9]\d(?: \d{3}){2} \d\d|1[3-9]\d(?: \d\d){4}"
    r"|\d{3,4}[- ]\d{3,4}[- ]?\d{3,4}|\d{3,4}[- ]\d{4}|\d{6})"
    rf"{EXTENSION}(?!\d)(?![ ]?[部户万个台次人元%])"
)
_PUBLIC_NUMBER = re.compile(r"(?:400|800)[- ]?(?:\d[- ]?){6}\d(?!\d)")
_NEXT_NUMBER = re.compile(r"[ \t\u3000]*[、,，;；/／或和及 \t\u3000][ \t\u3000]*")

_SEPARATOR = re.compile(r"[ \t\u3000，,、：:]{1,4}")

_NAME_END = re.compile(r"[\n\t，,。；;：:（）()〔〕\[\]【】0-9０-９]")
_NAME_GAP = re.compile(r"[、/／和 \u3000]+")


def find_contacts(text: str) -> list[Found]:
    """Return the names of contact persons and the numbers given for them, in no order."""
    found: list[Found] = []
    if not _HAS_LABEL.search(text):
        return found
    for match in _person_label().finditer(text):
        if match["bare"] is None or _is_form(text, match.start()):
            _find_people(text, match.end(), found)
    for match in _phone_label().finditer(text):
        is_stated = match["bare"] is None or _is_form(text, match.start())
        if is_stated and not is_introduced_as_public(text, match.start()):
            _find_numbers(text, _after_unit(text, match.end()), found)
    for match in _TITLED.finditer(text):
        _find_numbers(text, match.end(), found)
    _find_columns(text, found)
    return found


def _after_unit(text: str, at: int) -> int:
    """Step over the unit in 联系单位及电话：市教育局，2600000."""
    unit = _UNIT_BEFORE.match(text, at)
    return unit.end() if unit else at


def _is_form(text: str, at: int) -> bool:
    """Whether the label at ``at`` without a colon stands in a table row or a short line, not in a sentence."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    return "\t" in line or (len(line) <= 60 and "。" not in line and "，" not in line)


# ------------------------------------------------------------------------- people


def _find_people(text: str, at: int, found: list[Found]) -> None:
    """Find the names that stand at ``at``, and the numbers that follow them without a label."""
    end = at
    while end < len(text):
        value_end = _value_end(text, end)
        is_named = _find_names(text, end, value_end, found)
        rest = _skip_brackets(text, value_end, found)
        after = _find_numbers(text, rest, found, separated=True)
        if not is_named and after == rest:
            return
        # 张三，2603083；李四，2603084: the next person of the same label.
        if after < len(text) and text[after] in "，,、；;" and not _any_label().match(text, after + 1):
            following = after + 1
            following_end = _value_end(text, following)
            if following_end - following <= 6 and is_name(text[following:following_end].strip()):
                end = following
                continue
        return


def _value_end(text: str, at: int) -> int:
    label = _any_label().search(text, at, at + 60)
    stop = _NAME_END.search(text, at, at + 60)
    return min(match.start() if match else min(len(text), at + 60) for match in (label, stop))


def _skip_brackets(text: str, at: int, found: list[Found]) -> int:
    """Step over 张三（市卫健委） to what follows; a number in the bracket is found."""
    if at < len(text) and text[at] in "（(":
        closing = min((i for i in (text.find("）", at, at + 40), text.find(")", at, at + 40)) if i >= 0), default=-1)
        inner_end = _find_numbers(text, at + 1, found)
        if closing >= 0 and inner_end <= closing:
            return closing + 1
    return at


def _find_names(text: str, start: int, end: int, found: list[Found]) -> bool:
    whole = text[start:end]
    stripped = whole.strip(" \u3000")
    if han_name().fullmatch(stripped) and is_name(stripped):  # 张  弦
        at = start + whole.index(stripped)
        found.append((at, at + len(stripped), PersonalKind.NAME))
        return True
    is_named = False
    at = start
    for gap in [*_NAME_GAP.finditer(text, start, end), None]:
        word_end = gap.start() if gap else end
        if is_name(text[at:word_end]):
            found.append((at, word_end, PersonalKind.NAME))
            is_named = True
        at = gap.end() if gap else end
    return is_named


# ------------------------------------------------------------------------- numbers


def _find_numbers(text: str, at: int, found: list[Found], *, separated: bool = False) -> int:
    """Find the phone numbers that stand at ``at``; return where they end (``at`` when there are none)."""
    gap = _SEPARATOR.match(text, at) if separated else None
    start = gap.end() if gap else at
    end = at
    while match := _NUMBERS.match(text, start):
        if not _PUBLIC_NUMBER.match(match["number"]):
            found.append((match.start("number"), match.end(), PersonalKind.PHONE))
        end = match.end()
        gap = _NEXT_NUMBER.match(text, end)
        if gap is None:
            break
        start = gap.end()
    beside = mobile().match(text, start)
    return beside.end() if beside else end


# ------------------------------------------------------------------------- tables


@cache
def _person_cell() -> re.Pattern[str]:
    return re.compile(rf"(?:{_PERSON}|{_spaced('姓名')})(?:[（(].*[)）])?")


@cache
def _phone_cell() -> re.Pattern[str]:
    return re.compile(rf"(?:{_PERSON}.{{0,2}})?(?:{_PHONE})(?:[（(].*[)）])?")


def _find_columns(text: str, found: list[Found]) -> None:
    """Find the columns under 联系人 and 电话 of a table, and the cell beside such a label."""
    people: set[int] = set()
    phones: set[int] = set()
    width = 0
    at = 0
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) < 2:
            width = 0
        else:
            labels_of_people = {i for i, cell in enumerate(cells) if _person_cell().fullmatch(cell.strip())}
            labels_of_phones = {i for i, cell in enumerate(cells) if _phone_cell().fullmatch(cell.strip())}
            if labels_of_phones or labels_of_people:
                people, phones, width = labels_of_people, labels_of_phones, len(cells)
            elif len(cells) == width:
                start = at
                for i, cell in enumerate(cells):
                    end = start + len(cell)
                    # 姓名 alone may head a list of members; it is contact data beside a phone.
                    if i in people and phones:
                        _find_names(text, start, end, found)
                    if i in phones:
                        _find_numbers(text, start, found)
                    start = end + 1
        at += len(line) + 1
