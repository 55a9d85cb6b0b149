"""Documents that come and go over HTTP (上传与删除): into the corpus folder first, which is the truth, then the index."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import NamedTuple

from fastapi import UploadFile

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.document import DOCUMENT_ID_DIGITS
from rag.durability import refusals_told
from rag.errors import ConfigurationError, InvalidRequest, SourceError
from rag.indexes.manifest import file_hash
from rag.ingest import IngestReport, is_document_name
from rag.ingest.taking import Taken, take
from rag.store.records import Failure

MOST_FILES = 200
"""Most files of one upload."""

_NAME_BYTES = 200

# Names that Windows keeps for devices, whatever their suffix.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})


class Stored(NamedTuple):
    """What became of an upload.

    Attributes:
        report: Of the run that took the files in.
        documents: Ids of the documents, by the names of their files.
    """

    report: IngestReport
    documents: dict[str, str]


def store_upload(engine: Engine, files: Sequence[UploadFile]) -> Stored:
    """Write uploaded files into the corpus folder and take them in; one of the same name is replaced.

    A file that cannot be read as a document is not stored, and is listed in the report's ``failed``.

    Raises:
        InvalidRequest: No file, too many, a name that is none, or one given twice; nothing is then stored.
        SourceError: None of the files can be read as a document; nothing is stored.
        ConfigurationError: The corpus folder cannot be written to.
    """
    if not 1 <= len(files) <= MOST_FILES:
        raise InvalidRequest(f"send between 1 and {MOST_FILES} files")
    names = [safe_name(file.filename or "") for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidRequest(f"{twice!r} is sent twice")
    folder = engine.settings.corpus_dir
    stored: list[Path] = []
    taken: dict[str, Taken] = {}
    refused: list[SourceError] = []
    contents = [file.file.read() for file in files]
    hashes = [hashlib.sha256(data).hexdigest() for data in contents]
    # In the sandbox, side by side: an upload must not be able to harm the server.
    readings = [
        engine.sandbox.submit(name, len(data), take, data, name, sha256)
        for name, data, sha256 in zip(names, contents, hashes, strict=True)
    ]
    with _told_when_not_writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, data, sha256, reading in zip(names, contents, hashes, readings, strict=True):
            try:
                taken[sha256] = reading.result()
            except SourceError as error:
                refused.append(error)
            else:
                write_whole(folder / name, data)
                stored.append(folder / name)
    if not stored:
        raise refused[0] if len(refused) == 1 else SourceError(f"{len(refused)} files", "; ".join(map(str, refused)))
    report = engine.ingest(stored, ready=taken, as_indexed=True)
    report.failed.extend(Failure(error.source, error.reason) for error in refused)
    failed = {failure.source for failure in report.failed}
    ids = {name: sha256[:DOCUMENT_ID_DIGITS] for name, sha256 in zip(names, hashes, strict=True)}
    return Stored(report, {name: document_id for name, document_id in ids.items() if name not in failed})


def safe_name(name: str) -> str:
    """Return the last part of an uploaded file's name, fit to be a file's name here and on Windows.

    Raises:
        InvalidRequest: Nothing fit is left of it.
    """
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*/').strip()
    is_device = kept.partition(".")[0].strip().lower() in _DEVICES
    if not kept.strip(" .") or is_device or not is_document_name(kept) or len(kept.encode()) > _NAME_BYTES:
        raise InvalidRequest(f"{name[:_NAME_BYTES]!r} is no name for a document")
    return kept


def remove_document(engine: Engine, document_id: str, *, scope: Scope) -> IngestReport:
    """Remove a document from the index, and its files where they lie in the corpus folder.

    Files first: a run cut off between the two leaves the document findable, and removing it again works.

    Raises:
        NotFound: No such document within the scope.
        ConfigurationError: A file cannot be deleted.
    """
    catalog = engine.reader().catalog
    corpus = engine.settings.corpus_dir.resolve()
    catalog.text(document_id, scope=scope)
    with _told_when_not_writable(corpus):
        for record in catalog.sources_of(document_id, scope=scope):
            path = record.path.resolve()
            # One changed since is another document, not taken in yet.
            if corpus in path.parents and path.is_file() and file_hash(path) == record.sha256:
                path.unlink()
    return engine.remove(document_id)


@contextmanager
def _told_when_not_writable(folder: Path) -> Iterator[None]:
    try:
        with refusals_told(folder):
            yield
    except OSError as error:
        raise ConfigurationError(f"the corpus folder {folder} cannot be written to: {error.strerror}") from error


def write_whole(target: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
