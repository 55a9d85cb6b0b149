"""The table of contents data (公开目录信息) that government sites put above a document: 索引号, 发文机关, 标题…"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.domain.span import Span
from rag.parsing.sheet import Sheet

_MOST_LINES = 30

_LABEL_NAMES = (
    r"(?P<label>索\s*引\s*号|主题分类|主\s*题\s*词|发布(?:机构|单位|日期|时间|机关)|发文(?:机关|单位|日期|字号)|发\s*文\s*字\s*号|制发(?:机关|单位)|成文日期|生成日期"
    r"|有\s*效\s*性|时\s*效\s*性|有效状态|效力状态|施行日期|废止日期|来\s*源|浏览次数|字\s*体|标\s*题|名\s*称|文件编号|统一编号|组配分类|体裁分类|服务对象|信息来源|公开日期|信息名称|文件名称|文件标题|文\s*号)"
)
_LABEL = re.compile(rf"{_LABEL_NAMES}\s*[:：\t]\s*(?P<value>[^\t]*)")
_CELL = re.compile(rf"{_LABEL_NAMES}\s*(?:[:：]\s*|$)")
# Where labels run together in one line, a value ends before the next.
_NEXT_LABEL = re.compile(rf"{_LABEL_NAMES.replace('?P<label>', '?:')}\s*[:：]")
_MOST_CELLS = 12
_COMMON = frozenset({"名称", "字体", "浏览次数"})
_TITLE = ("标题", "名称", "信息名称", "文件名称", "文件标题")
_ISSUER = ("发文机关", "发文单位", "制发机关", "制发单位", "发布机构", "发布单位", "发布机关")
_NUMBER = ("发文字号", "文号", "文件编号")
_DATE = ("成文日期",)


@dataclass(slots=True)
class Metadata:
    """Values of the table, each where it stands.

    Attributes:
        lines: Lines that belong to the table.
    """

    title: Span | None = None
    issuer: Span | None = None
    document_number: Span | None = None
    issued_on: Span | None = None
    lines: set[int] = field(default_factory=set)


def read_metadata(sheet: Sheet) -> Metadata:
    """Read the table at the top, whether its values stand beside their labels or below them."""
    found = Metadata()
    labels: set[str] = set()
    number = 0
    count = min(_MOST_LINES, len(sheet.lines))
    while number < count:
        words = sheet.words(number)
        if sheet.lines[number].is_table_row and (pairs := _pairs(sheet, number)):
            for label, value in pairs:
                labels.add(label)
                _keep(found, label, value)
            found.lines.add(number)
            number += 1
            continue
        match = _LABEL.match(words) if len(words) < 240 else None
        number += 1
        if match is None:
            continue
        found.lines.add(number - 1)
        start, end = match.span("value")
        following_label = _NEXT_LABEL.search(words, start)
        value = sheet.span(number - 1, start, following_label.start() if following_label else end)
        if not value.of(sheet.plain).strip():
            following = sheet.words(number) if number < count else ""
            # An empty field is followed by the next label, or by the document itself.
            if not following or _LABEL.match(following) or "主题词" in "".join(match["label"].split()):
                continue
            value = sheet.lines[number].span
            found.lines.add(number)
            number += 1
        labels.add("".join(match["label"].split()))
        _keep(found, "".join(match["label"].split()), sheet.trimmed(value.start, value.end))
    # 名称 heads a field of many forms; beside other labels only it is the document's.
    return found if labels - _COMMON else Metadata()


def _pairs(sheet: Sheet, number: int) -> list[tuple[str, Span]]:
    """Return labels with the values in the cells beside them, however many stand in one row."""
    cells: list[Span] = []
    start = sheet.lines[number].span.start
    for cell in sheet.words(number).split("\t")[:_MOST_CELLS]:
        cells.append(sheet.trimmed(start, start + len(cell)))
        start += len(cell) + 1
    found: list[tuple[str, Span]] = []
    if not cells or _CELL.match(cells[0].of(sheet.plain)) is None:
        return []
    at = 0
    while at < len(cells):
        words = cells[at].of(sheet.plain)
        at += 1
        match = _CELL.match(words) if len(words) < 240 else None
        if match is None:
            continue
        value = Span(cells[at - 1].start + match.end(), cells[at - 1].end)
        if not len(value) and at < len(cells) and not _CELL.match(cells[at].of(sheet.plain)):
            value = cells[at]
            at += 1
        found.append(("".join(match["label"].split()), value))
    return found


def _keep(found: Metadata, label: str, value: Span) -> None:
    if not len(value):
        return
    if label in _TITLE:
        found.title = found.title or value
    elif label in _ISSUER:
        found.issuer = found.issuer or value
    elif label in _NUMBER:
        found.document_number = found.document_number or value
    elif label in _DATE:
        found.issued_on = found.issued_on or value
