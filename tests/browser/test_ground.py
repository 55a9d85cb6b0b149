"""What holds on every page: accessible in light and dark, at home on a phone, quiet, light, usable by keyboard."""

from __future__ import annotations

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import PHONE

MOST_BYTES = 150_000
# Of the page and of all it loaded, uncompressed, as the browser counts them.
BODY_BYTES = """
["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind)).map(entry => entry.decodedBodySize)
"""

# A page adds itself. Addresses that need an id are made from the sample corpus.
PAGES = {
    "ask": "/",
    "answer": "/?q=哪些部门牵头学生心理工作？",
    "refusal": "/?q=火星移民补贴每人多少元？",
    "documents": "/documents",
    "documents filtered": "/documents?kind=plan",
    "nothing found": "/documents?topic=没有这样的词",
    "precedents": "/precedents?q=感谢您对教育工作的关心",
    "precedents asked": "/precedents",
    "duties": "/duties",
    "commitments": "/commitments",
    "no commitments": "/commitments?q=没有这样的词",
    "admin": "/admin",
    "error": "/nothing",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_rule_of_accessibility_is_broken(open_page, path, scheme):
    page = open_page(path, scheme=scheme)
    assert violations(page) == []


def test_axe_sees_what_is_wrong(open_page):
    page = open_page("/")
    page.evaluate("document.querySelector('label[for=q]').remove()")
    page.evaluate("document.getElementById('q').removeAttribute('placeholder')")
    assert any(rule.startswith("label:") for rule in violations(page))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_phone_shows_the_whole_width(open_page, path, lang):
    page = open_page(path + ("&" if "?" in path else "?") + f"lang={lang}", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_pages_are_light(open_page, path):
    page = open_page("/documents")
    page.goto(path, wait_until="networkidle")
    document, *files = page.evaluate(BODY_BYTES)
    assert document > 0
    assert sum(files) > 0
    assert document + sum(files) <= MOST_BYTES


def test_keys(open_page):
    page = open_page("/documents")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('[data-search]')")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("[data-result]").first
    assert first.evaluate("result => result.contains(document.activeElement)")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    first.focus()
    with page.expect_navigation():
        page.keyboard.press("o")
    assert "/documents/" in page.url


def test_single_keys_can_be_turned_off(open_page):
    page = open_page("/documents")
    page.keyboard.press("?")
    page.locator("#keys-off").check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert not page.evaluate("document.activeElement.matches('[data-search]')")


def test_typed_keys_are_words_not_commands(open_page):
    page = open_page("/")
    page.locator("#q").fill("")
    page.locator("#q").press("j")
    page.locator("#q").press("?")
    assert page.locator("#q").input_value() == "j?"
    assert not page.locator("#keys").is_visible()
