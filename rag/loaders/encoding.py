"""Bytes of a text file to characters: which of the encodings in use for Chinese it is in."""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from collections.abc import Iterable

from rag.errors import UnreadableSource

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32's mark begins with UTF-16's, so it is tried first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# More characters than this share that no text has (controls, private use, unassigned) mean it is not text.
_STRANGE_SHARE = 0.02
# Files cut off or patched by bad programs hold a broken character here and there; more mean another encoding.
_BROKEN_SHARE = 0.002
_BROKEN = re.compile("\ufffd+")
# Of its characters a text in a guessed encoding has at least this share in common use.
_LEAST_COMMON_SHARE = 0.7
# From here no other encoding needs to be tried.
_PLAIN_SHARE = 0.97

_SHORT = 16
_SAMPLE = 2000
"""Characters by which an encoding is judged."""


def _hanzi(encoding: str, leads: Iterable[int], trails: Iterable[int]) -> frozenset[str]:
    codes = (bytes(code).decode(encoding, "ignore") for code in itertools.product(leads, trails))
    return frozenset("".join(codes))


# The characters that the standards themselves put first as the common ones: level 1 of GB 2312 (3,755) and of Big5
# (5,401), with the punctuation of both.
_SIGNS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(
    "\t\n\r\f　、。〈〉《》「」『』【】〔〕—…“”‘’！（），．：；？％·"
)
_COMMON_SIMPLIFIED = _SIGNS | _hanzi("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
_COMMON_TRADITIONAL = _SIGNS | _hanzi("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))


def decode(data: bytes, source: str) -> str:
    """Return the characters of a text file.

    Raises:
        UnreadableSource: It is not text in an encoding in use for Chinese.
    """
    text = _decoded(data)
    if text is None:
        raise UnreadableSource(source, "不是文本或编码无法识别 (not text, or in no known encoding)")
    if "\0" in text:
        raise UnreadableSource(source, "含有 NUL 字符, 不是文本 (holds NUL characters: not text)")
    if _is_strange_text(text):
        raise UnreadableSource(source, "是二进制文件, 不是文本 (a binary file, not text)")
    return text


def is_text(data: bytes) -> bool:
    """Tell whether a file is text in an encoding in use for Chinese."""
    text = _decoded(data)
    return text is not None and "\0" not in text and not _is_strange_text(text)


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _try(data, encoding)
    if b"\0" in data:
        return _best(data, ("utf-16-le", "utf-16-be"))
    if (text := _try(data, "utf-8")) is not None:
        other = _try(data, "gb18030") if len(text) <= _SHORT else None
        return text if other is None or not _is_misread(text, other) else other
    return (
        _mended(data, "utf-8") or _best(data, ("gb18030", "big5", "utf-16-le", "utf-16-be")) or _mended(data, "gb18030")
    )


def _best(data: bytes, encodings: tuple[str, ...]) -> str | None:
    """Return the text in the encoding that gives the most characters in common use; the first of equals."""
    best, best_share = None, -1.0
    for encoding in encodings:
        if (text := _try(data, encoding)) is not None and (share := _common_share(text)) > best_share:
            best, best_share = text, share
            if share >= _PLAIN_SHARE:
                break
    # GB18030 is the national standard: a short text or one of rare characters is in it rather than in nothing.
    return best if encodings[0] == "gb18030" or best_share >= _LEAST_COMMON_SHARE else None


def _common_share(text: str) -> float:
    sample = text[:_SAMPLE]
    return max(
        sum(character in common for character in sample) / max(1, len(sample))
        for common in (_COMMON_SIMPLIFIED, _COMMON_TRADITIONAL)
    )


def _mended(data: bytes, encoding: str) -> str | None:
    """Return the text with U+FFFD for the few characters that are broken, ``None`` where they are not few."""
    text = data.decode(encoding, "replace")
    broken = len(_BROKEN.findall(text))
    # Of those that are not ASCII: a few Chinese words in a long English text are in another encoding, not broken.
    whole = sum(character > "\x7f" for character in text) - text.count("\ufffd")
    # What is cut off at the end breaks one character, however short the file.
    is_cut = broken == 1 and text.endswith("\ufffd") and whole > _SHORT
    return text if is_cut or broken <= _BROKEN_SHARE * whole else None


def _is_misread(text: str, other: str) -> bool:
    """Whether UTF-8 made a short ``other`` in GB18030 (通知) into two-byte signs of scripts not in use here."""
    return all("\u0080" <= sign < "\u0800" for sign in text if not sign.isspace()) and all(
        "\u4e00" <= sign <= "\u9fff" for sign in other if not sign.isspace()
    )


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_strange_text(text: str) -> bool:
    # Cheap first: most texts are printable but for their blanks.
    return not "".join(text.split()).isprintable() and sum(map(_is_strange, text)) > _STRANGE_SHARE * len(text)


def _is_strange(character: str) -> bool:
    if character >= " " and character.isprintable():
        return False
    return character not in "\t\n\v\f\r\x85" and unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
