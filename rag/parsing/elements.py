"""Elements of an official document (公文要素), each with its span; what is not there stays empty."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain.document import Elements, Kind, Proposal
from rag.domain.span import Span
from rag.parsing.disclosure import read_disclosure
from rag.parsing.foot import Foot, read_foot
from rag.parsing.head import Head, read_head
from rag.parsing.places import place_of
from rag.parsing.proposal import read_handling, read_proposal
from rag.parsing.sheet import Sheet, value_of
from rag.text import simplify


def read_elements(sheet: Sheet) -> tuple[Elements, Head]:
    """Read all elements; lines that hold elements below the body are noted in ``sheet.foot``."""
    head = read_head(sheet)
    foot = read_foot(sheet, head)
    disclosure = read_disclosure(sheet)
    proposal = read_proposal(sheet, head)
    lead_unit, cooperating_units = read_handling(sheet, head) if proposal else (None, ())
    issuer, co_issuers = _issuers(sheet, head, foot)
    place = None
    if issuer is not None:
        place = place_of(value_of(issuer.of(sheet.text)))
        if place is not None:
            _record_place(sheet, issuer, place)
    elements = Elements(
        title=sheet.record_one("title", head.title) if head.title else None,
        document_number=head.document_number,
        issuer=sheet.record_one("issuer", issuer) if issuer else None,
        co_issuers=sheet.record("co_issuers", *co_issuers),
        place=place,
        reply_category=head.reply_category,
        proposal=proposal,
        addressees=head.addressees,
        cc=foot.cc,
        signatory=head.signatory,
        issued_on=foot.issued_on,
        printed_on=foot.printed_on,
        disclosure=disclosure,
        attachments=foot.attachments,
        lead_unit=lead_unit,
        cooperating_units=cooperating_units,
        spans=dict(sheet.spans),
    )
    return elements, head


def _record_place(sheet: Sheet, issuer: Span, place: str) -> None:
    words = issuer.of(sheet.text)
    at = words.find(place)
    if at >= 0:
        sheet.record_one("place", Span(at, at + len(place)).shift(issuer.start))


# ----------------------------------------------------------------------------------------- issuer

_LEVELS = ("省", "市", "县", "区", "州", "旗", "自治")
_OFFICE = re.compile(r"(?<=[局委会厅府部院])(?:办公室|办公厅|综合科|秘书科)$")


def _issuers(sheet: Sheet, head: Head, foot: Foot) -> tuple[Span | None, list[Span]]:
    """Choose the issuer: letterhead, then title, then signature, then the printing organ without its office.

    On a joint document whose own seal is missing from the signature page, the printing organ (印发机关) leads.
    """
    printing = _without_office(sheet, foot.printing_organ)
    adopted = [note.organ for note in (head.adoption, head.occasion) if note and note.organ]
    candidates = [list(head.organs), list(head.title_organs), adopted or list(foot.signatures)]
    first = next((organs for organs in candidates if organs), [])
    if first and first is candidates[2] and printing and len(first) > 1:
        names = {value_of(span.of(sheet.plain)) for span in first}
        if value_of(printing.of(sheet.plain)) not in names:
            return printing, first
    if not first:
        return printing, []
    first = [_in_full(sheet, organ, foot.signatures) for organ in first]
    others: dict[str, Span] = {}
    leading = value_of(first[0].of(sheet.plain))
    for span in first[1:]:
        if (name := value_of(span.of(sheet.plain))) != leading:
            others.setdefault(name, span)
    return first[0], list(others.values())


def _in_full(sheet: Sheet, organ: Span, signatures: Sequence[Span]) -> Span:
    """Return the signing organ whose name has the place that a short name leaves out (省农业农村厅 for 湖北省农业农村厅)."""
    short = value_of(organ.of(sheet.plain))
    if not short.startswith(_LEVELS) or place_of(short) is not None:
        return organ
    full = (
        s
        for s in signatures
        if (name := value_of(s.of(sheet.plain))) != short and name.endswith(short) and place_of(name)
    )
    return next(full, organ)


def _without_office(sheet: Sheet, organ: Span | None) -> Span | None:
    if organ is None:
        return None
    words = organ.of(sheet.plain)
    # 人民政府办公室 is an organ of its own that prints for the government; 局办公室 is an office within.
    match = _OFFICE.search(words)
    return Span(organ.start, organ.start + match.start()) if match else organ


# ------------------------------------------------------------------------------------------- kind

_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.REPLY,
        re.compile(r"答复(?:函|意见|的函)?$|复函$|回复(?:函)?$|(?:提案|建议|议案).{0,30}(?:的函|办理情况.{0,6})$"),
    ),
    (
        Kind.PLAN,
        re.compile(
            r"(?:方案|规划|计划|纲要|要点|预案|任务清单|分工|行动|路线图|时间表|任务|若干措施|措施)(?:[（(].{1,12}[）)])?$"
        ),
    ),
    (
        Kind.LAW,
        re.compile(
            r"(?:法|条例|办法|规定|细则|规则|章程|准则|解释|规程|修正案|民法典|[^全]宪法|制度|规范)(?:[（(].{1,14}[）)])?$"
        ),
    ),
    (
        Kind.REPORT,
        re.compile(
            r"(?:报告|总结|工作情况|述职|年报|白皮书|公报|小结|汇报|总结[和及暨与].{2,24})(?:[（(].{1,12}[）)])?$"
        ),
    ),
    (Kind.NOTICE, re.compile(r"(?:通知|通告|公告|通报|公示|启事|通知书)(?:[（(].{1,14}[）)])?$")),
)
_TRANSMITTED = re.compile(
    r"(?:印发|转发|发布|公布|下达|批转|颁布|施行|实施)(?P<what>.+?)》?\s*(?:[（(][^（）()]{1,20}[）)])?(?:》)?的(?:紧急|补充)?(?:通知|公告|通告|决定|令)$"
)


def kind_of(title: str | None, proposal: Proposal | None) -> Kind:
    """Tell the kind of document (文种) from its title; a notice that issues a plan or rules counts as these."""
    if proposal is not None:
        return Kind.REPLY
    if title is None:
        return Kind.OTHER
    plain = simplify(title).replace(" ", "")
    if match := _TRANSMITTED.search(plain):
        what = match["what"].rstrip("》")
        for kind in (Kind.PLAN, Kind.LAW, Kind.REPORT):
            if dict(_KINDS)[kind].search(what):
                return kind
    return next((kind for kind, pattern in _KINDS if pattern.search(plain)), Kind.OTHER)
