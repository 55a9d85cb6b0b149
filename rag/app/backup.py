"""Backups (备份): index, corpus, keys and audit log as they are at one moment, with the hash of every file.

Made while servers go on; a run that writes is waited for. What is restored is checked whole before anything is
replaced. Index and corpus that it replaces are set aside, not deleted; keys and audit log are never rolled back, see
``rag.app.state_restoring``.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rag.app.state_restoring import Restored, copy_state, restore_state
from rag.durability import make_durable, make_folder_durable, refusals_told, write_durably
from rag.errors import ConfigurationError, IndexDamaged, IndexMissing, IndexOlder
from rag.indexes.generation import CURRENT_FILE, current_folder, live_manifest
from rag.indexes.lock import writer_lock
from rag.indexes.manifest import file_hash
from rag.settings import Settings
from rag.store.repository import CATALOG_FILE, Catalog

LIST_FILE = "BACKUP.json"
INDEX, CORPUS, STATE = "index", "corpus", "state"

_LAYOUT = 1
_WAIT_SECONDS = 600.0


class Kept(NamedTuple):
    """What a backup holds: files, and their bytes."""

    files: int
    bytes: int


class Returned(NamedTuple):
    """What a restore did.

    Attributes:
        aside: Where what was there has been set aside.
        state: What became of keys and audit log.
        sha256: Of the list of the backup, which holds the hash of every file.
    """

    aside: Sequence[Path]
    state: Restored
    sha256: str


def back_up(settings: Settings, folder: Path) -> Kept:
    """Write a backup into a folder that is empty or not there.

    Raises:
        ConfigurationError: The folder holds something already.
        IndexMissing: There is no index.
        IndexLocked: A run that writes did not end in ten minutes.
        StorageFailed: The disk is full or fails.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"{folder} is not empty", remedy="name a folder that is not there yet")
    if not (settings.index_dir / CURRENT_FILE).is_file():
        raise IndexMissing(f"there is no index in {settings.index_dir}", remedy=f"rag ingest {settings.corpus_dir}")
    with refusals_told(folder):
        target = folder / INDEX
        target.mkdir(parents=True)
        with writer_lock(settings.index_dir, wait_seconds=_WAIT_SECONDS):
            live = current_folder(settings.index_dir)
            shutil.copytree(live, target / live.name, ignore=shutil.ignore_patterns("*.lock"))
            shutil.copyfile(settings.index_dir / CURRENT_FILE, target / CURRENT_FILE)
            # Through SQLite, so that what is still in its log comes along.
            with (
                closing(sqlite3.connect(settings.index_dir / CATALOG_FILE)) as source,
                closing(sqlite3.connect(target / CATALOG_FILE)) as copy,
            ):
                source.backup(copy)
            if settings.corpus_dir.is_dir():
                shutil.copytree(settings.corpus_dir, folder / CORPUS, ignore=shutil.ignore_patterns("*.lock"))
            if settings.state_folder.is_dir():
                copy_state(settings.state_folder, folder / STATE)
        with Catalog.open(target / CATALOG_FILE) as catalog:
            catalog.seal()
        make_durable(folder)
        files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
        listed = {
            "layout": _LAYOUT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "sha256": {name: file_hash(path) for name, path in files.items()},
        }
        # Last: a backup without its list is none.
        write_durably(folder / LIST_FILE, json.dumps(listed, ensure_ascii=False, indent=1).encode())
    return Kept(len(files), sum(path.stat().st_size for path in files.values()))


def restore(settings: Settings, folder: Path) -> Returned:
    """Put a backup in place of index and corpus, and bring back what may come back of keys and audit log.

    Raises:
        ConfigurationError: The folder is no backup, or a key file cannot be read; nothing was replaced.
        IndexDamaged: A file of it is missing, changed, or not of it; nothing was replaced.
        IndexNewer: It was made by a later version; nothing was replaced.
        IndexLocked: A run that writes did not end in ten minutes.
        StorageFailed: The disk is full or fails; nothing was replaced.
    """
    names = _checked(folder)
    places = {INDEX: settings.index_dir, CORPUS: settings.corpus_dir}
    wanted = {name: place for name, place in places.items() if any(known.startswith(f"{name}/") for known in names)}
    aside: list[Path] = []
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    with refusals_told(settings.index_dir):
        coming = {name: place.with_name(f"{place.name}.restoring") for name, place in wanted.items()}
        with writer_lock(settings.index_dir, wait_seconds=_WAIT_SECONDS):
            try:
                for name, part in coming.items():
                    shutil.rmtree(part, ignore_errors=True)
                    part.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copytree(folder / name, part)
                    make_durable(part)
                _refuse_newer(coming[INDEX])
                # First: nothing that comes back may be seen with a key that was revoked.
                state = (
                    restore_state(folder / STATE, settings.state_folder, stamp)
                    if (folder / STATE).is_dir()
                    else Restored((), None)
                )
            except BaseException:
                for part in coming.values():
                    shutil.rmtree(part, ignore_errors=True)
                raise
            # The index last: it is what a server looks at.
            for name in (CORPUS, INDEX):
                if name in wanted:
                    place = wanted[name]
                    if place.exists():
                        aside.append(place.rename(place.with_name(f"{place.name}.before-{stamp}")))
                    coming[name].rename(place)
                    make_folder_durable(place.resolve().parent)
    return Returned(aside, state, file_hash(folder / LIST_FILE))


def _refuse_newer(index: Path) -> None:
    # An older one is brought up to date later, and what is damaged is mended from the catalog or the files.
    with suppress(IndexDamaged):
        live_manifest(index)
    with suppress(IndexDamaged, IndexOlder):
        Catalog.open(index / CATALOG_FILE, read_only=True).close()


def _checked(folder: Path) -> list[str]:
    """Return the names of a backup's files, all of which are there and as they were written."""
    try:
        listed = json.loads((folder / LIST_FILE).read_bytes())
        hashes: dict[str, str] = listed["sha256"]
        is_ours = listed["layout"] == _LAYOUT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"{folder} is no backup: its {LIST_FILE} cannot be read") from error
    if not is_ours:
        raise ConfigurationError(f"{folder} was made by another version", remedy="restore it with that one")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LIST_FILE}
    if there != hashes.keys():
        odd = min(there ^ hashes.keys())
        raise IndexDamaged(f"the backup is damaged: {odd} is missing, or not of it", remedy="take another backup")
    for name, digest in hashes.items():
        if file_hash(folder / name) != digest:
            raise IndexDamaged(f"the backup is damaged: {name} is not as it was written", remedy="take another backup")
    return list(hashes)
