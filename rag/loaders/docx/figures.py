"""Figures of automatic numbering (编号格式): a count in the writing that a list's level asks for.

Names are those of ``ST_NumberFormat`` (ISO/IEC 29500-1, 17.18.59).
"""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_UNITS = ("", "拾", "佰", "仟")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LONGEST_ROMAN = 10_000
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_MOST_LETTERS = 30


def written(count: int, style: str) -> str:
    """Return ``count`` as a list whose format is ``style`` writes it; in figures where the format is unknown."""
    writer = _WRITERS.get(style)
    return str(count) if writer is None else writer(count)


def enclosed(count: int) -> str:
    """Return ``count`` in a circle, in figures beyond 50 where no character has it."""
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= count <= last:
            return chr(start + count - first)
    return "⓪" if count == 0 else str(count)


def _from(first: str, most: int) -> Callable[[int], str]:
    """Return a writer for ``most`` signs in a row of which ``first`` stands for one."""
    return lambda count: chr(ord(first) + count - 1) if 1 <= count <= most else str(count)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[(count - 1) % len(signs)] if count >= 1 else str(count)


def _chinese(count: int, zero: str, digits: str = _DIGITS, units: tuple[str, ...] = _UNITS) -> str:
    if count <= 0 or count >= 100_000_000:
        return zero if count == 0 else str(count)
    high, low = divmod(count, 10_000)
    text = _section(low, zero, digits, units)
    if high:
        gap = zero if 0 < low < 1000 else ""
        text = f"{_section(high, zero, digits, units)}万{gap}{text}"
    # 十一, not 一十一; the legal figures keep 壹拾壹.
    return text[1:] if digits is _DIGITS and text.startswith("一十") else text


def _section(count: int, zero: str, digits: str, units: tuple[str, ...]) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = count // 10**place % 10
        if digit:
            text += (zero if gap and text else "") + digits[digit] + units[place]
        gap = digit == 0
    return text


def _by_digit(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(count)) if count >= 0 else str(count)


def _roman(count: int) -> str:
    if not 0 < count < _LONGEST_ROMAN:
        return str(count)
    text = ""
    for amount, letters in _ROMAN:
        times, count = divmod(count, amount)
        text += letters * times
    return text


def _letters(count: int) -> str:
    # After z Word writes aa, bb, cc, not ab.
    turns, at = divmod(count - 1, 26)
    return chr(ord("a") + at) * (turns + 1) if count >= 1 and turns < _MOST_LETTERS else str(count)


def _ordinal(count: int) -> str:
    ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


def _counting(count: int) -> str:
    return _chinese(count, "〇")


def _counting_thousand(count: int) -> str:
    return _chinese(count, "零")


def _legal(count: int) -> str:
    return _chinese(count, "零", _LEGAL_DIGITS, _LEGAL_UNITS)


_WRITERS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda count: f"{count:02}",
    "decimalFullWidth": lambda count: str(count).translate(_WIDE),
    "decimalFullWidth2": lambda count: str(count).translate(_WIDE),
    "decimalEnclosedCircle": enclosed,
    "decimalEnclosedCircleChinese": enclosed,
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "numberInDash": lambda count: f"- {count} -",
    "ordinal": _ordinal,
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "hex": lambda count: f"{count:X}",
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _counting_thousand,
    "taiwaneseCountingThousand": _counting_thousand,
    # WPS and Word in Chinese write these for 一、二、三 too.
    "japaneseCounting": _counting_thousand,
    "koreanDigital": _by_digit,
    "japaneseDigitalTenThousand": _by_digit,
    "ideographDigital": _by_digit,
    "taiwaneseDigital": _by_digit,
    "chineseLegalSimplified": _legal,
    "ideographLegalTraditional": _legal,
    "japaneseLegal": _legal,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda count: _cycle(_STEMS)(count) + _cycle(_BRANCHES)(count),
}
