"""Personal data (个人信息) found in a text: the one place that says what is masked. See ``rag.domain.personal``.

Found: names of contact persons, and names beside a personal number; mobiles; landlines after such a name, after
电话/联系电话/传真 and the like, or with their area code; identity numbers of 18 and of 15 digits, and what is named as
one; home addresses with a house number; mailboxes at public providers; bank cards.

Left: names in office; short numbers (12356, 110), 400 and 800 numbers, and numbers introduced as 热线, 援助, 举报, 投诉,
监督, 咨询电话 or 服务电话; addresses of offices; codes, amounts and 文号.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from rag.domain.personal import PersonalData, PersonalKind
from rag.domain.span import Span
from rag.parsing.contacts import find_contacts
from rag.parsing.names import find_owners
from rag.parsing.phones import find_phones, is_code

# Beside these a name is their owner's.
_OWNED = (PersonalKind.PHONE, PersonalKind.IDENTITY, PersonalKind.BANK_CARD)

# One character for one, so that offsets hold. Punctuation between words keeps its width: it cuts sentences.
_WIDE = re.compile(r"(?![0-9])\d|[Ａ-Ｚａ-ｚ]")
_MARKS = (
    ("（", "("), ("）", ")"), ("＋", "+"), ("＠", "@"), ("．", "."), ("×", "X"),
    ("‐", "-"), ("‑", "-"), ("‒", "-"), ("–", "-"), ("—", "-"), ("―", "-"), ("−", "-"), ("﹣", "-"), ("－", "-"),
)  # fmt: skip

_NEEDS_LOOK = re.compile(r"\d(?:[-./_·~ \u3000()\]】]{0,4}\d){6}|@|住|身份|卡号|户籍|地址|单元")

# GB 11643: region, birth date, serial, check digit. The date keeps out order and credit codes.
_APART = r"[- \u3000·._]?"
_MONTH_DAY = rf"(?:0[1-9]|1[0-2]){_APART}(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = rf"(?<!\d)\d{{3}}{_APART}\d{{3}}{_APART}(?:18|19|20)\d{{2}}{_APART}{_MONTH_DAY}{_APART}\d{{3}}{_APART}[\dXx](?![0-9A-Za-z])"
# The form before 1999 has two digits of the year and no check digit; a province keeps out sums and registration numbers.
_IDENTITY_OLD = rf"(?<![\d.])(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{{4}}{_APART}\d{{2}}{_MONTH_DAY}{_APART}\d{{3}}(?![\d.]?\d)(?![ ]?[元万亿吨])"
_NAMED_IDENTITY = (
    r"(?:身份证(?:件)?(?:号码?)?|公民身份号码|身份号码|证件号码?|(?i:(?<![a-z])ID(?: card)?(?: no\.?| number)?))"
    r"(?:\([^()\n]{1,12}\))?[为是:： \t\u3000]{0,4}(?P<words>\d(?:[- \u3000·._]?\d){13,16}(?:[- \u3000·._]?[\dXx])(?![0-9A-Za-z]))"
)
_NAMED_PASSPORT = (
    r"(?:护照|通行证|港澳台?居民居住证)(?:号码?)?[为是:： \t\u3000]{1,4}(?P<words>[A-Za-z]{1,2}\d{7,8})(?!\d)"
)

_CARD = r"(?<!\d)(?:62|4\d|5[1-5])\d{2}(?:[- ]?\d{4}){3}(?:[- ]?\d{1,3})?(?!\d)"
_NAMED_CARD = r"(?:银行卡号?|卡号)[为是:： \t\u3000]{1,4}(?P<words>\d(?:[- ]?\d){15,18})(?!\d)"

_MAILBOX = (
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:vip\.)?(?:qq|foxmail|163|126|188|yeah|sina|sohu|139|189|wo|aliyun|gmail|outlook"
    r"|hotmail|live|msn|icloud|yahoo|21cn|tom|263|protonmail)\.(?:com\.cn|com|cn|net)(?![A-Za-z0-9])"
)
_PUBLIC_MAILBOX = re.compile(
    r"(?:举报|投诉|意见|建议|征集|征求|投稿|报名|监督|咨询|公开|官方|单位|服务|反馈|受理|申报|报送|领导)[^。；\n]{0,16}$"
)

_NUMBER = r"(?:\d{1,5}|[一二三四五六七八九十百]{1,4})"
_DOOR = rf"{_NUMBER}(?:号楼|号|室|栋|幢|单元|组|弄|楼|户)"
_ADDRESS_LABEL = (
    r"(?:(?:家庭|居住|户籍|常住|现住)(?:详细)?(?:地址|住址)|住\s{0,4}址|现住[址地]|户[籍口]所在地|家庭所在地)(?:\([^()\n]{1,12}\))?(?:[:：为是]|[ \t\u3000])[ \t\u3000]*"
    r"(?P<words>[^,，。；;:：\n\t]{2,60})"
)
_SETTLEMENT = re.compile(r"[省市县区镇乡村街路巷]|小区|社区")
_LIVES_AT = rf"(?:家住(?:在|于)?|现住(?:在|于)?|住在|居住[在于]|现居(?:住)?[在于]?)[ \u3000]?(?P<words>[^,，。；;、:：\n\t()的]{{2,40}}?{_DOOR}(?:[^,，。；;、:：\n\t()的]{{0,6}}?{_DOOR})*)"
_FLAT = r"[\u4e00-\u9fff0-9]{0,16}?\d{1,4}(?:栋|幢|号楼|座|号)\d{1,2}单元(?:\d{1,2}楼)?(?:\d{1,5}(?:室|号)?|[东西中左右]户?)"


def find_personal_data(text: str) -> tuple[PersonalData, ...]:
    """Return the personal data in a text, in order, none overlapping another."""
    plain = _narrowed(text)
    found = [(Span(start, end), kind) for start, end, kind in find_contacts(plain)]
    if _NEEDS_LOOK.search(plain):
        found += _by_shape(plain)
    numbers = sorted({span for span, kind in found if kind in _OWNED})
    found += ((span, PersonalKind.NAME) for span in find_owners(plain, numbers))
    return tuple(PersonalData(span, kind, span.of(text)) for span, kind in _apart(found))


def _narrowed(text: str) -> str:
    """Return ``text`` with digits, letters, brackets and dashes of half width."""
    for wide, narrow in _MARKS:
        text = text.replace(wide, narrow)
    return _WIDE.sub(_narrow, text)


def _narrow(match: re.Match[str]) -> str:
    """Return a letter of full width, or a digit of any script (１, 𝟏, ١), as the plain one."""
    character = match[0]
    return str(unicodedata.decimal(character)) if character.isdecimal() else chr(ord(character) - 0xFEE0)


def _by_shape(text: str) -> Iterator[tuple[Span, PersonalKind]]:
    for kind, pattern, is_personal, cues in _shapes():
        if not any(cue in text for cue in cues):
            continue
        for match in pattern.finditer(text):
            if is_personal(match):
                group = "words" if "words" in pattern.groupindex else 0
                yield Span(*match.span(group)), kind
    for span in find_phones(text):
        yield span, PersonalKind.PHONE


def _is_surely(_: re.Match[str]) -> bool:
    return True


def _is_no_code(match: re.Match[str]) -> bool:
    return not is_code(match.string, match.start())


def _is_identity(match: re.Match[str]) -> bool:
    return _is_no_code(match) and (match[0][0] != "0" or _has_check_digit(match[0]))


def _is_card(match: re.Match[str]) -> bool:
    return _is_no_code(match) and _passes_luhn(match[0])


def _is_private(match: re.Match[str]) -> bool:
    return not _PUBLIC_MAILBOX.search(match.string[max(0, match.start() - 30) : match.start()])


def _is_address(match: re.Match[str]) -> bool:
    return re.search(_DOOR, match["words"]) is not None or _SETTLEMENT.search(match["words"]) is not None


# Kind, pattern, a further test, and words of which one must be in the text: looking for them is cheap.
_SHAPES: tuple[tuple[PersonalKind, str, Callable[[re.Match[str]], bool], tuple[str, ...]], ...] = (
    (PersonalKind.IDENTITY, _NAMED_IDENTITY, _is_surely, ("身份", "证件", "ID", "id", "Id")),
    (PersonalKind.IDENTITY, _NAMED_PASSPORT, _is_surely, ("证", "护照")),
    (PersonalKind.IDENTITY, _IDENTITY, _is_identity, ("",)),
    (PersonalKind.IDENTITY, _IDENTITY_OLD, _is_no_code, ("",)),
    (PersonalKind.BANK_CARD, _NAMED_CARD, _is_surely, ("卡",)),
    (PersonalKind.BANK_CARD, _CARD, _is_card, ("",)),
    (PersonalKind.EMAIL, _MAILBOX, _is_private, ("@",)),
    (PersonalKind.ADDRESS, _ADDRESS_LABEL, _is_address, ("住", "址", "户")),
    (PersonalKind.ADDRESS, _LIVES_AT, _is_surely, ("住", "居")),
    (PersonalKind.ADDRESS, _FLAT, _is_surely, ("单元",)),
)


@cache
def _shapes() -> tuple[tuple[PersonalKind, re.Pattern[str], Callable[[re.Match[str]], bool], tuple[str, ...]], ...]:
    """Compile the patterns when the first text asks for them: a question without a number need not wait for it."""
    return tuple((kind, re.compile(pattern), is_personal, cues) for kind, pattern, is_personal, cues in _SHAPES)


def _apart(found: list[tuple[Span, PersonalKind]]) -> Iterator[tuple[Span, PersonalKind]]:
    """Put what overlaps into one, of the kind of that which begins first and is longest."""
    last: tuple[Span, PersonalKind] | None = None
    for span, kind in sorted(found, key=lambda item: (item[0].start, -item[0].end)):
        if last is not None and span.start < last[0].end:
            last = Span(last[0].start, max(last[0].end, span.end)), last[1]
            continue
        if last is not None:
            yield last
        last = span, kind
    if last is not None:
        yield last


def _has_check_digit(number: str) -> bool:
    """Whether the last of 18 digits is what GB 11643 (ISO 7064, MOD 11-2) makes of the others."""
    digits = re.sub(r"[^\dXx]", "", number).upper()
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


def _passes_luhn(number: str) -> bool:
    """Whether a card number holds its check digit (ISO/IEC 7812-1, annex B)."""
    digits = [int(c) for c in number if c.isdigit()][::-1]
    return (sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
