"""Ways in which the same question is written otherwise (异写、错字): script, width, slips of the input method, numerals.

Each way is a function of the text and a random generator, and returns the text as it was where there is nothing to
change. The generator is seeded by the text, so that a query always becomes the same variant.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import opencc
import rjieba
from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.phrases_dict import phrases_dict

Way = Callable[[str, random.Random], str]

_HAN = re.compile("[\u4e00-\u9fff]")
_CONTENT_TAGS = ("n", "v", "a", "b", "j", "l", "i", "s", "t")
# Level 1 of GB 2312: the 3,755 characters in common use.
_COMMON = tuple(
    character
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF)
    for character in [bytes((high, low)).decode("gb2312", errors="ignore")]
    if character
)
_COMMON_SET = frozenset(_COMMON)
# Sounds that are mixed up in speech of the south and by input methods set to take them as one.
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("n", "l"), ("h", "f"))


def seeded(text: str, way: str) -> random.Random:
    """Return the generator of a text and a way."""
    return random.Random(f"{way} {text}")


# ------------------------------------------------------------------------------------ script and width


@lru_cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def _script(name: str) -> Way:
    return lambda text, _: str(_converter(name).convert(text))


def _full_width(text: str, _: random.Random) -> str:
    """Put ASCII letters and digits in full width."""
    return re.sub("[0-9A-Za-z]", lambda match: chr(ord(match[0]) + 0xFEE0), text)


def _half_width_punctuation(text: str, _: random.Random) -> str:
    return text.translate(str.maketrans("，。？！：；（）“”《》、", ',.?!:;()""<>,'))


def _spaces(text: str, _: random.Random) -> str:
    """Put a blank between the words, as a search engine's user does."""
    return " ".join(word for word in rjieba.cut(text) if word.strip())


# ---------------------------------------------------------------------------------------------- slips


def _words(text: str) -> list[tuple[int, str]]:
    """Return content words of two characters or more, with where they start."""
    found: list[tuple[int, str]] = []
    at = 0
    for word, tag in rjieba.tag(text):
        if len(word) > 1 and tag.startswith(_CONTENT_TAGS) and all(map(_HAN.match, word)):
            found.append((at, word))
        at += len(word)
    return found


@lru_cache(maxsize=1)
def _by_sound() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for character in _COMMON:
        for sound in dict.fromkeys(pinyin(character, style=Style.NORMAL, heteronym=True)[0]):
            found.setdefault(sound, []).append(character)
    return {sound: tuple(characters) for sound, characters in found.items()}


def _near_sounds(sound: str) -> list[str]:
    found = []
    for long, short in _NEAR:
        for one, other in ((long, short), (short, long)):
            if one in ("ang", "an", "eng", "en", "ing", "in"):
                changed = sound[: -len(one)] + other if sound.endswith(one) else ""
            else:
                changed = other + sound[len(one) :] if sound.startswith(one) else ""
            if changed and changed in _by_sound():
                found.append(changed)
    return found


def _other_character(text: str, chance: random.Random, *, is_near: bool) -> str:
    places = [(start, word, at) for start, word in _words(text) for at in range(len(word))]
    chance.shuffle(places)
    for start, word, at in places:
        sound = lazy_pinyin(word)[at]
        sounds = _near_sounds(sound) if is_near else [sound]
        others = [c for s in sounds for c in _by_sound().get(s, ()) if c != word[at]]
        if others:
            return text[: start + at] + chance.choice(others) + text[start + at + 1 :]
    return text


def _homophone(text: str, chance: random.Random) -> str:
    """Put a common character of the same sound, tones apart, for one of a content word (心里 for 心理)."""
    return _other_character(text, chance, is_near=False)


def _near_sound(text: str, chance: random.Random) -> str:
    """Likewise one of a sound that many mix up: zh and z, n and l, ang and an."""
    return _other_character(text, chance, is_near=True)


@lru_cache(maxsize=1)
def _words_by_sound() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for word in phrases_dict:
        if len(word) <= 4 and rjieba.has_word(word) and all(c in _COMMON_SET for c in word):
            found.setdefault(tuple(lazy_pinyin(word)), []).append(word)
    return {sound: tuple(words) for sound, words in found.items()}


def _other_word(text: str, chance: random.Random) -> str:
    """Put another word of the same pinyin for one: what an input method offers first (公示 for 公式)."""
    places = _words(text)
    chance.shuffle(places)
    for start, word in places:
        others = [other for other in _words_by_sound().get(tuple(lazy_pinyin(word)), ()) if other != word]
        if others:
            return text[:start] + chance.choice(others) + text[start + len(word) :]
    return text


def _missing_character(text: str, chance: random.Random) -> str:
    places = [start + at for start, word in _words(text) if len(word) > 1 for at in range(len(word))]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + text[at + 1 :]


def _doubled_character(text: str, chance: random.Random) -> str:
    places = [start + at for start, word in _words(text) for at in range(len(word))]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + text[at] + text[at:]


def _swapped_words(text: str, chance: random.Random) -> str:
    """Swap two neighbouring content words."""
    words = _words(text)
    pairs = [(one, other) for one, other in itertools.pairwise(words) if one[0] + len(one[1]) == other[0]]
    if not pairs:
        return text
    (start, first), (_, second) = chance.choice(pairs)
    return text[:start] + second + first + text[start + len(first) + len(second) :]


# ------------------------------------------------------------------------------------ words around it

_BEFORE = ("请问，", "您好，我想咨询一下，", "麻烦问一下，", "你好，想了解一下：", "领导您好，请问")
_AFTER = ("谢谢！", "，麻烦告诉我一下，谢谢", "，盼复。", "，能帮忙查一下吗？")


def _politeness(text: str, chance: random.Random) -> str:
    return chance.choice(_BEFORE) + text + chance.choice(_AFTER)


# ------------------------------------------------------------------------------------------- numerals

_FIGURES = "零一二三四五六七八九"
_CHINESE_NUMBER = re.compile("[一二三四五六七八九十百千]{1,7}(?=[条日天年月个人元岁次倍章款项小时周万亿])")


def _chinese(number: int) -> str:
    """Return a number below 10,000 as it is said: 二十三."""
    said = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += _FIGURES[digit] + name
        elif said and number and not said.endswith("零"):
            said += "零"
    return said.removeprefix("一") if said.startswith("一十") else said or "零"


def _value(said: str) -> int | None:
    return next((n for n in range(1, 10_000) if _chinese(n) == said), None) if len(said) < 8 else None


def _other_numerals(text: str, _: random.Random) -> str:
    """Put 三十日 for 30日, 二〇二〇年 for 2020年, 百分之十 for 10%, and 30日 for 三十日."""

    def in_words(match: re.Match[str]) -> str:
        if match["percent"]:
            return "百分之" + _chinese(int(match["percent"]))
        if match["year"]:
            return "".join(_FIGURES[int(digit)] for digit in match["year"]).replace("零", "〇")
        return _chinese(int(match["number"]))

    changed = re.sub(
        r"(?<![\dA-Za-z.])(?:(?P<percent>\d{1,4})[%％]|(?P<year>20\d\d)(?=年)|(?P<number>\d{1,4})(?![\dA-Za-z.]))",
        in_words,
        text,
    )
    if changed != text:
        return changed
    return _CHINESE_NUMBER.sub(lambda match: str(_value(match[0]) or match[0]), text)


# -------------------------------------------------------------------------------------------- English


def _letter(text: str, chance: random.Random) -> str:
    """Swap two letters inside one word of five or more that has no capital."""
    words = list(re.finditer(r"\b[a-z]{5,}\b", text))
    if not words:
        return text
    match = chance.choice(words)
    at = match.start() + chance.randrange(1, len(match[0]) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


CHINESE: Mapping[str, Way] = MappingProxyType(
    {
        "traditional (s2t)": _script("s2t"),
        "traditional, Taiwan (s2tw)": _script("s2tw"),
        "traditional, Hong Kong (s2hk)": _script("s2hk"),
        "full-width letters and digits": _full_width,
        "half-width punctuation": _half_width_punctuation,
        "blanks between words": _spaces,
        "polite words around it": _politeness,
        "other numerals": _other_numerals,
        "neighbouring words swapped": _swapped_words,
        "one homophone": _homophone,
        "one near sound": _near_sound,
        "one word of the same pinyin": _other_word,
        "one character missing": _missing_character,
        "one character doubled": _doubled_character,
    }
)
"""Ways to write a Chinese question otherwise."""

ENGLISH: Mapping[str, Way] = MappingProxyType(
    {
        "capitals": lambda text, _: text.upper(),
        "small letters": lambda text, _: text.lower(),
        "no punctuation": lambda text, _: re.sub(r"[?,.\"]", "", text),
        "two letters swapped": _letter,
    }
)
"""Ways to write an English one otherwise."""
