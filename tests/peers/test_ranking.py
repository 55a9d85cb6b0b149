"""From passages to documents: the best passage stands for its document, and time is counted once."""

import time

import pytest
import ranking
from hypothesis import given
from hypothesis import strategies as st
from ranking import DOCUMENTS, MOST_PASSAGES, PASSAGES, rank_documents, run


def test_the_best_passage_stands_for_its_document():
    owners = ["甲", "甲", "乙", "丙", "乙"]
    ranked, _ = rank_documents(lambda _question, _most: [4, 1, 2, 0, 3], "谁牵头", owners)
    assert ranked == ["乙", "甲", "丙"]


def test_more_passages_are_asked_for_where_they_come_from_few_documents():
    owners = ["长"] * PASSAGES + [f"短{n}" for n in range(500)]
    asked = []

    def search(_question, most):
        asked.append(most)
        return range(min(most, len(owners)))

    ranked, _ = rank_documents(search, "办理时限", owners)
    assert asked == [PASSAGES, 4 * PASSAGES]
    assert ranked == ["长", *(f"短{n}" for n in range(DOCUMENTS - 1))]


def test_asking_for_more_ends_where_nothing_new_comes():
    asked = []

    def search(_question, most):
        asked.append(most)
        return [0, 1]

    assert rank_documents(search, "办理时限", ["甲", "乙"])[0] == ["甲", "乙"]
    assert asked == [PASSAGES, 4 * PASSAGES]


def test_what_deeper_searches_add_goes_below():
    """A fusion may order more passages otherwise; what a user would have seen stays on top."""
    owners = ["甲", "乙", "丙"]
    ranked, _ = rank_documents(lambda _q, most: [0, 1] if most == PASSAGES else [2, 1, 0], "办理时限", owners)
    assert ranked == ["甲", "乙", "丙"]


def test_only_the_first_search_is_timed(monkeypatch):
    now = iter([10.0, 10.5])
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))
    _, seconds = rank_documents(lambda _q, most: [0] if most == PASSAGES else [1], "办理时限", ["甲", "乙"])
    assert seconds == 0.5


@given(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=30), st.randoms())
def test_each_document_comes_once_in_the_order_of_its_best_passage(owners, chance):
    places = list(range(len(owners)))
    chance.shuffle(places)
    ranked, _ = rank_documents(lambda _q, _most: places, "办理时限", owners)
    best = [min(places.index(place) for place, owner in enumerate(owners) if owner == name) for name in ranked]
    assert sorted(ranked) == sorted(set(owners))
    assert best == sorted(best)


def test_a_run_answers_every_question():
    done = run(lambda question: ([question + "!"], 0.25), {"q1": "一", "q2": "二"}, limit_seconds=60)
    assert done.documents == {"q1": ["一!"], "q2": ["二!"]}
    assert done.seconds == [0.25, 0.25]
    assert not done.is_cut_off


def test_a_run_out_of_time_keeps_what_was_answered_and_says_so():
    done = run(lambda _question: (["d"], 0.25), {"q1": "一", "q2": "二"}, limit_seconds=-1)
    assert list(done.documents) == ["q1"]
    assert done.is_cut_off


def test_the_first_search_of_a_process_is_not_measured():
    asked = []

    def rank(question):
        asked.append(question)
        return ["d"], 0.25

    done = run(rank, {"q1": "一", "q2": "二"}, limit_seconds=60)
    assert asked == ["一", "一", "二"]
    assert len(done.seconds) == 2


def test_it_is_how_the_product_is_measured():
    from rag.evaluation import harness

    assert ranking.DOCUMENTS == harness.DOCUMENTS_A_QUERY
    assert (ranking.PASSAGES, MOST_PASSAGES) == (harness._PASSAGES, harness._MOST_PASSAGES)


@pytest.mark.parametrize("places", [[], [0]])
def test_a_system_may_find_nothing(places):
    assert len(rank_documents(lambda _q, _most: places, "办理时限", ["甲"])[0]) == len(places)
