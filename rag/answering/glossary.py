"""Names of agencies in English (机构英文名), from a bilingual list in the package; none is made up.

A name is glossed when it stands in the list, or when it is a level (市, 区, 县…), with or without the place before
it, and a name of the list: 广汉市教育体育局 → Municipal Education and Sports Bureau. The place's own name is left to
the Chinese beside it. Any other name has no gloss.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from rag.parsing.agencies import normalize

_LIST = Path(__file__).parent.parent / "models" / "agencies-en.tsv"

_LEVELS = {
    "省": "Provincial",
    "自治区": "Regional",
    "市": "Municipal",
    "自治州": "Prefectural",
    "州": "Prefectural",
    "盟": "League",
    "地区": "Prefectural",
    "区": "District",
    "县": "County",
    "自治县": "County",
    "旗": "Banner",
    "镇": "Town",
    "乡": "Township",
    "街道": "Subdistrict",
}
_BEFORE = re.compile(
    rf"(?P<place>[\u4e00-\u9fff]{{2,12}})?(?P<level>{'|'.join(sorted(_LEVELS, key=len, reverse=True))})"
)
# 各区县, 有关县: no one place.
_NO_PLACE = re.compile(r"[各全有关相本我该及和与]|级$")
_LEAST_ALONE = 3


@lru_cache(maxsize=4096)
def gloss(name: str) -> str | None:
    """Return the English name of an agency, ``None`` where the list does not give it."""
    return _found(name) or _found(normalize(name))


def _found(name: str) -> str | None:
    whole, endings = _names()
    if name in whole:
        return whole[name]
    for at in range(len(name)):  # the longest ending first
        english = endings.get(name[at:])
        if english is None:
            continue
        if not at:
            return english.replace("{} ", "") if len(name) >= _LEAST_ALONE else None
        before = _BEFORE.fullmatch(name, 0, at)
        if before is None or _NO_PLACE.search(before["place"] or ""):
            return None
        return english.replace("{}", _LEVELS[before["level"]])
    return None


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Return whole names, and those that a level stands before."""
    whole: dict[str, str] = {}
    endings: dict[str, str] = {}
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            chinese, english = line.split("\t")
            if chinese.startswith("*"):
                endings[chinese[1:]] = english
            else:
                whole[chinese] = english
    return whole, endings
