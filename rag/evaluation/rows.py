"""Files of records, one JSON object a line (JSON Lines): read whole or told with name and line what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from rag.errors import InvalidRequest

Row = TypeVar("Row")


def read_rows(path: Path, adapter: TypeAdapter[Row], id_of: Callable[[Row], str], *, called: str) -> list[Row]:
    """Read every line that is not blank.

    Args:
        path: Of the file.
        adapter: What a line is.
        id_of: Gives the id of a row; none may come twice.
        called: What a row is, for the message about a file without any.

    Raises:
        InvalidRequest: It cannot be read, a line is not such a row, an id comes twice, or there is no row.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{path}: not UTF-8 text") from error
    except OSError as error:
        raise InvalidRequest(f"{path}: cannot be read: {error.strerror}") from error
    rows: dict[str, Row] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = adapter.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise InvalidRequest(f"{path}:{number}: {field + ': ' if field else ''}{first['msg']}") from error
        if id_of(row) in rows:
            raise InvalidRequest(f"{path}:{number}: the id {id_of(row)} comes twice")
        rows[id_of(row)] = row
    if not rows:
        raise InvalidRequest(f"{path}: holds no {called}")
    return list(rows.values())


def write_rows(path: Path, adapter: TypeAdapter[Row], rows: Iterable[Row]) -> None:
    """Write rows as ``read_rows`` reads them.

    Raises:
        InvalidRequest: The file cannot be written.
    """
    write_bytes(path, b"".join(adapter.dump_json(row) + b"\n" for row in rows))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file that the user named.

    Raises:
        InvalidRequest: It cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InvalidRequest(f"{path}: cannot be written: {error.strerror}") from error
