"""The order of work: rows, tables, furniture, columns, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain.layout import Box
from rag.loaders.layout.aligned import find_aligned
from rag.loaders.layout.columns import Column, ColumnReader
from rag.loaders.layout.grids import Table, find_grids
from rag.loaders.layout.lines import Line, line_of, rows_of
from rag.loaders.layout.margins import without_margins
from rag.loaders.layout.measure import Measure, Setting, lines_of, measures_of, setting_of
from rag.loaders.layout.notes import split_notes
from rag.loaders.layout.paragraphs import Paragraphs
from rag.loaders.layout.tables import Tables
from rag.loaders.page import Page, Run
from rag.loaders.raw import Fragment, RawBlock


def arrange(pages: Sequence[Page], left_out: list[RawBlock] | None = None) -> list[RawBlock]:
    """Return the blocks of a file's pages in reading order, without page furniture.

    Args:
        pages: All pages of the file, in order; furniture is told by what they have in common.
        left_out: Is given the furniture, a block a line.
    """
    grids = [find_grids(page) for page in pages]
    rows = without_margins(pages, [rows_of(rest) for _, rest in grids])
    if left_out is not None:
        left_out += [_whole(row, page.number) for page, of in zip(pages, rows, strict=True) for row in of.left_out]
    laid: list[tuple[Sequence[Sequence[Run]], Sequence[Table], int]] = []
    for page, (tables, _), page_rows in zip(pages, grids, rows, strict=True):
        aligned, rest = find_aligned(page_rows.text, page.rules, page.number)
        laid.append((rest, sorted([*tables, *aligned], key=lambda table: table.top), page.number))
    reader = ColumnReader()
    columns = [reader.read(*page_laid) for page_laid in laid]
    if reader.gutters:  # those found on later pages may be those of earlier ones
        columns = [reader.read(*page_laid) for page_laid in laid]
    columns = [
        [*_aside(page_rows.heads, page.number), *of_page, *_aside(page_rows.feet, page.number)]
        for page, page_rows, of_page in zip(pages, rows, columns, strict=True)
    ]
    widths = [page.width for page, of_page in zip(pages, columns, strict=True) for _ in of_page]
    return _blocks([column for of_page in columns for column in of_page], widths)


def _whole(row: Sequence[Run], page: int) -> RawBlock:
    """Return a row of words as one line, in the place of them all."""
    text = "\u3000".join(run.text for run in row)
    boxes = [run.box for run in row]
    place = Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    return RawBlock(text, page, fragments=(Fragment(0, len(text), page, place),))


def _aside(rows: Sequence[Sequence[Run]], page: int) -> list[Column]:
    lines = tuple(line for row in rows if (line := line_of(row, page)) is not None)
    return [Column(lines, page, is_whole=True, is_aside=True)] if lines else []


def _blocks(columns: Sequence[Column], widths: Sequence[float]) -> list[RawBlock]:
    measures = measures_of(columns, widths)
    setting = setting_of(columns, measures)
    paragraphs, tables = Paragraphs(setting), Tables()
    found: list[RawBlock] = []
    notes: list[tuple[int, list[RawBlock]]] = []
    for column, measure in zip(columns, measures, strict=True):
        if column.is_aside:
            asides = _note_blocks(lines_of(column), measure, setting)
            notes.append((len(found) + paragraphs.count + tables.count, asides))
            continue
        paragraphs.enter(measure)
        items, note_lines = split_notes(column.items, setting.size)
        for item in items:
            if isinstance(item, Table):
                found.extend(paragraphs.end())
                tables.take(item)
                continue
            found.extend(tables.end())
            found.extend(paragraphs.take(item))
        if note_lines:
            notes.append((len(found) + paragraphs.count, _note_blocks(note_lines, measure, setting)))
    found.extend(tables.end())
    found.extend(paragraphs.end())
    return _with_notes(found, notes)


def _note_blocks(lines: Sequence[Line], measure: Measure, setting: Setting) -> list[RawBlock]:
    paragraphs = Paragraphs(setting)
    paragraphs.enter(measure)
    blocks = [block for line in lines for block in paragraphs.take(line)]
    return [*blocks, *paragraphs.end()]


def _with_notes(blocks: list[RawBlock], notes: Sequence[tuple[int, list[RawBlock]]]) -> list[RawBlock]:
    """Put the notes of a page, and what stands aside, behind the paragraph or table that goes on from it."""
    for at, note_blocks in reversed(notes):
        end = at
        while 0 < end < len(blocks) and _goes_on(blocks[end - 1], blocks[end]):
            end += 1
        blocks[end:end] = note_blocks
    return blocks


def _goes_on(before: RawBlock, block: RawBlock) -> bool:
    if before.is_table_row:
        return block.is_table_row and not block.follows_blank
    return bool(block.continues)
