"""Filter commitments and duties, follow a row to its words, export the rows: with and without JavaScript, by keyboard."""

from __future__ import annotations

import openpyxl
import pytest


def texts(page):
    return ["".join(text.split()) for text in page.locator("tr[data-result] th").all_inner_texts()]


def all_texts(page):
    found = texts(page)
    while page.get_by_role("link", name="下一页").count():
        page.get_by_role("link", name="下一页").click()
        found += texts(page)
    return found


def column(path, heading):
    with path.open("rb") as file:  # a download has no suffix, which openpyxl goes by
        rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    at = next(i for i, name in enumerate(rows[0]) if heading in name)
    return ["".join(row[at].split()) for row in rows[1:]]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_filtered_commitments_go_to_excel_as_they_are_listed(open_page, script):
    page = open_page("/commitments", script=script)
    page.locator("#status").select_option("planned")
    page.locator("#due_from").fill("2025-01-01")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="时限").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel").click()
    written = column(waiting.value.path(), "quote")
    listed = all_texts(page)
    assert written == listed
    assert listed
    deadlines = column(waiting.value.path(), "deadline")
    assert deadlines == sorted(deadlines)
    assert min(deadlines) >= "2025"
    assert set(column(waiting.value.path(), "status")) == {"planned"}


def test_duties_of_an_agency_under_another_name_go_to_excel(open_page):
    page = open_page("/duties?place=广汉")
    page.locator("#agency").fill("市卫生健康局")
    page.locator("#role").select_option("lead")
    page.locator("#agency").press("Enter")
    page.wait_for_url("**agency=**")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Excel").click()
    written = column(waiting.value.path(), "task")
    assert written == all_texts(page)
    assert {name for cell in column(waiting.value.path(), "lead") for name in cell.split("、")} >= {
        "市卫健局",
        "市卫健委",
    }


def test_by_keyboard_alone_from_a_word_to_its_source(open_page):
    page = open_page("/commitments")
    page.keyboard.press("/")
    page.keyboard.type("护理型床位")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    wanted = texts(page)[0]
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("o")
    marked = "".join("".join(page.locator("mark").all_inner_texts()).split())
    assert marked == wanted


def test_a_chart_leads_to_the_rows_it_counts(open_page):
    page = open_page("/commitments?lang=en")
    page.locator("summary").first.click()
    cell = page.locator("figure td a").first
    number = int(cell.inner_text())
    cell.click()
    assert page.locator("h1 small").inner_text() == f"{number} in all"
