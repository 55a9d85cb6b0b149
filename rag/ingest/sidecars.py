"""Files of hand corrections beside documents (更正文件): which belongs to which, and what they say together.

``397.pdf`` is corrected by ``397.pdf.meta.toml``, and by ``397.meta.toml`` where no other document is called 397.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.errors import UnreadableSource
from rag.ingest.files import File, is_document_name
from rag.parsing.corrections import MOST_BYTES, SIDECAR_SUFFIX, Corrections, combined, read_corrections

_DIGITS = 12


class Sidecars:
    """The corrections that one run finds; each folder is listed once."""

    def __init__(self) -> None:
        self._names: dict[Path, frozenset[str]] = {}

    def of(self, path: Path) -> Corrections | None:
        """Return what is corrected of a document, ``None`` where nothing stands beside it.

        Raises:
            UnreadableSource: Its corrections cannot be read or are wrong, or it is not clear whose they are. The
                reason names the file of corrections.
        """
        names = self._names_in(path.parent)
        found = [name for name in _names_for(path.name) if name in names]
        if not found:
            return None
        if len(found) > 1:
            raise UnreadableSource(path.name, f"{' 与 '.join(found)} 只能有一个 (only one of them may stand beside it)")
        (name,) = found
        rivals = sorted(other for other in names if is_document_name(other) and name in _names_for(other))
        if len(rivals) > 1:
            reason = f"{name} 更正的是哪一个不明确 (it is not clear which it corrects): {', '.join(rivals)}"
            raise UnreadableSource(path.name, reason)
        try:
            with (path.parent / name).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise UnreadableSource(path.name, f"{name}: 无法打开 (cannot be opened): {error.strerror}") from error
        try:
            return read_corrections(data, name)
        except UnreadableSource as error:
            raise UnreadableSource(path.name, str(error)) from error

    def together(self, paths: Iterable[Path]) -> Corrections:
        """Return what is corrected of a document that all these files hold, in the order of their names.

        Raises:
            UnreadableSource: As ``of``.
        """
        return combined([self.of(path) for path in paths])

    def _names_in(self, folder: Path) -> frozenset[str]:
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(path.name for path in folder.iterdir())
            except OSError as error:
                reason = f"无法查看旁边的更正文件 (its folder cannot be listed): {error.strerror}"
                raise UnreadableSource(str(folder), reason) from error
        return self._names[folder]


def is_sidecar_name(name: str) -> bool:
    """Tell whether a file of this name holds corrections."""
    return name.lower().endswith(SIDECAR_SUFFIX)


def digest_of(corrections: Corrections) -> str:
    """Return what tells corrections apart, ``""`` for none."""
    if not corrections.names:
        return ""
    said = (sorted(corrections.elements.items()), corrections.kind, corrections.heeds_text)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:_DIGITS]


def orphans_below(root: Path) -> Iterator[File]:
    """Find the files of corrections below a folder that stand beside no document of theirs."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        corrected = {sidecar for name in names if is_document_name(name) for sidecar in _names_for(name)}
        for name in sorted(names):
            if is_sidecar_name(name) and not name.startswith(".") and name not in corrected:
                path = Path(folder, name)
                yield File(path, root, path.relative_to(root).as_posix())


def _names_for(name: str) -> list[str]:
    """Return the names that corrections of a document may have."""
    return list(dict.fromkeys((f"{name}{SIDECAR_SUFFIX}", f"{Path(name).stem}{SIDECAR_SUFFIX}")))
