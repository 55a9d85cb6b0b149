"""Elements below the body (附件说明, 署名, 成文日期, 版记): GB/T 9704-2012, 7.3.4–7.3.9 and 7.4."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from datetime import date

from rag.domain.span import Span
from rag.parsing.annexes import is_annex
from rag.parsing.dates import DATE, read_date
from rag.parsing.head import Head
from rag.parsing.markers import Style, leading_marker
from rag.parsing.organs import is_organ, organ_spans, units_in
from rag.parsing.places import leading_place
from rag.parsing.sheet import Sheet
from rag.text import squeeze

_END_LINES = 12
_LONGEST_SIGNATURE = 70
_COPY = re.compile(r"抄\s*(?:送|报|送机关|送单位|报机关)\s*[:：\t]\s*")
_SENT_TO = re.compile(r"(?:分\s*送|主\s*送|报\s*送|抄\s*发)\s*[:：]")
_PRINTED = re.compile(rf"(?P<organ>[^\d\n]{{0,40}}?)[ \t\u3000]*(?P<date>{DATE.pattern})\s*印\s*(?:发|制)?")
_CONTACT = re.compile(
    r"[（(【]?\s*(?:联\s*系\s*(?:人|电\s*话|方\s*式|单\s*位|地\s*址)|联\s*络\s*[人员]|经\s*办\s*人|承\s*办\s*人|责任领导|分管领导|主管领导|电\s*话|传\s*真|手\s*机"
    r"|邮\s*政\s*编\s*码|邮\s*编|地\s*址|通讯地址|电子邮[箱件]|邮\s*箱|承\s*办\s*单\s*位|校\s*对|打\s*字|印\s*数)[^。\n]{0,14}?[:：]"
)
_NOTE = re.compile(r"[（(]\s*(?:此件|联系|注[:：]|附注)[^（）()]{0,120}[)）]|[（(][^（）()]{2,40}代章\s*[)）]")
_ATTACHMENT = re.compile(r"附\s*件?\s*(?:\d{1,2}|[一二三四五六七八九十])?\s*[:：]\s*(?P<rest>.*)")
_ITEM = re.compile(r"(?:附件)?\s*(?P<ordinal>\d{1,2})\s*[.．、:：]\s*(?=\S)")
_ATTACHMENT_CHARACTERS = 100
_FILE_NAME = re.compile(r"\.?(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|jpe?g|png)(?![A-Za-z0-9])", re.IGNORECASE)
_LIST_EDGE = " \t\u3000。；;，,"


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below the body.

    Attributes:
        signatures: Signing organs (署名), in order.
        printing_organ: 印发机关.
    """

    signatures: tuple[Span, ...] = ()
    printing_organ: Span | None = None
    issued_on: date | None = None
    printed_on: date | None = None
    cc: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


def read_foot(sheet: Sheet, head: Head) -> Foot:
    """Read the elements below the body; spans go to ``sheet``, their lines to ``sheet.foot``."""
    printed_on, printing_organ = _printed(sheet, head.end)
    cc = _copies(sheet, head.end)
    signatures, issued_on = _signed(sheet, head)
    attachments = _attachments(sheet, head.end)
    _mark_contacts(sheet, head.end)
    return Foot(signatures, printing_organ, issued_on, printed_on, cc, attachments)


def _printed(sheet: Sheet, start: int) -> tuple[date | None, Span | None]:
    if "印" not in sheet.plain:
        return None, None
    for number in range(len(sheet.lines) - 1, start - 1, -1):
        words = sheet.words(number)
        if len(words) > 80 or "印" not in words[-3:]:
            continue
        match = _PRINTED.fullmatch(words.strip())
        if match is None:
            continue
        offset = len(words) - len(words.lstrip())
        printed_on = read_date(match)
        if printed_on is None:
            continue
        sheet.record_one("printed_on", sheet.span(number, *match.span("date")).shift(offset))
        sheet.foot.add(number)
        if organ := squeeze(match["organ"]):
            span = sheet.span(number, *match.span("organ")).shift(offset)
            return printed_on, sheet.trimmed(span.start, span.end) if is_organ(organ) else None
        if number > start and is_organ(squeeze(sheet.words(number - 1))):
            sheet.foot.add(number - 1)
            return printed_on, _line(sheet, number - 1)
        return printed_on, None
    return None, None


def _line(sheet: Sheet, number: int) -> Span:
    span = sheet.lines[number].span
    return sheet.trimmed(span.start, span.end)


def _copies(sheet: Sheet, start: int) -> tuple[str, ...]:
    """Read 抄送; what follows it (印发 line, feedback form) is foot too, up to an annex."""
    if "抄" not in sheet.plain:
        return ()
    found: list[Span] = []
    is_below = False
    for number in range(start, len(sheet.lines)):
        words = sheet.words(number)
        if match := _COPY.match(words):
            line = sheet.lines[number].span
            whole = sheet.trimmed(line.start + match.end(), line.end, " \t\u3000。；;")
            found.extend(units_in(sheet, whole))
            is_below = True
        elif is_annex(words) or _opens_text(words):
            is_below = False
        if is_below:
            sheet.foot.add(number)
    return sheet.record("cc", *found)


# A 版记 and the form below it have short lines: a paragraph, or a numbered heading, is of another document (汇编).
_PARAGRAPH_CHARACTERS = 120
_HEADING_STYLES = frozenset({Style.CHAPTER, Style.ARTICLE, Style.CHINESE})


def _opens_text(words: str) -> bool:
    """Whether a line below 抄送 shows that another text has begun."""
    if len(words) > _PARAGRAPH_CHARACTERS:
        return "。" in words and "\t" not in words
    marker = leading_marker(words)
    return marker is not None and marker.style in _HEADING_STYLES


@dataclass(frozen=True, slots=True)
class _DateLine:
    """A line that ends with a date and holds nothing else, or an organ before it."""

    number: int
    span: Span
    value: date
    organ: Span | None


def _date_line(sheet: Sheet, number: int) -> _DateLine | None:
    words = sheet.words(number)
    if len(words) > _LONGEST_SIGNATURE or ("年" not in words and not words.strip("（( ")[:4].isdigit()):
        return None
    match = deque(DATE.finditer(words), maxlen=1)
    if not match or words[match[0].end() :].strip(" \t\u3000）)") or (value := read_date(match[0])) is None:
        return None
    before = words[: match[0].start()].strip(" \t\u3000（(")
    if before and not is_organ(squeeze(before)):
        return None
    span = sheet.span(number, *match[0].span())
    return _DateLine(number, span, value, sheet.trimmed(sheet.lines[number].span.start, span.start) if before else None)


def _signed(sheet: Sheet, head: Head) -> tuple[tuple[Span, ...], date | None]:
    """Find the signature and 成文日期: a date under an organ, else alone near the end, else in the head."""
    if head.adoption is not None and head.adoption.date is not None:
        sheet.record_one("issued_on", head.adoption.date)
        match = DATE.match(sheet.plain, head.adoption.date.start)
        return (), read_date(match) if match else None
    last: _DateLine | None = None
    for number in range(head.end, len(sheet.lines)):
        line = _date_line(sheet, number)
        if line is None:
            continue
        organs = _organs_above(sheet, number, head.end) + ([line.organ] if line.organ else [])
        if organs:
            return _conclude(sheet, line, organs)
        if number > head.end and (number >= len(sheet.lines) - _END_LINES or (last is None and _closes(sheet, number))):
            last = line
    if last is not None:
        return _conclude(sheet, last, [])
    signatures = tuple(_signature_page(sheet, head.end))
    for place in head.dates:
        match = DATE.search(sheet.plain, place.start, place.end)
        if match is not None and (issued_on := read_date(match)) is not None:
            sheet.record_one("issued_on", Span(*match.span()))
            return signatures, issued_on
    return signatures, None


def _closes(sheet: Sheet, number: int) -> bool:
    """Whether a date alone on its line stands below the end of a sentence and above a title: an order (令) is so signed."""
    before, after = sheet.words(number - 1), sheet.words(number + 1) if number + 1 < len(sheet.lines) else ""
    return (before[-1] in "。！" or len(before) <= 12) and not re.search(r"[。，；]", after)


# 市　长　张某某: who signs an order (令).
_OFFICER = re.compile(
    r"[\u3400-\u9fff]{0,20}?(?:代\s*)?(?:[省市县区州镇乡旗盟部局院署厅]\s*长|主\s*席|总\s*理|主\s*任|行\s*长|检\s*察\s*长)"
    r"[ \t\u3000:：]{0,12}[\u3400-\u9fff·]{1,8}(?:[ \u3000]{1,4}[\u3400-\u9fff]{1,3})?"
)


def _conclude(sheet: Sheet, line: _DateLine, organs: list[Span]) -> tuple[tuple[Span, ...], date]:
    sheet.record_one("issued_on", line.span)
    sheet.foot.add(line.number)
    if not organs and line.number and _OFFICER.fullmatch(sheet.words(line.number - 1)):
        sheet.foot.add(line.number - 1)
    return tuple(organs), line.value


def _organs_above(sheet: Sheet, number: int, start: int) -> list[Span]:
    """Return the organs on the lines right above, upper first; a note in brackets may stand between."""
    found: list[Span] = []
    at = number - 1
    if at > start and _NOTE.fullmatch(sheet.words(at)):
        at -= 1
    while at >= start:
        # 农业发展银行, 供销合作总社: beside organs that are known, a name written like one will do.
        organs = organ_spans(sheet, at) or (organ_spans(sheet, at, strict=False) if len(sheet.words(at)) <= 30 else [])
        if not organs:
            break
        sheet.foot.add(at)
        found[:0] = organs
        at -= 1
    return found


def _signature_page(sheet: Sheet, start: int) -> list[Span]:
    """Return organs that sign without a date: lines of full names below the end of a sentence, or the last line."""
    found: list[Span] = []
    for number in range(start, len(sheet.lines)):
        words = sheet.words(number)
        if number in sheet.foot or len(words) > 80:
            continue
        organs = organ_spans(sheet, number)
        full = [span for span in organs if leading_place(squeeze(span.of(sheet.plain))) is not None]
        follows = bool(found) or (number > start and sheet.words(number - 1)[-1] in "。！）)”")
        if organs and len(full) == len(organs) and follows:
            found.extend(organs)
            sheet.foot.add(number)
        elif found:
            break
    return found


def _attachments(sheet: Sheet, start: int) -> tuple[str, ...]:
    """Read 附件说明: 附件：1.… and the numbered lines below it."""
    if "附" not in sheet.plain:
        return ()
    found: list[Span] = []
    number = start
    last = -1  # line below the last list
    while number < len(sheet.lines):
        words = sheet.words(number)
        match = _ATTACHMENT.fullmatch(words) if words[0] == "附" and len(words) <= 400 else None
        first = number
        number += 1
        if match is None:
            continue
        expected = 1
        if match["rest"].strip():
            offset = match.start("rest")
            items = _items(words, offset)
            found.extend(sheet.span(number - 1, *item) for item in items)
            expected = len(items) + 1
        while number < len(sheet.lines):
            item = _ITEM.match(sheet.words(number))
            if item is None or int(item["ordinal"]) != expected or len(sheet.words(number)) > _ATTACHMENT_CHARACTERS:
                break
            found.append(sheet.span(number, item.end(), len(sheet.words(number))))
            expected += 1
            number += 1
        if expected > 1 and (first == last or _is_list(sheet, number, items=expected - 1)):
            sheet.listed.update(range(first, number))
            last = number
    kept: dict[str, Span] = {}
    for span in found:
        file = _FILE_NAME.search(sheet.plain, span.start, span.end)  # a web page lists files: 附件1.docx
        end = file.start() if file and not sheet.plain[file.end() : span.end].strip(_LIST_EDGE) else span.end
        trimmed = sheet.trimmed(span.start, end, _LIST_EDGE)
        title = squeeze(trimmed.of(sheet.plain))
        if 2 <= len(title) <= _ATTACHMENT_CHARACTERS and title not in ("略", "如文"):
            kept.setdefault(title, trimmed)
    return sheet.record("attachments", *kept.values())


def _is_list(sheet: Sheet, end: int, *, items: int) -> bool:
    """Whether lines that name annexes, and end above ``end``, list them; 附件：某表 over text opens one."""
    if items > 1 or end == len(sheet.lines):
        return True
    below = range(end, min(end + 3, len(sheet.lines)))
    return any(number in sheet.foot for number in below) or _ATTACHMENT.fullmatch(sheet.words(end)) is not None


def _items(words: str, start: int) -> list[tuple[int, int]]:
    """Cut 1.甲 2.乙 written on one line."""
    marks = [
        match
        for match in re.finditer(r"(?:(?<=^)|(?<=[\s；;。：:]))(?P<ordinal>\d{1,2})\s*[.．、]\s*(?=\D)", words)
        if match.start() >= start
    ]
    if not marks or int(marks[0]["ordinal"]) != 1:
        return [(start, len(words))]
    ends = [match.start() for match in marks[1:]] + [len(words)]
    return [(match.end(), end) for match, end in zip(marks, ends, strict=True)]


def _mark_contacts(sheet: Sheet, start: int) -> None:
    for number in range(start, len(sheet.lines)):
        words = sheet.words(number)
        if len(words) <= 120 and (_CONTACT.match(words) or _NOTE.fullmatch(words) or _SENT_TO.match(words)):
            sheet.foot.add(number)
