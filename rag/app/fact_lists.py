"""Lists of facts as callers ask for them (清单): filtered and in order, the same for JSON, exports and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from rag.answering.ordering import COMMITMENT_ORDERS, DUTY_ORDERS, Key, ordered
from rag.answering.tallies import means
from rag.app.requests import CommitmentsQuery, DutiesQuery, EventsQuery, FactQuery
from rag.domain.access import Scope
from rag.domain.commitment import Commitment
from rag.domain.document import DocumentSummary
from rag.domain.event import Event
from rag.domain.obligation import Duty
from rag.store.records import CommitmentGroup, DutyGroup, FactPage
from rag.store.repository import Catalog

_Fact = TypeVar("_Fact")

_CATALOGUE_ORDER = "document"


def duty_groups(catalog: Catalog, query: DutiesQuery, *, scope: Scope) -> list[DutyGroup]:
    """Return all duties that a query asks for, counted by place and units."""
    filters = query.filter_body().to_domain()
    found = catalog.duty_groups(scope=scope, filters=filters, query=query.to_duty_query())
    if not query.agency.strip():
        return list(found)
    is_meant = means(query.agency)

    def units(each: DutyGroup) -> tuple[str, ...]:
        lead = each.lead if query.role != "cooperating" else ()
        return lead + (each.cooperating if query.role != "lead" else ())

    return [each for each in found if any(map(is_meant, units(each)))]


def duties_listed(catalog: Catalog, query: DutiesQuery, *, scope: Scope) -> FactPage[Duty]:
    """Return the page of duties that a query asks for."""
    filters, wanted = query.filter_body().to_domain(), query.to_duty_query()
    if query.agency.strip():
        wanted = replace(wanted, units=frozenset(each.key for each in duty_groups(catalog, query, scope=scope)))
    if query.sort != _CATALOGUE_ORDER:
        every = catalog.duties(scope=scope, filters=filters, query=wanted)
        return _sorted_page(every, query, query.sort, DUTY_ORDERS)
    return catalog.page_of_duties(scope=scope, filters=filters, query=wanted, limit=query.most, offset=query.offset)


def commitment_groups(catalog: Catalog, query: CommitmentsQuery, *, scope: Scope) -> list[CommitmentGroup]:
    """Return all commitments that a query asks for, counted by place, year, actor, status and deadline."""
    filters = query.filter_body().to_domain()
    found = catalog.commitment_groups(scope=scope, filters=filters, query=query.to_commitment_query())
    if not query.agency.strip():
        return list(found)
    is_meant = means(query.agency)
    return [each for each in found if each.actor and is_meant(each.actor)]


def commitments_listed(catalog: Catalog, query: CommitmentsQuery, *, scope: Scope) -> FactPage[Commitment]:
    """Return the page of commitments that a query asks for."""
    filters, wanted = query.filter_body().to_domain(), query.to_commitment_query()
    if query.agency.strip():
        groups = commitment_groups(catalog, query, scope=scope)
        wanted = replace(wanted, actors=frozenset(each.actor for each in groups if each.actor))
    if query.sort != _CATALOGUE_ORDER:
        every = catalog.commitments(scope=scope, filters=filters, query=wanted)
        return _sorted_page(every, query, query.sort, COMMITMENT_ORDERS)
    return catalog.page_of_commitments(
        scope=scope, filters=filters, query=wanted, limit=query.most, offset=query.offset
    )


def events_listed(catalog: Catalog, query: EventsQuery, *, scope: Scope) -> FactPage[Event]:
    """Return the page of events that a query asks for."""
    filters, wanted = query.filter_body().to_domain(), query.to_event_query()
    return catalog.page_of_events(scope=scope, filters=filters, query=wanted, limit=query.most, offset=query.offset)


def _sorted_page(
    every: Iterable[tuple[_Fact, DocumentSummary]],
    query: FactQuery,
    order: str,
    orders: Mapping[str, Callable[[_Fact, DocumentSummary], Key | None]],
) -> FactPage[_Fact]:
    found = ordered(list(every), order, orders)
    return FactPage(len(found), query.page_of(found))
