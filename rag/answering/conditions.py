"""What a question limits the documents to (检索条件): a 文号 or place that it names, or a proposal that they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.particulars import Particulars
from rag.retrieval.question import Question
from rag.store.repository import Catalog


class Condition(NamedTuple):
    """One of the limits; what a question asks is answered under each by itself.

    Attributes:
        filters: The asker's own, with the 文号 or place.
        name: What tells it from the others, ``""`` where it is the only one.
        anywhere: The asker's own without the place that was added, ``None`` where none was: news comes from no place.
    """

    filters: Filters
    name: str = ""
    anywhere: Filters | None = None


def conditions_of(question: Question, filters: Filters) -> Sequence[Condition]:
    """Return what a question limits the documents to, at least one; filters of the asker's own stand."""
    if question.document_numbers and filters.document_number is None:
        limits = [Condition(replace(filters, document_number=n), n) for n in question.document_numbers]
    else:
        named: dict[str, str] = {}
        for place in question.places:
            if place.names:
                named.setdefault(place.key, place.names[0])
        if not named or filters.place is not None:
            return [Condition(filters)]
        limits = [Condition(replace(filters, place=key), name, filters) for key, name in named.items()]
    return limits if len(limits) > 1 else [limits[0]._replace(name="")]


def replying(question: Question, catalog: Catalog, *, scope: Scope, filters: Filters) -> list[DocumentSummary]:
    """Return the documents that answer one of the proposals (提案、建议) that a question names by number."""
    pages = (
        catalog.list_documents(
            scope=scope, filters=filters, particulars=Particulars(proposal_number=number), are_distinct=True
        )
        for number in question.proposal_numbers
    )
    return list({summary.document_id: summary for page in pages for summary in page.documents}.values())
