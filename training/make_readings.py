"""Writes the table of how characters are read (字音表) that spelling is checked with; see ``rag/retrieval/readings.py``.

    python training/make_readings.py

From the dictionaries of pypinyin (MIT), for the 6,763 characters of GB 2312: the usual reading of each, and those it
has in a word; readings of old books are left out. Importing pypinyin takes a third of a
second, which no question should wait for; the table is read in milliseconds.
"""

from __future__ import annotations

from pathlib import Path

from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

TABLE = Path(__file__).parents[1] / "rag" / "models" / "readings.txt"

_HEAD = (
    "# Characters of GB 2312 by their reading without tone; one with several readings stands in several lines.",
    "# Made by training/make_readings.py from pypinyin (MIT).",
)


def main() -> None:
    """Write the table: a line a reading, readings and characters in order."""
    held = gb2312()
    readings: dict[str, set[str]] = {character: set(lazy_pinyin(character)) for character in held}
    for word in phrases_dict:
        for character, reading in zip(word, lazy_pinyin(word), strict=False):
            if character in readings:
                readings[character].add(reading)
    characters: dict[str, list[str]] = {}
    for character in held:
        for reading in sorted(readings[character]):
            if reading.isascii() and reading.isalpha():
                characters.setdefault(reading, []).append(character)
    lines = [f"{reading} {''.join(of_it)}" for reading, of_it in sorted(characters.items())]
    TABLE.write_text("\n".join((*_HEAD, *lines)) + "\n", encoding="utf-8")


def gb2312() -> list[str]:
    """Return the characters of GB 2312, in its order."""
    found = (
        bytes((high, low)).decode("gb2312", errors="ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
    )
    return [character for character in found if character]


if __name__ == "__main__":
    main()
