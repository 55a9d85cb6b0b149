"""Whatever stands in the address or the form of a page: no server error, and nothing of it becomes markup."""

from __future__ import annotations

import pytest

from . import odd


@pytest.fixture(scope="module")
def client(built, tmp_path_factory):
    with odd.site(built.corpus_dir, tmp_path_factory.mktemp("odd")) as client:
        yield client


def test_nothing_odd_breaks_a_page_or_becomes_markup(client):
    statuses = odd.ask_at_random(client, examples=100, seed=1)
    assert statuses.total() >= 100
    assert {200, 404, 422} <= statuses.keys()


@pytest.mark.parametrize(
    ("html", "wrong"),
    [
        ("<p>&lt;zqx&gt;</p><a href='/x'>1</a>", []),
        ("<p><zqx></p>", ["<zqx>"]),
        ('<input value="" zqy="1">', ["<input zqy>"]),
        ("<b onclick=x>", ["<b onclick>"]),
        ("<a href='//e'>1</a>", ["<a href='//e'>"]),
        ("<a href='javascript:1'>1</a>", ["<a href='javascript:1'>"]),
        ("<script>1</script>", ["<script>"]),
    ],
)
def test_markup_would_be_seen(html, wrong):
    markup = odd._Markup()
    markup.feed(html)
    assert markup.wrong == wrong
