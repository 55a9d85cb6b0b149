"""A tiny collection measured end to end, through the product's parser, catalog, indexes and search."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from rag.domain.passage import Hit, Passage
from rag.domain.span import Span
from rag.errors import EmptyDocument, InvalidRequest
from rag.evaluation import indexing
from rag.evaluation.beir import CorpusRow
from rag.evaluation.harness import RetrievalReport, evaluate_retrieval, rank_documents
from rag.evaluation.indexing import parse_row
from rag.evaluation.measures import MEASURES
from rag.indexes.encoder import Encoder
from rag.ingest import Progress
from rag.retrieval.terms import TermTable

Evaluate = Callable[..., RetrievalReport]
Write = Callable[[Path, Sequence[Mapping[str, object]]], Path]


@pytest.fixture
def evaluate(collection: Path, tmp_path: Path, encoder: Encoder, no_terms: Callable[[], TermTable]) -> Evaluate:
    def run(**changes: object) -> RetrievalReport:
        arguments = {"cache_dir": tmp_path / "cache", "encoder": encoder, "load_terms": no_terms} | changes
        return evaluate_retrieval(collection, **arguments)

    return run


def test_a_collection_is_measured(evaluate: Evaluate) -> None:
    report = evaluate()
    assert report.collection == "tiny"
    # q3 is not judged and q9 is not asked.
    assert report.queries == 2
    assert report.scores.by_query["P@1"] == {"q1": 1.0, "q2": 1.0}
    assert (report.index.documents, report.index.left_out, report.index.passages) == (4, 1, 4)
    assert report.queries_per_second > 0
    assert 0 < report.p50_ms <= report.p95_ms


def test_what_was_found_is_told_query_by_query(evaluate: Evaluate, encoder: Encoder) -> None:
    report = evaluate(more_measures=["AP"], depth=2)
    assert report.encoder == encoder.identity
    assert [(query.id, query.relevant) for query in report.ranked] == [("q1", {"d1": 1}), ("q2", {"d3": 1})]
    for query in report.ranked:
        assert query.documents[0] in query.relevant
        assert len(query.documents) == len(set(query.documents)) <= 2
        assert query.measures == dict.fromkeys([*MEASURES, "AP"], 1.0)
        assert query.seconds > 0


def test_a_part_of_the_queries_may_be_asked(evaluate: Evaluate) -> None:
    (asked,) = evaluate(sample=1).ranked
    assert evaluate(sample=1).ranked[0].id == asked.id
    assert len(evaluate(sample=9).ranked) == 2


def test_an_unknown_measure_is_told_before_anything_is_built(evaluate: Evaluate, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="Precise@3"):
        evaluate(more_measures=["Precise@3"])
    assert not (tmp_path / "cache").exists()


def test_the_report_has_the_names_of_the_contract(evaluate: Evaluate) -> None:
    values = json.loads(json.dumps(evaluate().as_json()))
    assert [values[name] for name in ("nDCG@10", "P@1", "Recall@10", "Recall@100", "MRR@10")] == [1.0] * 5
    assert values["interval_95"]["nDCG@10"] == [1.0, 1.0]
    assert values["queries/s"] > 0
    assert values["collection"] == "tiny"


def test_a_second_run_reuses_the_index(evaluate: Evaluate, tmp_path: Path) -> None:
    first = evaluate()
    seen: list[Progress] = []
    second = evaluate(on_progress=seen.append)
    assert (first.index.is_reused, second.index.is_reused) == (False, True)
    assert {step.stage for step in seen} == {"queries"}
    assert second.scores == first.scores
    assert second.index.seconds == first.index.seconds
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [first.index.folder.name]


def test_another_encoder_or_corpus_gets_an_index_of_its_own(
    evaluate: Evaluate, another_encoder: Encoder, collection: Path, write_jsonl: Write
) -> None:
    first = evaluate()
    assert evaluate(encoder=another_encoder).index.folder != first.index.folder
    write_jsonl(collection / "corpus.jsonl", [{"_id": "d1", "text": "养老服务"}])
    changed = evaluate()
    assert changed.index.folder != first.index.folder
    assert changed.index.documents == 1
    assert changed.scores.by_query["Recall@100"] == {"q1": 1.0, "q2": 0.0}


@pytest.mark.parametrize("constant", ["ANALYZER_VERSION", "RECIPE"])
def test_an_index_of_other_versions_is_built_anew_in_place(
    evaluate: Evaluate, monkeypatch: pytest.MonkeyPatch, constant: str
) -> None:
    first = evaluate()
    (first.index.folder / "left over").mkdir()
    monkeypatch.setattr(indexing, constant, "other")
    second = evaluate()
    assert second.index.folder == first.index.folder
    assert not second.index.is_reused
    assert not (first.index.folder / "left over").exists()
    assert second.scores == first.scores


@pytest.mark.parametrize("content", [None, "not json", '{"versions": "1", "no such field": 2}'])
def test_a_build_that_was_cut_off_is_done_again(evaluate: Evaluate, content: str | None) -> None:
    stamp = evaluate().index.folder / indexing.BUILT_FILE
    if content is None:
        stamp.unlink()
    else:
        stamp.write_text(content, encoding="utf-8")
    assert not evaluate().index.is_reused


def test_the_steps_are_told(evaluate: Evaluate) -> None:
    seen: list[Progress] = []
    evaluate(on_progress=seen.append)
    assert list(dict.fromkeys(step.stage for step in seen)) == ["files", "index", "queries"]
    for stage, total in (("files", 5), ("index", 4), ("queries", 2)):
        last = [step for step in seen if step.stage == stage][-1]
        assert last.done == last.total == total


def test_queries_and_judgements_may_be_others(evaluate: Evaluate, tmp_path: Path, write_jsonl: Write) -> None:
    queries = write_jsonl(tmp_path / "q.jsonl", [{"_id": "q9", "text": "乡道由谁管理？"}])
    assert evaluate(queries=queries).scores.by_query["P@1"] == {"q9": 1.0}
    qrels = tmp_path / "other.tsv"
    qrels.write_text("q9\td3\t1\n", encoding="utf-8")
    assert evaluate(queries=queries, qrels=qrels).scores.by_query["P@1"] == {"q9": 0.0}


def test_judgements_of_other_queries_are_refused(evaluate: Evaluate, tmp_path: Path, write_jsonl: Write) -> None:
    queries = write_jsonl(tmp_path / "q.jsonl", [{"_id": "q8", "text": "乡道"}])
    with pytest.raises(InvalidRequest, match=r"qrels\.tsv names no relevant document for any query of q\.jsonl"):
        evaluate(queries=queries)


def test_a_fault_is_told_before_anything_is_built(evaluate: Evaluate, collection: Path, tmp_path: Path) -> None:
    with (collection / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "d6"}\n')
    seen: list[Progress] = []
    with pytest.raises(InvalidRequest, match=r"corpus\.jsonl:6: no text"):
        evaluate(on_progress=seen.append)
    assert seen == []
    assert not list((tmp_path / "cache").rglob("catalog.db"))


def test_of_rows_of_one_id_the_last_stands(evaluate: Evaluate, collection: Path) -> None:
    with (collection / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"_id": "d3", "text": "公交线路优化调整。"}\n')
    report = evaluate()
    assert (report.index.documents, report.index.left_out) == (4, 2)
    # The text that q2 asks for went with the first of the two.
    assert report.scores.by_query["P@1"]["q1"] == 1.0
    assert report.scores.by_query["Recall@100"]["q1"] == 1.0


# --------------------------------------------------------------------------------------------- rows


def test_a_row_keeps_its_id_title_and_words() -> None:
    document = parse_row(CorpusRow("云/1", "题 名", "第一段。\n第二段。"))
    assert (document.source, document.elements.title) == ("云/1", "题 名")
    assert document.text.split() == ["第一段。", "第二段。"]
    assert "title" not in document.elements.spans


def test_rows_of_the_same_words_are_documents_of_their_own() -> None:
    ids = {parse_row(CorpusRow(name, title, "同样的话。")).document_id for name in "ab" for title in ("", "题")}
    assert len(ids) == 4


def test_a_row_without_text_is_read_from_its_title() -> None:
    assert parse_row(CorpusRow("a", "只有题名", " \n")).text == "只有题名"
    with pytest.raises(EmptyDocument):
        parse_row(CorpusRow("a", " ", " \n"))


# ------------------------------------------------------------------------------------------ ranking


class Ranking:
    """Search results fixed in advance: passage n belongs to document n // passages."""

    def __init__(self, total: int, passages: int) -> None:
        self.documents = [str(n // passages) for n in range(total)]
        self.asked: list[int] = []

    def search_text(self, query: str, *, scope: object, top_k: int) -> list[Hit]:
        self.asked.append(top_k)
        return [Hit(Passage(f"{d}-0", d, 0, Span(0, 0), (), None, ""), 1.0) for d in self.documents[:top_k]]


@pytest.mark.parametrize(
    ("total", "passages", "found", "asked"),
    [
        (1_000, 1, 100, [200]),
        (1_000, 2, 100, [200]),
        (1_000, 4, 100, [200, 800]),
        (1_000, 10, 100, [200, 800, 3_200]),
        (9_000, 90, 36, [200, 800, 3_200]),
        (150, 10, 15, [200]),
        (0, 1, 0, [200]),
    ],
)
def test_more_passages_are_asked_for_until_the_documents_suffice(
    total: int, passages: int, found: int, asked: list[int]
) -> None:
    ranking = Ranking(total, passages)
    documents, seconds = rank_documents(ranking, "q", {str(n): f"row {n}" for n in range(total)})
    assert documents == [f"row {n}" for n in range(found)]
    assert ranking.asked == asked
    assert seconds >= 0
