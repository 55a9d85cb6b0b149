"""A generation: one published, unchanging state of both indexes, and the pointer to the live one.

::

    index/
      CURRENT            name of the live generation
      LOCK               held by whoever writes
      gen-7/
        manifest.json    hashes, counts, versions
        passages.npy     (n, 3) int64: row of passage, row of document, fingerprint
        authority.npy    (n, 3) int64: row of document, rank, number of its place in places.json
        vectors.faiss    [coarse.faiss]
        lexical/         passages by their terms
        documents/       whole documents by their terms

A reader pins the generation it opened: what it needs stays open or in memory when the folder goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from rag.durability import refusals_told
from rag.errors import INGEST_REMEDY, REPAIR_REMEDY, IndexDamaged, IndexMismatch, IndexMissing, IndexOlder
from rag.indexes.authority import Authorities
from rag.indexes.lexical import LexicalIndex
from rag.indexes.manifest import LAYOUT, Manifest
from rag.indexes.scored import Ranking
from rag.indexes.vector import VectorIndex
from rag.text import ANALYZER_VERSION

Rows = NDArray[np.int64]
Keys = NDArray[np.int64]
Read = TypeVar("Read")

CURRENT_FILE = "CURRENT"
KEYS_FILE = "passages.npy"
LEXICAL_FOLDER = "lexical"
DOCUMENTS_FOLDER = "documents"
FOLDER_PREFIX = "gen-"

_POINTER = re.compile(rb"(gen-[0-9]+)\n")

# Hashing runs at 1 GB/s or more: a quarter of a second at most before the first question.
_HASHED_ON_OPENING_BYTES = 256 << 20


class Generation:
    """One generation, opened. Searches may run side by side."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        keys: Keys,
        *,
        vectors: VectorIndex,
        lexical: LexicalIndex,
        documents: LexicalIndex,
        authorities: Authorities,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.keys = keys
        # Columns of their own: a search in a column of ``keys`` would copy it first.
        self._rows, self._owners = np.ascontiguousarray(keys[:, 0]), np.ascontiguousarray(keys[:, 1])
        self.vectors = vectors
        self.lexical = lexical
        self.documents = documents
        self.authorities = authorities

    @classmethod
    def open(cls, index_dir: Path, encoder_identity: str) -> Self:
        """Open the live generation.

        Raises:
            IndexMissing: There is none.
            IndexDamaged: Files are missing or not as they were written.
            IndexMismatch: It was built with another encoder.
            IndexOlder: It was built by an earlier version.
            IndexNewer: It was built by a later version.
        """
        return _of_live(index_dir, lambda folder: cls._open_folder(folder, encoder_identity))

    @classmethod
    def _open_folder(cls, folder: Path, encoder_identity: str) -> Self:
        try:
            with refusals_told(folder):
                return cls._load(folder, encoder_identity)
        except OSError as error:
            raise IndexDamaged(f"{folder.name} cannot be read", remedy=REPAIR_REMEDY) from error

    @classmethod
    def _load(cls, folder: Path, encoder_identity: str) -> Self:
        manifest = Manifest.read(folder)
        require_today(manifest)
        reason = unusable(manifest, encoder_identity)
        if reason:
            raise IndexMismatch(reason, remedy=REPAIR_REMEDY)
        problems = manifest.problems(folder, hashes_up_to_bytes=_HASHED_ON_OPENING_BYTES)
        if problems:
            raise IndexDamaged(problems[0], remedy=REPAIR_REMEDY)
        # One thread a question: BLAS threads spin while they wait for each other, which costs twice the whole answer.
        threadpool_limits(limits=1, user_api="blas")
        keys = read_keys(folder)
        vectors = VectorIndex.load(folder)
        lexical = LexicalIndex.open(folder / LEXICAL_FOLDER)
        documents = LexicalIndex.open(folder / DOCUMENTS_FOLDER)
        authorities = Authorities.load(folder)
        if not len(keys) == len(vectors) == len(lexical) == manifest.passages:
            raise IndexDamaged(f"{folder.name}: its parts hold different numbers of passages", remedy=REPAIR_REMEDY)
        owners = np.unique(keys[:, 1])
        if not np.array_equal(owners, authorities.rows):
            raise IndexDamaged(f"{folder.name}: its parts hold different documents", remedy=REPAIR_REMEDY)
        return cls(
            folder, manifest, keys, vectors=vectors, lexical=lexical, documents=documents, authorities=authorities
        )

    def __len__(self) -> int:
        return len(self.keys)

    def within(self, documents: Rows) -> Self:
        """Return this generation as it is for whoever knows of these documents alone; see ``LexicalIndex.within``.

        What it finds is not limited by that, but by ``admitted``; what it tells of all documents is told of these.

        Args:
            documents: Row numbers, ascending.
        """
        of, passages = self.lengths
        held = np.isin(of, documents)
        view = copy(self)
        vars(view).pop("share_of_long_documents", None)
        view.lengths = (of[held], passages[held])
        view.lexical = self.lexical.within(documents, entries=int(passages[held].sum()))
        view.documents = self.documents.within(documents, entries=int(held.sum()))
        view.authorities = self.authorities.within(documents)
        return view

    @cached_property
    def lengths(self) -> tuple[Rows, Rows]:
        """Row numbers of the documents, ascending, and how many passages each has."""
        documents, passages = np.unique(self._owners, return_counts=True)
        return documents, passages

    @cached_property
    def share_of_long_documents(self) -> float:
        """Which part of the documents has more than one passage, 0..1."""
        _, passages = self.lengths
        return float(np.mean(passages > 1)) if len(passages) else 0.0

    @property
    def number(self) -> int:
        """Its number, one more than that of the generation before."""
        return folder_number(self.folder)

    def search_lexical(self, terms: Sequence[str], k: int, *, admitted: Rows | None = None) -> Ranking:
        """Return the ``k`` best passages by BM25; see ``LexicalIndex.search``.

        Args:
            terms: Of the query, through ``rag.text.tokens``.
            k: Most to return.
            admitted: Row numbers of documents that may be found, ascending; ``None`` for all.
        """
        return self.lexical.search(terms, k, admitted)

    def search_documents(self, terms: Sequence[str], k: int, *, admitted: Rows | None = None) -> Ranking:
        """Return the ``k`` best documents by BM25 over their whole text; the rows are of documents."""
        return self.documents.search(terms, k, admitted)

    def containing(self, terms: Sequence[str], *, admitted: Rows | None = None) -> Rows:
        """Return the row numbers of all passages that hold every one of the terms; see ``LexicalIndex.containing``."""
        return self.lexical.containing(terms, admitted)

    def search_dense(self, vector: NDArray[np.float32], k: int, *, admitted: Rows | None = None) -> Ranking:
        """Return the ``k`` nearest passages by cosine; see ``VectorIndex.search``.

        Args:
            vector: ``(dimension,)``, of length 1.
            k: Most to return.
            admitted: Row numbers of documents that may be found, ascending; ``None`` for all.
        """
        rows = None if admitted is None else self.rows_of(admitted)
        return self.vectors.search(vector.reshape(1, -1), k, rows)[0]

    def documents_of(self, rows: Rows) -> Rows:
        """Return the row number of the document of each passage, in the order given."""
        found: Rows = self._owners[np.searchsorted(self._rows, rows)]
        return found

    def rows_of(self, documents: Rows) -> Rows:
        """Return the row numbers of the passages of these documents, ascending."""
        if not len(documents) or not len(self.keys):
            return np.zeros(0, dtype=np.int64)
        held = np.zeros(int(max(documents.max(), self._owners.max())) + 1, dtype=bool)
        held[documents] = True
        rows: Rows = self._rows[held[self._owners]]
        return rows


def unusable(manifest: Manifest, encoder_identity: str) -> str | None:
    """Return why this program with this encoder cannot search a generation, ``None`` when it can."""
    if manifest.layout != LAYOUT:
        return "the index was built by another version"
    if manifest.analyzer != ANALYZER_VERSION:
        return "the index was built with another analyzer"
    if manifest.encoder != encoder_identity:
        return "the index was built with another encoder"
    return None


def require_today(manifest: Manifest) -> None:
    """Check that a generation is of this version, whatever its encoder.

    Raises:
        IndexOlder: It was built by an earlier one.
    """
    reason = unusable(manifest, manifest.encoder)
    if reason:
        raise IndexOlder(reason, remedy=REPAIR_REMEDY)


def current_folder(index_dir: Path) -> Path:
    """Return the folder of the live generation.

    Raises:
        IndexMissing: Nothing was published.
        IndexDamaged: The pointer does not name a generation.
    """
    pointer = index_dir / CURRENT_FILE
    try:
        content = pointer.read_bytes()
    except FileNotFoundError as error:
        raise IndexMissing("no index has been built", remedy=INGEST_REMEDY) from error
    except OSError as error:
        raise IndexDamaged(f"{CURRENT_FILE} cannot be read", remedy=REPAIR_REMEDY) from error
    name = _POINTER.fullmatch(content)  # byte for byte, so that no changed one is passed over
    if name is None:
        raise IndexDamaged(f"{CURRENT_FILE} names no generation", remedy=REPAIR_REMEDY)
    return index_dir / name[1].decode()


def live_manifest(index_dir: Path) -> Manifest:
    """Return the manifest of the live generation.

    Raises:
        IndexMissing: Nothing was published.
        IndexDamaged: It cannot be read.
    """
    return _of_live(index_dir, Manifest.read)


def _of_live(index_dir: Path, read: Callable[[Path], Read]) -> Read:
    """Return what ``read`` makes of the folder of the live generation."""
    while True:
        folder = current_folder(index_dir)
        try:
            return read(folder)
        except IndexDamaged:
            # A writer may have published the next one and removed this one meanwhile.
            if current_folder(index_dir) == folder:
                raise


def folder_number(folder: Path) -> int:
    """Return the number in ``gen-7``, -1 for any other name."""
    digits = folder.name.removeprefix(FOLDER_PREFIX)
    return int(digits) if folder.name.startswith(FOLDER_PREFIX) and digits.isdecimal() else -1


def read_keys(folder: Path) -> Keys:
    """Return the keys of a generation's passages, by row number.

    Raises:
        IndexDamaged: They are missing or not readable.
    """
    try:
        keys = np.load(folder / KEYS_FILE, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{folder.name}/{KEYS_FILE} cannot be read", remedy=REPAIR_REMEDY) from error
    if keys.ndim != 2 or keys.shape[1] != 3 or keys.dtype != np.int64:
        raise IndexDamaged(f"{folder.name}/{KEYS_FILE} is of another kind", remedy=REPAIR_REMEDY)
    return np.asarray(keys, dtype=np.int64)
