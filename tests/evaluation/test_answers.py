"""Judging answers: every rule has a case that breaks it, and a set of questions runs end to end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from rag.domain.access import Disclosure
from rag.domain.answer import Answer, Citation, Statement, Status
from rag.domain.document import DocumentSummary, Kind
from rag.domain.span import Span
from rag.errors import InvalidRequest
from rag.evaluation.answers import AnswersReport, KindCount, evaluate_answers
from rag.evaluation.judging import Verdict, changes, judge, read_verdicts, write_verdicts
from rag.evaluation.questions import JudgedQuestion, read_questions
from rag.indexes.encoder import Encoder
from rag.retrieval.terms import TermTable

TEXTS = {"plans/a.txt": "由甲局牵头，乙局配合。", "b.txt": "共投入１２ 万元。"}
Write = Callable[[Path, Sequence[Mapping[str, object]]], Path]


def citation(number: int, source: str, start: int = 0, end: int = 5) -> Citation:
    document = DocumentSummary(source, source, None, None, None, None, Kind.PLAN, None, None, Disclosure.PUBLIC)
    return Citation(number, document, (), Span(start, end), TEXTS[source][start:end], None)


RIGHT = Answer(
    question="谁牵头？",
    status=Status.ANSWERED,
    text="由甲局 牵头[1]。投入１２万元（合计）[2]。",
    statements=(Statement("由甲局牵头", (1,)), Statement("投入12万元", (2,))),
    citations=(citation(1, "plans/a.txt"), citation(2, "b.txt")),
)
REFUSAL = Answer(question="谁牵头？", status=Status.NO_EVIDENCE, text="现有文件没有说明。")


def asked(**changes: object) -> JudgedQuestion:
    fields = {"id": "1", "kind": "fact", "question": "谁牵头？", "answerable": True, "documents": ("b.txt",)}
    return JudgedQuestion(**(fields | changes))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (asked(), RIGHT),
        (asked(must=(("丙局", "甲局牵头"), ("12 万元(合计)",))), RIGHT),  # blanks and widths do not matter
        (asked(must_not=("乙局",)), RIGHT),
        (asked(documents=("c.txt", "b.txt")), RIGHT),  # any one of them
        (asked(kind="cross", documents=("b.txt", "plans/a.txt")), RIGHT),
        (asked(documents=()), RIGHT),
        (asked(answerable=False, documents=()), REFUSAL),
    ],
)
def test_a_right_answer_passes(question: JudgedQuestion, answer: Answer) -> None:
    assert judge(question, answer, TEXTS.__getitem__) == ()


@pytest.mark.parametrize(
    ("question", "answer", "reasons"),
    [
        (asked(answerable=False), RIGHT, ["status is answered, not no_evidence"]),
        (asked(), REFUSAL, ["status is no_evidence, not answered", "cited none of: b.txt"]),
        (asked(must=(("甲局",), ("丙局", "丁局"))), RIGHT, ["missing: 丙局 | 丁局"]),
        (asked(must_not=("乙局", "甲 局")), RIGHT, ["forbidden: 甲 局"]),
        (asked(answerable=False, must_not=("没有",)), REFUSAL, ["forbidden: 没有"]),
        (asked(documents=("a.txt", "c.txt")), RIGHT, ["cited none of: a.txt, c.txt"]),
        (asked(kind="cross", documents=("b.txt", "c.txt")), RIGHT, ["not cited: c.txt"]),
        (
            asked(),
            replace(RIGHT, citations=(citation(1, "plans/a.txt"), replace(citation(2, "b.txt"), quote="共投入12"))),
            ["citation [2] is not the text of b.txt at 0:5"],
        ),
        (
            asked(answerable=False, documents=()),
            replace(REFUSAL, citations=(replace(citation(1, "b.txt"), span=Span(1, 6)),)),
            ["citation [1] is not the text of b.txt at 1:6"],
        ),
        (
            asked(),
            replace(RIGHT, statements=(RIGHT.statements[0], Statement("投入12万元", ()))),
            ["statement 2 has no citation, or one that does not exist"],
        ),
        (
            asked(),
            replace(RIGHT, statements=(Statement("由甲局牵头", (1, 3)),)),
            ["statement 1 has no citation, or one that does not exist"],
        ),
        (asked(), replace(RIGHT, statements=()), ["answered without a statement"]),
    ],
)
def test_each_rule_can_fail(question: JudgedQuestion, answer: Answer, reasons: list[str]) -> None:
    assert list(judge(question, answer, TEXTS.__getitem__)) == reasons


# --------------------------------------------------------------------------------------- questions

LINE = {"id": "1", "kind": "fact", "lang": "zh", "question": "谁？", "documents": ["a.txt"], "must": [["甲", "乙"]], "must_not": [], "answerable": True}  # fmt: skip


def test_questions_are_read(tmp_path: Path, write_jsonl: Write) -> None:
    path = write_jsonl(tmp_path / "q.jsonl", [LINE, LINE | {"id": "2", "answerable": False, "note": "x"}])
    first, second = read_questions(path)
    assert (first.id, first.documents, first.must, first.must_not) == ("1", ("a.txt",), (("甲", "乙"),), ())
    assert not second.answerable


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([LINE, LINE], r"q\.jsonl:2: the id 1 comes twice"),
        ([LINE | {"must": ["甲"]}], r"q\.jsonl:1: must\.0: "),
        ([LINE | {"answerable": None}], r"q\.jsonl:1: answerable: "),
        ([{k: v for k, v in LINE.items() if k != "question"}], r"q\.jsonl:1: question: "),
        ([], r"q\.jsonl: holds no question"),
    ],
)
def test_a_faulty_question_is_told(tmp_path: Path, write_jsonl: Write, lines: list, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        read_questions(write_jsonl(tmp_path / "q.jsonl", lines))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\n{not json\n", r"q\.jsonl:2: "), (b"\xff\xfe", "not UTF-8"), (None, "cannot be read")],
)
def test_a_file_that_holds_no_questions_is_told(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "q.jsonl").write_bytes(content)
    with pytest.raises(InvalidRequest, match=message):
        read_questions(tmp_path / "q.jsonl")


# ------------------------------------------------------------------------------------------ report


def report(*verdicts: Verdict) -> AnswersReport:
    return AnswersReport("q.jsonl", 2, (), verdicts, 3, 3, 1.0, 2.0)


def test_kinds_are_counted_and_failures_listed() -> None:
    found = report(
        Verdict(asked(id="1"), (), "对", ("b.txt",)),
        Verdict(asked(id="2", kind="time"), ("missing: 甲",), "错", ()),
        Verdict(asked(id="3"), ("forbidden: 乙",), "错", ("b.txt",)),
    )
    assert found.passed == 1
    assert found.by_kind == (KindCount("fact", 1, 2), KindCount("time", 0, 1))
    values = json.loads(json.dumps(found.as_json()))
    assert (values["passed"], values["total"]) == (1, 3)
    assert [(f["id"], f["reasons"], f["answer"]) for f in values["failures"]] == [
        ("2", ["missing: 甲"], "错"),
        ("3", ["forbidden: 乙"], "错"),
    ]


# ------------------------------------------------------------------------------------------ changes


def verdict(name: str, *reasons: str) -> Verdict:
    return Verdict(asked(id=name), reasons, "答", ("b.txt",), "b.txt", True, 0.25)


def test_verdicts_are_read_as_they_were_written(tmp_path: Path) -> None:
    verdicts = [verdict("1"), verdict("2", "missing: 甲"), Verdict(asked(id="3", must=(("甲", "乙"),)), (), "", ())]
    write_verdicts(tmp_path / "v.jsonl", verdicts)
    assert read_verdicts(tmp_path / "v.jsonl") == verdicts


def test_what_changed_is_told_by_question() -> None:
    before = [verdict("1"), verdict("2", "missing: 甲"), verdict("3", "missing: 甲"), verdict("4"), verdict("old")]
    after = [verdict("1", "forbidden: 乙"), verdict("2"), verdict("3", "forbidden: 乙"), verdict("4"), verdict("new")]
    found = changes(before, after)
    assert [v.question.id for v in found.passed_now] == ["2"]
    assert [v.question.id for v in found.failed_now] == ["1"]
    assert (found.added, found.dropped) == (("new",), ("old",))
    assert (found.comparison.before, found.comparison.after, found.comparison.p_value) == (0.5, 0.5, 1.0)


def test_runs_without_a_common_question_are_not_compared() -> None:
    with pytest.raises(InvalidRequest, match="share no question"):
        changes([verdict("1")], [verdict("2")])


# -------------------------------------------------------------------------------------- end to end


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "plans").mkdir(parents=True)
    (folder / "plans" / "waste.txt").write_text(
        "云岫市生活垃圾分类实施方案\n\n一、工作任务\n\n（一）建设投放点。年内建成投放点320个。"
        "〔市城管局牵头，市住建局按职责分工负责〕\n",
        encoding="utf-8",
    )
    (folder / "broken.txt").write_bytes(b"")
    return folder


def test_a_set_of_questions_is_answered_and_judged(
    documents: Path, tmp_path: Path, encoder: Encoder, no_terms: Callable[[], TermTable], write_jsonl: Write
) -> None:
    source = "plans/waste.txt"
    questions = write_jsonl(
        tmp_path / "q.jsonl",
        [
            {"id": "lead", "kind": "responsibility", "question": "建设投放点由哪个部门牵头？", "documents": [source], "must": [["市城管局"]], "answerable": True},
            {"id": "wrong", "kind": "responsibility", "question": "建设投放点由谁牵头？", "documents": [source], "must": [["市水利局"]], "answerable": True},
        ],
    )  # fmt: skip

    def run() -> AnswersReport:
        return evaluate_answers(
            documents, questions, cache_dir=tmp_path / "cache", encoder=encoder, load_terms=no_terms
        )

    found = run()
    assert [verdict.reasons for verdict in found.verdicts] == [(), ("missing: 市水利局",)]
    assert found.by_kind == (KindCount("responsibility", 1, 2),)
    assert found.verdicts[0].cited == (source,)
    assert found.citations == found.exact_citations > 0
    assert found.documents == 1
    assert {verdict.first_found for verdict in found.verdicts} == {source}
    assert (found.first_right, found.located) == (2, 2)
    assert all(verdict.seconds > 0 for verdict in found.verdicts)
    assert [failure.source for failure in found.not_taken_in] == ["broken.txt"]
    # A document that is gone is not answered from, though its index was kept.
    (documents / "plans" / "waste.txt").unlink()
    gone = run()
    assert (gone.documents, gone.first_right, gone.located) == (0, 0, 2)
    assert {verdict.first_found for verdict in gone.verdicts} == {None}


def test_the_first_passage_found_is_judged_by_all_files_of_its_text(
    documents: Path, tmp_path: Path, encoder: Encoder, no_terms: Callable[[], TermTable], write_jsonl: Write
) -> None:
    (documents / "a-copy.txt").write_bytes((documents / "plans" / "waste.txt").read_bytes())
    (documents / "road.txt").write_text("乡道由乡级人民政府管理。", encoding="utf-8")
    rows = [
        {"id": "copy", "kind": "fact", "question": "年内建成多少投放点？", "documents": ["plans/waste.txt"], "answerable": True},
        {"id": "wrong", "kind": "fact", "question": "年内建成多少投放点？", "documents": ["road.txt"], "answerable": True},
        {"id": "any", "kind": "cross", "question": "乡道由谁管理？", "documents": ["a-copy.txt", "road.txt"], "answerable": True},
        {"id": "none", "kind": "fact", "question": "乡道由谁管理？", "answerable": False},
    ]  # fmt: skip
    found = evaluate_answers(
        documents,
        write_jsonl(tmp_path / "q.jsonl", rows),
        cache_dir=tmp_path / "cache",
        encoder=encoder,
        load_terms=no_terms,
    )
    assert {v.question.id: v.is_first_right for v in found.verdicts} == {
        "copy": True,
        "wrong": False,
        "any": True,
        "none": None,
    }
    values = found.as_json()
    assert (values["first_right"], values["located"]) == (2, 3)


def test_a_missing_folder_is_told(tmp_path: Path, encoder: Encoder, write_jsonl: Write) -> None:
    questions = write_jsonl(tmp_path / "q.jsonl", [LINE])
    with pytest.raises(InvalidRequest, match="no such folder"):
        evaluate_answers(tmp_path / "none", questions, cache_dir=tmp_path / "cache", encoder=encoder)


def test_another_file_of_a_cited_text_counts_as_cited():
    files = {"b.txt": ("b.txt", "b.pdf")}
    for question in (asked(documents=("b.pdf",)), asked(kind="cross", documents=("b.pdf", "plans/a.txt"))):
        assert judge(question, RIGHT, TEXTS.__getitem__)
        assert judge(question, RIGHT, TEXTS.__getitem__, lambda document: files.get(document, ())) == ()
