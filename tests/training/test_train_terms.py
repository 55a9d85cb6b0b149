import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from train_terms import (
    STOP_WORDS,
    Lemmas,
    combine,
    count_whole,
    find_aliases,
    read_glossary,
    stem_candidates,
    write_table,
)
from translated_query import TermTable

TABLE = Path(__file__).parents[2] / "rag/models/terms-en-zh.json.gz"


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("departments", "department"),
        ("agencies", "agency"),
        ("classes", "class"),
        ("planned", "plan"),
        ("planning", "plan"),
        ("psychologist's", "psychologist"),
        ("improved", "improve"),
        ("coordinating", "coordinate"),
        ("applied", "apply"),
        ("jointly", "joint"),
    ],
)
def test_stems(word, stem):
    assert stem_candidates(word)[0] == word
    assert stem in stem_candidates(word)


def test_a_lemma_must_occur_on_its_own():
    lemmas = Lemmas(Counter({"schools": 10, "school": 40, "news": 30, "new": 2, "bus": 9}))
    assert [lemmas(word) for word in ("schools", "school", "news", "bus", "children")] == [
        "school",
        "school",
        "news",
        "bus",
        "child",
    ]


def test_the_sense_that_official_texts_use_comes_first():
    senses = {"department": {"系": 1.0, "部门": 1.0, "百货": 0.5}}
    domain = Counter({"部门": 9000, "系": 300})
    assert combine(senses, {}, domain, Counter())["department"][0][0] == "部门"
    # A sense that no text uses drops out as long as another is used.
    assert "百货" not in {word for word, _ in combine(senses, {}, domain, Counter())["department"]}


def test_count_whole_counts_overlapping_words():
    assert count_whole("市政务服务中心", {"政务服务", "服务中心", "市政"}) == {"政务服务": 1, "服务中心": 1, "市政": 1}


def test_an_irregular_form_is_an_alias_and_a_regular_one_is_not():
    terms = {"child": [("儿童", 1.0)], "school": [("学校", 1.0)], "base": [("基地", 1.0)], "bas": [("浅浮雕", 1.0)]}
    lemmas = Lemmas(Counter({"child": 9, "school": 9, "base": 9, "based": 9, "schools": 3}))
    assert find_aliases(terms, lemmas, ["schools", "based"]) == {"children": "child", "based": "base"}


def test_the_glossary_is_well_formed():
    glossary = read_glossary()
    assert len(glossary) > 600
    for english, chinese in glossary.items():
        assert english == english.lower().strip()
        assert 1 <= len(chinese) <= 4, english
        assert not any(character.isascii() for word, _ in chinese for character in word), english
        assert sum(share for _, share in chinese) == pytest.approx(1)
        assert english not in STOP_WORDS


def test_the_table_is_the_same_bytes_each_time(tmp_path):
    for name in ("a", "b"):
        write_table(tmp_path / name, {"school": [("学校", 0.987)]}, {"schooled": "school"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert json.loads(gzip.decompress((tmp_path / "a").read_bytes()))["terms"] == {"school": [["学校", 0.99]]}


@pytest.fixture(scope="module")
def terms():
    return json.loads(gzip.decompress(TABLE.read_bytes()))["terms"]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        # words of public administration, from the glossary
        ("department", "部门"),
        ("lead", "牵头"),
        ("cooperate", "配合"),
        ("district", "区"),
        ("mental health", "心理健康"),
        ("civil affairs", "民政"),
        ("social worker", "社工"),
        # general words, from the dictionary and the alignment
        ("virus", "病毒"),
        ("earthquake", "地震"),
        ("library", "图书馆"),
        ("lawyer", "律师"),
        ("museum", "博物馆"),
        # a place by its romanised name
        ("hanzhong", "汉中"),
    ],
)
def test_the_shipped_table_gives_the_official_word_first(terms, english, chinese):
    assert terms[english][0][0] == chinese


def test_the_shipped_table_is_small_and_its_shares_are_probabilities(terms):
    assert TABLE.stat().st_size <= 1_000_000
    for english, chinese in terms.items():
        assert 1 <= len(chinese) <= 4, english
        assert all(0 < share <= 1 for _, share in chinese), english
        assert sum(share for _, share in chinese) <= 1.03, english


def test_an_english_question_becomes_chinese_index_terms():
    table = TermTable(
        {"mental health": [("心理", 0.75)], "lead": [("牵头", 1.0)], "child": [("儿童", 1.0)]},
        {"children": "child"},
        frozenset({"which", "the"}),
    )
    found = table.index_terms("Which leads children's mental health in the NGO, 12345?")
    assert found["心理"] == pytest.approx(0.75)
    assert found["牵头"] == pytest.approx(1.0)
    assert found["ngo"] == found["12345"] == pytest.approx(1.0)
    assert "which" not in found


def test_a_term_is_found_by_its_longest_form():
    table = TermTable({"school": [("学校", 1.0)], "primary school": [("小学", 1.0)]}, {}, frozenset())
    assert "小学" in table.index_terms("primary schools")
    assert "学校" not in table.index_terms("primary schools")
