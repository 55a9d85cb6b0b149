"""What several commands of the command line share (命令行公用选项)."""

from __future__ import annotations

import json
from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON value and nothing else.")]


def print_json(value: object) -> None:
    """Print a value as JSON, as it is read best."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
