"""Chooses the weights of the fusion (``rag.retrieval.fusion``) on the development halves, by cross-validation.

    python training/tune_ranking.py --data ../shared/data --cache .cache/eval

Candidates come from the product's own search; each set's documents are indexed once and kept in the cache. Of lecoqa
only the questions count that the encoder was never trained on: on the others its vectors know the answers. For each
fold the weights that are best on the other folds are taken, so that the last column tells what choosing is worth on
questions that had no part in it. Nothing here is random.

The best weights are written into ``fusion.py`` by hand, where they stand with their reasons: the optimum is flat, and of
weights within .002 those nearest to the last ones are kept. ncp's titles are no measure of rank: its own documents mostly
have none, the ones mixed in do, so that any weight on having a title would look like a gain.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from corpora import read_questions
from numpy.typing import NDArray

from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.evaluation.beir import BeirFolder, read_qrels, read_queries
from rag.evaluation.indexing import CATALOG_FILE, build_index
from rag.indexes.encoder import Encoder, load_encoder
from rag.indexes.generation import Generation
from rag.retrieval.fusion import FusionWeights, weights_for
from rag.retrieval.search import PARTS, Searcher
from rag.retrieval.terms import shipped_terms
from rag.store.repository import Catalog

SETS = ("ncp", "mailbox", "lecoqa", "xquad_en")
FOLDS = 5
CUTOFF = 10
_PASSAGES = 400

# What is tried around the present weights, one factor a part.
_FACTORS = (0.5, 0.75, 1.0, 1.33, 2.0)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates of one question: parts of each passage ``(n, 4)``, its document, and which documents are right."""

    parts: Floats
    documents: Sequence[str]
    relevant: frozenset[str]

    def ndcg(self, weights: Floats) -> float:
        """Return nDCG@10 of the ranking that weights give, a document standing where its best passage does."""
        order = np.argsort(-(self.parts @ weights), kind="stable")
        ranked = list(itertools.islice(dict.fromkeys(self.documents[at] for at in order), CUTOFF))
        gains = sum(1 / np.log2(rank + 2) for rank, document in enumerate(ranked) if document in self.relevant)
        return float(gains / sum(1 / np.log2(rank + 2) for rank in range(min(CUTOFF, len(self.relevant)))))


def main() -> None:
    """Print, for each set, what the present weights give, the best ones, and what choosing them is worth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS)
    options = parser.parse_args()
    encoder = load_encoder(None)
    for name in options.sets:
        present, questions = collect(options.data, name, options.cache, encoder)
        tried = grid(present)
        values = np.array([[question.ndcg(weights) for question in questions] for weights in tried])
        best = int(values.mean(axis=1).argmax())
        now = statistics.fmean(question.ndcg(vector(present)) for question in questions)
        print(f"{name}: {len(questions)} questions, now {shown(vector(present))} nDCG@10 {now:.4f}")
        for at in np.argsort(-values.mean(axis=1), kind="stable")[:5]:
            print(f"  {shown(tried[at])} {values[at].mean():.4f}")
        print(f"  chosen on other folds {cross_validated(values):.4f}, on all {values[best].mean():.4f}", flush=True)


def collect(data: Path, name: str, cache: Path, encoder: Encoder) -> tuple[FusionWeights, list[Judged]]:
    """Return the weights that search uses for a set, and the candidates of its questions."""
    files = BeirFolder.find(data / "eval" / name)
    qrels, queries = read_qrels(files.qrels), read_queries(files.queries)
    if name == "lecoqa":
        held_out = {question.question_id for question in read_questions(data) if question.held_out}
        queries = {key: text for key, text in queries.items() if key in held_out}
    index = build_index(files.corpus, cache, encoder, lambda _: None)
    with Catalog.open(index.folder / CATALOG_FILE, read_only=True) as catalog:
        generation = Generation.open(index.folder, encoder.identity)
        searcher = Searcher(catalog, generation, encoder, shipped_terms)
        row_ids = {record.document_id: source for source, record in catalog.sources().items()}
        questions = [
            judged(searcher, text, row_ids, qrels[key])
            for key, text in queries.items()
            if any(grade > 0 for grade in qrels.get(key, {}).values())
        ]
        is_english = name.endswith("_en")
        return weights_for(generation.share_of_long_documents, is_english=is_english), questions


def judged(searcher: Searcher, text: str, row_ids: Mapping[str, str], grades: Mapping[str, int]) -> Judged:
    """Search for one question and keep the parts of every candidate."""
    scope = Scope.everything()
    question = searcher.understand(text, scope=scope)
    hits = searcher.search(question, scope=scope, filters=Filters(), top_k=_PASSAGES)
    return Judged(
        np.array([[hit.parts[part] for part in PARTS] for hit in hits], dtype=np.float64).reshape(-1, len(PARTS)),
        [row_ids[hit.passage.document_id] for hit in hits],
        frozenset(document for document, grade in grades.items() if grade > 0),
    )


def grid(present: FusionWeights) -> list[Floats]:
    """Return the weights to try: each part's but the meaning's, whose weight gives the scale, times each factor."""
    lexical, dense, document, authority = asdict(present).values()
    documents = sorted({document * factor for factor in _FACTORS})  # a leg without weight is not asked at all
    return [
        np.array([lexical * one, dense, two, authority * three])
        for one, two, three in itertools.product(_FACTORS, documents, _FACTORS)
    ]


def cross_validated(values: Floats) -> float:
    """Return the mean over folds of what the weights that are best elsewhere give.

    Args:
        values: nDCG@10 by weights and question.
    """
    folds = np.arange(values.shape[1]) % FOLDS
    chosen = [values[values[:, folds != fold].mean(axis=1).argmax(), folds == fold] for fold in range(FOLDS)]
    return float(np.concatenate(chosen).mean())


def vector(weights: FusionWeights) -> Floats:
    """Return weights in the order of ``PARTS``."""
    return np.array([asdict(weights)[part] for part in PARTS])


def shown(weights: Floats) -> str:
    """Return weights as a line."""
    return "  ".join(f"{name} {weight:.2f}" for name, weight in zip(PARTS, weights, strict=True))


if __name__ == "__main__":
    main()
