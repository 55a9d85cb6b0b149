"""Indexes of evaluated collections, built by the product's own code and kept for the next run.

A kept index is one folder for each pair of collection and encoder, laid out like any index folder (``rag serve
--index`` takes it). Beside it ``built.json`` names what it was built with; when the analyzer, the parser or
their code has changed since, it is built anew in place, so that nothing stale is ever measured.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import rag
from rag.chunking import cut
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.passage import Passage
from rag.errors import SourceError
from rag.evaluation.beir import CorpusRow, read_corpus
from rag.evaluation.resources import peak_memory_mb
from rag.indexes.encoder import Encoder
from rag.indexes.lock import LOCK_FILE, OWNER_FILE, writer_lock
from rag.indexes.synchronisation import synchronise
from rag.ingest import RECIPE, Progress
from rag.loaders.markup import load_text
from rag.parsing.document import parse
from rag.store.repository import CATALOG_FILE, Catalog
from rag.text import ANALYZER_VERSION

logger = logging.getLogger(__name__)

BUILT_FILE = "built.json"

_ROWS_A_TRANSACTION = 4_000
_PROGRESS_EVERY = 500
_WAIT_SECONDS = 3_600.0
_HASHED_AT_ONCE = 1 << 20

# What decides how a text is parsed, cut and indexed.
_DECISIVE_CODE = ("text.py", "chunking.py", "domain", "loaders", "parsing", "indexes")


@dataclass(frozen=True, slots=True)
class BuiltIndex:
    """A kept index.

    Attributes:
        folder: Of the catalog and its generations.
        documents: Rows taken in.
        left_out: Rows that hold no text, or whose id comes again further down (the last stands, as in BEIR's loader).
        passages: Passages they were cut into.
        seconds: What building it took, whenever that was.
        peak_memory_mb: Most memory of the process that built it; ``None`` where the system does not tell.
        is_reused: It was there already.
    """

    folder: Path
    documents: int
    left_out: int
    passages: int
    seconds: float
    peak_memory_mb: float | None
    is_reused: bool


@dataclass(frozen=True, slots=True)
class _Built:
    """What ``built.json`` says."""

    versions: str
    documents: int
    left_out: int
    passages: int
    seconds: float
    peak_memory_mb: float | None


class _Parsed(NamedTuple):
    """A row as the product's parser and chunker see it."""

    document: OfficialDocument
    passages: tuple[Passage, ...]
    size: int


def build_index(
    corpus: Path, cache_dir: Path, encoder: Encoder, on_progress: Callable[[Progress], None] = lambda _: None
) -> BuiltIndex:
    """Return the index of a collection, building it unless it is kept.

    Args:
        corpus: ``corpus.jsonl`` or ``corpus.jsonl.gz``.
        cache_dir: Where indexes are kept.
        encoder: Makes the vectors.
        on_progress: Told of stages ``files`` and ``index``.

    Raises:
        InvalidRequest: The file is not a collection.
        IndexLocked: Another process has been building it for an hour.
    """
    folder = cache_dir / f"{corpus.parent.name}-{_file_hash(corpus)}-{_hash(encoder.identity)}"
    with writer_lock(folder, wait_seconds=_WAIT_SECONDS):
        built = _read_built(folder)
        is_reused = built is not None and built.versions == versions(encoder)
        if built is None or not is_reused:
            clear(folder)
            built = _build(corpus, folder, encoder, on_progress)
            (folder / BUILT_FILE).write_text(json.dumps(asdict(built), indent=1) + "\n", encoding="utf-8")
    return BuiltIndex(
        folder=folder,
        documents=built.documents,
        left_out=built.left_out,
        passages=built.passages,
        seconds=built.seconds,
        peak_memory_mb=built.peak_memory_mb,
        is_reused=is_reused,
    )


def versions(encoder: Encoder) -> str:
    """Return what decides an index besides the documents, in one line."""
    return f"encoder {encoder.identity}, analyzer {ANALYZER_VERSION}, parser {RECIPE}, code {_code_hash()}"


def clear(folder: Path) -> None:
    """Empty a folder of which this process holds the writer's lock."""
    for path in folder.iterdir():
        if path.name in {LOCK_FILE, OWNER_FILE}:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def parse_row(row: CorpusRow) -> OfficialDocument:
    """Parse a row of a collection as the product parses a text file of its content.

    Its source is its id; its title, when it has one, stands above whatever the parser found. A row without a
    text is read from its title.

    Raises:
        SourceError: It holds no text.
    """
    text = row.text if row.text.strip() else row.title
    # The id is hashed too: two rows of the same words are two documents to whoever judged them.
    sha256 = hashlib.sha256("\x1f".join(row).encode()).hexdigest()
    document = parse(load_text(text.encode(), row.id), source=row.id, sha256=sha256)
    if not row.title.strip():
        return document
    spans = {name: found for name, found in document.elements.spans.items() if name != "title"}
    return replace(document, elements=replace(document.elements, title=row.title.strip(), spans=spans))


def _build(corpus: Path, folder: Path, encoder: Encoder, on_progress: Callable[[Progress], None]) -> _Built:
    total = sum(1 for _ in read_corpus(corpus))  # a faulty line is told before an hour's work, not after
    started = time.perf_counter()
    done = 0
    with Catalog.open(folder / CATALOG_FILE) as catalog:
        for batch in _batches(read_corpus(corpus), _ROWS_A_TRANSACTION):
            with catalog.transaction():
                for row in batch:
                    done += 1
                    if done % _PROGRESS_EVERY == 0 or done == total:
                        on_progress(Progress("files", done, total, row.id))
                    try:
                        parsed = _parse(row)
                    except SourceError as error:
                        logger.warning("%s", error)
                        continue
                    catalog.replace(parsed.document, parsed.passages, size=parsed.size, mtime_ns=0, recipe=RECIPE)
        synchronise(catalog, encoder, folder, progress=lambda done, total: on_progress(Progress("index", done, total)))
        counts = catalog.counts(scope=Scope.everything())
    return _Built(
        versions=versions(encoder),
        documents=counts.documents,
        left_out=total - counts.documents,
        passages=counts.passages,
        seconds=round(time.perf_counter() - started, 1),
        peak_memory_mb=peak_memory_mb(),
    )


def _parse(row: CorpusRow) -> _Parsed:
    document = parse_row(row)
    return _Parsed(document, cut(document), len(row.text.encode()))


def _batches(rows: Iterable[CorpusRow], size: int) -> Iterator[list[CorpusRow]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _read_built(folder: Path) -> _Built | None:
    """Read ``built.json``; ``None`` when the last build was cut off, or written by another version."""
    try:
        return _Built(**json.loads((folder / BUILT_FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


@lru_cache(maxsize=1)
def _code_hash() -> str:
    root = Path(rag.__file__).parent
    digest = hashlib.sha256()
    for name in _DECISIVE_CODE:
        for path in sorted((root / name).rglob("*.py")) if (root / name).is_dir() else [root / name]:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASHED_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()[:12]


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:8]
