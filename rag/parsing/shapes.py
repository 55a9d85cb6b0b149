"""Shapes of the lines above the body (版头), from the top down to the first line of the body."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from enum import StrEnum

from rag.domain.span import Span
from rag.parsing.agencies import looks_like_agency, split_units
from rag.parsing.dates import DATE
from rag.parsing.joining import TITLE_END
from rag.parsing.markers import leading_marker
from rag.parsing.organs import is_addressed_person, organ_spans
from rag.parsing.sheet import Sheet
from rag.text import DOCUMENT_NUMBER, squeeze

_MOST_LINES = 40
LONGEST_TITLE = 160
_LONGEST_ADDRESSEE = 400


class Shape(StrEnum):
    """What a line of the head looks like."""

    NUMBER = "number"
    LABEL = "label"  # 类别, 签发人, 公开属性, 索引号…
    LETTERHEAD = "letterhead"
    ORGAN = "organ"
    DATE = "date"
    ADDRESSEE = "addressee"
    SIGNATORIES = "signatories"  # further names below 签发人
    SECRECY = "secrecy"
    FREE = "free"


# 办理结果, 答复类型…; the meaning of the letter differs from place to place.
CATEGORY = re.compile(
    r"(?:^|[\s（(【])(?:办理|答复|办复|提案|建议|复函)?(?:结果)?(?:类\s*别|分\s*类|类\s*型|结果|等级)\s*[:：]\s*[（(【“]?\s*"
    r"(?P<category>[A-Da-dＡ-Ｄ])(?![A-Za-z])\s*\d?\s*[)）】”]?\s*(?:类|级|$|\s|[)）])"
    r"|^[（(【\[〔]\s*(?P<bracketed>[A-DＡ-Ｄ])\s*\d?\s*类?\s*[)）】\]〕]$|^(?P<bare>[A-DＡ-Ｄ])\s*类$"
)
SIGNATORY = re.compile(
    r"签\s*发\s*(?:人|领导)?\s*[:：]\s*(?P<names>[\u3400-\u9fff·]{1,8}(?:[ \u3000、]{1,4}[\u3400-\u9fff·]{1,8}){0,4})"
)
LETTERHEAD = re.compile(r"(?P<organ>[\u3400-\u9fff（）() \u3000、]{3,60}?)\s*文\s*件")
# The names that stand below 签发人, one column of them beside the number (上行文 with several signatories).
_NAMES = re.compile(r"[\u3400-\u9fff·]{2,4}(?:[ \u3000]{1,4}[\u3400-\u9fff·]{2,4}){0,3}")
HONORIFIC = re.compile(r"(?:尊敬的|敬爱的)\s*")
SENTENCE = re.compile(r"[。！？；;]")

_NUMBER_LABEL = re.compile(r"(?:发\s*文\s*字\s*号|发文文号|文\s*件?\s*编?\s*号|公文编号|字\s*号)\s*[:：\t]\s*")
_AROUND_NUMBER = " \t\u3000（()）【】*★"

# 公告 and 令 are numbered without an agency code: 财政部公告2020年第6号, 第179号.
_ORDER_NUMBER = re.compile(
    r"[（(]?(?:[\u3400-\u9fff]{2,40}(?:公告|通告|令)|公告|令)?\s*(?:\d{4}\s*年\s*)?第\s*(?:\d{1,5}|[〇零一二三四五六七八九十百]{1,8})\s*号[)）]?"
)
_CITING = re.compile(r"根据|按照|依据|依照|参照|详见|见|经|与|和|及|转发|废止|原")
_SECRECY = re.compile(
    r"(?:特\s*急|加\s*急|急\s*件|平\s*急|特\s*提|绝\s*密|机\s*密|秘\s*密|内\s*部(?:\s*(?:资\s*料|文\s*件|明\s*电|传\s*真))?|明\s*电)"
    r"(?:\s*[★☆*·].{0,8})?(?:\s*[，,]?\s*注意保存)?"
    r"|(?:份\s*号\s*[:：]?\s*|[Nn][Oo][.．:：]?\s*|№\s*)?\d{6}|(?:[Nn][Oo][.．]?|№)\s*\d{1,10}"
)
_DISCLOSURE = re.compile(
    r"[（(【]?\s*(?:此件|本件|(?:政府)?(?:信息)?公开[选情属方形类范]|主动公开|依申请公开|不予公开|免予公开)"
)
# A note above or under the title, such as （示例文件） or （2019年1月1日通过）.
_BRACKETED = re.compile(r"[（(【](?![^（(【]*号[)）])[^()（）【】]*(?:[（(][^()（）]*[)）][^()（）【】]*)*[)）】]")
_PART_OF_TITLE = re.compile(
    r"[（(](?:试行|暂行|征求意见稿|修订|修订版|草案|送审稿|20\d{2}年?版?|第.{1,3}版|.{2,10}修订|\d{4}[—\-–]\d{4}年?|\d{4}\s*年\s*\d.*|二[〇○零].*日)[)）]"
)
_BODY_WORDS = re.compile(r"如下|现将|以下|下列|收悉|提出|您好|你好|通知要求|包括|要求是|强调|指出|认为|表示")


def read_shapes(sheet: Sheet, labels: AbstractSet[int]) -> dict[int, Shape]:
    """Classify lines from the top down to the addressee, or to the line before the body.

    Args:
        sheet: The document.
        labels: Lines known to hold labels or notes.
    """
    shapes: dict[int, Shape] = {}
    signs = False
    for number in range(min(_MOST_LINES + len(sheet.contents), len(sheet.lines))):
        is_label = number in labels or number in sheet.contents
        words = sheet.words(number)
        shape = Shape.LABEL if is_label else _shape(sheet, number, words)
        if shape is Shape.FREE and signs and are_names(words):
            shape = Shape.SIGNATORIES
        signs = shape is Shape.SIGNATORIES or SIGNATORY.search(words) is not None
        if shape is None:
            break
        shapes[number] = shape
        if shape is Shape.ADDRESSEE:
            break
    return shapes


def _shape(sheet: Sheet, number: int, words: str) -> Shape | None:
    if len(words) > _LONGEST_ADDRESSEE:
        return None
    if words[-1] in "：:":
        return Shape.ADDRESSEE if _is_addressee(words) else None
    if len(words) > LONGEST_TITLE or sheet.lines[number].is_table_row:
        return None
    if shape := _shape_of_label(words):
        return shape
    if document_number(sheet, number):
        return Shape.NUMBER
    # A page's heading may be a question: 某证如何办理？一文说清.
    is_heading = number == 0 and sheet.lines[number].level == 1
    return None if _is_body(words) and not is_heading else _shape_of_name(sheet, number, words)


def are_names(words: str) -> bool:
    """Tell whether a line below 签发人 goes on with names; 通知 below it is the title."""
    return _NAMES.fullmatch(words) is not None and TITLE_END.fullmatch(words) is None


def _is_below_signatory(sheet: Sheet, number: int) -> bool:
    above = number - 1
    while above > max(0, number - _MOST_LINES) and are_names(sheet.words(above)):
        above -= 1
    return above >= 0 and SIGNATORY.search(sheet.words(above)) is not None


def _is_body(words: str) -> bool:
    if (match := DATE.search(words)) and len(words) - len(match[0]) <= 2:
        return False
    return (
        words[-1] in "，,、"
        or words.startswith("附件")
        or SENTENCE.search(words) is not None
        or leading_marker(words) is not None
    )


def _shape_of_name(sheet: Sheet, number: int, words: str) -> Shape:
    if (match := DATE.search(words)) and len(words) - len(match[0]) <= 2:
        return Shape.DATE
    if LETTERHEAD.fullmatch(words):
        return Shape.LETTERHEAD
    return Shape.ORGAN if organ_spans(sheet, number) else Shape.FREE


def _shape_of_label(words: str) -> Shape | None:
    if _SECRECY.fullmatch(words):
        return Shape.SECRECY
    if _BRACKETED.fullmatch(words) and not _PART_OF_TITLE.fullmatch(words):
        return Shape.LABEL
    is_label = SIGNATORY.search(words) or CATEGORY.search(words) or (len(words) < 30 and _DISCLOSURE.match(words))
    return Shape.LABEL if is_label and not DOCUMENT_NUMBER.search(words) else None


def _is_addressee(words: str) -> bool:
    bare = HONORIFIC.sub("", words.rstrip("：: \u3000"))
    if not bare or "《" in bare or _BODY_WORDS.search(bare) or SENTENCE.search(bare) or leading_marker(bare):
        return False
    squeezed = squeeze(bare)
    if is_addressed_person(squeezed):
        return len(squeezed) <= 60
    return squeezed.startswith("各") or any(looks_like_agency(span.of(squeezed)) for span in split_units(squeezed))


def document_number(sheet: Sheet, number: int) -> Span | None:
    """Find the document's own number on a line that holds little else; a cited one stands in a sentence."""
    words = sheet.words(number)
    if "号" not in words or len(words) > 90:
        return None
    label = _NUMBER_LABEL.search(words)
    start = label.end() if label else 0
    match = DOCUMENT_NUMBER.search(words, start)
    if match is not None and _CITING.match(match["code"]):
        return None
    if match is not None:
        before = words[start : match.start()].strip(_AROUND_NUMBER)
        after = CATEGORY.sub("", SIGNATORY.sub("", words[match.end() :])).strip(_AROUND_NUMBER)
        is_beside_names = are_names(after) and _is_below_signatory(sheet, number)
        own = label is not None or (not before and (not after or "公开" in after or is_beside_names))
        return sheet.span(number, *match.span()) if own else None
    if _ORDER_NUMBER.fullmatch(words.strip()) is None:
        return None
    line = sheet.lines[number].span
    return sheet.trimmed(line.start, line.end, " \t\u3000（()）")
