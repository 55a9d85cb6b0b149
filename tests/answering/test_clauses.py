"""What is read of a document: its best passages and what follows them, cut at clause marks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.clauses import MOST_PASSAGES, read_sentences
from rag.domain.passage import Passage
from rag.domain.span import Span


def passages(text: str, *spans: tuple[int, int]) -> list[tuple[Passage, float]]:
    """Passages of a document, the best first."""
    return [
        (Passage(f"d1-{rank}", "d1", rank, Span(*span), (), None, text[slice(*span)]), 0.9 - 0.1 * rank)
        for rank, span in enumerate(spans)
    ]


def cut(text: str) -> list[list[str]]:
    return [[clause.of(text) for clause in s.clauses] for s in read_sentences(passages(text, (0, len(text))), text)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("对小微企业，免收两个月租金。", [["对小微企业，", "免收两个月租金。"]]),
        ("材料：申请表；营业执照。", [["材料：", "申请表；"], ["营业执照。"]]),
        # Marks in brackets and within figures cut nothing.
        ("对重点企业（物流，商贸）贴息。", [["对重点企业（物流，商贸）贴息。"]]),
        ("比例为1:4000，共12,500元。", [["比例为1:4000，", "共12,500元。"]]),
        # The title of a text is no answer.
        ("澄江市推出惠企新举措 免收租金。", [[" 免收租金。"]]),
        ("澄江市推出惠企新举措\n免收租金。", [[], ["免收租金。"]]),
        ("2020 年减免房租两个月。", [["2020 年减免房租两个月。"]]),
    ],
)
def test_sentences_are_cut_at_clause_marks(text: str, clauses: list[list[str]]) -> None:
    assert cut(text) == clauses


def test_what_follows_a_passage_is_read_with_it() -> None:
    lead, rest = "申请材料要求如下。", "申请表。" + "营业执照。" * 100
    text = lead + rest
    read = read_sentences(passages(text, (0, len(lead))), text)
    assert read[0].is_inside
    assert [s.is_inside for s in read[1:]] == [False] * (len(read) - 1)
    assert len(lead) + 250 <= read[-1].span.end < len(lead) + 260
    assert {s.passage.ordinal for s in read} == {0}


def test_stretches_that_meet_are_one_and_others_are_not() -> None:
    text = "甲。" * 1000
    read = read_sentences(passages(text, (400, 500), (0, 100), (1500, 1600)), text)
    assert [s.span.start for s in read] == sorted(s.span.start for s in read)
    regions = {s.span.start: s.region for s in read}
    assert regions[0] == 0
    assert regions[400] == 1
    assert regions[1500] == 2
    met = read_sentences(passages(text, (300, 500), (0, 100)), text)
    assert {s.region for s in met} == {0}
    at = {s.span.start: s for s in met}
    assert (at[0].rank, at[300].rank) == (1, 0)
    assert at[200].rank == 0  # in neither: the best of its stretch
    assert not at[200].is_inside


def test_no_more_than_the_best_passages_are_read() -> None:
    text = "甲。" * 5000
    spans = [(at, at + 10) for at in range(0, 9000, 1000)]
    read = read_sentences(passages(text, *spans), text)
    assert max(s.region for s in read) + 1 == MOST_PASSAGES


@given(st.lists(st.sampled_from([*"房租补贴企业，。；：？\n（）、 12", "免收租金"]), min_size=1, max_size=80))
def test_clauses_are_in_order_and_lose_no_word_behind_the_title(parts: list[str]) -> None:
    text = "".join(parts)
    read = read_sentences(passages(text, (0, len(text))), text)
    clauses = [clause for sentence in read for clause in sentence.clauses]
    assert all(a.end <= b.start for a, b in itertools.pairwise(clauses))
    said = "".join("".join(clause.of(text).split()) for clause in clauses)
    assert "".join(text.split()).endswith(said)
