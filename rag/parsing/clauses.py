"""Clause tree (条款): 编, 章, 节, 条, 一、, （一）, 1., （1）, ①, 一是 and Markdown headings.

Levels nest in the order in which their styles first appear; an annex starts afresh.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.domain.passage import Clause
from rag.parsing.foot import is_annex
from rag.parsing.markers import INLINE, Marker, Style, leading_marker
from rag.parsing.sheet import Sheet, value_of
from rag.text import chinese_number

_LONGEST_TITLE = 50
"""Characters; a first sentence longer than this is body and not a title."""

_STOP = re.compile(r"[。！？]")
_PAUSE = re.compile(r"[：:；;，,]")
_ORDER = {style: rank for rank, style in enumerate(Style)}

# 第五条　【名称】 or 第五条 名称: an article's own title is short and without a stop.
_ARTICLE_TITLE = re.compile(r"[【〔\[（(][^】〕\]）)]{2,30}[】〕\]）)]")


@dataclass(slots=True)
class _Opening:
    """A place where a clause begins."""

    start: int
    heading_end: int
    style: Style
    depth: int
    """Level of a Markdown heading, else 0."""
    ordinal: int
    limit: int | None = None
    """Where it ends at the latest: the last 三是 does not run on over the paragraphs below it."""

    @property
    def key(self) -> tuple[Style, int]:
        """What makes two openings of one level."""
        return self.style, self.depth


def read_clauses(sheet: Sheet, head_end: int) -> tuple[Clause, ...]:
    """Read the clause tree, each parent before its children."""
    openings: list[_Opening] = []
    breaks: list[int] = []
    for number in range(head_end, len(sheet.lines)):
        line = sheet.lines[number]
        if number in sheet.foot:
            breaks.append(line.span.start)
            continue
        if line.is_table_row:
            continue
        words = sheet.words(number)
        if is_annex(words):
            breaks.append(line.span.start)
            continue
        opening = _line_opening(sheet, number, words, openings)
        if opening is not None:
            openings.append(opening)
        openings.extend(_inline_openings(sheet, number, words, opening))
    breaks.extend(_closing(sheet, openings))
    openings = _sequential(openings, breaks)
    return _nest(sheet, openings, breaks)


# 最后，再次感谢…: words to the reader after the last clause.
_CLOSING_WORDS = re.compile(
    r"(?:最后[，,]|再次(?:对|感谢|衷心)|(?:衷心|非常|诚挚)?感谢|特此|专此|此复|以上(?:答复|意见|情况|回复)|对以上|欢迎(?:您|你)|下一步[，,]?我|如(?:您|有).{0,12}(?:意见|疑问))"
)


def _closing(sheet: Sheet, openings: list[_Opening]) -> list[int]:
    """Return where the closing words begin that stand below the last numbered clause, if any."""
    last = max((o.start for o in openings), default=None)
    if last is None:
        return []
    below = (line.span.start for line in sheet.lines if line.span.start > last and not line.is_table_row)
    return [start for start in below if _CLOSING_WORDS.match(sheet.plain, start)][:1]


def _line_opening(sheet: Sheet, number: int, words: str, before: list[_Opening]) -> _Opening | None:
    line = sheet.lines[number]
    marker = leading_marker(words)
    if marker is not None and marker.style is not Style.INLINE:
        if marker.style is Style.ARTICLE and not _follows(marker, before):
            return None
        end = _heading_end(words, marker)
        return _Opening(line.span.start, line.span.start + end, marker.style, 0, marker.ordinal)
    if line.level and marker is None:
        return _Opening(line.span.start, line.span.end, Style.HEADING, line.level, 0)
    return None


def _follows(marker: Marker, before: Sequence[_Opening]) -> bool:
    """Whether an article carries on the count; 第三条 out of turn is a reference at the start of a line."""
    last = next((o.ordinal for o in reversed(before) if o.style is Style.ARTICLE), None)
    return last is None or marker.ordinal in (last, last + 1, 1)


def _heading_end(words: str, marker: Marker) -> int:
    """Return where the heading ends: at the first 。 when the body runs on, else at the line's end."""
    rest = words[marker.end :]
    if marker.style is Style.ARTICLE:
        title = _ARTICLE_TITLE.match(rest)
        if title is not None:
            return marker.end + title.end()
        return len(words) if len(rest) <= 20 and not _STOP.search(rest) else len(words[: marker.end].rstrip())
    stop = _STOP.search(rest)
    end = marker.end + (stop.start() if stop else len(rest))
    if end - marker.end <= _LONGEST_TITLE:
        return end
    pause = _PAUSE.search(rest, 2, _LONGEST_TITLE)
    return marker.end + pause.start() if pause else len(words[: marker.end].rstrip())


# ----------------------------------------------------------------------------------------- inline


def _inline_openings(sheet: Sheet, number: int, words: str, parent: _Opening | None) -> list[_Opening]:
    if "是" not in words and "要" not in words:
        return []
    line = sheet.lines[number]
    found: list[_Opening] = []
    for match in INLINE.finditer(words):
        ordinal = chinese_number(match["ordinal"])
        start = match.start()
        if ordinal is None or (parent is not None and line.span.start + start < parent.heading_end):
            continue
        stop = _STOP.search(words, match.end())
        end = stop.start() if stop else len(words)
        if end - start > _LONGEST_TITLE:
            pause = _PAUSE.search(words, match.end() + 2, start + _LONGEST_TITLE)
            end = pause.start() if pause else match.end()
        found.append(_Opening(line.span.start + start, line.span.start + end, Style.INLINE, 0, ordinal, line.span.end))
    return found


def _sequential(openings: list[_Opening], breaks: list[int]) -> list[_Opening]:
    """Keep 一是, 二是 … that count up within one clause; a lone 一是 enumerates nothing."""
    kept: list[_Opening] = []
    run: list[_Opening] = []
    edges = iter([*sorted(breaks), -1])
    edge = next(edges)

    def close() -> None:
        if len(run) > 1:
            for opening in run[:-1]:
                opening.limit = None
            kept.extend(run)
        run.clear()

    for opening in openings:
        while edge != -1 and edge < opening.start:
            close()
            edge = next(edges)
        if opening.style is not Style.INLINE:
            close()
            kept.append(opening)
        elif opening.ordinal == 1:
            close()
            run.append(opening)
        elif run and opening.ordinal == run[-1].ordinal + 1:
            run.append(opening)
    close()
    kept.sort(key=lambda opening: opening.start)
    for opening, following in pairwise(kept):  # 一是…；二是…。
        opening.heading_end = min(opening.heading_end, following.start)
    return kept


# ------------------------------------------------------------------------------------------- tree


def _nest(sheet: Sheet, openings: list[_Opening], breaks: list[int]) -> tuple[Clause, ...]:
    ends = _ends_of_parts(sheet, breaks)
    clauses: list[Clause | None] = []
    stack: list[tuple[int, _Opening]] = []
    part = 0
    rank: dict[tuple[Style, int], int] = {}

    def close(down_to: int, at: int) -> None:
        while len(stack) > down_to:
            index, opening = stack.pop()
            path = (*(_title(sheet, above) for _, above in stack), _title(sheet, opening))
            clauses[index] = Clause(
                span=sheet.trimmed(opening.start, at if opening.limit is None else min(at, opening.limit)),
                heading=sheet.trimmed(opening.start, opening.heading_end, " \t\u3000\n；;，,"),
                level=len(path),
                path=path,
            )

    for position, opening in enumerate(openings):
        while ends[part] < opening.start:
            close(0, ends[part])
            rank = {}
            part += 1
        close(_depth(position, openings, stack, rank), opening.start)
        stack.append((len(clauses), opening))
        clauses.append(None)
    close(0, ends[part])
    return tuple(clause for clause in clauses if clause is not None)


def _ends_of_parts(sheet: Sheet, breaks: list[int]) -> list[int]:
    return [*sorted(breaks), len(sheet.text)]


def _title(sheet: Sheet, opening: _Opening) -> str:
    return value_of(sheet.trimmed(opening.start, opening.heading_end, " \t\u3000\n；;，,").of(sheet.text))


def _depth(
    position: int,
    openings: Sequence[_Opening],
    stack: list[tuple[int, _Opening]],
    rank: dict[tuple[Style, int], int],
) -> int:
    """Return how many of the open clauses hold this one.

    A style seen before stands where it stood. A new one goes below what is open, unless official usage ranks
    it higher and the open count does not go on (a list 1. 2. 3. above the first 一、 is not its parent).
    """
    opening = openings[position]
    for at, (_, above) in enumerate(stack):
        if above.key == opening.key:
            return at
    if opening.style is Style.INLINE:
        return len(stack)
    depth = len(stack)
    while depth and stack[depth - 1][1].style is Style.INLINE:
        depth -= 1  # a numbered line closes 一是
    if opening.key in rank:
        while depth and rank[stack[depth - 1][1].key] > rank[opening.key]:
            depth -= 1
        return depth
    while depth and _ranks_higher(opening, stack[depth - 1][1]):
        if _goes_on(stack[depth - 1][1], openings, position + 1):
            break
        depth -= 1
    _insert(opening.key, rank[stack[depth - 1][1].key] + 1 if depth else 0, rank)
    return depth


def _insert(key: tuple[Style, int], place: int, rank: dict[tuple[Style, int], int]) -> None:
    """Give ``key`` the rank ``place``; what ranked there or below moves down."""
    for other, value in list(rank.items()):
        if value >= place:
            rank[other] = value + 1
    rank[key] = place


def _ranks_higher(opening: _Opening, above: _Opening) -> bool:
    """Whether official usage sets ``opening`` above ``above``."""
    if opening.style is above.style is Style.HEADING:
        return opening.depth < above.depth
    is_heading = opening.style is Style.HEADING or above.style is Style.HEADING
    return not is_heading and _ORDER[opening.style] < _ORDER[above.style]


def _goes_on(above: _Opening, openings: Sequence[_Opening], start: int) -> bool:
    """Whether the next number in the style of ``above`` is the one after it."""
    for position in range(start, len(openings)):
        if openings[position].style is above.style:
            return openings[position].ordinal == above.ordinal + 1
    return False
