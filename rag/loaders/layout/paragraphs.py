"""Lines to paragraphs (段落) by where they begin and end (GB/T 9704-2012, 7.3.3: 每个自然段左空二字, 回行顶格).

Where place alone decides, the block says so; where it does not, ``rag.parsing`` judges by the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from rag.loaders.layout.lines import Line
from rag.loaders.layout.measure import Measure, Setting
from rag.loaders.raw import Fragment, RawBlock

# All in heights of the type unless they say otherwise.
_SAME_SIZE, _SAME_SIZE_RECOGNIZED = 0.08, 0.3  # shares
_AT_MARGIN = 0.8
_FULL = 1.5  # a line this near the margin may have been broken there: a stop takes a character along
_STOP_TAKEN_ALONG = 1.0
_WELL_SHORT = 3.0
_LEAST_INDENT, _LARGEST_INDENT = 1.4, 3.2
_SAME_LEFT = 0.7
_OFF_CENTRE = 1.0
_LARGE = 1.12  # shares of the body's size
_CENTRED_BLANK = 2.7
_RIGHT_BLANK = 7.5
_RIGHT_INDENT_SHARE = 0.35  # of the column
_EXTRA_SPACE = 1.45  # of the usual distance of lines
_PARTING_SPACE = 2.2
_TITLE_PITCH = 2.6
_MARKER_REACH = 9  # characters of a marker and what stands before it

_MARKER = re.compile(
    r"第[一二三四五六七八九十百千零〇\d]+[编章节条款]|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d{1,2}(?:[、．.](?!\d)|[)）])|\d{1,2}(?:\.\d{1,2}){1,3}(?!\d)|[①-⑳]|[•●■◆▪○]\s?"
)
_ITEM = re.compile(r"[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}(?:[、．.](?!\d)|[)）])|[①-⑳•●■◆▪○]|[一二三四五六七八九十]+是")
_LABEL = re.compile(r"附\s*件|附\s*[:：]|抄\s*[送报]|注\s*[:：]")
_STOPS = "。！？；：:;!?"
_CLOSING = "，。、；：！？）〕】》”’…,.;:!?)]"
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,%/:_-]*")
_LEADERS = re.compile(r"(?:[.…·．]{3,}|\u3000)\s*[（(]?\d{1,4}[)）]?$")
_OWN_LINE = re.compile(
    r"[（(].{0,40}(?:通过|修正|修订|公布|发布|施行|批准).{0,40}|.*[〔［\[]\d{4}[〕］\]]\s*第?\s*\d+\s*号[)）]?|目\s*[录次]|.*[年月]\d{1,2}日"
)
_AMENDED, _AMENDING = re.compile(r"(?:通过|修正|修订)$"), re.compile(r"根据\s*\d{4}\s*年")
_ORGAN_END = re.compile(r"(?:局|委|会|室|厅|部|府|院|行|署|处|中心|文\s*件)$")


class Place(Enum):
    """Where a line stands in its column."""

    BODY = "body"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(slots=True)
class _Open:
    """A paragraph in the making."""

    lines: list[Line]
    place: Place
    indent: float
    follows_blank: bool
    continues: bool | None

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
            indent=round(max(0.0, self.indent), 1),
            follows_blank=self.follows_blank,
            continues=self.continues,
            fragments=tuple(fragments),
        )


class Paragraphs:
    """Takes a file's lines in reading order and gives its paragraphs."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._open: _Open | None = None
        self._measure: Measure | None = None

    def take(self, line: Line, measure: Measure) -> RawBlock | None:
        """Take the next line; return the paragraph it ends, if it ends one.

        Args:
            line: The next line.
            measure: The column it stands in. A new one means that a column or page begins.
        """
        place = self._place(line, measure)
        before = self._open
        is_next_column = measure is not self._measure
        previous_measure, self._measure = self._measure, measure
        if before is None or previous_measure is None:
            self._open = self._opened(line, place, measure, None, follows_blank=False)
            return None
        goes_on = self._goes_on(before, previous_measure, line, place, measure)
        space = 0.0 if is_next_column else line.bottom - before.lines[-1].bottom
        follows_blank = space > _EXTRA_SPACE * self._setting.pitch_of(line)
        if goes_on and not is_next_column:
            before.lines.append(line)
            return None
        # A paragraph that goes on in the next column or page is a block of its own, which says so.
        self._open = self._opened(line, place, measure, goes_on, follows_blank=follows_blank)
        return before.block()

    def end(self) -> RawBlock | None:
        """Return the paragraph still open; what follows does not go on with it."""
        last, self._open, self._measure = self._open, None, None
        return last.block() if last is not None else None

    @staticmethod
    def _opened(line: Line, place: Place, measure: Measure, goes_on: bool | None, *, follows_blank: bool) -> _Open:
        indent = 0.0 if goes_on else (line.left - measure.left) / line.size
        return _Open([line], place, indent if indent >= _SAME_LEFT / 2 else 0.0, follows_blank, goes_on)

    def _place(self, line: Line, measure: Measure) -> Place:
        before, after = (line.left - measure.left) / line.size, (measure.right - line.right) / line.size
        is_large = line.size > _LARGE * self._setting.size
        is_middle = abs(before - after) / 2 < _OFF_CENTRE
        if is_middle and (is_large or min(before, after) > _CENTRED_BLANK):
            return Place.CENTRE
        width = (measure.right - measure.left) / line.size
        if after < _RIGHT_BLANK and before > _RIGHT_INDENT_SHARE * width and before > 2 * after:
            return Place.RIGHT
        return Place.BODY

    def _goes_on(self, before: _Open, old: Measure, line: Line, place: Place, measure: Measure) -> bool | None:
        """Tell whether a line goes on with the paragraph above; ``None`` when its place does not tell."""
        last = before.lines[-1]
        if not _is_same_size(last, line):
            return False
        same_column = old is measure
        distance = line.bottom - last.bottom if same_column else 0.0
        if before.place is Place.CENTRE or place is Place.CENTRE:
            return (
                before.place is place
                and same_column
                and distance < _TITLE_PITCH * line.size
                and self._is_one_title(before, line)
            )
        if place is Place.RIGHT or before.place is Place.RIGHT:
            return False
        if distance > _PARTING_SPACE * self._setting.pitch_of(line):
            return False
        return self._goes_on_in_body(before, old, line, measure, distance)

    def _goes_on_in_body(
        self, before: _Open, old: Measure, line: Line, measure: Measure, distance: float
    ) -> bool | None:
        last = before.lines[-1]
        blank = (old.right - last.right) / last.size
        if _LEADERS.search(last.text):
            return False
        if blank > _FULL + _taken_along(line):
            # A line of a bracket that was broken by hand is left to the words.
            return False if blank > _WELL_SHORT and not _is_bracket_open(last.text) else None
        indent = (line.left - measure.left) / line.size
        if abs(indent) < _AT_MARGIN:
            return self._goes_on_at_margin(before, old, line, distance)
        if _LEAST_INDENT <= indent <= _LARGEST_INDENT and self._setting.indents:
            first_indent = (before.lines[0].left - old.left) / last.size
            if not (len(before.lines) > 1 and abs(last.left - before.lines[0].left) < 1 < first_indent) and not (
                _is_hanging(before, line)
            ):
                return False
        if len(before.lines) > 1 and old is measure:
            # Lines of a paragraph set in as a whole, or of an item whose number stands out.
            is_same = abs(line.left - last.left) < _SAME_LEFT * line.size
            if not is_same:
                return False
            return None if _MARKER.match(line.text) else True
        if _is_hanging(before, line):
            return True
        return None

    def _goes_on_at_margin(self, before: _Open, old: Measure, line: Line, distance: float) -> bool | None:
        last = before.lines[-1]
        is_ended = last.text[-1] in _STOPS
        if distance > _EXTRA_SPACE * self._setting.pitch_of(line):
            return False if is_ended or not self._setting.indents else None
        if self._setting.indents:
            # Only a paragraph without an indent (the addressee, a heading) may begin at the margin.
            if is_ended and (_MARKER.match(line.text) or last.text[-1] in "：:"):
                return None if old is self._measure else False
            return True
        if _MARKER.match(line.text):
            return False if is_ended else None
        if not is_ended:
            return None if _is_amendment(last.text, line.text) else True
        # Only items end with a semicolon.
        is_inside = last.text[-1] in "；;" and not _ITEM.match(before.lines[0].text)
        return True if is_inside or (self._setting.spaces_paragraphs and distance) else None

    def _is_one_title(self, before: _Open, line: Line) -> bool:
        last = before.lines[-1]
        if last.is_bold != line.is_bold or _MARKER.match(line.text) or _OWN_LINE.fullmatch(line.text):
            return False
        if _OWN_LINE.fullmatch(last.text) or (_MARKER.match(before.lines[0].text) and not _is_wide(before, line)):
            return False
        return not (_ORGAN_END.search(last.text) and _ORGAN_END.search(line.text))


def _is_wide(before: _Open, line: Line) -> bool:
    return before.lines[-1].right - before.lines[-1].left > line.right - line.left


def _is_same_size(one: Line, other: Line) -> bool:
    allowed = _SAME_SIZE if one.confidence is None else _SAME_SIZE_RECOGNIZED
    return abs(one.size - other.size) <= allowed * max(one.size, other.size)


def _is_bracket_open(text: str) -> bool:
    return max(text.rfind("（"), text.rfind("(")) > max(text.rfind("）"), text.rfind(")"))


def _is_amendment(above: str, below: str) -> bool:
    """Whether two lines tell of two amendments of a statute, which may be a paragraph each."""
    return _AMENDED.search(above) is not None and _AMENDING.match(below) is not None


def _taken_along(line: Line) -> float:
    """Return how much room the beginning of a line would have needed on the line above, beyond one character."""
    if token := _TOKEN.match(line.text):
        end = min(token.end(), len(line.edges) - 1)
        return max(0.0, (line.edges[end] - line.left) / line.size - 0.5)
    if len(line.text) > 1 and line.text[1] in _CLOSING:
        return _STOP_TAKEN_ALONG
    return 0.0


def _is_hanging(before: _Open, line: Line) -> bool:
    """Whether a line stands below the words that follow the number of the item above."""
    first = before.lines[0]
    if _MARKER.match(line.text) or not (_MARKER.match(first.text) or _LABEL.match(first.text)):
        return False
    return any(abs(edge - line.left) < _SAME_LEFT * line.size for edge in first.edges[1:_MARKER_REACH])


def glue(before: str, after: str) -> str:
    """Return what stands between two joined lines: a blank between Latin words, nothing in Chinese."""
    if not before or not (before[-1].isascii() and after[0].isascii()):
        return ""
    if after[0].isalnum() and (before[-1].isalpha() or before[-1] in ",.;:)"):
        return " "
    return " " if before[-1].isdigit() and after[0].isalpha() else ""
