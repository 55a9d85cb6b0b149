"""Questions over government documents with the words that answer them (政策问答对), as ``policy_questions.jsonl`` keeps them.

The file holds questions of ours and, for each, a document's hash, the offsets of the answer in its text and the hash of the
answer: no text of the documents. They come to life beside ``policy_docs.jsonl.gz``; see ``POLICY_QUESTIONS.md``.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rag.domain.span import Span

QUESTIONS = Path(__file__).with_suffix(".jsonl")
DIGITS = 16
"""Hexadecimal digits kept of each SHA-256."""

_JUDGED_OF = 5
_AROUND = 30


class PolicyQuestion(NamedTuple):
    """A question with its answer.

    Attributes:
        question_id: E.g. ``p001``.
        answer: The words that answer it.
        context: These with some characters around them, blanks left out: tells the place among repeats.
        documents: Row numbers in the collection of the texts that hold them: some documents stand there twice.
        is_judged: Kept out of what is fitted. Chosen by the document's hash, a fifth of them.
    """

    question_id: str
    question: str
    answer: str
    context: str
    documents: frozenset[str]
    is_judged: bool


def read_rows(documents: Path) -> list[dict[str, str]]:
    """Return the rows of ``policy_docs.jsonl.gz``, each with ``title`` and ``text``."""
    with gzip.open(documents, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_questions(rows: Iterable[dict[str, str]], questions: Path = QUESTIONS) -> list[PolicyQuestion]:
    """Return the questions with the words that answer them.

    Raises:
        ValueError: A document is missing, or its words are not those the question was written for.
    """
    texts = [row["text"] for row in rows]
    by_hash = {digest(text): text for text in texts}
    plain = ["".join(text.split()) for text in texts]
    found = []
    for line in questions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = by_hash.get(row["document"], "")
        span = Span(row["start"], row["end"])
        if digest(span.of(text)) != row["span_sha256"]:
            raise ValueError(f"{row['id']}: the document is missing or another one")
        context = "".join(text[max(0, span.start - _AROUND) : span.end + _AROUND].split())
        documents = frozenset(str(number) for number, words in enumerate(plain) if context in words)
        is_judged = int(row["document"], 16) % _JUDGED_OF == 0
        found.append(PolicyQuestion(row["id"], row["question"], span.of(text), context, documents, is_judged))
    return found


def write_collection(rows: Iterable[dict[str, str]], folder: Path) -> Path:
    """Write the documents as a collection that ``rag.evaluation`` indexes; ids are row numbers. Return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            entry = {"_id": str(number), "title": row["title"], "text": row["text"]}
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return path


def place_of(question: PolicyQuestion, text: str) -> Span | None:
    """Return where the answer stands in a document's canonical text, ``None`` when it does not."""
    places = [at for at, character in enumerate(text) if not character.isspace()]
    plain = "".join(text[at] for at in places)
    answer = "".join(question.answer.split())
    around = plain.find(question.context)
    start = plain.find(answer, around) if around >= 0 else -1
    return Span(places[start], places[start + len(answer) - 1] + 1) if start >= 0 else None


def digest(text: str) -> str:
    """Return the first ``DIGITS`` of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
