"""Fit the model of clauses (小句模型): boosted trees, and how long answers are expected to be.

    python training/fit_clauses.py --data ../shared/data --out rag/models/clause-trees

Questions of our own over government documents (``policy_questions.jsonl``); a fifth of the documents is kept out and judged
at the end. Of the clauses read in the document that holds the answer, which are the answer's: gradient boosted trees
(Friedman 2001; LightGBM) over ``rag.answering.clause_features``, many and small, each over a part of the features and of
the clauses. They are written as ONNX. How sharp the odds are and how long answers are expected to be is chosen by the
mean ROUGE-L of the runs they give on questions that the trees did not see: the fitted questions are cut into folds by
document. Seeded; two runs give the same file. Needs ``pip install lightgbm onnx`` beside the project's own.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import lightgbm
import numpy as np
from numpy.typing import NDArray
from policy_questions import place_of, read_questions, read_rows, write_collection
from rapidfuzz.distance import Indel
from trees_to_onnx import write_onnx

from rag.answering import windows
from rag.answering.clause_features import FEATURES, judge_clauses
from rag.answering.clauses import Sentence, read_sentences
from rag.answering.evidence import CANDIDATE_PASSAGES
from rag.answering.intent import Intent, read_intent
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.span import Span
from rag.evaluation.harness import opened
from rag.evaluation.indexing import build_index
from rag.indexes.encoder import load_encoder
from rag.retrieval.question import Question
from rag.store.repository import CATALOG_FILE, Catalog

REPOSITORY = Path(__file__).parent.parent
ROUNDS = 600
FOLDS = 3
TREES = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbose": -1,
}
SHARPNESS = (0.5, 0.65, 0.8, 1.0, 1.25)
LENGTHS = (2, 4, 8, 14, 22, 32, 48, 70)
LENGTHS_OF = (Intent.HOW, Intent.FIGURE, Intent.TIME, Intent.WHERE)
ALL = Scope.everything()


class Case(NamedTuple):
    """A question with the clauses of the document that answers it; ``answers`` marks those of the answer."""

    question: Question
    intent: Intent
    read: list[Sentence]
    text: str
    answer: str
    features: NDArray[np.float32]
    answers: NDArray[np.bool_]
    is_judged: bool
    document: str


def main() -> None:
    """Write the model; print the lengths, and how well the runs are chosen on what was kept out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "rag" / "models" / "clause-trees")
    options = parser.parse_args()
    cases = list(gather(options.data, options.cache))
    fitted = [case for case in cases if not case.is_judged]
    judged = [case for case in cases if case.is_judged]
    print(f"{len(fitted)} questions fitted, {len(judged)} judged")
    unseen = logits_unseen(fitted)
    windows.SHARPNESS, windows.EXPECTED_OTHERWISE = choose_shape(fitted, unseen)
    windows.EXPECTED = choose_lengths(fitted, unseen)
    windows.EXPECTED_NAME = choose_length_of_names(fitted, unseen)
    lengths = {intent.name: length for intent, length in windows.EXPECTED.items()}
    print(f"SHARPNESS {windows.SHARPNESS}, EXPECTED {lengths}, EXPECTED_OTHERWISE {windows.EXPECTED_OTHERWISE}")
    print(f"EXPECTED_NAME {windows.EXPECTED_NAME}")
    print(f"fitted, each by trees that did not see it: {mean_overlap(fitted, unseen):.3f}")
    trees = fit(fitted)
    print(f"judged: {mean_overlap(judged, predicted(trees, judged)):.3f}")
    options.out.mkdir(parents=True, exist_ok=True)
    write_onnx(trees, options.out / "model.onnx", len(FEATURES))


def gather(data: Path, cache: Path) -> Iterator[Case]:
    """Ask each question of the collection and read the document that answers it, where it is found at all."""
    rows = read_rows(data / "train" / "policy_docs.jsonl.gz")
    questions = read_questions(rows)
    encoder = load_encoder(None)
    with tempfile.TemporaryDirectory() as folder:
        index = build_index(write_collection(rows, Path(folder) / "policy"), cache, encoder)
    with (
        opened(index, encoder) as (searcher, row_ids),
        Catalog.open(index.folder / CATALOG_FILE, read_only=True) as catalog,
    ):
        for each in questions:
            question = searcher.understand(each.question, scope=ALL)
            reading = read_intent(question)
            hits = searcher.search(question, scope=ALL, filters=Filters(), top_k=CANDIDATE_PASSAGES)
            right = [hit.passage.document_id for hit in hits if row_ids[hit.passage.document_id] in each.documents]
            if not right:
                continue
            found = [(hit.passage, hit.score) for hit in hits if hit.passage.document_id == right[0]]
            text = catalog.text(right[0], scope=ALL)
            read = read_sentences(found, text)
            place = place_of(each, text)
            clauses = [clause for sentence in read for clause in sentence.clauses]
            answers = np.array([place is not None and _is_of(clause, place) for clause in clauses], dtype=bool)
            if answers.any():
                features = judge_clauses(question, reading, read, text)
                yield Case(
                    question, reading.intent, read, text, each.answer, features, answers, each.is_judged, right[0]
                )


def _is_of(clause: Span, answer: Span) -> bool:
    """Whether most of a clause belongs to the answer, or most of the answer to the clause."""
    common = min(clause.end, answer.end) - max(clause.start, answer.start)
    return common > 0 and (2 * common >= len(clause) or 2 * common >= len(answer))


def fit(cases: Sequence[Case]) -> lightgbm.Booster:
    """Return the trees that tell the answers' clauses from the others."""
    rows = np.vstack([case.features for case in cases])
    answers = np.concatenate([case.answers for case in cases]).astype(int)
    return lightgbm.train(TREES, lightgbm.Dataset(rows, answers), ROUNDS)


def predicted(trees: lightgbm.Booster, cases: Sequence[Case]) -> list[NDArray[np.float64]]:
    """Return the log odds of each case's clauses."""
    return [np.asarray(trees.predict(case.features, raw_score=True)) for case in cases]


def logits_unseen(cases: Sequence[Case]) -> list[NDArray[np.float64]]:
    """Return the log odds of each case's clauses by trees fitted to other documents."""
    documents = sorted({case.document for case in cases})
    fold_of = {document: number % FOLDS for number, document in enumerate(documents)}
    logits: dict[int, NDArray[np.float64]] = {}
    for fold in range(FOLDS):
        trees = fit([case for case in cases if fold_of[case.document] != fold])
        mine = [number for number, case in enumerate(cases) if fold_of[case.document] == fold]
        logits.update(zip(mine, predicted(trees, [cases[number] for number in mine]), strict=True))
    return [logits[number] for number in range(len(cases))]


def choose_shape(cases: Sequence[Case], logits: Sequence[NDArray[np.float64]]) -> tuple[float, int]:
    """Return the sharpness and the length expected where no kind is, that give the best runs."""
    best = (-1.0, 0.0, 0)
    for sharpness, length in itertools.product(SHARPNESS, LENGTHS):
        windows.SHARPNESS, windows.EXPECTED_OTHERWISE = sharpness, length
        windows.EXPECTED = {}
        best = max(best, (mean_overlap(cases, logits), sharpness, length))
    return best[1], best[2]


def choose_lengths(cases: Sequence[Case], logits: Sequence[NDArray[np.float64]]) -> Mapping[Intent, int]:
    """Return the length expected for each kind that has one of its own."""
    windows.EXPECTED = {}
    chosen = {}
    for intent in LENGTHS_OF:
        mine = [number for number, case in enumerate(cases) if case.intent is intent]
        found = []
        for length in LENGTHS:
            windows.EXPECTED = {intent: length}
            found.append((mean_overlap([cases[n] for n in mine], [logits[n] for n in mine]), length))
        chosen[intent] = max(found)[1]
    return chosen


def choose_length_of_names(cases: Sequence[Case], logits: Sequence[NDArray[np.float64]]) -> int:
    """Return the length expected where one name is asked for."""
    windows.EXPECTED_NAME = -1
    mine = [n for n, case in enumerate(cases) if windows.expected_length(case.question, case.intent) < 0]
    found = []
    for length in LENGTHS:
        windows.EXPECTED_NAME = length
        found.append((mean_overlap([cases[n] for n in mine], [logits[n] for n in mine]), length))
    return max(found)[1]


def mean_overlap(cases: Sequence[Case], logits: Sequence[NDArray[np.float64]]) -> float:
    """Return the mean ROUGE-L by character of the runs chosen."""
    return statistics.mean(_overlap(case, each) for case, each in zip(cases, logits, strict=True))


def _overlap(case: Case, logits: NDArray[np.float64]) -> float:
    expected = windows.expected_length(case.question, case.intent)
    window = windows.choose_window(case.read, logits, expected, case.text)
    if window is None:
        return 0.0
    said, gold = ("".join(words.split()) for words in (window.span.of(case.text), case.answer))
    return float(Indel.normalized_similarity(said, gold))


if __name__ == "__main__":
    main()
