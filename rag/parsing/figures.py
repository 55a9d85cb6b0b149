"""Figures (数据) in official prose: a number, its unit, what it counts, where and when (全市培训2.48万人次).

Not figures: dates and years, document and telephone numbers, ordinals (第三批, 六届四次会议), names in “…” and 《…》,
and a Chinese one that only means "a" (建立一个机制).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from rag.domain.commitment import Bound, Figure
from rag.domain.span import Span
from rag.parsing.numbers import ARABIC, UNITS, number, scaled
from rag.text import chinese_number, squeeze

# ------------------------------------------------------------------------------------------ grammar

_GAP = r"[ \t\u3000]{0,2}"
_HAN_DIGITS = "一二两三四五六七八九十百千零〇"
_HAN_NUMBER = rf"[{_HAN_DIGITS}]{{1,6}}(?:万(?:[{_HAN_DIGITS}]{{1,6}})?)?"
_SCALE = "万亿|千亿|百亿|亿|千万|百万|万|千|百"
# Bodies and places are counted too; 部 and 门 begin other words, and 3月 is a date. 年 and 日 only as a length of time: see _is_date.
_BODIES = ("部门", "部委", "乡镇", "镇街", "街道", "县区", "社区", "村")
_GUARDED = {"部": "部(?!门|委|署|分|队)", "门": "门(?!诊|户|槛)"}
_UNIT = "|".join(
    _GUARDED.get(unit, unit)
    for unit in sorted({*UNITS, *_BODIES, *_GUARDED} - {"月"}, key=lambda unit: (-len(unit), unit))
)
# Chinese numerals are words of many other things (一体化, 三级); these units alone make them figures.
_HAN_UNIT = (
    "人次|人|名|位|户|岁|场次|场(?!所)|次|轮|个百分点|个工作日|个小时|小时|分钟|课时|学时|个月|个|周(?!年|边|围)|天(?!然|津)|日(?=内|以内|之内|前)"
    "|年(?!级|度|来|终|底|初|末|前)|平方米|公里|亩|吨|元|倍|家(?!庭|长|属|具)|所|处(?!理|置|于)|座|台|套|辆|条|项|件|份(?!子)|支|批(?!评|复|准)|种|本|册|(?<=两)期(?!工)"
)
_RATIO = re.compile(rf"(?P<one>\d+(?:\.\d+)?){_GAP}[:：∶]{_GAP}(?P<other>\d+(?:\.\d+)?)(?![\d:：]|{_GAP}[:：∶])")
_PARTS_OF = re.compile(
    rf"(?P<base>百|千|[{_HAN_DIGITS}]{{1,3}})分之(?P<share>[{_HAN_DIGITS}]{{1,5}}(?:点[一二三四五六七八九零]{{1,3}})?|\d+(?:\.\d+)?)"
)
_MEASURED = re.compile(
    rf"(?<![\d.A-Za-z第〔\[（(×/#№])(?P<times>\d+{_GAP}[×xX*]{_GAP})?(?P<low>{ARABIC}){_GAP}"
    rf"(?P<low_scale>{_SCALE})?{_GAP}(?P<low_unit>{_UNIT})?"
    rf"(?:{_GAP}(?:[—－\-–~～]{{1,2}}|至|到){_GAP}(?P<high>{ARABIC}){_GAP})?"
    rf"(?P<more>余|多|来)?{_GAP}(?P<scale>{_SCALE})?(?P<more_after>余|多)?{_GAP}(?P<unit>{_UNIT})?"
)
_HAN_MEASURED = re.compile(
    rf"(?<![第{_HAN_DIGITS}\d届进统唯万专同前首])(?P<low>{_HAN_NUMBER})(?:(?:至|到)(?P<high>{_HAN_NUMBER}))?(?P<more>余|多)?(?P<scale>(?<=[余多])万|亿)?(?P<unit>{_HAN_UNIT})"
)
_BEFORE = re.compile(
    r"(?:(?P<about>将?近|大约|约|接近)|(?P<least>不少于|不低于|不小于|至少|超过|超出|突破|最低|高于|超|逾)"
    r"|(?P<most>不超过|不高于|不多于|不大于|至多|最多|最高|低于|少于))[ \t\u3000]*$"
)
# 至少要配备1名: the words between are of one clause.
_FROM_AFAR = re.compile(r"(?:至少|不少于|不低于)[^，,。；;、\d]{1,8}$")
_AFTER = re.compile(rf"{_GAP}(?:(?P<about>左右|上下)|(?P<least>(?:及|或)?以上)|(?P<most>(?:及|或)?以下|以内|之内))")
_NAMES = re.compile(r"“[^”\n]{1,30}”|《[^》\n]{1,80}》|\"[^\"\n]{1,30}\"")
# 六届四次会议, 二次供水, 一期工程: which one, not how many.
_ORDINAL_AFTER = re.compile(r"(?:全体)?会议|全会|全国代表大会|供水|供应|分配|创业|就业(?!\d)|工程|利用|伤害|函")
_DATE_BEFORE = re.compile(r"(?:年|月|\d)[ \t\u3000]*$")
_CLOCK = re.compile(r"(?:上午|下午|晚上?|早上?|凌晨|时间|日|至|[-—~～])[ \t\u3000]*$")
_PER = re.compile(r"(?:每|平均每)[ \t\u3000]*$")


_MOST = 1e18
"""No figure of an official document comes near it; four hundred nines in a row are infinite, and no number for JSON."""


def read_figures(text: str, span: Span | None = None) -> list[Figure]:
    """Read the figures of ``text``, or of the part of it at ``span``, in order.

    Args:
        text: In simplified script.
        span: A sentence or less: what a figure counts is looked for inside it.
    """
    whole = span or Span(0, len(text))
    words = whole.of(text)
    names = [Span(*match.span()) for match in _NAMES.finditer(words)]
    found: list[Figure] = []
    end = 0
    for figure in sorted(_all(words), key=lambda figure: (figure.span.start, -figure.span.end)):
        if figure.span.start < end or any(name.overlaps(figure.span) for name in names):
            continue
        if not all(abs(value) < _MOST for value in (figure.value, figure.upper or 0.0)):
            continue
        end = figure.span.end
        found.append(_placed(figure, words, whole.start))
    return found


def _all(words: str) -> Iterator[Figure]:
    for match in _RATIO.finditer(words):
        one, other = float(match["one"]), float(match["other"])
        if _is_ratio(words, match):
            yield _bounded(words, Span(*match.span()), other / one if one else other, None, "", Bound.RATIO)
    for match in _PARTS_OF.finditer(words):
        if (share := _decimal(match["share"])) is not None and (base := chinese_number(match["base"])):
            yield _bounded(words, Span(*match.span()), round(share / base * 100, 6), None, "%", Bound.EXACT)
    for match in _MEASURED.finditer(words):
        if (figure := _arabic(words, match)) is not None:
            yield figure
    for match in _HAN_MEASURED.finditer(words):
        if (figure := _han(words, match)) is not None:
            yield figure


def _is_ratio(words: str, match: re.Match[str]) -> bool:
    """Whether it is a ratio and not a time of day."""
    near = words[max(0, match.start() - 12) : match.end() + 6]
    return (match["one"] == "1" and not _CLOCK.search(words[: match.start()])) or "比" in near


def _arabic(words: str, match: re.Match[str]) -> Figure | None:
    unit, scale = match["unit"], match["scale"]
    end = match.end()
    if match["high"] is None:
        if match["low_unit"] is not None:  # the unit right behind the number; nothing of the second half
            unit, scale, end = match["low_unit"], match["low_scale"], match.end("low_unit")
        else:
            scale = match["low_scale"] or scale
    if unit is None and scale in (None, "百", "千"):
        return None
    low = _decimal(match["low"])
    if low is None:
        return None
    if match["high"] is not None and match["low_unit"] not in (None, unit):
        return None  # 3月5日至20名
    before = words[: match.start()]
    if (
        _is_date(words, before, match["low"], unit, end)
        or _PER.search(before)
        or (unit in ("次", "届", "期") and _ORDINAL_AFTER.match(words, end))
    ):
        return None
    own = _worth(match["low_scale"] or scale)
    high = (_decimal(match["high"]) or 0.0) * _worth(scale) if match["high"] else None
    value, upper, bound = low * own, high, Bound.EXACT if high is None else Bound.RANGE
    if high is not None and value > high:
        value, upper, bound = high, None, Bound.EXACT
    if match["more"] or match["more_after"]:
        bound = Bound.ABOUT
    start = match.start()
    return _bounded(words, Span(start, end), _rounded(value), None if upper is None else _rounded(upper), unit, bound)


def _han(words: str, match: re.Match[str]) -> Figure | None:
    low = chinese_number(match["low"])
    high = chinese_number(match["high"]) if match["high"] else None
    before = words[: match.start()]
    if low is None or _PER.search(before) or _DATE_BEFORE.search(before):
        return None
    if match["unit"] in ("次", "期", "轮", "批") and _ORDINAL_AFTER.match(words, match.end()):
        return None
    # 一个 mostly means "a": a figure only where it is measured or bounded.
    if match["low"] == "一" and not (
        _BEFORE.search(before) or _FROM_AFAR.search(before) or re.search(r"每.{1,4}$", before)
    ):
        return None
    scale = _worth(match["scale"])
    bound = Bound.ABOUT if match["more"] else Bound.EXACT if high is None else Bound.RANGE
    return _bounded(
        words, Span(*match.span()), low * scale, None if high is None else high * scale, match["unit"], bound
    )


def _is_date(words: str, before: str, number: str, unit: str | None, end: int) -> bool:
    if unit == "年":
        return len(number) >= 3 or _DATE_BEFORE.search(before) is not None or words[end : end + 1].isdigit()
    if unit == "日":
        return _DATE_BEFORE.search(before) is not None or not words.startswith(("内", "以内", "之内"), end)
    return unit == "周" and "第" in before[-1:]


def _bounded(words: str, span: Span, value: float, upper: float | None, unit: str | None, bound: Bound) -> Figure:
    """Take in the words of bound on either side (不低于, 近, 以上)."""
    start, end = span.start, span.end
    if before := _BEFORE.search(words[:start]):
        start = before.start()
        bound = _sharper(bound, Bound[(before.lastgroup or "exact").upper()])
    elif _FROM_AFAR.search(words[:start]):
        bound = _sharper(bound, Bound.LEAST)
    if after := _AFTER.match(words, end):
        end = after.end()
        bound = _sharper(bound, Bound[(after.lastgroup or "exact").upper()])
    unit = "%" if unit == "％" else unit or ""
    return Figure(squeeze(words[start:end]).replace(" ", ""), Span(start, end), value, upper, unit, bound)


def _sharper(own: Bound, other: Bound) -> Bound:
    return own if own in (Bound.RATIO, Bound.RANGE) else other


def _decimal(written: str) -> float | None:
    value = number(written)
    return None if value is None else float(value)


def _worth(scale: str | None) -> float:
    return float(scaled(Decimal(1), scale or ""))


def _rounded(value: float) -> float:
    return round(value, 6)


# ----------------------------------------------------------------------------------- what it counts

_STOP = '，,。；;、：:！？!?（）()〔〕“”"《》\n\t0123456789'
# Words that end or begin the name of what is counted.
_JOINTS = (
    "开展|提供|设置|设立|建立|建成|参加|参与|开设|用于|组成|完成|进行|实施|获得|获|达到|达|累计|共计|共|组织|举办|选派|储备|新增|新建|配备|接听|接待|发放|覆盖|惠及|受益"
    "|遴选|签订|拥有|现有|共有|设有|已有|印发|转发|投入|安排|有|为|在|的|将|已|均|全部|和|及|与|或|并|到|至|以|陆续|从事|接受|了|约|近|超过|不低于|不少于|至少|是|由|等|增长|下降|提高|每|占比"
)
_JOINT = re.compile(_JOINTS)
_AFTER_NOUN = re.compile(rf"[ \t\u3000]*(?!{_JOINTS})(?P<noun>[^{_STOP}]{{2,20}}?)(?=[{_STOP}]|{_JOINTS}|$)")
_RUN_BEFORE = re.compile(rf"[^{_STOP}]{{0,24}}$")
# 2023年测评学生18.6万人: what is left of the date.
_DATE_TAIL = re.compile(r"^(?:年度?|月|日|底|末|前|内|其中|中|人均|均)+")
_TIMES = frozenset(
    ("年", "周年", "个月", "周", "天", "日", "工作日", "个工作日", "个自然日", "小时", "个小时", "分钟", "岁", "周岁")
)
_SCOPE = re.compile(
    r"全(?:国|省|市|区|县|州|旗|镇|乡|街道|系统|社会|域)|我(?:国|省|市|区|县|州|旗|镇|乡|局|委)|城区|市级|县级|区级|镇级|村级|各县(?:市|区)"
)
_DATE_WORDS = re.compile(
    r"截[至止][ \t\u3000]*(?:目前|20\d\d[ \t]*年(?:[ \t]*\d{1,2}[ \t]*月)?(?:底|末|[ \t]*\d{1,2}[ \t]*日)?)|20\d\d[ \t]*年(?:[ \t]*\d{1,2}[ \t]*月)?(?:[ \t]*\d{1,2}[ \t]*日|底|末)?"
    r"|(?:今|本|去|上|明)年(?:度|底|以来|上半年|下半年)?|目前|近年来|近[一两三四五]年来"
)


def _placed(figure: Figure, words: str, offset: int) -> Figure:
    """Say what the figure counts, where and when, and put its span into the whole text."""
    start, end = figure.span.start, figure.span.end
    return replace(
        figure,
        span=figure.span.shift(offset),
        counted="" if figure.unit in _TIMES else _counted(words, start, end),
        scope=_last(_SCOPE, words, start),
        date=_last(_DATE_WORDS, words, start),
    )


def _counted(words: str, start: int, end: int) -> str:
    """Return the noun behind the unit (30家医疗机构), else the one before the number (执业护士712人)."""
    if after := _AFTER_NOUN.match(words, end):
        return squeeze(after["noun"])
    run = _RUN_BEFORE.search(words[:start])
    parts = [squeeze(part) for part in _JOINT.split(run[0])] if run else []
    noun = parts[-1] if parts else ""
    if run and words[: run.start()][-1:].isdigit():
        noun = _DATE_TAIL.sub("", noun)
    return noun if len(noun) >= 2 else ""


def _last(pattern: re.Pattern[str], words: str, start: int) -> str:
    found = ""
    for match in pattern.finditer(words, 0, start):
        found = squeeze(match[0])
    return found
