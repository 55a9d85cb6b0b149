"""Documents that come and go over HTTP (上传与删除): into the corpus folder first, which is the truth, then the index."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path, PurePath

from fastapi import UploadFile

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.errors import InvalidRequest
from rag.ingest import IngestReport, is_document_name

_MEGABYTE = 1024 * 1024
_MOST_FILES = 200
_NAME_BYTES = 200


def store_upload(engine: Engine, files: Sequence[UploadFile]) -> IngestReport:
    """Write uploaded files into the corpus folder and take them in.

    Raises:
        InvalidRequest: No file, too many, a name that is none, or a file too large; nothing is then stored.
    """
    if not 1 <= len(files) <= _MOST_FILES:
        raise InvalidRequest(f"send between 1 and {_MOST_FILES} files")
    folder = engine.settings.corpus_dir
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / safe_name(file.filename or "") for file in files]
    limit = engine.settings.upload_megabytes * _MEGABYTE
    contents = []
    for file, target in zip(files, targets, strict=True):
        data = file.file.read(limit + 1)
        if len(data) > limit:
            raise InvalidRequest(f"{target.name}: larger than {engine.settings.upload_megabytes} MB")
        contents.append(data)
    for target, data in zip(targets, contents, strict=True):
        _write(target, data)
    # The corpus folder itself is taken in, so that sources stay relative to it.
    return engine.ingest([folder])


def safe_name(name: str) -> str:
    """Return the last part of an uploaded file's name, fit to be a file's name here.

    Raises:
        InvalidRequest: Nothing fit is left of it.
    """
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*/')
    if not kept.strip(" .") or not is_document_name(kept) or len(kept.encode()) > _NAME_BYTES:
        raise InvalidRequest(f"{name!r} is no name for a document")
    return kept


def _write(target: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def remove_document(engine: Engine, document_id: str, *, scope: Scope) -> IngestReport:
    """Remove a document from the index, and its files where they lie in the corpus folder.

    Raises:
        NotFound: No such document within the scope.
    """
    catalog = engine.reader().catalog
    corpus = engine.settings.corpus_dir.resolve()
    catalog.document(document_id, scope=scope)
    for record in catalog.sources_of(document_id, scope=scope):
        path = record.path.resolve()
        if corpus in path.parents:
            path.unlink(missing_ok=True)
    return engine.remove(document_id)
