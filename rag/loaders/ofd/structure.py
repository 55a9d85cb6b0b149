"""How an OFD document is put together (GB/T 33190-2016, 7.4 to 7.7, 15, 20): areas, templates, layers, notes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from rag.errors import UnreadableSource
from rag.loaders.ofd.geometry import box_of
from rag.loaders.ofd.package import Package, Part, child, children, name_of, text_of

_BOXES = ("PhysicalBox", "ApplicationBox", "CropBox", "ContentBox")
_LEAST_SIDE, _MOST_SIDE = 1.0, 10_000.0  # millimetres
_LAYER_ORDER = {"Background": 0, "Body": 1, "Foreground": 2}
_TYPED_NOTES = frozenset({"freetext", "typewriter"})


class Area(NamedTuple):
    """The area of a page, in millimetres."""

    left: float
    top: float
    width: float
    height: float


A4 = Area(0.0, 0.0, 210.0, 297.0)


def area_of(element: etree._Element | None) -> Area | None:
    """Return the area that an Area or PageArea gives, ``None`` when it gives none that a page can have."""
    for name in _BOXES:
        box = child(element, name)
        found = box_of(text_of(box)) if box is not None else None
        if found is not None and all(_LEAST_SIDE <= side <= _MOST_SIDE for side in found[2:]):
            return Area(*found)
    return None


def layers_of(page: Part) -> list[etree._Element]:
    """Return the layers of a page or template, the lowest first."""
    content = child(page.root, "Content")
    layers = list(children(content, "Layer")) if content is not None else []
    return sorted(layers, key=lambda layer: _LAYER_ORDER.get(layer.get("Type", "Body"), 1))


def templates_of(package: Package, document: Part) -> dict[str, Part]:
    """Return a document's template pages by number; one that is missing from the package is left out."""
    common = child(document.root, "CommonData")
    found: dict[str, Part] = {}
    for entry in children(common, "TemplatePage") if common is not None else ():
        part = package.part_named(entry.get("BaseLoc", ""), document.path)
        if part is not None:
            found[entry.get("ID", "")] = part
    return found


def used_templates(page: Part, templates: dict[str, Part]) -> tuple[list[Part], list[Part]]:
    """Return the templates that a page lies on, and those that lie on it."""
    below: list[Part] = []
    above: list[Part] = []
    for use in children(page.root, "Template"):
        template = templates.get(use.get("TemplateID", ""))
        if template is not None:
            (above if use.get("ZOrder") == "Foreground" else below).append(template)
    return below, above


def notes_of(package: Package, document: Part) -> dict[str, list[etree._Element]]:
    """Return what is typed onto the pages (FreeText annotations), by the number of the page.

    A viewer shows a document whose annotations are broken without them, and so does this.
    """
    found: dict[str, list[etree._Element]] = {}
    listed = _optional(package, text_of(child(document.root, "Annotations")), document)
    for page in children(listed.root, "Page") if listed is not None else ():
        part = _optional(package, text_of(child(page, "FileLoc")), listed) if listed is not None else None
        for note in children(part.root, "Annot") if part is not None else ():
            kinds = {note.get("Type", "").lower(), note.get("Subtype", "").lower()}
            if kinds & _TYPED_NOTES and note.get("Visible") != "false":
                found.setdefault(page.get("PageID", ""), []).extend(children(note, "Appearance"))
    return found


def attachments_of(package: Package, document: Part) -> list[str]:
    """Return the names of the files attached to a document."""
    listed = _optional(package, text_of(child(document.root, "Attachments")), document)
    return [] if listed is None else list(filter(None, map(_attachment, children(listed.root, "Attachment"))))


def _attachment(entry: etree._Element) -> str:
    path = posixpath.basename(text_of(child(entry, "FileLoc")).replace("\\", "/"))
    name = " ".join(entry.get("Name", "").split())
    suffix = posixpath.splitext(path)[1]
    if name and suffix and not posixpath.splitext(name)[1]:
        name += suffix
    return name or path


def _optional(package: Package, written: str, owner: Part) -> Part | None:
    try:
        return package.part_named(written, owner.path) if written else None
    except UnreadableSource:
        return None


def documents_of(package: Package) -> Iterator[Part]:
    """Yield the documents of a package in order.

    Raises:
        UnreadableSource: One that it names is missing.
    """
    for body in children(package.entry.root, "DocBody"):
        document = package.part_named(text_of(child(body, "DocRoot")), package.entry.path)
        if document is None or name_of(document.root) != "Document":
            raise UnreadableSource(package.source, "找不到文档根节点 (its document part is missing)")
        yield document
