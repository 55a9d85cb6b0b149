"""The rule that turns evidence away: what it must take, what it must refuse, whatever its numbers are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.evidence import Evidence
from rag.answering.intent import Intent
from rag.answering.refusal import CLEARLY_FOUND, LEAST_FOUND, LEAST_SUPPORT_ANYWHERE, says_something, support, supported
from rag.domain.span import Span

from .builders import passage, summary

TEXT = "每部电梯补助15万元。"
SURE = Evidence(passage(TEXT), summary(), Span(0, len(TEXT)), TEXT, 1.0, 1.0, 1.0, fits=True, score=1.0)
NOTHING = replace(SURE, coverage=0.0, own=0.0, similarity=0.0)


def take(
    *evidence: Evidence, intent: Intent = Intent.FACT, is_tied: bool = True, is_across: bool = False
) -> list[Evidence]:
    return supported(evidence, intent, is_tied=is_tied, is_across=is_across)


SHARE = st.floats(0, 1)
EVIDENCE = st.builds(
    lambda coverage, own, similarity, fits: replace(
        SURE, coverage=max(coverage, own), own=own, similarity=similarity, fits=fits
    ),
    SHARE,
    SHARE,
    st.floats(-1, 1),
    st.booleans(),
)


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("is_tied", [True, False])
def test_certain_evidence_is_taken_and_none_is_refused(intent: Intent, is_tied: bool) -> None:
    for is_across in (False, True):
        assert take(SURE, NOTHING, intent=intent, is_tied=is_tied, is_across=is_across) == [SURE]
        assert take(intent=intent, is_tied=is_tied, is_across=is_across) == []


@pytest.mark.parametrize("intent", [Intent.FIGURE, Intent.TIME])
def test_a_figure_or_a_date_is_answered_by_nothing_else(intent: Intent) -> None:
    assert take(replace(SURE, fits=False), intent=intent) == []


def test_a_sentence_that_holds_nothing_of_the_question_is_refused_however_well_it_stands() -> None:
    assert take(replace(SURE, own=0.0)) == []


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("每部电梯补助15万元。", 0.5, True),
        ("每部电梯补助15万元。", 0.0, False),
        ("感谢您对加装电梯工作的支持！", 0.9, False),
        ("《云岫市既有住宅加装电梯办法》现印发给你们，请遵照执行。", 0.9, False),
        ("关于校园安全的答复", 0.9, False),  # the document's own name
    ],
)
def test_what_only_repeats_the_question_says_nothing(text: str, own: float, expected: bool) -> None:
    assert says_something(replace(SURE, text=text, own=own)) is expected


@given(EVIDENCE, st.sampled_from(list(Intent)))
def test_a_question_tied_to_a_document_is_never_harder_to_answer(evidence: Evidence, intent: Intent) -> None:
    loose = take(evidence, intent=intent, is_tied=False)
    assert not loose or take(evidence, intent=intent) == loose


@given(EVIDENCE, EVIDENCE, st.booleans())
def test_side_by_side_others_need_less_but_only_beside_one_that_answers(
    one: Evidence, other: Evidence, is_tied: bool
) -> None:
    alone = take(one, other, is_tied=is_tied)
    beside = take(one, other, is_tied=is_tied, is_across=True)
    assert bool(beside) == bool(alone)
    assert all(item in beside for item in alone)


@given(EVIDENCE, EVIDENCE, st.booleans())
def test_better_evidence_is_not_refused_where_worse_is_taken(one: Evidence, other: Evidence, is_tied: bool) -> None:
    better = replace(
        one,
        coverage=max(one.coverage, other.coverage),
        own=max(one.own, other.own),
        similarity=max(one.similarity, other.similarity),
        fits=True,
    )
    assert support(better) >= support(one)
    for intent in Intent:
        assert not take(one, intent=intent, is_tied=is_tied) or take(better, intent=intent, is_tied=is_tied)


@given(st.lists(EVIDENCE, max_size=6))
def test_the_order_of_candidates_is_kept(evidence: list[Evidence]) -> None:
    kept = take(*evidence)
    remaining = iter(evidence)
    assert all(any(item is other for other in remaining) for item in kept)


@pytest.mark.parametrize(
    ("place", "relevance", "is_taken"),
    [
        (None, CLEARLY_FOUND, True),
        (None, CLEARLY_FOUND - 0.01, False),
        ("云岫市", 1.0, False),  # another place's passage on the subject is found as well
    ],
)
def test_less_support_will_do_where_the_search_is_clear(place: str | None, relevance: float, is_taken: bool) -> None:
    weak = replace(
        SURE,
        document=replace(SURE.document, place=place),
        coverage=(LEAST_SUPPORT_ANYWHERE - 0.05) / 0.8,
        own=(LEAST_SUPPORT_ANYWHERE - 0.05) / 0.8,
        similarity=0.0,
        relevance=relevance,
    )
    assert bool(take(weak, is_tied=False)) is is_taken


@pytest.mark.parametrize(
    ("place", "relevance", "is_tied", "is_taken"),
    [
        (None, LEAST_FOUND, False, True),
        (None, LEAST_FOUND - 0.01, False, False),
        (None, LEAST_FOUND - 0.01, True, True),
        ("云岫市", LEAST_FOUND - 0.01, False, True),
    ],
)
def test_what_the_search_hardly_found_answers_no_question_that_names_nothing(
    place: str | None, relevance: float, is_tied: bool, is_taken: bool
) -> None:
    worded = replace(SURE, document=replace(SURE.document, place=place), relevance=relevance)
    assert take(worded, is_tied=is_tied) == ([worded] if is_taken else [])
