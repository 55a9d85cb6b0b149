"""Numbered places to a tree: which clause (条款) holds which.

Levels nest in the order in which their styles first appear; an annex starts afresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.parsing.markers import Style
from rag.parsing.sheet import Sheet, value_of

_ORDER = {style: rank for rank, style in enumerate(Style)}
_EDGE = " \t\u3000\n；;，,"


@dataclass(slots=True)
class Opening:
    """A place where a clause begins.

    Attributes:
        depth: Level of a Markdown heading, else 0.
        limit: Where it ends at the latest: the last 三是 does not run on over the paragraphs below it.
    """

    start: int
    heading_end: int
    style: Style
    depth: int
    ordinal: int
    limit: int | None = None

    @property
    def key(self) -> tuple[Style, int]:
        """What makes two openings of one level."""
        return self.style, self.depth

    def heading(self, sheet: Sheet) -> Span:
        """Return where its number and title stand."""
        heading = sheet.trimmed(self.start, self.heading_end, _EDGE)
        return heading if len(heading) else sheet.trimmed(self.start, self.heading_end)


def nest(sheet: Sheet, openings: Sequence[Opening], breaks: Sequence[int]) -> tuple[Clause, ...]:
    """Return the clauses that begin at ``openings``, each parent before its children.

    Args:
        sheet: The document.
        openings: In order.
        breaks: Where lines stand that no clause goes over, such as a signature; an annex does.
    """
    ends = [*sorted(breaks), len(sheet.text)]
    clauses: list[Clause | None] = []
    stack: list[tuple[int, Opening, str]] = []
    part = 0
    rank: dict[tuple[Style, int], int] = {}
    next_ordinals = _next_ordinals(openings)

    def close(down_to: int, at: int) -> None:
        while len(stack) > down_to:
            index, opening, _ = stack.pop()
            path = (*(title for _, _, title in stack), titles[index])
            clauses[index] = Clause(
                span=sheet.trimmed(opening.start, at if opening.limit is None else min(at, opening.limit)),
                heading=opening.heading(sheet),
                level=len(path),
                path=path,
            )

    titles = [_title(sheet, opening) for opening in openings]
    for position, opening in enumerate(openings):
        while ends[part] < opening.start:
            is_in_annex = bool(stack) and stack[0][1].style is Style.ANNEX
            close(1 if is_in_annex else 0, ends[part])
            rank = {stack[0][1].key: 0} if is_in_annex else {}
            part += 1
        if opening.style is Style.ANNEX:
            close(0, opening.start)
            rank = {opening.key: 0}
        else:
            close(_depth(opening, next_ordinals[position], stack, rank), opening.start)
        stack.append((position, opening, titles[position]))
        clauses.append(None)
    while part < len(ends):
        close(1 if stack and stack[0][1].style is Style.ANNEX and part < len(ends) - 1 else 0, ends[part])
        part += 1
    return tuple(clause for clause in clauses if clause is not None)


def _title(sheet: Sheet, opening: Opening) -> str:
    """Return the heading's words; 附件1 and the annex's title stand on two lines."""
    number, _, title = opening.heading(sheet).of(sheet.text).partition("\n")
    return f"{value_of(number)} {value_of(title)}" if title else value_of(number)


def _next_ordinals(openings: Sequence[Opening]) -> list[dict[Style, int]]:
    """Return for each opening the number that each style has next below it."""
    found: list[dict[Style, int]] = [{} for _ in openings]
    following: dict[Style, int] = {}
    for position in range(len(openings) - 1, -1, -1):
        found[position] = following
        opening = openings[position]
        if following.get(opening.style) != opening.ordinal:
            following = {**following, opening.style: opening.ordinal}
    return found


def _depth(
    opening: Opening,
    next_ordinal: dict[Style, int],
    stack: Sequence[tuple[int, Opening, str]],
    rank: dict[tuple[Style, int], int],
) -> int:
    """Return how many of the open clauses hold this one.

    A style seen before stands where it stood. A new one goes below what is open, unless official usage ranks
    it higher and the open count does not go on (a list 1. 2. 3. above the first 一、 is not its parent).
    """
    for at, (_, above, _) in enumerate(stack):
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
        above = stack[depth - 1][1]
        if next_ordinal.get(above.style) == above.ordinal + 1:
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


def _ranks_higher(opening: Opening, above: Opening) -> bool:
    """Whether official usage sets ``opening`` above ``above``."""
    if opening.style is above.style is Style.HEADING:
        return opening.depth < above.depth
    is_heading = opening.style is Style.HEADING or above.style is Style.HEADING
    return not is_heading and _ORDER[opening.style] < _ORDER[above.style]
