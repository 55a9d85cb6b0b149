"""BEIR folders: what is read, and where each fault is told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InvalidRequest
from rag.evaluation.beir import BeirFolder, CorpusRow, draw, read_corpus, read_qrels, read_queries


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz"])
def test_a_corpus_is_read_in_order(tmp_path: Path, name: str) -> None:
    path = written(
        tmp_path,
        name,
        '\ufeff{"_id": "a", "title": "题", "text": "文\\u2028字"}\n\n{"_id": 7, "text": "无题"}\n'
        '{"_id": "c", "title": null, "text": "", "metadata": {}}',
    )
    assert list(read_corpus(path)) == [
        CorpusRow("a", "题", "文\u2028字"),
        CorpusRow("7", "", "无题"),
        CorpusRow("c", "", ""),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"_id": "a", "text": "x"}\nnot json\n', ":2: not JSON"),
        ('{"_id": "a", "text": "x"}\n["a"]\n', ":2: not a JSON object"),
        ('{"id": "a", "text": "x"}\n', ":1: no _id"),
        ('{"_id": true, "text": "x"}\n', ":1: no _id"),
        ('{"_id": "", "text": "x"}\n', ":1: no _id"),
        ('{"_id": "a", "title": "x"}\n', ":1: no text"),
        ('{"_id": "a", "text": ["x"]}\n', ":1: no text"),
        ('{"_id": "a", "text": "x", "title": 3}\n', ":1: no title"),
        ('{"_id": "a", "text": "\\ud800"}\n', ":1: the text holds half of a surrogate pair"),
        ('{"_id": "a", "text": "x"}\n\n{"_id": "a"}\n', ":3: no text"),
        # Enough lines that the fault is not in the first block read.
        (b"".join(b'{"_id": "%d", "text": "x"}\n' % n for n in range(900)) + b"\xff\n", ":901: not UTF-8"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz"])
def test_a_fault_in_a_corpus_is_told_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    path = written(tmp_path, name, content)
    with pytest.raises(InvalidRequest) as caught:
        list(read_corpus(path))
    assert str(caught.value).startswith(f"{path}{message}")


@pytest.mark.parametrize("cut_off", [True, False], ids=["cut off", "not gzip"])
def test_a_damaged_archive_is_told(tmp_path: Path, cut_off: bool) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    whole = gzip.compress(b"".join(b'{"_id": "%d", "text": "x"}\n' % n for n in range(5_000)))
    path.write_bytes(whole[: len(whole) // 2] if cut_off else b'{"_id": "a", "text": "x"}\n')
    with pytest.raises(InvalidRequest, match=r"corpus\.jsonl\.gz:\d+: the gzip file is damaged or cut off"):
        list(read_corpus(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"_id": "a", "text": "  "}\n', ":1: the query is empty"),
        ('{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}\n', ":2: the _id a comes twice"),
    ],
)
def test_a_fault_in_queries_is_told(tmp_path: Path, content: str, message: str) -> None:
    path = written(tmp_path, "queries.jsonl", content)
    with pytest.raises(InvalidRequest) as caught:
        read_queries(path)
    assert str(caught.value) == f"{path}{message}"


def test_queries_keep_their_order_and_other_fields_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, "queries.jsonl", '{"_id": "b", "text": "乙", "answer": "x"}\n{"_id": "a", "text": "甲"}\n')
    assert list(read_queries(path).items()) == [("b", "乙"), ("a", "甲")]


@pytest.mark.parametrize(
    "content",
    [
        "query-id\tcorpus-id\tscore\nq\td\t1\nq\te\t0\n",
        "q\td\t1\r\nq\te\t0\r\n",
        "q\td\t1.0\n\nq\td\t1\nq\te\t0",
    ],
    ids=["with headings", "without", "blank line, repeated, no last line end"],
)
def test_judgements_are_read_with_or_without_headings(tmp_path: Path, content: str) -> None:
    assert read_qrels(written(tmp_path, "qrels.tsv", content)) == {"q": {"d": 1, "e": 0}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("q\td\n", ":1: 2 fields instead of query, document and grade"),
        ("q 0 d 1\n", ":1: 1 fields instead of query, document and grade"),
        ("q\td\t1\nq\te\tyes\n", ":2: the grade 'yes' is not a whole number"),
        ("q\td\t.5\n", ":1: the grade '.5' is not a whole number"),
        ("q\td\t1\nq\td\t2\n", ":2: q and d were graded otherwise above"),
        ("\td\t1\n", ":1: an id is empty"),
    ],
)
def test_a_fault_in_judgements_is_told(tmp_path: Path, content: str, message: str) -> None:
    path = written(tmp_path, "qrels.tsv", content)
    with pytest.raises(InvalidRequest) as caught:
        read_qrels(path)
    assert str(caught.value) == f"{path}{message}"


def test_files_are_found_in_both_layouts(collection: Path) -> None:
    assert BeirFolder.find(collection).qrels == collection / "qrels.tsv"
    (collection / "qrels").mkdir()
    moved = (collection / "qrels.tsv").rename(collection / "qrels" / "test.tsv")
    assert BeirFolder.find(collection).qrels == moved
    other = collection / "qrels" / "other.tsv"
    other.touch()
    assert BeirFolder.find(collection, qrels=other).qrels == other


def test_a_missing_file_is_named(collection: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no such folder"):
        BeirFolder.find(tmp_path / "none")
    with pytest.raises(InvalidRequest, match=r"other\.jsonl: no such file"):
        BeirFolder.find(collection, queries=collection / "other.jsonl")
    (collection / "corpus.jsonl").unlink()
    with pytest.raises(InvalidRequest, match=r"holds no corpus\.jsonl or corpus\.jsonl\.gz"):
        BeirFolder.find(collection)


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="cannot be read"):
        list(read_corpus(tmp_path))


@given(st.lists(st.text(max_size=4), unique=True), st.integers(1, 10), st.data())
def test_the_same_ids_are_drawn_in_whatever_order(ids: list[str], count: int, data: st.DataObject) -> None:
    drawn = draw(ids, count)
    assert len(drawn) == min(count, len(ids))
    assert drawn == [each for each in ids if each in drawn]
    other = data.draw(st.permutations(ids))
    assert set(draw(other, count)) == set(drawn)
    assert set(draw(other, count + 1)) >= set(drawn)
