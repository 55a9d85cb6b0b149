"""Recognised lines mended by the rules of writing, where what was read cannot be what is printed.

The models take marks of full width for narrow ones, 一 for a dash and O for 0. Each rule names the writing that
makes the right reading certain (GB/T 15834 marks, GB/T 15835 figures, GB/T 9704 document numbers); what could be
meant either way stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

_HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff"
_WIDE_MARKS = "，。、；：？！（）《》〈〉“”‘’【】〔〕—…"
_WIDE = rf"[{_HAN}{_WIDE_MARKS}]"
_NUMERAL = "一二三四五六七八九十"
_DASHES = r"\-–—―一"

_BLANK = re.compile(rf"(?<={_WIDE})\s+|\s+(?={_WIDE})|^\s+|\s+$")

# Rules of one character for one: places stay as they are.
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), mend)
    for pattern, mend in (
        # The small and half forms of marks, and 丶, a stroke that is no word.
        (r"[﹝﹞､｡丶]", lambda m: "〔〕、。、"["﹝﹞､｡丶".index(m[0])]),
        # A page number: — 4 —, read as 一4-.
        (rf"^[{_DASHES}]{{1,2}}\s?\d{{1,4}}\s?[{_DASHES}]{{1,2}}$", lambda m: re.sub(rf"[{_DASHES}]", "—", m[0])),
        # A dash where only a number can stand: “—、总体要求”, （—）, 第—条.
        (r"^[\-–—―](?=、)|(?<=[（(])[\-–—―](?=[）)])|(?<=第)[\-–—―](?=[编篇章节条款项批届次])", lambda _: "一"),
        # And a number where only a dash can: 2014一2020年.
        (r"(?<=\d)一(?=\d)", lambda _: "—"),
        # The year of a document number: 国发[2019]35号; round brackets only where the number follows.
        (
            rf"(?<=[{_HAN}])[\[［〔【](?:19|20)\d\d[\]］〕】)）]|(?<=[{_HAN}])[(（](?:19|20)\d\d[\]］〕】]"
            rf"|(?<=[{_HAN}])[(（](?:19|20)\d\d[)）](?=第?\d{{1,5}}号)",
            lambda m: f"〔{m[0][1:-1]}〕",
        ),
        # A letter among figures: 2O19, 1l月, 2O日.
        (r"(?<=\d)[Oo](?=[\dOo年月日号万亿元%％])", lambda _: "0"),
        (r"(?<=\d)[lI|](?=[\d年月日号万亿元%％])|(?<=[年月])[lI](?=\d?[月日])", lambda _: "1"),
        # A nought among Chinese numerals: 二O一九年, 二00九年.
        (rf"(?<=[二一])[OoQ0○]{{1,2}}(?=[{_NUMERAL}〇]|年)", lambda m: "〇" * len(m[0])),
        # Marks beside Chinese words; 10:30 and 1,200 have figures on both sides.
        (rf"(?<={_WIDE})[,:;!?]|[,:;!?](?={_WIDE})", lambda m: "，：；！？"[",:;!?".index(m[0])]),
        # A stop at the end of words; after a numeral it is part of a heading's number: 一.总则.
        (rf"(?<![{_NUMERAL}])(?<=[{_HAN}）》”])\.(?=[{_HAN}]|$)", lambda _: "。"),
    )
)

_DOUBLE_DASH = 1.3
"""A dash wider than so many Chinese characters is two of them: a 破折号 takes two places."""


def mend(text: str, edges: Sequence[float]) -> tuple[str, tuple[float, ...]]:
    """Return a line with what cannot be right put right, and the edges of its characters.

    Args:
        text: As read.
        edges: Left edge of each character and, last, the right edge of the last.
    """
    text, edges = _without_blanks(text, edges)
    for pattern, replace in _RULES:
        text = pattern.sub(replace, text)
    return _with_whole_dashes(_with_quotes(_with_brackets(text)), edges)


def _without_blanks(text: str, edges: Sequence[float]) -> tuple[str, Sequence[float]]:
    """Drop blanks beside Chinese characters and marks, which are spacing; those between Latin words stay."""
    blank = {at for found in _BLANK.finditer(text) for at in range(*found.span())}
    kept = [at for at in range(len(text)) if at not in blank]
    if not blank or not kept:
        return text, edges
    return "".join(text[at] for at in kept), [*(edges[at] for at in kept), edges[kept[-1] + 1]]


def _with_brackets(text: str) -> str:
    """Make both brackets of a pair wide where either is, or Chinese stands in or beside them."""
    signs = list(text)
    open_at: list[int] = []
    for at, sign in enumerate(text):
        if sign in "(（":
            open_at.append(at)
        elif sign in ")）" and open_at:
            start = open_at.pop()
            around = text[max(0, start - 1) : at + 2]
            if re.search(_WIDE, around):
                signs[start], signs[at] = "（", "）"
        elif sign == ")" and re.search(_WIDE, text[at - 1 : at]):  # its partner stands on the line above
            signs[at] = "）"
    for at in open_at:  # and theirs on the line below
        if re.search(_WIDE, text[max(0, at - 1) : at] + text[at + 1 : at + 2]):
            signs[at] = "（"
    return "".join(signs)


def _with_quotes(text: str) -> str:
    """Make straight double quotes of a Chinese line open and close by turns, when they come in pairs."""
    if text.count('"') % 2 or '"' not in text or not re.search(_WIDE, text):
        return text
    signs = iter("“”" * (text.count('"') // 2))
    return re.sub('"', lambda _: next(signs), text)


def _with_whole_dashes(text: str, edges: Sequence[float]) -> tuple[str, tuple[float, ...]]:
    """Write a lone dash between words twice where it takes two places."""
    widths = [after - before for before, after in pairwise(edges)]
    words = [width for width, sign in zip(widths, text, strict=True) if re.match(f"[{_HAN}]", sign)]
    if not words or "—" not in text:
        return text, tuple(edges)
    double = _DOUBLE_DASH * median(words)
    signs: list[str] = []
    places = [edges[0]]
    for at, sign in enumerate(text):
        beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
        if sign == "—" and widths[at] > double and not re.search(r"[\d—]", beside):
            signs.append("——")
            places.append((edges[at] + edges[at + 1]) / 2)
        else:
            signs.append(sign)
        places.append(edges[at + 1])
    return "".join(signs), tuple(places)
