"""What several commands of the command line share (命令行公用选项)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rag.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", help="Folder of the index; by default RAG_INDEX_DIR, else index.", show_default=False),
]


def settings_of(index: Path | None) -> Settings:
    """Read the settings, with the folder of the index as the command line gives it.

    Raises:
        ConfigurationError: See ``Settings.read``.
    """
    settings = Settings.read()
    return settings if index is None else settings.model_copy(update={"index_dir": index})


def print_json(value: object) -> None:
    """Print a value as JSON, as it is read best."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
