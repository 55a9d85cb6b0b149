"""Exports (导出): duties, commitments and events as CSV or XLSX. Cells that a spreadsheet would run as a formula are escaped."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, Protocol, TypeVar

from rag.app.commitment_views import CommitmentsView, CommitmentView
from rag.app.event_views import EventsView, EventView
from rag.app.schemas import DutiesView, DutyView

_View = TypeVar("_View")
_Item = TypeVar("_Item")
_Shown_contra = TypeVar("_Shown_contra", contravariant=True)

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Characters that XML 1.0, and so a workbook, cannot carry.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def escaped(cell: str) -> str:
    """Return a cell's text such that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    cell = _NO_XML.sub("", cell)
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


class Column(NamedTuple, Generic[_Shown_contra]):
    """A column of a table.

    Attributes:
        heading: In Chinese with English beside it.
        width: In a workbook, in characters.
        cell: Gives what stands in it.
    """

    heading: str
    width: int
    cell: Callable[[_Shown_contra], str]


@dataclass(frozen=True, slots=True)
class Table(Generic[_View, _Item]):
    """How a list of facts is put as a table.

    Attributes:
        name: Of the sheet of a workbook.
        items: Gives the facts of a view, a row each.
    """

    name: str
    items: Callable[[_View], Sequence[_Item]]
    columns: Sequence[Column[_Item]]

    def csv(self, view: _View) -> bytes:
        """Return the facts as CSV (RFC 4180), UTF-8 with a byte-order mark, which Excel needs to read Chinese."""
        file = io.StringIO(newline="")
        writer = csv.writer(file)
        writer.writerow(column.heading for column in self.columns)
        writer.writerows(self._rows(view))
        return file.getvalue().encode("utf-8-sig")

    def xlsx(self, view: _View) -> bytes:
        """Return the facts as a workbook of one sheet."""
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font

        book = Workbook()
        sheet = book.active
        sheet.title = self.name
        sheet.append([column.heading for column in self.columns])
        for row in self._rows(view):
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for number, column in enumerate(self.columns, 1):
            sheet.column_dimensions[sheet.cell(1, number).column_letter].width = column.width
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "A2"
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def _rows(self, view: _View) -> list[list[str]]:
        return [[escaped(column.cell(item)) for column in self.columns] for item in self.items(view)]


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


_WHERE_COLUMNS: tuple[Column[_Fact], ...] = (
    Column("地区 place", 12, lambda f: f.place or ""),
    Column("文号 document_number", 22, lambda f: f.document_number or ""),
    Column("标题 title", 36, lambda f: f.title or ""),
    Column("日期 issued_on", 12, lambda f: f.issued_on.isoformat() if f.issued_on else ""),
    Column("章节 section", 30, lambda f: " > ".join(f.section)),
    Column("原文 quote", 60, lambda f: f.quote),
    Column("来源 source", 24, lambda f: f.source),
    Column("起 start", 8, lambda f: str(f.start)),
    Column("止 end", 8, lambda f: str(f.end)),
)

DUTIES: Table[DutiesView, DutyView] = Table(
    "职责 duties",
    lambda view: view.duties,
    (
        Column("任务 task", 36, lambda d: d.task),
        Column("牵头 lead", 24, lambda d: "、".join(d.lead)),
        Column("配合 cooperating", 40, lambda d: "、".join(d.cooperating)),
        *_WHERE_COLUMNS,
    ),
)

COMMITMENTS: Table[CommitmentsView, CommitmentView] = Table(
    "承诺 commitments",
    lambda view: view.commitments,
    (
        Column("事项 action", 48, lambda c: c.action),
        Column("状态 status", 10, lambda c: c.status),
        Column("主体 actor", 24, lambda c: c.actor or ""),
        Column("时限 deadline", 12, lambda c: c.deadline.isoformat() if c.deadline else ""),
        Column("时限原文 deadline_text", 14, lambda c: c.deadline_text or ""),
        Column("数据 figures", 30, lambda c: "；".join(" ".join(filter(None, (f.counted, f.text))) for f in c.figures)),
        *_WHERE_COLUMNS,
    ),
)

EVENTS: Table[EventsView, EventView] = Table(
    "事件 events",
    lambda view: view.events,
    (
        Column("事项 what", 48, lambda e: e.what),
        Column("主体 actor", 24, lambda e: e.actor or ""),
        Column("时间 starts_on", 12, lambda e: e.starts_on.isoformat() if e.starts_on else ""),
        Column("至 ends_on", 12, lambda e: e.ends_on.isoformat() if e.ends_on else ""),
        Column("时间原文 when", 14, lambda e: e.when),
        Column("地点 where", 16, lambda e: e.where or ""),
        *_WHERE_COLUMNS,
    ),
)
