"""Makes the shipped encoder: vocabulary, first vectors from co-occurrence, contrastive training, folder.

    python training/train_encoder.py --data ../shared/data --out rag/models/policy-static

Seeded, and on one thread so that sums come out the same; about a quarter of an hour of an idle core. The log gives
the number of texts and pairs of each kind and the losses. ``--steps 0`` stops after the first vectors.
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path

import contrastive
import cooccurrence
import numpy as np
import numpy.typing as npt
import pairs
from corpora import (
    Article,
    DictionaryEntry,
    PolicyDocument,
    Question,
    Translation,
    read_articles,
    read_dictionary,
    read_policy_documents,
    read_questions,
    read_translations,
)
from export import save_model
from hard_negatives import HardNegatives
from token_table import TokenTable, tokenize
from tokenizers import Tokenizer
from vocabulary import build_vocabulary

log = logging.getLogger("train_encoder")

Floats = npt.NDArray[np.float32]

SEED = 7
PIECES = 28_000
DIMENSIONS = 512
WINDOW = 6
# Smooth inverse frequency (Arora, Liang & Ma 2017): a token of relative frequency p weighs a / (a + p).
SIF = 1e-3

# Share of batches of each kind of pair.
SHARES = {
    "statute": 2.0,
    "statute-near": 2.0,
    "policy": 3.0,
    "title": 0.5,
    "question": 1.5,
    "answer": 0.3,
    "translation": 1.5,
    "manual": 0.3,
    "dictionary": 1.5,
}


@dataclass(frozen=True, slots=True)
class Corpora:
    """All texts to learn from; held-out questions are already left out."""

    articles: list[Article]
    documents: list[PolicyDocument]
    translations: list[Translation]
    dictionary: list[DictionaryEntry]
    questions: list[Question]


def read_corpora(data: Path) -> Corpora:
    """Read the data folder."""
    corpora = Corpora(
        read_articles(data),
        read_policy_documents(data),
        read_translations(data),
        read_dictionary(data),
        [question for question in read_questions(data) if not question.held_out],
    )
    log.info(
        "%d articles, %d documents, %d translations, %d headwords, %d questions to train on",
        *(len(part) for part in (corpora.articles, corpora.documents, corpora.translations)),
        *(len(part) for part in (corpora.dictionary, corpora.questions)),
    )
    return corpora


@dataclass(frozen=True, slots=True)
class Tables:
    """The corpora as tokens."""

    statutes: pairs.Passages
    policies: pairs.Passages
    general: tuple[TokenTable, TokenTable]
    manual: tuple[TokenTable, TokenTable]
    dictionary: tuple[TokenTable, TokenTable]


def tokenize_corpora(tokenizer: Tokenizer, corpora: Corpora) -> Tables:
    """Cut the corpora into tokens."""
    return Tables(
        pairs.article_passages(tokenizer, corpora.articles),
        pairs.policy_passages(tokenizer, corpora.documents),
        pairs.translation_tables(tokenizer, corpora.translations, ("tatoeba", "ntrex")),
        pairs.translation_tables(tokenizer, corpora.translations, ("pydocs",)),
        pairs.dictionary_tables(tokenizer, corpora.dictionary),
    )


def first_vectors(tables: Tables, pieces: int) -> Floats:
    """Return vectors from co-occurrence, each as long as its smooth inverse frequency."""
    english, chinese = tables.general
    manual_english, manual_chinese = tables.manual
    counts = sum(
        cooccurrence.window_counts(table, pieces, WINDOW) * weight
        for table, weight in (
            (tables.statutes.whole(), 1.0),
            (tables.policies.whole(), 3.0),
            (english, 2.0),
            (chinese, 2.0),
            (manual_english, 0.3),
            (manual_chinese, 0.3),
        )
    )
    counts = counts + cooccurrence.pair_counts(english, chinese, pieces) * 6.0
    counts = counts + cooccurrence.pair_counts(manual_english, manual_chinese, pieces)
    counts = counts + cooccurrence.pair_counts(*tables.dictionary, pieces) * 6.0
    vectors = cooccurrence.factor(counts.tocsr(), DIMENSIONS, 0.0, SEED)

    seen = np.zeros(pieces)
    for table, weight in (
        (tables.statutes.segments, 1.0),
        (tables.policies.segments, 3.0),
        (chinese, 4.0),
        (english, 4.0),
    ):
        seen += weight * np.bincount(table.ids, minlength=pieces)
    weights = SIF / (SIF + seen / seen.sum())
    lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-9)
    weighted = vectors * (weights / lengths)[:, None]
    weighted[0] = 0
    return np.asarray(weighted, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Asked:
    """The lay questions as tokens, with the numbers of the statute passages that answer each, and of those that do not."""

    sides: TokenTable
    relevant: list[frozenset[int]]
    wrong: HardNegatives


def tokenize_questions(tokenizer: Tokenizer, corpora: Corpora, statutes: pairs.Passages) -> Asked:
    """Cut the questions into tokens and look for wrong passages."""
    passage_of = {corpora.articles[title].article_id: number for number, title in enumerate(statutes.title_of)}
    sides = tokenize(tokenizer, [question.text for question in corpora.questions])
    relevant = [
        frozenset(passage_of[article_id] for article_id in question.article_ids if article_id in passage_of)
        for question in corpora.questions
    ]
    log.info("%d questions answered by %d articles", len(relevant), len(frozenset().union(*relevant)))
    return Asked(sides, relevant, HardNegatives(sides, statutes, relevant, tokenizer.get_vocab_size()))


def all_sources(
    tokenizer: Tokenizer, corpora: Corpora, tables: Tables, asked: Asked
) -> list[tuple[pairs.Source, float]]:
    """Return every kind of pair with its share of batches."""
    words = tokenize(tokenizer, pairs.QUESTION_WORDS).ids
    statutes, policies = tables.statutes, tables.policies
    sources = [
        pairs.sentence_source("statute", statutes, words),
        pairs.sentence_source("statute-near", statutes, words, neighbours=8),
        pairs.sentence_source("policy", policies, words, neighbours=2),
        pairs.title_source("title", policies),
        pairs.question_source("question", asked.sides, statutes, asked.relevant, asked.wrong.of),
        pairs.table_source("answer", *pairs.answer_tables(tokenizer, corpora.questions)),
        pairs.table_source("translation", *tables.general),
        pairs.table_source("manual", *tables.manual),
        pairs.table_source("dictionary", *tables.dictionary),
    ]
    for source in sources:
        log.info("%s: drawn from %d, share %.2f", source.name, source.size, SHARES[source.name] / sum(SHARES.values()))
    return [(source, SHARES[source.name]) for source in sources]


def main() -> None:
    """Train and write the encoder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2400)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")

    corpora = read_corpora(arguments.data)
    vocabulary = build_vocabulary(
        corpora.articles, corpora.documents, corpora.translations, corpora.dictionary, corpora.questions, PIECES
    )
    tokenizer = vocabulary.tokenizer()
    tables = tokenize_corpora(tokenizer, corpora)
    log.info("%d pieces; %d statute and %d policy passages", PIECES, len(tables.statutes), len(tables.policies))
    vectors = first_vectors(tables, tokenizer.get_vocab_size())
    log.info("first vectors done")
    if arguments.steps:
        plan = contrastive.Plan(steps=arguments.steps)
        asked = tokenize_questions(tokenizer, corpora, tables.statutes)
        sources = all_sources(tokenizer, corpora, tables, asked)
        vectors = contrastive.train(vectors, sources, plan, SEED, asked.wrong.renew)
    vectors[0] = 0
    save_model(arguments.out, tokenizer, vectors)
    log.info("written to %s", arguments.out)


if __name__ == "__main__":
    main()
