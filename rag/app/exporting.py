"""Exports (导出): duties as JSON, CSV or XLSX. Cells that a spreadsheet would run as a formula are escaped."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

from rag.app.schemas import DutiesView, DutyView

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Characters that XML 1.0, and so a workbook, cannot carry.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

# Heading, in Chinese with English beside it, and what stands in the column.
DUTY_COLUMNS: tuple[tuple[str, Callable[[DutyView], str]], ...] = (
    ("任务 task", lambda d: d.task),
    ("牵头 lead", lambda d: "、".join(d.lead)),
    ("配合 cooperating", lambda d: "、".join(d.cooperating)),
    ("地区 place", lambda d: d.place or ""),
    ("文号 document_number", lambda d: d.document_number or ""),
    ("标题 title", lambda d: d.title or ""),
    ("日期 issued_on", lambda d: d.issued_on.isoformat() if d.issued_on else ""),
    ("章节 section", lambda d: " > ".join(d.section)),
    ("原文 quote", lambda d: d.quote),
    ("来源 source", lambda d: d.source),
    ("起 start", lambda d: str(d.start)),
    ("止 end", lambda d: str(d.end)),
)


def escaped(cell: str) -> str:
    """Return a cell's text such that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    cell = _NO_XML.sub("", cell)
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def duties_csv(view: DutiesView) -> bytes:
    """Return duties as CSV (RFC 4180), UTF-8 with a byte-order mark, which Excel needs to read Chinese."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(heading for heading, _ in DUTY_COLUMNS)
    writer.writerows([escaped(cell(duty)) for _, cell in DUTY_COLUMNS] for duty in view.duties)
    return file.getvalue().encode("utf-8-sig")


def duties_xlsx(view: DutiesView) -> bytes:
    """Return duties as an Excel workbook."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = "职责 duties"
    sheet.append([heading for heading, _ in DUTY_COLUMNS])
    for duty in view.duties:
        sheet.append([escaped(cell(duty)) for _, cell in DUTY_COLUMNS])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate((36, 24, 40, 12, 22, 36, 12, 30, 60, 24, 8, 8), 1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
