"""公开属性: the disclosure label of a document, in the spellings in use.

政府信息公开条例 (2019), articles 13 and 36, and 国务院办公厅's rule of 2016 that every document carries one of
主动公开, 依申请公开 and 不予公开 (免予公开 before 2019). A sentence about disclosure or a form's boxes is no label.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.domain.access import Disclosure
from rag.domain.span import Span
from rag.parsing.sheet import Sheet


def _spaced(words: str) -> str:
    """Return a pattern of alternatives with the blanks that layout puts into them (此 件 公 开)."""
    return "(?:" + "|".join(r"[ \u3000]{0,2}".join(word) for word in words.split("|")) + ")"


_VALUES = (
    "主动公开|依申请公开|依申请|不予以公开|不予公开|免予公开|免于公开|不宜公开|不公开|不对外公开|非公开|删减后公开"
    "|公开发布|全文公开|予以公开|公开"
)
_VALUE = f"(?P<value>{_spaced(_VALUES)})"
_LABEL = (
    r"(?:(?:政府)?信息)?(?:是否)?公\s*开\s*(?:选项|情况|属性|方式|形式|类别|类型|范围|性质|程度|级别|意见|标识|分类)"
)
_THIS = (
    _spaced(
        "此件|本件|该件|此文|本文|此文件|本文件|此答复|本答复|此复函|本复函|此答复件|本答复件|此通知|本通知|此公文|本公文|此方案|本方案|此文书"
    )
    + r"\s*(?:发至[^，,。）)]{1,10}[，,]\s*)?(?:可以?|属性\s*[:：]\s*)?"
)

# The whole of a line, or of a bracket at the end of one.
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s\u3000（(【\[〔。★※*]))(?:{_LABEL}(?:\s{{0,9}}[:：]\s{{0,9}}|[ \u3000]{{1,9}})(?:{_THIS}\s{{0,9}})?|{_THIS}\s{{0,9}})"
    rf"{_VALUE}(?=[\s\u3000]{{0,9}}(?:[)）】\]〕。;；]|$|[，,]\s{{0,9}}有效期)|[\s\u3000]{{2,}})"
)
_ALONE = re.compile(rf"[（(【\[〔]\s*{_VALUE}\s*[)）】\]〕]|(?P<bare>主动公开|依申请公开|不予公开|免予公开)")
_CHOICE = re.compile(r"主动公开|依申请公开|不予公开|免[予于]公开|不公开")
_TABLE_LABEL = re.compile(rf"{_LABEL}|公开属性")
_BOX = re.compile(r"[□☐☑√✓■▢○●]")

_EDGE_LINES = 12
"""A bare 主动公开 is a label only this near to either end; elsewhere it is an item of a list."""

_RESTRICTION = (Disclosure.PUBLIC, Disclosure.ON_REQUEST, Disclosure.INTERNAL)


def read_disclosure(sheet: Sheet) -> Disclosure:
    """Return the document's label; of several, the most restrictive."""
    if "公" not in sheet.plain:
        return Disclosure.UNLABELLED
    found: list[tuple[Disclosure, Span, int]] = []
    count = len(sheet.lines)
    for number, line in enumerate(sheet.lines):
        if len(line.span) > 120 and number < count - _EDGE_LINES:
            continue
        words = sheet.words(number)
        if "公" not in words or _BOX.search(words):
            continue
        found.extend(_labels(sheet, number, words, at_edge=number < _EDGE_LINES or number >= count - _EDGE_LINES))
    if not found:
        return Disclosure.UNLABELLED
    label, span, number = max(found, key=lambda item: _RESTRICTION.index(item[0]))
    sheet.record_one("disclosure", span)
    sheet.foot.update(number for _, _, number in found if number > count // 2)
    return label


def _labels(sheet: Sheet, number: int, words: str, *, at_edge: bool) -> list[tuple[Disclosure, Span, int]]:
    line = sheet.lines[number]
    if line.is_table_row:
        cells = [cell.strip() for cell in words.split("\t")]
        for label, value in pairwise(cells):
            if _TABLE_LABEL.fullmatch(label) and (match := re.fullmatch(_VALUE, value)):
                start = words.index(value, words.index(label) + len(label))
                return [(_meaning(match["value"]), sheet.span(number, start, start + len(value)), number)]
        return []
    if len({_meaning(match[0]) for match in _CHOICE.finditer(words)}) > 1 and len(words) < 60:
        return []  # 主动公开 依申请公开 不予公开: a choice not made
    match = _LABELLED.search(words)
    if match is None and at_edge:
        match = _ALONE.fullmatch(words.strip())
        if match is not None:
            offset = len(words) - len(words.lstrip())
            group = "bare" if match["bare"] else "value"
            return [
                (
                    _meaning(match[group]),
                    sheet.span(number, offset + match.start(group), offset + match.end(group)),
                    number,
                )
            ]
    if match is None:
        return []
    return [(_meaning(match["value"]), sheet.span(number, *match.span("value")), number)]


def _meaning(value: str) -> Disclosure:
    words = "".join(value.split())
    if words.startswith("依申请"):
        return Disclosure.ON_REQUEST
    if words.startswith(("不", "免", "非", "删减")):  # 删减后公开: the file may hold the words that were cut
        return Disclosure.INTERNAL
    return Disclosure.PUBLIC
