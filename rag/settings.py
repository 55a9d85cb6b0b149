"""Settings (设置): everything an installation may choose, read once from the environment (``RAG_…``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic.functional_validators import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.errors import ConfigurationError


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an installation may choose. Each field is read from ``RAG_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="RAG_", extra="forbid", frozen=True)

    index_dir: Path = Field(Path("index"), description="Folder of the catalog and the index generations.")
    corpus_dir: Path = Field(Path("corpus"), description="Folder of the documents; uploads are stored there.")
    encoder: str | None = Field(
        None, description="Sentence-transformers model, by hub name or folder; none: the one in the package."
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port the server listens on.")
    api_keys: Annotated[list[str], NoDecode, BeforeValidator(_split)] = Field(
        default_factory=list,
        description="Keys with full scope, separated by commas. None: one local operator, loopback only.",
    )
    upload_megabytes: int = Field(50, ge=1, le=2048, description="Largest file taken in over HTTP, in MB.")

    @classmethod
    def read(cls) -> Settings:
        """Read the settings from the environment.

        Raises:
            ConfigurationError: A value is of the wrong kind; the message names the variable.
        """
        try:
            return cls()
        except ValidationError as error:
            wrong = "; ".join(f"RAG_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise ConfigurationError(wrong) from error
