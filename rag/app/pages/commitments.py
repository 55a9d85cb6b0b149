"""The page of commitments (承诺): what is planned, aimed at and done, as a table, with a chart by place and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rag.answering.tallies import Cell, by_place_and_year
from rag.app.commitment_views import CommitmentsView
from rag.app.dependencies import ReadScope
from rag.app.fact_lists import commitment_groups, commitments_listed
from rag.app.pages.charts import Choice, Matrix, matrix_of
from rag.app.pages.fact_pages import FactList, read_query
from rag.app.pages.links import Links
from rag.app.pages.navigation import Entry, Section
from rag.app.pages.rendering import LanguageHere, ReaderHere, page
from rag.app.requests import CommitmentsQuery
from rag.app.words.catalogue import Texts
from rag.domain.commitment import CommitmentStatus
from rag.domain.document import Kind
from rag.domain.span import Span
from rag.store.records import CommitmentGroup

_PLACES, _YEARS = 12, 10

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("commitments", "/commitments"))


@router.get("/commitments")
def commitments_page(request: Request, reader: ReaderHere, scope: ReadScope, language: LanguageHere) -> HTMLResponse:
    """List commitments under the conditions of the query string."""
    query, given, number = read_query(request, CommitmentsQuery)
    with reader.catalog.snapshot():
        shown = commitments_listed(reader.catalog, query, scope=scope)
        view = CommitmentsView.of(shown.facts, reader.texts_of(shown.facts, scope=scope), total=shown.total)
        counted = commitment_groups(reader.catalog, query, scope=scope)
        # The statuses are counted beside each other, whichever is chosen.
        of_any_status = query.model_copy(update={"status": None})
        statuses: Counter[CommitmentStatus] = Counter()
        for each in commitment_groups(reader.catalog, of_any_status, scope=scope):
            statuses[each.status] += each.facts
    listed = FactList("commitments", given, number, shown.total, Links(language))
    return page(
        request,
        "commitments.html",
        twin=listed.twin,
        listed=listed,
        query=query,
        view=view,
        statuses=[(status.value, statuses[status]) for status in CommitmentStatus],
        matrix=_matrix(counted, listed, Texts(language)),
        due=_due(counted, listed, Texts(language)),
        kinds=[kind.value for kind in Kind],
        places=reader.catalog.places(scope=scope),
        span_of=Span,
        is_public_only=not scope.is_unrestricted,
    )


def _matrix(found: Sequence[CommitmentGroup], listed: FactList, texts: Texts) -> Matrix | None:
    """Return commitments by place and year of issue, what has no row or column of its own taken together."""
    counts = by_place_and_year(found)
    by_place: Counter[str | None] = Counter()
    by_year: Counter[int | None] = Counter()
    for cell, count in counts.items():
        by_place[cell.place] += count
        by_year[cell.year] += count
    if not counts:
        return None
    places = sorted((p for p in by_place if p is not None), key=lambda p: (-by_place[p], p))[:_PLACES]
    years = sorted(sorted((y for y in by_year if y is not None), reverse=True)[:_YEARS])
    other, earlier = object(), object()

    def row_of(cell: Cell) -> object:
        return cell.place if cell.place in places or cell.place is None else other

    def column_of(cell: Cell) -> object:
        return cell.year if cell.year in years or cell.year is None else earlier

    merged: Counter[tuple[object, object]] = Counter()
    for cell, count in counts.items():
        merged[row_of(cell), column_of(cell)] += count
    rows: list[tuple[object, Choice]] = [(place, Choice(place, listed.url(place=place))) for place in places]
    columns: list[tuple[object, Choice]] = [
        (year, Choice(str(year), listed.url(year_from=year, year_to=year))) for year in years
    ]
    if any(row is other for row, _ in merged):
        rows.append((other, Choice(texts("facts.other_places"))))
    if any(row is None for row, _ in merged):
        rows.append((None, Choice(texts("facts.no_place"))))
    if any(column is earlier for _, column in merged):
        columns.insert(0, (earlier, Choice(texts("facts.earlier"))))
    if any(column is None for _, column in merged):
        columns.append((None, Choice(texts("facts.no_year"))))
    linked = {
        (row, column): (
            count,
            listed.url(place=str(row), year_from=str(column), year_to=str(column))
            if isinstance(row, str) and isinstance(column, int)
            else None,
        )
        for (row, column), count in merged.items()
    }
    return matrix_of(rows, columns, linked)


def _due(found: Sequence[CommitmentGroup], listed: FactList, texts: Texts) -> Matrix | None:
    """Return commitments by status and the year they are due, the latest years; ``None`` where no deadline is said."""
    counts: Counter[tuple[CommitmentStatus, int]] = Counter()
    for each in found:
        if each.due is not None:
            counts[each.status, each.due] += each.facts
    years = sorted({year for _, year in counts})[-_YEARS:]
    if not years:
        return None
    statuses = [status for status in CommitmentStatus if any(held is status for held, _ in counts)]

    def within(year: int) -> dict[str, str]:
        return {"due_from": f"{year:04}-01-01", "due_to": f"{year:04}-12-31"}

    return matrix_of(
        [(status, Choice(texts(f"status.{status.value}"), listed.url(status=status.value))) for status in statuses],
        [(year, Choice(str(year), listed.url(**within(year)))) for year in years],
        {
            (status, year): (count, listed.url(status=status.value, **within(year)))
            for (status, year), count in counts.items()
        },
    )
