"""Which lines are one paragraph: joining what page layout broke, and nothing else.

A converted document breaks a paragraph in two ways. At the end of a page, so that one line of many goes on
in the next block; or at every line (硬换行). The first is told by grammar (a paragraph does not end at 、 or in
an open bracket), the second by the lines' even width. A line of official print has 28 characters
(GB/T 9704-2012, 5.2.2: 每行排28个字), so a lone opening line of a page has 24 to 29.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.loaders import RawBlock
from rag.parsing.dates import DATE
from rag.parsing.markers import leading_marker
from rag.text import DOCUMENT_NUMBER

_STOPS = frozenset("。！？!?；;：:…")
_CARRIES_ON = frozenset("，,、—")
_OPENERS = {"（": ")", "(": ")", "〔": "]", "[": "]", "【": "]", "《": "》", "“": "”"}
_CLOSERS = {"）": ")", ")": ")", "〕": "]", "]": "]", "】": "]", "》": "》", "”": "”"}
_BRACKET = re.compile(f"[{re.escape(''.join((*_OPENERS, *_CLOSERS)))}]")
_LONGEST_HEADING = 50
_SHORTEST_SENTENCE = 12
_SENTENCE_PAUSES = 2
# A lone opening line of a page: 28 characters less the indent of two, figures and brackets taking a half.
_SHORT_LINE, _LINE, _LONG_LINE = 22, 24, 30
_BRACKET_REACH = 300  # characters; a bracket open for longer was never closed

_STOP_INSIDE = re.compile(r"[。！？；;]")
_PAUSE = re.compile(r"[，,。；;、！？]")
_SENTENCE_END = re.compile(r"[。！？；;]")

# What a duty's bracket (责任分工) says; alone in a block it belongs to the paragraph above it.
_DUTY_WORDS = re.compile(r"负责|牵头|责任单位|责任部门|责任主体|配合|主办|协办|承办|落实单位")
_LONE_BRACKET_CHARACTERS = 600

# Lines that say what they are with a label in front; they neither go on nor are gone on with.
_LABEL = re.compile(
    r"[（(【\[]?(?:抄\s*[送报]|分\s*送|主\s*送|附\s*件?\s*\d*|附注|备\s*注|注|联\s*系\s*(?:人|电\s*话|方\s*式|地\s*址)员?|电\s*话|传\s*真"
    r"|邮\s*(?:政\s*)?编\s*码?|地\s*址|经办人员?|承办人员?|承办单位|主办单位|协办单位|责任领导|分管领导|签\s*发\s*人?|手\s*机|邮\s*箱"
    r"|类\s*别|分\s*类|答复类[型别]|办理类[型别]|公开\w{2}|信息公开\w{2}|发文\w{2}|成文日期|印发日期|文\s*号|标\s*题|索\s*引\s*号|主题分类|发布\w{2}"
    r"|牵头单位|配合单位|责任单位|完成时限)\s*[:：]"
    r"|[（(]?\s*此件"
)
_DATE_LINE = re.compile(r"[（(]?\s*(?:\d{4}|[一二三四五六七八九〇○零]{4})\s*年.{1,8}月.{1,5}日\s*(?:印\s*发)?\s*[)）]?")

TITLE_END = re.compile(
    r"(?:通知|意见|方案|办法|规定|决定|公告|通告|通报|报告|请示|批复|函|复函|答复|答复函|纪要|计划|规划|细则|条例|总结|要点|措施"
    r"|规则|章程|指南|指引|预案|公报|议案|制度|标准|清单|目录|讲话|解读|回复|公示|纲要|决议|建议|提案|规程|规范|准则|通则|导则|大纲|决定书|通知书|告知书|意见书|倡议书|公开信|令|说明|政策|名单|表)"
    r"\s*(?:[（(【〔][^（）()]{1,14}[）)】〕])?"
)
"""How a title (标题) ends: with the kind of document (文种), and perhaps （试行）."""

_PARAGRAPH_OPENING = re.compile(r"下一步|接下来|首先|其次|最后|再次|感谢|特此|专此|此复|以上|各位|同志们")
# What stands under a heading without a number begins so.
_SENTENCE_OPENING = re.compile(
    r"围绕|依托|坚持|聚焦|为(?:了|进一步|深入|加强|贯彻)|近年来|近日|目前[，,]|截至|今年以来|我[市县区省局委]|按照|根据"
)
_OPENING_WORDS = re.compile(
    r"为|根据|按照|依据|近|自|随|当前|目前|经|在|对|我|全|各|市|县|区|省|你|您|现|一直|截至|针对|通过|同时|此外|今年|去年|依托|围绕"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a document's lines are set.

    Attributes:
        width: Width at which lines are broken, in ``unit``s, ``None`` where they are not.
        in_columns: The unit is a half-width column, otherwise a character.
        slack: How much narrower than ``width`` a full line may be.
        indents: Whether an indent tells where a paragraph begins.
        blank_lines: Whether an empty line tells where a paragraph begins.
    """

    width: int | None = None
    in_columns: bool = False
    slack: int = 0
    indents: bool = False
    blank_lines: bool = False

    def is_full(self, text: str, indent: float = 0.0) -> bool:
        """Tell whether ``text`` fills its line, so that it may have been broken there."""
        if self.width is None:
            return False
        width = _columns(text) + round(2 * indent) if self.in_columns else len(text) + round(indent)
        return width >= self.width - self.slack


def layout_of(blocks: Sequence[RawBlock]) -> Layout:
    """Measure how the lines of a document are set."""
    lines = [block for block in blocks if not block.is_table_row]
    if len(lines) < 6 or 2 * sum(block.continues is not None for block in lines) > len(lines):
        return Layout()  # where the format told paragraphs apart, their lengths say nothing about lines
    best = Layout()
    most = 0.0
    for in_columns in (False, True):
        widths = [
            _columns(b.text) + round(2 * b.indent) if in_columns else len(b.text) + round(b.indent) for b in lines
        ]
        least, slack = (30, 4) if in_columns else (15, 1)
        counts = Counter(width for width in widths if width >= least)
        if not counts:
            continue
        width = max(counts, key=lambda value: (sum(counts[value - i] for i in range(slack + 1)), value))
        full = sum(width - slack <= value <= width for value in widths)
        over = sum(value > width + 1 for value in widths)
        if full >= 5 and full >= 0.4 * len(lines) and over <= 0.03 * len(lines) and full / len(lines) > most:
            most = full / len(lines)
            best = Layout(width, in_columns, slack)
    if best.width is None:
        return best
    pairs = list(pairwise(lines))
    inside = [
        after for before, after in pairs if best.is_full(before.text, before.indent) and before.text[-1] not in _STOPS
    ]
    indented = sum(block.indent >= 1 for block in lines)
    return Layout(
        best.width,
        best.in_columns,
        best.slack,
        indents=indented >= 2 and bool(inside) and sum(b.indent < 1 for b in inside) >= 0.8 * len(inside),
        blank_lines=any(block.follows_blank for block in lines)
        and bool(inside)
        and sum(not b.follows_blank for b in inside) >= 0.8 * len(inside),
    )


def _columns(text: str) -> int:
    return 2 * len(text) - len(_NARROW.findall(text))


_NARROW = re.compile("[\0-\u1fff]")


@dataclass(slots=True)
class Paragraph:
    """A paragraph in the making: the pieces joined so far, and what decides whether the next one belongs to it.

    Attributes:
        blocks: The blocks joined.
        starts: Where each block's words begin in ``text``.
    """

    first: RawBlock
    after_colon: bool
    pieces: list[str] = field(default_factory=list)
    blocks: list[RawBlock] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    length: int = 0
    has_stop: bool = False
    pauses: int = 0
    _open: list[tuple[str, int, str]] = field(default_factory=list)
    _closed_after_stop: bool = False

    def __post_init__(self) -> None:
        self.add(self.first)

    def add(self, block: RawBlock) -> None:
        """Take ``block`` as this paragraph's next piece."""
        text = block.text
        glue = _glue(self.pieces[-1][-1], text[0]) if self.pieces else ""
        self.blocks.append(block)
        self.starts.append(self.length + len(glue))
        text = glue + text
        for bracket in _BRACKET.finditer(text):
            at, character = bracket.start(), bracket[0]
            if character in _OPENERS:
                before = text[at - 1] if at else (self.pieces[-1][-1] if self.pieces else "")
                self._open.append((_OPENERS[character], self.length + at, before))
            else:
                kind = _CLOSERS[character]
                if any(opened == kind for opened, _, _ in self._open[-4:]):
                    while self._open:
                        opened, _, before = self._open.pop()
                        if opened == kind:
                            self._closed_after_stop = before in _STOPS
                            break
        self.has_stop = self.has_stop or _STOP_INSIDE.search(text[:-1]) is not None
        self.pauses += len(_PAUSE.findall(text))
        self.pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """The pieces joined."""
        return "".join(self.pieces)

    @property
    def has_pause(self) -> bool:
        """Whether a comma or stop stands in it."""
        return self.pauses > 0

    @property
    def has_open_bracket(self) -> bool:
        """Whether a bracket opened not long ago is still open."""
        return bool(self._open) and self.length - self._open[-1][1] <= _BRACKET_REACH

    def _bracket_closes_in(self, block: RawBlock) -> bool:
        """Whether a bracket left open goes on: ``block`` closes it, or this is a sentence and not a slip in a heading."""
        return self.has_open_bracket and (_closes_first(block.text) or (self.has_stop and self.has_pause))

    @property
    def is_ended(self) -> bool:
        """Whether the last character ends a sentence."""
        last = self.pieces[-1][-1]
        if last in _STOPS:
            return True
        if last in "）)〕]】”":  # …。〔市卫健委负责〕 has ended, …（或心理咨询室） has not
            return self._closed_after_stop or (last == "”" and self.pieces[-1][-2:-1] in _STOPS)
        return False

    def goes_on_in(self, block: RawBlock, layout: Layout) -> bool:
        """Tell whether ``block`` is the next piece of this paragraph."""
        if self.first.is_table_row or block.is_table_row:
            return False
        if _is_duty_bracket(block.text):
            return not self.first.level  # set on a line of its own, it still belongs to its task
        if block.continues is not None:
            # 三、 below the end of a sentence opens a clause wherever the page broke.
            return block.continues and not (self.is_ended and leading_marker(block.text) is not None)
        return not (self.first.level or block.level) and self._goes_on_by_words(block, layout)

    def _goes_on_by_words(self, block: RawBlock, layout: Layout) -> bool:
        if _is_line_of_its_own(block.text) or leading_marker(block.text) is not None:
            return False
        last = self.pieces[-1][-1]
        if not self.is_ended and (last in _CARRIES_ON or last in _OPENERS or self._bracket_closes_in(block)):
            return not (layout.indents and block.indent >= 1 and not self.has_open_bracket)
        if _LABEL.match(self.first.text):
            return layout.is_full(self.blocks[-1].text)
        by_sentence = layout.width is None and not self.is_ended and self._is_broken_sentence(block)
        return by_sentence or (layout.width is not None and self._is_broken_line(block, layout))

    def _is_broken_line(self, block: RawBlock, layout: Layout) -> bool:
        last = self.blocks[-1]
        if not layout.is_full(last.text, last.indent):
            return not self.is_ended and self.has_stop and self._is_broken_sentence(block)
        if layout.indents:
            return block.indent < 1
        if not self.is_ended:
            # Lines of a list have no commas; lines of a title have 关于 above and the kind of document below.
            return self.has_pause or bool(_PAUSE.search(block.text)) or self._is_broken_title(block)
        if layout.blank_lines:
            return not block.follows_blank
        # A full line that ends with a stop is six times likelier to stand inside a paragraph than at its end.
        return (
            last.text[-1] not in "：:〕】"
            and _PAUSE.search(block.text) is not None
            and _PARAGRAPH_OPENING.match(block.text) is None
        )

    def _is_broken_title(self, block: RawBlock) -> bool:
        return "关于" in self.text and not _ends_like_title(self.text) and _ends_like_title(block.text)

    def _is_broken_sentence(self, block: RawBlock) -> bool:
        if self.has_stop:
            return bool(_PAUSE.search(block.text)) or _closes_first(block.text)
        first = self.first.text
        if not _SENTENCE_END.search(block.text) or _ends_like_title(first) or _SENTENCE_OPENING.match(block.text):
            return False
        if leading_marker(first) is not None:
            return self.length >= _LONGEST_HEADING
        if self.after_colon and self.length >= _SHORTEST_SENTENCE:
            return True  # the first paragraph after the addressee is a sentence
        opens_sentence = _OPENING_WORDS.match(first) is not None
        if self.has_pause:  # a heading of this length has one comma at most
            return self.length >= _SHORT_LINE and (
                self.length <= _LONG_LINE or opens_sentence or self.pauses >= _SENTENCE_PAUSES
            )
        return _LINE <= self.length <= _LONG_LINE and opens_sentence


def _ends_like_title(text: str) -> bool:
    return any(match.end() == len(text) for match in TITLE_END.finditer(text, max(0, len(text) - 24)))


def _is_line_of_its_own(text: str) -> bool:
    """Whether ``text`` is a label with its value, a date or a 文号, which nothing goes on in."""
    if _LABEL.match(text) or (len(text) <= 40 and (_DATE_LINE.fullmatch(text) or DATE.fullmatch(text))):
        return True
    return len(text) <= 40 and DOCUMENT_NUMBER.fullmatch(text.strip(" \u3000（()）")) is not None


def _is_duty_bracket(text: str) -> bool:
    """Whether the whole of ``text`` is one bracket that names units, such as 〔各镇（街道）人民政府负责〕."""
    body = text.rstrip("。；")
    if not body or body[0] not in _OPENERS or len(body) > _LONE_BRACKET_CHARACTERS or "。" in body:
        return False
    depth = 0
    for at, character in enumerate(body):
        depth += (character in _OPENERS) - (character in _CLOSERS)
        if depth == 0 and at < len(body) - 1:
            return False
    return depth == 0 and _DUTY_WORDS.search(body) is not None


def _closes_first(text: str) -> bool:
    """Whether ``text`` closes a bracket that it did not open."""
    for character in text:
        if character in _OPENERS:
            return False
        if character in _CLOSERS:
            return True
    return False


def _glue(before: str, after: str) -> str:
    """Return what stands between two joined lines: a blank between Latin words, nothing in Chinese."""
    return (
        " "
        if before.isascii() and after.isascii() and after.isalpha() and (before.isalpha() or before in ",.;:")
        else ""
    )
