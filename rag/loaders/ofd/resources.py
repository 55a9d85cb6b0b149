"""What the pages of an OFD document refer to by number (GB/T 33190-2016, 7.9): fonts, images, composite units."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from lxml import etree

from rag.loaders.ofd.package import Package, Part, child, children, name_of, text_of

# Faces set where other type would be bold: 黑体, 方正黑体, SimHei, 微软雅黑 Bold, Heavy.
_HEAVY_FACE = re.compile(r"黑体|(?<![a-z])(?:sim)?hei(?![a-z])|bold|heavy|black", re.IGNORECASE)
_LIGHT_FACE = re.compile(r"light|细黑", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources of a document.

    Attributes:
        heavy_fonts: Numbers of the fonts that are bold or a heavy face.
        images: Path in the package of each image, by number.
        composites: Content of each composite unit, by number.
    """

    heavy_fonts: frozenset[str] = frozenset()
    images: dict[str, str] = field(default_factory=dict)
    composites: dict[str, etree._Element] = field(default_factory=dict)

    def with_parts(self, package: Package, parts: list[Part]) -> Resources:
        """Return these and what further resource files hold; of one number the later counts."""
        heavy = set(self.heavy_fonts)
        images, composites = dict(self.images), dict(self.composites)
        for part in parts:
            base = part.root.get("BaseLoc", "")
            for group in part.root:
                for entry in group:
                    identity = entry.get("ID", "")
                    match name_of(entry):
                        case "Font" if _is_heavy(entry):
                            heavy.add(identity)
                        case "MultiMedia":
                            media = text_of(child(entry, "MediaFile"))
                            path = package.find(posixpath.join(base, media), part.path) if media else None
                            path = path or package.find(media, part.path)
                            if path is not None:
                                images[identity] = path
                        case "CompositeGraphicUnit" if (content := child(entry, "Content")) is not None:
                            composites[identity] = content
        return Resources(frozenset(heavy), images, composites)


def resource_parts(package: Package, owner: Part, element: etree._Element | None) -> list[Part]:
    """Return the resource files that a document's CommonData or a page names; missing ones are left out."""
    if element is None:
        return []
    named = [text_of(entry) for name in ("PublicRes", "DocumentRes", "PageRes") for entry in children(element, name)]
    found = [package.part_named(path, owner.path) for path in named]
    return [part for part in found if part is not None]


def _is_heavy(font: etree._Element) -> bool:
    if font.get("Bold", "").lower() == "true":
        return True
    names = f"{font.get('FontName', '')} {font.get('FamilyName', '')}"
    return _HEAVY_FACE.search(names) is not None and _LIGHT_FACE.search(names) is None
