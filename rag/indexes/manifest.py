"""What a generation says it is: hashes, counts and the versions it was built with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from rag.errors import REPAIR_REMEDY, IndexDamaged, IndexNewer
from rag.indexes.encoding import EncoderRecipe
from rag.text import ANALYZER_VERSION

LAYOUT = 4
"""Of a generation's folder. One more whenever an earlier version could not read what is written, or would misread it."""

MANIFEST_FILE = "manifest.json"

_READ_AT_ONCE = 1 << 20
_DIGEST = "manifest_sha256"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of one generation.

    Attributes:
        layout: Version of how a generation's folder is laid out.
        analyzer: ``rag.text.ANALYZER_VERSION`` it was indexed with.
        encoder: Identity of the encoder.
        dimension: Length of a vector.
        passages: How many it holds.
        catalog_revision: The catalog's revision it was made from.
        hashes: SHA-256 by path inside the folder.
        sizes: Bytes by path inside the folder.
        recipe: What loads the encoder; ``None`` where an earlier version did not write it.
    """

    layout: int
    analyzer: str
    encoder: str
    dimension: int
    passages: int
    catalog_revision: int
    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    recipe: EncoderRecipe | None = None

    def write(self, folder: Path) -> None:
        """Write the manifest into its folder."""
        said = asdict(self)
        (folder / MANIFEST_FILE).write_text(_text(said | {_DIGEST: _digest_of(said)}), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of a folder.

        Raises:
            IndexDamaged: It is missing or not a manifest.
            IndexNewer: It is of a layout, or holds the terms of an analyzer, that this version does not know.
        """
        try:
            text = (folder / MANIFEST_FILE).read_bytes().decode()
            said = json.loads(text)
            digest = said.pop(_DIGEST, None)
            # Earlier versions wrote none.
            if digest is not None and text != _text(said | {_DIGEST: _digest_of(said)}):
                raise ValueError("it is not as it was written")  # noqa: TRY301 - one more way not to be a manifest
            # Before its fields are looked at: it may have others.
            if said["layout"] > LAYOUT or int(said["analyzer"]) > int(ANALYZER_VERSION):
                raise IndexNewer("the index was built by a newer version")
            recipe = said.pop("recipe", None)
            return cls(**said, recipe=None if recipe is None else EncoderRecipe(**recipe))
        except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise IndexDamaged(f"{folder.name}/{MANIFEST_FILE} cannot be read", remedy=REPAIR_REMEDY) from error

    def problems(self, folder: Path, *, hashes_up_to_bytes: int | None = None) -> list[str]:
        """Return which files are not as they were written.

        Args:
            folder: Of the generation.
            hashes_up_to_bytes: Compare sizes alone when the files are larger than this in all; ``None`` always
                compares hashes.
        """
        found: list[str] = []
        hashed = hashes_up_to_bytes is None or sum(self.sizes.values()) <= hashes_up_to_bytes
        for name, size in sorted(self.sizes.items()):
            path = folder / name
            if not path.is_file():
                found.append(f"{folder.name}/{name} is missing")
            elif path.stat().st_size != size or (hashed and file_hash(path) != self.hashes.get(name)):
                found.append(f"{folder.name}/{name} is not as it was written")
        return found


def _text(said: Mapping[str, object]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _digest_of(said: Mapping[str, object]) -> str:
    return hashlib.sha256(_text(said).encode()).hexdigest()


def measured(folder: Path, known: Mapping[str, str]) -> tuple[dict[str, str], dict[str, int]]:
    """Return hashes and sizes of all files in a folder, but for the manifest and locks.

    Args:
        folder: To look through.
        known: Hashes of files taken over unchanged, by path.
    """
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    paths = {name: path for name, path in paths.items() if name != MANIFEST_FILE and path.suffix != ".lock"}
    hashes = {name: known.get(name) or file_hash(path) for name, path in paths.items()}
    return hashes, {name: path.stat().st_size for name, path in paths.items()}


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()
