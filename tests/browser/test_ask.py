"""Asking, in a browser: the answer comes in, its marks lead to the very words, and it can be taken away."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import docx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

LEADS = "哪些部门牵头学生心理工作？"
COMPARED = "棠湾市和鹭原县每千人口托位数各是多少？"
REFUSED = "棠湾市2030年的托位数是多少？"

# All that moves on a page, also what follows a click: the sum of layout shifts (Layout Instability).
SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.value;
  }).observe({type: "layout-shift", buffered: true});
}"""


def squeezed(text: str) -> str:
    return "".join(text.split())


def ready(page):
    page.wait_for_selector(".asked[data-ready]", state="attached")
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_box_to_the_words_cited(open_page, server, script):
    page = open_page("/", script=script)
    page.get_by_label("您的问题").fill(LEADS)
    page.keyboard.press("Enter")
    page.wait_for_selector("a.mark")
    if script:
        ready(page)
    address = page.url
    for at in range(page.locator("#statements a.mark").count()):
        mark = page.locator("#statements a.mark").nth(at)
        quote = squeezed(page.locator(f"#q{mark.inner_text().strip('[]')}").inner_text())
        mark.click()
        if script:
            expect(page.locator("#source-content b.mark")).to_have_text(mark.inner_text())
            assert page.url == address
            marked = page.locator("#source mark").all_inner_texts()
        else:
            page.wait_for_url("**/documents/**")
            marked = page.locator("#text mark").all_inner_texts()
            page.go_back()
        assert squeezed("".join(marked)) == quote


def test_the_first_source_stands_beside_the_answer(open_page):
    page = ready(open_page(f"/?q={LEADS}"))
    assert page.locator("#source").is_visible()
    answer, source = page.locator("#answer").bounding_box(), page.locator("#source").bounding_box()
    assert source["x"] >= answer["x"] + answer["width"]
    assert squeezed(page.locator("#source mark").inner_text()) == squeezed(page.locator("#q1").inner_text())
    assert page.locator("#source mark").is_visible()


@pytest.mark.parametrize("how", ["hover", "focus"])
def test_a_mark_shows_the_words(open_page, how):
    page = ready(open_page(f"/?q={LEADS}"))
    mark = page.locator("#statements a.mark").nth(1)
    getattr(mark, how)()
    assert squeezed(page.get_by_role("tooltip").inner_text()) == squeezed(page.locator("#q2").inner_text())
    assert mark.get_attribute("aria-describedby") == "tip"
    page.keyboard.press("Escape")
    assert page.get_by_role("tooltip").count() == 0


def test_by_keyboard_alone(open_page):
    page = open_page("/")
    page.keyboard.press("/")
    page.keyboard.type(LEADS)
    page.keyboard.press("Enter")
    ready(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#source-content b.mark")).to_have_text("[2]")
    assert page.evaluate("document.activeElement.id") == "source"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('a.mark')")


def test_on_a_phone_the_source_comes_up_from_below(open_page):
    page = ready(open_page(f"/?q={LEADS}", viewport=PHONE))
    assert not page.locator("#source").is_visible()
    page.locator("#statements a.mark").first.click()
    page.wait_for_selector("#source.open")
    page.locator("#source mark").first.wait_for()
    page.get_by_role("button", name="关闭原文").click()
    assert not page.locator("#source").is_visible()


def test_a_follow_up_streams_in_and_nothing_moves(open_page):
    page = ready(open_page("/?q=棠湾市每千人口托位数是多少？"))
    page.evaluate(SHIFTS)
    page.get_by_label("接着问").fill("那鹭原县呢？")
    page.keyboard.press("Enter")
    page.locator(".notice", has_text="理解为：鹭原县每千人口托位数是多少？").wait_for()
    page.wait_for_selector("#answer:not([aria-busy])")
    assert "3.6个" in page.locator("#statements").inner_text()
    assert "3.6个" in page.locator("#live").inner_text()
    assert page.locator("#source b.mark").inner_text() == "[1]"
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"q": ["那鹭原县呢？"], "after": ["棠湾市每千人口托位数是多少？"]}
    assert page.evaluate("window.shifted") == 0
    text = page.locator("#statements").inner_text()
    page.reload()
    assert page.locator("#statements").inner_text() == text
    page.go_back()
    expect(page.locator("#q")).to_have_value("棠湾市每千人口托位数是多少？")
    assert "4.1个" in page.locator("#statements").inner_text()


def test_the_first_answer_comes_in_without_moving_anything(open_page):
    page = open_page("/documents")
    page.add_init_script(f"({SHIFTS})()")
    page.goto(f"/?q={LEADS}")
    ready(page)
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifted") == 0


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_switching_the_language_keeps_the_question(open_page, script):
    page = open_page("/?q=棠湾市每千人口托位数是多少？", script=script)
    page.get_by_label("接着问").fill("那鹭原县呢？")
    page.keyboard.press("Enter")
    page.locator(".notice", has_text="理解为：").wait_for()
    page.locator(".switch").click()
    page.get_by_role("heading", name="Answer").wait_for()
    assert "3.6个" in page.locator("#statements").inner_text()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_comparison_is_a_table(open_page):
    page = open_page(f"/?q={COMPARED}")
    table = page.get_by_role("table")
    assert [row.locator("th").inner_text() for row in table.locator("tbody tr").all()] == ["棠湾市", "鹭原县"]
    assert "4.1" in table.inner_text()


def test_a_refusal_says_which_condition_failed_and_leads_on(open_page):
    page = open_page(f"/?q={REFUSED}")
    assert "2030年" in page.locator(".refusal .reason").inner_text()
    assert page.locator("a.mark").count() == 0
    assert not page.locator("#source").is_visible()
    page.locator(".refusal .results a").first.click()
    page.wait_for_url("**/documents/**")


def test_taking_the_answer_along(open_page):
    page = ready(open_page(f"/?q={LEADS}", permissions=["clipboard-read", "clipboard-write"]))
    page.get_by_role("button", name="复制回答").click()
    page.get_by_text("已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = page.locator("#q1").inner_text()
    assert f"“{quote}”" in copied
    assert "》（广卫健发〔2023〕39号）" in copied
    copying = page.get_by_role("button", name="复制引文 [1]")
    copying.click()
    expect(page.get_by_text("已复制")).to_have_count(2)
    cited = page.evaluate("navigator.clipboard.readText()")
    assert cited == f"“{quote}”——《关于印发广汉市社会心理服务工作实施方案的通知》（广卫健发〔2023〕39号）"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_word_file_holds_the_words_and_their_numbers(open_page, script):
    page = open_page(f"/?q={LEADS}", script=script)
    with page.expect_download() as started:
        page.get_by_role("link", name="导出 Word").click()
    content = started.value.path().read_bytes()
    words = "".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
    assert page.locator("#statements p").first.inner_text().split("[")[0].strip() in words
    assert page.locator("#q1").inner_text() in words
    assert "广卫健发〔2023〕39号" in words


def test_in_print_the_answer_stands_alone(open_page):
    page = ready(open_page(f"/?q={LEADS}"))
    page.emulate_media(media="print")
    assert page.locator("#statements").is_visible()
    assert page.locator("#q1").is_visible()
    for left_out in ("header.site", "form.question >> nth=0", "#source", ".toolbar >> nth=0"):
        assert not page.locator(left_out).is_visible()


def test_a_question_that_cannot_be_taken_is_told_beside_the_box(open_page):
    page = ready(open_page(f"/?q={LEADS}"))
    page.get_by_label("您的问题").evaluate("box => box.removeAttribute('maxlength')")
    page.get_by_label("您的问题").fill("问" * 2001)
    page.keyboard.press("Enter")
    page.locator("#q-wrong").wait_for()
