"""Elements above the body (版头, 标题, 主送机关): GB/T 9704-2012, 7.2 and 7.3.1–7.3.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rag.domain.span import Span
from rag.parsing.agencies import looks_like_agency, split_units, take_apart
from rag.parsing.dates import DATE
from rag.parsing.joining import TITLE_END
from rag.parsing.markers import leading_marker
from rag.parsing.places import leading_place
from rag.parsing.sheet import Sheet, value_of
from rag.text import DOCUMENT_NUMBER, squeeze

_MOST_LINES = 30
_LONGEST_TITLE = 160
_LONGEST_ADDRESSEE = 400

# -------------------------------------------------------------------------------------- line shapes

_CATEGORY = re.compile(
    r"(?:^|[\s（(【])(?:(?:办理|答复|办复|提案|建议|复函)?(?:类\s*别|分\s*类|类\s*型|结果|等级))\s*[:：]\s*[（(【“]?\s*(?P<category>[A-Da-dＡ-Ｄ])(?![A-Za-z])\s*\d?\s*[)）】”]?\s*(?:类|级|$|\s)"
    r"|^[（(【\[〔]\s*(?P<bracketed>[A-DＡ-Ｄ])\s*[0-9]?\s*类?\s*[)）】\]〕]$|^(?P<bare>[A-DＡ-Ｄ])\s*类$"
)
_SIGNATORY = re.compile(
    r"签\s*发\s*(?:人|领导)?\s*[:：]\s*(?P<names>[\u3400-\u9fff·]{1,8}(?:[ \u3000、]{1,4}[\u3400-\u9fff·]{1,8}){0,4})"
)
_NUMBER_LABEL = re.compile(r"(?:发\s*文\s*字\s*号|发文文号|文\s*件?\s*编?\s*号|公文编号|字\s*号)\s*[:：\t]\s*")
# 公告 and 令 are numbered without an agency code: 财政部公告2020年第6号, 第179号.
_ORDER_NUMBER = re.compile(
    r"(?:[（(])?(?:[\u3400-\u9fff]{2,40}(?:公告|通告|令)|公告|令)?\s*(?:\d{4}\s*年\s*)?第\s*(?:\d{1,5}|[〇零一二三四五六七八九十百]{1,8})\s*号(?:[)）])?|"
    r"\d{4}\s*年\s*第\s*\d{1,5}\s*号"
)
_SECRECY = re.compile(
    r"(?:特\s*急|加\s*急|急\s*件|平\s*急|特提|绝\s*密|机\s*密|秘\s*密)(?:\s*[★☆].{0,8})?|\d{6}|No[.．]?\s*\d+"
)
_LETTERHEAD = re.compile(r"(?P<organ>[\u3400-\u9fff（）() \u3000\u00a0、]{3,60}?)\s*文\s*件")
_META_LABEL = re.compile(
    r"(?:索\s*引\s*号|主题分类|主\s*题\s*词|发布(?:机构|单位|日期|时间|机关)|发文(?:机关|单位|日期)|制发(?:机关|单位)|成文日期|生成日期|有\s*效\s*性|效力状态|施行日期"
    r"|废止日期|来\s*源|浏览次数|字\s*体|标\s*题|名\s*称|文件编号|统一编号|组配分类|体裁分类|服务对象|信息来源|公开日期|发文字号|公开\w{2})\s*[:：\t]"
)
_ISSUER_LABEL = re.compile(
    r"(?:发文(?:机关|单位)|制发(?:机关|单位)|发布(?:机构|单位|机关))\s*[:：\t]\s*(?P<organ>[^\s\t]{3,40})"
)
_TITLE_LABEL = re.compile(r"(?:标\s*题|名\s*称)\s*[:：\t]\s*(?P<title>[^\t]{4,160}?)\s*$")
_BODY_WORDS = re.compile(r"如下|现将|以下|下列|收悉|提出|您好|你好|通知要求|包括|要求是|强调|指出|认为|表示")
_PERSON = re.compile(r"(?:委员|代表|同志|先生|女士|主席|书记|市民|网友|议员|同学|朋友)(?:们)?$")
_HONORIFIC = re.compile(r"(?:尊敬的|敬爱的)\s*")
_SENTENCE = re.compile(r"[。！？；;]")
_NOT_TITLE = re.compile(r"[。；！？]$|^[（(【].*[)）】]$|^[目]\s*录$|[:：]$|^\d+$|[□√]")
_TITLE_SUFFIX_LINE = re.compile(
    r"[（(](?:试行|暂行|征求意见稿|修订|修订版|草案|送审稿|20\d{2}年?版?|第.{1,3}版|.{2,10}修订|\d{4}[—\-–]\d{4}年?)[)）]"
)
_SESSION_LINE = re.compile(r"[（(].*(?:通过|公布|修正|修订|施行|批准|发布).*[)）]|[（(]\s*\d{4}.*[)）]")


class Shape(StrEnum):
    """What a line of the head looks like."""

    NUMBER = "number"
    LABEL = "label"  # 类别, 签发人, 公开属性, 索引号…
    LETTERHEAD = "letterhead"
    ORGAN = "organ"
    DATE = "date"
    ADDRESSEE = "addressee"
    SECRECY = "secrecy"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says.

    Attributes:
        organs: Organs of the letterhead, or of lines of their own above the title.
        title_organs: Organs that the title opens with.
        end: Number of the first line below the head.
        dates: Lines of the head that are a date.
    """

    title: Span | None = None
    document_number: str | None = None
    organs: tuple[Span, ...] = ()
    title_organs: tuple[Span, ...] = ()
    reply_category: str | None = None
    signatory: str | None = None
    addressees: tuple[str, ...] = ()
    end: int = 0
    dates: tuple[int, ...] = ()


def read_head(sheet: Sheet) -> Head:
    """Read the elements above the body; spans go to ``sheet``."""
    shapes = _shapes(sheet)
    if not shapes:
        return Head()
    document_number = signatory = category = None
    for number in shapes:
        words = sheet.words(number)
        if category is None and (match := _CATEGORY.search(words)):
            group = match.lastgroup or "category"
            sheet.record_one("reply_category", sheet.span(number, *match.span(group)))
            category = chr(ord(match[group].upper()) - 0xFEE0) if match[group] > "z" else match[group].upper()
        if signatory is None and (match := _SIGNATORY.search(words)):
            signatory = sheet.record_one("signatory", sheet.span(number, *match.span("names")))
        if document_number is None and (span := _document_number(sheet, number, words)):
            document_number = sheet.record_one("document_number", span)
    addressees = tuple(value for n, s in shapes.items() if s is Shape.ADDRESSEE for value in _read_addressees(sheet, n))
    title_lines = _title_lines(sheet, shapes)
    title, title_organs = _title(sheet, title_lines)
    organs = _organs(sheet, shapes, title_lines)
    named = [n for n, shape in shapes.items() if shape is not Shape.FREE] + title_lines
    # Where nothing marks a head (an article of a statute), its lines are body.
    end = max(named, default=-1) + 1 if title or addressees or document_number or organs else 0
    return Head(
        title=title,
        document_number=document_number,
        organs=organs,
        title_organs=title_organs,
        reply_category=category,
        signatory=signatory,
        addressees=addressees,
        end=end,
        dates=tuple(n for n, shape in shapes.items() if shape is Shape.DATE),
    )


def _shapes(sheet: Sheet) -> dict[int, Shape]:
    """Classify lines from the top down to the first that belongs to the body."""
    shapes: dict[int, Shape] = {}
    for number in range(min(_MOST_LINES, len(sheet.lines))):
        words = sheet.words(number)
        shape = _shape(sheet, number, words)
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
    if (
        _META_LABEL.match(words)
        or _CATEGORY.search(words)
        or _SIGNATORY.search(words)
        or "公开" in words
        and len(words) < 24
    ):
        return Shape.LABEL
    if len(words) > _LONGEST_TITLE or sheet.lines[number].is_table_row:
        return None
    if _document_number(sheet, number, words):
        return Shape.NUMBER
    if _SECRECY.fullmatch(words):
        return Shape.SECRECY
    if (match := DATE.search(words)) and len(words) - len(match[0]) <= 2:
        return Shape.DATE
    if leading_marker(words) is not None or _SENTENCE.search(words) or words.startswith("附件"):
        return None
    if words[-1] in "，,、":
        return None
    if _LETTERHEAD.fullmatch(words):
        return Shape.LETTERHEAD
    if organ_spans(sheet, number):
        return Shape.ORGAN
    return Shape.FREE


# ----------------------------------------------------------------------------------------- elements


def _document_number(sheet: Sheet, number: int, words: str) -> Span | None:
    """Find the document's own number on a line that holds little else; a cited one stands in a sentence."""
    if "号" not in words or len(words) > 90:
        return None
    label = _NUMBER_LABEL.search(words)
    start = label.end() if label else 0
    match = DOCUMENT_NUMBER.search(words, start)
    if match is not None:
        # Letters and figures may belong to the agency's code: 沪府办规, A市府发.
        begin = match.start()
        rest = words[start:begin].strip(" \t\u3000（(【*★　") + _SIGNATORY.sub("", words[match.end() :]).strip(
            " \t\u3000）)】*★　"
        )
        if label is not None or len(rest) <= (0 if "公开" not in rest else 12):
            return sheet.span(number, begin, match.end())
        return None
    match = _ORDER_NUMBER.fullmatch(words.strip())
    if match is not None:
        return sheet.trimmed(*sheet_range(sheet, number), " \t\u3000（()）")
    return None


def sheet_range(sheet: Sheet, number: int) -> tuple[int, int]:
    """Return the first and one-past-last offset of a line."""
    span = sheet.lines[number].span
    return span.start, span.end


def _is_addressee(words: str) -> bool:
    bare = _HONORIFIC.sub("", words.rstrip("：: \u3000"))
    if not bare or _BODY_WORDS.search(bare) or _SENTENCE.search(bare) or leading_marker(bare) or "《" in bare:
        return False
    squeezed = squeeze(bare)
    if _PERSON.search(squeezed):
        return len(squeezed) <= 60
    return any(
        looks_like_agency(squeezed[span.start : span.end]) for span in split_units(squeezed)
    ) or squeezed.startswith("各")


def _read_addressees(sheet: Sheet, number: int) -> tuple[str, ...]:
    start, end = sheet_range(sheet, number)
    honorific = _HONORIFIC.match(sheet.plain, start, end)
    if honorific:
        start = honorific.end()
    whole = sheet.trimmed(start, end, " \t\u3000：:")
    return sheet.record("addressees", *units_in(sheet, whole))


def units_in(sheet: Sheet, whole: Span) -> list[Span]:
    """Cut a list of organs or persons: always at ，, at 、 only where each side is an organ or person of its own.

    各省、自治区、直辖市人民政府 is one item, 国务院各部委、各直属机构 are two.
    """
    words = whole.of(sheet.plain)
    found: list[Span] = []
    for part in split_units(words, separators=frozenset("，,；;。\n")):
        items = split_units(part.of(words), separators=frozenset("、"))
        start: int | None = None
        for item in items:
            start = item.start if start is None else start
            text = item.of(part.of(words))
            if item is items[-1] or _stands_alone(text):
                found.append(Span(start, item.end).shift(part.start + whole.start))
                start = None
    return [sheet.trimmed(span.start, span.end) for span in found]


def _stands_alone(item: str) -> bool:
    words = squeeze(item)
    if (
        _PERSON.search(words)
        or re.fullmatch(r"[\u3400-\u9fff]{2,3}", words)
        and not words.startswith("各")
        and words[-1] not in "省市县区州"
    ):
        return True
    return looks_like_agency(words) and re.search(r"(?:省|市|州|县|区|旗|盟|镇|乡|街道|兵团)$", words) is None


def organ_spans(sheet: Sheet, number: int) -> list[Span]:
    """Return the organs of a line that names organs and nothing else."""
    words = sheet.words(number)
    if len(words) > 80 or words[-1] in "知告见案法定函复）)":
        return []
    start = sheet.lines[number].span.start
    if is_organ(squeeze(words)):
        return [sheet.trimmed(*sheet_range(sheet, number))]
    parts = [Span(m.start(), m.end()) for m in re.finditer(r"[^ \t\u3000、]+(?: [^ \t\u3000、](?= |$))*", words)]
    if len(parts) > 1 and all(is_organ(squeeze(part.of(words))) for part in parts):
        return [part.shift(start) for part in parts]
    return []


def is_organ(name: str) -> bool:
    """Tell whether ``name`` is an organ that could issue a document: known, or with a place, or national."""
    if not 3 <= len(name) <= 40 or not looks_like_agency(name) or name.startswith(("各", "关于", "有关", "相关")):
        return False
    apart = take_apart(name)
    return (
        bool(apart.families)
        or leading_place(name) is not None
        or name.startswith(("国", "中", "全国", "最高"))
        or name.endswith(("办公厅", "办公室", "部", "署", "总局", "委员会", "指挥部", "局", "厅"))
    )


def _organs(sheet: Sheet, shapes: dict[int, Shape], title_lines: list[int]) -> tuple[Span, ...]:
    found: list[Span] = []
    limit = title_lines[0] if title_lines else len(sheet.lines)
    for number, shape in shapes.items():
        words = sheet.words(number)
        if match := _ISSUER_LABEL.match(words):
            found.append(sheet.span(number, *match.span("organ")))
        if number >= limit or number in title_lines:
            continue
        if shape is Shape.LETTERHEAD and (match := _LETTERHEAD.fullmatch(words)):
            inner = sheet.span(number, *match.span("organ"))
            parts = [
                Span(m.start(), m.end()).shift(inner.start)
                for m in re.finditer(r"[^ \u3000、]+", inner.of(sheet.plain))
            ]
            whole = sheet.trimmed(inner.start, inner.end)
            found.extend(parts if len(parts) > 1 and all(is_organ(p.of(sheet.plain)) for p in parts) else [whole])
        elif shape is Shape.ORGAN:
            found.extend(organ_spans(sheet, number))
    return tuple(found)


# -------------------------------------------------------------------------------------------- title


def _title_lines(sheet: Sheet, shapes: dict[int, Shape]) -> list[int]:
    """Choose the lines of the title: the run of free lines that ends with a kind of document or tells 关于 what."""
    best: tuple[float, list[int]] = (0.0, [])
    run: list[int] = []
    for number in [*shapes, -1]:
        shape = shapes.get(number)
        if shape is Shape.FREE or (shape is Shape.ORGAN and _opens_title(sheet, shapes, number)):
            if run and _ends_title(sheet, run, number):
                best = max(best, (_score(sheet, run), run), key=lambda item: item[0])
                run = []
            run.append(number)
            continue
        if run:
            best = max(best, (_score(sheet, run), run), key=lambda item: item[0])
            run = []
    return best[1]


def _opens_title(sheet: Sheet, shapes: dict[int, Shape], number: int) -> bool:
    """Whether a line of organs goes on as a title: 司法部 全国工商联 / 关于…的通知.

    A single organ at the very top is a letterhead; several, or one below other elements, belong to the title.
    """
    following = number + 1
    if shapes.get(following) is Shape.ORGAN:
        return _opens_title(sheet, shapes, following) if not _stands_as_letterhead(sheet, number) else False
    if shapes.get(following) is not Shape.FREE or sheet.lines[number].level != sheet.lines[following].level:
        return False
    words = squeeze(sheet.words(following))
    return not _stands_as_letterhead(sheet, number) and words.startswith(("关于", "转发", "印发", "令", "公告"))


def _stands_as_letterhead(sheet: Sheet, number: int) -> bool:
    return number == 0 and len(organ_spans(sheet, number)) == 1 and sheet.lines[0].level > 0


def _ends_title(sheet: Sheet, run: list[int], number: int) -> bool:
    """Whether the title is complete before line ``number``."""
    last, words = squeeze(sheet.words(run[-1])), squeeze(sheet.words(number))
    if _TITLE_SUFFIX_LINE.fullmatch(words) or words.startswith(("的", "》", "（试行", "(试行")):
        return False
    if sheet.lines[number].level != sheet.lines[run[-1]].level:
        return True
    return (
        TITLE_END.search(last[-20:]) is not None
        and _title_ends_at(last)
        and "关于" in "".join(sheet.words(n) for n in run)
    )


def _title_ends_at(words: str) -> bool:
    return any(match.end() == len(words) for match in TITLE_END.finditer(words[-24:].rjust(len(words))))


def _score(sheet: Sheet, run: list[int]) -> float:
    words = squeeze("".join(sheet.words(number) for number in run))
    if not 4 <= len(words) <= _LONGEST_TITLE or _NOT_TITLE.search(words) or _SESSION_LINE.fullmatch(words):
        return 0.0
    score = 0.0
    if _title_ends_at(words):
        score += 3
    if "关于" in words or words.startswith(("对", "转发", "印发")):
        score += 2
    if sheet.lines[run[0]].level:
        score += 1
    following = run[-1] + 1
    if score == 0.0 and run[0] == 0 and len(words) <= 60 and following < len(sheet.lines):
        # A short first line over text in sentences is a title even without 关于 or a kind of document.
        score = (
            0.5
            if _SENTENCE.search(sheet.words(following))
            or following < _MOST_LINES
            and sheet.words(following)[-1] in "：:"
            else 0.0
        )
    return score - 0.01 * run[0] if score else 0.0


def _title(sheet: Sheet, lines: list[int]) -> tuple[Span | None, tuple[Span, ...]]:
    if not lines:
        return None, ()
    span = Span(sheet.lines[lines[0]].span.start, sheet.lines[lines[-1]].span.end)
    if match := _TITLE_LABEL.match(sheet.plain, span.start, span.end):
        span = Span(*match.span("title"))
    words = span.of(sheet.plain)
    about = words.find("关于")
    organs: list[Span] = []
    if about > 0:
        for match in re.finditer(r"[^ \t\u3000、\n]+(?:[ \u3000][^ \t\u3000、\n](?=[ \u3000]|$))*", words[:about]):
            name = squeeze(match[0])
            if is_organ(name):
                organs.append(Span(match.start(), match.end()).shift(span.start))
            elif organs:
                break
        whole = value_of(words[:about])
        if not organs and is_organ(whole):
            organs = [sheet.trimmed(span.start, span.start + about)]
    return span, tuple(organs)
