"""Chooses the weights of the ranking (``rag.retrieval.fusion``) on the development halves, by cross-validation.

    python training/tune_ranking.py --data ../shared/data --cache .cache/eval

Candidates come from the product's own search; each set's documents are indexed once and kept in the cache. Of lecoqa
only the questions count that the encoder was never trained on: on the others its vectors know the answers. Sets of one
kind share their weights: ncp and mailbox those of long documents, each set counting the same. The search goes up
one weight at a time with ever smaller steps from the present ones, so that what makes no difference stays as it is.
For each fold the weights found on the other folds are taken, so that "on unseen questions" tells what choosing is
worth on questions that had no part in it. Nothing here is random.

The best weights are written into ``fusion.py`` by hand, where they stand with their reasons: the optimum is flat. As the
candidates judged are those that the present weights bring up, run it once more after a large change. ncp's
titles are no measure of rank: its own documents mostly have none, the ones mixed in do, so that any weight on having a
title would look like a gain.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from corpora import held_out_questions
from numpy.typing import NDArray

from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.evaluation.beir import BeirFolder, read_qrels, read_queries
from rag.evaluation.indexing import build_index
from rag.indexes.encoder import Encoder, load_encoder
from rag.indexes.generation import Generation
from rag.retrieval.fusion import FusionWeights, weights_for
from rag.retrieval.search import PARTS, Searcher
from rag.retrieval.second_stage import JUDGED
from rag.retrieval.terms import shipped_terms
from rag.store.repository import CATALOG_FILE, Catalog

KINDS = {"long documents": ("ncp", "mailbox"), "short documents": ("lecoqa",), "English": ("xquad_en",)}
"""Sets that share their weights."""

FOLDS = 5
CUTOFF = 10

# Of weights that sum to 1, largest first.
_STEPS = (0.16, 0.08, 0.04, 0.02)
_ROUNDS_A_STEP = 4
# A gain below this is no reason to move a weight.
_LEAST_GAIN = 2e-4

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_DISCOUNTS = np.concatenate([[0.0], 1 / np.log2(np.arange(CUTOFF) + 2)])


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates of the questions of one set, ``JUDGED`` a question.

    Attributes:
        parts: ``(questions, candidates, parts)``.
        documents: ``(questions, candidates)``: a number for each document, -1 for what is missing.
        relevant: ``(questions, candidates)``: 1 where the document is right.
        ideal: ``(questions,)``: DCG of the best ranking there can be.
    """

    parts: Floats
    documents: Rows
    relevant: Floats
    ideal: Floats

    def __len__(self) -> int:
        return len(self.ideal)

    def only(self, questions: NDArray[np.bool_]) -> Judged:
        """Return a part of the questions."""
        return Judged(self.parts[questions], self.documents[questions], self.relevant[questions], self.ideal[questions])

    def ndcg(self, weights: Floats) -> Floats:
        """Return nDCG@10 by question of the ranking that weights give, a document standing where its best passage does."""
        missing = self.documents < 0
        order = np.argsort(-np.where(missing, -1.0, self.parts @ weights), axis=1, kind="stable")
        documents = np.take_along_axis(self.documents, order, axis=1)
        relevant = np.take_along_axis(self.relevant, order, axis=1)
        first = np.ones(documents.shape, dtype=bool)
        for at in range(1, documents.shape[1]):
            first[:, at] = ~(documents[:, :at] == documents[:, at : at + 1]).any(axis=1)
        rank = np.where(first, np.cumsum(first, axis=1), 0)
        found: Floats = (_DISCOUNTS[np.where(rank > CUTOFF, 0, rank)] * relevant).sum(axis=1) / self.ideal
        return found


def main() -> None:
    """Print, for each kind of set, what the present weights give, the best ones, and what choosing them is worth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    options = parser.parse_args()
    encoder = load_encoder(None)
    for kind in options.kinds:
        names = KINDS[kind]
        collected = [collect(options.data, name, options.cache, encoder) for name in names]
        present = normalised(vector(collected[0][0]))
        sets = [questions for _, questions in collected]
        print(f"{kind}: {shown(names, sets, present)}\n  now    {weights_shown(present)}")
        best = climbed(sets, present)
        print(f"  best   {weights_shown(best)}\n         {shown(names, sets, best)}")
        unseen = cross_validated(sets, present)
        print("         on unseen questions " + ", ".join(f"{n} {v:.4f}" for n, v in zip(names, unseen, strict=True)))
        for part in (field.name for field in fields(FusionWeights)):
            without = best.copy()
            without[PARTS.index(part)] = 0.0
            print(f"         without {part}: {shown(names, sets, without)}")
        print(end="", flush=True)


def collect(data: Path, name: str, cache: Path, encoder: Encoder) -> tuple[FusionWeights, Judged]:
    """Return the weights that search uses for a set, and the candidates of its questions."""
    files = BeirFolder.find(data / "eval" / name)
    qrels, queries = read_qrels(files.qrels), read_queries(files.queries)
    if name == "lecoqa":
        held_out = held_out_questions(data)
        queries = {key: text for key, text in queries.items() if key in held_out}
    right = {key: {document for document, grade in qrels.get(key, {}).items() if grade > 0} for key in queries}
    asked = {key: text for key, text in queries.items() if right[key]}
    index = build_index(files.corpus, cache, encoder, lambda _: None)
    with Catalog.open(index.folder / CATALOG_FILE, read_only=True) as catalog:
        generation = Generation.open(index.folder, encoder.identity)
        searcher = Searcher(catalog, generation, encoder, shipped_terms)
        row_ids = {record.document_id: source for source, record in catalog.sources().items()}
        shape = (len(asked), JUDGED)
        judged = Judged(np.zeros((*shape, len(PARTS))), np.full(shape, -1), np.zeros(shape), np.ones(len(asked)))
        for at, (key, text) in enumerate(asked.items()):
            fill(judged, at, searcher, text, right[key], row_ids)
        is_english = name.endswith("_en")
        return weights_for(generation.share_of_long_documents, is_english=is_english), judged


def fill(judged: Judged, at: int, searcher: Searcher, text: str, right: set[str], row_ids: Mapping[str, str]) -> None:
    """Search for one question and keep the parts of the candidates that the second stage judges."""
    scope = Scope.everything()
    hits = searcher.search(searcher.understand(text, scope=scope), scope=scope, filters=Filters(), top_k=JUDGED)
    numbers = {document: number for number, document in enumerate(dict.fromkeys(h.passage.document_id for h in hits))}
    for place, hit in enumerate(hits):
        judged.parts[at, place] = [hit.parts[part] for part in PARTS]
        judged.documents[at, place] = numbers[hit.passage.document_id]
        judged.relevant[at, place] = row_ids[hit.passage.document_id] in right
    judged.ideal[at] = _DISCOUNTS[1 : 1 + len(right)].sum()


def climbed(sets: Sequence[Judged], start: Floats) -> Floats:
    """Return weights that no small change of one of them betters, by the mean over sets of nDCG@10."""
    best = start
    worth = mean(sets, best)
    for step in _STEPS:
        for _ in range(_ROUNDS_A_STEP):
            before = worth
            for part in range(len(PARTS)):
                for change in (step, -step):
                    tried = best.copy()
                    tried[part] = max(0.0, tried[part] + change)
                    if (gained := mean(sets, tried)) > worth + _LEAST_GAIN:
                        best, worth = tried, gained
                        break
            if worth == before:
                break
    return normalised(best)


def cross_validated(sets: Sequence[Judged], start: Floats) -> list[float]:
    """Return for each set the mean over folds of what the weights found on the other folds give."""
    values = [np.zeros(len(questions)) for questions in sets]
    for fold in range(FOLDS):
        left_out = [np.arange(len(questions)) % FOLDS == fold for questions in sets]
        chosen = climbed([s.only(~out) for s, out in zip(sets, left_out, strict=True)], start)
        for value, questions, out in zip(values, sets, left_out, strict=True):
            value[out] = questions.only(out).ndcg(chosen)
    return [float(value.mean()) for value in values]


def mean(sets: Sequence[Judged], weights: Floats) -> float:
    """Return the mean over sets of the mean nDCG@10."""
    return float(np.mean([questions.ndcg(weights).mean() for questions in sets]))


def vector(weights: FusionWeights) -> Floats:
    """Return weights in the order of ``PARTS``."""
    return np.array([asdict(weights)[part] for part in PARTS])


def normalised(weights: Floats) -> Floats:
    """Return the same weights with a sum of 1."""
    result: Floats = weights / weights.sum()
    return result


def shown(names: Sequence[str], sets: Sequence[Judged], weights: Floats) -> str:
    """Return nDCG@10 of each set as a line."""
    return ", ".join(f"{name} {s.ndcg(weights).mean():.4f}" for name, s in zip(names, sets, strict=True))


def weights_shown(weights: Floats) -> str:
    """Return weights as a line."""
    return "  ".join(f"{name} {weight:.3f}" for name, weight in zip(PARTS, weights, strict=True))


if __name__ == "__main__":
    main()
