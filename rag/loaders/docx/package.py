"""The package a Word document comes in: its parts and the relationships between them.

python-docx opens ordinary packages only: it refuses strict files (ISO/IEC 29500), templates, files with macros,
and any file with a broken relationship, all of which people hand in. So its conventions are used here (names of
parts and namespaces), and the parts are read by ``Archive`` and ``parse_xml``, which take nothing on trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from docx.opc.packuri import PACKAGE_URI, PackURI

from rag.errors import UnreadableSource
from rag.loaders.archive import Archive
from rag.loaders.containers import OLE_SIGN, names_encrypted_package
from rag.loaders.docx.names import STRICT
from rag.loaders.xml import parse_xml

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relationship:
    """Where a part leads to.

    Attributes:
        kind: Last word of its type: ``styles``, ``footnotes``, ``aFChunk``; strict and usual files agree in it.
        target: Name of the part, without a leading slash.
    """

    kind: str
    target: str


class Package:
    """A Word document's parts, found from its main part."""

    def __init__(self, archive: Archive, source: str) -> None:
        self._archive = archive
        self._source = source
        # Names are equal whatever their case (ISO/IEC 29500-2, 6.2.2.3).
        self._names = {name.lower(): name for name in archive.names}
        documents = [r for r in self._related(PACKAGE_URI).values() if r.kind == "officeDocument"]
        self._main = PackURI("/" + (documents[0].target if documents else "word/document.xml"))
        self._relationships = self._related(self._main)

    @classmethod
    def open(cls, data: bytes, source: str) -> Self:
        """Open a package.

        Raises:
            UnreadableSource: It is damaged or encrypted, or its directory is not to be trusted.
        """
        if names_encrypted_package(data):
            raise UnreadableSource(source, "文件已加密 (the file is encrypted)")
        if data.startswith(OLE_SIGN):
            raise UnreadableSource(source, "不是 DOCX 文件 (not a DOCX file)")
        return cls(Archive.open(data, source), source)

    def document(self) -> Any:
        """Return the body of the main part.

        Raises:
            UnreadableSource: There is none, or it cannot be read.
        """
        root = self._xml(self._main.membername)
        body = None if root is None else root.find("{*}body")
        if body is None:
            raise UnreadableSource(self._source, "缺少正文部件 (the package holds no document body)")
        return body

    def part(self, kind: str) -> Any | None:
        """Return the root of the main part's ``styles``, ``numbering``, ``footnotes`` … , ``None`` where it has none.

        A part that no relationship leads to is looked for where Word puts it.

        Raises:
            UnreadableSource: It is there and cannot be read.
        """
        for related in self._relationships.values():
            if related.kind == kind and (root := self._xml(related.target)) is not None:
                return root
        return self._xml(PackURI.from_rel_ref(self._main.baseURI, f"{kind}.xml").membername)

    def related(self, identity: str | None) -> Relationship | None:
        """Return the relationship of the main part that ``identity`` (``r:id``) names."""
        return self._relationships.get(identity or "")

    def xml(self, identity: str | None) -> Any | None:
        """Return the root of the part that a relationship leads to, ``None`` where it leads nowhere.

        Raises:
            UnreadableSource: It is there and cannot be read.
        """
        related = self.related(identity)
        return None if related is None else self._xml(related.target)

    def read(self, identity: str | None) -> bytes | None:
        """Return the bytes of the part that a relationship leads to, ``None`` where it leads nowhere.

        Raises:
            UnreadableSource: It is there and cannot be read.
        """
        related = self.related(identity)
        name = None if related is None else self._names.get(related.target.lower())
        return None if name is None else self._archive.read(name)

    def _xml(self, member: str) -> Any | None:
        name = self._names.get(member.lower())
        if name is None:
            return None
        root = parse_xml(self._archive.read(name), self._source, name)
        if any(uri in STRICT for uri in root.nsmap.values()):
            _rename(root)
        return root

    def _related(self, part: PackURI) -> dict[str, Relationship]:
        root = self._xml(part.rels_uri.membername)
        found: dict[str, Relationship] = {}
        for element in () if root is None else root.iter(_RELATIONSHIP):
            target = element.get("Target", "").replace("\\", "/")
            if target and element.get("TargetMode") != "External":
                kind = element.get("Type", "").rpartition("/")[2]
                name = PackURI.from_rel_ref(part.baseURI, target).membername
                found[element.get("Id", "")] = Relationship(kind, name)
        return found


def _rename(root: Any) -> None:
    """Give the elements and attributes of a strict part their usual names."""
    for element in root.iter("*"):
        element.tag = _usual(element.tag)
        for name, text in element.attrib.items():
            if (usual := _usual(name)) != name:
                del element.attrib[name]
                element.set(usual, text)


def _usual(name: str) -> str:
    namespace, found, local = name[1:].partition("}")
    return f"{{{STRICT[namespace]}}}{local}" if found and namespace in STRICT else name
