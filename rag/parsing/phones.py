"""Telephone numbers (电话号码) known by their shape: mobiles anywhere, landlines with their area code.

Patterns are for text with half-width digits, letters, brackets and dashes; see ``rag.parsing.personal``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rag.domain.span import Span

_BLANK = r"[ \u3000]"

# Letters before it belong to a code, unless they are a label.
_BEFORE = r"(?=[1+(08])(?:(?<![0-9A-Za-z])|(?<=[Tt]el)|(?<=TEL)|(?<=[Pp]hone)|(?<=PHONE)|(?<=[Mm]obile)|(?<=MOBILE)|(?<=86))(?<!\d\.)"
_ABROAD = rf"(?:\(?(?:\+|00)?86\)?(?:-|{_BLANK}){{0,2}}|0)?"  # or the 0 that once stood before a call to another place
_GAP = rf"(?:{_BLANK}{{0,2}}-?{_BLANK}{{0,2}})"
# What is counted in so many figures is an amount.
_NO_AMOUNT = r"(?!\d)(?!\.\d{1,2}(?!\d))(?![ ]?(?:元|[万亿]|美元|人民币|千瓦|吨|立方|平方|千克|公斤|[kK]?[wW][hH]|度电|株|亩|㎡))"


@cache
def mobile() -> re.Pattern[str]:
    """Return the pattern of a mobile number: eleven digits in any usual grouping, perhaps after +86."""
    return re.compile(
        rf"{_BEFORE}{_ABROAD}(?P<number>1[3-9]\d(?:"
        rf"{_GAP}\d{{4}}{_GAP}\d{{4}}"  # 3-4-4, 3-8, 7-4, or all at once
        rf"|\d{_GAP}\d{{3}}{_GAP}\d{{4}}"  # 4-3-4
        rf"|(?:(?<!19\d)\d{_GAP}|\d{_GAP}(?!(?:19|20)\d\d))\d{{4}}{_GAP}\d{{3}}"  # 4-4-3, but not 1991 1992 993
        rf"|{_GAP}\d{{3}}{_GAP}\d{{5}}|\d\d{_GAP}\d{{3}}{_GAP}\d{{3}}|\d\d{_GAP}\d{{6}}"  # 3-3-5, 5-3-3, 5-6
        rf"|{_BLANK}?\(\d{{4}}\){_BLANK}?\d{{4}}|(?P<mark>[./·_*~])\d{{4}}(?P=mark)\d{{4}})){_NO_AMOUNT}"
    )


EXTENSION = rf"(?:(?:{_BLANK}?\(?(?:转|分机号?|内线|(?i:ext)\.?)[:：]?{_BLANK}?\d{{1,6}}(?:[、/][1-9]\d{{0,3}}(?!-?\d))*\)?)|-{{1,2}}\d{{1,6}}(?!\d))?"

_AREA = r"0(?:10|2\d|[3-9]\d{2})"
# With nothing between code and number the digits must be those of a code that is given out, and as many as it asks.
_UNDIVIDED = r"(?:0(?:10|2[0-57-9])[2-8]\d{7}|0(?:3[1-79]|4[1-8]|5[1-9]|6[36]|7[1-79]|8[1-9]|9[0-9])\d[2-8]\d{6,7})"


@cache
def _landline() -> re.Pattern[str]:
    """A landline with its area code (区号)."""
    return re.compile(
        rf"(?=[\d+(\[【])(?:(?<![\d.\-/A-Za-z〔\[])|(?<=[\u3400-\u9fff\d]/)|(?<=Tel)|(?<=TEL)|(?<=tel)|(?<=FAX)|(?<=Fax))(?:"
        rf"(?:(?:\+|00)?86[- ]?\(?0?\)?(?:10|2\d|[3-9]\d{{2}})[- )]{{1,2}}"
        rf"|[(\[【]{_AREA}[)\]】]{_GAP}|{_AREA}(?:-{{1,2}}|{_BLANK}{{1,2}}|{_BLANK}?[-~/._·]{_BLANK}?))"
        rf"\d{{3,4}}[- ]?\d{{4}}|{_UNDIVIDED}){EXTENSION}{_NO_AMOUNT}(?!-\d)"
    )


_NEXT = re.compile(rf"{_BLANK}?[、,，/或和]{_BLANK}?(?P<number>\d{{3,4}}[- ]?\d{{4}}{EXTENSION}){_NO_AMOUNT}")

# 编号：13800000000 is no telephone.
_CODE = re.compile(
    r"(?:编号|单号|流水号|备案号|许可证号?|证书号|案号|注册号|信用代码|机构代码|识别号|税号|批号|文号|标准号|ISBN|ISSN|条形?码|账号|帐号|项目代码)"
    r"(?:码)?[为是]?[:： ]{0,2}$"
)

# The numbers after these words are for the public; 市场监督管理局 is but a name.
_PUBLIC = re.compile(
    r"热线|援助|(?:举报|投诉|求助|报名)(?![人者])|监督(?!管理|所|局|科|员|检|执法)|报警|急救|救援|报修|咨询电话|咨询[:：]|服务电话|服务号码|公开电话|受理电话|值班(?!人员)|预约|客服|总机|查询电话|拨打"
)
# 拨打0838-5200000与李某联系 names somebody to talk to.
_TO_SOMEBODY = re.compile(
    r"[^。；;\n\d]{0,3}[与和找同向](?!(?:我们|[我本][局委办院会处科部单位中心]{1,3})(?:进行|取得|直接)*[联咨沟对接])[^。；;，,\n\d]{1,14}(?:联系|咨询|沟通|对接|接洽)"
)
_PUBLIC_AFTER = re.compile(r"[ \u3000]?[（(]?[^，。；、\n\d]{0,6}(?:热线|咨询|举报|投诉|监督|值班|预约|客服)")
_SENTENCE_END = re.compile(r"[。；;！？\n\t]")
_PERSON_BETWEEN = re.compile(r"联\s*系\s*人|联络[人员]|经办人|承办人|手机|联系(?:电话|方式)")
_LOOK_BACK = 30

_INSTITUTION = re.compile(
    r"(?:中心|医院|[局委办站所院市县区州省处]|协会|学会|红十字会|公司|银行|大厅|窗口|基地|学校|大学|门诊|科室?|政府|街道)[ \u3000\t]*[（(：:]?[ \u3000\t]*$"
)
_BETWEEN = re.compile(r"(?:[、,，/或和 \u3000]|[（(][^（）()\d\n]{0,8}[)）]){1,3}")


def is_introduced_as_public(text: str, start: int, end: int | None = None) -> bool:
    """Tell whether a number is given for the public to call (热线、举报电话), by the words around it.

    Args:
        text: The text.
        start: Where the number, or the bare label before it, begins.
        end: Where the number ends, to read what follows too.
    """
    before = text[max(0, start - _LOOK_BACK) : start]
    for mark in _SENTENCE_END.finditer(before):
        before = before[mark.end() - len(before) :] if mark.end() < len(before) else ""
        break
    words = [match.end() for match in _PUBLIC.finditer(before)]
    if words and not _PERSON_BETWEEN.search(before, words[-1]):
        return not (end is not None and before.endswith("拨打") and _TO_SOMEBODY.match(text, end))
    return end is not None and _PUBLIC_AFTER.match(text, end) is not None


def is_code(text: str, start: int) -> bool:
    """Tell whether the digits at ``start`` are named as a code (编号、信用代码), not as a number to call."""
    return _CODE.search(text[max(0, start - 12) : start]) is not None


def find_phones(text: str) -> Iterator[Span]:
    """Yield the telephone numbers whose shape tells them, but for those given for the public or of an institution."""
    for match in mobile().finditer(text):
        if not is_code(text, match.start()):
            yield Span(*match.span("number"))
    public_end = -1
    for match in _landline().finditer(text):
        goes_on = public_end >= 0 and _BETWEEN.fullmatch(text, public_end, match.start()) is not None
        if goes_on or is_introduced_as_public(text, match.start(), match.end()) or _is_of_institution(text, match):
            public_end = match.end()
            continue
        if is_code(text, match.start()):
            continue
        yield Span(*match.span())
        further = _NEXT.match(text, match.end())
        while further:
            yield Span(*further.span("number"))
            further = _NEXT.match(text, further.end())


def _is_of_institution(text: str, match: re.Match[str]) -> bool:
    """Whether a number without a label follows the name of an institution or place, as in a list of hospitals."""
    return _INSTITUTION.search(text[max(0, match.start() - _LOOK_BACK) : match.start()]) is not None
