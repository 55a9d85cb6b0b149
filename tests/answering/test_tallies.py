"""Counts over lists of facts: aliases merged within a place, and only there."""

from __future__ import annotations

import pytest

from rag.answering.tallies import (
    Agency,
    Cell,
    all_agencies,
    by_lead,
    by_place_and_year,
    lead_and_cooperation,
    means,
)
from rag.domain.commitment import CommitmentStatus
from rag.store.records import CommitmentGroup, DutyGroup


def duties(place, lead, cooperating=(), facts=1):
    return DutyGroup(place, tuple(lead), tuple(cooperating), "", facts)


DUTIES = [
    duties("临洲市", ["市卫健委"], ["市教体局", "市民政局"]),
    duties("临洲市", ["市卫健局"], ["市教体局"]),
    duties("临洲市", ["市卫生健康委员会", "市教育局"], ["市民政局"]),
    duties("临洲市", ["市教体局"]),
    duties("汐川市", ["市卫健委"]),
    duties("临洲市", ["县卫健局"]),
    duties(None, [], ["各乡镇人民政府"]),
]


def test_one_body_in_three_spellings_is_one_agency():
    led = {tally.agency: tally.facts for tally in by_lead(DUTIES, all_agencies(DUTIES))}
    assert led[Agency("市卫生健康委员会", "临洲市")] == 3


def test_the_same_name_elsewhere_or_at_another_level_is_another_agency():
    led = {tally.agency: tally.facts for tally in by_lead(DUTIES, all_agencies(DUTIES))}
    assert led[Agency("市卫生健康委员会", "汐川市")] == 1
    assert led[Agency("县卫生健康委员会", "临洲市")] == 1


def test_the_name_used_most_stands_for_the_body():
    led = {tally.agency.name: tally.facts for tally in by_lead(DUTIES, all_agencies(DUTIES))}
    assert led["市教育体育局"] == 2  # 市教体局 three times, 市教育局 once
    assert "市教育局" not in led


def test_most_come_first_and_equal_ones_by_name():
    tallies = by_lead(DUTIES, all_agencies(DUTIES))
    assert [t.facts for t in tallies] == [3, 2, 1, 1]


def test_who_works_with_whom():
    pairs = lead_and_cooperation(DUTIES, all_agencies(DUTIES))
    health, school = Agency("市卫生健康委员会", "临洲市"), Agency("市教育体育局", "临洲市")
    civil = Agency("市民政局", "临洲市")
    assert pairs == {(health, school): 2, (health, civil): 2, (school, civil): 1}


def test_a_group_counts_as_often_as_it_has_duties():
    counted = [
        duties("临洲市", ["市卫健委"], ["市民政局"], 5),
        duties("临洲市", ["市卫健局", "市卫健委"], ["市民政局"], 2),
    ]
    agencies = all_agencies(counted)
    health, civil = Agency("市卫生健康委员会", "临洲市"), Agency("市民政局", "临洲市")
    assert by_lead(counted, agencies) == [(health, 7)]  # named twice in a duty, counted once
    assert lead_and_cooperation(counted, agencies) == {(health, civil): 7}


def test_the_name_named_most_often_stands_for_it_however_it_is_grouped():
    counted = [duties("临洲市", ["市教育局"], (), 1), duties("临洲市", ["市教体局"], (), 3)]
    assert [t.agency.name for t in by_lead(counted, all_agencies(counted))] == ["市教育体育局"]


def test_places_and_years():
    planned, done = CommitmentStatus.PLANNED, CommitmentStatus.DONE
    assert by_place_and_year(
        [
            CommitmentGroup("临洲市", 2024, "市教育局", planned, 2025, 3),
            CommitmentGroup("临洲市", 2024, None, done, None, 1),
            CommitmentGroup("汐川市", 2023, None, done, None, 1),
            CommitmentGroup(None, None, None, planned, None, 2),
        ]
    ) == {Cell("临洲市", 2024): 4, Cell("汐川市", 2023): 1, Cell(None, None): 2}


@pytest.mark.parametrize(
    ("agency", "count"),
    [
        ("", 7),
        ("市卫健委", 4),  # the county's is another
        ("市卫生健康局", 4),
        ("卫健", 5),  # a part of the name
        ("教育局", 2),
        ("县卫健局", 1),
        ("税务局", 0),
        ("  ", 7),
    ],
)
def test_an_agency_is_meant_by_any_of_its_names(agency, count):
    is_meant = means(agency)
    assert sum(any(map(is_meant, each.lead or ("无",))) for each in DUTIES) == count
