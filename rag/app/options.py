"""What several commands of the command line share (命令行公用选项)."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import Parameter, Signature, signature
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, get_type_hints

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

_FILTERS: Mapping[str, object] = MappingProxyType(
    {
        "issuer": Annotated[str | None, typer.Option("--issuer", help="Part of the issuing organ's name (发文机关).")],
        "place": Annotated[str | None, typer.Option("--place", help="Part of the place's name (地区).")],
        "document_number": Annotated[
            str | None, typer.Option("--document-number", help="发文字号, in any bracket style.")
        ],
        "kind": Annotated[str | None, typer.Option("--kind", help="reply | plan | notice | report | law | other.")],
        "year_from": Annotated[int | None, typer.Option("--year-from", help="First year of issue.")],
        "year_to": Annotated[int | None, typer.Option("--year-to", help="Last year of issue.")],
        "topic": Annotated[str | None, typer.Option("--topic", help="Words in the title or a heading (主题).")],
        "source": Annotated[str | None, typer.Option("--source", help="Path of the file, or a folder above it.")],
    }
)
"""The options that filter documents, by the names of ``FilterBody``."""


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes the options of ``_FILTERS`` where ``command`` takes ``filters``.

    Typer reads options from a signature: this writes one, so that no command has to state all eight.
    """
    hints = get_type_hints(command, include_extras=True)
    options: dict[str, tuple[object, object]] = {}
    for name, parameter in signature(command).parameters.items():
        if name == "filters":
            options |= {option: (annotation, None) for option, annotation in _FILTERS.items()}
        else:
            options[name] = (hints[name], parameter.default)

    def run(**given: object) -> None:
        stated = {name: given.pop(name) for name in _FILTERS}
        command(filters=_filters_of(stated), **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {name: annotation for name, (annotation, _) in options.items()}
    vars(run)["__signature__"] = Signature(
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in options.items()
        ]
    )
    return run


def _filters_of(stated: Mapping[str, object]) -> Filters:
    """Return the conditions that options state.

    Raises:
        InvalidRequest: One of them cannot be.
    """
    try:
        return FilterBody.model_validate(stated).to_domain()
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
