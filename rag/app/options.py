"""What several commands of the command line share (命令行公用选项)."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from rag.app.audit.operator import trace
from rag.app.requests import FilterBody
from rag.app.wiring import Engine
from rag.domain.filters import Filters
from rag.errors import InvalidRequest, RagError
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


DAY = ["%Y-%m-%d"]
IssuerOption = Annotated[str | None, typer.Option("--issuer", help="Part of the issuing organ's name (发文机关).")]
PlaceOption = Annotated[str | None, typer.Option("--place", help="Part of the place's name (地区).")]
NumberOption = Annotated[str | None, typer.Option("--document-number", help="发文字号, in any bracket style.")]
KindOption = Annotated[str | None, typer.Option("--kind", help="reply | plan | notice | report | law | other.")]
FromOption = Annotated[int | None, typer.Option("--year-from", help="First year of issue.")]
ToOption = Annotated[int | None, typer.Option("--year-to", help="Last year of issue.")]
TopicOption = Annotated[str | None, typer.Option("--topic", help="Words in the title or a heading (主题).")]
SourceOption = Annotated[str | None, typer.Option("--source", help="Path of the file, or a folder above it.")]


def filters_of(
    issuer: str | None,
    place: str | None,
    document_number: str | None,
    kind: str | None,
    year_from: int | None,
    year_to: int | None,
    topic: str | None,
    source: str | None,
) -> Filters:
    """Return the conditions that options state.

    Raises:
        InvalidRequest: One of them cannot be.
    """
    given = {
        "issuer": issuer,
        "place": place,
        "document_number": document_number,
        "kind": kind,
        "year_from": year_from,
        "year_to": year_to,
        "topic": topic,
        "source": source,
    }
    try:
        return FilterBody.model_validate(given).to_domain()
    except ValidationError as error:
        raise InvalidRequest(f"--{first_fault(error).replace('_', '-', 1)}") from error


def words_of(text: str) -> str:
    """Return an argument's words.

    Raises:
        InvalidRequest: They are no text; the shell may hand over any bytes.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest("the words given are not valid UTF-8") from error
    return text


@contextmanager
def opened(index: Path | None) -> Iterator[Engine]:
    """Open the index of a command, and leave its trace in the audit log; an error's remedy names the index too."""
    settings = settings_of(index)
    trace(settings, sys.argv[1] if len(sys.argv) > 1 else "", {"arguments": sys.argv[2:]})
    try:
        with Engine(settings) as engine:
            yield engine
    except RagError as error:
        if index is not None and error.remedy.startswith("rag "):
            error.remedy += f" --index {shlex.quote(str(index))}"
        raise


def first_fault(error: ValidationError) -> str:
    """Say what is wrong with what was given, first fault first."""
    first = error.errors(include_input=False)[0]
    return ": ".join([".".join(map(str, first["loc"])), first["msg"]] if first["loc"] else [first["msg"]])


def print_json(value: object) -> None:
    """Print a value as JSON, as it is read best."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
