"""Paste a sentence, find precedents, collect some, export to Word: with and without JavaScript, and by keyboard alone."""

from __future__ import annotations

import zipfile

import docx
import pytest

SAID = "感谢您对我市教育工作的关心和支持。"
FOUND = "感谢您对教育工作的关心支持！"
NUMBER = "岫教函〔2024〕33号"


def downloaded(page, act):
    with page.expect_download() as waiting:
        act()
    return waiting.value.path()


def assert_draft(path, title):
    paragraphs = [p.text for p in docx.Document(path).paragraphs]
    assert paragraphs[0] == title
    assert FOUND in paragraphs
    with zipfile.ZipFile(path) as package:
        assert NUMBER in package.read("word/footnotes.xml").decode()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_a_sentence_to_a_word_document(open_page, script):
    page = open_page("/precedents", script=script)
    page.locator("#q").fill(SAID)
    page.get_by_role("button", name="查先例").click()
    result = page.locator("[data-result]").first
    assert FOUND in result.inner_text()
    assert NUMBER in result.inner_text()
    result.get_by_role("checkbox").click()
    if not script:
        page.get_by_role("button", name="收入摘句篮").click()
    basket = page.locator("#basket")
    basket.wait_for()
    assert FOUND in basket.inner_text()
    basket.locator("#title").fill("致谢语")
    assert_draft(downloaded(page, basket.get_by_role("button", name="导出 Word").click), "致谢语")


def test_by_keyboard_alone(open_page):
    page = open_page("/precedents")
    page.keyboard.press("/")
    page.keyboard.type(SAID)
    page.keyboard.press("Tab")  # to the conditions
    page.keyboard.press("Tab")  # to the button
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('[data-result]')")
    while not page.evaluate("document.activeElement.matches('input[name=pick]')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#title").wait_for()
    page.locator("#title").focus()
    page.keyboard.type("致谢语")
    assert_draft(downloaded(page, lambda: page.keyboard.press("Enter")), "致谢语")


def test_the_cited_words_are_one_click_away(open_page):
    page = open_page(f"/precedents?q={SAID}")
    page.locator("[data-result]").first.get_by_role("link").first.click()
    assert page.locator("mark").first.inner_text() == FOUND


def test_the_basket_comes_along_in_this_tab(open_page):
    page = open_page(f"/precedents?q={SAID}")
    page.locator("[data-result] input[name=pick]").first.click()
    page.locator("#basket").wait_for()
    page.goto("/documents")
    page.goto("/precedents")
    page.locator("#basket").wait_for()
    assert FOUND in page.locator("#basket").inner_text()
    page.get_by_role("link", name="清空").click()
    page.wait_for_url(lambda url: "pick=" not in url)
    page.goto("/precedents")
    assert page.locator("#basket").count() == 0


def test_a_sentence_is_copied_with_its_source(open_page):
    page = open_page(f"/precedents?q={SAID}", permissions=["clipboard-read", "clipboard-write"])
    button = page.locator("[data-result]").first.get_by_role("button", name="复制引文")
    button.click()
    page.locator("[data-result]").first.get_by_text("已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{FOUND}”——《")
    assert copied.endswith(f"（{NUMBER}）")
