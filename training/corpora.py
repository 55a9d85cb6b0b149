"""Reads the public texts that the shipped models are made from, folded as at run time.

Every text passes through ``rag.text.fold`` here, once; nothing above this module folds again.
The folder layout is that of ``data/README.md``: ``train/`` and ``eval/`` in BEIR form.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.text import fold

# Questions kept out of training, to tune on. They are named by a hash of their id and by nothing else,
# so that the choice needs no file and survives a reordering of the questions.
HELD_OUT_QUESTIONS = 300


@dataclass(frozen=True, slots=True)
class Article:
    """One article (条) of a statute; ``title`` is the law's name and the article's number."""

    article_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One government document: its title and its lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """One English text and its Chinese translation; ``source`` is ``pydocs``, ``tatoeba`` or ``ntrex…``."""

    english: str
    chinese: str
    source: str


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    """One CC-CEDICT headword, its reading joined without tones, and its glosses."""

    word: str
    reading: str
    is_name: bool
    glosses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A lay question with the articles that answer it, and an answer in prose where one is known."""

    question_id: str
    text: str
    article_ids: tuple[str, ...]
    answer: str
    held_out: bool


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_articles(data: Path) -> list[Article]:
    """Return the statutes (法律法规), article by article."""
    return [
        Article(str(row["_id"]), fold(str(row["title"])), fold(str(row["text"])))
        for row in _rows(data / "eval/lecoqa/corpus.jsonl.gz")
    ]


def read_policy_documents(data: Path) -> list[PolicyDocument]:
    """Return the government documents (公文); lines shorter than two characters are dropped."""
    found = []
    for row in _rows(data / "train/policy_docs.jsonl.gz"):
        lines = (line.strip() for line in fold(str(row["text"])).splitlines())
        found.append(PolicyDocument(fold(str(row["title"])), tuple(line for line in lines if len(line) > 1)))
    return found


def read_translations(data: Path) -> list[Translation]:
    """Return the parallel texts."""
    return [
        Translation(fold(str(row["en"])), fold(str(row["zh"])), str(row["src"]))
        for row in _rows(data / "train/parallel_zh_en.jsonl.gz")
    ]


def read_dictionary(data: Path) -> list[DictionaryEntry]:
    """Return CC-CEDICT."""
    found = []
    for row in _rows(data / "train/cedict.jsonl.gz"):
        glosses = row["en"]
        if not isinstance(glosses, list):
            raise TypeError(f"glosses of {row['simp']} are not a list")
        pinyin = str(row["pinyin"])
        reading = "".join(character for character in pinyin.lower() if "a" <= character <= "z")
        found.append(
            DictionaryEntry(
                fold(str(row["simp"])), reading, pinyin[:1].isupper(), tuple(fold(str(gloss)) for gloss in glosses)
            )
        )
    return found


def held_out_questions(data: Path) -> frozenset[str]:
    """Return the ids of the questions over statutes that nothing may be trained on."""
    return frozenset(question.question_id for question in read_questions(data) if question.held_out)


def read_questions(data: Path) -> list[Question]:
    """Return the lay questions over statutes, ``HELD_OUT_QUESTIONS`` of them marked as held out."""
    relevant: dict[str, list[str]] = {}
    for line in (data / "eval/lecoqa/qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question_id, article_id, _ = line.split("\t")
        relevant.setdefault(question_id, []).append(article_id)
    answers = {
        fold(str(row["question"])): fold(str(row["answer"])) for row in _rows(data / "train/lecoqa_answers.jsonl")
    }
    rows = list(_rows(data / "eval/lecoqa/queries.jsonl"))
    by_hash = sorted((str(row["_id"]) for row in rows), key=lambda key: hashlib.sha256(key.encode()).digest())
    held_out = set(by_hash[:HELD_OUT_QUESTIONS])
    found = []
    for row in rows:
        question_id, text = str(row["_id"]), fold(str(row["text"]))
        found.append(
            Question(
                question_id,
                text,
                tuple(relevant.get(question_id, ())),
                answers.get(text, ""),
                question_id in held_out,
            )
        )
    return found
