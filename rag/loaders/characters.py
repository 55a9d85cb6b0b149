"""Characters as fonts name them to ordinary ones (字符归一): radicals, compatibility forms, ligatures; for PDF and OFD."""

from __future__ import annotations

import unicodedata

_HYPHENS = (0x02, 0xAD, 0xFFFE)
"""What PDFium gives for a hyphen at a line's end; and the soft one, which fonts name when they draw a hyphen."""

# Radicals (U+2E80..) that fonts made in China name in place of the character of the same shape. Unicode has no
# decomposition for these; it has for the Kangxi radicals (U+2F00..).
_RADICALS = dict(
    zip(
        "⺁⺎⺒⺓⺝⺟⺠⺫⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻯⻰⻳",
        "厂兀巳幺月母民目虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿竜龙龟",
        strict=True,
    )
)

# Forms for vertical lines; on a line read from left to right they are the ordinary marks.
_VERTICAL = dict(
    zip(
        "︐︑︒︓︔︕︖︰︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄",
        "，、。：；！？：（）｛｝〔〕【】《》〈〉「」『』",
        strict=True,
    )
)

_DECOMPOSED = ((0x2F00, 0x2FD6), (0xF900, 0xFADA), (0x2F800, 0x2FA1E), (0xFB00, 0xFB07))
"""Kangxi radicals, compatibility ideographs, Latin ligatures."""


def _table() -> dict[int, str]:
    table = {ord(odd): plain for odd, plain in (_RADICALS | _VERTICAL).items()}
    for first, end in _DECOMPOSED:
        for code in range(first, end):
            plain = unicodedata.normalize("NFKC", chr(code))
            if plain != chr(code):
                table[code] = plain
    table |= dict.fromkeys(_HYPHENS, "-")
    # Zero-width marks and marks of direction show nothing.
    table |= dict.fromkeys((0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)), "")
    table |= dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), " ")
    return table


ORDINARY = _table()
"""Code point → the characters meant by it, ``""`` for one that shows nothing; those not listed mean themselves."""


def is_unmapped(code: int) -> bool:
    """Whether a font gave no character for a sign: nothing, a control, a private or a replacement code."""
    return code < 0x20 or 0xE000 <= code <= 0xF8FF or code == 0xFFFD or code >= 0xF0000 or 0xD800 <= code <= 0xDFFF
