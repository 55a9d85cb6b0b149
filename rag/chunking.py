"""Clause-aware passages (段落切分): documents become the stretches that are indexed and retrieved.

A passage never crosses a clause boundary unless the clauses are tiny siblings. A clause too long for
one passage is cut at Chinese sentence ends by ``RecursiveCharacterTextSplitter``. A responsibility bracket
〔…负责〕 always stays with its task, whatever the length. A heading that stands on a line of its own is
not repeated in the text of a passage: it is in the passage's ``section``.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from rag.domain.document import BlockRole, OfficialDocument
from rag.domain.layout import page_at
from rag.domain.obligation import DutyForm
from rag.domain.passage import Clause, Passage
from rag.domain.span import Span

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

PASSAGE_CHARACTERS = 300
"""Longest passage aimed at, in characters; chosen by measurement on the public sets (benchmarks/)."""

TINY_CHARACTERS = 100
"""Sibling clauses are put into one passage while together they are no longer than this."""

ATOMIC_CHARACTERS = 1_500
"""A task and its bracket stay together up to this length; no real one is longer."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch inside one block and one innermost clause.

    Attributes:
        clause: The clause; ``None`` above the first one.
        is_atomic: Whether it must stay whole.
    """

    span: Span
    clause: Clause | None
    page: int | None
    is_atomic: bool = False

    @property
    def section(self) -> tuple[str, ...]:
        """Heading path."""
        return self.clause.path if self.clause else ()

    @property
    def opens(self) -> bool:
        """Whether it begins with the number and title of its clause."""
        return self.clause is not None and self.clause.span.start == self.span.start


def cut(document: OfficialDocument, *, passage_characters: int = PASSAGE_CHARACTERS) -> tuple[Passage, ...]:
    """Cut a document's body into passages.

    Args:
        document: What to cut. Elements above and below the body (标题、落款、版记) are left out; a document
            without a body is cut whole, so that nothing taken in is out of reach of search.
        passage_characters: Longest passage aimed at.

    Returns:
        Passages in reading order. They do not overlap, and together they hold every body character but
        line ends and headings that stand alone over other text.
    """
    segments = _without_bare_headings(_segments(document))
    passages: list[Passage] = []
    for group in _groups(segments, passage_characters):
        first = group[0]
        span = Span(first.span.start, group[-1].span.end)
        keep = len(group) > 1 or first.is_atomic
        for piece in [span] if keep else _split(document.text, span, passage_characters):
            ordinal = len(passages)
            passages.append(
                Passage(
                    passage_id=f"{document.document_id}-{ordinal}",
                    document_id=document.document_id,
                    ordinal=ordinal,
                    span=piece,
                    section=_common_section(group),
                    page=page_at(document.regions, piece.start),
                    text=piece.of(document.text),
                )
            )
    return tuple(passages)


def _segments(document: OfficialDocument) -> list[_Segment]:
    blocks = [b for b in document.blocks if b.role in (BlockRole.BODY, BlockRole.TABLE)] or list(document.blocks)
    starts = sorted({clause.span.start for clause in document.clauses})
    bonds = _bonds(document)
    segments: list[_Segment] = []
    stack: list[Clause] = []
    clauses = iter(sorted(document.clauses, key=lambda c: (c.span.start, c.level)))
    upcoming = next(clauses, None)
    cursor = 0
    for block in blocks:
        edges = [block.span.start]
        while cursor < len(starts) and starts[cursor] < block.span.end:
            inner = starts[cursor] > block.span.start
            if inner and not any(bond.start < starts[cursor] < bond.end for bond in bonds.get(block.span, ())):
                edges.append(starts[cursor])
            cursor += 1
        for start, end in zip(edges, [*edges[1:], block.span.end], strict=True):
            span = _strip(document.text, start, end)
            if span is None:
                continue
            while upcoming is not None and upcoming.span.start <= span.start:
                stack = [*(c for c in stack if c.span.end > upcoming.span.start and c.level < upcoming.level), upcoming]
                upcoming = next(clauses, None)
            stack = [c for c in stack if c.span.end > span.start]
            bonded = any(span.contains(bond) for bond in bonds.get(block.span, ()))
            segments.append(_Segment(span, stack[-1] if stack else None, block.page, bonded))
    return segments


def _bonds(document: OfficialDocument) -> dict[Span, list[Span]]:
    """Return, by block, the stretches from a task to its bracket that must not be cut."""
    bonds: dict[Span, list[Span]] = {}
    starts = [block.span.start for block in document.blocks]
    for duty in document.duties:
        if duty.form is not DutyForm.BRACKET:
            continue
        block = document.blocks[max(0, bisect_right(starts, duty.span.start) - 1)].span
        if block.contains(duty.span):
            start = duty.task_span.start if block.contains(duty.task_span) else duty.span.start
            bond = Span(min(start, duty.span.start), duty.span.end)
            if len(bond) <= ATOMIC_CHARACTERS:
                bonds.setdefault(block, []).append(bond)
    return bonds


def _strip(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _without_bare_headings(segments: list[_Segment]) -> list[_Segment]:
    """Drop headings that stand alone and have text under them: ``section`` carries their words."""
    kept: list[_Segment] = []
    for segment, following in zip_longest(segments, segments[1:]):
        # By place, not by words: two clauses may bear the same heading.
        has_text_below = (
            following is not None and segment.clause is not None and segment.clause.span.contains(following.span)
        )
        # 附件1 and its title are one heading on two lines.
        is_heading = segment.clause is not None and segment.clause.heading.contains(segment.span)
        if not (is_heading and has_text_below):
            kept.append(segment)
    return kept


def _groups(segments: list[_Segment], passage_characters: int) -> list[list[_Segment]]:
    groups: list[list[_Segment]] = []
    for segment in segments:
        if groups and _fit(groups[-1], segment, passage_characters):
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return groups


def _fit(group: list[_Segment], segment: _Segment, passage_characters: int) -> bool:
    if segment.is_atomic or group[-1].is_atomic:
        return False
    length = segment.span.end - group[0].span.start
    if segment.clause == group[0].clause == group[-1].clause:
        return length <= passage_characters
    # What stands under a heading of its own line has the heading in its section, which siblings do not share.
    keeps_headings = group[0].opens and (segment.opens or segment.clause == group[-1].clause)
    siblings = len(segment.section) == len(group[-1].section) and segment.section[:-1] == group[-1].section[:-1]
    return keeps_headings and siblings and length <= min(TINY_CHARACTERS, passage_characters)


def _common_section(group: list[_Segment]) -> tuple[str, ...]:
    section = group[0].section
    for segment in group[1:]:
        while segment.section[: len(section)] != section:
            section = section[:-1]
    return section


def _split(text: str, span: Span, passage_characters: int) -> list[Span]:
    if len(span) <= passage_characters:
        return [span]
    # Even pieces: the splitter fills greedily and would leave a stub at the end.
    target = math.ceil(len(span) / math.ceil(len(span) / passage_characters))
    slack = min(passage_characters, target + passage_characters // 8)
    spans: list[Span] = []
    for piece in _splitter(slack).create_documents([span.of(text)]):
        start = span.start + int(piece.metadata["start_index"])
        stripped = _strip(text, start, start + len(piece.page_content))
        if stripped is not None:
            spans.append(stripped)
    return spans


@lru_cache(maxsize=64)
def _splitter(characters: int) -> RecursiveCharacterTextSplitter:
    # Imported when a clause is too long: it takes .25 s, and short documents have none.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        separators=["\n", "。", "；", ";", "！", "？", "，", "、", " ", ""],
        keep_separator="end",
        chunk_size=characters,
        chunk_overlap=0,
        strip_whitespace=False,
        add_start_index=True,
    )
