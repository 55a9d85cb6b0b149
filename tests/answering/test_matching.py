"""How strongly a text holds a word: whole, in part, by like meaning, by like sound."""

from __future__ import annotations

import pytest

from rag.answering.matching import TermMatcher, shortens
from rag.app.reader import Reader
from rag.retrieval.topic import Term


@pytest.mark.parametrize(
    ("term", "text", "share"),
    [
        (Term("电梯", ("电梯",)), "加装电梯补助", 1.0),
        (Term("电梯", ("电梯",)), "加装楼梯", 0.0),
        (Term("中小学校", ("中小学校",)), "全市中小学", 0.8 * 2 / 3),  # two of three pairs
        (Term("subsidy", ("补贴", "补助")), "发放补贴", 1.0),
        (Term("subsidy", ("补贴", "补助")), "发放补助", 0.9),  # a less likely rendering
        (Term("hotline", ("hotline",)), "热线", 0.0),
    ],
)
def test_words_and_parts_of_words(term: Term, text: str, share: float) -> None:
    assert TermMatcher.exact(term, text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("word", "text", "is_short"),
    [
        ("镇街", "各镇（街道）", True),
        ("社工站", "社会工作站", True),
        ("班会", "班团队会", True),
        ("门诊", "部门会诊", True),  # so it is asked only of texts that hold the rest of the question
        ("门诊", "专家诊室，门卫", False),
    ],
)
def test_short_forms(word: str, text: str, is_short: bool) -> None:
    assert shortens(word, text) is is_short


def strengths(reader: Reader, word: str, *texts: str) -> list[float]:
    matcher = TermMatcher([Term(word, (word,))], reader.searcher)
    return [float(matcher.strengths(text)[0]) for text in texts]


def test_likeness_orders_a_word_its_synonym_and_another(sample: Reader) -> None:
    same, like, unlike = strengths(sample, "补助", "每部补助15万元", "每部补贴15万元", "组织合唱比赛")
    assert same == 1.0
    assert unlike < like < 1.0


def test_a_word_that_no_document_has_is_found_by_its_sound(sample: Reader) -> None:
    assert not sample.searcher.knows("侧评")
    (heard,) = strengths(sample, "侧评", "每学年开展心理测评")
    assert 0 < heard < 1
    # A word that documents do have is not taken for another that sounds like it.
    assert strengths(sample, "心里", "组织合唱比赛")[0] < heard


@pytest.mark.parametrize("word", ["zzzz", "xyzzy", "99871"])
def test_letters_that_mean_nothing_are_like_nothing(sample: Reader, word: str) -> None:
    assert strengths(sample, word, "制作《阿尔兹海默病》等资料", "12356热线", "加装电梯") == [0.0] * 3


def test_width_script_and_layout_make_no_difference(sample: Reader) -> None:
    assert strengths(sample, "心理健康", "心理 健康教育", "心理健康教育", "心理健康教育") == [1.0] * 3
    assert strengths(sample, "测评", "開展測評") == [1.0]


def test_no_terms_have_no_strengths(sample: Reader) -> None:
    assert TermMatcher([], sample.searcher).strengths("任何文字").shape == (0,)


@pytest.mark.parametrize("text", ["", "，。", "a", "加装电梯补助"])
def test_strengths_lie_between_none_and_whole(sample: Reader, text: str) -> None:
    matcher = TermMatcher([Term(word, (word,)) for word in ("电梯", "补助", "站", "bus")], sample.searcher)
    assert ((matcher.strengths(text) >= 0) & (matcher.strengths(text) <= 1)).all()
