"""Where a paragraph ends (GB/T 9704-2012, 7.3.3: 每个自然段左空二字, 回行顶格).

Place decides; words are looked at only where a place has two readings. Where even they do not tell, the answer
is ``None`` and ``rag.parsing`` judges by grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from rag.loaders.layout.fitting import room_needed
from rag.loaders.layout.lines import Line
from rag.loaders.layout.measure import Measure, Setting

# All in heights of the type unless they say otherwise.
_SAME_SIZE, _SAME_SIZE_RECOGNIZED = 0.08, 0.3  # shares
_AT_MARGIN = 0.8
_FULL = 1.5  # a line this near the margin may have been broken there: a stop takes a character along
_NEARLY_FULL = 5.0  # so short may be a line before a long unbreakable group
_WELL_SHORT = 3.0
_LONG_ENOUGH = 10  # characters
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
    # 1.2 numbers a section; 15.6% and 3.0 do not.
    r"|\d{1,2}(?:[、．.](?!\d)|[)）])|\d{1,2}(?:\.[1-9]\d?){1,3}(?![\d.%％‰万亿元倍个])|[①-⑳•●■◆▪○]"
)
_ITEM = re.compile(
    r"[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}(?:[、．.](?!\d)|[)）])|[①-⑳•●■◆▪○]|[一二三四五六七八九十]+是"
)
_LABEL = re.compile(r"附\s*件|附\s*[:：]|抄\s*[送报]|注\s*[:：]")
_STOPS = "。！？；：:;!?"
_LEADERS = re.compile(r"(?:[.…·．]{3,}|\u3000)\s*[（(]?\d{1,4}[)）]?$")
_OWN_LINE = re.compile(
    r"[（(].{0,40}(?:通过|修正|修订|公布|发布|施行|批准).{0,40}|.*[〔［\[]\d{4}[〕］\]]\s*第?\s*\d+\s*号[)）]?|目\s*[录次]"
    r"|.*[年月]\d{1,2}日"
)
_AMENDED, _AMENDING = re.compile(r"(?:通过|修正|修订)$"), re.compile(r"根据\s*\d{4}\s*年")
_ORGAN_END = re.compile(r"(?:局|委|会|室|厅|部|府|院|行|署|处|中心|文\s*件)$")


class Place(Enum):
    """Where a line stands in its column."""

    BODY = "body"
    CENTRE = "centre"
    RIGHT = "right"


class Joint(NamedTuple):
    """A paragraph so far and the line that may go on with it.

    Attributes:
        lines: The paragraph's, top to bottom.
        place: Of the paragraph.
        above: Margins of the column its last line stands in.
        line: The next line.
        line_place: Of the next line.
        margins: Of the column that the next line stands in.
        distance: From the bottom of the last line to that of the next, ``None`` where a column or page ended.
    """

    lines: Sequence[Line]
    place: Place
    above: Measure
    line: Line
    line_place: Place
    margins: Measure
    distance: float | None

    @property
    def last(self) -> Line:
        """The paragraph's last line."""
        return self.lines[-1]

    @property
    def blank(self) -> float:
        """Blank to the right of the last line, in heights of its type."""
        return (self.above.right - self.last.right) / self.last.size

    @property
    def indent(self) -> float:
        """Blank to the left of the next line, in heights of its type."""
        return (self.line.left - self.margins.left) / self.line.size

    @property
    def is_ended(self) -> bool:
        """Whether the last line ends a sentence or an item."""
        return self.last.text[-1] in _STOPS

    @property
    def is_hanging(self) -> bool:
        """Whether the next line stands below the words that follow the number of the item above."""
        first = self.lines[0]
        if _MARKER.match(self.line.text) or not (_MARKER.match(first.text) or _LABEL.match(first.text)):
            return False
        reach = _SAME_LEFT * self.line.size
        return any(abs(edge - self.line.left) < reach for edge in first.edges[1:_MARKER_REACH])


class Breaks:
    """Decides for a file whose usual setting is known."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def place_of(self, line: Line, margins: Measure) -> Place:
        """Tell where a line stands in its column."""
        before, after = (line.left - margins.left) / line.size, (margins.right - line.right) / line.size
        is_large = line.size > _LARGE * self._setting.size
        is_middle = abs(before - after) / 2 < _OFF_CENTRE
        if is_middle and (is_large or min(before, after) > _CENTRED_BLANK):
            return Place.CENTRE
        width = (margins.right - margins.left) / line.size
        if after < _RIGHT_BLANK and before > _RIGHT_INDENT_SHARE * width and before > 2 * after:
            return Place.RIGHT
        return Place.BODY

    def goes_on(self, joint: Joint) -> bool | None:
        """Tell whether the next line goes on with the paragraph; ``None`` when its place does not tell."""
        places = {joint.place, joint.line_place}
        if not _is_same_size(joint.last, joint.line) or places != {Place.BODY}:
            return places == {Place.CENTRE} and _is_one_title(joint)
        if self._is_apart(joint, _PARTING_SPACE) or _LEADERS.search(joint.last.text):
            return False
        if joint.blank > _FULL + room_needed(joint.line):
            if self._goes_on_at_length(joint):
                return True
            # A line of a bracket that was broken by hand is left to the words.
            return False if joint.blank > _WELL_SHORT and not _is_bracket_open(joint.last.text) else None
        if abs(joint.indent) < _AT_MARGIN:
            return self._goes_on_at_margin(joint)
        return self._goes_on_set_in(joint)

    def _goes_on_at_length(self, joint: Joint) -> bool:
        """Whether the last line is short only because what follows could not be broken (“2024年”)."""
        return (
            self._setting.indents
            and joint.blank < _NEARLY_FULL
            and not joint.is_ended
            and len(joint.last.text) > _LONG_ENOUGH
            and abs(joint.indent) < _AT_MARGIN
            and joint.last.is_bold == joint.line.is_bold
            and not _MARKER.match(joint.line.text)
            and not self._is_apart(joint, _EXTRA_SPACE)
        )

    def _goes_on_at_margin(self, joint: Joint) -> bool | None:
        is_marked = _MARKER.match(joint.line.text) is not None
        if self._is_apart(joint, _EXTRA_SPACE):
            return False if joint.is_ended or not self._setting.indents else None
        if self._setting.indents:
            # Only a paragraph without an indent (the addressee, a heading) may begin at the margin.
            return None if joint.is_ended and (is_marked or joint.last.text[-1] in "：:") else True
        if is_marked:
            return False if joint.is_ended else None
        if not joint.is_ended:
            return None if _is_amendment(joint.last.text, joint.line.text) else True
        # Only items end with a semicolon.
        is_inside = joint.last.text[-1] in "；;" and not _ITEM.match(joint.lines[0].text)
        is_near = self._setting.spaces_paragraphs and joint.distance is not None
        return True if is_inside or is_near else None

    def _goes_on_set_in(self, joint: Joint) -> bool | None:
        if len(joint.lines) > 1 and joint.distance is not None:
            # Lines of a paragraph set in as a whole, or of an item whose number stands out.
            if abs(joint.line.left - joint.last.left) >= _SAME_LEFT * joint.line.size:
                return False
            is_list = _MARKER.match(joint.line.text) or (joint.is_ended and self._setting.indents)
            return None if is_list else True
        if joint.is_hanging:
            return True
        if self._setting.indents and _LEAST_INDENT <= joint.indent <= _LARGEST_INDENT:
            return False
        return None

    def _is_apart(self, joint: Joint, share: float) -> bool:
        return joint.distance is not None and joint.distance > share * self._setting.pitch_of(joint.line)


def _is_one_title(joint: Joint) -> bool:
    last, line = joint.last, joint.line
    if not _is_same_size(last, line) or joint.distance is None:
        return False
    if joint.distance >= _TITLE_PITCH * line.size or last.is_bold != line.is_bold:
        return False
    if _MARKER.match(line.text) or _OWN_LINE.fullmatch(line.text) or _OWN_LINE.fullmatch(last.text):
        return False
    if _MARKER.match(joint.lines[0].text) and last.right - last.left <= line.right - line.left:
        return False  # a heading in the middle and the next one; the second line of one is shorter
    return not (_ORGAN_END.search(last.text) and _ORGAN_END.search(line.text))


def _is_same_size(one: Line, other: Line) -> bool:
    allowed = _SAME_SIZE if one.confidence is None else _SAME_SIZE_RECOGNIZED
    return abs(one.size - other.size) <= allowed * max(one.size, other.size)


def _is_bracket_open(text: str) -> bool:
    return max(text.rfind("（"), text.rfind("(")) > max(text.rfind("）"), text.rfind(")"))


def _is_amendment(above: str, below: str) -> bool:
    """Whether two lines tell of two amendments of a statute, which may be a paragraph each."""
    return _AMENDED.search(above) is not None and _AMENDING.match(below) is not None
