"""Characters of symbol fonts (Wingdings, Symbol) as ordinary characters."""

from __future__ import annotations

BULLET = "•"
CHECKED, UNCHECKED = "☑", "□"

_PRIVATE = range(0xF000, 0xF100)

_WINGDINGS = {
    0x6C: "●",
    0x6D: "○",
    0x6E: "■",
    0x6F: "□",
    0x70: "□",
    0x71: "□",
    0x72: "□",
    0x74: "◆",
    0x75: "◆",
    0x76: "❖",
    0x77: "◆",
    0x9F: "•",
    0xA1: "○",
    0xA7: "▪",
    0xA8: "□",
    0xAB: "★",
    0xD8: "➢",
    0xE0: "→",
    0xE8: "➔",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
    **{0x80 + n: character for n, character in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩")},
    **{0x8B + n: character for n, character in enumerate("⓿❶❷❸❹❺❻❼❽❾❿")},
}
_WINGDINGS_2 = {0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x98: "●", 0xA3: "□", 0xA2: "■", 0x97: "•"}
_SYMBOL = {
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    0x44: "Δ",
    0x46: "Φ",
    0x47: "Γ",
    0x4C: "Λ",
    0x50: "Π",
    0x51: "Θ",
    0x53: "Σ",
    0x57: "Ω",
    0x59: "Ψ",
    0xA3: "≤",
    0xA5: "∞",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xB4: "×",
    0xB7: BULLET,
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
    0xAB: "↔",
    0xAC: "←",
    0xAD: "↑",
    0xAE: "→",
    0xAF: "↓",
    0xD0: "∠",
    0xD5: "∏",
    0xD6: "√",
    0xD7: "⋅",
    0xE5: "∑",
}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}


def symbol(code: int, font: str) -> str:
    """Return the character that ``code`` shows in ``font``, ``""`` where no ordinary character is like it."""
    signs = _FONTS.get(font.lower())
    byte = code - _PRIVATE.start if code in _PRIVATE else code
    if signs is not None:
        return signs.get(byte, chr(byte) if font.lower() == "symbol" and 0x20 <= byte < 0x40 else "")
    if code in _PRIVATE:
        # An ordinary font, whose characters a symbol's code leads to all the same.
        return chr(byte) if 0x20 <= byte < 0x7F and not font.lower().startswith(("webdings", "wingdings")) else ""
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""


def bullet(text: str, font: str) -> str:
    """Return the sign of an unnumbered list as ordinary characters."""
    if text == "o" and font.lower().startswith("courier"):
        return "○"
    if font.lower() in _FONTS or any(ord(character) in _PRIVATE for character in text):
        return "".join(symbol(ord(character), font) or BULLET for character in text)
    return text
