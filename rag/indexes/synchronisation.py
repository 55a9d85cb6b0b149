"""Making the next generation from the last one and the catalog, by difference; and checking one.

Nothing depends on how the last run ended: what the catalog holds and the live generation does not is added,
what it no longer holds is removed. A run that dies leaves the live generation as it was, and a folder that
the next run clears away.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.domain.passage import Passage
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing
from rag.indexes.encoder import Encoder
from rag.indexes.generation import (
    CURRENT_FILE,
    FOLDER_PREFIX,
    INGEST_REMEDY,
    KEYS_FILE,
    LAYOUT,
    LEXICAL_FOLDER,
    Generation,
    Keys,
    Rows,
    current_folder,
    folder_number,
    read_keys,
    unusable,
)
from rag.indexes.lexical import LexicalEntry, LexicalIndex
from rag.indexes.lock import writer_lock
from rag.indexes.manifest import Manifest, make_durable, make_folder_durable, measured
from rag.indexes.vector import VectorIndex
from rag.text import ANALYZER_VERSION, tokens

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

_BATCH = 4096
# tantivy counts removed passages in its statistics until their segment is merged. Above this part of all, the
# lexical index is made anew, so that scores stay near those of an index without them.
_REMOVED_AT_MOST = 0.2


class PassageStore(Protocol):
    """What an index is made from; the catalog is one."""

    @property
    def revision(self) -> int:
        """A number that grows with every change."""

    def passage_keys(self) -> NDArray[np.int64]:
        """Return ``(n, 3)``: row of each passage, row of its document, fingerprint of its content; by row."""

    def titled_passages(self, rows: Sequence[int]) -> list[tuple[int, str | None, Passage]]:
        """Return row, title of the document and passage for each row that exists, in the order asked."""

    def problems(self) -> list[str]:
        """Return what is wrong inside the store."""


class _Difference(NamedTuple):
    """Row numbers to add and to remove, ascending."""

    added: Rows
    removed: Rows


def synchronise(
    store: PassageStore,
    encoder: Encoder,
    index_dir: Path,
    progress: Progress | None = None,
    *,
    afresh: bool = False,
) -> Generation:
    """Bring the indexes up to the catalog and publish them. Does nothing when they are.

    Args:
        store: The catalog; to be left unchanged meanwhile.
        encoder: Another one than last time rebuilds all.
        index_dir: Folder of the generations.
        progress: Called with how many passages are done and how many there are to do.
        afresh: Take nothing over from the last generation, to mend a damaged one.

    Returns:
        The live generation, opened.

    Raises:
        IndexLocked: Another process is writing.
        IndexDamaged: The catalog changed meanwhile; nothing was published.
    """
    with writer_lock(index_dir):
        base = None if afresh else _base(index_dir, encoder.identity)
        _clear(index_dir)
        keys = store.passage_keys()
        if base is not None and np.array_equal(base.keys, keys):
            return base
        folder = index_dir / f"{FOLDER_PREFIX}{_next_number(index_dir)}"
        folder.mkdir()
        _build(store, encoder, folder=folder, keys=keys, base=base, progress=progress or (lambda _done, _all: None))
        _publish(index_dir, folder)
        _clear(index_dir)
        return Generation.open(index_dir, encoder.identity)


def verify(index_dir: Path, store: PassageStore) -> list[str]:
    """Return what is wrong with the index, empty when it is sound and up to date.

    Checks the catalog itself, every file's hash, the counts, and that each part holds exactly the
    catalog's passages.

    Raises:
        IndexMissing: Nothing was published.
    """
    found = store.problems()
    try:
        folder = current_folder(index_dir)
        manifest = Manifest.read(folder)
        broken = manifest.problems(folder)
        if broken:
            return found + broken
        parts = {
            KEYS_FILE: read_keys(folder),
            "the vector index": VectorIndex.load(folder).rows,
            "the lexical index": LexicalIndex.open(folder / LEXICAL_FOLDER).rows,
        }
    except IndexMissing:
        raise
    except IndexDamaged as error:
        return [*found, str(error)]
    reason = unusable(manifest, manifest.encoder)
    if reason:
        found.append(reason)
    keys = store.passage_keys()
    if not np.array_equal(parts[KEYS_FILE], keys):
        found.append("the index is not up to date with the catalog")
    found += [
        f"{name} does not hold the passages it should"
        for name, rows in parts.items()
        if name != KEYS_FILE and not np.array_equal(rows, parts[KEYS_FILE][:, 0])
    ]
    if manifest.passages != len(parts[KEYS_FILE]):
        found.append("the manifest's count is wrong")
    return found


def heading_of(title: str | None, passage: Passage) -> str:
    """Return what is indexed as a passage's heading: the title of its document and its heading path."""
    return " ".join(part for part in (title, *passage.section) if part)


def dense_text(heading: str, body: str) -> str:
    """Return the text that a passage's vector is made from."""
    return f"{heading}\n{body}" if heading else body


def _build(
    store: PassageStore, encoder: Encoder, *, folder: Path, keys: Keys, base: Generation | None, progress: Progress
) -> None:
    change = _difference(np.zeros((0, 3), dtype=np.int64) if base is None else base.keys, keys)
    vectors = VectorIndex(encoder.dimension) if base is None else base.vectors
    vectors.remove(change.removed)
    known: Mapping[str, str] = {}
    lexical_folder = folder / LEXICAL_FOLDER
    lexical_folder.mkdir()
    if base is not None and len(change.removed) <= _REMOVED_AT_MOST * len(base):
        known = _take_over(base, lexical_folder)
        lexical = LexicalIndex.open(lexical_folder)
        indexed, removed = change.added, change.removed
    else:
        lexical = LexicalIndex.create(lexical_folder)
        indexed, removed = keys[:, 0], change.removed[:0]

    def entries() -> Iterator[LexicalEntry]:
        """Read each passage once, for both indexes."""
        for at in range(0, len(indexed), _BATCH):
            rows = indexed[at : at + _BATCH]
            documents = keys[np.searchsorted(keys[:, 0], rows), 1]
            found = store.titled_passages(rows.tolist())
            if len(found) != len(rows):
                raise IndexDamaged("the catalog changed while it was indexed", remedy=INGEST_REMEDY)
            batch = [
                (row, int(document), heading_of(title, passage), passage.text)
                for document, (row, title, passage) in zip(documents, found, strict=True)
            ]
            fresh = np.isin(rows, change.added)
            texts = [dense_text(item[2], item[3]) for item, new in zip(batch, fresh, strict=True) if new]
            vectors.add(rows[fresh], encoder.encode(texts, kind="passage"))
            for row, document, heading, text in batch:
                yield LexicalEntry(row, document, tokens(heading), tokens(text))
            progress(at + len(batch), len(indexed))

    lexical.update(entries(), removed.tolist())
    vectors.settle()
    vectors.save(folder)
    np.save(folder / KEYS_FILE, keys)
    hashes, sizes = measured(folder, known)
    Manifest(
        layout=LAYOUT,
        analyzer=ANALYZER_VERSION,
        encoder=encoder.identity,
        dimension=encoder.dimension,
        passages=len(keys),
        catalog_revision=store.revision,
        hashes=hashes,
        sizes=sizes,
    ).write(folder)


def _difference(before: Keys, after: Keys) -> _Difference:
    """Compare keys whole: a row number alone may mean another passage after the catalog was put back."""

    def whole(keys: Keys) -> NDArray[np.void]:
        return np.ascontiguousarray(keys).view([("row", "i8"), ("document", "i8"), ("print", "i8")]).reshape(-1)

    old, new = whole(before), whole(after)
    return _Difference(
        added=after[~np.isin(new, old), 0],
        removed=before[~np.isin(old, new), 0],
    )


def _take_over(base: Generation, lexical_folder: Path) -> dict[str, str]:
    """Put the files of the last lexical index into the new folder; return the hashes of those that never change.

    tantivy writes a segment's files once, so they are linked; it replaces the others, so they are copied.
    """
    known: dict[str, str] = {}
    for name, digest in base.manifest.hashes.items():
        if not name.startswith(f"{LEXICAL_FOLDER}/"):
            continue
        source, target = base.folder / name, lexical_folder / Path(name).name
        if source.suffix == ".json":
            shutil.copyfile(source, target)
            continue
        try:
            os.link(source, target)
        except OSError:  # a file system without hard links
            shutil.copyfile(source, target)
        known[name] = digest
    return known


def _publish(index_dir: Path, folder: Path) -> None:
    make_durable(folder)
    pointer = index_dir / f"{CURRENT_FILE}.new"
    pointer.write_text(f"{folder.name}\n", encoding="utf-8")
    make_durable(pointer)
    pointer.replace(index_dir / CURRENT_FILE)
    make_folder_durable(index_dir)


def _base(index_dir: Path, encoder_identity: str) -> Generation | None:
    """Return the live generation to start from, ``None`` when there is none that can be built upon."""
    try:
        return Generation.open(index_dir, encoder_identity)
    except IndexMissing:
        return None
    except (IndexDamaged, IndexMismatch) as error:
        logger.warning("the index is rebuilt: %s", error)
        return None


def _clear(index_dir: Path) -> None:
    """Remove every generation but the one that is live.

    One that a reader holds open may resist (Windows); a later run removes it.
    """
    try:
        live = current_folder(index_dir).name
    except (IndexMissing, IndexDamaged):
        live = ""
    for folder in index_dir.iterdir():
        if folder_number(folder) >= 0 and folder.name != live:
            shutil.rmtree(folder, ignore_errors=True)


def _next_number(index_dir: Path) -> int:
    return 1 + max(0, *(folder_number(folder) for folder in index_dir.iterdir()))
