"""The list and the page of documents, as people use them: by mouse, by keyboard and without JavaScript."""

from __future__ import annotations

import re

import pytest

from rag.domain.access import Scope
from tests.browser.axe import violations
from tests.browser.conftest import PHONE


@pytest.fixture(scope="module")
def plan(server) -> str:
    """Address of a document with a table of contents."""
    catalog = server.engine.reader().catalog
    (found,) = [d for d in catalog.list_documents(scope=Scope.everything()).documents if "guanghan" in d.source]
    return f"/documents/{found.document_id}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_document_breaks_no_rule(open_page, plan, scheme):
    assert violations(open_page(f"{plan}?start=2412&end=2519", scheme=scheme)) == []


def test_a_phone_shows_all_of_it(open_page, plan):
    page = open_page(plan, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_typing_finds_a_document(open_page):
    page = open_page("/documents")
    page.keyboard.press("/")
    page.keyboard.type("心理援助")
    options = page.get_by_role("option")
    options.first.wait_for()
    box = page.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    title = options.first.locator("span").text_content()
    assert "心理援助" in title.replace("“12356”", "")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").text_content() == title


def test_escape_leaves_what_was_typed(open_page):
    page = open_page("/documents")
    box = page.locator("#q")
    box.press_sequentially("校园")
    page.get_by_role("option").first.wait_for()
    box.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert box.input_value() == "校园"
    with page.expect_navigation():
        box.press("Enter")
    assert page.locator("[data-result]").count() >= 1


@pytest.mark.parametrize("script", [True, False])
def test_facets_narrow_the_list_by_what_they_say(open_page, script):
    page = open_page("/documents", script=script)
    choice = page.locator(".narrow details").nth(2).locator("a").first
    said = int(choice.locator(".count").text_content())
    choice.click()
    assert int(re.search(r"\d+", page.locator("h1 small").text_content())[0]) == said
    assert page.locator(".narrow [aria-current]").count() == 1


def test_the_box_is_a_form_without_javascript(open_page):
    page = open_page("/documents", script=False)
    page.locator("#q").fill("校园")
    page.locator("form.find button").click()
    assert page.locator("[data-result]").count() >= 1
    assert "校园" in page.locator("[data-result]").first.text_content()


def test_words_are_copied_with_their_source(open_page, plan):
    page = open_page(f"{plan}?start=2412&end=2519", permissions=["clipboard-read", "clipboard-write"])
    marked = page.locator("#text mark").all_text_contents()
    page.locator("[data-copy]").click()
    page.locator("[data-copy-status]").filter(has_text="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert copied[0] == f"“{''.join(marked)}”"
    assert re.fullmatch("《.+》（.+号）", copied[1])
    assert copied[2].endswith(f"{plan}?start=2412&end=2519#quote")


def test_a_selection_is_copied_with_a_link_to_it(open_page, plan):
    page = open_page(plan, permissions=["clipboard-read", "clipboard-write"])
    words = page.evaluate(
        """() => {
            const paragraph = document.querySelectorAll("#text .body")[1];
            const range = document.createRange();
            const node = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT).nextNode();
            range.setStart(node, 2);
            range.setEnd(node, 9);
            getSelection().addRange(range);
            return range.toString();
        }"""
    )
    page.locator("[data-copy]").click()
    page.locator("[data-copy-status]").filter(has_text="已复制").wait_for()
    quote, _, link = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert quote == f"“{words}”"
    page.goto(link)
    assert "".join(page.locator("#text mark").all_text_contents()) == words
