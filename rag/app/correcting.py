"""Corrections made on a page (人工更正): written into the ``.meta.toml`` beside the file, then taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from rag.app.uploads import write_whole
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.errors import InvalidRequest, SourceError
from rag.parsing.corrections import SIDECAR_SUFFIX, read_corrections

Value = str | Sequence[str] | date
"""What is stated of an element; an empty text or list says that the document has none."""


def correct(
    engine: Engine, document_id: str, stated: Mapping[str, Value], withdrawn: Sequence[str], *, scope: Scope
) -> None:
    """Write corrections beside a document's file, and take the file in again.

    What stood in the file of corrections stays, its comments too.

    Args:
        engine: Whose document it is.
        document_id: The document.
        stated: Elements by name.
        withdrawn: Names of elements that are to be read from the text again.
        scope: What the operator may see.

    Raises:
        NotFound: No such document within the scope.
        InvalidRequest: Its file is not there any more, or a value is none for its element.
    """
    records = engine.reader().catalog.sources_of(document_id, scope=scope)
    path = next((record.path for record in records if record.path.is_file()), None)
    if path is None:
        raise InvalidRequest(f"no file of document {document_id} is there to be corrected")
    sidecar = _sidecar_of(path)
    try:
        given = tomlkit.parse(sidecar.read_text(encoding="utf-8-sig")) if sidecar.is_file() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{sidecar.name} is not valid TOML; mend it first") from error
    for name in withdrawn:
        given.pop(name, None)
    for name, value in stated.items():
        given[name] = value if isinstance(value, str | date) else list(value)
    content = tomlkit.dumps(given).encode()
    try:
        read_corrections(content, sidecar.name)
    except SourceError as error:
        raise InvalidRequest(str(error)) from error
    write_whole(sidecar, content)
    report = engine.ingest([path], as_indexed=True)
    if report.failed:
        raise InvalidRequest(report.failed[0].reason)


def _sidecar_of(path: Path) -> Path:
    """Return where the corrections of a file stand, or are to stand."""
    of_stem = path.with_name(f"{path.stem}{SIDECAR_SUFFIX}")
    own = path.with_name(f"{path.name}{SIDECAR_SUFFIX}")
    return of_stem if of_stem.is_file() and not own.is_file() else own
