"""Stated words are the document's own, stand inside their quotes, and are as few as answer."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.composing import Composer, label
from rag.answering.evidence import Evidence
from rag.answering.extractive import ANSWER_CHARACTERS, state_evidence, state_window
from rag.answering.intent import read_intent
from rag.answering.kinds import holds_kind
from rag.domain.answer import Answer
from rag.domain.passage import Hit
from rag.domain.span import Span
from rag.text import sentences, squeeze

from .builders import ask, passage, summary


def evidence_of(
    question: str, text: str, *, document_id: str = "d1", start: int = 40, scores: Sequence[float] = ()
) -> list[Evidence]:
    """Return each sentence of a passage as evidence, with falling scores unless others are given."""
    asked = ask(question)
    intent = read_intent(asked).intent
    home = passage(text, start=start, document_id=document_id)
    found = []
    for at, span in enumerate(sentences(text)):
        score = scores[at] if scores else 1.0 - at * 0.01
        words = span.of(text)
        fits = holds_kind(intent, asked, words)
        found.append(Evidence(home, summary(document_id), span.shift(start), words, 1.0, 1.0, 1.0, fits, score))
    return sorted(found, key=lambda e: -e.score)


def state(question: str, evidence: Sequence[Evidence], most: int = 10) -> Answer:
    asked = ask(question)
    composer = Composer(asked.text)
    texts: dict[str, str] = {}
    for item in evidence:  # what stands around the passages does not matter
        known = texts.get(item.document.document_id, "")
        span = item.passage.span
        texts[item.document.document_id] = known[: span.start].ljust(span.start) + item.passage.text + known[span.end :]
    state_evidence(asked, read_intent(asked), evidence, composer, most=most, text_of=texts.__getitem__)
    return composer.answer()


def said(answer: Answer) -> list[str]:
    return [statement.text.removeprefix(f"{label(summary())}：") for statement in answer.statements]


def test_a_short_sentence_is_stated_whole_under_the_name_of_its_document() -> None:
    text = "每部电梯补助15万元。"
    answer = state("每部电梯补助多少钱？", evidence_of("每部电梯补助多少钱？", text))
    assert answer.text == f"云岫市教育局（岫教函〔2024〕33号）：{text}[1]"
    assert answer.citations[0].span == Span(40, 40 + len(text))


def test_of_a_long_sentence_the_clause_that_answers_is_stated_and_the_sentence_quoted() -> None:
    text = "云岫市持续推进老旧住宅改造，累计完工电梯146部，每部电梯财政补助20万元，由市、区两级按比例承担，竣工验收后一次拨付到位。"
    question = "每部电梯财政补助多少钱？"
    answer = state(question, evidence_of(question, text))
    assert said(answer) == ["每部电梯财政补助20万元"]
    assert answer.citations[0].quote == text


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        # Named at more length: up to the clause that names it, not the first one that opens.
        ("建成了多少个康复咨询室？", "已建成市级康复服务中心1个，县级康复机构35个，依托乡镇卫生院建立康复服务站158个，村级康复咨询师室1483个"),
        ("康复服务站有多少个？", "依托乡镇卫生院建立康复服务站158个"),
        # Named otherwise: which of the figures is meant cannot be told.
        ("建成了多少个康复门诊？", None),
    ],
)  # fmt: skip
def test_a_figure_is_stated_with_what_it_counts(question: str, stated: str | None) -> None:
    text = (
        "已建成市级康复服务中心1个，县级康复机构35个，依托乡镇卫生院建立康复服务站158个，村级康复咨询师室1483个，"
        "并由专业人员定期上门指导。"
    )
    assert said(state(question, evidence_of(question, text))) == [stated or text]


def test_two_questions_in_one_are_answered_by_the_whole_sentence() -> None:
    text = "全市现有中小学校214所，专职心理健康教育教师已配备198名，另有16所乡村小规模学校由学区统筹、巡回授课。"
    question = "有多少所中小学校？配了多少名教师？"
    assert said(state(question, evidence_of(question, text))) == [text]


def test_a_long_sentence_of_prose_is_cut_to_the_clauses_that_hold_the_question() -> None:
    text = (
        "坚持以人民为中心的发展思想，围绕群众关心的突出问题持续发力，依托社区家长学校入户指导困境家庭，"
        "推动各类资源向基层下沉，不断健全机制、完善制度、压实责任，确保各项任务落到实处、取得实效，让群众满意，让社会放心，让各方共同参与、共享成果，形成齐抓共管的良好局面。"
    )
    question = "怎么指导困境家庭？"
    (words,) = said(state(question, evidence_of(question, text)))
    assert "指导困境家庭" in words
    assert len(words) < len(text) / 2


def test_the_title_of_a_clause_is_given_with_what_it_introduces() -> None:
    text = "（二）财政补助。每部补助20万元。竣工后拨付。"
    question = "财政补助怎么办理"
    answer = state(question, evidence_of(question, text, scores=(1.0, 0.1, 0.1)))
    assert said(answer) == [text]


def test_what_a_title_introduces_stops_before_a_courtesy() -> None:
    text = "（二）财政补助。每部补助20万元。感谢您对工作的关心支持！"
    question = "财政补助怎么办理"
    answer = state(question, evidence_of(question, text, scores=(1.0, 0.1, 0.1)))
    assert said(answer) == ["（二）财政补助。每部补助20万元。"]


def test_sentences_far_worse_than_the_best_are_left_out() -> None:
    text = "开展心理测评。组织家长课堂。"
    question = "怎么开展心理测评"
    assert said(state(question, evidence_of(question, text, scores=(1.0, 0.3)))) == ["开展心理测评。"]


def test_statements_of_a_document_stand_in_reading_order_and_name_it_once() -> None:
    text = "开展心理测评工作。建立心理档案制度。"
    question = "怎么开展心理测评"
    answer = state(question, evidence_of(question, text, scores=(0.95, 1.0)))
    assert answer.text == "云岫市教育局（岫教函〔2024〕33号）：开展心理测评工作。[1]\n建立心理档案制度。[2]"


def test_the_same_words_from_another_place_are_stated_once() -> None:
    question = "怎么开展心理测评"
    text = "每学年开展心理测评。"
    evidence = [*evidence_of(question, text), *evidence_of(question, text, document_id="d2")]
    assert len(state(question, evidence).statements) == 1


def test_places_side_by_side_each_give_their_best() -> None:
    question = "各地怎么开展心理测评？"
    evidence = [
        *evidence_of(question, "每学年测评一次。", document_id="d1", scores=(1.0,)),
        *evidence_of(question, "每学期测评一次。", document_id="d2", scores=(0.7,)),
        *evidence_of(question, "与测评无关。", document_id="d3", scores=(0.1,)),
    ]
    answer = state(question, evidence)
    assert [citation.document.document_id for citation in answer.citations] == ["d1", "d2"]


@pytest.mark.parametrize("most", [1, 2])
def test_no_more_is_stated_than_was_asked_for(most: int) -> None:
    question = "怎么开展心理测评"
    text = "开展心理测评工作。建立心理档案制度。落实心理转介安排。"
    assert len(state(question, evidence_of(question, text), most=most).statements) == most


@pytest.mark.parametrize(("question", "stated"), [("开展心理测评了吗？", 2), ("怎么开展心理测评？", 3)])
def test_yes_or_no_takes_few_sentences(question: str, stated: int) -> None:
    text = "开展心理测评工作。建立心理档案制度。落实心理转介安排。"
    assert len(state(question, evidence_of(question, text)).statements) == stated


def test_an_answer_from_one_place_is_not_longer_than_a_reader_takes_in() -> None:
    question = "怎么开展心理测评"
    text = "".join(
        f"第{n}项测评要求如下并应当逐条对照认真执行到位不得有误且须按时完成{'甲' * 50}。" for n in "一二三四五六"
    )
    total = sum(len(words) for words in said(state(question, evidence_of(question, text))))
    assert 0 < total <= ANSWER_CHARACTERS


PHRASE = st.sampled_from(
    [
        "每部电梯补助15万元",
        "由市、区两级承担",
        "竣工验收后",
        "累计完工146部",
        "自2023年7月1日起",
        "设在市医院",
        "（详见附件，见表）",
        "建立档案",
    ]
)
SENTENCE = st.builds(
    lambda phrases, mark, stop: mark.join(phrases) + stop,
    st.lists(PHRASE, min_size=1, max_size=9),
    st.sampled_from("，；、"),
    st.sampled_from("。；！"),
)
QUESTIONS = st.sampled_from(
    [
        "每部电梯补助多少钱？",
        "什么时候起免费？",
        "设在哪里？",
        "怎么建立档案？",
        "完工了多少部电梯？",
        "各地怎么补助？",
        "补助多少，什么时候给？",
    ]
)


@given(QUESTIONS, st.lists(SENTENCE, min_size=1, max_size=4), st.integers(0, 500))
def test_whatever_is_stated_stands_in_its_quote_and_quotes_do_not_overlap(
    question: str, written: list[str], start: int
) -> None:
    text = "".join(written)
    answer = state(question, evidence_of(question, text, start=start))
    assert answer.statements
    for statement, words in zip(answer.statements, said(answer), strict=True):
        (mark,) = statement.citations
        cited = answer.citations[mark - 1]
        assert words
        assert words in squeeze(cited.quote)
        assert cited.quote == cited.span.shift(-start).of(text)
    spans = sorted(cited.span for cited in answer.citations)
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("question", "is_stated"),
    [
        ("体育馆每周开放几天？", False),
        ("体育馆什么时候开放？", False),
        ("体育馆怎么开放？", True),
    ],
)
def test_a_run_without_the_figure_or_date_that_is_asked_for_is_not_stated(question: str, is_stated: bool) -> None:
    text = "体育馆除检修外照常开放，凭读者证或者身份证入馆，入馆后请听从工作人员的引导。"
    asked, composer = ask(question), Composer(question)
    stated = state_window(asked, read_intent(asked), summary(), [Hit(passage(text), 0.9)], composer, text)
    assert stated is is_stated
    assert composer.is_empty is not is_stated
