"""Questions over documents that are not here: the answers come back by offset and hash, in every copy, or not at all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from policy_questions import QUESTIONS, digest, place_of, read_questions, read_rows, write_collection

TEXT = "澄江市商务局通知\n一、对承租国有房屋的小微企业，免收两个月\n租金。\n二、线上招聘免费。"
ANSWER = "免收两个月\n租金"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    path = tmp_path / "policy_docs.jsonl.gz"
    texts = ["另一份文件。", TEXT, TEXT.replace("\n", "\n　　")]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"title": "通知", "text": text}, ensure_ascii=False) + "\n" for text in texts)
    return path


def questions_file(folder: Path, *, answer: str = ANSWER) -> Path:
    start = TEXT.index(ANSWER)
    row = {
        "id": "p001",
        "question": "租国有房子的小店租金能少交多久？",
        "document": digest(TEXT),
        "start": start,
        "end": start + len(ANSWER),
        "span_sha256": digest(answer),
    }
    path = folder / "questions.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_an_answer_comes_back_and_is_found_in_every_copy(documents: Path, tmp_path: Path) -> None:
    rows = read_rows(documents)
    (question,) = read_questions(rows, questions_file(tmp_path))
    assert question.answer == ANSWER
    assert question.documents == {"1", "2"}
    canonical = TEXT.replace("\n租金", "租金")  # as the parser joins lines broken by the page
    place = place_of(question, canonical)
    assert place is not None
    assert place.of(canonical) == "免收两个月租金"
    assert place_of(question, "另一份文件。") is None


def test_another_text_is_told(documents: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="p001"):
        read_questions(read_rows(documents), questions_file(tmp_path, answer="免收三个月"))


def test_the_collection_has_row_numbers_for_ids(documents: Path, tmp_path: Path) -> None:
    path = write_collection(read_rows(documents), tmp_path / "policy")
    ids = [json.loads(line)["_id"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert ids == ["0", "1", "2"]


def test_the_file_holds_no_text_of_documents() -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) > 500
    for row in rows:
        assert set(row) == {"id", "question", "document", "start", "end", "span_sha256"}
        assert row["start"] < row["end"]
