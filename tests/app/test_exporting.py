"""Exports that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest

from rag.app.commitment_views import CommitmentsView, CommitmentView
from rag.app.exporting import (
    COMMITMENTS,
    DUTIES,
    escaped,
)
from rag.app.schemas import DutiesView, DutyView


def duty(**changes):
    given = {
        "task": "开展食堂抽检", "section": ["二、任务", "（一）抽检"], "lead": ["市教育局"], "cooperating": ["市财政局", "团市委"],
        "lead_normalized": [], "cooperating_normalized": [], "form": "bracket", "quote": "〔市教育局牵头〕", "start": 10,
        "end": 18, "task_start": 2, "task_end": 8, "page": None, "document_id": "0" * 16, "source": "a.txt",
        "title": None, "document_number": None, "place": None, "issued_on": date(2024, 3, 8),
    }  # fmt: skip
    return DutyView.model_validate({**given, **changes})


def rows(view):
    return list(csv.reader(io.StringIO(DUTIES.csv(view).decode("utf-8-sig"), newline="")))


def test_a_row_a_duty_under_its_headings():
    heading, row = rows(DutiesView(total=1, duties=[duty()]))
    assert heading == [column.heading for column in DUTIES.columns]
    assert dict(zip(heading, row, strict=True)) == {
        "任务 task": "开展食堂抽检", "牵头 lead": "市教育局", "配合 cooperating": "市财政局、团市委", "地区 place": "",
        "文号 document_number": "", "标题 title": "", "日期 issued_on": "2024-03-08", "章节 section": "二、任务 > （一）抽检",
        "原文 quote": "〔市教育局牵头〕", "来源 source": "a.txt", "起 start": "10", "止 end": "18",
    }  # fmt: skip


def test_excel_is_told_that_it_is_utf8():
    assert DUTIES.csv(DutiesView(total=0, duties=[])).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK("http://evil.example")', '\'=HYPERLINK("http://evil.example")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1＋1", "'＝1＋1"),  # Excel in East Asian languages takes these too
        ("\x00=1", "'=1"),  # what is taken out must not uncover a formula
        ("a=1", "a=1"),
        ("——附件", "——附件"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell, written):
    assert escaped(cell) == written
    view = DutiesView(total=1, duties=[duty(task=cell)])
    assert rows(view)[1][0] == written
    sheet = openpyxl.load_workbook(io.BytesIO(DUTIES.xlsx(view))).active
    assert sheet["A2"].data_type in ("s", "n", "inlineStr")  # "f" would be a formula
    assert (sheet["A2"].value or "").replace("\r", "\n").replace("_x000D_", "\n") == written.replace("\r", "\n")


def test_line_ends_and_quotes_stay_in_their_cell():
    view = DutiesView(total=1, duties=[duty(quote='第一行\n第二行，"引文"')])
    assert len(rows(view)) == 2
    assert rows(view)[1][8] == '第一行\n第二行，"引文"'


def test_a_workbook_takes_characters_that_xml_does_not():
    view = DutiesView(total=1, duties=[duty(task="控\x0b制\x1f字符\uffff")])
    assert openpyxl.load_workbook(io.BytesIO(DUTIES.xlsx(view))).active["A2"].value == "控制字符"


def test_commitments_are_written_by_the_same_code():
    figure = {
        "text": "12家", "value": 12, "upper": None, "unit": "家", "bound": "exact", "counted": "助餐点", "scope": "",
        "date": "", "start": 6, "end": 9,
    }  # fmt: skip
    commitment = CommitmentView.model_validate({
        "text": "=年内新建", "actor": "@市民政局", "action": "=新建助餐点12家", "deadline": date(2024, 12, 31),
        "deadline_text": "年内", "figures": [figure, figure], "status": "planned", "section": ["二、任务"], "quote": "+年内",
        "start": 0, "end": 9, "page": None, "document_id": "0" * 16, "source": "a.txt", "title": None,
        "document_number": None, "issuer": None, "place": None, "issued_on": None,
    })  # fmt: skip
    view = CommitmentsView(total=1, commitments=[commitment])
    heading, row = csv.reader(io.StringIO(COMMITMENTS.csv(view).decode("utf-8-sig"), newline=""))
    assert heading == [column.heading for column in COMMITMENTS.columns]
    assert row[:6] == ["'=新建助餐点12家", "planned", "'@市民政局", "2024-12-31", "年内", "助餐点 12家；助餐点 12家"]
    sheet = openpyxl.load_workbook(io.BytesIO(COMMITMENTS.xlsx(view))).active
    assert [cell.value for cell in sheet[2]][:6] == row[:6]
