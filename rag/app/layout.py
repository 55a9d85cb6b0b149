"""A document laid out for reading (版面): paragraphs, tables and contents, with the cited words marked.

Nothing is left out or added: the segments of a block, joined, are its words (cells joined by tabs).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, pairwise

from rag.domain.document import Block, BlockRole, OfficialDocument
from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.text import squeeze

_STOPS = ("。", "；", ";", "！")
_STOP_CHARACTERS = "。；;！：: \u3000"
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇两\d ]{1,9}条(?:之[一二三四五六七八九十])?")
# （2021年1月8日…会议通过） below a statute's title names its organ and is no letterhead.
_ADOPTION = re.compile(r"[（(\s]*\d")


class Look(StrEnum):
    """How a paragraph is set."""

    TITLE = "title"  # 标题
    NUMBER = "number"  # 发文字号
    ISSUER = "issuer"  # 发文机关标志
    HEAD = "head"  # 版头的其他行
    CONTENTS = "contents"  # 目录
    HEADING = "heading"  # 条款标题独占一行
    BODY = "body"  # 正文
    SIGNATURE = "signature"  # 署名、成文日期
    FOOT = "foot"  # 附注、版记


_LOOK_OF_ROLE = {BlockRole.BODY: Look.BODY, BlockRole.CONTENTS: Look.CONTENTS}


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words that are set alike.

    Attributes:
        anchor: Offset of the clause that starts here inside its paragraph, else ``None``.
        is_heading: Part of a clause's heading.
        is_marked: Part of the cited words.
        is_first_mark: The cited words start here.
    """

    text: str
    anchor: int | None = None
    is_heading: bool = False
    is_marked: bool = False
    is_first_mark: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; its anchor is the offset it starts at.

    Attributes:
        level: Level of the clause whose heading it is, 0 when it is none.
    """

    anchor: int
    look: Look
    level: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, as cells of segments."""

    anchor: int
    cells: tuple[tuple[Segment, ...], ...]

    @property
    def starts(self) -> tuple[int, ...]:
        """Where the words of each cell begin in the text; a tab stands between two."""
        lengths = (sum(len(segment.text) for segment in cell) + 1 for cell in self.cells)
        return tuple(accumulate(lengths, initial=self.anchor))[:-1]


@dataclass(frozen=True, slots=True)
class Table:
    """Neighbouring table rows."""

    rows: tuple[Row, ...]


@dataclass(slots=True)
class Entry:
    """A line of the contents, with those below it.

    Attributes:
        is_number: It is 第十六条 and no more; many of these fit on a line.
    """

    text: str
    anchor: int
    is_number: bool = False
    children: list[Entry] = field(default_factory=list)


def lay_out(document: OfficialDocument, marked: Span | None = None) -> list[Paragraph | Table]:
    """Return the document's paragraphs and tables in reading order.

    Args:
        document: The document.
        marked: The cited words; may run over several paragraphs.
    """
    setter = _Setter(document, marked)
    parts: list[Paragraph | Table] = []
    rows: list[Row] = []
    for block in document.blocks:
        if block.role is BlockRole.TABLE:
            rows.append(setter.row(block))
            continue
        if rows:
            parts.append(Table(tuple(rows)))
            rows = []
        parts.append(setter.paragraph(block))
    if rows:
        parts.append(Table(tuple(rows)))
    return parts


def contents(document: OfficialDocument) -> list[Entry]:
    """Return the clause tree (条款目录) as nested lines; items (项) of an article are too many to find one's way by."""
    roots: list[Entry] = []
    above: list[tuple[int, Entry]] = []
    for clause in document.clauses:
        while above and above[-1][0] >= clause.level:
            above.pop()
        if any(_ARTICLE.match(entry.text) for _, entry in above):
            continue
        heading = clause.heading.of(document.text)
        entry = Entry(heading, clause.span.start, is_number=_ARTICLE.fullmatch(heading) is not None)
        (above[-1][1].children if above else roots).append(entry)
        above.append((clause.level, entry))
    return roots


class _Setter:
    """Cuts one document's blocks into segments, in reading order."""

    def __init__(self, document: OfficialDocument, marked: Span | None) -> None:
        self._text = document.text
        self._marked = marked
        self._headings = {clause.heading.start: clause for clause in document.clauses}
        self._starts = sorted(self._headings)
        spans = document.elements.spans
        self._titles = spans.get("title", ())
        self._numbers = spans.get("document_number", ())
        self._issuers = (*spans.get("issuer", ()), *spans.get("co_issuers", ()))
        self._days = spans.get("issued_on", ())
        self._issuer_names = {document.elements.issuer, *document.elements.co_issuers}
        self._has_marked = False

    def paragraph(self, block: Block) -> Paragraph:
        clause = self._headings.get(block.span.start)
        look = self._look(block)
        level = 0
        if clause is not None and look is Look.BODY and clause.heading == block.span:
            # A whole item ended by a stop is a sentence, not a title.
            level = 0 if clause.heading.of(self._text).endswith(_STOPS) else clause.level
            look = Look.HEADING if level else Look.BODY
        return Paragraph(block.span.start, look, level, tuple(self._segments(block.span, block)))

    def row(self, block: Block) -> Row:
        cells = []
        at = block.span.start
        for cell in block.span.of(self._text).split("\t"):
            cells.append(tuple(self._segments(Span(at, at + len(cell)), block)))
            at += len(cell) + 1
        return Row(block.span.start, tuple(cells))

    def _look(self, block: Block) -> Look:
        if block.role in _LOOK_OF_ROLE:
            return _LOOK_OF_ROLE[block.role]
        if _touches(block.span, self._titles):
            return Look.TITLE
        if block.role is BlockRole.FOOT:
            # The issuer's span may be its name in the head; the signature says it again.
            is_signature = _touches(block.span, (*self._issuers, *self._days)) or (
                squeeze(block.span.of(self._text)) in self._issuer_names
            )
            return Look.SIGNATURE if is_signature else Look.FOOT
        if _touches(block.span, self._numbers):
            return Look.NUMBER
        is_letterhead = _touches(block.span, self._issuers) and not _ADOPTION.match(block.span.of(self._text))
        return Look.ISSUER if is_letterhead else Look.HEAD

    def _segments(self, span: Span, block: Block) -> Iterator[Segment]:
        """Cut ``span``, a part of ``block``, where clauses, headings and cited words begin and end."""
        first, last = (bisect_left(self._starts, at) for at in (span.start, span.end))
        headings = [
            clause.heading
            for clause in (self._headings[at] for at in self._starts[first:last])
            if self._stands_out(clause, block.span)
        ]
        cuts = {span.start, span.end, *self._starts[first:last]}
        cuts |= {min(heading.end, span.end) for heading in headings}
        if self._marked is not None:
            cuts |= {at for at in (self._marked.start, self._marked.end) if span.start < at < span.end}
        for start, end in pairwise(sorted(cuts)):
            is_marked = self._marked is not None and self._marked.contains(Span(start, end))
            yield Segment(
                text=self._text[start:end],
                anchor=start if start in self._headings and start != block.span.start else None,
                is_heading=any(h.contains(Span(start, end)) for h in headings),
                is_marked=is_marked,
                is_first_mark=is_marked and not self._has_marked,
            )
            self._has_marked = self._has_marked or is_marked

    def _stands_out(self, clause: Clause, block: Span) -> bool:
        """Whether a heading is a title of its own or runs into text that follows; else it is the whole item."""
        if clause.heading == block:
            return not clause.heading.of(self._text).endswith(_STOPS)
        return bool(self._text[clause.heading.end : block.end].strip(_STOP_CHARACTERS))


def _touches(block: Span, spans: Sequence[Span]) -> bool:
    return any(block.overlaps(span) for span in spans)
