"""Settings from the environment."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.errors import ConfigurationError
from rag.settings import Settings


def test_defaults_suit_one_operator_on_one_machine():
    settings = Settings.read()
    assert (settings.index_dir, settings.corpus_dir) == (Path("index"), Path("corpus"))
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.encoder is None
    assert settings.api_keys == []
    assert settings.state_folder == Path("state").resolve()  # beside the index, never in it
    assert Settings(state_dir=Path("kept")).state_folder == Path("kept")


def test_every_setting_is_read_from_its_variable(monkeypatch):
    given = {
        "RAG_INDEX_DIR": "/srv/index", "RAG_STATE_DIR": "/srv/state", "RAG_AUDIT": "0", "RAG_AUDIT_DAYS": "400",
        "RAG_PROXIES": "10.0.0.0/8,::1", "RAG_PROXY_USER_HEADER": "X-User", "RAG_PROXY_GROUPS_HEADER": "X-Groups",
        "RAG_PROXY_ROLES": "chiefs=admin", "RAG_REQUESTS_PER_MINUTE": "60", "RAG_ANONYMOUS_PER_MINUTE": "0", "RAG_REQUEST_SECONDS": "7.5", "RAG_CORPUS_DIR": "/srv/corpus", "RAG_ENCODER": "some/model", "RAG_HOST": "0.0.0.0",
        "RAG_PORT": "9000", "RAG_API_KEYS": "one, two,,three ", "RAG_UPLOAD_MEGABYTES": "7", "RAG_SHOW_PERSONAL": "1",
        "RAG_ENCODER_QUERY_PROMPT": "query: ", "RAG_ENCODER_PASSAGE_PROMPT": "", "RAG_ENCODER_MAX_TOKENS": "512",
        "RAG_RERANKER": "some/reranker", "RAG_RERANK_TOP": "20", "RAG_DEVICE": "cuda:1", "RAG_PRECISION": "float16",
        "RAG_BATCH_SIZE": "8", "RAG_PICTURE_MEGABYTES": "64", "RAG_PARSE_WORKERS": "3", "RAG_PARSE_SECONDS": "4.5", "RAG_PARSE_MEGABYTES": "512",
        "RAG_LLM_BASE_URL": "http://127.0.0.1:8080/v1", "RAG_LLM_MODEL": "some-model", "RAG_LLM_API_KEY": "hush",
        "RAG_OIDC_ISSUER": "https://id.example/realms/gov", "RAG_OIDC_CLIENT_ID": "rag", "RAG_OIDC_CLIENT_SECRET": "hush",
        "RAG_OIDC_REDIRECT_URI": "https://rag.example/signin/callback", "RAG_OIDC_GRANTS": "/srv/grants.toml",
        "RAG_OIDC_GROUPS_CLAIM": "roles", "RAG_OIDC_NAME_CLAIM": "sub", "RAG_OIDC_SCOPES": "profile, groups", "RAG_OIDC_SECONDS": "5",
        "RAG_LLM_SECONDS": "9", "RAG_LLM_TOKENS": "256", "RAG_LLM_CALLS": "2", "RAG_LLM_PUBLIC_ONLY": "true",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert {f"RAG_{name.upper()}" for name in Settings.model_fields} == given.keys()
    assert Settings.read() == Settings(
        index_dir=Path("/srv/index"), state_dir=Path("/srv/state"), audit=False, audit_days=400,
        proxies=["10.0.0.0/8", "::1"], proxy_user_header="X-User", proxy_groups_header="X-Groups",
        proxy_roles=["chiefs=admin"], requests_per_minute=60, anonymous_per_minute=0, request_seconds=7.5, corpus_dir=Path("/srv/corpus"), encoder="some/model", host="0.0.0.0", port=9000,
        api_keys=["one", "two", "three"], upload_megabytes=7, show_personal=True,
        encoder_query_prompt="query: ", encoder_passage_prompt="", encoder_max_tokens=512,
        reranker="some/reranker", rerank_top=20, device="cuda:1", precision="float16", batch_size=8, picture_megabytes=64,
        parse_workers=3, parse_seconds=4.5, parse_megabytes=512,
        llm_base_url="http://127.0.0.1:8080/v1", llm_model="some-model", llm_api_key=SecretStr("hush"),
        oidc_issuer="https://id.example/realms/gov", oidc_client_id="rag", oidc_client_secret=SecretStr("hush"),
        oidc_redirect_uri="https://rag.example/signin/callback", oidc_grants=Path("/srv/grants.toml"),
        oidc_groups_claim="roles", oidc_name_claim="sub", oidc_scopes=["profile", "groups"], oidc_seconds=5.0,
        llm_seconds=9.0, llm_tokens=256, llm_calls=2, llm_public_only=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAG_PORT", "http"),
        ("RAG_PORT", "0"),
        ("RAG_PORT", "65536"),
        ("RAG_UPLOAD_MEGABYTES", "0"),
        ("RAG_UPLOAD_MEGABYTES", "-3"),
        ("RAG_PARSE_SECONDS", "0"),
        ("RAG_PARSE_WORKERS", "0"),
        ("RAG_PARSE_MEGABYTES", "1"),
        ("RAG_ENCODER_MAX_TOKENS", "0"),
        ("RAG_RERANK_TOP", "0"),
        ("RAG_DEVICE", "gpu"),
        ("RAG_DEVICE", "cpu:1"),
        ("RAG_PRECISION", "int8"),
        ("RAG_BATCH_SIZE", "0"),
        ("RAG_LLM_BASE_URL", "127.0.0.1:8080"),
        ("RAG_LLM_BASE_URL", "file:///etc/passwd"),
        ("RAG_LLM_SECONDS", "0"),
        ("RAG_LLM_TOKENS", "1"),
        ("RAG_LLM_CALLS", "0"),
        ("RAG_OIDC_ISSUER", "id.example"),
        ("RAG_OIDC_ISSUER", "https://id.example?tenant=1"),
        ("RAG_OIDC_REDIRECT_URI", "https://rag.example/"),
        ("RAG_OIDC_SECONDS", "0"),
        ("RAG_API_KEYS", ","),  # no key at all would open everything
        ("RAG_API_KEYS", " , "),
    ],
)
def test_a_wrong_value_names_its_variable_and_not_itself(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as refused:
        Settings.read()
    assert f"'{value}'" not in str(refused.value)


def test_a_model_named_by_nothing_is_none(monkeypatch):
    monkeypatch.setenv("RAG_ENCODER", "")
    monkeypatch.setenv("RAG_RERANKER", " ")
    assert (Settings.read().encoder, Settings.read().reranker) == (None, None)


@pytest.mark.parametrize(("given", "missing"), [("BASE_URL", "MODEL"), ("MODEL", "BASE_URL")])
def test_an_endpoint_and_its_model_go_together(monkeypatch, given, missing):
    monkeypatch.setenv(f"RAG_LLM_{given}", "http://127.0.0.1:8080/v1")
    with pytest.raises(ConfigurationError, match=f"RAG_LLM_{missing}"):
        Settings.read()
    monkeypatch.setenv(f"RAG_LLM_{missing}", "")
    with pytest.raises(ConfigurationError, match=f"RAG_LLM_{missing}"):
        Settings.read()


def test_no_keys_given_is_no_keys(monkeypatch):
    monkeypatch.setenv("RAG_API_KEYS", "")
    assert Settings.read().api_keys == []


def test_a_variable_that_is_no_setting_is_told(monkeypatch, caplog):
    monkeypatch.setenv("RAG_API_KEY", "secret-value")  # one letter short
    with caplog.at_level(logging.WARNING):
        Settings.read()
    assert "RAG_API_KEY is no setting" in caplog.text
    assert "RAG_API_KEYS" in caplog.text
    assert "secret-value" not in caplog.text


def test_keys_are_not_shown():
    assert "hush" not in repr(Settings(api_keys=["hush"], llm_api_key=SecretStr("hush")))


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("changed", "is_sound"),
    [
        ({}, True),
        ({"RAG_OIDC_CLIENT_SECRET": "x"}, True),
        ({"RAG_OIDC_SCOPES": ""}, True),
        ({"RAG_OIDC_CLIENT_ID": ""}, False),
        ({"RAG_OIDC_REDIRECT_URI": ""}, False),
        ({"RAG_OIDC_ISSUER": "http://id.example"}, False),  # a password over an open line
        ({"RAG_OIDC_ISSUER": "http://127.0.0.1:8080"}, True),
        ({"RAG_OIDC_ISSUER": "http://127.0.0.1.evil.example"}, False),
        ({"RAG_OIDC_REDIRECT_URI": "http://rag.example/signin/callback"}, False),
        ({"RAG_OIDC_REDIRECT_URI": "http://localhost:8000/signin/callback"}, True),
    ],
)
def test_a_provider_needs_a_client_and_a_line_that_is_closed(monkeypatch, changed, is_sound):
    given = {
        "RAG_OIDC_ISSUER": "https://id.example", "RAG_OIDC_CLIENT_ID": "rag",
        "RAG_OIDC_REDIRECT_URI": "https://rag.example/signin/callback", **changed,
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    if is_sound:
        assert Settings.read().oidc_issuer == given["RAG_OIDC_ISSUER"]
    else:
        with pytest.raises(ConfigurationError, match="RAG_OIDC"):
            Settings.read()
