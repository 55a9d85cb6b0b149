"""Counts over lists of facts (统计): by agency with its aliases merged, by place and year, who leads and who cooperates.

A list is counted whole, as scope and filters leave it, never a page of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rag.parsing.agencies import normalize, same_agency, take_apart
from rag.store.records import CommitmentGroup, DutyGroup


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

    def __init__(self, named: Iterable[tuple[str, str | None, int]]) -> None:
        """Take all names.

        Args:
            named: Name as written or normalised, the place of the document, and how often it is named there.
        """
        counts: dict[str | None, Counter[str]] = defaultdict(Counter)
        for name, place, number in named:
            counts[place][normalize(name)] += number
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


def all_agencies(duties: Iterable[DutyGroup]) -> Agencies:
    """Return the agencies that duties name, leading or cooperating."""
    return Agencies((name, each.place, each.facts) for each in duties for name in (*each.lead, *each.cooperating))


def by_lead(duties: Iterable[DutyGroup], agencies: Agencies) -> list[AgencyTally]:
    """Return the agencies by how many duties they lead, most first; one named twice in a duty counts once."""
    counts: Counter[Agency] = Counter()
    for each in duties:
        for agency in {agencies.of(name, each.place) for name in each.lead}:
            counts[agency] += each.facts
    return [AgencyTally(agency, counts[agency]) for agency in sorted(counts, key=lambda a: (-counts[a], _name(a)))]


def lead_and_cooperation(duties: Iterable[DutyGroup], agencies: Agencies) -> Counter[tuple[Agency, Agency]]:
    """Return how many duties each pair of a leading and a cooperating agency shares."""
    pairs: Counter[tuple[Agency, Agency]] = Counter()
    for each in duties:
        lead = {agencies.of(name, each.place) for name in each.lead}
        helping = {agencies.of(name, each.place) for name in each.cooperating} - lead
        for one in lead:
            for other in helping:
                pairs[one, other] += each.facts
    return pairs


def by_place_and_year(commitments: Iterable[CommitmentGroup]) -> Counter[Cell]:
    """Return how many commitments come from each place and year of issue."""
    counts: Counter[Cell] = Counter()
    for each in commitments:
        counts[Cell(each.place, each.year)] += each.facts
    return counts


def means(agency: str) -> Callable[[str], bool]:
    """Return what tells whether a name means an agency, any of them for ``""``.

    Args:
        agency: Name of a body under any of its names, or a part of one: 卫健 finds 市卫生健康委员会 too.
    """
    asked = agency.strip()
    wanted = normalize(asked)
    return lambda name: not asked or same_agency(wanted, name) or asked in name or wanted in normalize(name)


def _name(agency: Agency) -> tuple[str, str]:
    return agency.name, agency.place or ""
