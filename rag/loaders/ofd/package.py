"""The parts of an OFD package by the many ways their paths are written (GB/T 33190-2016, 7.3.2: ST_Loc)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from rag.errors import UnreadableSource
from rag.loaders.archive import MOST_UNPACKED_BYTES, Archive
from rag.loaders.xml import parse_xml

MOST_XML_BYTES = 64 * 2**20

_ENTRY = "OFD.xml"
# GM/T 0099-2020, 6: what an encrypted package holds beside its content.
_ENCRYPTION_MEMBERS = frozenset({"encryptions.xml", "decryptseed.dat", "entriesmap.dat"})


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace: files use their own, or none; ``""`` for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of one name."""
    return (child for child in element if name_of(child) == name)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of one name."""
    return None if element is None else next(children(element, name), None)


def text_of(element: etree._Element | None) -> str:
    """Return an element's words without the blanks around them."""
    return (element.text or "").strip() if element is not None else ""


class Part(NamedTuple):
    """An XML part: its path in the package, against which the paths inside it are read, and its root."""

    path: str
    root: etree._Element


class Package:
    """An opened OFD file."""

    def __init__(self, data: bytes, source: str) -> None:
        """Open the package.

        Raises:
            UnreadableSource: It is damaged, hostile or encrypted, or is no OFD.
        """
        self.source = source
        self._archive = Archive.open(data, source)
        self._by_folded = {name.casefold(): name for name in reversed(self._archive.names)}
        self._by_last: dict[str, list[str]] = {}
        for folded in self._by_folded:
            self._by_last.setdefault(posixpath.basename(folded), []).append(folded)
        self._parts: dict[str, Part] = {}
        self._parsed_bytes = 0
        if not self._by_last.keys().isdisjoint(_ENCRYPTION_MEMBERS):
            raise UnreadableSource(source, "文件已加密 (the file is encrypted)")
        entry = self.find(_ENTRY, "")
        if entry is None:
            raise UnreadableSource(source, "没有 OFD.xml, 不是 OFD 文件 (no OFD.xml: not an OFD file)")
        self.entry = self.part(entry)
        if any(name_of(element) == "Encryptions" for element in self.entry.root.iter()):
            raise UnreadableSource(source, "文件已加密 (the file is encrypted)")

    def find(self, written: str, named_in: str) -> str | None:
        """Return the member that a path means, ``None`` when there is none.

        Args:
            written: The path as the file has it: from the root with a leading ``/``, else from the folder of the
                part that names it. Back-slashes, another case, a path from the root without its ``/``, percent
                signs and missing leading folders occur and are understood, in this order.
            named_in: Path of the part that names it.
        """
        written = written.strip().replace("\\", "/")
        if not written:
            return None
        folder = posixpath.dirname(named_in)
        for spelling in dict.fromkeys((written, unquote(written))):
            from_folder = posixpath.normpath(posixpath.join(folder, spelling.lstrip("/")))
            from_root = posixpath.normpath(spelling.lstrip("/"))
            ways = (from_root, from_folder) if spelling.startswith("/") else (from_folder, from_root)
            for way in ways:
                if way in self._archive:
                    return way
            for way in ways:
                if (name := self._by_folded.get(way.casefold())) is not None:
                    return name
            ending = "/" + from_root.casefold().lstrip("./")
            found = [name for name in self._by_last.get(posixpath.basename(ending), ()) if name.endswith(ending)]
            if len(found) == 1:
                return self._by_folded[found[0]]
        return None

    def part(self, path: str) -> Part:
        """Return an XML member, parsed once.

        Raises:
            UnreadableSource: It is damaged, too large, or no XML.
        """
        if path not in self._parts:
            data = self._archive.read(path)
            if len(data) > MOST_XML_BYTES:
                raise UnreadableSource(self.source, f"{path} 超过 {MOST_XML_BYTES // 2**20} MB (too large)")
            # No part needs to be parsed twice, so that all together are no more than the package.
            self._parsed_bytes += len(data)
            if self._parsed_bytes > MOST_UNPACKED_BYTES:
                raise UnreadableSource(self.source, "页面重复引用过多 (its pages refer to the same parts too often)")
            self._parts[path] = Part(path, parse_xml(data, self.source, path))
        return self._parts[path]

    def part_named(self, written: str, named_in: str) -> Part | None:
        """Return the XML member that a path means, ``None`` when there is none."""
        path = self.find(written, named_in)
        return None if path is None else self.part(path)

    def drop(self, path: str) -> None:
        """Forget a parsed part that is not needed again."""
        self._parts.pop(path, None)

    def read(self, path: str) -> bytes:
        """Return a member's bytes.

        Raises:
            UnreadableSource: It is damaged.
        """
        return self._archive.read(path)
