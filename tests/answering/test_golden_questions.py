"""All questions of the golden sets: what must hold for each answer, and how many must be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rag.answering.composing import label
from rag.answering.verification import problems
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status
from rag.evaluation.judging import judge
from rag.evaluation.questions import JudgedQuestion, read_questions
from rag.text import close_up, squeeze

ALL = Scope.everything()
GOLDEN = Path(__file__).parents[1] / "golden"
SHARED = Path(__file__).parents[2].parent / "shared"
needs_seeds = pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the five real documents are not at hand")

Answered = Sequence[tuple[JudgedQuestion, Answer]]


def answer_all(reader: Reader, path: Path) -> Answered:
    return [
        (asked, reader.answerer.answer(asked.question, scope=ALL, history=asked.history))
        for asked in read_questions(path)
    ]


@pytest.fixture(scope="module")
def corpus_answers(sample: Reader) -> Answered:
    return answer_all(sample, GOLDEN / "corpus.jsonl")


@pytest.fixture(scope="module")
def seeds(read_folder: Callable[[Path], Reader]) -> Reader:
    return read_folder(SHARED / "seeds")


def wrong(reader: Reader, answers: Answered) -> dict[str, tuple[str, ...]]:
    """Return why answers are not right, by question."""
    found = {
        f"{asked.id} {asked.question}": judge(asked, answer, lambda d: reader.catalog.text(d, scope=ALL))
        for asked, answer in answers
    }
    return {question: reasons for question, reasons in found.items() if reasons}


def check_soundness(reader: Reader, answers: Answered) -> None:
    """Assert what holds for every answer, right or wrong."""
    for asked, answer in answers:
        where = asked.question
        assert problems(answer, lambda d: reader.catalog.text(d, scope=ALL)) == [], where
        for citation in answer.citations:
            text = reader.catalog.text(citation.document.document_id, scope=ALL)
            assert citation.quote == citation.span.of(text) != "", where
        assert [citation.id for citation in answer.citations] == list(range(1, len(answer.citations) + 1)), where
        marks = {mark for statement in answer.statements for mark in statement.citations}
        assert marks == {citation.id for citation in answer.citations}, where
        is_answered = answer.status is Status.ANSWERED
        assert is_answered == bool(answer.statements) != bool(answer.leads), where
        check_statements(answer)


def check_statements(answer: Answer) -> None:
    """Assert that statements are the documents' own words, and duties name units that their quotes name."""
    by_id = {citation.id: citation for citation in answer.citations}
    for statement in answer.statements:
        cited = [by_id[mark] for mark in statement.citations]
        words = statement.text
        for citation in cited:
            words = words.removeprefix(squeeze(f"{label(citation.document)}：")).removeprefix("：")
        if answer.is_english:
            words = (
                _ENGLISH_HEAD.sub("", words)
                .removeprefix("in the document's words, ")
                .removeprefix("“")
                .removesuffix("”")
            )
        assert words
        assert not _COURTESIES.search(words), words
        if is_quoted(statement.text):
            continue
        # Every run of words of a sentence stands in its quotes: extractive answers add nothing.
        quotes = [close_up(citation.quote) for citation in cited]
        if len(cited) == 1:
            assert words.removesuffix("。") in quotes[0], words
    for duty in answer.duties:
        quotes = squeeze("".join(by_id[mark].quote for mark in duty.citations))
        for unit in (*duty.lead, *duty.cooperating):
            assert squeeze(unit) in quotes, (duty.task, unit)


_COURTESIES = re.compile("感谢|收悉|(?:答复|汇报|函复)如下|特此(?:函复|答复)")

_ENGLISH_HEAD = re.compile(r"^(?:Yes\. |No\. )?According to .*?(?:\)|》|[A-Za-z]): ")

# What is said of a duty or an element in our own words around the document's.
_OUR_WORDS = re.compile(
    r"^(?:[是否有]。|没有。|Yes\. |No\. )|以上各件|^共\d+项：|^\d+ in all|【(?:已做|计划|目标)】|: (?:Done|Planned|Target): |^(?:Done|Planned|Target): |（(?:时限：|已于|有效至|[^（）]*即)[^（）]*）$|\((?:by |expired on |valid until |“)[^()]*\)$|^The documents above|“.+”由.+(?:牵头|负责|主办|协办|配合)|(?:发文字号|成文日期|印发日期|发文机关|标题|签发人|公开属性|答复|主送|抄送|附件)[^。]*。$|^库中符合条件|(?:^|：)《.*》。$"
    r"|” — (?:Lead|Responsible|Handled by|Cooperating|Jointly handled by)|(?:^|: )(?:its?|what it answers) [a-z]|^\d+ documents in all meet|^(?:[^《]*, )?《.*》(?: [(].*|, .*)?\.$"
)


def is_quoted(text: str) -> bool:
    return _OUR_WORDS.search(text) is not None


def test_every_answer_over_the_corpus_is_sound(sample: Reader, corpus_answers: Answered) -> None:
    check_soundness(sample, corpus_answers)


def test_at_least_91_of_96_answers_over_the_corpus_are_right(sample: Reader, corpus_answers: Answered) -> None:
    assert len(corpus_answers) == 96
    failures = wrong(sample, corpus_answers)
    assert 96 - len(failures) >= 91, failures


def test_what_the_corpus_does_not_say_is_refused(corpus_answers: Answered) -> None:
    unanswerable = [(asked, answer) for asked, answer in corpus_answers if not asked.answerable]
    assert len(unanswerable) == 17
    assert [asked.question for asked, answer in unanswerable if answer.status is Status.ANSWERED] == []


@pytest.fixture(scope="module")
def intent_answers(sample: Reader) -> Answered:
    return answer_all(sample, GOLDEN / "corpus_intents.jsonl")


def test_questions_of_every_intent_are_answered_soundly(sample: Reader, intent_answers: Answered) -> None:
    check_soundness(sample, intent_answers)


def test_at_least_95_of_100_questions_by_intent_are_right(sample: Reader, intent_answers: Answered) -> None:
    answerable = [(asked, answer) for asked, answer in intent_answers if asked.answerable]
    failures = wrong(sample, answerable)
    assert len(answerable) == 100
    assert 100 - len(failures) >= 95, failures


def test_at_most_3_of_100_questions_by_intent_are_wrongly_refused(intent_answers: Answered) -> None:
    refused = [a.question for asked, a in intent_answers if asked.answerable and a.status is Status.NO_EVIDENCE]
    assert len(refused) <= 3, refused


def test_near_misses_are_refused(sample: Reader, intent_answers: Answered) -> None:
    near = [(asked, answer) for asked, answer in intent_answers if not asked.answerable]
    failures = wrong(sample, near)
    assert len(near) == 50
    assert len(failures) <= 2, failures


def test_plans_aims_deeds_and_follow_ups(sample: Reader) -> None:
    answers = answer_all(sample, GOLDEN / "corpus_progress.jsonl")
    assert len(answers) == 42
    check_soundness(sample, answers)
    failures = wrong(sample, answers)
    assert len(failures) <= 2, failures
    assert [asked.question for asked, a in answers if not asked.answerable and a.status is Status.ANSWERED] == []


@needs_seeds
@pytest.mark.parametrize(
    ("path", "right", "total"),
    [
        (SHARED / "golden" / "questions.jsonl", 41, 43),
        (GOLDEN / "seeds.jsonl", 155, 163),
        (GOLDEN / "seeds_fresh.jsonl", 336, 350),
    ],
    ids=["shared", "ours", "fresh"],
)
def test_answers_over_the_real_documents_are_sound_and_mostly_right(
    seeds: Reader, path: Path, right: int, total: int
) -> None:
    answers = answer_all(seeds, path)
    assert len(answers) == total
    check_soundness(seeds, answers)
    failures = wrong(seeds, answers)
    assert total - len(failures) >= right, failures
