"""From passages to documents: the best passage stands for its document."""

import time

import ranking
from hypothesis import given
from hypothesis import strategies as st
from ranking import DOCUMENTS, PASSAGES, rank_documents, run


def test_the_best_passage_stands_for_its_document():
    ranked, _ = rank_documents(lambda _question, _most: ["乙", "甲", "乙", "甲", "丙"], "谁牵头")
    assert ranked == ["乙", "甲", "丙"]


def test_every_system_is_asked_for_as_many_passages_and_gives_as_many_documents_at_most():
    asked = []

    def search(question, most):
        asked.append((question, most))
        return [f"d{n}" for n in range(most)]

    ranked, _ = rank_documents(search, "办理时限")
    assert asked == [("办理时限", PASSAGES)]
    assert ranked == [f"d{n}" for n in range(DOCUMENTS)]


def test_the_search_is_timed(monkeypatch):
    now = iter([10.0, 10.5])
    monkeypatch.setattr(time, "perf_counter", lambda: next(now))
    assert rank_documents(lambda _q, _most: ["甲"], "办理时限") == (["甲"], 0.5)


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=30))
def test_each_document_comes_once_in_the_order_of_its_best_passage(found):
    ranked, _ = rank_documents(lambda _q, _most: found, "办理时限")
    assert sorted(ranked) == sorted(set(found))
    assert [found.index(name) for name in ranked] == sorted(found.index(name) for name in ranked)


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


def test_it_asks_for_what_the_product_is_measured_by():
    from rag.evaluation import harness

    assert ranking.DOCUMENTS == harness.DOCUMENTS_A_QUERY
    assert ranking.PASSAGES == harness._PASSAGES
