"""Lines to paragraphs (段落): one block for each, with a fragment for each of its lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.loaders.layout.breaks import Breaks, Joint, Place
from rag.loaders.layout.lines import Line
from rag.loaders.layout.measure import Measure, Setting
from rag.loaders.raw import Fragment, RawBlock

_EXTRA_SPACE = 1.45  # of the usual distance of lines
_LEAST_INDENT = 0.35  # heights of the type


@dataclass(slots=True)
class _Open:
    """A paragraph in the making."""

    place: Place
    indent: float
    follows_blank: bool
    continues: bool | None
    lines: list[Line] = field(default_factory=list)

    def block(self) -> RawBlock:
        text = ""
        fragments: list[Fragment] = []
        for line in self.lines:
            text += glue(text, line.text)
            fragments.append(
                Fragment(len(text), len(text) + len(line.text), line.page, line.box, line.edges, line.confidence)
            )
            text += line.text
        return RawBlock(
            text,
            self.lines[0].page,
            indent=self.indent,
            follows_blank=self.follows_blank,
            continues=self.continues,
            fragments=tuple(fragments),
        )


class Paragraphs:
    """Takes a file's lines in reading order and gives its paragraphs."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._breaks = Breaks(setting)
        self._open: _Open | None = None
        self._measure = self._above = Measure(0.0, 0.0)
        self._begins_column = True

    @property
    def count(self) -> int:
        """How many paragraphs are still open: one or none."""
        return int(self._open is not None)

    def enter(self, measure: Measure) -> None:
        """Begin a column or page with these margins."""
        self._measure = measure
        self._begins_column = True

    def take(self, line: Line) -> list[RawBlock]:
        """Take the next line of the column; return the paragraph that it ends, if it ends one."""
        before, begins_column = self._open, self._begins_column
        above, self._above, self._begins_column = self._above, self._measure, False
        place = self._breaks.place_of(line, self._measure)
        if before is None:
            self._open = self._opened(line, place, None, follows_blank=False)
            return []
        space = 0.0 if begins_column else line.bottom - before.lines[-1].bottom
        joint = Joint(before.lines, before.place, above, line, place, self._measure, None if begins_column else space)
        goes_on = self._breaks.goes_on(joint)
        if goes_on and not begins_column:
            before.lines.append(line)
            return []
        # A paragraph that goes on in the next column or page is a block of its own, which says so.
        follows_blank = space > _EXTRA_SPACE * self._setting.pitch_of(line)
        self._open = self._opened(line, place, goes_on, follows_blank=follows_blank)
        return [before.block()]

    def end(self) -> list[RawBlock]:
        """Return the paragraph still open; what follows does not go on with it."""
        last, self._open = self._open, None
        return [last.block()] if last is not None else []

    def _opened(self, line: Line, place: Place, goes_on: bool | None, *, follows_blank: bool) -> _Open:
        indent = (line.left - self._measure.left) / line.size
        indent = 0.0 if goes_on or indent < _LEAST_INDENT else round(indent, 1)
        return _Open(place, indent, follows_blank, goes_on, [line])


def glue(before: str, after: str) -> str:
    """Return what stands between two joined lines: a blank between Latin words, nothing in Chinese."""
    if not before or not (before[-1].isascii() and after[0].isascii()):
        return ""
    if after[0].isalnum() and (before[-1].isalpha() or before[-1] in ",.;:)"):
        return " "
    return " " if before[-1].isdigit() and after[0].isalpha() else ""
