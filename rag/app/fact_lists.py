"""Lists of facts as callers ask for them (清单): filtered and in order, the same for JSON, exports and pages."""

from __future__ import annotations

from rag.answering.ordering import COMMITMENT_ORDERS, DUTY_ORDERS, ordered
from rag.answering.tallies import naming
from rag.app.reader import Reader
from rag.app.requests import CommitmentsQuery, DutyQuery
from rag.domain.access import Scope
from rag.domain.commitment import Commitment
from rag.domain.document import DocumentSummary
from rag.domain.obligation import Duty


def duties_wanted(reader: Reader, query: DutyQuery, *, scope: Scope) -> list[tuple[Duty, DocumentSummary]]:
    """Return all duties that a query asks for, in its order, whatever its page."""

    def units(duty: Duty) -> tuple[str, ...]:
        lead = duty.lead if query.role != "cooperating" else ()
        return lead + (duty.cooperating if query.role != "lead" else ())

    found = reader.find_duties(query.q, scope=scope, filters=query.filter_body().to_domain())
    return ordered(naming(found, query.agency, units), query.sort, DUTY_ORDERS)


def commitments_wanted(
    reader: Reader, query: CommitmentsQuery, *, scope: Scope
) -> list[tuple[Commitment, DocumentSummary]]:
    """Return all commitments that a query asks for, in its order, whatever its page."""
    found = reader.find_commitments(
        query.q, scope=scope, filters=query.filter_body().to_domain(), query=query.to_commitment_query()
    )
    named = naming(found, query.agency, lambda commitment: [commitment.actor] if commitment.actor else [])
    return ordered(named, query.sort, COMMITMENT_ORDERS)
