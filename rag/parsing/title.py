"""The title (标题) among the lines of the head, however many lines it runs over."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.domain.span import Span
from rag.parsing.joining import TITLE_END
from rag.parsing.organs import is_organ
from rag.parsing.places import is_national, leading_place
from rag.parsing.shapes import LONGEST_TITLE, SENTENCE, Shape
from rag.parsing.sheet import Sheet, value_of
from rag.text import squeeze

_NOT_TITLE = re.compile(r"[。；！？：:]$|^[（(【].*[)）】]$|^目\s*录$|^\d+$|[□√]")
_SUFFIX_LINE = re.compile(
    r"[（(](?:试行|暂行|征求意见稿|修订|修订版|草案|送审稿|20\d{2}年?版?|第.{1,3}版|.{2,10}修订|\d{4}[—\-–]\d{4}年?)[)）]"
)
# （2019年1月1日市人民政府第1次常务会议通过）, （2020年2月23日）: a note under the title.
_NOTE_LINE = re.compile(r"[（(].*(?:通过|公布|修正|修订|施行|批准|发布).*[)）]|[（(]\s*\d{4}.*[)）]")
_COMPLETE = re.compile(r"的\s*(?:[\u4e00-\u9fff]{0,6})$")
_ORDER_TITLE = re.compile(r"(?P<organ>[\u3400-\u9fff]{3,40}?)(?:令|公告|通告|公报)")
_AND_OTHERS = re.compile(r"等\s*[\d一二三四五六七八九十]*\s*个?(?:部门|单位|委办局|部委)?\s*$")
_ORGAN_IN_TITLE = re.compile(r"[^ \t\u3000、\n]+(?:[ \u3000][^ \t\u3000、\n](?=[ \u3000]|$))*")


def title_lines(sheet: Sheet, shapes: Mapping[int, Shape]) -> list[int]:
    """Choose the lines of the title: the run of free lines that ends with a kind of document or tells 关于 what."""
    best: tuple[float, list[int]] = (0.0, [])
    run: list[int] = []
    for number in [*shapes, -1]:
        shape = shapes.get(number)
        belongs = shape is Shape.FREE or (shape is Shape.ORGAN and _opens_title(sheet, shapes, number))
        if run and (not belongs or _ends_title(sheet, run, number)):
            best = max(best, (_score(sheet, run), run), key=lambda item: item[0])
            run = []
        if belongs:
            run.append(number)
    return best[1]


def title_above(sheet: Sheet, shapes: Mapping[int, Shape], note: int) -> list[int]:
    """Return the lines of a statute's title, which stands right above its note (题注) whatever its words."""
    last = note - 1
    while last in sheet.contents:
        last -= 1
    if shapes.get(last) not in (Shape.FREE, Shape.ORGAN) or len(sheet.words(last)) > LONGEST_TITLE:
        return []
    for first in range(last, max(last - _TITLE_LINES, -1), -1):
        if shapes.get(first) not in (Shape.FREE, Shape.ORGAN):
            break
        words = squeeze(sheet.words(first))
        if words.startswith("中华人民共和国") or is_national(words) or _PLACE.match(words):
            return list(range(first, last + 1))
    return [last]


_TITLE_LINES = 3
_PLACE = re.compile(r"[\u3400-\u9fff]{2,12}?(?:省|自治区|市|自治州|自治县|县|区)")


def _opens_title(sheet: Sheet, shapes: Mapping[int, Shape], number: int) -> bool:
    """Whether a line of organs goes on as a title: 司法部 全国工商联 / 关于…的通知.

    Where Markdown sets them apart, or the number stands between, it is a letterhead.
    """
    following = number + 1
    if sheet.lines[number].level != (sheet.lines[following].level if following in shapes else -1):
        return False
    if shapes[following] is Shape.ORGAN:
        return _opens_title(sheet, shapes, following)
    return shapes[following] is Shape.FREE and squeeze(sheet.words(following)).startswith(("关于", "转发", "印发"))


def _ends_title(sheet: Sheet, run: list[int], number: int) -> bool:
    """Whether the title is complete before line ``number``."""
    last, words = squeeze(sheet.words(run[-1])), squeeze(sheet.words(number))
    if _SUFFIX_LINE.fullmatch(words) or words.startswith(("的", "》")):
        return False
    if sheet.lines[number].level != sheet.lines[run[-1]].level or _is_whole(words):
        return True
    whole = "".join(squeeze(sheet.words(line)) for line in run)
    if not _ends_with_kind(last) or whole.count("《") > whole.count("》"):
        return False
    # 关于调整监管措施 / 支持…的通知: a title that tells 关于 what is complete at 的通知 only.
    kind = _last_kind(last)
    return (
        "关于" not in whole or _COMPLETE.search(last[: len(last) - len(kind)]) is not None or words.startswith("关于")
    )


def _is_whole(words: str) -> bool:
    """Whether one line is a title from its issuer to its kind, so that what stands above it is no part of it."""
    about = words.find("关于")
    if about < 3 or not _ends_with_kind(words):
        return False
    others = _AND_OTHERS.search(words[:about])
    organ = words[: others.start() if others else about]
    # 联防联控机制关于… may be the second line of a title, whose organ has begun above.
    return is_organ(organ) and (is_national(organ) or leading_place(organ) is not None)


def _last_kind(words: str) -> str:
    return max((m[0] for m in TITLE_END.finditer(words) if m.end() == len(words)), key=len, default="")


def _ends_with_kind(words: str) -> bool:
    return bool(_last_kind(words))


def _score(sheet: Sheet, run: list[int]) -> float:
    words = squeeze("".join(sheet.words(number) for number in run))
    if not 4 <= len(words) <= LONGEST_TITLE or _NOT_TITLE.search(words) or _NOTE_LINE.fullmatch(words):
        return 0.0
    score = 3.0 if _ends_with_kind(words) else 0.0
    if "关于" in words or words.startswith(("对", "转发", "印发")):
        score += 2
    if sheet.lines[run[0]].level:
        score += 1
    following = run[-1] + 1
    if not score and run[0] == 0 and len(words) <= 60 and following < len(sheet.lines):
        # A short first line over text in sentences is a title even without 关于 or a kind of document.
        below = sheet.words(following)
        score = 0.5 if SENTENCE.search(below) or below[-1] in "：:" else 0.0
    return score - 0.01 * run[0] if score else 0.0


def title_span(sheet: Sheet, lines: list[int]) -> Span | None:
    """Return where the title stands, or ``None`` when there are no lines of it."""
    return Span(sheet.lines[lines[0]].span.start, sheet.lines[lines[-1]].span.end) if lines else None


def organs_of_title(sheet: Sheet, title: Span) -> tuple[Span, ...]:
    """Return the issuers that the title opens with (商务部 中国银行关于…, 海关总署公告)."""
    words = title.of(sheet.plain)
    if order := _ORDER_TITLE.fullmatch(words.strip()):
        return (Span(*order.span("organ")).shift(title.start),) if is_organ(order["organ"]) else ()
    about = next((at for word in ("关于", "转发", "印发") if (at := words.find(word)) > 0), 0)
    if not about:
        return ()
    if others := _AND_OTHERS.search(words[:about]):
        about = others.start()  # 北京市互联网信息办公室等三部门关于…
    parts = [Span(*match.span()).shift(title.start) for match in _ORGAN_IN_TITLE.finditer(words[:about])]
    if len(parts) > 1 and all(is_organ(squeeze(part.of(sheet.plain))) for part in parts):
        return tuple(parts)
    if is_organ(value_of(words[:about])):
        return (sheet.trimmed(title.start, title.start + about),)
    first = next((at for at, part in enumerate(parts) if not is_organ(squeeze(part.of(sheet.plain)))), len(parts))
    return tuple(parts[:first])


_ISSUED = re.compile(r"《(?P<name>[^《》\n]{4,80})》[^。\n]{0,80}(?:公布|发布|施行|颁布)")
_ORDER_LINES = 3
_ORDER_REACH = 12


def ordered_title(sheet: Sheet, title: Span, start: int) -> Span | None:
    """Return the title of what an order (令) issues, where it stands on a line of its own below the order.

    Args:
        sheet: The document.
        title: The title found in the head.
        start: The first line below the head.
    """
    if not sheet.plain[title.start : title.end].rstrip().endswith("令"):
        return None
    for number in range(start, min(start + _ORDER_LINES, len(sheet.lines))):
        match = _ISSUED.search(sheet.words(number))
        if match is None:
            continue
        name = squeeze(match["name"])
        for below in range(number + 1, min(number + _ORDER_REACH, len(sheet.lines))):
            if squeeze(sheet.words(below)) == name:
                return sheet.lines[below].span
    return None
