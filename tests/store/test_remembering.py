"""Answers remembered for one revision of the catalog."""

from __future__ import annotations

from rag.store.remembering import Remembered


def test_an_answer_is_found_once_a_revision():
    found: list[str] = []

    def find() -> str:
        found.append("found")
        return f"answer {len(found)}"

    remembered = Remembered[str, str](4)
    assert [remembered.get("q", 1, find), remembered.get("q", 1, find)] == ["answer 1"] * 2
    assert remembered.get("q", 2, find) == "answer 2"


def test_what_is_of_an_older_revision_is_forgotten_with_the_first_of_a_newer_one():
    remembered = Remembered[str, object](4)
    for question in "abc":
        remembered.get(question, 1, object)
    kept = remembered.get("a", 2, object)
    assert list(remembered._answers) == [(2, "a")]
    remembered.get("b", 1, object)  # who still reads the older state does not make the newer one forgotten
    assert remembered.get("a", 2, object) is kept


def test_the_answer_least_lately_asked_for_goes_first():
    remembered = Remembered[str, object](2)
    first = remembered.get("a", 1, object)
    remembered.get("b", 1, object)
    assert remembered.get("a", 1, object) is first
    remembered.get("c", 1, object)
    assert [question for _, question in remembered._answers] == ["a", "c"]
