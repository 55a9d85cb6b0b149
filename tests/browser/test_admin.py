"""The operator, in a browser: upload, see it taken in or why not, ask about it; sync and check as they go on."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

from rag.settings import Settings
from tests.browser.axe import violations
from tests.browser.conftest import CORPUS, PHONE
from tests.loaders.notices import NUMBER, as_pdf

NOTICE = "replies/2025-tangwan-childcare.txt"
QUESTION = "棠湾市每千人口托位数是多少？"


@pytest.fixture
def mine(serve, tmp_path):
    """A server over a corpus of one document, to be changed."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    shutil.copy(CORPUS / "plans/2023-guanghan-social-psychology.txt", corpus)
    return serve(Settings(index_dir=tmp_path / "index", corpus_dir=corpus), [corpus])


def test_a_file_is_uploaded_and_asked_about(open_page, mine, tmp_path):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 broken")
    page = open_page("/admin", on=mine)
    page.get_by_label("把文件拖到这里").set_input_files([CORPUS / NOTICE, broken])
    page.get_by_role("button", name="上传并收录").click()
    done, failed = page.locator("#uploads > li").nth(0), page.locator("#uploads > li").nth(1)
    done.get_by_text("已收录").wait_for()
    failed.get_by_text("未收录：").wait_for()
    assert "broken.pdf" in failed.inner_text()
    expect(page.locator("#state dd").first).to_have_text("2")  # told anew, without asking for the page again
    done.get_by_role("link", name="查看").click()
    page.get_by_role("heading", name="关于市政协三届五次会议第0203号提案的答复").first.wait_for()
    page.goto(f"/?q={QUESTION}")
    assert "4.1个" in page.locator("#statements").inner_text()


def test_a_pdf_is_uploaded_and_asked_about_and_opens_at_the_words(open_page, mine, tmp_path):
    pdf = tmp_path / "flood.pdf"
    pdf.write_bytes(as_pdf())
    page = open_page("/admin", on=mine)
    page.get_by_label("把文件拖到这里").set_input_files(pdf)
    page.get_by_role("button", name="上传并收录").click()
    page.locator("#uploads").get_by_text("已收录").wait_for()
    page.goto("/?q=青云市水库隐患排查由哪个部门牵头？")
    expect(page.locator("#statements")).to_contain_text("市水利局")
    page.locator("#statements a.mark").first.click()
    expect(page.locator("#source h3")).to_contain_text(NUMBER)
    quote = page.locator("#q1").inner_text()
    assert "".join("".join(page.locator("#source mark").all_inner_texts()).split()) == "".join(quote.split())
    # On the page of the file, each line of the words is framed.
    expect(page.locator("#source figure rect").first).to_be_visible()


def test_without_script_the_form_sends_all_at_once(open_page, mine):
    page = open_page("/admin", on=mine, script=False)
    page.get_by_label("把文件拖到这里").set_input_files(CORPUS / NOTICE)
    page.get_by_role("button", name="上传并收录").click()
    page.get_by_text("新增 1").wait_for()


def test_a_sync_tells_how_it_goes(open_page, mine):
    shutil.copy(CORPUS / NOTICE, mine.engine.settings.corpus_dir)
    page = open_page("/admin", on=mine)
    page.get_by_role("button", name="同步文件夹").click()
    page.locator("#run").get_by_text("新增 1").wait_for()
    expect(page.locator("#state dd").first).to_have_text("2")
    page.get_by_role("button", name="检查索引").click()
    page.locator("#run").get_by_text("索引完好").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_corrections(open_page, mine, scheme):
    page = open_page("/admin", on=mine, scheme=scheme, viewport=PHONE)
    assert violations(page) == []
    page.get_by_label("文号、来源文件或编号").fill("广卫健发〔2023〕39号")
    page.keyboard.press("Enter")
    page.get_by_label("签发人").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("签发人").fill("某某")
    page.get_by_role("button", name="保存更正").click()
    page.wait_for_url("**/documents/*")
    assert "某某" in page.locator(".elements").inner_text()
