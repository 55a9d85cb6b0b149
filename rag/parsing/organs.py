"""Organs (机关) that issue, sign, receive: telling their names from other words on a sheet."""

from __future__ import annotations

import re

from rag.domain.span import Span
from rag.parsing.agencies import looks_like_agency, split_units, take_apart
from rag.parsing.places import is_national, leading_place
from rag.parsing.sheet import Sheet
from rag.text import squeeze

_LONGEST_NAME = 40
_LONGEST_LINE = 80

# The last characters of organs (工作机制, 联席会议); a cheap test that most lines of text fail.
_ORGAN_END = frozenset("会委局厅部办室院府心站所署司处行团队区县市州镇乡联校社盟道组制议）)关")
_SEALED = re.compile(r"\s*[（(]\s*(?:[^（）()]{0,40}代\s*章|章|盖章|印章?|公章)\s*[)）]$")
_NO_ORGAN = re.compile(r"^(?:各|有关|相关)|关于|、(?![^（(]*[）)])")
_KNOWN_END = (
    "办公厅",
    "办公室",
    "部",
    "署",
    "总局",
    "委员会",
    "指挥部",
    "局",
    "厅",
    "联防联控机制",
    "领导小组",
    "联席会议",
)
_LIST_PART = re.compile(r"[^ \t\u3000、]+(?: [^ \t\u3000、](?= |$))*")
_ADDRESSED_PERSON = re.compile(r"(?:委员|代表|同志|先生|女士|主席|书记|市民|网友|议员|同学|朋友)(?:们)?$")
_ADMINISTRATIVE_UNIT = re.compile(r"(?:省|市|州|县|区|旗|盟|镇|乡|街道|兵团)$")


def is_organ(name: str) -> bool:
    """Tell whether ``name`` is an organ that could issue a document: known, or with a place, or national."""
    if not 3 <= len(name) <= _LONGEST_NAME or _NO_ORGAN.search(name) or not looks_like_agency(name):
        return False
    return (
        name.endswith(_KNOWN_END)
        or name.startswith(("国", "中", "全国", "最高"))
        or bool(take_apart(name).families)
        or leading_place(name) is not None
    )


def organ_spans(sheet: Sheet, number: int, *, strict: bool = True) -> list[Span]:
    """Return the organs of a line that names organs and nothing else, a （代章） or （某局代章） aside.

    Args:
        sheet: The document.
        number: The line.
        strict: Ask for ``is_organ``; otherwise anything written like an agency will do.
    """
    words = sheet.words(number)
    if len(words) > _LONGEST_LINE or words[-1] not in _ORGAN_END:
        return []
    if sealed := _SEALED.search(words):
        words = words[: sealed.start()]
    test = is_organ if strict else looks_like_agency
    start = sheet.lines[number].span.start
    parts = [Span(*match.span()) for match in _LIST_PART.finditer(words)]
    names = [squeeze(part.of(words)) for part in parts]
    # 财政部 税务总局 are two, 国务院 办公厅 and 海 关 总 署 are one.
    is_joint = len(parts) > 1 and all(map(_is_told_by_name, names))
    if not is_joint and test(squeeze(words)):
        return [sheet.trimmed(start, start + len(words))]
    if is_joint or (len(parts) > 1 and all(map(test, names))):
        return [part.shift(start) for part in parts]
    return []


def _is_told_by_name(name: str) -> bool:
    """Whether a name by itself tells which organ it is, as 办公厅 does not."""
    is_known = bool(take_apart(name).families) or is_national(name) or leading_place(name) is not None
    return is_known and is_organ(name)


def is_addressed_person(words: str) -> bool:
    """Tell whether ``words`` end with what a person is addressed by (何海燕委员)."""
    return _ADDRESSED_PERSON.search(words) is not None


def units_in(sheet: Sheet, whole: Span) -> list[Span]:
    """Cut a list of organs or persons: always at ，, at 、 only where each side is an organ or person of its own.

    各省、自治区、直辖市人民政府 is one item, 国务院各部委、各直属机构 are two, 市政府各委、办、局 is one.
    """
    words = whole.of(sheet.plain)
    found: list[Span] = []
    for part in split_units(words, separators=frozenset("，,；;。\n")):
        items = split_units(part.of(words), separators=frozenset("、"))
        names = [squeeze(item.of(part.of(words))) for item in items]
        persons = bool(names) and is_addressed_person(names[-1])
        start: int | None = None
        for position, item in enumerate(items):
            start = item.start if start is None else start
            is_last = position == len(items) - 1
            if not is_last and (len(names[position + 1]) == 1 or not _stands_alone(names[position], persons=persons)):
                continue
            found.append(Span(start, item.end).shift(part.start + whole.start))
            start = None
    return [sheet.trimmed(span.start, span.end) for span in found]


def _stands_alone(item: str, *, persons: bool) -> bool:
    if is_addressed_person(item) or (persons and len(item) <= 4):
        return True  # 张三、李四委员
    return looks_like_agency(item) and _ADMINISTRATIVE_UNIT.search(item) is None
