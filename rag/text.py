"""Characters and words of Chinese official text: folding, tokens, numerals, sentences, masking.

One analyzer (``tokens``) serves indexing and querying alike; change it and ``ANALYZER_VERSION`` together.
Nothing here changes what a reader sees: display keeps the original script and width.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import opencc

from rag.domain.span import Span

ANALYZER_VERSION = "2"

# CJK unified ideographs with extension A and 〇, which official dates use as a digit.
HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"

_SPACE_IN_HAN = re.compile(
    rf"(?<=[{HAN}，。、；：（）《》〔〕“”])[ \t\u3000]+(?=[{HAN}0-9，。、；：（）《》〔〕“”])"
    rf"|(?<=[0-9])[ \t\u3000]+(?=[{HAN}，。、；：（）《》〔〕“”])"
)

# 发文字号 (GB/T 9704-2012, 7.2.5): agency code, year in brackets, serial. The code is read as at most
# ten Han characters, so that a sentence in front of it is not taken for part of it.
DOCUMENT_NUMBER = re.compile(
    rf"(?P<code>[{HAN}]{{1,10}})\s*[〔\[［（(【﹝]\s*(?P<year>(?:19|20)\d{{2}})\s*[〕\]］）)】﹞]\s*(?:第\s*)?(?P<serial>\d{{1,5}})\s*号"
)

_TOKEN = re.compile(
    rf"(?P<number_of_document>(?:(?P<code>[{HAN}]{{1,10}})\s*)?[〔\[(【﹝]\s*(?P<year>(?:19|20)\d{{2}})\s*[〕\])】﹞]\s*(?:第\s*)?(?P<serial>\d{{1,5}})\s*号)"
    rf"|(?P<han>[{HAN}]+)"
    # Letters and figures in one, A3区 or 5G; Han must be kept out, or A市… would be one word to the next stop.
    rf"|(?P<word>\d*[^\W\d_{HAN}][^\W_{HAN}]*)"
    r"|(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
)
# Between texts that are folded in one call; where a text holds it, each is folded by itself.
_SEPARATOR = "\x1f"

_WORD_PART = re.compile(r"\d+|\D+")


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return ``text`` in simplified script, one character for one character."""
    return str(_to_simplified().convert(text)) if not text.isascii() else text


def fold(text: str) -> str:
    """Return the form in which texts are compared: NFKC width, simplified script, lower case.

    The length may change, so offsets into the result are not offsets into ``text``.
    """
    return simplify(unicodedata.normalize("NFKC", text)).lower()


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return ``fold`` of each text: in one call, for the conversion of script costs more a call than a character."""
    together = fold(_SEPARATOR.join(texts)).split(_SEPARATOR)
    return together if len(together) == len(texts) else [fold(text) for text in texts]


def squeeze(text: str) -> str:
    """Take out spaces that page layout left between Chinese characters or around figures."""
    return _SPACE_IN_HAN.sub("", text).strip()


_NUMBERED = re.compile(
    r"(?m)(?:^|(?<=：))(第[一二三四五六七八九十百千零〇两0-9]{1,8}[编章节条](?:之[一二三四五六七八九十]{1,3})?)[ \t\u3000]+(?=\S)"
)


def close_up(text: str) -> str:
    """Return ``squeeze`` of a text that people read: 第十六条 参加… keeps the blank that statutes set after a number."""
    return squeeze(_NUMBERED.sub("\\1\u00a0", text)).replace("\u00a0", " ")


def tokens(text: str) -> list[str]:
    """Cut ``text`` into index terms, in order of position.

    Chinese runs give each character and each pair of neighbours; Latin words and numbers give
    themselves, with thousands separators folded, and a word of both (``A3``) also its parts; a 发文字号 also gives ``#year#serial`` as one term in any
    bracket style, and with its agency code when that is what precedes it.
    """
    found: list[str] = []
    folded = squeeze(fold(text))
    for match in _TOKEN.finditer(folded):
        if match["number_of_document"]:
            reference = f"#{match['year']}#{match['serial'].lstrip('0')}"
            found.append(reference)
            if match["code"]:
                found.append(match["code"] + reference)
                _add_han(match["code"], found)
            found.append(match["year"])
            found.append(match["serial"])
        elif match["han"]:
            _add_han(match["han"], found)
        elif match["number"]:
            found.append(match["number"].replace(",", ""))
        else:
            found.append(match["word"])
            parts = _WORD_PART.findall(match["word"])
            found.extend(parts if len(parts) > 1 else ())
    return found


def _add_han(run: str, found: list[str]) -> None:
    previous = ""
    for character in run:
        if previous:
            found.append(previous + character)
        found.append(character)
        previous = character


def normalize_document_number(number: str) -> str:
    """Return a 发文字号 in standard form ``汉卫函〔2025〕143号`` whatever its brackets and spaces.

    Text that is not a document number is returned folded.
    """
    match = DOCUMENT_NUMBER.search(squeeze(fold(number)))
    if match is None:
        return fold(number).replace(" ", "")
    return f"{match['code']}〔{match['year']}〕{int(match['serial'])}号"


# ---------------------------------------------------------------------------------------- numerals

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int | None:
    """Return the value of a Chinese or Arabic integer (``二十三``, ``二〇二五``, ``12``), else ``None``."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text.isdecimal():
        return int(text)
    if not text:
        return None
    if all(c in _DIGITS for c in text):  # 二〇二五: digit by digit
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character == "万" and section + digit:
            total += (section + digit) * 10_000
            section = digit = 0
        else:
            return None
    return total + section + digit


# --------------------------------------------------------------------------------------- sentences

# A closing quote or bracket after the stop belongs to the sentence it closes.
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+[”’」』）)〕\]》]*")


def sentences(text: str, span: Span | None = None) -> list[Span]:
    """Cut ``text`` (or the part of it at ``span``) into sentences.

    A sentence ends at 。！？； or a line end, closing quotes included. Brackets are respected: a stop
    inside （…） or 〔…〕 or “…” does not end a sentence.

    Returns:
        Spans into ``text``, in order, without the blanks around them; they cover all other characters.
    """
    start, end = (span.start, span.end) if span else (0, len(text))
    found: list[Span] = []
    at = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if "\n" not in match[0] and _is_open(text[max(at, match.start() - _OPEN_CHARACTERS) : match.start()]):
            continue
        _add_stripped(text, at, match.end(), found)
        at = match.end()
    _add_stripped(text, at, end, found)
    return found


_PAIRS = {"(": ")", "〔": "〕", "“": "”", "《": "》"}
_ONE_WIDTH = str.maketrans("（）", "()")  # 设置精神（心理)科: what is opened in one width is often closed in the other

# A bracket left open for longer is a slip.
_OPEN_CHARACTERS = 120


def _is_open(text: str) -> bool:
    """Whether a bracket opened in ``text`` is still open."""
    text = text.translate(_ONE_WIDTH)
    return any(text.rfind(opening) > text.rfind(closing) for opening, closing in _PAIRS.items())


def _add_stripped(text: str, start: int, end: int, found: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Span(start, end))
