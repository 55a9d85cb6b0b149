"""Writing one generation: the last one, less what the catalog no longer holds, plus what is new in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.domain.passage import Passage
from rag.errors import INGEST_REMEDY, IndexDamaged
from rag.indexes.authority import Authorities
from rag.indexes.encoder import Encoder
from rag.indexes.generation import (
    DOCUMENTS_FOLDER,
    KEYS_FILE,
    LEXICAL_FOLDER,
    Generation,
    Keys,
    Rows,
)
from rag.indexes.lexical import LexicalEntry, LexicalIndex
from rag.indexes.manifest import LAYOUT, Manifest, measured
from rag.indexes.vector import VectorIndex
from rag.parsing.authority import authority_of
from rag.text import ANALYZER_VERSION, tokens

Progress = Callable[[int, int], None]

_BATCH = 4096
# Terms of passages are kept for the index of whole documents up to so many characters (of 2 bytes) in all; what is more
# is cut again.
_KEPT_CHARACTERS = 64_000_000
# tantivy counts removed entries in its statistics until their segment is merged. Above this part of all, a lexical
# index is made anew, so that scores stay near those of an index without them.
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

    def document_names(self) -> list[tuple[int, str | None, str | None, str | None]]:
        """Return row number, title, issuer and place of every document."""

    def problems(self) -> list[str]:
        """Return what is wrong inside the store."""


class _Difference(NamedTuple):
    """Row numbers to add and to remove, ascending."""

    added: Rows
    removed: Rows


class _Lexical(NamedTuple):
    """A lexical index to be changed, what to put in and take out, and the hashes of files taken over unchanged."""

    target: LexicalIndex
    added: Rows
    removed: Rows
    known: dict[str, str]


class _Terms:
    """Terms of texts, joined by blanks; those of passages are cut once for both lexical indexes."""

    def __init__(self) -> None:
        self._kept: dict[int, str] = {}
        self._room = _KEPT_CHARACTERS

    def of_passage(self, row: int, passage: Passage) -> str:
        """Return the terms of a passage's text, and keep them for ``again``."""
        terms = " ".join(tokens(passage.text))
        if len(terms) <= self._room:
            self._room -= len(terms)
            self._kept[row] = terms
        return terms

    def again(self, row: int, passage: Passage) -> str:
        """Return the same once more."""
        terms = self._kept.pop(row, None)
        return " ".join(tokens(passage.text)) if terms is None else terms


def heading_of(title: str | None, passage: Passage) -> str:
    """Return what is indexed as a passage's heading: the title of its document and its heading path."""
    return " ".join(part for part in (title, *passage.section) if part)


def dense_text(heading: str, body: str) -> str:
    """Return the text that a passage's vector is made from."""
    return f"{heading}\n{body}" if heading else body


def build(
    store: PassageStore,
    encoder: Encoder,
    *,
    folder: Path,
    keys: Keys,
    authorities: Authorities,
    base: Generation | None,
    progress: Progress,
) -> None:
    """Write a generation into an empty folder.

    Args:
        store: The catalog.
        encoder: Makes the vectors of new passages; the others keep theirs.
        folder: Empty.
        keys: Passages that the generation must hold.
        authorities: Of their documents; see ``authorities_of``.
        base: The generation to start from; its vectors are changed.
        progress: Called with how many passages are done and how many there are to do.

    Raises:
        IndexDamaged: The catalog changed meanwhile.
    """
    change = _difference(np.zeros((0, 3), dtype=np.int64) if base is None else base.keys, keys)
    vectors = VectorIndex(encoder.dimension) if base is None else base.vectors
    vectors.remove(change.removed)
    lexical = _lexical(folder, LEXICAL_FOLDER, base, change.added, change.removed, keys[:, 0])
    terms = _Terms()
    at_once = min(_BATCH, encoder.texts_at_once)

    def passage_entries() -> Iterator[LexicalEntry]:
        """Read each passage once, for the dense and the lexical index."""
        for at in range(0, len(lexical.added), at_once):
            rows = lexical.added[at : at + at_once]
            documents = keys[np.searchsorted(keys[:, 0], rows), 1]
            batch = _read(store, rows)
            fresh = np.isin(rows, change.added)
            texts = [
                dense_text(heading_of(title, passage), passage.text)
                for (_, title, passage), new in zip(batch, fresh, strict=True)
                if new
            ]
            # On another core: most of it is done outside the interpreter.
            encoded = beside.submit(encoder.encode, texts, kind="passage")
            for document, (row, title, passage) in zip(documents, batch, strict=True):
                heading = tokens(heading_of(title, passage))
                yield LexicalEntry(row, int(document), [*heading, terms.of_passage(row, passage)])
            vectors.add(rows[fresh], encoded.result())
            progress(at + len(batch), len(lexical.added))

    with ThreadPoolExecutor(1) as beside:
        lexical.target.update(passage_entries(), lexical.removed.tolist())
    known = lexical.known | _build_documents(store, folder, keys, base, change, terms)
    vectors.settle()
    vectors.save(folder)
    np.save(folder / KEYS_FILE, keys)
    authorities.save(folder)
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
        recipe=encoder.recipe,
    ).write(folder)


def _build_documents(
    store: PassageStore, folder: Path, keys: Keys, base: Generation | None, change: _Difference, cut: _Terms
) -> dict[str, str]:
    """Index whole documents: those of which a passage came or went anew, the others as they were."""
    before = np.zeros((0, 3), dtype=np.int64) if base is None else base.keys
    touched = np.union1d(keys[np.isin(keys[:, 0], change.added), 1], before[np.isin(before[:, 0], change.removed), 1])
    there, were = np.unique(keys[:, 1]), np.unique(before[:, 1])
    lexical = _lexical(
        folder, DOCUMENTS_FOLDER, base, np.intersect1d(touched, there), np.intersect1d(touched, were), there
    )
    by_document = keys[np.lexsort((keys[:, 0], keys[:, 1]))]
    by_document = by_document[np.isin(by_document[:, 1], lexical.added)]

    def entries() -> Iterator[LexicalEntry]:
        document = -1
        terms: list[str] = []
        section: tuple[str, ...] = ()
        for at in range(0, len(by_document), _BATCH):
            part = by_document[at : at + _BATCH]
            for owner, (row, title, passage) in zip(part[:, 1], _read(store, part[:, 0]), strict=True):
                if owner != document:
                    if document >= 0:
                        yield LexicalEntry(document, document, terms)
                    document, terms, section = int(owner), tokens(title or ""), ()
                if passage.section != section and passage.section:
                    section = passage.section
                    terms += tokens(section[-1])
                terms.append(cut.again(row, passage))
        if document >= 0:
            yield LexicalEntry(document, document, terms)

    lexical.target.update(entries(), lexical.removed.tolist())
    return lexical.known


def authorities_of(store: PassageStore, keys: Keys) -> Authorities:
    """Return the ranks and places of the documents that ``keys`` are of."""
    held = set(keys[:, 1].tolist())
    return Authorities.of(
        (row, authority_of(title, issuer, place)) for row, title, issuer, place in store.document_names() if row in held
    )


def _read(store: PassageStore, rows: Rows) -> list[tuple[int, str | None, Passage]]:
    found = store.titled_passages(rows.tolist())
    if len(found) != len(rows):
        raise IndexDamaged("the catalog changed while it was indexed", remedy=INGEST_REMEDY)
    return found


def _lexical(
    folder: Path, name: str, base: Generation | None, added: Rows, removed: Rows, everything: Rows
) -> _Lexical:
    """Open a lexical index to be changed: the last one, or an empty one when too much of that would go."""
    target = folder / name
    target.mkdir()
    if base is not None and len(removed) <= _REMOVED_AT_MOST * len(everything):
        known = _take_over(base, name, target)
        return _Lexical(LexicalIndex.open(target), added, removed, known)
    return _Lexical(LexicalIndex.create(target), everything, removed[:0], {})


def _difference(before: Keys, after: Keys) -> _Difference:
    """Compare keys whole: a row number alone may mean another passage after the catalog was put back."""

    def whole(keys: Keys) -> NDArray[np.void]:
        return np.ascontiguousarray(keys).view([("row", "i8"), ("document", "i8"), ("print", "i8")]).reshape(-1)

    old, new = whole(before), whole(after)
    return _Difference(
        added=after[~np.isin(new, old), 0],
        removed=before[~np.isin(old, new), 0],
    )


def _take_over(base: Generation, name: str, target_folder: Path) -> dict[str, str]:
    """Put the files of the last index of this name into the new folder; return the hashes of those that never change.

    tantivy writes a segment's files once, so they are linked; it replaces the others, so they are copied.
    """
    known: dict[str, str] = {}
    for path, digest in base.manifest.hashes.items():
        if not path.startswith(f"{name}/"):
            continue
        source, target = base.folder / path, target_folder / Path(path).name
        if source.suffix == ".json":
            shutil.copyfile(source, target)
            continue
        try:
            os.link(source, target)
        except OSError:  # a file system without hard links
            shutil.copyfile(source, target)
        known[path] = digest
    return known
