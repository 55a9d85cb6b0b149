"""Fit what chooses the run of clauses (答案片段模型): ``WEIGHTS`` and the expected lengths of ``rag.answering.windows``.

    python training/fit_windows.py --data ../shared/data

Questions of our own over government documents (``policy_questions.jsonl``); a fifth of the documents is kept out and judged
at the end. The weights are those of a conditional logit (McFadden 1974): of all clauses read in the document that holds the
answer, how likely is one of the answer. The more the weights differ from nothing the more it costs (L2 on standardised
features), so that they hold for other documents. How sharp the odds are and how long answers are expected to be is chosen
by the mean ROUGE-L of the runs they give. No randomness: two runs print the same.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from policy_questions import place_of, read_questions, read_rows, write_collection
from rapidfuzz.distance import Indel
from scipy.optimize import minimize

from rag.answering import windows
from rag.answering.evidence import CANDIDATE_PASSAGES
from rag.answering.intent import Intent, read_intent
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.span import Span
from rag.evaluation.harness import opened
from rag.evaluation.indexing import CATALOG_FILE, build_index
from rag.indexes.encoder import load_encoder
from rag.retrieval.question import Question
from rag.store.repository import Catalog

REPOSITORY = Path(__file__).parent.parent
PENALTY = 4.0
SHARPNESS = (0.5, 0.65, 0.8, 1.0)
LENGTHS = (4, 8, 14, 22, 32, 48, 70)
LENGTHS_OF = (Intent.HOW, Intent.FIGURE, Intent.TIME, Intent.WHERE)
ALL = Scope.everything()


class Case(NamedTuple):
    """A question with the clauses of the document that answers it; ``answers`` marks those of the answer."""

    question: Question
    intent: Intent
    regions: list[list[windows.Clause]]
    text: str
    answer: str
    features: NDArray[np.float64]
    answers: NDArray[np.bool_]
    is_judged: bool


def main() -> None:
    """Print the weights and lengths, and how well they choose on what was kept out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    options = parser.parse_args()
    cases = gather(options.data, options.cache)
    fitted = [case for case in cases if not case.is_judged]
    judged = [case for case in cases if case.is_judged]
    print(f"{len(fitted)} questions fitted, {len(judged)} judged")
    print(f"as shipped: fitted {mean_overlap(fitted):.3f}, judged {mean_overlap(judged):.3f}")
    weights = fit(fitted)
    windows.WEIGHTS = tuple(round(float(each), 2) for each in weights)
    windows.SHARPNESS, windows.EXPECTED_OTHERWISE = choose_shape(fitted)
    windows.EXPECTED = choose_lengths(fitted)
    windows.EXPECTED_NAME = choose_length_of_names(fitted)
    for name, weight in zip(windows.FEATURES, windows.WEIGHTS, strict=True):
        print(f"    {weight},  # {name}")
    lengths = {intent.name: length for intent, length in windows.EXPECTED.items()}
    print(f"SHARPNESS {windows.SHARPNESS}, EXPECTED {lengths}, EXPECTED_OTHERWISE {windows.EXPECTED_OTHERWISE}")
    print(f"EXPECTED_NAME {windows.EXPECTED_NAME}")
    print(f"as fitted: fitted {mean_overlap(fitted):.3f}, judged {mean_overlap(judged):.3f}")


def gather(data: Path, cache: Path) -> list[Case]:
    """Ask each question of the collection and read the document that answers it, where it is found at all."""
    rows = read_rows(data / "train" / "policy_docs.jsonl.gz")
    questions = read_questions(rows)
    encoder = load_encoder(None)
    with tempfile.TemporaryDirectory() as folder:
        index = build_index(write_collection(rows, Path(folder) / "policy"), cache, encoder)
    cases = []
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
            regions = windows.read_clauses(question, reading, found, text)
            clauses = [clause for region in regions for clause in region]
            place = place_of(each, text)
            answers = np.array([place is not None and _is_of(clause.span, place) for clause in clauses], dtype=bool)
            if answers.any():
                features = np.array([clause.features for clause in clauses])
                cases.append(
                    Case(question, reading.intent, regions, text, each.answer, features, answers, each.is_judged)
                )
    return cases


def _is_of(clause: Span, answer: Span) -> bool:
    """Whether most of a clause belongs to the answer, or most of the answer to the clause."""
    common = min(clause.end, answer.end) - max(clause.start, answer.start)
    return common > 0 and (2 * common >= len(clause) or 2 * common >= len(answer))


def fit(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Return the weights under which clauses of the answer are likeliest, one a feature."""
    rows = np.vstack([case.features for case in cases])
    sizes = [len(case.features) for case in cases]
    starts = np.r_[0, np.cumsum(sizes)][:-1]
    of = np.repeat(np.arange(len(cases)), sizes)
    answers = np.concatenate([case.answers for case in cases])
    spread = rows.std(axis=0) + 1e-6

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = rows @ weights
        odds = np.exp(logits - np.maximum.reduceat(logits, starts)[of])
        everything = np.add.reduceat(odds, starts)
        right = np.add.reduceat(odds * answers, starts)
        costs = PENALTY * (weights * spread) ** 2
        slope = rows.T @ (odds / everything[of] - odds * answers / right[of]) + 2 * PENALTY * weights * spread**2
        return float(np.log(everything / right).sum() + costs.sum()), slope

    fitted: NDArray[np.float64] = minimize(
        loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}
    ).x
    return fitted


def choose_shape(cases: Sequence[Case]) -> tuple[float, int]:
    """Return the sharpness and the length expected where no kind is, that give the best runs."""
    best = (-1.0, 0.0, 0)
    for sharpness, length in itertools.product(SHARPNESS, LENGTHS):
        windows.SHARPNESS, windows.EXPECTED_OTHERWISE = sharpness, length
        windows.EXPECTED = {}
        best = max(best, (mean_overlap(cases), sharpness, length))
    return best[1], best[2]


def choose_lengths(cases: Sequence[Case]) -> Mapping[Intent, int]:
    """Return the length expected for each kind that has one of its own."""
    windows.EXPECTED = {}
    chosen = {}
    for intent in LENGTHS_OF:
        mine = [case for case in cases if case.intent is intent]
        found = []
        for length in LENGTHS:
            windows.EXPECTED = {intent: length}
            found.append((mean_overlap(mine), length))
        chosen[intent] = max(found)[1]
    return chosen


def choose_length_of_names(cases: Sequence[Case]) -> int:
    """Return the length expected where one name is asked for."""
    windows.EXPECTED_NAME = -1
    mine = [case for case in cases if windows.expected_length(case.question, case.intent) < 0]
    found = []
    for length in LENGTHS:
        windows.EXPECTED_NAME = length
        found.append((mean_overlap(mine), length))
    return max(found)[1]


def mean_overlap(cases: Sequence[Case]) -> float:
    """Return the mean ROUGE-L by character of the runs chosen."""
    return statistics.mean(_overlap(case) for case in cases)


def _overlap(case: Case) -> float:
    expected = windows.expected_length(case.question, case.intent)
    window = windows.choose_window(case.regions, expected, case.text)
    if window is None:
        return 0.0
    said, gold = ("".join(words.split()) for words in (window.span.of(case.text), case.answer))
    return float(Indel.normalized_similarity(said, gold))


if __name__ == "__main__":
    main()
