"""Orders of lists of facts (排序)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from rag.domain.commitment import Commitment
from rag.domain.document import DocumentSummary
from rag.domain.obligation import Duty
from rag.parsing.dates import date_of

_Fact = TypeVar("_Fact")

Key = str | bytes | int
"""What facts are compared by; ``None`` stands for nothing to compare."""


def written(text: str | None) -> bytes | None:
    """Return what Chinese text is sorted by: its GB 18030 bytes, by which common characters stand in the order of pinyin."""
    return text.encode("gb18030", "replace") if text else None


def _date(document: DocumentSummary) -> int | None:
    day = date_of(document).day
    return day.toordinal() if day else None


_STATUS = {"planned": 0, "target": 1, "done": 2}

DUTY_ORDERS: Mapping[str, Callable[[Duty, DocumentSummary], Key | None]] = {
    "task": lambda duty, _: written(duty.task),
    "lead": lambda duty, _: written("、".join(duty.lead)),
    "place": lambda _, document: written(document.place),
    "date": lambda _, document: _date(document),
}
"""By name. ``document``, which is not here, is the order of the catalogue: by source, then as they are read."""

COMMITMENT_ORDERS: Mapping[str, Callable[[Commitment, DocumentSummary], Key | None]] = {
    "text": lambda commitment, _: written(commitment.text),
    "status": lambda commitment, _: _STATUS[commitment.status.value],
    "actor": lambda commitment, _: written(commitment.actor),
    "deadline": lambda commitment, _: commitment.deadline.toordinal() if commitment.deadline else None,
    "place": lambda _, document: written(document.place),
    "date": lambda _, document: _date(document),
}
"""Likewise."""


def ordered(
    facts: Sequence[tuple[_Fact, DocumentSummary]],
    order: str,
    orders: Mapping[str, Callable[[_Fact, DocumentSummary], Key | None]],
) -> list[tuple[_Fact, DocumentSummary]]:
    """Return facts in an order; those that have nothing to be compared by come last, equal ones stay as they were.

    Args:
        facts: In the order of the catalogue.
        order: Name of one of ``orders``, with ``-`` before it for the other way round; any other name leaves them as they are.
        orders: By name.
    """
    key = orders.get(order.removeprefix("-"))
    if key is None:
        return list(facts)
    keyed = [(key(fact, document), (fact, document)) for fact, document in facts]
    present: list[tuple[Key, tuple[_Fact, DocumentSummary]]] = [(k, pair) for k, pair in keyed if k is not None]
    present.sort(key=lambda item: item[0], reverse=order.startswith("-"))
    return [pair for _, pair in present] + [pair for k, pair in keyed if k is None]
