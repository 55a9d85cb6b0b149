"""A Chinese font of this machine (字体), to show pages whose files carry no picture of their type."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from PIL import ImageFont

_FOLDERS = {
    "win32": (r"%WINDIR%\Fonts", r"%LOCALAPPDATA%\Microsoft\Windows\Fonts"),
    "darwin": ("/System/Library/Fonts", "/System/Library/Fonts/Supplemental", "/Library/Fonts", "~/Library/Fonts"),
}
_ELSEWHERE = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# By how near they come to the print of official documents, which is 仿宋 and 宋体.
_NAMES = (
    "simfang", "stfangsong", "notoserifcjk-regular", "notoserifcjksc-regular", "notoserifsc", "sourcehanserif",
    "simsun", "songti", "stsong", "uming", "notosanscjk-regular", "notosanscjksc-regular", "notosanssc",
    "sourcehansans", "msyh", "pingfang", "hiragino sans gb", "wqy", "droidsansfallback", "ukai", "simhei",
)  # fmt: skip
_SUFFIXES = frozenset({".ttf", ".ttc", ".otf", ".otc"})
# Of the faces in one file that of mainland China.
_MAINLAND = ("SC", "CN", "Hans")
_MOST_FACES = 16


@cache
def chinese_font() -> tuple[str, int] | None:
    """Return path and number of face of a font with Chinese characters, ``None`` when this machine has none."""
    files = [path for folder in _folders() for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES]
    for name in _NAMES:
        for path in files:
            if path.stem.lower().startswith(name) and (face := _face(path)) is not None:
                return str(path), face
    return None


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont | None:
    """Return that font in a size, in pixels."""
    found = chinese_font()
    return None if found is None else ImageFont.truetype(found[0], size, index=found[1])


def _folders() -> list[Path]:
    written = _FOLDERS.get(sys.platform, _ELSEWHERE)
    folders = [Path(os.path.expandvars(folder)).expanduser() for folder in written]
    return [folder for folder in folders if folder.is_dir()]


def _face(path: Path) -> int | None:
    """Return which face of a file to use, ``None`` when it cannot be read."""
    first: int | None = None
    for index in range(_MOST_FACES if path.suffix.lower() in (".ttc", ".otc") else 1):
        try:
            family = ImageFont.truetype(str(path), 16, index=index).getname()[0] or ""
        except OSError:
            break
        if any(part in family.split() for part in _MAINLAND):
            return index
        first = index if first is None else first
    return first
