"""The note under a statute's title (题注): who adopted it and when, and how it was amended since.

立法法 (2023), article 67: 法律标题的题注应当载明制定机关、通过日期; an amended law names its amendments there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.domain.span import Span
from rag.parsing.dates import DATE
from rag.parsing.sheet import Sheet

_HEAD_LINES = 12
_MOST_LINES = 40
_MOST_CHARACTERS = 4_000
_ACT = re.compile(r"通过|公布|发布|颁布|批准|修正|修订|修改|制定")
_SESSION = re.compile(r"次(?:全体)?(?:会议|代表大会)|常务会议|部务会议|局务会议|令")
_NUMERAL = "一二三四五六七八九十百零〇"
_TERM = rf"第\s*(?:[{_NUMERAL}]{{1,5}}|\d{{1,3}})\s*届"
_ORGAN = re.compile(
    rf"\s*(?:经|由)?\s*(?:中华人民共和国(?=国务院))?(?:{_TERM})?"
    rf"(?P<organ>[\u3400-\u9fff ]{{2,24}}?(?:{_TERM}[\u3400-\u9fff ]{{4,24}}?)?)\s*"
    rf"(?:第\s*(?:[{_NUMERAL}]{{1,5}}|\d{{1,4}})\s*(?:届\s*\d{{1,4}}\s*)?(?:次|号)|令|公告|主席团|(?:部务|常务|局务|办公|全体)会议)"
)
_NUMBER = re.compile(
    rf"(?P<number>[\u3400-\u9fff]{{2,24}}(?:令|公告)\s*(?:[〔\[（(]?\d{{4}}[〕\])）]?\s*年?)?\s*第\s*(?:\d{{1,5}}|[{_NUMERAL}]{{1,8}})\s*号)"
)
_IN_FORCE = re.compile(r"\s*起")


@dataclass(frozen=True, slots=True)
class Adoption:
    """What the note says.

    Attributes:
        lines: Lines it stands on.
        organ: 制定机关, of the first act; its term (第十届) is left out where it stands in front.
        date: Of the last act: a law amended in 2022 is the law of 2022. ``None`` where an order's date counts.
        number: Of the order or announcement (令, 公告) named first.
    """

    lines: range
    organ: Span | None
    date: Span | None
    number: Span | None


def read_adoption(sheet: Sheet, start: int = 0) -> Adoption | None:
    """Read the note among the lines from ``start`` on, ``None`` when there is none."""
    for number in range(start, min(start + _HEAD_LINES + len(sheet.contents), len(sheet.lines))):
        if number in sheet.contents:
            continue
        words = sheet.words(number)
        if (bare := words.lstrip("（( \t\u3000")) and (bare[0].isdecimal() or bare[0] in "一二") and number:
            end = _end(sheet, number, is_bracketed=words[0] in "（(")
            note = Span(sheet.lines[number].span.start, sheet.lines[end - 1].span.end)
            if _is_note(sheet, note, is_bracketed=words[0] in "（("):
                return _read(sheet, range(number, end), note)
        if "。" in words or len(words) > 200:
            return None
    return None


def _end(sheet: Sheet, start: int, *, is_bracketed: bool) -> int:
    """Return the first line below the note, which closes with its bracket, or with the last line of an act."""
    depth = 0
    most = min(start + _MOST_LINES, len(sheet.lines))
    for number in range(start, most):
        words = sheet.words(number)
        if not is_bracketed:
            if not _is_act(words):
                return max(number, start + 1)
            continue
        depth += words.count("（") + words.count("(") - words.count("）") - words.count(")")
        if depth <= 0 or sheet.lines[number].span.end - sheet.lines[start].span.start > _MOST_CHARACTERS:
            return number + 1
    return start + 1 if is_bracketed else most


def _is_act(words: str) -> bool:
    """Whether a line without brackets tells of an act and of nothing else."""
    bare = words.strip(" \t\u3000").removeprefix("根据")
    return DATE.match(bare) is not None and bare.endswith(("通过", "修正", "修订", "公布", "批准", "发布"))


def _is_note(sheet: Sheet, note: Span, *, is_bracketed: bool) -> bool:
    words = note.of(sheet.plain)
    if len(note) > _MOST_CHARACTERS or DATE.match(words.lstrip("（( \t\u3000")) is None:
        return False
    if is_bracketed:
        return _ACT.search(words) is not None
    return _is_act(words[: words.find("\n")] if "\n" in words else words) and _SESSION.search(words) is not None


def _read(sheet: Sheet, lines: range, note: Span) -> Adoption:
    dates = list(DATE.finditer(sheet.plain, note.start, note.end))
    acted = [match for match in dates if not _IN_FORCE.match(sheet.plain, match.end(), note.end)]
    organ = _ORGAN.match(sheet.plain, dates[0].end(), note.end)
    number = _NUMBER.search(sheet.plain, dates[0].end(), note.end)
    return Adoption(
        lines=lines,
        organ=sheet.trimmed(*organ.span("organ")) if organ and not organ["organ"].rstrip().endswith("主席") else None,
        date=Span(*acted[-1].span()) if acted else None,
        number=Span(*number.span("number")) if number else None,
    )
