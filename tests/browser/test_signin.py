"""Signing in through a provider of another site, as a real browser does it: its cookies, its headers, its redirections."""

from __future__ import annotations

import shutil
import socket

import pytest
from playwright.sync_api import expect

from rag.settings import Settings
from tests.app.oidc.openid_provider import CLIENT_ID, SECRET, OpenIdProvider
from tests.browser.conftest import CORPUS, DESK, PATIENCE_MS

ELSEWHERE = "127.0.0.2"  # to a browser another site, and no other machine


@pytest.fixture
def provider():
    try:
        socket.create_server((ELSEWHERE, 0)).close()
    except OSError:
        pytest.skip(f"this machine has no {ELSEWHERE}")
    with OpenIdProvider(ELSEWHERE) as running:
        yield running


def test_somebody_signs_in_goes_on_where_they_were_and_signs_out(serve, browser, provider, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    shutil.copy(CORPUS / "plans/2023-guanghan-social-psychology.txt", corpus)
    (corpus / "2023-guanghan-social-psychology.txt.meta.toml").write_text('disclosure = "internal"\n', "utf-8")
    grants = tmp_path / "grants.toml"
    grants.write_text('[[grant]]\ngroups = ["卫健科"]\nrole = "admin"\n', "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    provider.redirect = f"http://127.0.0.1:{port}/signin/callback"
    settings = Settings(
        index_dir=tmp_path / "index", corpus_dir=corpus, port=port,
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=SECRET,
        oidc_redirect_uri=provider.redirect, oidc_grants=grants,
    )  # fmt: skip
    server = serve(settings, [corpus])
    context = browser.new_context(viewport=DESK, base_url=server.address)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/documents")
    title = "广汉市社会心理服务工作实施方案"
    expect(page.locator("main")).not_to_contain_text(title)
    page.goto("/signin?back=/documents")
    page.get_by_role("link", name="用本单位账号登录").click()
    page.wait_for_url("**/documents")
    expect(page.locator("main")).to_contain_text(title)
    expect(page.locator("header")).to_contain_text("zhang.san")
    page.reload()
    expect(page.locator("main")).to_contain_text(title)
    page.get_by_role("button", name="退出").click()
    page.goto("/documents")
    expect(page.locator("main")).not_to_contain_text(title)
    context.close()
