"""The question sets and the sample corpus are fit to judge by: keys exist, answers stand in the documents."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "corpus"
SEEDS = HERE.parents[2] / "shared" / "seeds"

KINDS = {
    "responsibility", "figure", "time", "metadata", "commitment", "cross", "fact", "paraphrase", "noisy", "english",
    "unanswerable",
}  # fmt: skip

INTENTS = {
    "leads", "cooperates", "duties", "figure", "time", "where", "yes_no", "list", "count", "compare", "reply",
    "metadata", "definition", "how", "free", "disagreement", "currency",
}  # fmt: skip
NEAR_MISSES = {"near_place", "near_year", "near_agency", "near_topic", "near_number"}
PROGRESS = {
    "planned", "target", "done", "time", "figure", "leads", "cooperates", "compare", "currency", "follow", "english",
}  # fmt: skip
KINDS_OF = {
    "corpus": KINDS,
    "seeds": KINDS,
    "seeds_fresh": KINDS | {"yes_no", "follow", "near_topic"},
    "corpus_intents": INTENTS | NEAR_MISSES,
    "corpus_progress": PROGRESS | NEAR_MISSES,
}

# Long runs shared with a real document are allowed for names only; none of these is a sentence.
RESTATED = {
    "replies/2025-hanzhong-mental-health.txt": "000_1166b27c429539c7.txt",
    "replies/2019-yichang-mental-health-pilot.txt": "001_21a26d71d45fde77.txt",
    "replies/2025-shishi-mental-health.txt": "002_70ad8fe638c48c7e.txt",
    "plans/2023-guanghan-social-psychology.txt": "003_318f97540ec98508.txt",
    "replies/2024-yubei-community-mental-health.txt": "004_d0ad97b195995d21.txt",
}


# How many there are is counted, not read.
_NUMBER_OF_THINGS = re.compile(r"\d+(?:份|件|项| documents)")


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def documents() -> list[Path]:
    return sorted(p for p in CORPUS.rglob("*") if p.suffix in {".txt", ".md"} and p.name != "README.md")


def folder_of(name: str) -> Path:
    folder = SEEDS if name.startswith("seeds") else CORPUS
    if not folder.is_dir():
        pytest.skip(f"the {name} documents are not beside this checkout")
    return folder


def questions(name: str) -> list[dict]:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", KINDS_OF)
def test_a_set_is_well_formed(name: str) -> None:
    rows = questions(name)
    assert max(Counter(row["id"] for row in rows).values()) == 1
    assert max(Counter(row["question"] for row in rows).values()) == 1
    assert {row["kind"] for row in rows} == KINDS_OF[name]
    for row in rows:
        assert row["answerable"] == (row["kind"] not in {"unanswerable"} | NEAR_MISSES), row["id"]
        assert bool(row["documents"]) == bool(row["must"]) == row["answerable"], row["id"]
        assert len(row["documents"]) > 1 or row["kind"] != "cross", row["id"]


@pytest.mark.parametrize("name", KINDS_OF)
def test_every_expected_answer_stands_in_a_named_document(name: str) -> None:
    folder = folder_of(name)
    missing = []
    for row in questions(name):
        texts = [squeezed((folder / source).read_text(encoding="utf-8")) for source in row["documents"]]
        missing += [
            (row["id"], alternatives)
            for alternatives in row["must"]
            if not (row["kind"] == "count" and any(_NUMBER_OF_THINGS.fullmatch(choice) for choice in alternatives))
            and not any(squeezed(choice) in text for choice in alternatives for text in texts)
        ]
    assert missing == []


def test_a_third_of_the_questions_by_intent_are_near_misses() -> None:
    rows = questions("corpus_intents")
    assert Counter(row["answerable"] for row in rows) == {True: 100, False: 50}
    assert sum(row["lang"] == "en" for row in rows) >= 25


def test_the_corpus_covers_kinds_and_years() -> None:
    assert len(documents()) >= 26
    assert {p.name[:4] for p in documents()} == {str(year) for year in range(2019, 2027)}


def test_the_readme_lists_every_document() -> None:
    listed = re.findall(r"`(\d{4}-[^`]+\.(?:txt|md))`", (CORPUS / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(p.name for p in documents())


def test_the_corpus_has_no_telephone_number() -> None:
    for path in documents():
        assert re.findall(r"\d{7,}", path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize(("ours", "theirs"), RESTATED.items())
def test_a_restated_document_says_so_and_copies_no_sentence(ours: str, theirs: str) -> None:
    text = (CORPUS / ours).read_text(encoding="utf-8")
    assert text.startswith("（示例文件：据")
    assert text.splitlines()[0].endswith("的事实改写，非原文）")
    original = squeezed((folder_of("seeds") / theirs).read_text(encoding="utf-8"))
    body = squeezed(re.sub(r"〔[^〔〕]*负责〕", "", text))
    copied = [s for s in re.split(r"[。；]", body) if len(s) > 25 and s in original]
    assert [s for s in copied if not re.search(r"[〔《]|年\d+月\d+日|抄送", s)] == []
