"""Formulas (OMML) on one line, as they are typed: ``a/b``, ``x^2``, ``√(a+b)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.loaders.docx.names import M

_VAL = f"{M}val"


def linear(element: Any) -> str:
    """Return the words of an ``m:oMath`` or of any element in one; it nests no deeper than its file may."""
    writer = _WRITERS.get(element.tag)
    if writer is not None:
        return writer(element)
    if element.tag == f"{M}t":
        return element.text or ""
    return "".join(linear(child) for child in element if isinstance(child.tag, str) and not child.tag.endswith("Pr"))


def _part(element: Any, name: str) -> str:
    child = element.find(M + name)
    return "" if child is None else linear(child).strip()


def _one(text: str) -> str:
    """Return ``text`` in brackets unless it is plainly one thing."""
    return text if len(text) <= 1 or text.isalnum() or (text[0] == "(" and text[-1] == ")") else f"({text})"


def _property(element: Any, name: str, default: str) -> str:
    found = element.find(f"{element.tag}Pr/{M}{name}")
    return default if found is None else str(found.get(_VAL, ""))


def _fraction(element: Any) -> str:
    return f"{_one(_part(element, 'num'))}/{_one(_part(element, 'den'))}"


def _raised(element: Any) -> str:
    return _scripts(_part(element, "e"), _part(element, "sub"), _part(element, "sup"))


def _scripts(base: str, below: str, above: str) -> str:
    return base + (f"_{_one(below)}" if below else "") + (f"^{_one(above)}" if above else "")


def _before(element: Any) -> str:
    return f"{_scripts('', _part(element, 'sub'), _part(element, 'sup'))}{_part(element, 'e')}"


def _root(element: Any) -> str:
    degree = _part(element, "deg")
    return f"{degree}√{_one(_part(element, 'e'))}"


def _nary(element: Any) -> str:
    sign = _property(element, "chr", "∫")
    return f"{_scripts(sign, _part(element, 'sub'), _part(element, 'sup'))}{_part(element, 'e')}"


def _bracketed(element: Any) -> str:
    parts = _property(element, "sepChr", "|").join(linear(child) for child in element.findall(f"{M}e"))
    return f"{_property(element, 'begChr', '(')}{parts}{_property(element, 'endChr', ')')}"


def _lines(element: Any) -> str:
    return "; ".join(linear(child) for child in element.findall(f"{M}e"))


def _matrix(element: Any) -> str:
    return "; ".join(" ".join(linear(cell) for cell in row.findall(f"{M}e")) for row in element.findall(f"{M}mr"))


def _limit(element: Any) -> str:
    return f"{_part(element, 'e')}_{_one(_part(element, 'lim'))}"


_WRITERS: dict[str, Callable[[Any], str]] = {
    f"{M}f": _fraction,
    f"{M}sSup": _raised,
    f"{M}sSub": _raised,
    f"{M}sSubSup": _raised,
    f"{M}sPre": _before,
    f"{M}rad": _root,
    f"{M}nary": _nary,
    f"{M}d": _bracketed,
    f"{M}eqArr": _lines,
    f"{M}m": _matrix,
    f"{M}limLow": _limit,
    f"{M}limUpp": _limit,
}
