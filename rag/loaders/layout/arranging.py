"""The order of work: rows, tables, furniture, columns, paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from rag.loaders.layout.aligned import find_aligned
from rag.loaders.layout.columns import Column, ColumnReader
from rag.loaders.layout.grids import Table, find_grids
from rag.loaders.layout.lines import rows_of
from rag.loaders.layout.margins import without_margins
from rag.loaders.layout.measure import measures_of, setting_of
from rag.loaders.layout.paragraphs import Paragraphs
from rag.loaders.layout.tables import Tables
from rag.loaders.page import Page, Run
from rag.loaders.raw import RawBlock


def arrange(pages: Sequence[Page]) -> list[RawBlock]:
    """Return the blocks of a file's pages in reading order, without page furniture.

    Args:
        pages: All pages of the file, in order; furniture is told by what they have in common.
    """
    grids = [find_grids(page) for page in pages]
    rows = without_margins(pages, [rows_of(rest) for _, rest in grids])
    laid: list[tuple[Sequence[Sequence[Run]], Sequence[Table], int]] = []
    for page, (tables, _), page_rows in zip(pages, grids, rows, strict=True):
        aligned, rest = find_aligned(page_rows, page.rules, page.number)
        laid.append((rest, sorted([*tables, *aligned], key=lambda table: table.top), page.number))
    reader = ColumnReader()
    columns = [reader.read(*page_laid) for page_laid in laid]
    if reader.gutters:  # those found on later pages may be those of earlier ones
        columns = [reader.read(*page_laid) for page_laid in laid]
    widths = [page.width for page, of_page in zip(pages, columns, strict=True) for _ in of_page]
    return _blocks([column for of_page in columns for column in of_page], widths)


def _blocks(columns: Sequence[Column], widths: Sequence[float]) -> list[RawBlock]:
    measures = measures_of(columns, widths)
    paragraphs, tables = Paragraphs(setting_of(columns, measures)), Tables()
    found: list[RawBlock] = []
    for column, measure in zip(columns, measures, strict=True):
        paragraphs.enter(measure)
        for item in column.items:
            if isinstance(item, Table):
                if (last := paragraphs.end()) is not None:
                    found.append(last)
                tables.take(item)
                continue
            found.extend(tables.end())
            if (last := paragraphs.take(item)) is not None:
                found.append(last)
    found.extend(tables.end())
    if (last := paragraphs.end()) is not None:
        found.append(last)
    return found
