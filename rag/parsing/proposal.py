"""What a reply (答复、复函) answers: the proposal of 政协 or suggestion of 人大, and who handled it."""

from __future__ import annotations

import re

from rag.domain.document import Proposal, ProposalBody
from rag.domain.span import Span
from rag.parsing.agencies import looks_like_agency
from rag.parsing.head import Head
from rag.parsing.organs import units_in
from rag.parsing.sheet import Sheet

_INTRODUCTION_LINES = 4
"""Lines below the head among which the opening paragraph of a reply stands."""

_REPLY_TITLE = re.compile(r"(?:提案|建议|议案|案).{0,40}(?:答复|复函|回复|函|办理情况|意见)")
_CHINESE = "一二三四五六七八九十百〇零"
_SESSION = re.compile(
    rf"(?P<session>第?\s*(?:[{_CHINESE}]+|\d{{1,2}})\s*届\s*[\u4e00-\u9fff ]{{0,24}}?第?\s*(?:[{_CHINESE}]+|\d{{1,2}})\s*次\s*(?:全体)?(?:会议|全会)?)"
)
_NUMBER = re.compile(
    r"(?:第|案号[:：]?|编号[:：]?)?\s*(?P<number>(?:[A-Za-z]{1,3}\s*)?\d[\d\-—]{0,14}(?:\s*[、，,]\s*(?:第\s*)?\d[\d\-]{0,14}){0,6})\s*号"
)
_CPPCC = re.compile(r"政协|提案|委员会?(?:[:：]|$)")
_NPC = re.compile(r"人大|人民代表大会|代表(?:[:：]|$)|代表建议|议案")
_INTRODUCTION = re.compile(r"(?:提案|建议|议案|来信|来函|意见).{0,60}?(?:收悉|收到|答复|回复)|(?:您|你|贵).{0,8}提出")
_PROPOSAL_TITLE = re.compile(r"《(?P<title>[^《》\n]{4,80}(?:《[^《》\n]{1,60}》[^《》\n]{0,40})?)》")
_UNQUOTED_TITLE = re.compile(
    r"提出的[“\"]?(?P<title>关于[^，。；“”《》\n]{4,60}?)[”\"]?(?:的)?(?:提案|建议|议案)(?=[（(，,已收]|$)"
)
_FORM_NUMBER = re.compile(
    r"(?:提案|建议|议案)\s*(?:编\s*号|号)\s*[:：\t]\s*(?:第\s*)?(?P<number>[A-Za-z]{0,3}\d[\d\-]{0,14})"
)

# 由市卫健局主办，市教育局、市妇联协办
_HANDLING = re.compile(
    r"(?:由|交由|确定)\s*(?P<lead>[^，。；：\n]{2,60}?)\s*(?:牵头)?(?:主办|承办)(?:[，,、；;]\s*(?:由|会同|并由)?\s*(?P<cooperating>[^。；\n]{2,200}?)\s*(?:协办|会办|分办|协同办理|配合办理))?"
)
_LEAD_LABEL = re.compile(r"主\s*办\s*(?:单\s*位|部\s*门)\s*[:：\t]\s*(?P<units>[^\n\t。；;]{2,60})")
_COOPERATING_LABEL = re.compile(r"(?:协|会|分)\s*办\s*(?:单\s*位|部\s*门)\s*[:：\t]\s*(?P<units>[^\n\t。；;]{2,200})")
_SELF = re.compile(r"^[我本贵该]")


def is_reply(sheet: Sheet, head: Head) -> bool:
    """Tell whether the document answers a proposal or suggestion."""
    title = head.title.of(sheet.plain).replace("\n", "") if head.title else ""
    if _REPLY_TITLE.search(title):
        return True
    introduction = _introduction(sheet, head)
    words = introduction.of(sheet.plain) if introduction else ""
    return (
        bool(head.addressees)
        and ("提案" in words or "建议" in words or "议案" in words)
        and "号" in words
        and "收悉" in words
    )


def read_proposal(sheet: Sheet, head: Head) -> Proposal | None:
    """Read what a reply answers, ``None`` for any other document; spans go to ``sheet``."""
    if not is_reply(sheet, head):
        return None
    title = head.title or Span(0, 0)
    introduction = _introduction(sheet, head) or Span(0, 0)
    places = (title, introduction)
    body = _body(sheet, places)
    if body is None:
        return None
    session = _first(sheet, _SESSION, "session", places)
    number = _number(sheet, places)
    named = _first(sheet, _PROPOSAL_TITLE, "title", (introduction, title)) or _first(
        sheet, _UNQUOTED_TITLE, "title", (introduction,)
    )
    return Proposal(
        body=body,
        session=sheet.record_one("proposal.session", session) if session else None,
        number=sheet.record_one("proposal.number", number) if number else None,
        title=sheet.record_one("proposal.title", named) if named else None,
    )


def _introduction(sheet: Sheet, head: Head) -> Span | None:
    for number in range(head.end, min(head.end + _INTRODUCTION_LINES, len(sheet.lines))):
        words = sheet.words(number)
        if _INTRODUCTION.search(words[:400]):
            span = sheet.lines[number].span
            return Span(span.start, min(span.end, span.start + 600))
    return None


def _body(sheet: Sheet, places: tuple[Span, ...]) -> ProposalBody | None:
    """Tell 政协 from 人大 by the title, then by who is addressed, then by the opening."""
    addressee = sheet.spans.get("addressees", ())
    for place in (places[0], *addressee[:1], *places[1:]):
        words = place.of(sheet.plain)
        if "政协" in words or "提案" in words:
            return ProposalBody.CPPCC
        if _NPC.search(words) or words.endswith("代表"):
            return ProposalBody.NPC
        if _CPPCC.search(words):
            return ProposalBody.CPPCC
    return None


def _first(sheet: Sheet, pattern: re.Pattern[str], group: str, places: tuple[Span, ...]) -> Span | None:
    for place in places:
        if match := pattern.search(sheet.plain, place.start, place.end):
            return sheet.trimmed(*match.span(group))
    return None


def _number(sheet: Sheet, places: tuple[Span, ...]) -> Span | None:
    """Find the number; 〔2024〕12号 is a 文号 and not one."""
    for place in places:
        for match in _NUMBER.finditer(sheet.plain, place.start, place.end):
            before = sheet.plain[max(0, match.start() - 1) : match.start()]
            if before not in ("〕", "]", "］", "】", "）", ")") or match[0].lstrip().startswith("第"):
                return sheet.trimmed(*match.span("number"))
    if form := _FORM_NUMBER.search(sheet.plain):
        return Span(*form.span("number"))
    return None


def read_handling(sheet: Sheet, head: Head) -> tuple[str | None, tuple[str, ...]]:
    """Read the handling units (主办单位, 协办单位); spans go to ``sheet``."""
    if "办" not in sheet.plain:
        return None, ()
    place = _introduction(sheet, head)
    if place and (match := _HANDLING.search(sheet.plain, place.start, place.end)):
        lead = sheet.trimmed(*match.span("lead"))
        cooperating = sheet.trimmed(*match.span("cooperating")) if match["cooperating"] else None
        return _record(sheet, lead, cooperating)
    lead_match = _LEAD_LABEL.search(sheet.plain)
    cooperating_match = _COOPERATING_LABEL.search(sheet.plain)
    return _record(
        sheet,
        sheet.trimmed(*lead_match.span("units")) if lead_match else None,
        sheet.trimmed(*cooperating_match.span("units")) if cooperating_match else None,
    )


def _record(sheet: Sheet, lead: Span | None, cooperating: Span | None) -> tuple[str | None, tuple[str, ...]]:
    unit = None
    if lead and looks_like_agency(lead.of(sheet.plain)) and not _SELF.match(lead.of(sheet.plain)):
        unit = sheet.record_one("lead_unit", lead)
    units = units_in(sheet, cooperating) if cooperating else []
    if not all(looks_like_agency(unit_span.of(sheet.plain)) for unit_span in units):
        units = []
    return unit, sheet.record("cooperating_units", *units)
