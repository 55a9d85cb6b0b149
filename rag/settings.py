"""Settings (设置): everything an installation may choose, read once from the environment (``RAG_…``)."""

from __future__ import annotations

import logging
import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.functional_validators import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.errors import ConfigurationError

_logger = logging.getLogger(__name__)

_PREFIX = "RAG_"


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if value.strip() and not parts:
        raise ValueError("it names no key")  # read as "no keys", it would open everything
    return parts


def _split_or_none(value: object) -> object:
    return _split(value) if not isinstance(value, str) or value.strip(" ,") else []


def _named(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """What an installation may choose. Each field is read from ``RAG_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid", frozen=True)

    index_dir: Path = Field(Path("index"), description="Folder of the catalog and the index generations.")
    state_dir: Annotated[Path | None, BeforeValidator(_named)] = Field(
        None, description="Folder of keys and the audit log, outside the index; none: `state` beside the index folder."
    )
    audit: bool = Field(default=True, description="Whether an audit log is written there.")
    audit_days: int = Field(
        185, ge=1, le=36_500, description="How long its files are kept, in days; 网络安全法 asks for six months."
    )
    corpus_dir: Path = Field(Path("corpus"), description="Folder of the documents; uploads are stored there.")
    encoder: Annotated[str | None, BeforeValidator(_named)] = Field(
        None, description="Sentence-transformers model, by hub name or folder; none: the one in the package."
    )
    encoder_query_prompt: str | None = Field(
        None, description="What stands before each question for that model; none: what the model itself says."
    )
    encoder_passage_prompt: str | None = Field(None, description="What stands before each passage, likewise.")
    encoder_max_tokens: int | None = Field(
        None, ge=8, le=131_072, description="Where that model cuts a text off, in tokens; none: its own limit."
    )
    reranker: Annotated[str | None, BeforeValidator(_named)] = Field(
        None, description="Cross-encoder that puts the best passages in order, by hub name or folder; none: none does."
    )
    rerank_top: int = Field(50, ge=1, le=400, description="Passages of a search that the cross-encoder reads.")
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
        description="What these two run on: auto (a GPU where there is one), cpu, cuda, cuda:1 or mps.",
    )
    precision: Literal["float32", "float16", "bfloat16"] = Field("float32", description="Precision of their weights.")
    batch_size: int = Field(32, ge=1, le=4096, description="Texts that go through one of them at once.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port the server listens on.")
    api_keys: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=list,
        repr=False,
        description="Keys with full scope, separated by commas. None: one local operator, loopback only.",
    )
    proxies: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=list,
        description="Addresses or networks of reverse proxies whose X-Forwarded headers are believed, with commas.",
    )
    proxy_user_header: Annotated[str | None, BeforeValidator(_named)] = Field(
        None, description="Header in which these name whom they signed in; none: they sign nobody in."
    )
    proxy_groups_header: str = Field("X-Forwarded-Groups", description="Header in which they name the groups.")
    proxy_roles: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=list, description="Roles by group, as police=staff,chiefs=admin; without one: reader."
    )
    oidc_issuer: Annotated[str | None, BeforeValidator(_named)] = Field(
        None,
        pattern=r"^https?://[^\s/?#@]+[^\s?#]*$",
        description="OpenID Connect provider that signs people in, as it names itself; none: nobody is asked.",
    )
    oidc_client_id: Annotated[str | None, BeforeValidator(_named)] = Field(
        None, description="What this program is registered as there; needed with the issuer."
    )
    oidc_client_secret: Annotated[SecretStr | None, BeforeValidator(_named)] = Field(
        None, description="Its secret there; none for a public client."
    )
    oidc_redirect_uri: Annotated[str | None, BeforeValidator(_named)] = Field(
        None,
        pattern=r"^https?://[^\s/?#@]+/signin/callback$",
        description="Where browsers come back to, as registered there: https://…/signin/callback; needed with it.",
    )
    oidc_grants: Annotated[Path | None, BeforeValidator(_named)] = Field(
        None, description="TOML file: who may see what, by group or person; none: public documents for all of them."
    )
    oidc_groups_claim: str = Field("groups", min_length=1, description="Claim in which the provider names groups.")
    oidc_name_claim: str = Field(
        "preferred_username", min_length=1, description="Claim by which the audit log names people; else sub."
    )
    oidc_scopes: Annotated[list[str], NoDecode, BeforeValidator(_split_or_none)] = Field(
        default_factory=lambda: ["profile"], description="Scopes asked for beside openid, separated by commas."
    )
    oidc_seconds: float = Field(
        10.0, gt=0, le=120, description="Longest time that a sign-in waits for the provider, in seconds."
    )
    requests_per_minute: int = Field(
        600, ge=0, le=1_000_000, description="Requests a minute that each key may make; 0 for no limit."
    )
    anonymous_per_minute: int = Field(
        300, ge=0, le=1_000_000, description="Requests a minute from each address without a key, where there are keys."
    )
    request_seconds: float = Field(
        120.0, gt=0, le=3_600, description="Longest time until the response to a request begins, but for uploads."
    )
    show_personal: bool = Field(
        default=False, description="Whether full scope sees personal data (个人信息) unmasked; others never do."
    )
    picture_megabytes: int = Field(
        512, ge=1, le=1 << 20, description="Most that pictures of pages kept beside the index may take, in MB."
    )
    upload_megabytes: int = Field(
        50, ge=1, le=2048, description="Largest upload taken in over HTTP, all its files together, in MB."
    )
    parse_workers: int | None = Field(
        None, ge=1, le=256, description="Processes that read files side by side; none: one for each core."
    )
    parse_seconds: float = Field(
        600.0, gt=0, le=86_400, description="Longest time to read one file, in seconds; up to four times that if large."
    )
    parse_megabytes: int = Field(
        2048, ge=128, le=1 << 20, description="Most memory that one such process may take, in MB (Linux)."
    )

    llm_base_url: Annotated[str | None, BeforeValidator(_named)] = Field(
        None,
        pattern=r"^https?://[^\s/]+",
        description="OpenAI-compatible endpoint that drafts answers, with its path (…/v1); none: no text leaves.",
    )
    llm_model: Annotated[str | None, BeforeValidator(_named)] = Field(
        None, description="Name of its model; needed with the endpoint."
    )
    llm_api_key: Annotated[SecretStr | None, BeforeValidator(_named)] = Field(
        None, description="Key of the endpoint, where it asks for one."
    )
    llm_seconds: float = Field(
        30.0, gt=0, le=600, description="Longest time to wait for a draft, in seconds; then the answer is extractive."
    )
    llm_tokens: int = Field(1024, ge=64, le=32_768, description="Longest draft, in tokens of that model.")
    llm_calls: int = Field(
        8, ge=1, le=256, description="Drafts asked for at once; a further question is answered without one."
    )
    llm_public_only: bool = Field(
        default=False, description="Send the endpoint words of documents released to the public (主动公开) only."
    )

    @property
    def state_folder(self) -> Path:
        """Folder of what must outlive the index: keys and the audit log."""
        return self.state_dir or self.index_dir.resolve().parent / "state"

    @model_validator(mode="after")
    def _has_model(self) -> Self:
        if (self.llm_base_url is None) != (self.llm_model is None):
            raise ValueError("RAG_LLM_BASE_URL and RAG_LLM_MODEL go together")
        return self

    @model_validator(mode="after")
    def _has_client(self) -> Self:
        if self.oidc_issuer is None:
            return self
        if self.oidc_client_id is None or self.oidc_redirect_uri is None:
            raise ValueError("RAG_OIDC_ISSUER needs RAG_OIDC_CLIENT_ID and RAG_OIDC_REDIRECT_URI")
        for address in (self.oidc_issuer, self.oidc_redirect_uri):
            parts = urlsplit(address)
            if parts.scheme != "https" and not _is_this_machine(parts.hostname or ""):
                raise ValueError("RAG_OIDC_ISSUER and RAG_OIDC_REDIRECT_URI begin with https://")
        return self

    @classmethod
    def read(cls) -> Settings:
        """Read the settings from the environment.

        A variable that begins with ``RAG_`` and is no setting is told in the log: it may be one misspelt.

        Raises:
            ConfigurationError: A value is of the wrong kind; the message names the variable.
        """
        known = {f"{_PREFIX}{name.upper()}" for name in cls.model_fields}
        for name in sorted(os.environ):
            if name.startswith(_PREFIX) and name not in known:
                _logger.warning("%s is no setting; the settings are %s", name, ", ".join(sorted(known)))
        try:
            return cls()
        except ValidationError as error:
            wrong = "; ".join(
                f"{_PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" if e["loc"] else e["msg"] for e in error.errors()
            )
            raise ConfigurationError(wrong) from error
