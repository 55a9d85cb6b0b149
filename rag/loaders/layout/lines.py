"""Runs to rows and lines: what stands on one baseline, with blanks where the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.domain.layout import Box
from rag.loaders.page import Run

# In heights of the type. Words of one row may stand that far above or below each other.
_ROW_TOLERANCE = 0.4
# A gap this wide may part columns or cells.
_STRETCH_GAP = 1.4
# A gap that is a blank: between Chinese characters only a whole one is, because justified lines are spaced out.
_WIDE_BLANK = 0.8
_NARROW_BLANK = 0.15
_TYPED_BLANK = 0.2
_FIGURE_BLANK = 0.6
# Smaller type beside a word and within its height: a note's mark, an exponent.
_RAISED_SIZE = 0.8
_RAISED_GAP = 0.5

# Words beside two rows are no further than this from either.
_FLANKING = 0.75

_LETTERS_SPACED = 4
_EVEN = 0.5  # heights of the type between the widest and the narrowest gap
_BLANKS = frozenset(" \u3000\t\u00a0")
_FIGURES = frozenset("0123456789.,%:/-")


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one baseline, read from left to right.

    Attributes:
        text: The words; a wide gap is one U+3000.
        edges: Left edge of each character and, last, the right edge of the last, in points.
        top: Of the highest character, in points.
        bottom: Of the lowest character, in points.
        page: 1-based.
        size: Height of most of its type, in points.
        is_bold: Whether all of it is set in a heavy face.
        confidence: Mean of the recognised characters, 0..1; ``None`` when none were.
    """

    text: str
    edges: tuple[float, ...]
    top: float
    bottom: float
    page: int
    size: float
    is_bold: bool = False
    confidence: float | None = None

    @property
    def left(self) -> float:
        """Left edge of the first character."""
        return self.edges[0]

    @property
    def right(self) -> float:
        """Right edge of the last character."""
        return self.edges[-1]

    @property
    def middle(self) -> float:
        """Half way between left and right."""
        return (self.edges[0] + self.edges[-1]) / 2

    @property
    def box(self) -> Box:
        """Place on the page."""
        return Box(self.edges[0], self.top, self.edges[-1], self.bottom)


def size_of(run: Run) -> float:
    """Return the height of a run's type; where the file does not say, that of its box."""
    return run.size or (run.box.bottom - run.box.top) or 1.0


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Group runs by baseline, rows from top to bottom, runs of a row from left to right."""
    rows: list[_Row] = []
    # Larger type first among equals, so that raised marks find the word they belong to.
    for run in sorted(runs, key=lambda run: run.box.top + run.box.bottom):
        row = next((row for row in reversed(rows[-6:]) if row.takes(run)), None)
        if row is None:
            rows.append(_Row(run))
        else:
            row.add(run)
    rows = _with_raised(rows)
    rows.sort(key=lambda row: row.middle)
    rows = _with_flanking(rows)
    return [_without_doubles(sorted(row.runs, key=lambda run: run.box.left)) for row in rows]


class _Row:
    __slots__ = ("middle", "runs", "size")

    def __init__(self, run: Run) -> None:
        self.runs = [run]
        self.middle = (run.box.top + run.box.bottom) / 2
        self.size = size_of(run)

    def takes(self, run: Run) -> bool:
        distance = abs((run.box.top + run.box.bottom) / 2 - self.middle)
        return distance < _ROW_TOLERANCE * min(self.size, size_of(run))

    def add(self, run: Run) -> None:
        self.runs.append(run)
        size = size_of(run)
        if size > self.size:
            self.size = size
            self.middle = (run.box.top + run.box.bottom) / 2


def _with_raised(rows: list[_Row]) -> list[_Row]:
    """Put raised and lowered marks into the row of the word they stand beside."""
    kept: list[_Row] = []
    for at, row in enumerate(rows):
        hosts = (*rows[max(0, at - 2) : at], *rows[at + 1 : at + 3])
        host = next((other for other in hosts if _is_raised(row, other)), None)
        if host is None:
            kept.append(row)
        else:
            host.runs.extend(row.runs)
    return kept


def _with_flanking(rows: list[_Row]) -> list[_Row]:
    """Put words set half way beside two rows, as 文件 is in a letterhead of two organs, into the upper one."""
    kept: list[_Row] = []
    for at, row in enumerate(rows):
        if kept and at + 1 < len(rows) and all(_flanks(row, other) for other in (kept[-1], rows[at + 1])):
            kept[-1].runs.extend(row.runs)
        else:
            kept.append(row)
    return kept


def _flanks(row: _Row, other: _Row) -> bool:
    right = max(run.box.right for run in other.runs)
    return (
        abs(row.middle - other.middle) < _FLANKING * max(row.size, other.size)
        and min(run.box.left for run in row.runs) >= right
    )


def _is_raised(row: _Row, host: _Row) -> bool:
    if row.size > _RAISED_SIZE * host.size or abs(row.middle - host.middle) > 0.6 * host.size:
        return False
    reach = _RAISED_GAP * row.size
    return all(
        any(
            -reach <= run.box.left - word.box.right <= reach or -reach <= word.box.left - run.box.right <= reach
            for word in host.runs
        )
        for run in row.runs
    )


def _without_doubles(runs: list[Run]) -> list[Run]:
    """Drop words drawn twice on nearly the same place, which is how some programs make them bold."""
    kept: list[Run] = []
    for run in runs:
        reach = 0.3 * size_of(run)
        if any(other.text == run.text and abs(other.box.left - run.box.left) < reach for other in kept[-3:]):
            continue
        kept.append(run)
    return kept


def stretches_of(row: Sequence[Run], gap: float = _STRETCH_GAP) -> list[list[Run]]:
    """Cut a row where a gap, in heights of the type, is wide enough to part columns or cells."""
    found: list[list[Run]] = []
    right = 0.0
    for run in row:
        if found and run.box.left - right < gap * size_of(run):
            found[-1].append(run)
        else:
            found.append([run])
            right = run.box.right
        right = max(right, run.box.right)
    return found


def line_of(runs: Sequence[Run], page: int) -> Line | None:
    """Set the runs of a row side by side, ``None`` when they are all blank."""
    words = _Words()
    sizes: dict[float, int] = {}
    for run in runs:
        size = size_of(run)
        sizes[size] = sizes.get(size, 0) + len(run.text)
        words.add(run, size)
    if not words.text:
        return None
    text, edges = words.spaced()
    scored = [(len(run.text), run.confidence) for run in runs if run.confidence is not None]
    return Line(
        text,
        edges,
        min(run.box.top for run in runs),
        max(run.box.bottom for run in runs),
        page,
        max(sizes, key=lambda size: sizes[size]),
        all(run.is_bold for run in runs),
        sum(n * score for n, score in scored) / sum(n for n, _ in scored) if scored else None,
    )


class _Words:
    """The characters of a row, put side by side."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._edges: list[float] = []
        self._gaps: list[tuple[int, float]] = []  # where a blank was put, and how wide it is in heights of the type
        self._right = 0.0
        self._is_typed = False

    def add(self, run: Run, size: float) -> None:
        edges = run.edges or _even_edges(run)
        if _BLANKS.isdisjoint(run.text):
            self._put(run.text, edges, size)
            return
        start = 0
        for at, character in enumerate(run.text):
            if character in _BLANKS:
                if at > start:
                    self._put(run.text[start:at], edges[start : at + 1], size)
                start, self._is_typed = at + 1, True
        if start < len(run.text):
            self._put(run.text[start:], edges[start:], size)

    def _put(self, word: str, edges: Sequence[float], size: float) -> None:
        if not word:
            return
        if self.text:
            gap = (edges[0] - self._right) / size
            blank = _blank(self.text[-1], word[0], gap, typed=self._is_typed)
            if blank:
                self._gaps.append((len(self.text), gap))
                self.text.append(blank)
                self._edges.append(min(self._right, edges[0]))
            if edges[0] < self._edges[-1]:  # words may overlap; edges never fall
                edges = [max(edge, self._edges[-1]) for edge in edges]
        self.text.extend(word)
        self._edges.extend(edges[:-1])
        self._right = edges[-1]
        self._is_typed = False

    def spaced(self) -> tuple[str, tuple[float, ...]]:
        """Return text and edges, without the blanks of words that are only spaced out."""
        edges = (*self._edges, max(self._right, self._edges[-1]))
        if not _is_spaced_out(self._gaps, self.text):
            return "".join(self.text), edges
        return "".join(self.text[::2]), (*edges[:-1:2], edges[-1])


def _even_edges(run: Run) -> tuple[float, ...]:
    """Return edges by the usual widths of characters: half for Latin, whole for Chinese."""
    widths = [1 if character < "\u2000" else 2 for character in run.text]
    unit = (run.box.right - run.box.left) / max(1, sum(widths))
    edges = [run.box.left]
    for width in widths:
        edges.append(edges[-1] + width * unit)
    return tuple(edges)


def _blank(before: str, after: str, gap: float, *, typed: bool) -> str:
    """Return what stands for a gap, in heights of the type, between two characters."""
    if gap < _NARROW_BLANK:
        return ""
    if before < "\u2000" and after < "\u2000":
        if gap >= _STRETCH_GAP:
            return "\u3000"
        return "" if gap < _FIGURE_BLANK and not typed and before in _FIGURES and after in _FIGURES else " "
    if gap >= _WIDE_BLANK:
        return "\u3000"
    return " " if typed and gap >= _TYPED_BLANK else ""


def _is_spaced_out(gaps: Sequence[tuple[int, float]], text: Sequence[str]) -> bool:
    """Whether Chinese characters stand apart evenly (某 市 人 民 政 府), which is a way to fill a line."""
    if len(gaps) < _LETTERS_SPACED - 1 or len(text) != 2 * len(gaps) + 1:
        return False
    widths = [width for _, width in gaps]
    return max(widths) - min(widths) < _EVEN and all(
        at == 2 * number + 1 and text[at + 1] >= "\u2000" for number, (at, _) in enumerate(gaps)
    )
