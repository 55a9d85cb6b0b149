"""发文字号 as people type them (文号写法): other brackets or none, years and serials in Chinese, l for 1, 号 left off.

Documents themselves are read more strictly (``rag.text.DOCUMENT_NUMBER``); here a question is put into their form, so that
汉卫函2025 143号 and 汉卫函《二〇二五》143号 find 汉卫函〔2025〕143号.
"""

from __future__ import annotations

import re

from rag.text import HAN, chinese_number

_CHINESE_DIGIT = "〇零○一二三四五六七八九"
# In brackets letters that look like figures are taken for figures; folded text has small letters only.
_YEAR_IN_BRACKETS = rf"(?:[1l][9]|[2][0o])[0-9ol]{{2}}|[一二][九〇零○][{_CHINESE_DIGIT}]{{2}}"
_SERIAL = rf"[0-9][0-9ol]{{0,4}}|[ol](?=[0-9ol]*[0-9号])[0-9ol]{{0,4}}|[{_CHINESE_DIGIT}十百千]{{1,7}}(?=号)"
_END = r"(?=$|[\s,，。、;；:：?？!！的是在和与及]|文件?)"
_BRACKETED = re.compile(
    rf"(?P<code>[{HAN}]{{1,10}})\s*[〔\[(【〈<《{{「『〖]\s*(?P<year>{_YEAR_IN_BRACKETS})\s*年?\s*[〕\])】〉>》}}」』〗]"
    rf"\s*(?:第\s*)?(?P<serial>{_SERIAL})\s*(?:号|{_END})"
)
# Without brackets only the last character of an agency's code tells a 文号 from 2024年第27号公告; 印发 is a verb.
_BARE = re.compile(
    rf"(?P<code>[{HAN}]{{1,9}}(?:(?<![印下颁签分转开出])发|函|办|字|复|规|通|文|令|议|(?<![报])告))\s*"
    rf"(?P<year>(?:19|20)\d{{2}}|[一二][九〇零○][{_CHINESE_DIGIT}]{{2}}(?=年))(?:\s*年\s*(?:第\s*)?|\s*第\s*|\s*[-—–_/.·]\s*|\s+)"
    r"(?P<serial>\d{1,5})\s*号"
)


def in_standard_form(text: str) -> str:
    """Return folded ``text`` with each 文号 as ``汉卫函〔2025〕143号``; other text as it is."""
    return _BARE.sub(_standard, _BRACKETED.sub(_standard, text))


def _standard(match: re.Match[str]) -> str:
    year, serial = (_figures(match[part]) for part in ("year", "serial"))
    if year is None or not serial:
        return match[0]
    return f"{match['code']}〔{year}〕{serial}号"


def _figures(written: str) -> int | None:
    return chinese_number(written.translate(str.maketrans("ol", "01")))
