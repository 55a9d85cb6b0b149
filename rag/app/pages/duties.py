"""The page of duties (职责): who leads and who cooperates, as a table, with charts of who leads most and with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rag.answering.tallies import Agencies, Agency, all_agencies, by_lead, lead_and_cooperation
from rag.app.dependencies import ReadScope
from rag.app.fact_lists import duties_listed, duty_groups
from rag.app.pages.charts import Bars, Choice, Matrix, bars_of, matrix_of
from rag.app.pages.fact_pages import FactList, read_query
from rag.app.pages.links import Links
from rag.app.pages.navigation import Entry, Section
from rag.app.pages.rendering import LanguageHere, ReaderHere, page
from rag.app.requests import DutiesQuery
from rag.app.schemas import DutiesView
from rag.domain.document import Kind
from rag.domain.span import Span
from rag.store.records import DutyGroup

_BARS, _LEADING, _HELPING = 10, 8, 8

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("duties", "/duties"))


@router.get("/duties")
def duties_page(request: Request, reader: ReaderHere, scope: ReadScope, language: LanguageHere) -> HTMLResponse:
    """List duties under the conditions of the query string."""
    query, given, number = read_query(request, DutiesQuery)
    with reader.catalog.snapshot():
        shown = duties_listed(reader.catalog, query, scope=scope)
        view = DutiesView.of(shown.facts, reader.texts_of(shown.facts, scope=scope), total=shown.total)
        counted = duty_groups(reader.catalog, query, scope=scope)
    listed = FactList("duties", given, number, shown.total, Links(language))
    agencies = all_agencies(counted)
    names = _names(counted, agencies)
    return page(
        request,
        "duties.html",
        twin=listed.twin,
        listed=listed,
        query=query,
        view=view,
        leading=_leading(counted, agencies, names, listed),
        matrix=_matrix(counted, agencies, names, listed),
        kinds=[kind.value for kind in Kind],
        places=reader.catalog.places(scope=scope),
        span_of=Span,
        is_public_only=not scope.is_unrestricted,
    )


def _names(duties: Sequence[DutyGroup], agencies: Agencies) -> dict[Agency, str]:
    """Return what agencies are called: with their place, where another of the same name is about."""
    held = {agencies.of(name, each.place) for each in duties for name in (*each.lead, *each.cooperating)}
    homonyms = Counter(agency.name for agency in held)
    return {
        agency: f"{agency.name}·{agency.place}" if homonyms[agency.name] > 1 and agency.place else agency.name
        for agency in held
    }


def _leading(duties: Sequence[DutyGroup], agencies: Agencies, names: dict[Agency, str], listed: FactList) -> Bars:
    counted = [
        (Choice(names[each.agency], _only(listed, each.agency, "lead")), each.facts)
        for each in by_lead(duties, agencies)
    ]
    return bars_of(counted, most=_BARS)


def _matrix(
    duties: Sequence[DutyGroup], agencies: Agencies, names: dict[Agency, str], listed: FactList
) -> Matrix | None:
    """Return who works with whom: the agencies with most shared duties; ``None`` where nobody does."""
    pairs = lead_and_cooperation(duties, agencies)
    leading: Counter[Agency] = Counter()
    helping: Counter[Agency] = Counter()
    for (one, _), count in pairs.items():
        leading[one] += count
    rows = sorted(leading, key=lambda a: (-leading[a], names[a]))[:_LEADING]
    for (one, other), count in pairs.items():
        if one in rows:
            helping[other] += count
    columns = sorted(helping, key=lambda a: (-helping[a], names[a]))[:_HELPING]
    rows = [row for row in rows if any((row, column) in pairs for column in columns)]
    if not rows:
        return None
    return matrix_of(
        [(row, Choice(names[row], _only(listed, row, "lead"))) for row in rows],
        [(column, Choice(names[column], _only(listed, column, "cooperating"))) for column in columns],
        {pair: (count, None) for pair, count in pairs.items()},
        upright=False,
    )


def _only(listed: FactList, agency: Agency, role: str) -> str:
    """Return the address of what an agency does in a role, in its own place."""
    return listed.url(agency=agency.name, role=role, place=agency.place or listed.given.get("place"))
