"""Measures an encoder folder on the evaluation sets: alone, BM25 alone, and the two fused by weighted scores.

    python training/evaluate_encoder.py --data ../shared/data --model rag/models/policy-static

nDCG@10 over passages of at most 300 characters; a document scores as its best passage. BM25 runs over
``rag.text.tokens`` (k1 1.2, b 0.75, Robertson & Zaragoza 2009). Fusion: each leg's scores over its first 100
passages are stretched to 0..1, absent ones are 0, and ``w`` is the share of the dense leg. English questions go to
BM25 through the term table beside the model's folder. The last two columns say which part of the relevant documents
is among the first 200 passages of the dense leg, and of either leg: what no ranking afterwards can find again.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from corpora import held_out_questions
from scipy import sparse
from translated_query import TermTable

from rag.text import fold, sentences, tokens

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Encode = Callable[[Sequence[str]], Floats]

SETS = ("ncp", "mailbox", "xquad_en", "lecoqa")
WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8, 1.0)
_PASSAGE_CHARACTERS = 300
_CANDIDATES = 100
_CUTOFF = 10
_RECALL_AT = 200
_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Folded passages with the document each belongs to, and questions with their relevant documents."""

    name: str
    passages: list[str]
    document_of: Ints
    questions: list[str]
    relevant: list[frozenset[int]]


def _cut(text: str) -> list[str]:
    """Cut a text into passages of whole sentences; a sentence that is too long is cut anywhere."""
    passages: list[str] = []
    current = ""
    for span in sentences(text):
        sentence = span.of(text)
        while len(sentence) > _PASSAGE_CHARACTERS:
            passages.extend([current] if current else [])
            passages.append(sentence[:_PASSAGE_CHARACTERS])
            current, sentence = "", sentence[_PASSAGE_CHARACTERS:]
        if len(current) + len(sentence) > _PASSAGE_CHARACTERS:
            passages.append(current)
            current = ""
        current += sentence
    return [*passages, current] if current or not passages else passages


def read_set(data: Path, name: str) -> EvaluationSet:
    """Read one evaluation set; of the statute questions only those held out of training."""
    folder = data / "eval" / name
    passages: list[str] = []
    document_of: list[int] = []
    index_of: dict[str, int] = {}
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            index_of[row["_id"]] = number
            for passage in _cut(row["text"]) if name != "lecoqa" else [row["text"]]:
                passages.append(fold(f"{row['title']} {passage}".strip()))
                document_of.append(number)
    relevant: dict[str, set[int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question_id, document_id, _ = line.split("\t")
        relevant.setdefault(question_id, set()).add(index_of[document_id])
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    if name == "lecoqa":
        held_out = held_out_questions(data)
        rows = [row for row in rows if row["_id"] in held_out]
    rows = [row for row in rows if row["_id"] in relevant]
    return EvaluationSet(
        name,
        passages,
        np.array(document_of),
        [fold(row["text"]) for row in rows],
        [frozenset(relevant[row["_id"]]) for row in rows],
    )


class Bm25:
    """BM25 over a fixed list of texts, as one sparse matrix."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._term_of: dict[str, int] = {}
        columns: list[int] = []
        values: list[int] = []
        starts = [0]
        for text in texts:
            for term, count in Counter(tokens(text)).items():
                columns.append(self._term_of.setdefault(term, len(self._term_of)))
                values.append(count)
            starts.append(len(columns))
        shape = (len(texts), len(self._term_of))
        counts = sparse.csr_matrix((np.array(values, np.float32), np.array(columns), np.array(starts)), shape=shape)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        frequency = np.bincount(counts.indices, minlength=shape[1])
        idf = np.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        normal = np.repeat(_K1 * (1 - _B + _B * lengths / lengths.mean()), np.diff(counts.indptr))
        counts.data = (counts.data * (_K1 + 1) / (counts.data + normal) * idf[counts.indices]).astype(np.float32)
        self._weights = counts.T.tocsr()

    def scores(self, weighted_terms: Sequence[dict[str, float]]) -> Floats:
        """Return ``(questions, texts)`` scores; each question is a weight a term."""
        rows = np.zeros((len(weighted_terms), len(self._term_of)), dtype=np.float32)
        for number, question in enumerate(weighted_terms):
            for term, weight in question.items():
                if term in self._term_of:
                    rows[number, self._term_of[term]] += weight
        return np.asarray((sparse.csr_matrix(rows) @ self._weights).toarray(), dtype=np.float32)


def stretch(scores: Floats) -> Floats:
    """Stretch each row's first candidates to 0..1; the rest become 0."""
    count = min(_CANDIDATES, scores.shape[1])
    last = np.partition(scores, -count, axis=1)[:, -count][:, None]
    best = scores.max(axis=1, keepdims=True)
    return np.asarray(np.clip((scores - last) / np.maximum(best - last, 1e-9), 0, 1), dtype=np.float32)


def ndcg(scores: Floats, evaluation: EvaluationSet) -> float:
    """Return mean nDCG@10 over documents, each scored as its best passage (binary gains)."""
    discounts = 1 / np.log2(np.arange(2, _CUTOFF + 2))
    total = 0.0
    for row, relevant in zip(scores, evaluation.relevant, strict=True):
        count = min(20 * _CUTOFF, len(row))
        order = np.argpartition(-row, count - 1)[:count]
        order = order[np.lexsort((order, -row[order]))]
        ranked = list(dict.fromkeys(evaluation.document_of[order].tolist()))[:_CUTOFF]
        gain = sum(discounts[rank] for rank, document in enumerate(ranked) if document in relevant)
        total += gain / discounts[: min(_CUTOFF, len(relevant))].sum()
    return total / len(evaluation.relevant)


def recall(legs: Sequence[Floats], evaluation: EvaluationSet) -> float:
    """Return the mean part of the relevant documents that the first passages of one leg or another are of."""
    count = min(_RECALL_AT, legs[0].shape[1])
    firsts = [np.argpartition(-leg, count - 1, axis=1)[:, :count] for leg in legs]
    total = 0.0
    for number, relevant in enumerate(evaluation.relevant):
        found = {document for first in firsts for document in evaluation.document_of[first[number]].tolist()}
        total += len(relevant & found) / len(relevant)
    return total / len(evaluation.relevant)


def dense_scores(encode: Encode, evaluation: EvaluationSet) -> Floats:
    """Return ``(questions, passages)`` cosines."""

    def unit(texts: Sequence[str]) -> Floats:
        vectors = encode(texts).astype(np.float32)
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))

    return np.asarray(unit(evaluation.questions) @ unit(evaluation.passages).T, dtype=np.float32)


def question_terms(questions: Sequence[str]) -> list[dict[str, float]]:
    """Return each question's terms, weighing as often as they occur."""
    return [{term: float(count) for term, count in Counter(tokens(question)).items()} for question in questions]


def _lexical_terms(name: str, questions: Sequence[str], terms: Path) -> list[dict[str, float]]:
    if name.endswith("_en"):
        table = TermTable.read(terms)
        return [table.index_terms(question) for question in questions]
    return question_terms(questions)


def main() -> None:
    """Print the table of scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", default=SETS)
    arguments = parser.parse_args()
    from model2vec import StaticModel

    model = StaticModel.from_pretrained(arguments.model, force_download=False)

    def encode(texts: Sequence[str]) -> Floats:
        return np.asarray(model.encode(list(texts), max_length=None))

    print("set        " + " ".join(f"w={weight:<5}" for weight in WEIGHTS) + "R@200   both")
    for name in arguments.sets:
        evaluation = read_set(arguments.data, name)
        dense = dense_scores(encode, evaluation)
        lexical = Bm25(evaluation.passages).scores(
            _lexical_terms(name, evaluation.questions, arguments.model.parent / "terms-en-zh.json.gz")
        )
        recalls = [recall([dense], evaluation), recall([dense, lexical], evaluation)]
        lexical, dense = stretch(lexical), stretch(dense)
        figures = (ndcg((1 - weight) * lexical + weight * dense, evaluation) for weight in WEIGHTS)
        print(f"{name:10s} " + " ".join(f"{figure:.4f} " for figure in (*figures, *recalls)))


if __name__ == "__main__":
    main()
