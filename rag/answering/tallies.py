"""Counts over lists of facts (统计): by agency with its aliases merged, by place and year, who leads and who cooperates.

A list is counted whole, as scope and filters leave it, never a page of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from rag.domain.document import DocumentSummary
from rag.domain.obligation import Duty
from rag.parsing.agencies import normalize, same_agency, take_apart
from rag.store.rows import year_of_issue

_Fact = TypeVar("_Fact")


class Agency(NamedTuple):
    """A public body: its name, normalised, and the place whose documents name it so (市教育局 is another one elsewhere)."""

    name: str
    place: str | None


class AgencyTally(NamedTuple):
    """How many facts name an agency."""

    agency: Agency
    facts: int


class Cell(NamedTuple):
    """A place and a year, each ``None`` where documents do not say it."""

    place: str | None
    year: int | None


class Agencies:
    """Which written names mean one body, told from all names of a list: the most frequent name stands for it."""

    def __init__(self, named: Iterable[tuple[str, str | None]]) -> None:
        """Take all names.

        Args:
            named: Name as written or normalised, and the place of the document.
        """
        counts: dict[str | None, Counter[str]] = defaultdict(Counter)
        for name, place in named:
            counts[place][normalize(name)] += 1
        self._agencies: dict[tuple[str, str | None], Agency] = {}
        for place, names in counts.items():
            # Bodies are the same only where they share a field or their name: few are compared with each other.
            heads: dict[str, list[str]] = defaultdict(list)
            for name in sorted(names, key=lambda each: (-names[each], each)):
                taken = take_apart(name)
                shared = {*taken.families, taken.body}
                near = dict.fromkeys(head for key in sorted(shared) for head in heads[key])
                head = next((head for head in near if same_agency(head, name)), None)
                if head is None:
                    head = name
                    for key in shared:
                        heads[key].append(head)
                self._agencies[name, place] = Agency(head, place)

    def of(self, name: str, place: str | None) -> Agency:
        """Return the agency that a name means; ``KeyError`` for one that was not given."""
        return self._agencies[normalize(name), place]


def all_agencies(duties: Sequence[tuple[Duty, DocumentSummary]]) -> Agencies:
    """Return the agencies that duties name, leading or cooperating."""
    return Agencies((name, d.place) for duty, d in duties for name in (*duty.lead, *duty.cooperating))


def by_lead(duties: Sequence[tuple[Duty, DocumentSummary]], agencies: Agencies) -> list[AgencyTally]:
    """Return the agencies by how many duties they lead, most first; one named twice in a duty counts once."""
    counts: Counter[Agency] = Counter()
    for duty, document in duties:
        counts.update({agencies.of(name, document.place) for name in duty.lead})
    return [AgencyTally(agency, counts[agency]) for agency in sorted(counts, key=lambda a: (-counts[a], _name(a)))]


def lead_and_cooperation(
    duties: Sequence[tuple[Duty, DocumentSummary]], agencies: Agencies
) -> Counter[tuple[Agency, Agency]]:
    """Return how many duties each pair of a leading and a cooperating agency shares."""
    pairs: Counter[tuple[Agency, Agency]] = Counter()
    for duty, document in duties:
        lead = {agencies.of(name, document.place) for name in duty.lead}
        helping = {agencies.of(name, document.place) for name in duty.cooperating} - lead
        pairs.update((one, other) for one in lead for other in helping)
    return pairs


def by_place_and_year(facts: Iterable[tuple[_Fact, DocumentSummary]]) -> Counter[Cell]:
    """Return how many facts come from each place and year of issue."""
    return Counter(Cell(document.place, year_of_issue(document)) for _, document in facts)


def naming(
    facts: Iterable[tuple[_Fact, DocumentSummary]], agency: str, names_of: Callable[[_Fact], Iterable[str]]
) -> list[tuple[_Fact, DocumentSummary]]:
    """Return the facts that name an agency under any of its names, in the order given; all for ``""``.

    Args:
        facts: The facts.
        agency: Name of a body, or a part of one: 卫健 finds 市卫生健康委员会 too.
        names_of: Gives the agencies of a fact.
    """
    if not agency.strip():
        return list(facts)
    wanted = normalize(agency.strip())

    def fits(name: str) -> bool:
        return same_agency(wanted, name) or agency.strip() in name or wanted in normalize(name)

    return [pair for pair in facts if any(fits(name) for name in names_of(pair[0]))]


def _name(agency: Agency) -> tuple[str, str]:
    return agency.name, agency.place or ""
