"""Fields (域): which of their words are shown, and those that are drawn from their instruction alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rag.loaders.docx.figures import enclosed
from rag.loaders.docx.names import VAL, W, number, switch
from rag.loaders.docx.symbols import CHECKED, UNCHECKED, symbol

_EQUATION = re.compile(r"\s*eq\b", re.IGNORECASE)
_SYMBOL = re.compile(r"\s*symbol\s+([0-9]+|0x[0-9a-f]{1,6})(?:.*?\\f\s*\"?([^\"\\]+)\"?)?", re.IGNORECASE)
_FRACTION = re.compile(r"\\f\s*\(([^(),;]*)[,;]([^(),;]*)\)", re.IGNORECASE)
_LONGEST_INSTRUCTION = 2_000


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    in_result: bool = False
    form: Any | None = None


class Fields:
    """The fields open at one place of a document; they may begin in one paragraph and end in another."""

    def __init__(self) -> None:
        self._open: list[_Field] = []

    @property
    def hide(self) -> bool:
        """Whether words here are part of an instruction."""
        return bool(self._open) and any(not field.in_result for field in self._open)

    def mark(self, character: Any) -> str:
        """Take a ``w:fldChar`` and return what its field shows without having a result."""
        kind = character.get(f"{W}fldCharType")
        if kind == "begin":
            self._open.append(_Field(form=character.find(W + "ffData")))
        elif kind == "separate" and self._open:
            self._open[-1].in_result = True
        elif kind == "end" and self._open:
            field = self._open.pop()
            return _box(field.form) or ("" if field.in_result else _drawn(field.instruction))
        return ""

    def instruct(self, text: str) -> None:
        """Take a part of an instruction."""
        if self._open and len(self._open[-1].instruction) < _LONGEST_INSTRUCTION:
            self._open[-1].instruction += text[:_LONGEST_INSTRUCTION]

    def end_paragraph(self) -> None:
        """Close the instructions: one left open by a damaged file must not hide the paragraphs below."""
        for field in self._open:
            field.in_result = True


def _box(form: Any | None) -> str:
    """Return the tick box or the choice of a form field, which have no result."""
    if form is None:
        return ""
    if (box := form.find(W + "checkBox")) is not None:
        checked = switch(box, "checked")
        return CHECKED if (switch(box, "default") if checked is None else checked) else UNCHECKED
    if (choices := form.find(W + "ddList")) is not None:
        entries = [entry.get(VAL, "") for entry in choices.findall(W + "listEntry")]
        chosen = choices.find(W + "result")
        at = 0 if chosen is None else number(chosen.get(VAL)) or 0
        return entries[at] if 0 <= at < len(entries) else ""
    return ""


def _drawn(instruction: str) -> str:
    if found := _SYMBOL.match(instruction):
        code = number(found[1]) if found[1].isdecimal() else int(found[1], 16)
        return "" if code is None else symbol(code, (found[2] or "").strip())
    if not _EQUATION.match(instruction):
        return ""
    if drawn := _overstruck(instruction):
        return drawn
    found = _FRACTION.search(instruction)
    return f"{found[1].strip()}/{found[2].strip()}" if found else ""


def _overstruck(instruction: str) -> str:
    r"""Return what older Word sets over itself: ``\o\ac(○,1)`` is ① (带圈字符), ``\o\ad(\s\up 9(yī),一)`` is 一 (拼音指南)."""
    _, found, inside = instruction.rstrip().partition("\\o")
    _, opened, inside = inside.partition("(")
    if not (found and opened and inside.endswith(")")):
        return ""
    inside = inside[:-1]
    cut = max(inside.rfind(","), inside.rfind(";"))
    over, base = inside[: max(cut, 0)].strip(), inside[cut + 1 :].strip()
    is_ring = over in ("○", "〇") and base.isascii() and base.isdecimal()
    return enclosed(number(base) or 0) if is_ring else base
