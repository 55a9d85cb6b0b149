"""What is particular to the lexical leg: BM25 as in the paper, weights, frequencies, and both ways of filtering."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from rag.indexes import lexical
from rag.indexes.lexical import LexicalEntry, LexicalIndex
from rag.text import tokens

BODIES = {1: "校园安全", 2: "校园校园公交", 3: "公交线路调整", 4: "托育服务", 5: "青教函〔2024〕12号"}


@pytest.fixture
def index(tmp_path) -> LexicalIndex:
    index = LexicalIndex.create(tmp_path)
    index.update(LexicalEntry(row, row * 10, tokens(body)) for row, body in BODIES.items())
    return index


def bm25(query: str, texts: dict[int, str]) -> dict[int, float]:
    """BM25 written out from the paper, with k1 = 1.2 and b = .75 (lengths here are short enough to be kept exactly)."""
    terms = {row: Counter(tokens(text)) for row, text in texts.items()}
    mean = sum(sum(counts.values()) for counts in terms.values()) / len(terms)
    scores: dict[int, float] = {}
    for row, counts in terms.items():
        total = 0.0
        for term in tokens(query):
            holding = sum(term in other for other in terms.values())
            idf = math.log(1 + (len(terms) - holding + 0.5) / (holding + 0.5))
            frequency = counts[term]
            total += idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * sum(counts.values()) / mean))
        if total:
            scores[row] = total
    return scores


@pytest.mark.parametrize("query", ["校园", "校园公交", "公交公交", "调整线路", "〔2024〕12号"])
def test_scores_are_those_of_the_paper(index, query):
    found = dict(index.search(tokens(query), 10, character_weight=1))
    assert found == pytest.approx(bm25(query, BODIES), abs=2e-3)


def test_single_characters_count_as_much_as_they_are_weighted(index):
    assert dict(index.search(tokens("园公"), 10, character_weight=0)).keys() == {2}
    assert not len(index.search(tokens("育"), 10, character_weight=0))
    assert len(index.search(["12"], 10, character_weight=0))  # a number is no single character


def test_a_large_index_passes_over_characters_that_many_entries_hold(tmp_path):
    created = LexicalIndex.create(tmp_path)
    bodies = ["园公", "园艺", "园丁", "园林", "公桥", "托育", "食堂", "学校", "道路", "河流", "电梯"]
    created.update(LexicalEntry(row, row, tokens(body)) for row, body in enumerate(bodies))
    whole, pruned = LexicalIndex.open(tmp_path), LexicalIndex.open(tmp_path, pruned_from=len(bodies))
    assert {s.row for s in whole.search(["园", "公"], 10)} == {0, 1, 2, 3, 4}
    assert {s.row for s in pruned.search(["园", "公"], 10)} == {0, 4}  # 园 stands in more than a fifth
    assert {s.row for s in pruned.search(["园"], 10)} == {0, 1, 2, 3}  # there is nothing else to look for
    smaller = LexicalIndex.open(tmp_path, pruned_from=len(bodies) + 1)
    assert list(smaller.search(["园", "公"], 10)) == list(whole.search(["园", "公"], 10))


def test_a_document_number_is_one_term_in_any_bracket(index):
    for written in ("青教函[2024]12号", "青教函（2024）12号"):
        assert index.search([term for term in tokens(written) if term.startswith("青教函#")], 1).rows.tolist() == [5]


def test_frequencies_are_of_entries(index):
    assert {term: index.document_frequency(term) for term in ("校园", "公交", "托育", "无此")} == {
        "校园": 2,
        "公交": 2,
        "托育": 1,
        "无此": 0,
    }


@pytest.mark.parametrize("terms", [[], [" "], ["无此词"], ["\x00"], ["a b"], ['"'], ["AND"], ["*"]])
def test_terms_that_stand_nowhere_find_nothing(index, terms):
    assert list(index.search(terms, 10)) == []


@pytest.mark.parametrize("sifted_at_most", [0, 10, 10_000])
def test_both_ways_of_filtering_give_the_same(tmp_path, monkeypatch, sifted_at_most):
    random = np.random.default_rng(3)
    index = LexicalIndex.create(tmp_path)
    texts = {row: tokens("".join(random.choice(list("校园公交托育"), 5))) for row in range(1, 400)}
    index.update(LexicalEntry(row, row, text) for row, text in texts.items())
    everything = list(index.search(tokens("校园公交"), 400))
    monkeypatch.setattr(lexical, "_SIFTED_AT_MOST", sifted_at_most)
    for share in (1, 5, 50, 390):
        admitted = np.sort(random.choice(np.arange(1, 400), share, replace=False))
        allowed = set(admitted.tolist())
        for k in (1, 7, 400):
            found = list(index.search(tokens("校园公交"), k, admitted))
            assert found == [scored for scored in everything if scored.row in allowed][:k]


@pytest.mark.parametrize(
    ("terms", "admitted", "rows"),
    [
        (["校园"], None, [1, 2]),
        (["校园", "公交"], None, [2]),
        (["公交"], [30], [3]),
        (["公交"], [], []),
        (["校园", "无此"], None, []),
        ([], None, []),
        (["青教函#2024#12"], None, [5]),
    ],
)
def test_all_that_hold_every_term(index, terms, admitted, rows):
    held = None if admitted is None else np.array(admitted, dtype=np.int64)
    assert index.containing(terms, held).tolist() == rows


# Rows 1, 2 and 4, as whoever may not see 3 and 5 knows them.
SEEN = {row: BODIES[row] for row in (1, 2, 4)}


@pytest.fixture
def seen(index) -> LexicalIndex:
    return index.within(np.array([10, 20, 40]), entries=3)


@pytest.mark.parametrize(
    ("term", "in_all", "within"), [("校园", 2, 2), ("公交", 2, 1), ("线路", 1, 0), ("托育", 1, 1), ("无此", 0, 0)]
)
def test_what_a_scope_cannot_see_is_not_counted(index, seen, term, in_all, within):
    assert index.document_frequency(term) == in_all
    assert seen.document_frequency(term) == within
    assert (len(index), len(seen)) == (5, 3)


@pytest.mark.parametrize("query", ["校园", "校园公交", "公交线路"])
def test_rarity_is_that_within_the_scope(index, seen, query):
    """The scores are those of an index of these documents alone, but for the mean length."""
    admitted = np.array([10, 20, 40])
    mean = sum(len(tokens(text)) for text in BODIES.values()) / len(BODIES)
    expected = {}
    for row, text in SEEN.items():
        counts = Counter(tokens(text))
        score = 0.0
        for term in tokens(query):
            holding = sum(term in tokens(other) for other in SEEN.values())
            idf = math.log(1 + (len(SEEN) - holding + 0.5) / (holding + 0.5))
            score += idf * counts[term] * 2.2 / (counts[term] + 1.2 * (0.25 + 0.75 * counts.total() / mean))
        if score:
            expected[row] = score
    assert dict(seen.search(tokens(query), 10, admitted, character_weight=1)) == pytest.approx(expected, abs=2e-3)


def test_what_was_removed_tells_nothing(tmp_path):
    """Removed entries go on being counted by tantivy until it merges: their words must not be known, nor weigh."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    index, without = LexicalIndex.create(tmp_path / "a"), LexicalIndex.create(tmp_path / "b")
    kept = [LexicalEntry(row, row, tokens(body)) for row, body in BODIES.items()]
    # As long as what is kept, so that the mean length is the same.
    like = ("校园食堂", "校园校园食堂", "食堂线路调整", "校园服务", "青教函〔2023〕17号")
    gone = [LexicalEntry(10 + row, 10 + row, tokens(like[row % 5])) for row in range(20)]
    index.update([*kept, *gone])
    index.update(removed=range(10, 30))
    without.update(kept)
    assert index.document_frequency("食堂") == 0
    assert index.document_frequency("校园") == without.document_frequency("校园") == 2
    rows = np.arange(1, 6)
    seen, other = (one.within(rows, entries=5) for one in (index, without))
    for one in (seen, other):
        assert one.document_frequency("食堂") == 0
    query = tokens("校园公交")
    ours, theirs = (dict(one.search(query, 9, rows)) for one in (seen, other))
    assert ours == pytest.approx(theirs, abs=2e-3)


def test_a_word_that_is_everywhere_counts_by_its_share(index, seen, monkeypatch):
    monkeypatch.setattr(lexical, "_COUNTED_AT_MOST", 1)
    assert seen.document_frequency("校园") == 2 * 3 // 5
