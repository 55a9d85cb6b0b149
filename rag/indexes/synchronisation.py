"""Making the next generation from the last one and the catalog, by difference; and checking one.

Nothing depends on how the last run ended: what the catalog holds and the live generation does not is added,
what it no longer holds is removed. A run that dies leaves the live generation as it was, and a folder that
the next run clears away.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import numpy as np

from rag.durability import make_durable, make_folder_durable, refusals_told
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, IndexNewer
from rag.indexes.building import PassageStore, Progress, authorities_of, build
from rag.indexes.encoder import Encoder
from rag.indexes.generation import (
    CURRENT_FILE,
    DOCUMENTS_FOLDER,
    FOLDER_PREFIX,
    KEYS_FILE,
    LEXICAL_FOLDER,
    Generation,
    current_folder,
    folder_number,
    read_keys,
    unusable,
)
from rag.indexes.lexical import LexicalIndex
from rag.indexes.lock import writer_lock
from rag.indexes.manifest import Manifest
from rag.indexes.vector import VectorIndex

logger = logging.getLogger(__name__)


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
        IndexNewer: The live generation is of a later version.
    """
    with writer_lock(index_dir):
        base = None if afresh else _base(index_dir, encoder.identity)
        _clear(index_dir)
        keys = store.passage_keys()
        authorities = authorities_of(store, keys)
        if base is not None and np.array_equal(base.keys, keys) and base.authorities.are_as(authorities):
            return base
        folder = index_dir / f"{FOLDER_PREFIX}{_next_number(index_dir)}"
        folder.mkdir()
        try:
            build(
                store,
                encoder,
                folder=folder,
                keys=keys,
                authorities=authorities,
                base=base,
                progress=progress or (lambda _done, _all: None),
            )
            _publish(index_dir, folder)
        except BaseException:
            _clear(index_dir)  # its room at once: the disk may be full
            raise
        _clear(index_dir)
        return Generation.open(index_dir, encoder.identity)


def verify(index_dir: Path, store: PassageStore) -> list[str]:
    """Return what is wrong with the index, empty when it is sound.

    Checks the catalog itself, every file's hash, the counts, and that each part holds exactly the catalog's
    passages; or, where the catalog went on since, those of its own keys. See ``is_behind``.

    Raises:
        IndexMissing: Nothing was published.
    """
    found = store.problems()
    try:
        with refusals_told(index_dir):
            return found + _problems_of_live(index_dir, store)
    except IndexDamaged as error:
        return [*found, str(error)]


def _problems_of_live(index_dir: Path, store: PassageStore) -> list[str]:
    found: list[str] = []
    folder = current_folder(index_dir)
    manifest = Manifest.read(folder)
    broken = manifest.problems(folder)
    if broken:
        return broken
    parts = {
        KEYS_FILE: read_keys(folder),
        "the vector index": VectorIndex.load(folder).rows,
        "the lexical index": LexicalIndex.open(folder / LEXICAL_FOLDER).rows,
    }
    documents = LexicalIndex.open(folder / DOCUMENTS_FOLDER).rows
    reason = unusable(manifest, manifest.encoder)
    if reason:
        found.append(reason)
    keys = store.passage_keys()
    if not np.array_equal(parts[KEYS_FILE], keys) and not manifest.catalog_revision < store.revision:
        found.append("the index is not up to date with the catalog")
    found += [
        f"{name} does not hold the passages it should"
        for name, rows in parts.items()
        if name != KEYS_FILE and not np.array_equal(rows, parts[KEYS_FILE][:, 0])
    ]
    if not np.array_equal(documents, np.unique(parts[KEYS_FILE][:, 1])):
        found.append("the index of whole documents does not hold the documents it should")
    if manifest.passages != len(parts[KEYS_FILE]):
        found.append("the manifest's count is wrong")
    return found


def is_behind(index_dir: Path, store: PassageStore) -> bool:
    """Tell whether the catalog went on since the live generation was made from it, as in a run that was cut off.

    That is no damage: what is published is whole, and the next synchronisation brings it up to the catalog.

    Raises:
        IndexMissing: Nothing was published.
        IndexDamaged: What was published cannot be read.
    """
    folder = current_folder(index_dir)
    if Manifest.read(folder).catalog_revision >= store.revision:
        return False
    return not np.array_equal(read_keys(folder), store.passage_keys())


def _publish(index_dir: Path, folder: Path) -> None:
    make_durable(folder)
    pointer = index_dir / f"{CURRENT_FILE}.new"
    pointer.write_bytes(f"{folder.name}\n".encode())
    make_durable(pointer)
    pointer.replace(index_dir / CURRENT_FILE)
    make_folder_durable(index_dir)


def _base(index_dir: Path, encoder_identity: str) -> Generation | None:
    """Return the live generation to start from, ``None`` when there is none that can be built upon."""
    try:
        return Generation.open(index_dir, encoder_identity)
    except IndexMissing:
        return None
    except IndexNewer:
        raise
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
