"""Whatever stands in the address or the form of a page: no server error, and nothing of it becomes markup."""

from __future__ import annotations

import shutil

import pytest
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.settings import Settings

from . import odd


@pytest.fixture(scope="module")
def client(built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    shutil.copytree(built.corpus_dir, folder / "corpus")
    with Engine(Settings(index_dir=folder / "index", corpus_dir=folder / "corpus", parse_workers=1)) as engine:
        engine.ingest([folder / "corpus"])
        yield TestClient(
            create_app(engine), base_url="http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False
        )


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
