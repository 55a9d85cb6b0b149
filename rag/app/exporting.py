"""Exports (导出): duties, commitments and events as CSV or XLSX. Cells that a spreadsheet would run as a formula are escaped."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from rag.app.commitment_views import CommitmentsView, CommitmentView
from rag.app.event_views import EventsView, EventView
from rag.app.schemas import DutiesView, DutyView

_T = TypeVar("_T")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Characters that XML 1.0, and so a workbook, cannot carry.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Fact(Protocol):
    """What the views of facts have in common: the words, and the document that they stand in."""

    place: str | None
    document_number: str | None
    title: str | None
    issued_on: date | None
    section: list[str]
    quote: str
    source: str
    start: int
    end: int


_WHERE_COLUMNS: tuple[tuple[str, Callable[[_Fact], str]], ...] = (
    ("地区 place", lambda f: f.place or ""),
    ("文号 document_number", lambda f: f.document_number or ""),
    ("标题 title", lambda f: f.title or ""),
    ("日期 issued_on", lambda f: f.issued_on.isoformat() if f.issued_on else ""),
    ("章节 section", lambda f: " > ".join(f.section)),
    ("原文 quote", lambda f: f.quote),
    ("来源 source", lambda f: f.source),
    ("起 start", lambda f: str(f.start)),
    ("止 end", lambda f: str(f.end)),
)

# Heading, in Chinese with English beside it, and what stands in the column.
DUTY_COLUMNS: tuple[tuple[str, Callable[[DutyView], str]], ...] = (
    ("任务 task", lambda d: d.task),
    ("牵头 lead", lambda d: "、".join(d.lead)),
    ("配合 cooperating", lambda d: "、".join(d.cooperating)),
    *_WHERE_COLUMNS,
)


def escaped(cell: str) -> str:
    """Return a cell's text such that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    cell = _NO_XML.sub("", cell)
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


COMMITMENT_COLUMNS: tuple[tuple[str, Callable[[CommitmentView], str]], ...] = (
    ("事项 action", lambda c: c.action),
    ("状态 status", lambda c: c.status),
    ("主体 actor", lambda c: c.actor or ""),
    ("时限 deadline", lambda c: c.deadline.isoformat() if c.deadline else ""),
    ("时限原文 deadline_text", lambda c: c.deadline_text or ""),
    ("数据 figures", lambda c: "；".join(" ".join(filter(None, (f.counted, f.text))) for f in c.figures)),
    *_WHERE_COLUMNS,
)


EVENT_COLUMNS: tuple[tuple[str, Callable[[EventView], str]], ...] = (
    ("事项 what", lambda e: e.what),
    ("主体 actor", lambda e: e.actor or ""),
    ("时间 starts_on", lambda e: e.starts_on.isoformat() if e.starts_on else ""),
    ("至 ends_on", lambda e: e.ends_on.isoformat() if e.ends_on else ""),
    ("时间原文 when", lambda e: e.when),
    ("地点 where", lambda e: e.where or ""),
    *_WHERE_COLUMNS,
)


def duties_csv(view: DutiesView) -> bytes:
    """Return duties as CSV."""
    return _csv(DUTY_COLUMNS, view.duties)


def duties_xlsx(view: DutiesView) -> bytes:
    """Return duties as an Excel workbook."""
    return _xlsx("职责 duties", DUTY_COLUMNS, view.duties, (36, 24, 40, 12, 22, 36, 12, 30, 60, 24, 8, 8))


def commitments_csv(view: CommitmentsView) -> bytes:
    """Return commitments as CSV."""
    return _csv(COMMITMENT_COLUMNS, view.commitments)


def commitments_xlsx(view: CommitmentsView) -> bytes:
    """Return commitments as an Excel workbook."""
    widths = (48, 10, 24, 12, 14, 30, 12, 22, 36, 12, 30, 60, 24, 8, 8)
    return _xlsx("承诺 commitments", COMMITMENT_COLUMNS, view.commitments, widths)


def events_csv(view: EventsView) -> bytes:
    """Return events as CSV."""
    return _csv(EVENT_COLUMNS, view.events)


def events_xlsx(view: EventsView) -> bytes:
    """Return events as an Excel workbook."""
    widths = (48, 24, 12, 12, 14, 16, 12, 22, 36, 12, 30, 60, 24, 8, 8)
    return _xlsx("事件 events", EVENT_COLUMNS, view.events, widths)


def _csv(columns: Sequence[tuple[str, Callable[[_T], str]]], items: Sequence[_T]) -> bytes:
    """Return a table as CSV (RFC 4180), UTF-8 with a byte-order mark, which Excel needs to read Chinese."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(heading for heading, _ in columns)
    writer.writerows([escaped(cell(item)) for _, cell in columns] for item in items)
    return file.getvalue().encode("utf-8-sig")


def _xlsx(
    name: str, columns: Sequence[tuple[str, Callable[[_T], str]]], items: Sequence[_T], widths: Sequence[int]
) -> bytes:
    """Return a table as a workbook of one sheet; ``widths`` are in characters."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = name
    sheet.append([heading for heading, _ in columns])
    for item in items:
        sheet.append([escaped(cell(item)) for _, cell in columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
