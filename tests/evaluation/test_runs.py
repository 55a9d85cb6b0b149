"""Runs kept in files, read by other tools, and compared."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InvalidRequest
from rag.evaluation.measures import MEASURES, measure
from rag.evaluation.runs import RankedQuery, compare_runs, read_run, write_run, write_trec


def query(name: str, documents: tuple[str, ...], value: float = 1.0, **changes: object) -> RankedQuery:
    fields = {
        "id": name,
        "text": "乡道由谁\n管理？",
        "relevant": {"d1": 1, "d2": 0},
        "documents": documents,
        "measures": {"nDCG@10": value},
        "seconds": 0.005,
    }
    return RankedQuery(**(fields | changes))


RUN = [query("q1", ("d2", "d1", "d3")), query("问2", ("d3",), 0.0), query("q3", (), 0.0)]


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_run(tmp_path / "a.jsonl", RUN)
    assert read_run(tmp_path / "a.jsonl") == RUN
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["q1", "问2", "q3"]
    assert "乡道" in lines[0]


def test_the_first_relevant_document_has_a_rank() -> None:
    assert [each.first_relevant for each in RUN] == [2, math.inf, math.inf]


@given(st.permutations([f"d{n}" for n in range(30)]), st.sets(st.integers(0, 40), min_size=1))
def test_standard_tools_read_the_same_measures_from_the_trec_run(
    tmp_path_factory: pytest.TempPathFactory, documents: list[str], relevant: set[int]
) -> None:
    path = tmp_path_factory.mktemp("trec") / "run.trec"
    qrels = {"q": {f"d{n}": 1 for n in relevant}}
    write_trec(path, [query("q", tuple(documents), relevant=qrels["q"])], name="a run")
    read = ir_measures.read_trec_run(str(path))
    found = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, read)
    ours = measure(qrels, {"q": documents}).means
    assert {name: found[metric] for name, metric in MEASURES.items()} == pytest.approx(ours)


def test_a_trec_run_is_written_as_the_format_has_it(tmp_path: Path) -> None:
    write_trec(tmp_path / "run.trec", RUN, name="before all")
    assert (tmp_path / "run.trec").read_text(encoding="utf-8").splitlines() == [
        "q1 Q0 d2 1 3 before-all",
        "q1 Q0 d1 2 2 before-all",
        "q1 Q0 d3 3 1 before-all",
        "问2 Q0 d3 1 1 before-all",
    ]


@pytest.mark.parametrize(("name", "document"), [("a b", "d1"), ("a", "d\u30001")])
def test_an_id_with_a_blank_is_no_trec(tmp_path: Path, name: str, document: str) -> None:
    with pytest.raises(InvalidRequest, match="holds a blank"):
        write_trec(tmp_path / "run.trec", [query(name, (document,))], name="x")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no query"),
        (b"\xff", "not UTF-8"),
        (b'{"id": "q1"}\n', r"run\.jsonl:1: text: Field required"),
        (b"[1]\n", r"run\.jsonl:1: "),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_run_is_told(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "run.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidRequest, match=message):
        read_run(path)


def test_a_query_may_not_come_twice(tmp_path: Path) -> None:
    write_run(tmp_path / "a.jsonl", [RUN[0], RUN[0]])
    with pytest.raises(InvalidRequest, match=r"a\.jsonl:2: the id q1 comes twice"):
        read_run(tmp_path / "a.jsonl")


def test_a_run_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="cannot be written"):
        write_run(tmp_path, RUN)


def test_runs_are_compared_by_the_measures_of_both() -> None:
    before = [query("a", (), 0.0, measures={"nDCG@10": 0.0, "P@1": 1.0}), query("b", (), 0.5)]
    after = [query("b", (), 0.5), query("a", (), 1.0)]  # the order does not matter
    (name, found), *others = compare_runs(before, after).items()
    assert (name, others) == ("nDCG@10", [])
    assert (found.better, found.worse, found.difference) == (1, 0, 0.5)


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ([*RUN, query("q4", ())], "1 in one alone, such as q4"),
        (RUN[:2], "such as q3"),
        ([*RUN[:2], replace(RUN[2], relevant={"d2": 1})], "judged otherwise: query q3"),
        ([replace(each, measures={"AP": 1.0}) for each in RUN], "do not both have nDCG@10"),
    ],
)
def test_runs_that_do_not_go_together_are_refused(after: list[RankedQuery], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        compare_runs(RUN, after)
