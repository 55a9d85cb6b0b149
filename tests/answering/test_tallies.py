"""Counts over lists of facts: aliases merged within a place, and only there."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.tallies import (
    Agency,
    Cell,
    all_agencies,
    by_lead,
    by_place_and_year,
    lead_and_cooperation,
    naming,
)
from rag.domain.access import Disclosure
from rag.domain.document import DocumentSummary, Kind
from rag.domain.obligation import Duty, DutyForm
from rag.domain.span import Span


def document(place, year=2024):
    day = date(year, 3, 1) if year else None
    return DocumentSummary("d", "d.txt", None, None, None, place, Kind.PLAN, day, None, Disclosure.PUBLIC)


def duty(lead, cooperating=()):
    return Duty("任务", Span(0, 1), Span(0, 1), (), DutyForm.BRACKET, tuple(lead), tuple(cooperating), (), ())


DUTIES = [
    (duty(["市卫健委"], ["市教体局", "市民政局"]), document("临洲市")),
    (duty(["市卫健局"], ["市教体局"]), document("临洲市")),
    (duty(["市卫生健康委员会", "市教育局"], ["市民政局"]), document("临洲市")),
    (duty(["市教体局"]), document("临洲市")),
    (duty(["市卫健委"]), document("汐川市", 2023)),
    (duty(["县卫健局"]), document("临洲市", None)),
    (duty([], ["各乡镇人民政府"]), document(None, None)),
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


def test_places_and_years():
    assert by_place_and_year(DUTIES) == {
        Cell("临洲市", 2024): 4,
        Cell("汐川市", 2023): 1,
        Cell("临洲市", None): 1,
        Cell(None, None): 1,
    }


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
def test_an_agency_is_found_by_any_of_its_names(agency, count):
    assert len(naming(DUTIES, agency, lambda each: each.lead)) == count
