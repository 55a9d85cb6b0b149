"""``rag eval``: what it prints, keeps and compares."""

from __future__ import annotations

import json

import pytest

DOCUMENTS = {"d1": "心理援助热线每天开通", "d2": "电梯加装补助标准", "d3": "防汛物资储备", "d4": "公交线路优化调整"}
QUERIES = {"q1": "热线几点开通", "q2": "加装电梯补多少", "q3": "防汛物资放在哪里"}
RIGHT = {"q1": "d1", "q2": "d2", "q3": "d3"}


def write_lines(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def write_qrels(path, judged):
    path.write_text(
        "query-id\tcorpus-id\tscore\n" + "".join(f"{q}\t{d}\t1\n" for q, d in judged.items()), encoding="utf-8"
    )


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    write_lines(folder / "corpus.jsonl", [{"_id": i, "title": "", "text": text} for i, text in DOCUMENTS.items()])
    write_lines(folder / "queries.jsonl", [{"_id": i, "text": text} for i, text in QUERIES.items()])
    write_qrels(folder / "qrels.tsv", RIGHT)
    return folder


@pytest.fixture
def evaluate(rag, folder, tmp_path):
    """Run ``rag eval`` on the folder; the index is kept for the test."""
    return lambda *arguments: rag("eval", folder, "--cache", tmp_path / "cache", *arguments)


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    rows = [
        {"id": "a", "kind": "figure", "question": "冲锋舟有多少艘？", "documents": ["notices/2023-xichuan-flood.txt"], "must": [["42艘"]], "answerable": True},
        {"id": "b", "kind": "figure", "question": "编织袋有多少条？", "documents": ["notices/2023-xichuan-flood.txt"], "must": [["99万条"]], "answerable": True},
    ]  # fmt: skip
    write_lines(path, rows)
    return path


def test_a_folder_is_measured(evaluate):
    ran = evaluate("--json")
    assert ran.code == 0
    assert ran.json["nDCG@10"] == 1.0
    assert ran.json["interval_95"]["nDCG@10"] == [1.0, 1.0]
    assert ran.json["queries"] == 3
    assert "against" not in ran.json
    lines = evaluate().out.splitlines()
    assert "nDCG@10: 1.0000  (95 %: 1.0000–1.0000)" in lines
    assert "queries: 3" in lines
    assert "interval" not in "".join(lines)


def test_a_run_is_kept_and_compared(evaluate, folder, tmp_path):
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    assert evaluate("--out", before).code == 0
    rows = [json.loads(line) for line in before.read_text(encoding="utf-8").splitlines()]
    assert {row["id"]: row["documents"][0] for row in rows} == RIGHT
    trec = (tmp_path / "before.trec").read_text(encoding="utf-8").splitlines()
    assert trec[0].split()[:4] == ["q1", "Q0", "d1", "1"]
    # A worse run before: on two of three queries nothing was found.
    for row in rows[:2]:
        row["measures"]["nDCG@10"] = 0.0
    write_lines(before, rows)
    found = evaluate("--against", before, "--out", after, "--json").json["against"]
    assert found["run"] == str(before)
    against = found["measures"]["nDCG@10"]
    assert (against["better"], against["worse"], against["p_value"]) == (2, 0, 0.5)
    assert against["difference"] == pytest.approx(2 / 3)
    assert found["measures"]["P@1"]["difference"] == 0
    assert after.is_file()
    said = evaluate("--against", before).out
    assert f"与 {before} 相比" in said
    assert "nDCG@10     0.3333 → 1.0000  +0.6667" in said


def test_other_measures_and_a_deeper_ranking(evaluate):
    values = evaluate("--measures", "AP, nDCG@200", "--top-k", 200, "--json").json
    assert (values["AP"], values["nDCG@200"]) == (1.0, 1.0)


def test_answers_are_kept_and_compared(rag, corpus, questions, tmp_path):
    def judged(*arguments):
        return rag("eval", corpus, "--questions", questions, "--cache", tmp_path / "cache", *arguments)

    before = tmp_path / "before.jsonl"
    ran = judged("--out", before, "--json")
    assert (ran.code, ran.json["passed"], ran.json["first_right"], ran.json["located"]) == (0, 1, 2, 2)
    first, second = (json.loads(line) for line in before.read_text(encoding="utf-8").splitlines())
    assert (first["question"]["id"], first["reasons"]) == ("a", [])
    assert second["reasons"] == ["missing: 99万条"]
    assert not (tmp_path / "before.trec").exists()
    write_lines(before, [first | {"reasons": ["missing: 1"]}, second | {"reasons": []}])
    found = judged("--against", before, "--json").json["against"]
    assert (found["passed_now"], found["failed_now"], found["added"], found["dropped"]) == (["a"], ["b"], [], [])
    said = judged("--against", before).out
    assert "现在通过 passes now: a 冲锋舟有多少艘？" in said
    assert "现在不过 fails now: b 编织袋有多少条？: missing: 99万条" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--measures", "Precise@3"], "Precise@3"),
        (["--measures", "nDCG@200"], "only 100 documents"),
        (["--out", "no/such/folder/run.jsonl"], "folder does not exist"),
        (["--out", "."], "is a folder"),
        (["--out", "run.trec"], "TREC run beside it"),
        (["--against", "none.jsonl"], "none.jsonl: cannot be read"),
        (["--questions", "q.jsonl", "--measures", "AP"], "of retrieval"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_built(evaluate, tmp_path, arguments, message):
    ran = evaluate(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not (tmp_path / "cache").exists()


def test_a_run_of_other_queries_is_refused_but_this_one_is_kept(evaluate, folder, tmp_path):
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    evaluate("--out", before)
    write_lines(folder / "queries.jsonl", [{"_id": i, "text": text} for i, text in list(QUERIES.items())[:2]])
    ran = evaluate("--against", before, "--out", after)
    assert ran.code == 2
    assert "such as q3" in ran.err
    assert len(after.read_text(encoding="utf-8").splitlines()) == 2
