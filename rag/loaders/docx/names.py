"""Names of elements and attributes in Word's XML (ISO/IEC 29500-1), in the form lxml gives them."""

from __future__ import annotations

from typing import Any, Final

from docx.oxml.ns import nsmap

W: Final = f"{{{nsmap['w']}}}"
R: Final = f"{{{nsmap['r']}}}"
M: Final = f"{{{nsmap['m']}}}"
A: Final = f"{{{nsmap['a']}}}"
WP: Final = f"{{{nsmap['wp']}}}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DGM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
V: Final = "{urn:schemas-microsoft-com:vml}"
O: Final = "{urn:schemas-microsoft-com:office:office}"  # noqa: E741 (the prefix every Word file gives it)

VAL: Final = f"{W}val"

# ISO/IEC 29500 files of the strict kind name the same elements in other namespaces.
STRICT: Final = {
    f"http://purl.oclc.org/ooxml/{strict}": f"http://schemas.openxmlformats.org/{usual}"
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
        ("drawingml/diagram", "drawingml/2006/diagram"),
    )
}

_OFF = frozenset({"0", "false", "off"})


def value(element: Any, name: str) -> str | None:
    """Return the ``w:val`` of the child ``w:name``, ``None`` where there is none."""
    child = element.find(W + name)
    found: str | None = None if child is None else child.get(VAL)
    return found


_MOST_DIGITS = 12


def number(text: str | None) -> int | None:
    """Return a whole number written in an attribute, ``None`` where it is missing, no number, or beyond all measure."""
    try:
        return None if text is None or len(text) > _MOST_DIGITS else int(text)
    except ValueError:
        return None


def switch(element: Any, name: str) -> bool | None:
    """Return whether the child ``w:name`` switches its property on, ``None`` where it is not there."""
    child = element.find(W + name)
    return None if child is None else child.get(VAL, "1") not in _OFF
