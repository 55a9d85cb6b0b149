"""What every system is given: the same passages and the same questions, in two files of JSON lines.

The standard library alone: this is read in the peers' environment too, where the product is not installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PASSAGES_FILE = "passages.jsonl"
QUESTIONS_FILE = "questions.jsonl"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage, cut as the product cuts.

    Attributes:
        document: Id of its document in the collection.
        text: The document's title and the headings it stands under, a line end, its words.
    """

    document: str
    text: str


def write(folder: Path, passages: Iterable[Passage], questions: Mapping[str, str]) -> None:
    """Write both files; the questions last, so that where they are, everything is."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / PASSAGES_FILE).open("w", encoding="utf-8") as file:
        for passage in passages:
            file.write(json.dumps([passage.document, passage.text], ensure_ascii=False) + "\n")
    with (folder / QUESTIONS_FILE).open("w", encoding="utf-8") as file:
        for question_id, text in questions.items():
            file.write(json.dumps([question_id, text], ensure_ascii=False) + "\n")


def read_passages(folder: Path) -> list[Passage]:
    """Return the passages; a passage is known to a system by its place in this list."""
    with (folder / PASSAGES_FILE).open(encoding="utf-8") as file:
        return [Passage(*json.loads(line)) for line in file]


def read_questions(folder: Path) -> dict[str, str]:
    """Return the questions by id."""
    with (folder / QUESTIONS_FILE).open(encoding="utf-8") as file:
        return dict(json.loads(line) for line in file)
