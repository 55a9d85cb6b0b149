"""Lists of facts as callers ask for them (清单): filtered and in order, the same for JSON, exports and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from rag.answering.ordering import COMMITMENT_ORDERS, DUTY_ORDERS, ordered
from rag.answering.tallies import naming
from rag.app.requests import CommitmentsQuery, DutyQuery, EventsQuery, FactQuery
from rag.domain.access import Scope
from rag.domain.commitment import Commitment
from rag.domain.document import DocumentSummary
from rag.domain.event import Event
from rag.domain.obligation import Duty
from rag.store.records import FactPage
from rag.store.repository import Catalog

_Fact = TypeVar("_Fact")

_CATALOGUE_ORDER = "document"


def duties_wanted(catalog: Catalog, query: DutyQuery, *, scope: Scope) -> list[tuple[Duty, DocumentSummary]]:
    """Return all duties that a query asks for, in its order, whatever its page."""

    def units(duty: Duty) -> tuple[str, ...]:
        lead = duty.lead if query.role != "cooperating" else ()
        return lead + (duty.cooperating if query.role != "lead" else ())

    found = catalog.duties(words=query.q, scope=scope, filters=query.filter_body().to_domain())
    return ordered(naming(found, query.agency, units), query.sort, DUTY_ORDERS)


def duties_listed(catalog: Catalog, query: DutyQuery, *, scope: Scope) -> FactPage[Duty]:
    """Return the page of duties that a query asks for."""
    if query.agency or query.sort != _CATALOGUE_ORDER:  # told by names, not by words: all are looked at
        return _page_of(duties_wanted(catalog, query, scope=scope), query)
    filters = query.filter_body().to_domain()
    return catalog.page_of_duties(words=query.q, scope=scope, filters=filters, limit=query.most, offset=query.offset)


def commitments_wanted(
    catalog: Catalog, query: CommitmentsQuery, *, scope: Scope
) -> list[tuple[Commitment, DocumentSummary]]:
    """Return all commitments that a query asks for, in its order, whatever its page."""
    found = catalog.commitments(
        words=query.q, scope=scope, filters=query.filter_body().to_domain(), query=query.to_commitment_query()
    )
    named = naming(found, query.agency, lambda commitment: [commitment.actor] if commitment.actor else [])
    return ordered(named, query.sort, COMMITMENT_ORDERS)


def commitments_listed(catalog: Catalog, query: CommitmentsQuery, *, scope: Scope) -> FactPage[Commitment]:
    """Return the page of commitments that a query asks for."""
    if query.agency or query.sort != _CATALOGUE_ORDER:
        return _page_of(commitments_wanted(catalog, query, scope=scope), query)
    return catalog.page_of_commitments(
        words=query.q,
        scope=scope,
        filters=query.filter_body().to_domain(),
        query=query.to_commitment_query(),
        limit=query.most,
        offset=query.offset,
    )


def events_listed(catalog: Catalog, query: EventsQuery, *, scope: Scope) -> FactPage[Event]:
    """Return the page of events that a query asks for."""
    return catalog.page_of_events(
        words=query.q,
        scope=scope,
        filters=query.filter_body().to_domain(),
        query=query.to_event_query(),
        limit=query.most,
        offset=query.offset,
    )


def _page_of(found: Sequence[tuple[_Fact, DocumentSummary]], query: FactQuery) -> FactPage[_Fact]:
    return FactPage(len(found), query.page_of(found))
