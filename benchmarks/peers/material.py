"""Prepares what the systems are given, from a collection in BEIR layout; runs in the product's environment.

Passages are cut by the product's own parser and chunker and carry, before their words, the document's title and
the headings they stand under: the text that the product's own vectors are made from.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from given import QUESTIONS_FILE, Passage, write
from reporting import REPOSITORY

from rag.chunking import cut
from rag.errors import SourceError
from rag.evaluation.beir import BeirFolder, Qrels, read_corpus, read_qrels, read_queries
from rag.evaluation.indexing import parse_row
from rag.indexes.building import dense_text, heading_of

SEEN_IN_TRAINING = "lecoqa"
"""Of this set, only the questions kept out of the encoder's training are asked."""


class Judged(NamedTuple):
    """The questions of a set that are asked, and their judgements."""

    questions: dict[str, str]
    qrels: Qrels


def judged(collection: Path, data: Path) -> Judged:
    """Return the questions that have a relevant document and that our encoder was not trained on.

    Args:
        collection: In BEIR layout.
        data: The folder of all data, by which it is decided which questions were kept out of training.
    """
    files = BeirFolder.find(collection)
    qrels = {
        question: grades for question, grades in read_qrels(files.qrels).items() if max(grades.values(), default=0) > 0
    }
    queries = read_queries(files.queries)
    # By a hash: those that a slow system answers within its time are then a fair sample of all.
    ordered = sorted(qrels.keys() & queries.keys(), key=lambda key: hashlib.sha256(key.encode()).digest())
    questions = {question: queries[question] for question in ordered}
    if collection.name == SEEN_IN_TRAINING:
        kept_out = _kept_out(data)
        questions = {question: text for question, text in questions.items() if question in kept_out}
    return Judged(questions, {question: qrels[question] for question in questions})


def prepare(collection: Path, questions: dict[str, str], folder: Path) -> None:
    """Write passages and questions into a folder, unless they are there."""
    if not (folder / QUESTIONS_FILE).is_file():
        write(folder, _passages(collection), questions)


def _passages(collection: Path) -> Iterator[Passage]:
    rows = {row.id: row for row in read_corpus(BeirFolder.find(collection).corpus)}  # the last of an id stands
    for row in rows.values():
        try:
            document = parse_row(row)
        except SourceError:
            continue  # without a text; the product leaves it out too
        for passage in cut(document):
            yield Passage(row.id, dense_text(heading_of(document.elements.title, passage), passage.text))


def _kept_out(data: Path) -> frozenset[str]:
    sys.path.append(str(REPOSITORY / "training"))  # where it is decided which those are
    from corpora import held_out_questions

    return held_out_questions(data)
